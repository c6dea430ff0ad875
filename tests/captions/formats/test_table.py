"""The formats by their names and suffixes."""

import pytest

from captions.formats import FORMATS, format_of, read, write
from captions.track import Track


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_told_by_its_suffix(name):
    assert format_of(f"C:\\Some.Folder/talk.EN{FORMATS[name].suffix.upper()}") == name


def test_a_file_without_a_known_suffix_is_refused():
    with pytest.raises(
        ValueError, match=r'"talk.ass" is no caption file: those end in .vtt, .srt, .ttml, .sbv, .txt, .json'
    ):
        format_of("talk.ass")


def test_an_unknown_format_is_refused():
    with pytest.raises(
        ValueError, match='no caption format is called "ass"; there are: vtt, srt, ttml, sbv, txt, json'
    ):
        write(Track("en", ()), "ass")


def test_a_format_of_one_way_is_not_read():
    with pytest.raises(ValueError, match='captions cannot be read from "txt", only from vtt, srt, ttml, sbv, json'):
        read("Hi", "txt", "en")
