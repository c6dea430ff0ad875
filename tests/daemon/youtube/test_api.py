"""The Data API by Google's own client: what a person must do, and what passes by itself."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from daemon.errors import AskHuman, DaemonError, TryLater, WaitFor
from daemon.youtube import login
from daemon.youtube.api import Api
from daemon.youtube.login import Grant
from daemon.youtube.quota import next_reset
from sandbox.youtube import CHANNEL_ID, CHANNEL_TITLE, CLIENT_ID, CLIENT_SECRET, TOKEN, YouTube, make_app, running
from tests.loopback import answering

ENABLE = "not switched on in your Google Cloud project: enable it at https://console.cloud.google.com/apis/library/"
AGAIN = "log in again: captiond login"


@pytest.fixture
def youtube():
    return YouTube()


@pytest.fixture
def url(youtube):
    with running(make_app(youtube)) as address:
        yield address


@pytest.fixture
def path(tmp_path):
    path = tmp_path / login.FILE
    path.write_text(json.dumps(TOKEN))
    return path


@pytest.fixture
def channels(path, url):
    """Asks for the channels; `root` and `token_uri` may be somebody else's."""

    def ask(root=None, token_uri=None, book=lambda _operation: None):
        kept = login.load(path, token_uri or f"{url}/token")
        with Api(kept, root or url, 5, book) as api:
            return {channel.youtube_id: channel.title for channel in api.my_channels()}

    return ask


def refused(code, reason, message="Said by Google.", **more):
    """An error as the Data API puts it."""
    detail = {"message": message, "domain": "youtube", "reason": reason}
    return {"error": {"code": code, "message": message, "errors": [detail], **more}}


def test_the_channels_of_the_login_are_told_with_their_titles(channels):
    assert channels() == {CHANNEL_ID: CHANNEL_TITLE}


def test_each_call_is_booked_before_it_is_made_and_may_be_forbidden(channels, youtube):
    booked = []
    channels(book=booked.append)
    assert booked == ["channels.list"]

    def forbids(_operation):
        raise WaitFor("used up", datetime.now(UTC))

    with pytest.raises(WaitFor):
        channels(book=forbids)
    assert youtube.requests["channels.list"] == 1


# ---- the login is lost


@pytest.mark.parametrize("before", [False, True], ids=["at once", "later"])
def test_a_revoked_login_asks_for_a_new_one(channels, youtube, before):
    if before:
        channels()  # there is an access token that was good
    youtube.revoke()
    with pytest.raises(AskHuman, match=rf"^the login to YouTube was revoked or has expired .*: {AGAIN}$"):
        channels()


def test_a_login_whose_week_is_over_says_how_the_next_one_stays(channels, path, url):
    now = datetime.now(UTC)
    grant = Grant(CLIENT_ID, CLIENT_SECRET, "unknown", "unknown", now + timedelta(hours=1), now - timedelta(days=8))
    login.save(path, replace(grant, ends_at=now - timedelta(days=1)), f"{url}/token")
    with pytest.raises(AskHuman, match=rf"seven days after it was given.*is in Testing: publish the app.*{AGAIN}$"):
        channels()


def test_a_login_that_the_api_refuses_though_it_is_renewed_asks_for_a_new_one(channels, youtube):
    youtube.fault("channels.list", "status", None, 401)
    with pytest.raises(AskHuman, match=f"{AGAIN}$"):
        channels()
    assert youtube.requests["channels.list"] < 5


def test_a_client_that_google_does_not_know_any_more_asks_for_a_new_login(channels, path):
    path.write_text(json.dumps({**TOKEN, "client_secret": "changed"}))
    with pytest.raises(AskHuman, match=f"{AGAIN}$"):
        channels()


# ---- the login is not lost


def test_a_login_that_cannot_be_renewed_now_is_not_lost(channels, youtube):
    youtube.fault("token", "status", None, 503)  # google-auth tries three times, 3 s in all
    with pytest.raises(TryLater, match="could not be renewed now"):
        channels()
    youtube.faults.clear()
    assert channels()


