"""Bad input, in a Discord server: somebody is told in words what is wrong, nothing changes, and the bot goes on.

Titles, captions, reasons and terms come from strangers. Discord refuses none of what is made of them, nothing in it is
markup or a mention, and it holds no character that hides or reorders text.
"""

import re
import unicodedata

import pytest

from sandbox.discord.people import Refused, Upload
from store import drafts, terms, videos
from store.lifecycle import DraftState
from tests.bot.conftest import OTHER
from tests.bot.discord.scene import Scene, custom_ids, is_decided, labels, lines, played, told
from tests.bot.discord.server import answered, table
from tests.machine import wait_for

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\0IEND\xaeB`\x82"
OVERLAPPING = "WEBVTT\n\n00:01.000 --> 00:03.000\nOne\n\n00:02.000 --> 00:04.000\nTwo\n"
LONG_AFTER = "WEBVTT\n\n00:01.000 --> 00:03.000\nOne\n\n01:00:00.000 --> 01:00:02.000\nTwo\n"
NAMES_A_DRAFT = ("show", "approve", "reject", "hold", "retry", "redo", "download", "edit")
TRICKS = "in\u200bvis\u2060ible \u202egnirts\u202c \u2066iso\u2069 \ufeffmark\u00ad \u2067rtl\u2069 \x1b[31mred\x07"
CLEAN = "invisible gnirts iso mark rtl red"
HARMLESS = set("\u200c\u200d\u200e\u200f\u061c\n\t")  # what writing needs
MARKUP = ("@everyone <@1> <@&2> [free](https://evil.example) **b** __u__ ~~s~~ ||x|| `c` ``` > # \\" * 8)[:500]


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    with played(Scene(tmp_path_factory.mktemp("bad"))) as made:
        yield made


@pytest.fixture(scope="module")
def draft(scene):
    """A draft that nothing happens to, of a video of a minute: its number and its card."""
    number, card = scene.draft(seconds=60.0)
    yield number, card
    assert scene.state(number) is DraftState.WAITING


def replaces(scene, draft, content, name="mine.vtt"):
    upload = Upload(name, content if isinstance(content, bytes) else content.encode())
    return answered(scene.anna.command("/draft replace", {"draft": str(draft[0]), "file": upload})).text


# ---- files


def test_a_file_of_12_mb_is_refused_without_being_fetched(scene, draft):
    people = scene.server.people
    with pytest.raises(Refused, match="too large"):
        replaces(scene, draft, bytes(12_000_000))
    people.do("boost", tier=2)
    fetched = people.state["requests"].get("cdn", 0)
    assert replaces(scene, draft, bytes(12_000_000)) == "mine.vtt is larger than 10 MB."
    assert people.state["requests"].get("cdn", 0) == fetched


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PNG, "mine.vtt is no text but a picture, whatever its name says."),
        (OVERLAPPING, "mine.vtt, line 6: cue 2 begins before cue 1 ends, at 3.000 s."),
        (LONG_AFTER, "mine.vtt, line 6: its last cue ends at 3602.0 s, and the video at 60.0 s: is it of this video?"),
    ],
    ids=["a picture", "overlapping cues", "cues after the end"],
)
def test_a_file_that_cannot_be_the_captions_is_refused_in_words(content, said, scene, draft):
    assert replaces(scene, draft, content) == said


def test_a_name_of_a_file_is_no_markup(scene, draft):
    text = replaces(scene, draft, PNG, "_x_.vtt")
    assert text.startswith(r"\_x\_.vtt is no text")


# ---- what is not there, or not any more


@pytest.mark.parametrize("verb", NAMES_A_DRAFT)
@pytest.mark.parametrize("name", ["999", "999999999999999999", "@everyone"])
def test_a_command_about_a_draft_that_is_not_there_says_so(verb, name, scene):
    before = scene.decided()
    values = {"cue": "1", "text": "x"} if verb == "edit" else {}
    seen = answered(scene.owner.command(f"/draft {verb}", {"draft": name, **values}))
    assert seen.text in (f"There is no draft {name}.", f"There is no draft '{name}'.")
    assert scene.decided() == before


