"""When voices are told apart: while an engine recognises, or after it. Steps are small fakes that are talked to."""

import threading

import pytest

from captions.transcript import SpeakerTurn, Transcript, Word
from daemon import beside, job, refining
from daemon.errors import AskHuman, Cancelled, Interrupted, TryLater
from daemon.settings import DaemonSettings
from daemon.slots import LOCAL, Slots
from daemon.speech.voices import Diarization
from tests.machine import PATIENCE_SECONDS, wait_for

TURNS = (SpeakerTurn(0.0, 1.0, "A"),)
WORDS = (Word("Fail", 0.0, 0.4, 0.9), Word("better.", 0.5, 1.0, 0.9))


def spoken(*words):
    return Transcript(words, "en", "", "", 1.0)


def asked(engine="whisper", on=True, when="auto", **tables):
    """A job, and the settings that it is of."""
    engines = {name: table for name, table in tables.items() if name != "voices"}
    voices = {"on": on, "when": when, **tables.get("voices", {})}
    settings = DaemonSettings.model_validate({"speech": {"engine": engine, "voices": voices}, "engines": engines})
    return job.present(settings), settings


# ---- which


@pytest.mark.parametrize(
    ("is_beside", "given"),
    [
        (False, {"engine": "assemblyai"}),
        (True, {"engine": "assemblyai", "assemblyai": {"speaker_labels": False}}),
        (False, {"engine": "assemblyai", "assemblyai": {"speaker_labels": False}, "on": False}),
        (False, {"engine": "assemblyai", "assemblyai": {"speaker_labels": False}, "when": "after"}),
        (False, {"engine": "assemblyai", "assemblyai": {"speaker_labels": False, "multichannel": True}}),
        (False, {"engine": "gemini", "when": "beside"}),
        (True, {"engine": "gemini", "gemini": {"diarization": False}}),
        (False, {"whisper": {"device": "cpu"}, "voices": {"device": "cpu"}}),
        (False, {"whisper": {"device": "cuda"}, "voices": {"device": "cuda"}}),
        (True, {"whisper": {"device": "cuda"}, "voices": {"device": "cpu"}}),
        (True, {"whisper": {"device": "cpu"}, "voices": {"device": "cuda"}}),
        (True, {"whisper": {"device": "cpu"}, "voices": {"device": "cpu"}, "when": "beside"}),
        (False, {"engine": "fireredasr", "voices": {"device": "cpu"}}),
        (True, {"engine": "fireredasr", "voices": {"device": "cuda"}}),
    ],
)
def test_beside_where_the_two_do_not_compute_on_the_same(is_beside, given):
    assert beside.is_beside(*asked(**given)) is is_beside


def test_by_themselves_both_take_the_device_that_is_there():
    assert beside.is_beside(*asked()) is False
    assert beside.shares(*asked()) is True


@pytest.mark.parametrize(
    ("shares", "given"),
    [
        (True, {"engine": "assemblyai", "assemblyai": {"speaker_labels": False}}),
        (False, {"whisper": {"device": "cuda"}, "voices": {"device": "cpu"}}),
        (True, {"whisper": {"device": "cuda"}, "voices": {"device": "cpu"}, "when": "after"}),
    ],
)
def test_beside_a_cloud_no_engine_of_this_machine_is_at_work(shares, given):
    assert beside.shares(*asked(**given)) is shares


def test_voices_wait_for_the_local_slot_only_where_they_share_its_device():
    slots = Slots(DaemonSettings())

    def waits():
        raise Interrupted("waited")

    with slots.taken(LOCAL, waits):
        with slots.taken_by_voices(waits, shares=False), pytest.raises(Interrupted):
            slots.taken_by_voices(waits, shares=False).__enter__()
        with pytest.raises(Interrupted):
            slots.taken_by_voices(waits).__enter__()
    with slots.taken_by_voices(waits), pytest.raises(Interrupted), slots.taken(LOCAL, waits):
        pass


# ---- how


