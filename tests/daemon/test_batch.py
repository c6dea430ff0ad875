"""captiond caption with several recordings: the real command on real speech, and which pieces there are."""

import json
import os
import shutil
import subprocess

import pytest

from daemon.batch import Listing, Piece, is_done, pieces
from daemon.errors import TryLater
from sandbox import youtube
from sandbox.youtube import YouTube
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


@pytest.fixture
def played(tmp_path):
    """A loopback YouTube, its address, and the config that leads there."""
    made = YouTube()
    config = tmp_path / "config.toml"
    config.write_text(f'[daemon.youtube]\nplugin_dirs = ["{youtube.PLUGIN_DIR}"]\n')
    with youtube.running(youtube.make_app(made)) as url:
        yield made, url, config


def test_a_playlist_is_captioned_but_what_is_private_or_gone(folder, played, tmp_path):
    there, url, config = played
    open_one = there.publish("../../A tale", sample("beckett.wav"))
    closed = there.publish("Closed", sample("beckett.wav"), error="private")
    made = there.add_playlist("Tales", [closed.id, open_one.id, "AAAAAAAAAAA", open_one.id])
    address = f"{url}/playlist?list={made.id}"
    code, rows, _ = captions(folder, address, "-o", tmp_path / "out", "--config", config)
    assert code == 1
    assert [(row["recording"].rpartition("=")[2], row["what"]) for row in rows] == [
        (closed.id, "failed"),
        (open_one.id, "captioned"),
        ("AAAAAAAAAAA", "failed"),
    ]
    assert "only a signed-in viewer may see it" in rows[0]["note"]
    assert "Video unavailable" in rows[2]["note"]
    (written,) = (tmp_path / "out").iterdir()
    assert open_one.id in written.name
    assert "fail better" in written.read_text().lower()
    there.edit(closed.id, error=None, availability="public")
    media = there.requests["media"]
    code, rows, _ = captions(folder, address, "-o", tmp_path / "out", "--config", config)
    assert [row["what"] for row in rows] == ["captioned", "was there", "failed"]
    assert there.requests["media"] == media + 1, "what was there is not fetched again"


def test_lists_that_are_not_to_be_had_are_told_of_and_the_rest_is_done(folder, played, tmp_path):
    there, url, config = played
    mine = there.add_playlist("Mine", [], is_private=True)
    empty = there.add_playlist("Empty", [])
    addresses = [f"{url}/playlist?list={mine.id}", f"{url}/playlist?list={empty.id}", f"{url}/@nobody"]
    code, rows, _ = captions(folder, *addresses, folder / "a.wav", "-o", tmp_path / "out", "--config", config)
    assert code == 1
    assert [(row["what"], row["recording"]) for row in rows] == [
        *(("failed", address) for address in addresses),
        ("captioned", str(folder / "a.wav")),
    ]
    assert "no such playlist, or only its owner may see it" in rows[0]["note"]
    assert "there are no videos at that address" in rows[1]["note"]
    assert "there is nothing at that address" in rows[2]["note"]


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


class Lists:
    """Says what is at an address; `asked` are those it was asked for."""

    def __init__(self, **found):
        self.found, self.asked = {f"https://lists.example/{name}": one for name, one in found.items()}, []

    def __call__(self, address):
        self.asked.append(address)
        found = self.found[address]
        if isinstance(found, Exception):
            raise found
        return found


def videos(*ids):
    return tuple(f"https://www.youtube.com/watch?v={one:A<11}" for one in ids)


def test_a_video_that_is_in_several_lists_comes_once_and_what_is_left_out_is_told(tmp_path):
    lists = Lists(a=Listing(videos("x", "y")), b=Listing(videos("y", "z"), "there is more"), c=TryLater("no network"))
    made = pieces([*videos("z"), *lists.found], tmp_path, ".vtt", lists)
    assert [(piece.target.stem, piece.why_not) for piece in made if not piece.why_not] == [
        ("zAAAAAAAAAA", ""),
        ("xAAAAAAAAAA", ""),
        ("yAAAAAAAAAA", ""),
    ]
    assert [piece.why_not for piece in made if piece.why_not] == ["there is more", "no network"]
    assert lists.asked == list(lists.found), "of a video's own address nobody is asked"


def test_an_address_whose_captions_are_there_is_not_looked_at_again(tmp_path):
    (tmp_path / "lists.example-a.vtt").write_text("WEBVTT\n")
    lists = Lists()
    assert [piece.source for piece in pieces(["https://lists.example/a"], tmp_path, ".vtt", lists)] == [
        "https://lists.example/a"
    ]
    assert not lists.asked


def test_long_addresses_that_begin_alike_keep_their_names_whatever_their_order(tmp_path):
    long = [f"https://media.example/{'x' * 100}/{n}" for n in (1, 2)]
    forth, back = (pieces(order, tmp_path, ".vtt") for order in (long, long[::-1]))
    assert {piece.source: piece.target for piece in forth} == {piece.source: piece.target for piece in back}
    assert len({piece.target for piece in forth}) == 2


def test_captions_that_are_older_than_their_recording_are_made_again(folder, tmp_path):
    target = tmp_path / "a.vtt"
    piece = Piece(str(folder / "a.wav"), target)
    assert not is_done(piece)
    target.write_text("WEBVTT\n")
    assert is_done(piece)
    os.utime(target, (1, 1))
    assert not is_done(piece)
    assert is_done(Piece("https://youtu.be/dQw4w9WgXcQ", target))
