"""JSON: everything that a track holds, and the times of words."""

import json

import pytest

from captions.formats import CaptionError, read, write
from captions.track import Line
from captions.transcript import Word
from tests.captions.strategies import one


def test_json_holds_everything():
    written = json.loads(write(one(Line("Hi", "Ann"), id="7", settings="line:0"), "json"))
    assert written == {
        "version": 1,
        "language": "en",
        "cues": [
            {"start": 1.0, "end": 2.0, "lines": [{"text": "Hi", "speaker": "Ann"}], "id": "7", "settings": "line:0"}
        ],
    }


def test_words_stand_beside_the_cues_and_change_nothing_in_them():
    track = one(Line("Hi there", "Ann"))
    text = write(track, "json", (Word("Hi", 1.0, 1.4, 0.9, "Ann"), Word("there", 1.4, 2.0, 0.5, "Ann")))
    assert json.loads(text)["words"][1] == {
        "text": "there",
        "start": 1.4,
        "end": 2.0,
        "confidence": 0.5,
        "speaker": "Ann",
    }
    assert read(text, "json", "en") == track


def test_formats_without_a_place_for_words_pass_them_over():
    assert write(one(Line("Hi")), "srt", (Word("Hi", 1.0, 2.0, 1.0),)) == write(one(Line("Hi")), "srt")


HEAD = '{"version": 1, "language": "en", "cues": ['
CUE = '{"start": 1, "end": 2, "lines": [{"text": "Hi"}]}'


def test_what_may_be_left_out_is_left_out():
    assert read(f"{HEAD}{CUE}]}}", "json", "en") == one(Line("Hi"))


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "this is no JSON"),
        ('{\n"cues": [\n}', 3, "this is no JSON"),
        ("[" * 100_000, 1, "this is no JSON that can be read"),
        (f'{HEAD}{{"start": {"1" * 9999}}}]}}', 1, "this is no JSON that can be read"),
        (f'{HEAD}{{"start": NaN, "end": 2, "lines": []}}]}}', 1, "NaN is no number"),
        ("3", 1, "it has no list of cues"),
        ('{"cues": 3}', 1, "it has no list of cues"),
        ('{"version": 9, "cues": []}', 1, "not of version 1"),
        (f"{HEAD}\n{CUE},\n3]}}", 3, "a cue is an object"),
        (f'{HEAD}\n{CUE},\n{{"start": 1, "lines": []}}]}}', 3, "the cue has no 'end'"),
        (f'{HEAD}\n{{"start": "1", "end": 2, "lines": []}}]}}', 2, "a time is a number of seconds"),
        (f'{HEAD}\n{{"start": 1e300, "end": 2, "lines": []}}]}}', 2, "a time is a number of seconds"),
        (f'{HEAD}\n\n{CUE},\n\n{{"start": 3, "end": 2, "lines": []}}]}}', 5, "a cue needs 0 <= start < end"),
        (f'{HEAD}\n{CUE},\n{{"start": 0, "end": 2, "lines": []}}]}}', 3, "starts before the one above it"),
        (f'{HEAD}\n{{"start": 1, "end": 2, "lines": ["Hi"]}}]}}', 2, "the lines of a cue are a list of objects"),
        (f'{HEAD}\n{{"start": 1, "end": 2, "lines": [{{"text": 5}}]}}]}}', 2, "a text is a string"),
    ],
)
def test_broken_json_is_an_error_that_names_the_line(text, line, problem):
    with pytest.raises(CaptionError, match=rf"^line {line}: .*{problem}"):
        read(text, "json", "en")
