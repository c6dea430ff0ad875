"""Cards, buttons and forms in a Discord server: captionbot and the loopback Discord as processes, real clicks."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from store import drafts, terms, videos
from store.lifecycle import DraftState, ErrorKind, VideoState
from store.tables import DecisionKind
from tests.bot.conftest import COVERED, LEASE, OTHER
from tests.bot.discord.scene import TEXT, Scene, custom_ids, is_decided, labels, lines, played, told
from tests.bot.discord.server import answered, table
from tests.machine import wait_for

TOLD = "That takes the role approver"


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    with played(Scene(tmp_path_factory.mktemp("scene"))) as made:
        yield made


# ---- the card


def test_a_card_has_what_a_person_decides_by(scene):
    number, card = scene.draft()
    (embed,) = card["embeds"]
    assert embed["url"].startswith("https://youtu.be/video-")
    assert embed["author"]["name"] == "The Garage"
    assert embed["thumbnail"]["url"].startswith("https://i.ytimg.com/vi/video-")
    assert {one["name"] for one in embed["fields"]} >= {"Language", "By", "Report"}
    assert "This is line 0" in embed["description"]
    assert [one["filename"].rsplit(".", 1)[1] for one in card["attachments"]] == ["vtt", "srt"]
    assert scene.server.people.bytes_of(card["attachments"][0]).decode() == TEXT
    assert labels(card) == ["Approve", "Edit", "Reject", "Redo"]
    assert custom_ids(card)[0] == f"draft:approve:{number}"


def test_it_is_approved_by_a_click_and_says_who(scene):
    number, card = scene.draft()
    scene.anna.click(card, "Approve")
    card = scene.server.card(number, is_decided)
    assert "Approved by @anna <t:" in lines(card)
    assert scene.state(number) is DraftState.APPROVED
    claimed = drafts.claim_approved(scene.database, "captiond", LEASE)
    while claimed is not None and claimed.id != number:  # those of other tests
        claimed = drafts.claim_approved(scene.database, "captiond", LEASE)
    drafts.uploaded(scene.database, claimed, "captiond", "track")
    card = scene.server.card(number, lambda one: "On YouTube since" in one["embeds"][0]["description"])
    assert card["attachments"], "the files stay"


def test_it_is_rejected_with_a_reason_in_a_form(scene):
    number, card = scene.draft()
    form = scene.anna.click(card, "Reject")
    assert form.modal["title"] == f"Reject draft {number}"
    answered(scene.anna.submit({"reason": "the *wrong* video <@1>"}))
    card = scene.server.card(number, is_decided)
    assert r"Rejected by @anna: the \*wrong\* video \<@1\>." in lines(card)
    assert drafts.decisions(scene.database, number)[-1].reason == "the *wrong* video <@1>"


def test_a_reason_may_be_left_out(scene):
    number, card = scene.draft()
    scene.anna.click(card, "Reject")
    answered(scene.anna.submit({}))
    assert "Rejected by @anna <t:" in lines(scene.server.card(number, is_decided))


def test_redo_does_the_video_again(scene):
    number, card = scene.draft()
    assert "recognised again" in answered(scene.anna.click(card, "Redo")).text
    _, video = drafts.get(scene.database, number)
    assert video.state is VideoState.DOWNLOADED


def test_a_channel_without_a_login_has_download_where_approve_would_be(scene):
    number, card = scene.draft(covered=False)
    assert labels(card)[0] == "Download"
    assert "No login covers its channel" in lines(card)
    seen = answered(scene.vic.click(card, "Download"))
    assert [one["filename"].rsplit(".", 1)[1] for one in seen.message["attachments"]] == ["vtt", "srt"]
    assert seen.ephemeral
    scene.captiond.runs()
    assert scene.state(number) is DraftState.WAITING


def test_a_failed_upload_is_tried_again_by_a_click(scene):
    number, card = scene.draft()
    scene.anna.click(card, "Approve")
    scene.server.card(number, is_decided)
    claimed = drafts.claim_approved(scene.database, "captiond", LEASE)
    while claimed is not None and claimed.id != number:
        claimed = drafts.claim_approved(scene.database, "captiond", LEASE)
    drafts.set_aside(
        scene.database, claimed, DraftState.FAILED, "captiond", ErrorKind.PERSON, "another track is there: delete it"
    )
    card = scene.server.card(number, lambda one: "Retry" in labels(one))
    assert "another track is there: delete it. When that is done: Retry." in lines(card)
    scene.anna.click(card, "Retry")
    scene.server.card(number, is_decided)
    assert scene.state(number) is DraftState.APPROVED


# ---- editing


def test_a_cue_is_chosen_and_corrected_in_a_form(scene):
    number, card = scene.draft()
    chooser = answered(scene.anna.click(card, "Edit"))
    assert chooser.ephemeral
    assert chooser.text == f"Which cue of draft {number} shall be another, page 1 of 3?"
    form = scene.anna.select(chooser.message, f"cue:{number}", "2")
    (label,) = form.modal["components"]
    assert label["component"]["value"] == "This is line 1"
    seen = answered(scene.anna.submit({"text": "This is Linus 1"}))
    assert "became draft" in seen.text
    newest = drafts.get(scene.database, number + 1)[0]
    assert "This is Linus 1" in newest.text
    assert newest.edited_by == "discord:anna"
    assert "took its place" in lines(scene.server.card(number, is_decided))
    assert "edited by @anna" in str(scene.server.card(number + 1)["embeds"][0]["fields"])
    scene.anna.click(seen.message, "Add to the glossary")
    wait_for("the term", lambda: "Linus" in terms.of_channel(scene.database, 2))


def test_pages_of_cues_are_turned_and_jumped_to(scene):
    _, card = scene.draft()
    chooser = answered(scene.anna.click(card, "Edit"))
    scene.anna.click(chooser.message, "▶")
    wait_for("page 2", lambda: "page 2 of 3" in chooser.again().text)
    scene.anna.click(chooser.again().message, "Go to …")
    scene.anna.submit({"at": "0:55"})
    wait_for("page 3", lambda: "page 3 of 3" in chooser.again().text)
    scene.anna.click(chooser.again().message, "Go to …")
    assert "neither the number of a cue nor a time" in told(scene.anna.submit({"at": "soon"}))


def test_a_word_is_found_shown_replaced_and_offered_to_the_glossary(scene):
    number, card = scene.draft()
    chooser = answered(scene.anna.click(card, "Edit"))
    scene.anna.click(chooser.message, "Find and replace …")
    shown = answered(scene.anna.submit({"find": "line", "by": "`Lino`"}))
    assert "'line' stands 60 times" in shown.text
    assert "This is line 3" in table(shown)
    assert scene.state(number) is DraftState.WAITING
    scene.anna.click(shown.message, "Replace")
    wait_for("the new revision", lambda: scene.state(number) is DraftState.SUPERSEDED)
    assert drafts.get(scene.database, number + 1)[0].text.count("This is `Lino` ") == 60


def test_of_two_who_edit_at_once_the_second_is_told_and_keeps_what_was_typed(scene):
    number, card = scene.draft()
    for person in (scene.anna, scene.owner):
        chooser = answered(person.click(card, "Edit"))
        person.select(chooser.message, f"cue:{number}", "1")
    answered(scene.anna.submit({"text": "Anna was first"}))
    seen = answered(scene.owner.submit({"text": "and Owner second"}))
    assert f"Draft {number} is revision 1; draft {number + 1} is newer." in seen.text
    assert "and Owner second" in seen.text
    assert "Anna was first" in drafts.get(scene.database, number + 1)[0].text


def test_of_approve_and_reject_at_once_one_wins_and_the_other_is_told(scene):
    number, card = scene.draft()
    scene.owner.click(card, "Reject")
    with ThreadPoolExecutor(2) as pool:
        approves = pool.submit(scene.anna.click, card, "Approve")
        rejects = pool.submit(scene.owner.submit, {"reason": "no"})
    rejected = answered(rejects.result())
    scene.server.card(number, is_decided)
    (decision,) = drafts.decisions(scene.database, number)
    if decision.what is DecisionKind.APPROVE:
        assert "only a waiting or a failed draft can be rejected" in rejected.text
    else:
        assert "only a waiting draft can be approved" in told(approves.result())


# ---- who may


def presses(scene, person, number, card):
    """All that somebody can press or submit about a draft; what they were told each time."""
    yield told(person.click(card, "Approve"))
    for button in ("Redo", "Edit", "Reject"):
        yield told(person.click(card, button))
    for custom_id in (f"edit:{number}:1", f"reject:{number}", f"replace:{number}", f"jump:{number}"):
        values = {"text": "x", "reason": "x", "find": "line", "by": "x", "at": "1"}
        yield told(person.submits_stale(custom_id, values, card))
    for custom_id in ("draft:retry:{}", "cues:{}:1", "cue:{}", "find:{}", "to:{}"):
        yield told(person.click(card, custom_id.format(number), force=True))


@pytest.mark.parametrize("name", ["vic", "ben", "anna"])
def test_who_may_not_is_told_who_can_and_nothing_happens(name, scene):
    """Ben approves what the bakery publishes, Anna what the others do."""
    person = getattr(scene, name)
    number, card = scene.draft(COVERED if name == "anna" else OTHER)
    before = scene.decided()
    for text in presses(scene, person, number, card):
        assert TOLD in text
    assert scene.decided() == before


@pytest.mark.parametrize("name", ["anna", "owner"])
def test_who_may_is_served_by_each_of_them(name, scene):
    """What decides, and so can be done only once, is done in tests of its own."""
    person = getattr(scene, name)
    number, card = scene.draft()
    for custom_id in ("draft:reject:{}", "find:{}", "to:{}"):
        assert person.click(card, custom_id.format(number), force=True).modal["title"]
    for custom_id in ("draft:edit:{}", "draft:download:{}"):
        assert TOLD not in answered(person.click(card, custom_id.format(number), force=True)).text
    assert "no cue 999" in told(person.submits_stale(f"edit:{number}:999", {"text": "x"}, card))
    assert "does not stand in" in told(person.submits_stale(f"replace:{number}", {"find": "xyz", "by": ""}, card))
    assert scene.state(number) is DraftState.WAITING


def test_a_refusal_names_those_who_can_as_mentions(scene):
    _, card = scene.draft(COVERED)
    text = told(scene.vic.click(card, "Approve"))
    assert text == f"{TOLD} of The Bakery, and you are a viewer. Ask <@&{scene.bakers}>."


def test_who_approves_for_one_channel_does(scene):
    number, card = scene.draft(COVERED)
    scene.ben.click(card, "Approve")
    scene.server.card(number, is_decided)
    assert scene.state(number) is DraftState.APPROVED


# ---- what no card of today has


@pytest.mark.parametrize("custom_id", ["draft:publish:{}", "draft:approve:", "approve-{}", "edit:{}", "x" * 100])
def test_a_button_of_another_version_says_so(custom_id, scene):
    number, card = scene.draft()
    text = told(scene.anna.click(card, custom_id.format(number), force=True))
    assert text == "That is of another version of captionbot: see /draft list, and use what is there."


@pytest.mark.parametrize(
    ("custom_id", "answer"),
    [
        ("page:draft approve:1:draft={}", "Draft approve has no pages."),
        ("page:draft publish:1:", "There is no command 'draft publish' any more."),
        ("do:draft publish", "There is no command 'draft publish' any more."),
        ("draft:approve:999999999999999999", "There is no draft 999999999999999999."),
        ("cues:999:1", "There is no draft 999."),
    ],
)
def test_what_is_not_there_is_told_and_nothing_happens(custom_id, answer, scene):
    number, card = scene.draft()
    before = scene.decided()
    assert told(scene.owner.click(card, custom_id.format(number), force=True)) == answer
    assert scene.decided() == before


# ---- lists


def test_pages_of_a_list_are_turned(scene):
    for index in range(22):
        videos.request(scene.database, f"page-{index:06}", "ann")
    seen = answered(scene.vic.types("/queue show"))
    assert "page 1 of" in seen.text
    scene.vic.click(seen.message, "▶")
    wait_for("page 2", lambda: "page 2 of" in seen.again().text)


# ---- what there is beside the captions


def test_what_the_engine_gave_beside_the_captions_is_chosen_below_the_card(scene):
    number, card = scene.draft(extras={"chapters": [{"start": 0, "title": "*Flour*"}], "summary": "Bread."})
    (menu,) = [one for row in card["components"] for one in row["components"] if one["type"] == 3]
    assert [one["label"] for one in menu["options"]] == ["Chapters", "Summary"]
    seen = answered(scene.vic.select(card, f"extras:{number}", "chapters"))
    assert seen.ephemeral
    assert seen.text == "Chapters\n0:00 \\*Flour\\*"
    assert [one["filename"].endswith(".extras.json") for one in seen.message["attachments"]] == [True]