class Steps:
    """Tells voices apart when it is allowed to, and says what it did."""

    def __init__(self, error=None):
        self.did, self.notes, self.progress, self.known = [], [], [], []
        self.at_work, self.may_end = threading.Event(), threading.Event()
        self._error = error

    def begin_voices(self):
        self.did.append("began")

    def voices(self, _asked, wanted):
        told, look = wanted.told(lambda fraction, _step: self.progress.append(fraction)), wanted.watched(self._watch)
        self.at_work.set()
        try:
            told(0.1, "embedding")
            while not self.may_end.wait(0.01):
                look()
            told(0.9, "embedding")
        finally:
            self.did.append("voices")
        if self._error is not None:
            raise self._error
        return Diarization(TURNS, TURNS)

    def _watch(self):
        pass

    def know(self, _asked, found):
        self.known.append(found.turns)

    def note(self, what, why):
        self.notes.append((what, why))

    def hears(self, *words):
        """What hears so many words once voices are being told apart."""

        def hear():
            assert self.at_work.wait(PATIENCE_SECONDS)
            self.did.append("heard")
            return spoken(*words)

        return hear


def told_apart(steps, hear):
    return refining.made(asked()[0], hear, steps, is_beside=True)


def test_voices_are_told_apart_while_words_are_heard():
    steps = Steps()

    def hear():
        steps.may_end.set()
        wait_for("voices told apart", lambda: "voices" in steps.did)
        return steps.hears(*WORDS)()

    found = told_apart(steps, hear)
    assert steps.did == ["began", "voices", "heard"]
    assert steps.known == [TURNS]
    assert found.turns == TURNS
    assert {word.speaker for word in found.words} == {"A"}


def test_after_them_nothing_is_begun_before():
    steps = Steps()
    steps.may_end.set()
    steps.at_work.set()
    found = refining.made(asked()[0], steps.hears(*WORDS), steps, is_beside=False)
    assert steps.did == ["heard", "voices"]
    assert steps.progress == [0.1, 0.9]
    assert found.turns == TURNS


def test_what_is_waited_for_in_the_end_tells_its_progress_then_and_not_before():
    steps = Steps()
    hear = steps.hears(*WORDS)

    def heard():
        threading.Timer(0.05, steps.may_end.set).start()
        return hear()

    assert told_apart(steps, heard).turns == TURNS
    assert steps.progress == [0.9]


@pytest.mark.parametrize("error", [TryLater("busy"), Cancelled("cancelled by ann"), Interrupted("the daemon stops")])
def test_where_nothing_is_heard_voices_are_given_up(error):
    steps = Steps()

    def hear():
        steps.hears()()
        raise error

    with pytest.raises(type(error)):
        told_apart(steps, hear)
    assert steps.did == ["began", "heard", "voices"]


@pytest.mark.parametrize("words", [(), (Word("Fail", 0.0, 0.4, 0.9, "1"),)])
def test_nobody_waits_for_voices_that_are_not_needed(words):
    steps = Steps()
    assert told_apart(steps, steps.hears(*words)) == spoken(*words)
    assert steps.did == ["began", "heard", "voices"]
    assert steps.notes == []
    assert steps.known == [], "nothing is kept of voices that no caption has"


def test_words_stay_where_voices_cannot_be_told_apart():
    steps = Steps(AskHuman("accept the conditions"))
    steps.may_end.set()
    assert told_apart(steps, steps.hears(*WORDS)) == spoken(*WORDS)
    assert steps.notes == [("no speakers", "accept the conditions")]


@pytest.mark.parametrize("error", [Cancelled("cancelled by ann"), Interrupted("the daemon stops")])
def test_who_cancels_the_voices_cancels_the_words(error):
    steps = Steps(error)
    steps.may_end.set()
    with pytest.raises(type(error)):
        told_apart(steps, steps.hears(*WORDS))


def test_what_a_thread_is_told_of_the_log_is_the_same():
    from structlog.contextvars import bound_contextvars, get_contextvars

    with bound_contextvars(video="abc"), beside.begun(lambda _wanted: get_contextvars()) as told:
        assert told() == {"video": "abc"}


def test_a_recording_is_told_apart_once_though_its_engine_fails_again_and_again():
    remembered, told = beside.Remembered(), []

    def tell():
        told.append(1)
        return Diarization(TURNS, TURNS)

    for token in ("one", "another"):
        assert remembered.once({"path": "a.wav", "token": token}, tell).turns == TURNS
    assert len(told) == 1
    for n in range(beside.RECORDINGS):
        remembered.once({"path": f"{n}.wav"}, tell)
    remembered.once({"path": "a.wav"}, tell)
    assert len(told) == 2 + beside.RECORDINGS, "only the last few are remembered"


def test_what_fails_is_tried_again():
    remembered = beside.Remembered()
    with pytest.raises(TryLater):
        remembered.once({"path": "a.wav"}, lambda: (_ for _ in ()).throw(TryLater("busy")))
    assert remembered.once({"path": "a.wav"}, lambda: Diarization(TURNS, TURNS)).turns == TURNS
