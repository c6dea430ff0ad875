"""What captiond says of its login: which channels it covers, and what to do where it covers none."""

import json
import threading
from datetime import timedelta
from itertools import pairwise

import pytest

from daemon.children import Spawner, WarmChild
from daemon.settings import DaemonSettings
from daemon.signs import ASK_AGAIN, ASK_SOON, Signs
from daemon.stages import LEASE, Context, transcribe
from daemon.youtube import login
from sandbox import youtube
from sandbox.youtube import CHANNEL_ID, CLIENT_ID, CLIENT_SECRET, TOKEN, YouTube
from store import database as stored
from store import drafts, services, videos
from store.drafts import Captions
from store.lifecycle import DraftState, VideoState
from tests.conftest import sample
from tests.loopback import NO_KEYRING, LoggingIn, consents
from tests.machine import machine, wait_for

OTHER_ID = "UC" + "x" * 22
AGAIN = "log in again: captiond login"
TEXT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nIt was the best of times.\n"


@pytest.fixture
def played():
    played = YouTube()
    played.add_channel(OTHER_ID, "Other", "@other")
    return played


@pytest.fixture
def context(tmp_path, database, played):
    spawner = Spawner()
    recogniser = WarmChild(spawner, transcribe.MODULE, idle_seconds=600)
    with youtube.running(youtube.make_app(played)) as url:
        places = {"api_root": url, "auth_uri": f"{url}/o/oauth2/auth", "token_uri": f"{url}/token"}
        settings = DaemonSettings.model_validate({"youtube": places})
        (tmp_path / login.FILE).write_text(json.dumps(TOKEN))
        voices = WarmChild(spawner, transcribe.VOICES_MODULE, idle_seconds=600)
        yield Context(settings, database, tmp_path, spawner, recogniser, voices, threading.Event())
    recogniser.close()


@pytest.fixture
def signs(context):
    return Signs(context)


@pytest.fixture
def told(database):
    """What captiond has said last: the channels covered, and the note."""

    def read():
        said = services.get(database, "captiond")
        return said.covers, said.note

    return read


@pytest.fixture
def logs_in(context, played, clock):
    """Somebody logs in anew, to this channel."""

    def log_in(channel_id):
        token = played.add_account(channel_id)
        grant = login.Grant(CLIENT_ID, CLIENT_SECRET, token, "stale", clock() - timedelta(days=365), clock())
        login.save(context.state / login.FILE, grant, context.settings.youtube.token_uri)

    return log_in


def test_what_the_login_covers_is_said_at_once(signs, told):
    signs.ask()
    assert told() == ([CHANNEL_ID], None)


def test_youtube_is_asked_again_after_an_hour_and_not_before(signs, played, clock):
    signs.ask()
    clock.passes(seconds=ASK_AGAIN.total_seconds() - 1)
    signs.ask()
    assert played.requests["channels.list"] == 1
    clock.passes(seconds=1)
    signs.ask()
    assert played.requests["channels.list"] == 2


def test_a_new_login_is_noticed_at_once(signs, played, told, logs_in):
    signs.ask()
    logs_in(OTHER_ID)
    signs.ask()
    assert told() == ([OTHER_ID], None)


def test_keeping_a_renewed_access_token_is_no_new_login(signs, context, played):
    signs.ask()
    before = (context.state / login.FILE).read_bytes()
    played.expire_tokens()
    with context.api() as api:
        api.find_channel(id=CHANNEL_ID)
    assert (context.state / login.FILE).read_bytes() != before, "a token was renewed"
    asked = played.requests["channels.list"]
    signs.ask()
    assert played.requests["channels.list"] == asked


def test_a_revoked_login_covers_nothing_and_the_note_says_what_to_do(signs, played, told, clock):
    signs.ask()
    played.revoke()
    clock.passes(seconds=ASK_AGAIN.total_seconds())
    signs.ask()
    covers, note = told()
    assert covers == []
    assert note.endswith(AGAIN)


def test_a_restart_says_nothing_new(context, signs, played, told, database):
    played.revoke()
    signs.ask()
    Signs(context).beat()
    Signs(context).ask()
    noted = [event for event in services.events(database) if event.what == "noted"]
    assert [event.why for event in noted] == [told()[1]]


