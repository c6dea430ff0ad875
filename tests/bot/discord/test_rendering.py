import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.rendering import TABLE_CHARACTERS, WHOLE, rendered
from bot.reply import Attachment, Reply, Table

LIMIT = 2000  # of a message's text, and 4096 of an embed's description


def test_text_from_strangers_is_no_markup():
    assert rendered(Reply("**loud** _and_ `code`")).text == r"\*\*loud\*\* \_and\_ \`code\`"


def test_a_table_is_a_block_of_aligned_columns():
    made = rendered(Reply("2 terms", Table(("term", "by"), (("Ada", "ann"), ("Lovelace", "bob")))))
    assert made.table == "```\nterm      by\nAda       ann\nLovelace  bob\n```"
    assert made.files == ()


def test_a_cell_cannot_end_the_block():
    made = rendered(Reply("x", Table(("title",), (("```@everyone",),))))
    assert made.table.count("```") == 2


def test_a_table_that_is_too_long_is_cut_and_attached_whole():
    rows = tuple((str(number), "a title " * 5) for number in range(200))
    made = rendered(Reply("200 videos", Table(("id", "title"), rows)))
    assert len(made.table) <= 4096
    assert f"more, see {WHOLE}" in made.table
    (file,) = made.files
    assert (file.name, len(file.text.splitlines())) == (WHOLE, 201)


def test_a_note_that_is_too_long_for_its_cell_stands_below_its_row():
    note = (
        "YouTube takes this machine for a bot: export the cookies of a browser that is signed in, and set cookies_file"
    )
    made = rendered(Reply("1 video", Table(("id", "state", "note"), (("3", "failed", note),))))
    lines = made.table.splitlines()
    assert lines[2] == "3   failed"
    assert " ".join(" ".join(lines[3:-1]).split()) == note


def test_a_bare_link_from_a_stranger_is_no_link():
    assert rendered(Reply("see https://evil.example/x")).text == "see https:\\//evil.example/x"
    assert rendered(Reply("see https://youtu.be/aaaaaaaaaaa")).text == "see https://youtu.be/aaaaaaaaaaa"


def test_a_file_that_is_too_large_is_told_of():
    made = rendered(Reply("here", attachments=(Attachment("x.json", "x" * 9_000_001),)))
    assert made.attachments() == []
    assert "x.json is larger than Discord takes" in made.text


def test_attachments_are_files():
    made = rendered(Reply("here", attachments=(Attachment("x.vtt", "WEBVTT\n"),)))
    (file,) = made.attachments()
    assert (file.filename, file.fp.read()) == ("x.vtt", b"WEBVTT\n")
    file.close()


def test_a_file_that_is_no_text_is_sent_as_it_is():
    (file,) = rendered(Reply("here", attachments=(Attachment("x.png", data=b"\x89PNG\xff"),))).attachments()
    assert (file.filename, file.fp.read()) == ("x.png", b"\x89PNG\xff")
    file.close()


@given(st.text(max_size=5000), st.lists(st.tuples(st.text(max_size=200), st.text(max_size=200)), max_size=60))
def test_whatever_is_said_fits_into_a_message(text, rows):
    made = rendered(Reply(text, Table(("a", "b"), tuple(rows))))
    assert len(made.text) <= LIMIT
    assert len(made.table) <= TABLE_CHARACTERS + 100


@pytest.mark.parametrize("size", [1899, 1900, 1901, 4000])
def test_a_long_text_is_cut_and_never_in_the_middle_of_an_escape(size):
    made = rendered(Reply("*" * size))
    assert len(made.text) <= LIMIT
    assert not made.text.removesuffix("…").endswith("\\")
