"""Text that may be shown: cleaned of what hides or harms, turned into WebVTT cue text and back.

Two kinds of strings pass here. *Plain* text is what a viewer reads. *Cue text* is WebVTT's: `&`, `<` and `>`
escaped, `<i>`, `<b>`, `<u>` and other tags as markup. `captions.track.Line.text` is cue text, everything else
is plain.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable

NAME_LIMIT = 60
"""Most characters of a speaker's name in a label; longer ones are cut. Full names stay well below."""

TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z]++)[^<>]*+>|<[\d:.]++>")
"""A tag of cue text: `<i>`, `</i>`, `<c.loud>`, `<v Ann>`, `<00:01.000>`. Any other `<` is a character.

The quantifiers are possessive: an unclosed tag of a megabyte must not be tried from each of its letters.
"""

# ECMA-48: control sequences (colours, cursor), strings up to their end mark (window titles, links), the rest.
# A string that never ends loses only its opening, so that nobody hides a whole text behind one.
_TERMINAL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f\r\n]*+(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)

# Characters of the category Cf (format) that writing needs: joiners and direction marks of Arabic, Hebrew,
# Persian and the Indic scripts, and the visible signs of Arabic and Syriac. The others hide or reorder text.
_WANTED_FORMATS = frozenset("\u200c\u200d\u200e\u200f\u061c\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")

# Scripts that set no space between words: kana, Han and its extensions, their punctuation, full-width forms.
_WITHOUT_SPACES = re.compile(
    "[\u2e80-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)


def clean(text: str) -> str:
    """Remove what must not reach a screen, a terminal or a file format.

    Given any text, return it without terminal escapes, control characters, invisible and text-reordering
    ones, and halves of surrogate pairs. Every kind of line break becomes one line feed; lines are stripped,
    empty ones left out. Cleaning twice changes nothing more.
    """
    lines = (_printable(line).strip() for line in _TERMINAL.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def clean_line(text: str, limit: int | None = None) -> str:
    """Clean a text onto one line with single spaces, of at most `limit` characters, "…" where it was cut."""
    line = " ".join(clean(text).split())
    if limit is None or len(line) <= limit:
        return line
    return line[: limit - 1].rstrip() + "…"


def escape(text: str) -> str:
    """Turn plain text into cue text."""
    return html.escape(text, quote=False)


def plain(cue_text: str) -> str:
    """Turn one line of cue text into the plain text that a viewer reads: no tags, no references, cleaned."""
    return clean(rewrite(cue_text, html.unescape, lambda _tag: "")).replace("\n", " ")


def rewrite(cue_text: str, said: Callable[[str], str], tag: Callable[[re.Match[str]], str]) -> str:
    """Put `tag(match of TAG)` for each tag of a cue text, and `said(text)` for what stands between them."""
    parts, end = [], 0
    for match in TAG.finditer(cue_text):
        parts += [said(cue_text[end : match.start()]), tag(match)]
        end = match.end()
    return "".join([*parts, said(cue_text[end:])])


def squeezed(text: str) -> str:
    """A text to be compared: without spaces (SubRip parts "<b" into "< b"), and without marks of direction."""
    return "".join(text.translate({0x200E: None, 0x200F: None}).split())


def space_between(left: str, right: str) -> str:
    """What stands between two words on a line: a space, or nothing if both are of a script without spaces."""
    return "" if _WITHOUT_SPACES.match(left[-1:]) and _WITHOUT_SPACES.match(right[:1]) else " "


def _printable(text: str) -> str:
    if text.isprintable():  # nearly always, and quick to tell
        return text
    return "".join(" " if character == "\t" else character for character in text if _is_shown(character))


def _is_shown(character: str) -> bool:
    if character == "\t" or character in _WANTED_FORMATS:
        return True
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
