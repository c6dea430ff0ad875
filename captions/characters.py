"""Scripts that set no space between words, cut where a line may break: between characters, but for what JIS forbids.

No line begins with a closing mark, a small kana or a sign of length, and none ends with an opening bracket (JIS X 4051,
"kinsoku"; W3C, "Requirements for Japanese Text Layout" and "for Chinese Text Layout", 3.1). Katakana, Latin letters and
digits stay together: they are words of their own.
"""

from __future__ import annotations

import unicodedata

from captions.text import space_between

NOT_FIRST = frozenset(
    "、。，．・：；？！‐–—…‥〜～％‰℃）〕］｝〉》」』】〗〙〟’”»"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶー々〻ゝゞヽヾ,.:;?!)]}%"
)
NOT_LAST = frozenset("（〔［｛〈《「『【〖〘〝‘“«￥＄([{$")


def clusters(text: str) -> list[str]:
    """A text without spaces as pieces that a line may break between; one piece where its script sets spaces."""
    made: list[str] = []
    for character in text:
        if made and not _may_part(made[-1], character):
            made[-1] += character
        else:
            made.append(character)
    return made


def _may_part(before: str, after: str) -> bool:
    last = before[-1]
    if space_between(last, after) or after in NOT_FIRST or last in NOT_LAST or unicodedata.combining(after):
        return False
    return not (_is_katakana(last) and _is_katakana(after))


def _is_katakana(character: str) -> bool:
    return "\u30a1" <= character <= "\u30fe"
