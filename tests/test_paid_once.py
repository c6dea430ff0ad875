"""A real captiond, a loopback YouTube, a loopback AssemblyAI: kill -9 wherever the job is, and it is paid once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.assemblyai import API_KEY, AssemblyAI, make_app, running
from store import spending
from store.lifecycle import VideoState
from tests.conftest import sample
from tests.machine import Machine, machine, wait_for

WORDS = [["Fail", 0.5, 0.9, "A"], ["better.", 1.0, 1.4, "A"]]
TABLES = """
engine = "assemblyai"

[daemon.engines.assemblyai]
base_url = "{url}"
poll_seconds = 0.02
"""  # the machine's config ends in [daemon.speech]


@pytest.fixture
def cloud() -> Iterator[AssemblyAI]:
    made = AssemblyAI()
    made.say(WORDS)
    with running(make_app(made)) as made.url:
        yield made


@pytest.fixture
def owner(tmp_path, cloud) -> Iterator[Machine]:
    with machine(tmp_path) as made:
        made.other_tables = TABLES.format(url=cloud.url)
        made.environment["ASSEMBLYAI_API_KEY"] = API_KEY
        yield made


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        pytest.param("upload", "hold", id="while-the-sound-is-sent"),
        pytest.param("transcript.create", "hold_after", id="while-the-answer-to-the-submission-is-out"),
        pytest.param("transcript.get", "hold", id="while-it-is-polled"),
    ],
)
def test_a_job_is_paid_once_though_captiond_is_killed(owner, cloud, operation, kind):
    cloud.fault(operation, kind)
    owner.start()
    owner.told("channel", "add", "@sandbox")
    video = owner.sandbox.publishes(sample("beckett.wav"), duration=10.0)  # what costs money wants to know
    assert cloud.faults.wait_until_held(operation, timeout=60)
    owner.kill()
    cloud.faults.release(operation)
    owner.start()
    wait_for("a draft", lambda: (found := owner.video(video)) and found.state is VideoState.DRAFTED)
    assert "Fail better." in owner.draft().text
    assert owner.draft().engine == "assemblyai"
    assert len(cloud.jobs) == cloud.executed["transcript.create"] == 1
    now = owner.database.now()
    booked = spending.spent(owner.database, spending.month_of(now), now)
    assert booked == {"assemblyai": pytest.approx(0.21 * 10 / 3600)}
