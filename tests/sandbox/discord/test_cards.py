"""Messages and modals as they are shown in a terminal."""

import io

import pytest
from rich.console import Console

from sandbox.discord import cards

NAMES = {"5": "Ann"}


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=100)


def printed(thing):
    console = Console(file=io.StringIO(), width=100)
    console.print(thing)
    return console.file.getvalue()


def test_a_card_shows_what_is_in_a_message(bot, ann, people):
    ann.types("/card")
    ann.types("/choose")
    state = people.state
    card, choice = (printed(cards.card(one, NAMES, "captions")) for one in state["messages"])
    for words in ("captionbot  #captions", "A draft", "A talk", "Draft 7", "Cues  12", " Approve ", " Reject "):
        assert words in card
    for words in ("[Make a selection ▾]", " Off ", "Docs ↗"):
        assert words in choice


def test_files_loading_and_ephemeral_messages_are_shown(bot, ann, people, tmp_path):
    path = tmp_path / "a.srt"
    path.write_bytes(bytes(2000))
    ann.types("/upload", file=path)
    ann.command("/slow", {}, until="acknowledged")
    upload, slow = (printed(cards.card(one)) for one in people.state["messages"])
    assert "📎 back.srt  2.0 KiB" in upload
    assert "captionbot is thinking …" in slow
    assert "only Ann can see this" in slow


def test_a_modal_is_shown_as_a_form(bot, ann):
    modal = ann.click(ann.types("/card").message, "Reject").modal
    for words in ("Why?", "Tell the author.", "Caption", "as it was", "[Timing ▾]", "[upload a file]", "Sure", "☑"):
        assert words in printed(cards.form(modal))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("**bold** and *soft* `x*y*`", "bold and soft x*y*"),
        ("[a link](https://example.org/a_b_c)", "a link"),
        ("by <@5>, <t:0:R>", "by @Ann, 1970-01-01 00:00 UTC"),
        ("```srt\n1\n**x**\n```", "1\n**x**"),
        ("snake_case_word [bold]red[/bold]", "snake_case_word [bold]red[/bold]"),
    ],
)
def test_text_is_read_as_discord_shows_it(text, read):
    assert cards.marked(text, NAMES).plain == read


def test_a_wall_shows_each_card_once_and_again_when_it_was_edited(bot, ann, people, console):
    wall = cards.Wall(console)
    card = ann.types("/card").message
    assert wall.show(people.state) == 1
    assert wall.show(people.state) == 0
    ann.click(card, "Approve")
    assert wall.show(people.state) == 1
    assert "Approved by Ann" in console.file.getvalue()


def test_new_components_are_shown(console):
    message = {
        "author": {"global_name": "captionbot"},
        "flags": 1 << 15,
        "content": "",
        "embeds": [],
        "attachments": [],
        "components": [
            {
                "type": 17,
                "components": [
                    {
                        "type": 9,
                        "components": [{"type": 10, "content": "**A talk**"}],
                        "accessory": {"type": 2, "style": 3, "label": "Approve"},
                    },
                    {"type": 14},
                    {"type": 13, "file": {"url": "http://127.0.0.1/cdn/1/a.srt?ex=1"}},
                ],
            }
        ],
    }
    for words in ("A talk", " Approve ", "───", "📎 a.srt"):
        assert words in printed(cards.card(message))
