"""Plain text: paragraphs."""

from captions.formats import write
from captions.track import Cue, Line, Track


def text(*cues: Cue) -> str:
    return write(Track("en", cues), "txt")


def cue(start: float, said: str, speaker: str | None = None) -> Cue:
    return Cue(start, start + 1, (Line(said, speaker),))


def test_a_paragraph_ends_with_its_speaker():
    hi = Cue(0, 1, (Line("<i>Hi</i>", "Ann"), Line("you &amp; me", "Ann")))
    assert text(hi, Cue(1, 2, ()), cue(2, "No", "Bob")) == ">> Ann: Hi you & me\n\n>> Bob: No\n"


def test_a_paragraph_ends_where_somebody_pauses():
    assert text(cue(0, "One", "Ann"), cue(2.9, "two", "Ann"), cue(5.9, "three", "Ann")) == (
        ">> Ann: One two\n\nthree\n"
    )


def test_a_paragraph_ends_after_five_sentences():
    sentences = [cue(float(number), f"This is {number}.") for number in range(7)]
    first, second = text(*sentences).split("\n\n")
    assert (first.count("."), second.count(".")) == (5, 2)


def test_sentences_that_go_on_stay_together():
    assert text(*(cue(float(number), "and so") for number in range(9))).count("\n") == 1


def test_texts_of_scripts_without_spaces_are_joined_without():
    assert text(cue(0, "字幕"), cue(1, "です。")) == "字幕です。\n"


def test_nothing_is_written_of_nothing():
    assert text() == ""


def test_two_who_share_a_cue_are_a_paragraph_each_with_their_names():
    track = Track(
        "en", (Cue(0, 1, (Line("-Is it you?", "Ann"), Line("-It is.", "Bob"))), Cue(1, 2, (Line("So", "Bob"),)))
    )
    assert write(track, "txt").split("\n\n") == [">> Ann: Is it you?", ">> Bob: It is. So\n"]
