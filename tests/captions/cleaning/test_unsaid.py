"""What nobody said goes, where two things speak against it; what somebody said stays."""

import pytest

from captions.cleaning import cleaned
from captions.cleaning.credits import is_credit
from captions.transcript import SpeechSpan
from tests.captions.cleaning.spoken import EVERYWHERE, spoken, words

THANKS = "Thanks for watching."


def left(*groups, **rest):
    return cleaned(spoken(*groups, **rest)).transcript.text


def told(*groups, **rest):
    return [(change.what.value, change.before) for change in cleaned(spoken(*groups, **rest)).changes]


# ---- credits


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for watching!",
        "thank you for watching",
        "Thank you for watching. Please subscribe to my channel.",
        "Don't forget to subscribe!",
        "Untertitel der Amara.org-Community",
        "Untertitelung im Auftrag des ZDF für funk, 2017",
        "Sous-titres réalisés par la communauté d'Amara.org",
        "Sous-titrage ST' 501",
        "Subtítulos realizados por la comunidad de Amara.org",
        "ご視聴ありがとうございました",
        "ご視聴 ありがとう ございました。",
        "字幕by索兰娅",
        "請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目",
        "Редактор субтитров А.Синецкая Корректор А.Егорова",
        "시청해주셔서 감사합니다!",
        "Abone olmayı unutmayın.",
    ],
)
def test_phrases_of_silence_are_known(text):
    assert is_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks.",
        "Thank you.",
        "Thanks for watching my cat last week.",
        "He said thanks for watching.",
        "Subscribe to the magazine",
        "Untertitel sind wichtig",
        "Sous-titres",
        "字幕",
        "please subscribe " * 20,
    ],
)
def test_what_people_say_is_no_phrase_of_silence(text):
    assert not is_credit(text)


def test_a_credit_goes_where_no_speech_was_detected():
    found = cleaned(spoken("That is all.", words(THANKS, 602), speech=(SpeechSpan(0, 2),)))
    assert found.transcript.text == "That is all."
    [change] = found.changes
    assert (change.what.value, change.before, change.after, change.start) == ("credit", THANKS, "", 602)


def test_a_credit_in_the_padding_of_a_detector_goes():
    assert left("That is all.", words(THANKS, 2.4), speech=(SpeechSpan(0, 2.5),)) == "That is all."


@pytest.mark.parametrize("speech", [EVERYWHERE, (SpeechSpan(0, 2), SpeechSpan(602.2, 604))])
def test_a_credit_that_is_spoken_stays(speech):
    assert left("That is all.", words(THANKS, 602), speech=speech).endswith(THANKS)


def test_a_credit_in_what_is_probably_no_speech_goes():
    assert (
        left("That is all.", words(THANKS, 602), speech=(SpeechSpan(0, 2), SpeechSpan(600, 610, 0.9))) == "That is all."
    )


@pytest.mark.parametrize(("start", "kept"), [(11.0, False), (3.0, True)])
def test_where_no_detector_listened_a_last_credit_goes_after_a_long_silence(start, kept):
    assert left("That is all.", words(THANKS, start)).endswith(THANKS) is kept


def test_where_no_detector_listened_several_credits_in_the_end_go_together():
    end = words("Please subscribe. Thanks for watching.", 60)
    assert told("That is all.", end) == [("credit", "Please subscribe. Thanks for watching.")]


def test_where_no_detector_listened_a_credit_in_the_middle_stays():
    assert THANKS in left("Hello.", words(THANKS, 60), words("And now to the weather.", 70))


# ---- no speech


@pytest.mark.parametrize(
    ("start", "confidence", "kept"),
    [(12.1, 0.9, True), (13.0, 0.9, True), (13.0, 0.4, False), (14.1, 0.9, False), (13.0, 0.0, True)],
)
def test_words_away_from_speech_go_where_they_are_doubtful_or_far(start, confidence, kept):
    there = words("and so on", start, confidence=confidence)
    assert ("and so on" in left(words("One.", 10), there, speech=(SpeechSpan(10, 12),))) is kept


@pytest.mark.parametrize(("probability", "confidence", "kept"), [(0.7, 0.3, False), (0.7, 0.5, True), (0.5, 0.3, True)])
def test_words_that_are_not_believed_go_where_there_is_hardly_any_speech(probability, confidence, kept):
    there = words("and so on", 30, confidence=confidence)
    speech = (SpeechSpan(0, 5), SpeechSpan(29, 35, probability))
    assert ("and so on" in left("One.", there, speech=speech)) is kept


# ---- loops, haste


@pytest.mark.parametrize(
    ("groups", "kept"),
    [
        (["yeah, " * 40], "yeah,"),
        ([words("and so it goes on. " * 5, each=0.05)], "and so it goes on."),
        ([words("we shall fight on the beaches. " * 4, confidence=0.2)], "we shall fight on the beaches."),
        (["we shall fight on the beaches. " * 4], "we shall fight on the beaches. " * 4),
        (["no no no no no no"], "no no no no no no"),
        (["Row, row, row your boat"], "Row, row, row your boat"),
    ],
)
def test_a_loop_is_kept_once_and_a_refrain_as_it_is(groups, kept):
    assert left(*groups) == kept.strip()


def test_a_loop_within_a_sentence_leaves_its_end():
    assert left("It was very very " + "very " * 30 + "very. And then") == "It was very. And then"


@pytest.mark.parametrize(
    ("each", "confidence", "kept"), [(0.05, 0.2, False), (0.05, 0.5, True), (0.3, 0.2, True), (0.05, 0.0, True)]
)
def test_words_faster_than_speech_go_where_they_are_not_believed(each, confidence, kept):
    quick = words("seventeen hundred people waited outside", 5, each, confidence)
    assert ("people" in left("One.", quick, words("Two.", 9))) is kept


def test_signs_of_chinese_count_as_syllables():
    assert left(words("我们今天 一起去 看一看 那个新的 电影院", 5, 0.1, 0.2)) == ""
    assert left(words("我们今天 一起去 看一看 那个新的 电影院", 5, 0.8, 0.2)) != ""


def test_where_times_are_guesses_only_loops_go():
    quick = words("seventeen hundred people waited outside", 50, 0.01, 0.2)
    found = left("yeah " * 20, quick, words(THANKS, 90), speech=(SpeechSpan(0, 6),), approximate="They are.")
    assert found == f"yeah seventeen hundred people waited outside {THANKS}"