def test_what_was_typed_into_a_form_about_a_draft_that_is_past_is_given_back(scene):
    number, card = scene.draft()
    chooser = answered(scene.anna.click(card, "Edit"))
    scene.anna.select(chooser.message, f"cue:{number}", "1")
    scene.owner.click(card, "Reject")
    videos.redo(scene.database, drafts.get(scene.database, number)[1].number, "test")
    newer = scene.captiond.drafts_again(drafts.get(scene.database, number)[1].youtube_id).number
    seen = answered(scene.anna.submit({"text": "an hour's work"}))
    assert f"Draft {number} is revision 1; draft {newer} is newer." in seen.text
    assert "an hour's work" in seen.text
    seen = answered(scene.owner.submit({"reason": "a long reason"}))
    assert f"Draft {number} is superseded" in seen.text
    assert "a long reason" in seen.text
    assert drafts.decisions(scene.database, number) == []
    assert custom_ids(scene.server.card(newer))[0] == f"draft:approve:{newer}"


# ---- too much of it


def test_a_reason_of_5000_characters_is_refused_with_its_length(scene, draft):
    seen = answered(scene.anna.command("/draft reject", {"draft": str(draft[0]), "reason": "x" * 5000}))
    assert seen.text == "A reason has at most 1000 characters, and that has 5000."


def test_a_form_takes_no_longer_reason_and_one_that_comes_all_the_same_is_given_back(scene, draft):
    number, card = draft
    scene.anna.click(card, "Reject")
    with pytest.raises(Refused, match="0 to 1000 characters, not 1001"):
        scene.anna.submit({"reason": "x" * 1001})
    scene.anna.dismisses()
    reason = "\n".join(["x" * 99] * 50)
    seen = answered(scene.anna.submits_stale(f"reject:{number}", {"reason": reason}, card))
    assert "A reason has at most 1000 characters, and that has 4999." in seen.text
    (typed,) = seen.message["attachments"]
    assert scene.server.people.bytes_of(typed).decode() == reason


def test_a_draft_without_a_cue_has_a_card_that_says_so(scene):
    number, card = scene.draft(text="WEBVTT\n")
    assert "Nothing was said in it: there is nothing to upload." in lines(card)
    assert labels(card) == ["Reject", "Redo"]
    assert card["attachments"] == []
    text = told(scene.anna.click(card, f"draft:approve:{number}", force=True))
    assert "an empty track is never uploaded" in text
    chooser = answered(scene.anna.click(card, f"draft:edit:{number}", force=True))
    with pytest.raises(Refused, match="has no"):
        scene.anna.select(chooser.message, f"cue:{number}", "1")


def test_a_cue_of_10000_characters_has_a_card_and_is_edited_in_a_file(scene):
    words = [(letter * 10_000)[:10_000].strip() for letter in ("word ", "*", "`", "&amp;", "\U0001f600")]
    numbers = [scene.unseen(text=f"WEBVTT\n\n00:01.000 --> 00:03.000\n{one}\n") for one in words]
    for number in numbers:
        card = scene.server.card(number)
        assert len(card["attachments"]) == 2
        chooser = answered(scene.anna.click(card, "Edit"))
        if number != numbers[3]:  # whose 2000 characters a form takes
            said = told(scene.anna.select(chooser.message, f"cue:{number}", "1"))
            assert said == "Cue 1 is too long for a form: change it in a file, with /draft replace."
        answered(scene.anna.types("/draft show", draft=str(number)))


