"""The picture of who speaks on a card in Discord: sent once, shown as the card's image, and never missed."""

import importlib.util
import os
import struct

import pytest

from tests.bot.discord.scene import Scene, is_decided, played

REPORT = {
    "talk": [
        {
            "speaker": "<@1> @everyone",
            "seconds": 30.0,
            "share": 0.75,
            "turns": 1,
            "words": 60,
            "words_per_minute": 120.0,
        },
        {"speaker": "../../x.png", "seconds": 10.0, "share": 0.25, "turns": 1, "words": 20, "words_per_minute": 120.0},
    ],
    "turns": [[0.0, 30.0, "<@1> @everyone"], [30.0, 40.0, "../../x.png"]],
}
WITHOUT = "import sys\nsys.modules['matplotlib'] = None\n"


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    with played(Scene(tmp_path_factory.mktemp("pictures"))) as made:
        yield made


def field(card):
    return next((one["value"] for one in card["embeds"][0]["fields"] if one["name"] == "Who speaks"), None)


def image(scene, card):
    """What people see as the image of a card."""
    shown = card["embeds"][0].get("image")
    return None if shown is None else scene.server.people.bytes_of(shown)


@pytest.mark.skipif(not importlib.util.find_spec("matplotlib"), reason="matplotlib is not installed")
def test_a_card_has_the_picture_and_keeps_it_when_it_is_drawn_anew(scene):
    number, card = scene.draft(**REPORT)
    assert field(card) == "\\<@1\\> @everyone 75 %, ../../x.png 25 %\n120 and 120 words a minute"
    picture = image(scene, card)
    assert struct.unpack(">II", picture[16:24]) == (1200, 210)
    assert [one["filename"].rpartition(".")[2] for one in card["attachments"]] == ["vtt", "srt"]

    scene.anna.click(card, "Approve")
    decided = scene.server.card(number, is_decided)
    assert image(scene, decided) == picture
    assert len(decided["attachments"]) == 2


def test_a_card_of_one_voice_has_neither(scene):
    _, card = scene.draft()
    assert (field(card), image(scene, card)) == (None, None)


def test_without_matplotlib_a_card_has_no_picture_and_all_else(scene, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT)
    assert scene.server.stop() == 0
    before = scene.server.logged("connected")
    scene.server.start(PYTHONPATH=f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    scene.server.connected(before + 1)
    number, card = scene.draft(**REPORT)
    assert "75 %" in field(card)
    assert image(scene, card) is None

    assert scene.server.stop() == 0
    scene.server.comes_back()  # with matplotlib, where it is installed
    scene.anna.click(card, "Approve")
    decided = scene.server.card(number, is_decided)
    assert image(scene, decided) is None
    assert len(decided["attachments"]) == 2
