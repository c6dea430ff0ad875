"""Scripts without spaces are broken where their phrases end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captions.phrases import parts, within
from captions.profiles import find
from captions.segment import segment
from captions.transcript import Transcript, Word
from tests.captions.strategies import awkward_text

JAPANESE = "あなたはビジターを見ることはないでしょうしかしビジターはあなたのサイトを通じてあなたを知っています。"
CHINESE = "我们一直坚信每个人都应该有机会获得高等教育不管这种机会是来自于学习或是研究我们也会从中收获到很多东西。"
THAI = "วันนี้เราจะมาพูดถึงเรื่องการทำอาหารที่บ้านของเราและเราจะไปตลาดด้วยกันในตอนเช้าของวันพรุ่งนี้"


def lines(text: str, language: str, unit: int) -> list[str]:
    """The lines of a text whose words an engine tells as so many characters each."""
    said = [text[at : at + unit] for at in range(0, len(text), unit)]
    words = tuple(Word(one, n * 0.2 * unit, (n + 1) * 0.2 * unit, 0.9) for n, one in enumerate(said))
    track = segment(Transcript(words, language, "", "", 999.0), find("netflix", language))
    return [line.text for cue in track.cues for line in cue.lines]


@pytest.mark.parametrize("unit", [1, 2, 3])
def test_japanese_lines_never_begin_with_a_particle_or_the_end_of_a_verb(unit):
    found = lines(JAPANESE, "ja", unit)
    assert "".join(found) == JAPANESE
    assert len(found) > 3
    assert not any(
        line.startswith(("は", "を", "の", "が", "に", "て", "い", "ま", "す", "でしょう", "ター")) for line in found
    )


@pytest.mark.parametrize("unit", [1, 2, 3])
def test_chinese_words_stay_whole(unit):
    found = lines(CHINESE, "zh", unit)
    assert "".join(found) == CHINESE
    assert len(found) > 3
    for word in ("我们", "一直", "坚信", "应该", "机会", "获得", "高等", "教育", "学习", "研究", "东西"):
        assert "".join(found).count(word) == sum(line.count(word) for line in found)


def test_thai_without_a_space_is_broken_between_words():
    found = lines(THAI, "th", len(THAI))
    assert "".join(found) == THAI
    assert all(len(line) <= 42 for line in found)
    for word in ("วันนี้", "พูด", "อาหาร", "บ้าน", "ตลาด", "พรุ่งนี้"):
        assert any(word in line for line in found)


@pytest.mark.parametrize(
    ("language", "count"), [("zh", 1), ("zh-Hant", 1), ("zh-TW", 1), ("ja", 1), ("en", 0), ("ko", 0)]
)
def test_some_languages_have_phrases(language, count):
    assert bool(within(list("電腦的鍵盤"), [""] * 5, language)) is bool(count)


def test_what_has_a_space_before_it_begins_a_phrase():
    assert 2 not in within(["製", "品", "製", "品"], ["", "", " ", ""], "ja")


@settings(deadline=None)
@given(awkward_text, st.sampled_from(["ja", "zh", "zh-Hant", "th", "en", ""]))
def test_nothing_is_lost(text, language):
    for part in text.split():
        assert "".join(parts(part, language)) == part
