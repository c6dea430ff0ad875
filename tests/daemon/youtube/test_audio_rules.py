import errno
import io
import re

import pytest
from yt_dlp.networking import Response
from yt_dlp.networking.exceptions import HTTPError, IncompleteRead, ProxyError, SSLError, TransportError
from yt_dlp.utils import DownloadError, ExtractorError, GeoRestrictedError, UnsupportedError

from daemon.errors import AskHuman, GiveUp, TryLater
from daemon.youtube.audio import LIVE_WAIT, RATE_WAIT, RULES, UPDATE, classified, is_vertical, translating

RATE_LIMITED = (
    "This content isn't available, try again later. The current session has been rate-limited by YouTube for up to "
    "an hour. It is recommended to use `-t sleep` to add a delay between video requests"
)
MEMBERS = "Join this channel to get access to members-only content like this video, and other exclusive perks."
TERMINATED = (
    "This video is no longer available because the YouTube account associated with this video has been terminated."
)

ASK = [
    ("Sign in to confirm you’re not a bot. Use --cookies-from-browser or --cookies", "cookies_file"),
    ("Sign in to confirm you're not a bot", "cookies_file"),
    ("YouTube is requiring a captcha challenge before playback", "cookies_file"),
    ("Private video. Sign in if you've been granted access to this video", "signed-in"),
    (MEMBERS, "signed-in"),
    ("This video requires payment to watch", "signed-in"),
    ("This video is only available to Music Premium members", "signed-in"),
    ("Sign in to confirm your age. This video may be inappropriate for some users.", "signed-in"),
    ("The uploader has not made this video available in your country", "country"),
    ("Video unavailable. The uploader has not made this video available in your country", "country"),
    ("This video is not available in your country", "country"),
    ("YouTube said: The playlist does not exist.", "no such playlist"),
    ("The channel/playlist does not exist and the URL redirected to youtube.com home page", "no such playlist"),
    ("This playlist is private, use the cookies of its owner", "no such playlist"),
    ("Failed to resolve url (does the playlist exist?)", "no such playlist"),
    ("unable to write data: [Errno 28] No space left on device", "make room"),
]
LATER = [
    (RATE_LIMITED, RATE_WAIT),
    ("Video unavailable. This content isn’t available, try again later.", RATE_WAIT),
    ("Unable to download API page: HTTP Error 429: Too Many Requests", RATE_WAIT),
    ("Premieres in 5 hours", LIVE_WAIT),
    ("This live event will begin in 3 days.", LIVE_WAIT),
    ("is_upcoming", LIVE_WAIT),
    ("We're processing this video. Check back later.", LIVE_WAIT),
    ("unable to download video data: HTTP Error 403: Forbidden", LIVE_WAIT),
    ("Requested format is not available. Use --list-formats for a list of available formats", LIVE_WAIT),
    ("Failed to extract any player response", LIVE_WAIT),
    ("No video formats found!", LIVE_WAIT),
    ("HTTP Error 404: Not Found", LIVE_WAIT),
    ("HTTP Error 410: Gone", LIVE_WAIT),
    ("1000 bytes read, 31044 more expected. Giving up after 3 retries", None),
    ("HTTP Error 503: Service Unavailable", None),
    ("a sentence that nobody has seen yet", None),
    ("", None),
]
NEVER = [
    "YouTube said: This playlist type is unviewable.",
    "This channel does not have a videos tab",
    "This video has been removed by the uploader",
    "Video unavailable. This video has been removed by the uploader",
    "This video has been removed for violating YouTube's Terms of Service",
    TERMINATED,
    "Video unavailable",
    "Video unavailable. This video is no longer available due to a copyright claim by Somebody",
    "This video is DRM protected",
    "Unsupported URL: https://example.org/",
]
SENTENCES = [*(text for text, _ in (*ASK, *LATER)), *NEVER]


@pytest.mark.parametrize(("text", "cure"), ASK)
def test_a_person_is_asked_with_what_to_do(text, cure):
    error = classified(text)
    assert type(error) is AskHuman
    assert cure in str(error)


@pytest.mark.parametrize(("text", "after"), LATER)
def test_what_may_pass_is_tried_later(text, after):
    error = classified(text)
    assert type(error) is TryLater
    assert error.after == after


@pytest.mark.parametrize("text", NEVER)
def test_what_will_never_succeed_is_given_up(text):
    assert type(classified(text)) is GiveUp


