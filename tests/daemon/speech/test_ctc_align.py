"""Words at the times of their letters, in emissions that are made up: a sound whose samples are the letters' numbers.

So the times that must come out are known to the frame.
"""

import random
import tracemalloc

import numpy as np
import pytest

from captions.transcript import Word
from daemon.speech.audio import SAMPLE_RATE, Audio
from daemon.speech.ctc_align import CONTEXT_SECONDS, FOREIGN, CtcAligner, greedy
from daemon.speech.ctc_model import Vocabulary
from daemon.speech.windows import LONGEST_SECONDS
from tests.daemon.speech.recordings import silence

STEP = 320
FRAME_SECONDS = STEP / SAMPLE_RATE
LETTER_SECONDS = 3 * FRAME_SECONDS  # one frame in which it is heard, two in which nothing is
UNIT = 1 / 4096  # of a sample, for one letter's number
ENGLISH = Vocabulary({letter: 2 + index for index, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ'")}, 0, 1)
SIZE = 40
TEXT = """
    it was the best of times said a man who had never seen them and she who knew better only laughed about his
    strange old hat while far below some children played with seven grey dogs near an empty church
"""
WORDS = TEXT.split()


class Reading:
    """A model that hears in each frame the letter whose number the samples are, and is so sure of it."""

    samples_per_frame = STEP

    def __init__(self, vocabulary=ENGLISH, sure=0.9, size=SIZE):
        self.vocabulary, self._sure, self._size = vocabulary, sure, size
        self.blocks = []

    def emission(self, samples):
        self.blocks.append(len(samples) / SAMPLE_RATE)
        numbers = np.round(samples[::STEP] / UNIT).astype(int)
        chances = np.full((len(numbers), self._size), (1 - self._sure) / (self._size - 1), np.float32)
        chances[np.arange(len(numbers)), numbers] = self._sure
        return np.log(chances)


def spoken(words, seconds, vocabulary=ENGLISH):
    """The sound of words, each with its text and the second at which it begins."""
    frames = np.zeros(round(seconds / FRAME_SECONDS), np.float32)
    for word in words:
        first = round(word.start / FRAME_SECONDS)
        for place, letter in enumerate(word.text.upper()):
            frames[first + 3 * place] = vocabulary.letters[letter] * UNIT
        if vocabulary.delimiter is not None:
            frames[first + 3 * len(word.text)] = vocabulary.delimiter * UNIT
    return Audio(np.repeat(frames, STEP), SAMPLE_RATE, seconds)


def timed(texts, begin=1.0, pause=0.2):
    """The words one after the other, as they are said: to the frame of the last letter."""
    words = []
    for text in texts:
        words.append(Word(text, begin, begin + (len(text) - 1) * LETTER_SECONDS + FRAME_SECONDS, 0.9))
        begin = round((words[-1].end + pause) / FRAME_SECONDS) * FRAME_SECONDS
    return words


def spans(words, late=0.0, seconds=1e9):
    return [(min(seconds, word.start + late), min(seconds, word.end + late)) for word in words]


def sentences(words):
    """Where somebody speaks, if they pause after each tenth word."""
    return [(words[first].start, words[min(first + 9, len(words) - 1)].end) for first in range(0, len(words), 10)]


def talk(count):
    """So many words, with a pause of a second after each tenth, and the sound of them."""
    chosen = random.Random(5)
    words, begin = [], 1.0
    for _ in range(count // 10):
        words += timed(chosen.sample(WORDS, 10), begin)
        begin = round(words[-1].end + 1.0, 1)
    seconds = words[-1].end + 1.0
    return words, spoken(words, seconds)


def aligned(words, audio, texts=None, rough=None, model=None, speech=None, progress=lambda _fraction: None):
    said = [(words[0].start, words[-1].end)] if speech is None else speech
    aligner = CtcAligner(model or Reading(), lambda _audio: said)
    return aligner.align(audio, texts or [word.text for word in words], "en", rough, progress)


def assert_same_times(found, words):
    edges = [edge for word in found for edge in (word.start, word.end)]
    assert edges == pytest.approx([edge for word in words for edge in (word.start, word.end)], abs=1e-6)


def rises(words, seconds):
    edges = [edge for word in words for edge in (word.start, word.end)]
    return edges == sorted(edges) and all(0 <= edge <= seconds for edge in edges)


@pytest.fixture
def words():
    return timed(WORDS[:12])


@pytest.fixture
def audio(words):
    return spoken(words, 15.0)


def test_each_word_has_the_time_from_its_first_letter_to_its_last(words, audio):
    found = aligned(words, audio, rough=spans(words, late=0.3))
    assert [word.text for word in found] == [word.text for word in words]
    assert_same_times(found, words)


def test_the_confidence_is_the_mean_probability_of_the_letters(words, audio):
    texts = ["it", "waz", *WORDS[2:12]]
    found = aligned(words, audio, texts, spans(words))
    assert found[0].confidence == pytest.approx(0.9, abs=0.001)
    assert found[1].confidence == pytest.approx((0.9 + 0.9 + 0.1 / (SIZE - 1)) / 3, abs=0.001)


def test_punctuation_case_and_accents_change_nothing(words, audio):
    texts = ["“It", "WAS", "thé", "best…", "of", "(times)", "–", "’said", "a", "man!", "who", "had", "never?"]
    found = aligned(words, audio, texts, [*spans(words)[:6], (0.0, 0.1), *spans(words)[6:]])
    assert [word.text for word in found] == texts
    assert_same_times([word for word in found if word.text != "–"], words)


def test_without_rough_times_the_words_are_found_by_what_is_heard(words, audio):
    assert_same_times(aligned(words, audio), words)


def test_several_words_that_belong_together_have_one_time(words, audio):
    found = aligned(words, audio, ["it was", "the best of times", *WORDS[6:12]])
    assert (found[1].start, found[1].end) == pytest.approx((words[2].start, words[5].end))


# ---- letters that the vocabulary has not


def test_a_number_keeps_its_rough_time_and_its_neighbours_have_theirs(words, audio):
    texts = [*WORDS[:4], "42", *WORDS[5:12]]
    found = aligned(words, audio, texts, spans(words, late=0.05))
    assert (found[4].start, found[4].end) == pytest.approx((words[4].start + 0.05, words[4].end + 0.05))
    assert found[4].confidence == 0.0
    assert_same_times([*found[:4], *found[5:]], [*words[:4], *words[5:]])


@pytest.mark.parametrize("late", [-40.0, -0.6, 0.6, 40.0])
def test_a_number_whose_rough_time_is_wrong_is_put_between_its_neighbours_and_moves_none(late):
    words, audio = talk(200)
    texts = [*(word.text for word in words[:104]), "42", *(word.text for word in words[105:])]
    rough = spans(words)
    rough[104] = (words[104].start + late, words[104].end + late)
    found = aligned(words, audio, texts, rough, speech=sentences(words))
    assert_same_times([*found[:104], *found[105:]], [*words[:104], *words[105:]])
    assert found[103].end <= found[104].start < found[104].end <= found[105].start


def test_neighbours_of_several_numbers_have_their_times(words, audio):
    texts = [*WORDS[:3], "4", "5", "6", "7", *WORDS[7:12]]
    found = aligned(words, audio, texts, spans(words))
    assert_same_times([*found[:3], *found[7:]], [*words[:3], *words[7:]])
    assert rises(found, 15.0)


def test_a_digit_within_a_word_lasts_as_long_as_what_is_heard_for_it():
    words = timed(["an", "mpthree", "file"])
    found = aligned(words, spoken(words, 5.0), ["an", "MP3", "file"], spans(words))
    assert_same_times(found, words)
    assert found[1].confidence == pytest.approx(0.9, abs=0.001)


def test_a_text_in_another_script_keeps_its_rough_times_and_the_model_is_not_asked(words, audio):
    model = Reading()
    texts = ["привет", "мир"]
    found = aligned(words, audio, texts, [(1.0, 2.0), (3.0, 4.0)], model)
    assert [(word.start, word.end, word.confidence) for word in found] == [(1.0, 2.0, 0.0), (3.0, 4.0, 0.0)]
    assert rises(aligned(words, audio, texts, None, model), 15.0)
    assert model.blocks == []


def test_letters_too_many_for_their_time_keep_the_rough_one(words, audio):
    found = aligned(words, audio, ["it", "x" * 3000], [(1.0, 1.1), (1.2, 1.4)])
    assert [(word.start, word.end, word.confidence) for word in found] == [(1.0, 1.1, 0.0), (1.2, 1.4, 0.0)]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Don’t", "DON'T"),
        ("'tis", "TIS"),
        ("«Café,»", "CAFE"),
        ("Straße", "STRASSE"),
        ("ﬁne", "FINE"),
        ("naïve", "NAIVE"),  # the accent a character of its own
        ("well-known", "WELLKNOWN"),
        ("B2B", "B?B"),
        ("1984", "?"),
        ("a|b", "AB"),
        ("…", ""),
        ("", ""),
    ],
)
def test_a_word_is_spelled_with_what_the_vocabulary_has(text, letters):
    names = {number: letter for letter, number in ENGLISH.letters.items()} | {None: "?"}
    assert "".join(names[number] for number in ENGLISH.spelled(text)) == letters


def test_a_vocabulary_in_small_letters_with_accents_and_hyphens_is_spelled_so():
    french = Vocabulary({letter: index for index, letter in enumerate("abcdefghijklmnopqrstuvwxyzéè-'", 1)}, 0)
    names = {number: letter for letter, number in french.letters.items()}
    assert "".join(names[number] for number in french.spelled("-Peut-ÊTRE l’Été")) == "peut-etrel'été"


# ---- long sounds, wrong times


def test_words_are_found_in_all_windows_of_a_long_talk():
    words, audio = talk(200)
    model = Reading()
    found = aligned(words, audio, None, spans(words, late=0.1), model, sentences(words))
    assert_same_times(found, words)
    assert len(model.blocks) > 2


def test_where_no_word_is_sought_the_model_is_not_asked():
    words, audio = talk(200)
    model = Reading()
    aligned(words, audio, [word.text for word in words[:10]], spans(words[:10]), model, sentences(words))
    assert len(model.blocks) == 1


def test_rough_times_that_are_far_off_are_mended():
    words, audio = talk(200)
    found = aligned(words, audio, None, spans(words, 40.0, audio.seconds), speech=sentences(words))
    assert_same_times(found, words)


def test_words_that_are_not_said_have_no_confidence_and_keep_their_rough_times(words, audio):
    texts = ["quick", "brown", "fox", "jump", "lazy", "duck", "quick", "jump", "box", "lazy", "zoo", "puck"]
    found = aligned(words, audio, texts, spans(words))
    assert [word.confidence for word in found] == [0.0] * len(words)
    assert [(word.start, word.end) for word in found] == spans(words)


def test_a_model_that_is_unsure_of_the_right_words_is_not_believed(words, audio):
    found = aligned(words, audio, None, spans(words, late=0.1), Reading(sure=FOREIGN - 0.05))
    assert [word.start for word in found] == [start for start, _ in spans(words, late=0.1)]


def test_memory_does_not_grow_with_the_recording():
    """Of ten minutes all at once, the emissions alone would take 250 MB with so large a vocabulary."""
    words, audio = talk(1300)
    assert audio.seconds > 600
    model = Reading(size=2000)
    tracemalloc.start()
    try:
        found = aligned(words, audio, None, None, model, sentences(words))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert_same_times(found, words)
    assert max(model.blocks) <= LONGEST_SECONDS + 2 * CONTEXT_SECONDS + 2 * FRAME_SECONDS
    assert peak < 150e6


def test_what_is_heard_around_a_window_is_not_taken_for_a_part_of_it():
    words = timed(["one", "two", "one"], begin=1.0, pause=0.4)
    speech = [(words[0].start, words[0].end), (31.5, 31.6)]
    found = aligned(words, spoken(words, 32.0), ["one"], [(1.0, 1.1)], speech=speech)
    assert_same_times(found, words[:1])


# ---- hardly anything to align


def test_no_text_has_no_times(words, audio):
    assert CtcAligner(Reading(), lambda _audio: []).align(audio, [], "en") == ()


@pytest.mark.parametrize("seconds", [3.0, 0.05, 0.01])
@pytest.mark.parametrize("rough", [None, [(0.0, 0.004), (0.004, 0.008)]])
def test_text_for_silence_is_not_believed(seconds, rough):
    found = CtcAligner(Reading()).align(silence(seconds), ["it", "was"], "en", rough)
    assert rises(found, seconds)
    assert [word.confidence for word in found] == [0.0, 0.0]


@pytest.mark.parametrize("text", ["…", "|", "<pad>", "字", "👩‍🚀", " ", "it was the best", "\u0301"])
def test_awkward_texts_come_out_as_they_are(words, audio, text):
    found = aligned(words, audio, ["It", text, "was"], [(1.0, 1.1), (1.1, 1.2), (1.2, 1.4)])
    assert [word.text for word in found] == ["It", text, "was"]
    assert rises(found, audio.seconds)


def test_progress_is_told_to_the_whole_and_what_it_raises_is_passed_on(words, audio):
    told = []
    aligned(words, audio, progress=told.append)
    assert told[-1] == 1.0

    def ends(fraction):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        aligned(words, audio, progress=ends)


# ---- what a model hears by itself


def test_letters_are_words_between_delimiters_and_doubled_where_a_blank_parts_them():
    words = timed(["all", "odd"])
    heard = greedy(Reading().emission(spoken(words, 3.0).samples), ENGLISH, 10.0, FRAME_SECONDS)
    assert [word.text for word in heard] == ["ALL", "ODD"]
    assert_same_times(heard, [Word(word.text, word.start + 10, word.end + 10, 1.0) for word in words])


def test_without_a_delimiter_each_letter_is_a_word():
    chinese = Vocabulary({letter: index for index, letter in enumerate("我们今天去公园", 1)}, 0)
    words = timed(list("我们今天去公园"), pause=0.1)
    audio = spoken(words, 3.0, chinese)
    heard = greedy(Reading(chinese).emission(audio.samples), chinese, 0.0, FRAME_SECONDS)
    assert [word.text for word in heard] == list("我们今天去公园")
    found = aligned(words, audio, ["我们", "今天", "去", "公园"], model=Reading(chinese))
    assert (found[1].start, found[1].end) == pytest.approx((words[2].start, words[3].end))
