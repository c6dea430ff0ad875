"""The real aligner, with the smallest model, beside the engine's own times."""

import random
import statistics

import numpy as np
import pytest

from daemon.speech import lag
from daemon.speech.align import FOREIGN, Aligner, collected, speech_spans
from daemon.speech.audio import SAMPLE_RATE, Audio, decode
from daemon.speech.engines import ENGINES, Request
from daemon.speech.engines.whisper import Options
from tests.conftest import sample, whisper_tiny
from tests.daemon.speech.recordings import silence

LAG_OF_TINY = 0.09  # as bench/align.py finds it


@pytest.fixture(scope="module")
def audio():
    return decode(sample("two_cities.wav"))


@pytest.fixture(scope="module")
def model():
    from faster_whisper import WhisperModel

    return WhisperModel(str(whisper_tiny()), device="cpu", compute_type="int8", cpu_threads=2)


@pytest.fixture(scope="module")
def aligner(model):
    return Aligner(model, lag=0.0)


@pytest.fixture(scope="module")
def heard(audio):
    options = Options(model=str(whisper_tiny()), device="cpu", compute_type="int8", beam_size=1, threads=2)
    engine = ENGINES["whisper"].load(options.model_dump(mode="json"))
    return engine.transcribe(audio, Request("en"), lambda _: None).words


@pytest.fixture(scope="module")
def aligned(aligner, audio, heard):
    return aligner.align(audio, [word.text for word in heard], "en")


def rises(words, seconds):
    edges = [edge for word in words for edge in (word.start, word.end)]
    return edges == sorted(edges) and all(0 <= edge <= seconds for edge in edges)


def test_each_text_is_there_once_unchanged_at_times_that_rise(aligned, heard, audio):
    assert [word.text for word in aligned] == [word.text for word in heard]
    assert rises(aligned, audio.seconds)


def test_texts_without_times_come_out_near_the_engines_own(aligned, heard):
    apart = sorted(abs(one.start - other.start) for one, other in zip(aligned, heard, strict=True))
    assert statistics.median(apart) < 0.1
    assert apart[int(0.9 * len(apart))] < 0.6


def test_what_is_said_is_believed(aligned):
    assert statistics.fmean(word.confidence for word in aligned) > 0.6


def test_with_rough_times_nothing_is_recognised_and_the_times_are_the_same(aligner, audio, heard, aligned):
    rough = [(max(0.0, word.start - 0.2), max(0.0, word.end - 0.2)) for word in heard]
    again = aligner.align(audio, [word.text for word in heard], "en", rough)
    apart = [abs(one.start - other.start) for one, other in zip(again, aligned, strict=True)]
    assert statistics.median(apart) < 0.05


def test_the_lag_of_the_model_is_taken_off(model, audio, heard, aligned):
    earlier = Aligner(model, lag=LAG_OF_TINY).align(audio, [word.text for word in heard], "en")
    moved = statistics.median(one.start - other.start for one, other in zip(aligned, earlier, strict=True))
    assert moved == pytest.approx(LAG_OF_TINY, abs=0.03)


def test_shuffled_words_are_not_believed_and_keep_their_rough_times(aligner, audio, heard):
    texts = [word.text for word in heard]
    random.Random(1).shuffle(texts)
    rough = [(word.start, word.end) for word in heard]
    words = aligner.align(audio, texts, "en", rough)
    assert statistics.fmean(word.confidence for word in words) < FOREIGN
    assert [word.start for word in words] == [start for start, _ in rough]


def test_rough_times_that_are_far_off_are_mended(aligner, audio, heard, aligned):
    rough = [(min(audio.seconds, word.start + 20), min(audio.seconds, word.end + 20)) for word in heard]
    words = aligner.align(audio, [word.text for word in heard], "en", rough)
    apart = [abs(one.start - other.start) for one, other in zip(words, aligned, strict=True)]
    assert statistics.median(apart) < 0.1


