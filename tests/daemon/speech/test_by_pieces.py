"""The engines that hear short pieces, each on a tiny model: what they owe to the walk that they share."""

from itertools import pairwise

import pytest

from daemon.speech.engines import ENGINES, Request
from tests.daemon.speech import test_fireredasr, test_parakeet, tiny_models
from tests.daemon.speech.recordings import silence
from tests.daemon.speech.test_parakeet import ignored


@pytest.fixture(scope="module", params=["parakeet", "fireredasr ctc", "fireredasr aed", "fireredasr both"])
def way(request, tmp_path_factory):
    """An engine's name, its options, and a recording in which it hears something."""
    name, _, models = request.param.partition(" ")
    folder = tmp_path_factory.mktemp(name)
    if name == "parakeet":
        made = test_parakeet.options(tiny_models.parakeet(folder, test_parakeet.VOCABULARY))
        return name, made, tiny_models.with_tones(tiny_models.speech(14), test_parakeet.TONES)
    ctc = tiny_models.fireredasr_ctc(folder / "ctc", test_fireredasr.VOCABULARY)
    aed = tiny_models.fireredasr_aed(folder / "aed", test_fireredasr.VOCABULARY)
    made = test_fireredasr.options(ctc if models == "ctc" else aed, ctc=str(ctc) if models == "both" else "")
    return name, made, tiny_models.with_tones(tiny_models.speech(14), test_fireredasr.TONES)


def load(way, **changed):
    name, options, _ = way
    return ENGINES[name].load({**options, **changed})


@pytest.fixture(scope="module")
def engine(way):
    return load(way)


@pytest.fixture(scope="module")
def audio(way):
    return way[2]


@pytest.fixture(scope="module")
def heard(engine, audio):
    return engine.transcribe(audio, Request(), ignored)


def test_words_are_ordered_and_within_the_audio(heard, audio):
    assert heard.words
    assert all(0 <= word.start <= word.end <= audio.seconds for word in heard.words)
    assert all(first.end <= second.start for first, second in pairwise(heard.words))


def test_numbers_are_plain_ones_that_json_takes(heard):
    assert {type(value) for word in heard.words for value in (word.start, word.end, word.confidence)} == {float}


def test_words_are_in_the_speech_that_was_heard(heard):
    for word in heard.words:
        assert any(span.start - 0.5 <= word.start <= span.end + 0.5 for span in heard.speech), word


def test_an_engine_hears_the_same_when_it_is_asked_again(engine, audio, heard):
    assert engine.transcribe(audio, Request(), ignored) == heard


@pytest.mark.parametrize("seconds", [5.0, 0.01])
def test_silence_has_no_words(engine, seconds):
    told = []
    heard = engine.transcribe(silence(seconds), Request(), told.append)
    assert (heard.words, heard.speech, heard.extras, told[-1]) == ((), (), {}, 1)


def test_whatever_the_progress_raises_ends_it_between_two_pieces(way, audio):
    class Cancelled(Exception):
        pass

    told = []

    def cancel(fraction):
        told.append(fraction)
        if len(told) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        load(way, piece_seconds=5).transcribe(audio, Request(), cancel)
    assert told[-1] < 1
