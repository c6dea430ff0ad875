"""The outbox over a real store and a chat that a test can break at every point."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.announce import Closed, Gone, Outbox
from bot.card import Mood, card
from bot.desk import Desk
from bot.guard import Chat as Said
from bot.reply import Action
from store import announcements, channels, drafts, services, videos, work
from store.lifecycle import DraftState, ErrorKind, VideoState
from store.tables import Draft
from tests.bot.conftest import COVERED, LEASE, OTHER
from tests.store import factories

PLACE = "1000"
ANSWER_SECONDS = 20.0


class Chat:
    """Keeps what is sent to it. `breaks`: kinds of calls that break once, "before" or "after" it was done."""

    def __init__(self):
        self.cards, self.notices, self.drawn = [], [], 0
        self.breaks, self.closed, self.deleted, self.refused = {}, set(), set(), 0

    def _may_break(self, what, when):
        if self.breaks.get(what) == when:
            del self.breaks[what]
            raise OSError("the line is dead")

    def _open(self, place):
        if place in self.closed:
            self.refused += 1
            raise Closed("give it View Channel")

    async def post(self, place, card):
        self._may_break("post", "before")
        self._open(place)
        self.cards.append([place, card])
        self._may_break("post", "after")
        return str(len(self.cards))

    async def redraw(self, place, message, card):
        self._open(place)
        if message in self.deleted:
            raise Gone("there is no such message")
        self._may_break("redraw", "before")
        self.cards[int(message) - 1][1] = card
        self.drawn += 1
        self._may_break("redraw", "after")

    async def find(self, place, draft_id, _since):
        self._open(place)
        found = [n for n, (where, card) in enumerate(self.cards, 1) if (where, card.draft_id) == (place, draft_id)]
        return str(found[0]) if found else None

    async def tell(self, place, first, last, told):
        self._may_break("tell", "before")
        self._open(place)
        self.notices.append((place, first, last, tuple(one.text for one in told)))
        self._may_break("tell", "after")

    async def told(self, place, first, _since):
        known = first - 1
        for where, begin, end, _ in self.notices:
            known = end if (where, begin) == (place, known + 1) else known
        return known

    def shown(self, draft_id):
        """The card of a draft; there is only one."""
        (found,) = [card for _, card in self.cards if card.draft_id == draft_id]
        return found

    @property
    def told_texts(self):
        return [text for *_, texts in self.notices for text in texts]


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def chat():
    return Chat()


class Bot:
    """One process of the bot after the other."""

    def __init__(self, database, chat, place=PLACE):
        self.database, self.chat, self.place = database, chat, place
        self.restarts()

    def restarts(self):
        self.outbox = Outbox(Desk(self.database, Said(place=self.place)), self.chat, ANSWER_SECONDS)
        return self

    def turns(self, times=1):
        for _ in range(times):
            asyncio.run(self.outbox.turn())
        return self.chat

    def breaks_down(self):
        with pytest.raises(OSError, match="the line is dead"):
            self.turns()


@pytest.fixture
def bot(database, chat, captiond):
    captiond.runs()
    made = Bot(database, chat)
    made.turns()
    chat.cards.clear()
    return made


# ---- drafts that nobody was shown


@pytest.mark.parametrize(
    ("model", "shown"),
    [("/srv/models/tiny.en/", "tiny.en"), ("large-v3-turbo", "large-v3-turbo"), ("some/model", "some/model")],
)
def test_a_model_in_a_folder_is_shown_by_the_name_of_the_folder(database, model, shown):
    draft = factories.draft(database, model=model)
    assert ("By", f"whisper {shown}") in card(announcements.showing(database, draft.id)).facts


def test_a_card_says_by_which_rules_the_captions_were_made(database):
    draft = factories.draft(database, profile="shorts", report={"limits": {"lines": 1}})
    assert ("Rules", "shorts, lines=1") in card(announcements.showing(database, draft.id)).facts


def test_drafts_are_shown_once_the_oldest_first(bot, captiond):
    captiond.drafts("aaaaaaaaaaa")
    captiond.drafts("bbbbbbbbbbb")
    shown = bot.turns(3)
    assert [(place, card.draft_id) for place, card in shown.cards] == [(PLACE, 1), (PLACE, 2)]
    assert (shown.drawn, shown.notices) == (0, [])
    assert [card.draft_id for _, card in bot.restarts().turns(2).cards] == [1, 2]


def test_a_card_with_who_speaks_is_not_drawn_anew_with_each_look(bot, captiond, database):
    talk = {"speaker": "Ada", "seconds": 1.5, "share": 1.0, "turns": 1, "words": 3, "interruptions": 0}
    draft = captiond.drafts("aaaaaaaaaaa", talk=[talk], turns=[[0.0, 1.5, "Ada"]])
    assert bot.turns().shown(draft.id).voices is not None
    announcements.touch(database, [draft.id])
    assert bot.restarts().turns(2).drawn == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_card_that_may_have_been_sent_is_not_sent_twice(when, bot, captiond, chat):
    captiond.drafts("aaaaaaaaaaa")
    chat.breaks["post"] = when
    bot.breaks_down()
    assert [card.draft_id for _, card in bot.turns().cards] == [1]
    assert announcements.get(bot.database, 1).message == "1"


@pytest.mark.parametrize("when", ["before", "after"])
def test_nor_by_the_process_after_the_one_that_was_killed(when, bot, captiond, chat):
    captiond.drafts("aaaaaaaaaaa")
    chat.breaks["post"] = when
    bot.breaks_down()
    assert [card.draft_id for _, card in bot.restarts().turns(2).cards] == [1]


def test_what_was_decided_while_the_bot_was_down_is_not_shown(bot, captiond, chat):
    captiond.drafts("aaaaaaaaaaa")
    drafts.reject(bot.database, 1, "console:ann")
    assert bot.turns().cards == []


def test_unless_it_may_have_been_sent_before_then_its_card_is_found(bot, captiond, chat):
    captiond.drafts("aaaaaaaaaaa")
    chat.breaks["post"] = "after"
    bot.breaks_down()
    drafts.reject(bot.database, 1, "console:ann", "wrong language")
    card = bot.restarts().turns().shown(1)
    assert (card.mood, card.actions) == (Mood.REFUSED, ())
    assert card.lines[0].text == "Rejected by ann in the console: wrong language."


def test_and_if_it_was_not_sent_it_is_not_sent_any_more(bot, captiond, chat):
    captiond.drafts("aaaaaaaaaaa")
    chat.breaks["post"] = "before"
    bot.breaks_down()
    drafts.reject(bot.database, 1, "console:ann")
    assert bot.restarts().turns(2).cards == []
    assert announcements.due(bot.database) == []


# ---- where


def place_of(database, reference, place):
    row = channels.find(database, reference)
    channels.change(database, row.number, "ann", {"place": place})


def test_a_channel_has_a_place_of_its_own(bot, captiond):
    captiond.watches("@other", OTHER, "Other")
    place_of(bot.database, "@other", "2000")
    captiond.drafts("aaaaaaaaaaa", owner=OTHER)
    captiond.drafts("bbbbbbbbbbb")
    assert sorted((place, card.draft_id) for place, card in bot.turns().cards) == [("1000", 2), ("2000", 1)]


def test_without_a_place_it_is_told_and_shown_as_soon_as_there_is_one(database, chat, captiond):
    captiond.runs()
    bot = Bot(database, chat, place="")
    captiond.drafts("aaaaaaaaaaa")
    assert bot.turns().cards == []
    assert "set place in [bot.discord]" in bot.outbox.trouble
    place_of(database, "@aaa", "2000")
    assert [place for place, _ in bot.restarts().turns().cards] == ["2000"]
    assert bot.outbox.trouble is None


def test_a_place_that_is_closed_holds_up_nobody_else(bot, captiond, chat):
    chat.closed = {PLACE}
    captiond.drafts("aaaaaaaaaaa")
    captiond.watches("@other", OTHER, "Other")
    place_of(bot.database, "@other", "2000")
    captiond.drafts("bbbbbbbbbbb", owner=OTHER)
    assert [place for place, _ in bot.turns().cards] == ["2000"]
    assert "give it View Channel" in bot.outbox.trouble
    chat.closed = set()
    assert sorted(place for place, _ in bot.restarts().turns().cards) == [PLACE, "2000"]


def test_another_place_counts_for_what_was_not_sent_yet(bot, captiond, chat):
    captiond.drafts("aaaaaaaaaaa")
    chat.breaks["post"] = "before"
    bot.breaks_down()
    bot.place = "3000"
    assert [place for place, _ in bot.restarts().turns().cards] == ["3000"]


def test_but_what_was_sent_stays_where_it_is(bot, captiond, chat):
    captiond.drafts("aaaaaaaaaaa")
    chat.breaks["post"] = "after"
    bot.breaks_down()
    bot.place = "3000"
    assert [place for place, _ in bot.restarts().turns(2).cards] == [PLACE]


# ---- cards that show what is no more


@pytest.fixture
def shown(bot, captiond):
    """A draft whose card hangs there."""
    captiond.drafts("aaaaaaaaaaa")
    bot.turns(2)
    return bot


def test_a_decision_from_elsewhere_is_drawn_once(shown):
    drafts.approve(shown.database, 1, "console:ann")
    card = shown.turns(3).shown(1)
    assert (card.mood, card.actions, shown.chat.drawn) == (Mood.UNDER_WAY, (), 1)
    assert card.lines[0].text == "Approved by ann in the console"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_card_that_could_not_be_drawn_is_drawn_later(when, shown, chat):
    drafts.approve(shown.database, 1, "console:ann")
    chat.breaks["redraw"] = when
    shown.breaks_down()
    assert shown.restarts().turns().shown(1).mood is Mood.UNDER_WAY


def test_who_took_a_rejection_back_stands_on_the_card(shown):
    drafts.reject(shown.database, 1, "discord:ben", "bad")
    card = shown.turns().shown(1)
    assert card.lines[-1].text == "To take that back: /draft retry 1"
    drafts.retry(shown.database, 1, "discord:ann")
    card = shown.turns().shown(1)
    assert [line.text for line in card.lines] == ["Taken up again by @ann", "Waits for a decision."]


def test_a_failed_upload_that_is_tried_again_is_not_put_off(shown):
    drafts.approve(shown.database, 1, "discord:ann")
    claimed = drafts.claim_approved(shown.database, "captiond", LEASE)
    drafts.set_aside(shown.database, claimed, DraftState.FAILED, "captiond", ErrorKind.PERSON, "the login has ended")
    drafts.retry(shown.database, 1, "discord:ben")
    assert [line.text for line in shown.turns().shown(1).lines][:2] == ["Taken up again by @ben", "Is uploaded next."]


def test_an_upload_that_is_put_off_says_until_when(shown):
    drafts.approve(shown.database, 1, "discord:ann")
    shown.turns()
    put_off(shown.database, 1, "the service answered 503", ErrorKind.LATER)
    assert "put off: the service answered 503" in shown.turns().shown(1).lines[1].text


def test_a_track_on_youtube_is_told_and_drawn(shown):
    drafts.approve(shown.database, 1, "discord:ann")
    claimed = drafts.claim_approved(shown.database, "captiond", LEASE)
    drafts.uploaded(shown.database, claimed, "captiond", "track")
    chat = shown.turns(2)
    assert (chat.shown(1).mood, chat.shown(1).url) == (Mood.DONE, "https://youtu.be/aaaaaaaaaaa")
    assert chat.told_texts == ["has captions on YouTube now: en, draft 1."]


def test_a_newer_revision_takes_the_older_ones_buttons_away(shown, people):
    people.owner_says("draft edit", draft="1", cue="1", text="Else")
    chat = shown.turns()
    assert chat.shown(1).actions == ()
    assert chat.shown(1).lines[-1].text == "Draft 2, revision 2, took its place."
    assert Action.APPROVE in chat.shown(2).actions


def test_a_login_that_covers_no_more_turns_approve_into_download(shown):
    services.beat(shown.database, "captiond", "9.9", shown.database.now(), {}, [])
    assert Action.DOWNLOAD in shown.turns().shown(1).actions
    services.beat(shown.database, "captiond", "9.9", shown.database.now(), {}, [COVERED])
    assert Action.APPROVE in shown.turns().shown(1).actions


def test_a_card_that_somebody_deleted_is_not_sent_again(shown, chat):
    chat.deleted = {"1"}
    drafts.approve(shown.database, 1, "discord:ann")
    shown.turns(2)
    assert len(chat.cards) == 1
    assert announcements.stale(shown.database) == []


def test_a_card_whose_place_is_closed_for_a_while_is_drawn_when_it_is_open(shown, chat):
    chat.closed = {PLACE}
    drafts.approve(shown.database, 1, "console:ann")
    shown.turns(2)
    assert chat.shown(1).mood is Mood.WAITING
    assert "give it View Channel" in shown.outbox.trouble
    chat.closed = set()
    assert shown.restarts().turns().shown(1).mood is Mood.UNDER_WAY


def test_a_restart_draws_no_card_that_is_as_it_was(shown, captiond):
    for number in range(8):
        captiond.drafts(f"video-{number:05}")
    shown.turns(3)
    assert (len(shown.chat.cards), shown.chat.drawn) == (9, 0)
    assert shown.restarts().turns(3).drawn == 0


def test_many_cards_that_change_hold_up_no_new_one(shown, captiond, chat):
    for number in range(30):
        captiond.drafts(f"video-{number:05}")
    shown.turns(8)
    services.beat(shown.database, "captiond", "9.9", shown.database.now(), {}, [])
    captiond.drafts("zzzzzzzzzzz")
    shown.turns()
    assert 0 < chat.drawn < 31
    assert len(chat.cards) == 32
    assert shown.turns(8).drawn == 31


def test_a_draft_that_cannot_be_read_holds_up_no_other(bot, captiond, chat):
    captiond.drafts("aaaaaaaaaaa")
    captiond.drafts("bbbbbbbbbbb")
    spoil(bot.database, 1)
    failed(captiond, 1)
    bot.turns(2)
    assert [card.draft_id for _, card in chat.cards] == [2]
    assert len(chat.told_texts) == 1
    assert "draft 1" in bot.outbox.trouble


def test_a_card_that_cannot_be_drawn_any_more_holds_up_no_other(shown, captiond, chat):
    captiond.drafts("bbbbbbbbbbb")
    shown.turns()
    for number in (1, 2):
        drafts.approve(shown.database, number, "console:ann")
    spoil(shown.database, 1)
    assert shown.turns(2).shown(2).mood is Mood.UNDER_WAY


def test_a_closed_place_is_tried_once_and_not_for_each_draft(bot, captiond, chat):
    for number in range(12):
        captiond.drafts(f"video-{number:05}")
    chat.closed = {PLACE}
    bot.turns(4)
    assert chat.refused == 1


def test_what_may_have_been_sent_to_a_place_that_is_closed_is_shown_in_the_new_one(bot, captiond, chat):
    captiond.drafts("aaaaaaaaaaa")
    chat.breaks["post"] = "before"
    bot.breaks_down()
    chat.closed, bot.place = {PLACE}, "3000"
    assert [place for place, _ in bot.restarts().turns(2).cards] == ["3000"]


def test_a_video_that_is_done_again_says_so_on_its_card(shown):
    videos.redo(shown.database, 1, "discord:ann")
    card = shown.turns().shown(1)
    assert card.lines[-1].text == "The video is being recognised again: a new revision comes."
    assert Action.REDO not in card.actions


def test_a_refresh_draws_at_once(shown):
    drafts.approve(shown.database, 1, "discord:ann")
    asyncio.run(shown.outbox.refresh(1))
    assert shown.chat.shown(1).mood is Mood.UNDER_WAY


# ---- notices


def spoil(database, draft_id):
    """A text that no version of ours can read."""
    with database.write() as session:
        session.get(Draft, draft_id).text = "no captions at all"


def put_off(database, draft_id, why, kind):
    claimed = drafts.claim_approved(database, "captiond", LEASE)
    assert claimed.id == draft_id
    until = database.now() + timedelta(hours=3)
    work.postpone(database, Draft, draft_id, "captiond", until, kind, why, counted=False)


def test_what_happened_before_the_first_start_is_not_told(database, chat, captiond):
    captiond.finds("aaaaaaaaaaa")
    captiond.fails("aaaaaaaaaaa", "sign in")
    assert Bot(database, chat).turns(2).notices == []


def test_a_video_that_needs_a_person_is_told_once_with_what_to_do(bot, captiond):
    captiond.finds("aaaaaaaaaaa")
    captiond.fails("aaaaaaaaaaa", "YouTube wants a signed-in viewer: set cookies_file")
    told = "needs you: YouTube wants a signed-in viewer: set cookies_file. When that is done: /queue retry 1"
    assert bot.turns(3).told_texts == [told]
    assert bot.restarts().turns(2).told_texts == [told]


def test_one_that_was_taken_up_again_meanwhile_is_not_told(bot, captiond):
    captiond.finds("aaaaaaaaaaa")
    captiond.fails("aaaaaaaaaaa", "sign in")
    videos.retry(bot.database, 1, "ann")
    assert bot.turns().notices == []


def test_an_upload_that_will_never_be_is_told(bot, captiond):
    captiond.drafts("aaaaaaaaaaa")
    drafts.approve(bot.database, 1, "ann")
    claimed = drafts.claim_approved(bot.database, "captiond", LEASE)
    drafts.set_aside(bot.database, claimed, DraftState.SKIPPED, "captiond", ErrorKind.FINAL, "the video is gone")
    assert bot.turns().told_texts == ["gets no captions on YouTube: the video is gone. Draft 1 can be downloaded."]


def test_a_video_that_somebody_asked_for_and_will_not_get_is_told(bot, captiond):
    captiond.watches()
    asked = videos.request(bot.database, "aaaaaaaaaaa", "discord:ann")
    claimed = captiond.claims("aaaaaaaaaaa")
    videos.set_aside(bot.database, claimed, VideoState.SKIPPED, "captiond", ErrorKind.FINAL, "the video is private")
    assert bot.turns().told_texts == ["is not captioned: the video is private."]
    assert asked.id == 1


def test_a_failed_upload_is_told(bot, captiond):
    captiond.drafts("aaaaaaaaaaa")
    drafts.approve(bot.database, 1, "ann")
    claimed = drafts.claim_approved(bot.database, "captiond", LEASE)
    drafts.set_aside(bot.database, claimed, DraftState.FAILED, "captiond", ErrorKind.PERSON, "another track is there")
    text = "was not captioned: another track is there. When that is done: /draft retry 1"
    assert bot.turns().told_texts == [text]


def test_a_quota_that_is_used_up_is_told_once_a_day(bot, captiond, clock):
    for number, name in enumerate(("aaaaaaaaaaa", "bbbbbbbbbbb", "ccccccccccc"), 1):
        captiond.drafts(name)
        drafts.approve(bot.database, number, "ann")
    for number in (1, 2):
        put_off(bot.database, number, "today's quota for YouTube is used up", ErrorKind.WAIT)
    bot.turns()
    put_off(bot.database, 3, "today's quota for YouTube is used up", ErrorKind.WAIT)
    text = "Uploads wait: today's quota for YouTube is used up. They go on by themselves"
    assert bot.turns(2).told_texts == [text]


def test_what_captiond_says_of_itself_is_told(bot):
    for note in ("the login has ended: captiond login", "the login has ended: captiond login", None):
        services.beat(bot.database, "captiond", "9.9", bot.database.now(), {}, [COVERED], note)
    assert bot.turns().told_texts == [
        "captiond: the login has ended: captiond login.",
        "captiond: what was wrong is mended.",
    ]


def test_a_channel_whose_asker_did_not_wait_is_told(bot, clock):
    asked = channels.ask(bot.database, "@late", "ann")
    clock.passes(seconds=ANSWER_SECONDS + 1)
    channels.found(bot.database, asked.id, "captiond", OTHER, "Late")
    assert bot.turns().told_texts == ["Channel 1, Late, is watched now."]


def test_one_whose_asker_waited_is_not(bot):
    asked = channels.ask(bot.database, "@soon", "ann")
    channels.found(bot.database, asked.id, "captiond", OTHER, "Soon")
    assert bot.turns().notices == []


def failed(captiond, count):
    for number in range(count):
        captiond.finds(f"video-{number:05}")
        captiond.fails(f"video-{number:05}", "sign in")


def test_many_at_once_are_one_message(bot, captiond):
    failed(captiond, 30)
    (notice,) = bot.turns(2).notices
    assert len(notice[3]) == 30


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_notice_that_may_have_been_sent_is_not_sent_twice(when, bot, captiond, chat):
    failed(captiond, 2)
    chat.breaks["tell"] = when
    bot.breaks_down()
    captiond.finds("zzzzzzzzzzz")
    captiond.fails("zzzzzzzzzzz", "no room on the disk")
    texts = bot.restarts().turns(2).told_texts
    assert sorted(text.rpartition(" ")[2] for text in texts) == ["1", "2", "3"]


def test_what_cannot_be_told_now_is_told_when_it_can(bot, captiond, chat):
    chat.closed = {PLACE}
    failed(captiond, 1)
    assert bot.turns(2).notices == []
    assert "give it View Channel" in bot.outbox.trouble
    chat.closed = set()
    captiond.finds("zzzzzzzzzzz")
    captiond.fails("zzzzzzzzzzz", "no room on the disk")
    assert len(bot.restarts().turns(2).told_texts) == 2


def test_what_cannot_be_told_in_one_place_is_told_in_another(bot, captiond, chat):
    captiond.watches("@other", OTHER, "Other")
    place_of(bot.database, "@other", "2000")
    captiond.finds("aaaaaaaaaaa", owner=OTHER)
    captiond.fails("aaaaaaaaaaa", "sign in")
    chat.closed = {"2000"}
    bot.turns(3)
    assert [place for place, *_ in chat.notices] == [PLACE]


def test_without_a_place_of_config_toml_what_is_of_no_channel_is_told_where_one_is_watched(database, chat, captiond):
    captiond.runs()
    captiond.watches()
    place_of(database, "@bakery", "2000")
    bot = Bot(database, chat, place="")
    bot.turns()
    services.beat(database, "captiond", "9.9", database.now(), {}, [COVERED], "the login has ended: captiond login")
    bot.turns()
    assert [(place, texts) for place, _, _, texts in chat.notices] == [
        ("2000", ("captiond: the login has ended: captiond login.",))
    ]


def test_without_any_place_notices_wait_for_one(database, chat, captiond):
    captiond.runs()
    captiond.watches()
    bot = Bot(database, chat, place="")
    bot.turns()
    captiond.finds("aaaaaaaaaaa")
    captiond.fails("aaaaaaaaaaa", "sign in")
    assert bot.turns(2).notices == []
    place_of(database, "@bakery", "2000")
    assert len(bot.turns().told_texts) == 1


def test_a_video_on_its_way_is_no_notice(bot, captiond):
    captiond.drafts("aaaaaaaaaaa")
    assert videos.get(bot.database, 1).state is VideoState.DRAFTED
    assert bot.turns().notices == []
