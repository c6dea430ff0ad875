"""Whatever a card or a notice says, Discord takes it: its limits for embeds, and no markup of strangers."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot import voices
from bot.card import Card, Doubt, Line, Mood
from bot.discord import cards
from bot.notices import Notice
from bot.reply import Action

AT = datetime(2026, 11, 22, tzinfo=UTC)
HOSTILE = st.one_of(
    st.text(max_size=400),
    st.sampled_from(["[x](https://evil.example)", "<@1>@everyone" * 20, "`" * 300, "*_~|" * 90, "\u202e\u200b" * 50]),
)
CARDS = st.builds(
    Card,
    draft_id=st.integers(1, 10**9),
    revision=st.integers(1, 999),
    title=HOSTILE.map(lambda text: text[:200] or "x"),
    url=st.just("https://youtu.be/aaaaaaaaaaa"),
    thumbnail=st.just("https://i.ytimg.com/vi/aaaaaaaaaaa/hqdefault.jpg"),
    channel=HOSTILE.map(lambda text: text[:80]),
    facts=st.lists(st.tuples(st.just("By"), HOSTILE.map(lambda text: text or "x")), max_size=5).map(tuple),
    lines=st.lists(st.builds(Line, HOSTILE, st.sampled_from([None, AT])), max_size=4).map(tuple),
    mood=st.sampled_from(Mood),
    report=HOSTILE,
    doubts=st.lists(
        st.builds(Doubt, HOSTILE.map(lambda text: text[:40] or "x"), st.just(5.0), st.just("https://youtu.be/a?t=4")),
        max_size=8,
    ).map(tuple),
    cues=st.lists(st.tuples(st.just("0:05"), HOSTILE), max_size=7).map(tuple),
    extras=st.just(()),
    actions=st.lists(st.sampled_from(Action), max_size=4, unique=True).map(tuple),
    files=st.just(()),
    voices=st.lists(
        st.builds(lambda name: {"speaker": name, "share": 0.2, "interruptions": 2}, HOSTILE), max_size=9
    ).map(lambda talks: voices.read({"talk": talks}, 60.0)),
)
NOTICES = st.lists(
    st.builds(Notice, HOSTILE, HOSTILE.map(lambda text: text[:100]), st.sampled_from(["", "https://youtu.be/a"])),
    min_size=1,
    max_size=40,
)


def check(embed):
    assert len(embed) <= 6000
    assert len(embed.title or "") <= 256
    assert len(embed.description or "") <= 4096
    assert len(embed.author.name or "") <= 256
    for field in embed.fields:
        assert 0 < len(field.value.strip()) <= 1024


@given(CARDS)
def test_a_card_fits_into_an_embed(card):
    check(cards.embed(card))


def test_what_is_empty_once_it_is_cleaned_is_left_out():
    """Discord refuses a card with an empty field: the draft would never be shown."""
    empty = {"lines": (), "doubts": (), "cues": (), "extras": (), "actions": (), "files": (), "voices": None}
    made = cards.embed(
        Card(
            draft_id=1,
            revision=1,
            title="Bread",
            url="https://youtu.be/aaaaaaaaaaa",
            thumbnail="https://i.ytimg.com/vi/aaaaaaaaaaa/hqdefault.jpg",
            channel="",
            facts=(("By", "\r"), ("Cues", "2")),
            mood=Mood.DONE,
            report="\r\n",
            **empty,
        )
    )
    assert [(field.name, field.value) for field in made.fields] == [("Cues", "2")]


@given(NOTICES)
def test_notices_fit_into_one_message_and_those_that_do_not_are_counted(notices):
    made = cards.told(1, 2, notices)
    check(made)
    shown = made.description.split("\n… and ")
    left = int(shown[1].split()[0]) if len(shown) > 1 else 0
    assert len(cards.told(1, 2, notices[: len(notices) - left]).description) <= len(made.description)


def test_a_digest_of_many_long_notices_keeps_its_last_line_and_breaks_no_link():
    text = "needs you: " + "YouTube wants a signed-in viewer: " * 8
    made = cards.told(1, 2, [Notice(text, f"Video {n}", f"https://youtu.be/{n}") for n in range(40)])
    *lines, last = made.description.split("\n")
    assert last == f"… and {40 - len(lines)} more: see /queue show and /draft list"
    assert all(line.startswith("[Video ") and line.endswith(": ") for line in lines)
