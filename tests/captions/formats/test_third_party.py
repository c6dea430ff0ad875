"""Caption files that others made: each is read and written again, or refused with the line."""

from pathlib import Path

import pytest

from captions.formats import CaptionError, format_of, read, readable, write
from captions.formats.decoding import decode
from tests.captions.conftest import DATA
from tests.conftest import CORPUS

FOLDER = CORPUS / "captions"
REFUSED_BYTES = {"gb2312.srt", "nulls.vtt"}
OTHER_SUFFIXES = {".dfxp": ".ttml", ".sub": ".sbv"}


def read_again(path: Path) -> None:
    """Read a file, and the track in every format."""
    suffix = OTHER_SUFFIXES.get(path.suffix, path.suffix)
    track = read(decode(path.name, path.read_bytes()), format_of(f"x{suffix}"), "en")
    for name in readable():
        again = read(write(track, name), name, "en")
        assert [(cue.start, cue.end) for cue in again.cues] == [(cue.start, cue.end) for cue in track.cues]
        assert again == track or name not in ("vtt", "json")


@pytest.mark.skipif(not FOLDER.exists(), reason="no corpus")
def test_files_of_others_are_read_or_refused_with_the_line():
    suffixes = {f".{name}" for name in readable()} | set(OTHER_SUFFIXES)
    paths = [path for path in sorted(FOLDER.rglob("*")) if path.suffix in suffixes and path.name != "expected.json"]
    outcomes = {"read": 0, "refused": 0}
    for path in paths:
        try:
            read_again(path)
            outcomes["read"] += 1
        except CaptionError as error:
            assert error.line >= 1
            outcomes["refused"] += 1
        except ValueError as error:
            assert path.name in REFUSED_BYTES, error
    assert outcomes["read"] >= 100  # of 130; what is refused is broken on purpose, or of another kind of JSON
    assert outcomes["refused"] <= 30


@pytest.mark.parametrize("path", sorted((DATA / "people").iterdir()), ids=lambda path: path.name)
def test_files_as_people_save_them_are_read(path):
    read_again(path)
    track = read(decode(path.name, path.read_bytes()), format_of(path.name), "en")
    assert [(cue.start, cue.end) for cue in track.cues] == [(1.0, 2.5), (3.0, 4.25)]
    assert [line.text for cue in track.cues for line in cue.lines] == [
        "Grüße aus der Küche",
        "Dann <i>backen</i> wir",
        "los",
    ]
