"""The bytes of a caption file that somebody gave, as text.

charset-normalizer, which comes with requests, was measured on a cue or thirty in twelve encodings: it took French
of Windows-1252 for Windows-1250, German for that of a Macintosh, Hebrew for cp1125, short Chinese for Korean. What
is read wrongly in silence is worse than what is refused, so no guesses are made here.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KINDS = (
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a recording"),
    (b"ID3", "a recording"),
    (b"OggS", "a recording"),
    (b"fLaC", "a recording"),
    (b"\x1a\x45\xdf\xa3", "a video"),
)
_VIDEO = re.compile(rb".{4}ftyp", re.DOTALL)
_DECLARED = re.compile(
    rb"""\s*<\?xml[^>]{1,80}encoding=["']((?:windows|cp|iso|koi|gb|big5|shift|euc)[\w-]{1,20})["']"""
)

_OF_WINDOWS_1252 = frozenset(
    (
        *("af", "br", "ca", "da", "de", "en", "es", "eu", "fi", "fo", "fr", "fy", "ga", "gd", "gl", "id"),
        *("is", "it", "lb", "ms", "nb", "nl", "nn", "no", "oc", "pt", "rm", "sq", "sv", "sw"),
    )
)
# Signs between two letters, as a text of another code page has them: "Za¿ó³æ". An apostrophe or a middle dot may be.
_OUT_OF_PLACE = re.compile("(?<=[^\\W\\d_])[¡¢£¤¥¦§¨©«¬®¯°±²³´µ¶¸¹»¼½¾¿×÷†‡‰ˆ˜™›‹„](?=[^\\W\\d_])")
_FOREIGN_SHARE = 0.4  # of letters above ASCII: French has 0.03, Spanish up to 0.06, and Russian read so nearly 1


def decode(name: str, content: bytes, language: str = "") -> str:
    """Return the text of a file: UTF-8, UTF-16, UTF-32, or Windows-1252 where that can be, without byte order mark.

    `language` is that of the text where it is known. Raise ValueError, in a line that says what `name` is instead.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _text(name, content[len(mark) :], encoding)
    for beginning, kind in _KINDS:
        if content.startswith(beginning):
            raise ValueError(f"{name} is no text but {kind}, whatever its name says")
    if _VIDEO.match(content):
        raise ValueError(f"{name} is no text but a video, whatever its name says")
    if b"\0" in content:
        return _text(name, content, _sixteen_bits(content))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _of_eight_bits(name, content, language)


def _text(name: str, content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValueError(f"{name} is no text")
    return text


def _sixteen_bits(content: bytes) -> str:
    """Whether the zeros of a text, which are half of each sign of ASCII, come first or last."""
    first, last = content[0:4096:2].count(0), content[1:4096:2].count(0)
    if last > 4 * first:
        return "utf-16-le"
    return "utf-16-be" if first > 4 * last else "utf-8"


def _of_eight_bits(name: str, content: bytes, language: str) -> str:
    if declared := _DECLARED.match(content):
        try:
            return content.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            raise _no_text(name) from None
    if language and language.lower().split("-")[0] not in _OF_WINDOWS_1252:
        raise _no_text(name)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _no_text(name) from None
    letters = sum(map(str.isalpha, text))
    foreign = sum(character.isalpha() for character in text if not character.isascii())
    controls = any(character < " " and character not in "\t\n\r\f" for character in text)
    if controls or foreign > _FOREIGN_SHARE * letters or _OUT_OF_PLACE.search(text):
        raise _no_text(name)
    return text


def _no_text(name: str) -> ValueError:
    return ValueError(f"{name} is no text in UTF-8: save it as such, then give it again")