@pytest.mark.parametrize("text", SENTENCES)
def test_neither_case_nor_yt_dlps_prefix_matters(text):
    plain, loud = classified(text), classified(f"ERROR: {text.upper()}")
    assert (type(loud), vars(loud)) == (type(plain), vars(plain))


def test_every_rule_is_reached_by_a_sentence():
    reached = {next((rule for rule in RULES if re.search(rule[0], text, re.IGNORECASE)), None) for text in SENTENCES}
    assert set(RULES) <= reached


def test_every_alternative_of_every_rule_is_reached_by_a_sentence():
    alternatives = [alternative for pattern, _ in RULES for alternative in pattern.split("|")]
    assert [one for one in alternatives if not any(re.search(one, text, re.IGNORECASE) for text in SENTENCES)] == []


def test_a_reason_that_comes_after_a_long_warning_counts():
    error = classified("Some formats may be missing. " * 100 + "Private video. Sign in if you've been granted access")
    assert type(error) is AskHuman
    assert "granted access" in str(error)


def test_what_may_be_an_old_yt_dlp_says_how_to_upgrade():
    assert UPDATE in str(classified("Requested format is not available"))


def test_the_sentence_is_part_of_what_is_told():
    assert "granted access" in str(classified("Private video. Sign in if you've been granted access to this video"))


def test_what_is_told_is_one_short_clean_line():
    told = str(classified("\x1b[0;31mERROR:\x1b[0m something\nnobody\u202e knows" + "!" * 5_000))
    assert told.startswith("ERROR: something nobody knows!")
    assert len(told) == 300


# ---- by what yt-dlp raises


def failure(cause=None, text="ERROR: something else"):
    """What yt-dlp raises, whatever the cause."""
    return DownloadError(text, None if cause is None else (type(cause), cause, None))


def http(status):
    return HTTPError(Response(io.BytesIO(), "https://example.org/", {}, status))


def raised(error):
    def work():
        raise error

    with pytest.raises(Exception) as caught, translating():
        work()
    return caught.value


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (http(500), TryLater),
        (http(503), TryLater),
        (http(429), TryLater),
        (http(403), TryLater),
        (http(404), TryLater),
        (TransportError("connection reset"), TryLater),
        (IncompleteRead(partial=10, expected=20), TryLater),
        (SSLError("handshake failed"), TryLater),
        (ProxyError("no proxy"), TryLater),
        (GeoRestrictedError("not here", countries=["SE"]), AskHuman),
        (UnsupportedError("https://example.org/"), GiveUp),
        (ExtractorError("Private video", expected=True), AskHuman),
        (ExtractorError("Video unavailable", expected=True), GiveUp),
        (ExtractorError("Unable to download webpage", cause=http(429)), TryLater),
        (ExtractorError("Unable to download webpage", cause=TransportError("timed out")), TryLater),
        (None, TryLater),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_cause_says_what_now(cause, expected):
    assert type(raised(failure(cause))) is expected


def test_too_many_requests_wait_an_hour_wherever_they_are_told_of():
    for cause in (http(429), ExtractorError("Unable to download webpage", cause=http(429))):
        assert raised(failure(cause)).after == RATE_WAIT


def test_without_a_cause_the_sentence_counts():
    assert type(raised(failure(text="ERROR: This video is DRM protected"))) is GiveUp


def test_a_cause_that_is_only_half_there_is_none():
    assert type(raised(DownloadError("ERROR: Video unavailable", (None, None, None)))) is GiveUp


def test_a_full_disk_asks_a_person():
    assert type(raised(OSError(errno.ENOSPC, "No space left on device"))) is AskHuman


def test_a_bug_stays_a_bug():
    assert type(raised(KeyError("formats"))) is KeyError


# ---- what the picture is


def picture(width, height, codec="avc1"):
    return {"width": width, "height": height, "vcodec": codec}


@pytest.mark.parametrize(
    ("formats", "vertical"),
    [
        ([picture(1080, 1920)], True),
        ([picture(1920, 1080)], False),
        ([picture(720, 720)], False),
        ([picture(90, 160, "none"), picture(None, None, "none"), picture(640, 360)], False),
        ([picture(90, 160, "none")], None),
        ([picture(None, 360), {}], None),
        ([], None),
    ],
)
def test_a_video_is_vertical_by_its_picture_not_by_its_storyboard(formats, vertical):
    assert is_vertical(formats) is vertical
