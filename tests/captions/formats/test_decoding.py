"""The bytes of a file, as text."""

import codecs

import pytest

from captions.formats.decoding import decode

SRT = "1\n00:00:01,000 --> 00:00:02,000\nÇa va très bien… « oui »\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("language", ["", "fr-CA"])
def test_a_text_is_read_in_the_encodings_that_editors_save(encoding, language):
    assert decode("x.srt", SRT.encode(encoding), language) == SRT


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_marks_tell_which_byte_comes_first(mark):
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    assert decode("x.srt", mark + "字幕".encode(encoding)) == "字幕"


def test_xml_says_its_encoding():
    text = '<?xml version="1.0" encoding="windows-1251"?><tt>Привет</tt>'
    assert decode("x.ttml", text.encode("cp1251")) == text


@pytest.mark.parametrize(
    ("content", "language", "why"),
    [
        (b"PK\x03\x04\x14\x00", "", "x.vtt is no text but a ZIP archive or an office document, whatever its name says"),
        (b"{\\rtf1\\ansi", "", "an RTF document"),
        (b"%PDF-1.7", "", "a PDF document"),
        (b"\x00\x00\x00\x20ftypisom", "", "a video"),
        (b"RIFF\x00\x00", "", "a recording"),
        (b"a\x00b", "", "x.vtt is no text"),
        (b"\xef\xbb\xbfa\x00", "", "x.vtt is no text"),
        (b"\xff\xfea", "", "x.vtt is no text"),
        ("Привет, как дела?".encode("cp1251"), "", "no text in UTF-8: save it as such"),
        ("Zażółć gęślą jaźń".encode("cp1250"), "", "no text in UTF-8"),
        ("你好，我们回家吧。".encode("gb18030"), "", "no text in UTF-8"),
        ("Příliš žluťoučký kůň".encode("cp1250"), "cs", "no text in UTF-8"),
        (b"caf\xe9 \x81", "", "no text in UTF-8"),
        (b"caf\xe9 \x01\x02", "", "no text in UTF-8"),
        (b'<?xml version="1.0" encoding="gb-no-such"?>\xe9', "", "no text in UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_in_a_line_that_says_what_it_is(content, language, why):
    with pytest.raises(ValueError, match=why) as caught:
        decode("x.vtt", content, language)
    assert "\n" not in str(caught.value)
