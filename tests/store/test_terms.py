import pytest

from store import terms
from store.errors import NotFound, Refused
from tests.store.factories import at_once, everything, watched

OTHER = "UCbbbbbbbbbbbbbbbbbbbbbb"


def texts(database, channel_id=None, **which):
    return [one.text for one in terms.listing(database, channel_id, **which)]


@pytest.fixture
def two_channels(database):
    return watched(database).id, watched(database, "@other", OTHER).id


def test_terms_are_told_to_the_engine_in_the_order_of_the_alphabet(database):
    assert terms.add(database, ["Turing", "Ada Lovelace"], None, "ann") == ["Turing", "Ada Lovelace"]
    assert terms.of_channel(database, None) == ("Ada Lovelace", "Turing")


def test_a_term_says_who_added_it_and_when(database, clock):
    terms.add(database, ["Ada"], None, "ann")
    (row,) = terms.listing(database)
    assert (row.text, row.channel_id, row.added_by, row.added_at) == ("Ada", None, "ann", clock.time)


@pytest.mark.parametrize("of_a_channel", [False, True])
def test_a_term_that_is_added_twice_is_there_once(database, two_channels, of_a_channel):
    channel_id = two_channels[0] if of_a_channel else None
    terms.add(database, ["Ada", "Ada"], channel_id, "ann")
    assert terms.add(database, ["Ada", "Turing"], channel_id, "bob") == ["Turing"]
    assert [(one.text, one.added_by) for one in terms.listing(database, channel_id)] == [
        ("Ada", "ann"),
        ("Turing", "bob"),
    ]


@pytest.mark.parametrize("of_a_channel", [False, True])
def test_of_two_who_add_a_term_at_once_one_adds_it(database, two_channels, of_a_channel):
    channel_id = two_channels[0] if of_a_channel else None
    outcomes = at_once(
        database, *[lambda own, who=who: terms.add(own, ["Ada"], channel_id, who) for who in ("ann", "bob")]
    )
    assert sorted(outcomes) == [[], ["Ada"]]
    assert texts(database, channel_id) == ["Ada"]


def test_spaces_around_and_within_a_term_are_no_difference(database):
    assert terms.add(database, ["  Ada \t Lovelace ", "Ada Lovelace", "", "  "], None, "ann") == ["Ada Lovelace"]


def test_the_engine_expects_the_terms_of_all_channels_and_those_of_this_one(database, two_channels):
    here, there = two_channels
    terms.add(database, ["Everywhere", "Both"], None, "ann")
    terms.add(database, ["Here", "Both"], here, "ann")
    terms.add(database, ["There"], there, "ann")
    assert terms.of_channel(database, here) == ("Both", "Everywhere", "Here")
    assert terms.of_channel(database, there) == ("Both", "Everywhere", "There")
    assert terms.of_channel(database, None) == ("Both", "Everywhere")


def test_a_glossary_is_listed_by_itself_or_with_all_others(database, two_channels):
    terms.add(database, ["Everywhere"], None, "ann")
    terms.add(database, ["Here"], two_channels[0], "ann")
    assert texts(database) == ["Everywhere"]
    assert texts(database, two_channels[0]) == ["Here"]
    assert texts(database, everything=True) == ["Everywhere", "Here"]


def test_a_term_is_taken_out_of_one_glossary(database, two_channels):
    for channel_id in (None, *two_channels):
        terms.add(database, ["Ada"], channel_id, "ann")
    terms.remove(database, "Ada", two_channels[0])
    assert [texts(database, channel_id) for channel_id in (None, *two_channels)] == [["Ada"], [], ["Ada"]]
    terms.remove(database, "Ada", None)
    assert texts(database, everything=True) == ["Ada"]


@pytest.mark.parametrize("text", ["Turing", "ada", ""])
def test_a_term_that_is_not_there_is_not_taken_out(database, two_channels, text):
    terms.add(database, ["Ada"], None, "ann")
    for channel_id, wanted in ((None, text), (two_channels[0], "Ada")):
        with pytest.raises(NotFound, match=f"there is no term {wanted!r} in that glossary"):
            terms.remove(database, wanted, channel_id)
    assert texts(database) == ["Ada"]


def refused(database, wanted, match):
    before = everything(database)
    with pytest.raises(Refused, match=match):
        terms.add(database, wanted, None, "ann")
    assert everything(database) == before


def test_a_term_is_no_longer_than_a_name_can_be(database):
    assert terms.add(database, ["x" * terms.LONGEST], None, "ann")
    refused(
        database, ["Ada", "y" * (terms.LONGEST + 1)], f"at most {terms.LONGEST} characters, and yyyyyyyyyyyyyyyyyyyy… "
    )


def test_a_glossary_holds_no_more_than_its_limit(database, two_channels):
    most = [f"term {number}" for number in range(terms.MOST)]
    assert len(terms.add(database, most, None, "ann")) == terms.MOST
    refused(database, ["one more"], f"holds at most {terms.MOST} terms; this one would have {terms.MOST + 1}")
    assert terms.add(database, most, None, "ann") == []
    assert terms.add(database, ["of a channel"], two_channels[0], "ann") == ["of a channel"]


def test_too_long_an_import_adds_nothing(database):
    refused(database, [f"term {number}" for number in range(terms.MOST + 1)], "this one would have 501")


def test_before_there_are_terms_the_engine_expects_none(database):
    assert terms.of_channel(database, None) == ()
    assert terms.listing(database, everything=True) == []
