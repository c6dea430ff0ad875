"""captiond caption with an engine that costs money: the real command, a loopback AssemblyAI, a real database."""

import json
import os
import shutil
import subprocess

import pytest

from daemon.speech.audio import decode
from sandbox.assemblyai import API_KEY, AssemblyAI, make_app, running
from store import database as stored
from store import spending
from store.database import Database, sqlite_url
from tests.conftest import sample, whisper_tiny
from tests.daemon.speech.recordings import dialogue, wav_of_channels
from tests.machine import program

WORDS = [["Fail", 0.5, 0.9, "A"], ["better.", 1.0, 1.4, "A"]]
PRICE = 36.0  # an hour, so that a second is a cent


class Payer:
    """Somebody with a key, and the cloud it is for."""

    def __init__(self, folder, cloud, url):
        self.folder, self.cloud, self._url = folder, cloud, url
        self.sets()

    def sets(self, fallbacks=(), limit=20.0, multichannel=False):
        (self.folder / "config.toml").write_text(f"""
            [daemon.speech]
            engine = "assemblyai"
            [daemon.engines.assemblyai]
            base_url = "{self._url}"
            poll_seconds = 0.02
            price_per_hour = {PRICE}
            multichannel = {json.dumps(multichannel)}
            [daemon.engines.whisper]
            model = "{whisper_tiny()}"
            device = "cpu"
            [daemon.router]
            fallbacks = {json.dumps(fallbacks)}
            monthly_limit = {limit}
            """)

    def starts(self, *words):
        command = [program("captiond"), "caption", *map(str, words), "--config", str(self.folder / "config.toml")]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder)

    def captions(self, *words):
        with self.starts(*words) as process:
            told, failed = process.communicate(timeout=120)
        return process.returncode, told, failed

    def rows(self, *words):
        (self.folder / "out").mkdir(exist_ok=True)
        code, told, failed = self.captions(*words, "-o", "out", "--json")
        return code, json.loads(told or "[]"), failed

    @property
    def path(self):
        return self.folder / "state" / "captionwatch" / "captionwatch.db"

    @property
    def spent(self):
        """What the daemon's `/status` tells."""
        database = Database(sqlite_url(self.path), 1)
        now = database.now()
        found = spending.spent(database, spending.month_of(now), now)
        database.close()
        return found