def test_a_language_that_the_model_does_not_know_has_rough_times_and_no_confidence(aligner, audio):
    words = aligner.align(audio, ["hej", "världen"], "sv", [(1.0, 2.0), (3.0, 4.0)])
    assert [(word.start, word.end, word.confidence) for word in words] == [(1.0, 2.0, 0.0), (3.0, 4.0, 0.0)]
    assert rises(aligner.align(audio, ["hej", "världen"], "sv"), audio.seconds)


def test_no_text_has_no_times(aligner, audio):
    assert aligner.align(audio, [], "en") == ()


@pytest.mark.parametrize("seconds", [3.0, 0.05])
def test_text_for_silence_is_not_believed(aligner, seconds):
    words = aligner.align(silence(seconds), ["it", "was"], "en")
    assert rises(words, seconds)
    assert all(word.confidence < 0.5 for word in words)


@pytest.mark.parametrize("text", ["…", "<|endoftext|>", "字", "👩‍🚀", "it was the best of times", "x" * 3000, " "])
def test_awkward_texts_come_out_as_they_are(aligner, audio, text):
    words = aligner.align(audio, ["It", text, "was"], "en", [(0.1, 0.3), (0.3, 0.4), (0.4, 0.6)])
    assert [word.text for word in words] == ["It", text, "was"]
    assert rises(words, audio.seconds)


def test_progress_rises_to_the_whole_and_what_it_raises_is_passed_on(aligner, audio):
    told = []
    aligner.align(audio, ["It", "was"], "en", [(0.1, 0.3), (0.4, 0.6)], told.append)
    assert told[-1] == 1.0

    def ends(fraction):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        aligner.align(audio, ["It", "was"], "en", [(0.1, 0.3), (0.4, 0.6)], ends)


def test_pieces_of_the_library_are_put_together_to_our_words():
    pieces = [
        {"tokens": [1], "start": 0.0, "end": 0.2, "probability": 0.9},
        {"tokens": [2, 3], "start": 0.2, "end": 0.5, "probability": 0.3},
        {"tokens": [4], "start": 0.5, "end": 0.6, "probability": 0.8},
        {"tokens": [5], "start": 0.6, "end": 0.6, "probability": 0.0},
    ]
    first, none, second = collected(pieces, [3, 0, 1])
    assert (first.start, first.end, first.probability) == (0.0, 0.5, pytest.approx(0.5))
    assert none is None
    assert (second.start, second.end) == (0.5, 0.6)


# ---- the lag of a model


def speechlike(late):
    """Loud words of 0.25 s with a dip of 0.05 s between them, and beginnings that are told so much too late."""
    count = 200
    word = np.concatenate([np.ones(int(0.25 * SAMPLE_RATE)), np.full(int(0.05 * SAMPLE_RATE), 0.1)])
    sound = np.tile(word, count) * np.random.default_rng(0).standard_normal(count * len(word)) * 0.1
    beginnings = [index * 0.3 + late for index in range(1, count)]
    return beginnings, [(0.0, count * 0.3)], sound.astype(np.float32)


@pytest.mark.parametrize("late", [-0.08, 0.0, 0.08])
def test_the_lag_is_measured_by_the_dips_between_words(late):
    assert lag.measured(*speechlike(late), SAMPLE_RATE) == pytest.approx(late, abs=0.03)


def test_a_few_words_tell_no_lag():
    beginnings, spans, sound = speechlike(0.08)
    assert lag.measured(beginnings[:100], spans, sound, SAMPLE_RATE) == 0.0


def test_speech_is_heard_where_it_is(audio):
    spans = speech_spans(audio)
    assert 0.7 * audio.seconds < sum(end - start for start, end in spans) <= audio.seconds
    assert speech_spans(Audio(np.zeros(SAMPLE_RATE, np.float32), SAMPLE_RATE, 1.0)) == []
