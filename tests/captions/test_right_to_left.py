"""Arabic and Hebrew, which are written from right to left: players turn each line by its first strong letter."""

import unicodedata

import pytest

from captions.check import check
from captions.labels import label
from captions.profiles import find, width
from captions.segment import segment
from captions.transcript import Transcript, Word

TEXTS = {
    "ar": "مرحبا بكم في هذا البرنامج الجديد. سنتحدث اليوم عن الطبخ العربي، وعن الخبز الذي نصنعه في البيت كل صباح.",
    "he": "שלום לכולם וברוכים הבאים לתוכנית. היום נדבר על לחם ועל קמח, ועל הלחם שאנחנו אופים בבית בכל בוקר.",
}
MARKS = ("\u200e", "\u200f")  # left-to-right and right-to-left mark: they turn what is beside them, and show nothing


def spoken(language: str, mark: str = "") -> Transcript:
    words = TEXTS[language].split()
    said = [Word(mark + word, n * 0.5, n * 0.5 + 0.4, 0.9) for n, word in enumerate(words)]
    return Transcript(tuple(said), language, "fake", "fake", len(words) / 2)


def lines(transcript: Transcript) -> list[str]:
    return [line.text for cue in segment(transcript, find("netflix", transcript.language)).cues for line in cue.lines]


def direction(text: str) -> str:
    """That of its first strong character (Unicode Standard Annex 9, rules P2 and P3)."""
    return next(kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL"))


@pytest.mark.parametrize("language", TEXTS)
def test_words_stand_in_the_order_they_are_said_and_within_the_rules(language):
    transcript = spoken(language)
    assert " ".join(lines(transcript)) == TEXTS[language]
    profile = find("netflix", language)
    assert check(segment(transcript, profile), profile, transcript).problems == ()


@pytest.mark.parametrize("mark", MARKS, ids=ascii)
@pytest.mark.parametrize("language", TEXTS)
def test_marks_of_direction_are_kept_and_take_no_room(language, mark):
    plain, marked = lines(spoken(language)), lines(spoken(language, mark))
    assert [line.replace(mark, "") for line in marked] == plain
    assert "".join(marked).count(mark) == len(TEXTS[language].split())
    assert [width(line) for line in marked] == [width(line) for line in plain]


@pytest.mark.parametrize(("language", "name", "wanted"), [("ar", "ليلى", "AL"), ("he", "אבי", "R")])
def test_neither_a_dash_nor_a_label_turns_a_line(language, name, wanted):
    line = lines(spoken(language))[0]
    assert direction(line) == direction(f"- {line}") == direction(label(name) + line) == wanted