@pytest.fixture
def payer(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", API_KEY)
    shutil.copy(sample("beckett.wav"), tmp_path / "talk.wav")
    cloud = AssemblyAI()
    cloud.say(WORDS)
    with running(make_app(cloud)) as url:
        yield Payer(tmp_path, cloud, url)


def test_what_it_costs_is_booked_where_the_daemon_looks_and_told(payer):
    code, told, failed = payer.captions("talk.wav", "-o", "out.vtt")
    assert code == 0, failed
    assert "Fail better." in (payer.folder / "out.vtt").read_text()
    (cost,) = payer.spent.values()
    assert cost > 0
    assert f"assemblyai universal-3-5-pro, cost {cost:.4f}." in told


@pytest.mark.parametrize("multichannel", [False, True])
def test_killed_while_the_service_works_it_does_not_pay_twice(payer, multichannel):
    payer.sets(multichannel=multichannel)
    if multichannel:
        sound = decode(payer.folder / "talk.wav").samples
        wav_of_channels(payer.folder / "talk.wav", *dialogue(sound, sound[::-1]))
    payer.cloud.fault("transcript.get", "hold")
    with payer.starts("talk.wav", "-o", "out.vtt") as process:
        try:
            assert payer.cloud.faults.wait_until_held("transcript.get", timeout=60)
        finally:
            process.kill()
        process.communicate(timeout=30)
    booked = payer.spent
    assert list(booked) == ["assemblyai"]
    code, _, failed = payer.captions("talk.wav", "-o", "out.vtt")
    assert code == 0, failed
    assert "Fail better." in (payer.folder / "out.vtt").read_text()
    assert (payer.cloud.executed["transcript.create"], payer.cloud.executed["upload"]) == (1, 1)
    assert ["multichannel" in job.request for job in payer.cloud.jobs.values()] == [multichannel]
    assert payer.spent == booked


def test_two_files_with_the_same_sound_are_paid_once(payer):
    shutil.copy(payer.folder / "talk.wav", payer.folder / "copy.wav")
    code, rows, failed = payer.rows("talk.wav", "copy.wav", "--at-once", "2")
    assert code == 0, failed
    assert [row["what"] for row in rows] == ["captioned", "captioned"]
    assert payer.cloud.executed["transcript.create"] == 1
    assert rows[0]["cost"] == f"{payer.spent['assemblyai']:.4f}"


def test_two_channels_are_paid_each_where_they_are_apart_and_else_as_one(payer):
    payer.sets(multichannel=True)
    sound = decode(payer.folder / "talk.wav").samples
    wav_of_channels(payer.folder / "apart.wav", *dialogue(sound, sound[::-1]))
    wav_of_channels(payer.folder / "same.wav", sound, sound)
    code, rows, failed = payer.rows("apart.wav", "same.wav", "--at-once", "1")
    assert code == 0, failed
    apart, same = (float(row["cost"]) for row in rows)
    assert same > 0
    assert apart == pytest.approx(2 * same, abs=0.0002)
    assert ["multichannel" in job.request for job in payer.cloud.jobs.values()] == [True, False]
    assert payer.spent == {"assemblyai": pytest.approx(apart + same, abs=0.0002)}


def test_beyond_the_months_limit_the_next_engine_does_it(payer):
    payer.sets(fallbacks=["whisper"], limit=0.01)
    code, rows, failed = payer.rows("talk.wav")
    assert code == 0, failed
    assert rows[0]["engine"] == "whisper"
    assert "cost" not in rows[0], "nothing cost anything"
    assert payer.cloud.requests.total() == 0
    assert payer.spent == {}


def test_beyond_the_months_limit_and_without_another_engine_it_is_one_line(payer):
    assert payer.captions("talk.wav", "-o", "out.vtt")[0] == 0
    payer.sets(limit=payer.spent["assemblyai"] * 1.5)
    (payer.folder / "other.wav").write_bytes((payer.folder / "talk.wav").read_bytes() + bytes(2))
    code, _, failed = payer.captions("other.wav", "-o", "other.vtt")
    assert code == 1
    assert "captiond: assemblyai would cost 0." in failed
    assert "this month's limit is reached" in failed
    assert len(failed.strip().splitlines()) == 1
    assert payer.cloud.executed["transcript.create"] == 1


def test_what_the_service_does_not_take_costs_nothing(payer):
    payer.cloud.fault("upload", "status", times=None, value=503)
    code, rows, _ = payer.rows("talk.wav")
    assert (code, rows[0]["what"]) == (1, "failed")
    assert payer.spent == {}


def test_with_a_database_of_a_newer_version_nothing_is_paid(payer):
    payer.path.parent.mkdir(parents=True)
    database = Database(sqlite_url(payer.path), 1)
    stored.migrate(database)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    code, rows, _ = payer.rows("talk.wav")
    assert (code, rows[0]["what"]) == (1, "failed")
    assert "written by a newer captionwatch" in rows[0]["note"]
    assert payer.cloud.requests.total() == 0


@pytest.mark.parametrize("made", ["absent.wav", "empty.wav", "pipe.wav"])
def test_what_is_no_recording_is_told_before_a_database_is_made(payer, made):
    (payer.folder / "empty.wav").touch()
    os.mkfifo(payer.folder / "pipe.wav")
    code, _, failed = payer.captions(made, "-o", "out.vtt")
    assert code == 1
    assert len(failed.strip().splitlines()) == 1
    assert not payer.path.parent.exists()
