"""What the check makes of what it finds: a table of judgements, each with its mark and a word of what is said."""

from datetime import UTC, date, datetime, timedelta

import pytest

from daemon import findings
from daemon.findings import GIGABYTE, Finding, Mark

OK, WARNING, ERROR = Mark.OK, Mark.WARNING, Mark.ERROR
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
CARD = "NVIDIA GeForce RTX 4070, 12282 MiB, 560.35.03"
PATH = "/state/youtube-token.json"
SECOND = timedelta(seconds=1)

COMMANDS = (findings.PIP.split()[0], "captiond", "chmod")
INSTRUCTIONS = ("install", "bring", "make", "publish", "in")


def gpu(cards=(CARD,), device="auto", ctranslate2=1, torch=1, cublas=True):
    return findings.gpu("gpu", cards, device, ctranslate2, torch, cublas=cublas)


def yt_dlp(version, today=TODAY):
    return findings.yt_dlp("yt-dlp", version, today)


def javascript(version, supported=True):
    return findings.javascript("javascript", version, supported=supported)


def disk(free_bytes):
    return findings.disk("disk", free_bytes, "/state")


def token(mode=0o600, ends_at=None):
    return findings.token_file("login", PATH, 0o100000 | mode, ends_at, NOW)


GPU = [
    (gpu(), OK, f"{CARD}; seen by CTranslate2: 1, by torch: 1"),
    (gpu(device="cuda"), OK, CARD),
    (gpu((CARD, "NVIDIA T4")), OK, f"{CARD}, NVIDIA T4; seen"),
    (gpu(torch=None), OK, "seen by CTranslate2: 1"),
    (gpu(()), OK, "on the CPU"),
    (gpu((), "cpu"), OK, "on the CPU"),
    (gpu((), "cuda"), ERROR, "none"),
    (gpu(device="cpu"), OK, "not used, since device is cpu"),
    (gpu(device="cpu", ctranslate2=0, torch=0, cublas=False), OK, "not used"),
    (gpu(ctranslate2=0), WARNING, "seen by CTranslate2: 0, by torch: 1: it cannot be used"),
    (gpu(ctranslate2=0, device="cuda"), ERROR, "it cannot be used"),
    (gpu(cublas=False), WARNING, "cuBLAS 12 is missing"),
    (gpu(cublas=False, device="cuda"), ERROR, "cuBLAS 12 is missing"),
    (gpu(torch=0), WARNING, "by torch: 0: voices are worked out on the CPU"),
    (gpu(torch=0, device="cuda"), WARNING, "voices"),
]
YT_DLP = [
    (yt_dlp("2026.11.22"), OK, "2026.11.22"),
    (yt_dlp("2026.08.24"), OK, "2026.08.24"),  # 90 days
    (yt_dlp("2026.08.23"), WARNING, "2026.08.23 is 91 days old"),
    (yt_dlp("2026.11.20.232815"), OK, "2026.11.20.232815"),  # a nightly
    (yt_dlp("2026.10.26", date(2026, 1, 1)), OK, "2026.10.26"),  # a clock that is wrong
    (yt_dlp("2026.13.45"), WARNING, "2026.13.45, which is no date"),
    (yt_dlp("2026.10"), WARNING, "no date"),
    (yt_dlp("unknown"), WARNING, "no date"),
]
JAVASCRIPT = [
    (javascript("2.9.8"), OK, "deno 2.9.8"),
    (javascript("1.40.0", supported=False), ERROR, "deno 1.40.0 is too old"),
    (javascript(None, supported=False), ERROR, "there is none"),
]
DISK = [
    (disk(76 * GIGABYTE), OK, "76.0 GB free in /state"),
    (disk(5 * GIGABYTE), OK, "5.0 GB"),
    (disk(5 * GIGABYTE - 1), WARNING, "GB free in /state"),
    (disk(GIGABYTE // 2), WARNING, "0.5 GB"),
    (disk(GIGABYTE // 2 - 1), ERROR, "GB free in /state"),
    (disk(0), ERROR, "0.0 GB free in /state"),
]
SECRETS = [
    (findings.secrets("secrets", {}), OK, "none are set"),
    (findings.secrets("secrets", {"discord-token": "keyring"}), OK, "discord-token (keyring)"),
    (findings.secrets("secrets", {"a": "keyring", "b": "environment"}), OK, "a (keyring), b (environment)"),
]
TOKEN_FILE = [
    (token(0o644), ERROR, f"others can read {PATH}"),
    (token(0o640), ERROR, "others can read"),  # one's group is others too
    (token(0o602), ERROR, "others"),  # who writes it logs in for you
    (token(0o644, NOW + timedelta(days=3)), ERROR, "others can read"),  # the worse of the two
    (token(ends_at=NOW + timedelta(days=3)), WARNING, "it ends on 2026-11-25"),
    (token(ends_at=NOW + SECOND), WARNING, "it ends on 2026-11-22"),
    (token(ends_at=NOW + timedelta(days=8) - SECOND), WARNING, "in Testing"),
]
COVERS = [
    (findings.covers("login", {"UC1": "One", "UC2": "Two"}), OK, "covers One (UC1), Two (UC2)"),
    (findings.covers("login", {}), ERROR, "has no channel"),
]
JUDGED = [*GPU, *YT_DLP, *JAVASCRIPT, *DISK, *SECRETS, *TOKEN_FILE, *COVERS]


@pytest.mark.parametrize(("found", "mark", "said"), JUDGED)
def test_what_is_found_gets_its_mark(found, mark, said):
    assert (found.mark, said in found.message) == (mark, True), found


@pytest.mark.parametrize("found", [found for found, mark, _ in JUDGED if mark is not OK])
def test_what_is_not_well_has_a_cure_that_is_a_command_or_an_instruction(found):
    assert found.cure.split()[0] in COMMANDS + INSTRUCTIONS


@pytest.mark.parametrize("found", [found for found, mark, _ in JUDGED if mark is OK])
def test_what_is_well_has_no_cure(found):
    assert found.cure == ""


def test_a_finding_bears_the_name_that_it_was_given():
    assert {found.name for found, _, _ in JUDGED} == {
        "gpu",
        "yt-dlp",
        "javascript",
        "disk",
        "secrets",
        "login",
    }


@pytest.mark.parametrize("ends_at", [None, NOW + timedelta(days=8), NOW + timedelta(days=30)])
def test_nothing_is_wrong_with_a_token_file_of_ones_own_whose_login_does_not_end_soon(ends_at):
    assert token(0o600, ends_at) is None
    assert token(0o400, ends_at) is None


def test_the_cure_for_a_file_that_others_can_read_is_the_command_with_its_path():
    assert token(0o644).cure == f"chmod 600 {PATH}"


def test_the_cure_for_a_login_that_ends_is_first_to_publish_the_app_and_then_to_log_in():
    assert token(ends_at=NOW + SECOND).cure == "publish the app there (In production), then captiond login"


def test_the_cure_for_cublas_is_the_extra_that_brings_it():
    assert "-e '.[gpu]'" in gpu(cublas=False).cure
    assert "-e '.[gpu]'" not in gpu(ctranslate2=0, cublas=False).cure  # the driver comes first


def test_a_finding_is_made_of_what_it_was_given():
    assert findings.ok("a", "b") == Finding("a", OK, "b", "")
    assert findings.warning("a", "b", "c") == Finding("a", WARNING, "b", "c")
    assert findings.error("a", "b", "c") == Finding("a", ERROR, "b", "c")
    assert findings.error("a", "b") == Finding("a", ERROR, "b", "")