@pytest.mark.parametrize("value", [200, 404, 502])
def test_a_page_where_the_login_should_be_renewed_does_not_lose_it(channels, youtube, value):
    """A proxy that is in trouble, or a hotel that wants a login of its own."""
    youtube.fault("token", "html", None, value)
    with pytest.raises(TryLater):
        channels()


@pytest.mark.parametrize("answer", [b"[]", b"null", b"3", b'"x"', b"{}", {"access_token": "a", "expires_in": "soon"}])
def test_json_of_somebody_else_where_the_login_should_be_renewed_does_not_lose_it(channels, answer):
    with answering(answer) as other, pytest.raises(TryLater):
        channels(token_uri=f"{other}/token")


@pytest.mark.parametrize("operation", ["token", "channels.list"])
def test_a_connection_that_is_cut_is_tried_again(channels, youtube, operation):
    youtube.fault(operation, "cut_before", None)
    with pytest.raises(TryLater, match="could not be reached"):
        channels()


# ---- other errors, as Google puts them


def test_an_api_that_is_not_switched_on_says_where_to_do_so(channels):
    with answering(refused(403, "accessNotConfigured"), 403) as other, pytest.raises(AskHuman, match=ENABLE):
        channels(root=other)


def test_so_it_does_in_the_words_of_today_with_details_before_the_reason(channels):
    """As in gabe565/CastSponsorSkip#27 (2023): `details` have another vocabulary, and the first has no reason."""
    help_ = {
        "@type": "type.googleapis.com/google.rpc.Help",
        "links": [{"description": "activation", "url": "https://x"}],
    }
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "SERVICE_DISABLED",
        "domain": "googleapis.com",
    }
    body = refused(403, "accessNotConfigured", status="PERMISSION_DENIED", details=[help_, info])
    with answering(body, 403) as other, pytest.raises(AskHuman, match=ENABLE):
        channels(root=other)


def test_a_reason_counts_whatever_details_are_beside_it(channels):
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "OTHER", "domain": "googleapis.com"}
    body = refused(403, "quotaExceeded", details=[info])
    with answering(body, 403) as other, pytest.raises(WaitFor) as error:
        channels(root=other)
    assert error.value.until == next_reset(datetime.now(UTC))


@pytest.mark.parametrize(
    ("body", "status", "kind", "told"),
    [
        (refused(403, "forbidden"), 403, AskHuman, r"403 forbidden: Said by Google\.\. Is the right channel"),
        (refused(403, "quotaExceeded"), 403, WaitFor, "quota for today is used up"),
        (refused(403, "rateLimitExceeded"), 403, TryLater, "rateLimitExceeded"),
        (refused(429, "x"), 429, TryLater, "429"),
        (refused(500, "backendError"), 500, TryLater, "500 backendError"),
        (b"<html>", 502, TryLater, "502"),
        (b"<html>Welcome to the hotel", 200, TryLater, "is there a page in between"),
        (b"[]", 200, TryLater, "is there a page in between"),
        ({"error": "text"}, 403, AskHuman, "403"),
        ({"error": {"errors": []}}, 403, AskHuman, "403"),
    ],
)
def test_an_answer_becomes_what_is_to_be_done(channels, body, status, kind, told):
    with answering(body, status) as other, pytest.raises(DaemonError, match=told) as error:
        channels(root=other)
    assert type(error.value) is kind


def test_no_sentence_tells_a_secret(channels, youtube, path):
    channels()
    secret = {json.loads(path.read_text())[name] for name in ("token", "refresh_token", "client_secret")}
    assert len(secret) == 3
    said = []
    for body, status in ((refused(403, "forbidden"), 403), (b"<html>", 502)):
        with answering(body, status) as other, pytest.raises(DaemonError) as error:
            channels(root=other)
        said.append(str(error.value))
    youtube.revoke()
    with pytest.raises(DaemonError) as error:
        channels()
    said.append(str(error.value))
    assert not [one for one in secret if one in " ".join(said)]