def test_after_a_new_login_the_note_is_gone(signs, played, told, logs_in):
    played.revoke()
    signs.ask()
    assert told()[1].endswith(AGAIN)
    logs_in(CHANNEL_ID)
    signs.ask()
    assert told() == ([CHANNEL_ID], None)


def test_logging_out_is_noticed_at_once(signs, context, told):
    signs.ask()
    (context.state / login.FILE).unlink()
    signs.ask()
    covers, note = told()
    assert covers == []
    assert note.startswith("nobody is logged in to YouTube: run captiond login")


def test_while_youtube_cannot_be_reached_what_was_known_stays_and_it_is_soon_asked_again(signs, played, told, clock):
    signs.ask()
    played.fault("channels.list", "status", 1, 503)
    clock.passes(seconds=ASK_AGAIN.total_seconds())
    signs.ask()
    covers, note = told()
    assert covers == [CHANNEL_ID]
    assert "503" in note
    clock.passes(seconds=ASK_SOON.total_seconds())
    signs.ask()
    assert told() == ([CHANNEL_ID], None)


def test_a_page_in_between_does_not_take_the_login_away(signs, played, told, clock):
    """The token endpoint answers with HTML, as a proxy in trouble does: nothing is known of the login."""
    signs.ask()
    played.expire_tokens()
    played.fault("token", "html", 1, 502)
    clock.passes(seconds=ASK_AGAIN.total_seconds())
    signs.ask()
    covers, note = told()
    assert covers == [CHANNEL_ID]
    assert AGAIN not in note


# ---- the processes


@pytest.fixture
def owner(tmp_path):
    with machine(tmp_path) as made:
        made.environment["PYTHON_KEYRING_BACKEND"] = NO_KEYRING
        yield made


def waiting_draft(owner):
    """A draft of a video on the sandbox channel, made before captiond runs."""
    stored.migrate(owner.database)
    videos.request(owner.database, owner.sandbox.publishes(sample("beckett.wav")), "test")
    for old, new in pairwise((VideoState.FOUND, VideoState.DOWNLOADED, VideoState.TRANSCRIBED)):
        video = videos.claim_next(owner.database, old, "captiond", LEASE)
        videos.advance(owner.database, video, new, "captiond", youtube_channel_id=CHANNEL_ID)
    video = videos.claim_next(owner.database, VideoState.TRANSCRIBED, "captiond", LEASE)
    drafts.make(owner.database, video, Captions("en", "whisper", "tiny", "netflix", TEXT, 1, {}), "captiond")


def logs_in_beside(owner, folder):
    """`captiond login`, in a terminal of its own."""
    with LoggingIn(folder, owner.environment) as terminal:
        consents(terminal.waits())
        assert terminal.ends().code == 0


def said(owner):
    return services.get(owner.database, "captiond")


def test_a_running_captiond_notices_that_somebody_logged_in_to_another_channel(owner, tmp_path):
    owner.sandbox.post("channel", {"id": OTHER_ID, "title": "Other", "handle": "@other"})
    owner.start()
    assert said(owner).covers == [CHANNEL_ID]
    owner.sandbox.post("consent", {"channel_id": OTHER_ID})
    logs_in_beside(owner, tmp_path)
    wait_for("the other channel", lambda: said(owner).covers == [OTHER_ID])


def test_a_draft_under_a_revoked_login_says_what_to_do_and_after_that_is_uploaded(owner, tmp_path):
    waiting_draft(owner)
    owner.start()
    owner.sandbox.post("revoke", {})
    owner.told("draft", "approve", "1")
    wait_for("failed", lambda: owner.draft().state is DraftState.FAILED)
    assert owner.draft().reason.endswith(AGAIN)
    assert AGAIN in owner.told("draft", "show", "1")["text"]
    logs_in_beside(owner, tmp_path)
    owner.told("draft", "retry", "1")
    wait_for("uploaded", lambda: owner.draft().state is DraftState.UPLOADED)
    assert [track["text"] for track in owner.sandbox.state["tracks"]] == [TEXT]
