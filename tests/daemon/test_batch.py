"""captiond caption with several recordings: the real command on real speech, and which pieces there are."""

import json
import os
import shutil
import subprocess

import pytest

from daemon.batch import Piece, is_done, pieces
from tests.conftest import sample, whisper_tiny
from tests.machine import program


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    made = tmp_path / "talks"
    made.mkdir()
    for name in ("b.wav", "a.wav"):
        shutil.copy(sample("beckett.wav"), made / name)
    (made / "notes.txt").write_text("no recording")
    return made


def captions(folder, *words):
    command = [program("captiond"), "caption", *map(str, words), "--model", str(whisper_tiny()), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder.parent, timeout=120)
    return done.returncode, json.loads(done.stdout or "[]"), done.stderr


def test_a_folder_is_captioned_and_goes_on_where_it_ended(folder, tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no recording at all")
    words = (folder, broken, tmp_path / "absent.wav", "-o", tmp_path / "out", "--format", "srt")
    code, rows, _ = captions(folder, *words)
    assert code == 1
    assert [row["what"] for row in rows] == ["captioned", "captioned", "failed", "failed"]
    assert "is no recording that can be decoded" in rows[2]["note"]
    assert "there is no file" in rows[3]["note"]
    assert "fail better" in (tmp_path / "out" / "a.srt").read_text().lower()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.srt", "b.srt"]
    (tmp_path / "out" / "b.srt").unlink()
    code, rows, _ = captions(folder, folder, "-o", tmp_path / "out", "--format", "srt")
    assert (code, [row["what"] for row in rows]) == (0, ["was there", "captioned"])


def test_a_format_that_is_none_is_told_of(folder, tmp_path):
    code, _, told = captions(folder, folder, "-o", tmp_path / "out", "--format", "doc")
    assert code == 2
    assert "there is no format 'doc'" in " ".join(told.split())


# ---- which pieces there are


def test_recordings_of_a_folder_come_by_their_names_and_nothing_else_does(folder):
    made = pieces([str(folder)], folder, ".vtt")
    assert [(piece.source, piece.target.name) for piece in made] == [
        (str(folder / "a.wav"), "a.vtt"),
        (str(folder / "b.wav"), "b.vtt"),
    ]


def test_no_two_have_one_target(tmp_path):
    made = pieces(["x/talk.mp4", "y/talk.mp4", "z/talk.wav", "talk-2.wav"], tmp_path, ".vtt")
    assert [piece.target.name for piece in made] == ["talk.vtt", "talk-2.vtt", "talk-3.vtt", "talk-2-2.vtt"]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://youtu.be/dQw4w9WgXcQ?t=3", "dQw4w9WgXcQ.vtt"),
        ("https://media.example/a talk/../../etc?x=1#y", "media.example-a-talk-..-..-etc-x-1-y.vtt"),
        ("https://///", "video.vtt"),
    ],
)
def test_an_address_gives_a_name_that_leaves_no_folder(address, name, tmp_path):
    (piece,) = pieces([address], tmp_path, ".vtt")
    assert piece.target == tmp_path / name


def test_captions_that_are_older_than_their_recording_are_made_again(folder, tmp_path):
    target = tmp_path / "a.vtt"
    piece = Piece(str(folder / "a.wav"), target)
    assert not is_done(piece)
    target.write_text("WEBVTT\n")
    assert is_done(piece)
    os.utime(target, (1, 1))
    assert not is_done(piece)
    assert is_done(Piece("https://youtu.be/dQw4w9WgXcQ", target))
