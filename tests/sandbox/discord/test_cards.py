"""Messages and modals as they are shown in a terminal."""

import io
import time

import pytest
from rich.console import Console

from sandbox.discord import cards

NAMES = {"5": "Ann"}


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=100)


@pytest.fixture
def utc(monkeypatch):
    """The machine's clock."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


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
    for words in (
        "Why?",
        "Tell the author.",
        "Caption",
        "as it was",
        "[Timing ▾]",
        "[upload a file]",
        "Sure",
        "☑",
        " Submit ",
    ):
        assert words in printed(cards.form(modal))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("**bold** and *soft* `x*y*`", "bold and soft x*y*"),
        ("[a link](https://example.org/a_b_c)", "a link"),
        ("by <@5>, <t:0:R>", "by @Ann, 1970-01-01 00:00 UTC"),
        ("```srt\n1\n**x**\n```", "1\n**x**"),
        ("snake_case_word [bold]red[/bold]", "snake_case_word [bold]red[/bold]"),
        (
            r"\*not soft\*, \_nor this\_, \[no link\](x), \<@5>, \`**bold**\`",
            "*not soft*, _nor this_, [no link](x), <@5>, `bold`",
        ),
        (r"**a \** b**", "a ** b"),
        (r"a\\b, C:\dir, \# no heading", r"a\b, C:\dir, # no heading"),
        (r"`a\_b <@5>` and <@5>", r"a\_b <@5> and @Ann"),
        ("```\n\\*x\\* <t:0:f>\n```", r"\*x\* <t:0:f>"),
        ("`a *b* c` ~~gone~~", "a *b* c gone"),
        (
            r"[a\_word 0:12](https://youtu.be/x_y_z?t=11) · [other 0:15](https://youtu.be/x?t=14)",
            "a_word 0:12 · other 0:15",
        ),
        ("https://youtu.be/-_a_b_*c*", "https://youtu.be/-_a_b_*c*"),
        (
            "<t:0:t> <t:0:T> <t:0:d> <t:0:F> <t:0>",
            "00:00 UTC 00:00:00 UTC 1970-01-01 Thursday, 1970-01-01 00:00 UTC 1970-01-01 00:00 UTC",
        ),
    ],
)
def test_text_is_read_as_discord_shows_it(text, read, utc):
    assert cards.marked(text, NAMES).plain == read


def test_a_name_is_no_markup():
    assert cards.marked("<@5> and <@5>", {"5": "_ann_ *b*"}).plain == "@_ann_ *b* and @_ann_ *b*"


def test_times_are_those_of_the_machine(utc, monkeypatch):
    monkeypatch.setenv("TZ", "<ABC>-5")
    time.tzset()
    assert cards.marked("<t:0:f>", {}).plain == "1970-01-01 05:00 ABC"


def test_a_link_leads_to_its_address():
    (span,) = cards.marked(r"see [a word](https://youtu.be/x\_y?t=1)", {}).spans
    assert (span.start, span.end) == (4, 10)
    assert str(span.style).endswith("link https://youtu.be/x_y?t=1")


def test_a_title_is_read_as_discord_shows_it():
    message = {"author": {"global_name": "captionbot"}, "flags": 0, "content": "", "attachments": [], "components": []}
    assert "a_b *c*" in printed(cards.card(message | {"embeds": [{"title": r"a\_b \*c\*"}]}))


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