def test_of_3000_cues_the_last_is_found_and_corrected(scene):
    text = "WEBVTT\n\n" + "".join(
        f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.000 --> {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.900\n"
        f"Cue the {n + 1}th\n\n"
        for n in range(3000)
    )
    number, card = scene.draft(text=text)
    assert "and 2994 more" in card["embeds"][0]["description"]
    chooser = answered(scene.anna.click(card, "Edit"))
    scene.anna.click(chooser.message, "Go to …")
    scene.anna.submit({"at": "49:59"})
    wait_for("the last page", lambda: "page 120 of 120" in chooser.again().text)
    scene.anna.select(chooser.again().message, f"cue:{number}", "3000")
    assert "became draft" in answered(scene.anna.submit({"text": "the end"})).text
    chooser = answered(scene.anna.click(scene.server.card(number + 1), "Edit"))
    scene.anna.click(chooser.message, "Find and replace …")
    assert "'cue' stands 2999 times" in answered(scene.anna.submit({"find": "cue", "by": "queue"})).text


# ---- hostile texts


def shown(scene):
    """All texts that people got to see: of messages, forms and choices."""
    state = scene.server.people.state
    found = [state["messages"], *([one["message"], one["modal"], one["choices"]] for one in state["interactions"])]
    return list(texts(found))


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def hidden(text):
    """The characters that hide or reorder text, or control a terminal."""
    return {f"U+{ord(one):04X}" for one in text if unicodedata.category(one) in ("Cc", "Cf")} - {
        f"U+{ord(one):04X}" for one in HARMLESS
    }


def test_what_hides_or_reorders_text_is_shown_nowhere(scene):
    text = f"WEBVTT\n\n00:01.000 --> 00:03.000\n<v {TRICKS}>{TRICKS}\n\n00:04.000 --> 00:06.000\nno trick\n"
    number, card = scene.draft(text=text, title=TRICKS)
    assert card["embeds"][0]["title"].endswith(CLEAN)
    assert CLEAN in card["embeds"][0]["description"]
    chooser = answered(scene.anna.click(card, "Edit"))
    form = scene.anna.select(chooser.message, f"cue:{number}", "1")
    assert form.modal["components"][0]["component"]["value"] == CLEAN
    assert "became draft" in answered(scene.anna.submit({"text": f"new {TRICKS}"})).text
    card = scene.server.card(number + 1)
    assert f"new {CLEAN}" in card["embeds"][0]["description"]
    answered(scene.anna.command("/term add", {"term": TRICKS}))
    assert CLEAN in terms.of_channel(scene.database, 2)
    assert CLEAN in table(answered(scene.vic.types("/term list")))
    scene.anna.click(card, "Reject")
    answered(scene.anna.submit({"reason": TRICKS}))
    assert f"Rejected by @anna: {CLEAN}" in lines(scene.server.card(number + 1, is_decided))
    assert CLEAN in answered(scene.vic.types("/draft show", draft=str(number + 1))).text
    assert CLEAN in table(answered(scene.vic.command("/draft list", {"all": True})))
    assert CLEAN in scene.anna.autocomplete("/draft retry", "draft").choices[0]["name"]
    assert scene.anna.autocomplete("/term remove", "term", "gnirts").choices[0]["name"].startswith(CLEAN)
    assert {one: hidden(one) for one in shown(scene) if hidden(one)} == {}


def test_a_title_of_500_characters_of_markup_is_plain_text_wherever_it_is_shown(scene):
    number, card = scene.draft(title=MARKUP)
    (embed,) = card["embeds"]
    assert r"@everyone \<@1\> \<@&2\> \[free\](https:\//evil.example) \*\*b\*\*" in embed["title"]
    assert len(embed["title"]) <= 256
    assert markup(embed["title"]) == ""
    youtube_id = f"failed{number:05}"
    scene.captiond.finds(youtube_id, MARKUP, owner=OTHER)
    scene.captiond.fails(youtube_id, MARKUP)
    told_of = f"](https://youtu.be/{youtube_id}) needs you: "
    (notice,) = wait_for("a notice", lambda: [one for one in scene.server.people.messages() if told_of in str(one)])
    title, _, reason = notice["embeds"][0]["description"].partition(told_of)
    assert title.startswith(r"[@everyone \<@1\>")
    assert (markup(title[1:]), markup(reason)) == ("", "")
    scene.anna.click(card, "Reject")
    answered(scene.anna.submit({"reason": MARKUP}))
    assert markup(lines(scene.server.card(number, is_decided)).partition(" <t:")[0]) == ""
    assert markup(answered(scene.vic.types("/draft show", draft=str(number))).text) == ""
    answered(scene.vic.command("/draft list", {"all": True}))


def markup(text):
    """What Discord would take for markup: all of its signs that no backslash stands before."""
    return "".join(re.findall(r"[*_~|`<>\[\]]", re.sub(r"\\.", "", text)))
