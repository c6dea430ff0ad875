"""AssemblyAI, a service of speech recognition that costs money: words, speakers, and much that is found in the words.

    __init__.py   the engine: upload, submit, wait
    options.py    what can be chosen       asked.py   the request      languages.py   its codes
    sound.py      what is uploaded         line.py    HTTP             refusals.py    its errors
    answer.py     reads what comes back    times.py       its times          channels.py  heard each for itself

A job is paid once. Its receipt is kept before and after it is submitted, and whoever comes again with it waits for the
same job.
"""

from __future__ import annotations

import importlib.util
import math
import tempfile
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from daemon.errors import AskHuman, GiveUp, TryLater
from daemon.speech.engines.assemblyai import answer as read
from daemon.speech.engines.assemblyai import asked, channels, languages, refusals, sound
from daemon.speech.engines.assemblyai.line import ADDRESS, ID, TICK_SECONDS, Json, Line
from daemon.speech.engines.assemblyai.options import CHOICES, Options, shaping
from daemon.speech.engines.contract import API_KEY, EngineKind, Receipts, Request, Transcription

if TYPE_CHECKING:
    from daemon.speech.audio import Audio

__all__ = ["KIND", "AssemblyAI", "Options", "load"]

SECRET = "assemblyai-api-key"  # noqa: S105 its name
MAXIMUM_SECONDS = 36_000.0  # ten hours: docs, limits of pre-recorded audio
SHORTEST_SECONDS = 0.16  # the service refuses less, and nobody says a word in it
LONGEST_WAIT_SECONDS = 3 * 3600.0  # jobs take minutes; then the daemon may do something else and come back
PREPARED, UPLOADED, WAITED = 0.05, 0.3, 0.95  # shares of the whole in what is told
SENT = UPLOADED - PREPARED
USUAL_WAIT_SECONDS, USUAL_SHARE = 20.0, 0.05  # how long a job may take: so long, and this share of the sound
TRIES = 5  # of one look at a job, before the daemon is told to come again later
LONGEST_PAUSE_SECONDS = 60.0  # between them; where the service wants more, the daemon waits
SUBMITTING = "submitting "  # a receipt that begins so is the address of an upload

REDACTED = "AssemblyAI took personal information out of the words ({}): put back by hand what should be there"
NOT_APART = "The channels were heard as one, and are paid as one: {}"
ONE_SOUND = "both hold the same sound, or one of them is silent"
NOT_TWO = "the recording has {}, not two"
PREPARED_SOUND = (
    "AssemblyAI cannot hear the channels of a sound apart that was prepared for it: set multichannel = false in "
    "[daemon.engines.assemblyai], or name in engines of [daemon.speech.condition] those that it is for"
)
LEFT_OUT = "AssemblyAI was not told {} of the terms: it takes {} of at most six words"


def why_not(options: Mapping[str, Any]) -> str:
    """Why the engine cannot be used; "" if it looks as if it could."""
    if importlib.util.find_spec("assemblyai") is None:
        return "the package assemblyai is not installed: pip install assemblyai"
    return "" if options.get(API_KEY) else refusals.NO_KEY


def is_here(_: Mapping[str, Any]) -> bool:
    """There is nothing to fetch."""
    return True


def price_per_hour(options: Mapping[str, Any]) -> float:
    """What an hour of sound costs, in dollars."""
    return float(options["price_per_hour"])


def hears_apart(options: Mapping[str, Any]) -> bool:
    return bool(options.get("multichannel"))


def load(options: Mapping[str, Any]) -> AssemblyAI:
    """The engine, which has not talked to the service yet. Raise AskHuman without a key."""
    chosen = Options.model_validate({name: value for name, value in options.items() if name != API_KEY})
    key = options.get(API_KEY)
    if not isinstance(key, str) or not key:
        raise AskHuman(refusals.NO_KEY)
    return AssemblyAI(chosen, key)


class AssemblyAI:
    """Transcribes by the service. For several threads at once: it keeps nothing between recordings."""

    def __init__(self, options: Options, key: str, longest_wait: float = LONGEST_WAIT_SECONDS) -> None:
        self._options, self._key, self._longest_wait = options, key, longest_wait

    def transcribe(self, audio: Audio, request: Request, progress: Callable[[float], None]) -> Transcription:
        why_not = self._why_not_apart(audio)
        apart = self._options.multichannel and not why_not
        body = asked.body(self._options, request, apart)
        answer: Json = {}
        if audio.seconds >= SHORTEST_SECONDS:
            answer = self._answer(audio, body, request.receipts, progress)
        progress(1.0)
        if apart:
            answer = channels.labelled(answer)
        heard = read.transcription(answer, audio.seconds, request.language, self._options.wanted)
        return _noted(heard, [*self._notes(request), *([NOT_APART.format(why_not)] if why_not else [])])

    def _why_not_apart(self, audio: Audio) -> str:
        """Why channels that should be heard apart are not; "" if they are, or should not. Raise AskHuman."""
        if not self._options.multichannel:
            return ""
        if audio.channels is None:
            raise AskHuman(PREPARED_SOUND)
        if audio.channels.are_apart:
            return ""
        return ONE_SOUND if audio.channels.count == 2 else NOT_TWO.format(audio.channels.count)

    def _answer(self, audio: Audio, body: Json, receipts: Receipts, progress: Callable[[float], None]) -> Json:
        told = _Told(progress)
        with Line(self._options, self._key, told.again) as line:
            return _Job(line, audio, body, receipts, told, self._options.poll_seconds, self._longest_wait).answer()

    def _notes(self, request: Request) -> list[str]:
        taken = asked.terms(self._options, request.terms)
        missing = len(asked.cleaned(request.terms)) - len(taken)
        notes = [LEFT_OUT.format(missing, asked.most_terms(self._options))] if missing > 0 else []
        if self._options.redact_pii:
            notes.append(REDACTED.format(", ".join(self._options.redact_pii_policies)))
        return notes


def _noted(heard: Transcription, notes: list[str]) -> Transcription:
    if not notes:
        return heard
    extras = {**heard.extras, "notes": [*heard.extras.get("notes", ()), *notes]}
    return Transcription(heard.words, heard.language, heard.speech, heard.turns, extras)


class _Told:
    """How much is done; it never falls, though a job may have to be begun anew."""

    def __init__(self, progress: Callable[[float], None]) -> None:
        self._progress, self._fraction = progress, 0.0

    def __call__(self, fraction: float) -> None:
        self.reached(fraction)
        self.again()

    def reached(self, fraction: float) -> None:
        """Note it, to be told with the next tick: for threads that are not the caller's."""
        self._fraction = max(self._fraction, fraction)

    def again(self) -> None:
        self._progress(self._fraction)


class _Job:
    """One recording's job, begun now or earlier."""

    def __init__(
        self,
        line: Line,
        audio: Audio,
        body: Json,
        receipts: Receipts,
        told: _Told,
        poll_seconds: float,
        longest_wait: float,
    ) -> None:
        self._line, self._audio, self._body, self._receipts, self._told = line, audio, body, receipts, told
        self._poll_seconds, self._longest_wait = poll_seconds, longest_wait

    def answer(self) -> Json:
        """The finished transcript. Raise DaemonError."""
        earlier = self._earlier()
        if earlier is not None:
            return earlier
        answer = self._waited_for(self._submitted(self._uploaded()))
        why = "the job is gone" if answer is None else read.failure(answer)
        if answer is None or why is not None:
            self._receipts.keep("")  # the next try is a new job
            raise refusals.of_job(self._line.clean(why or ""))
        return answer

    def _earlier(self) -> Json | None:
        """What became of a job that was begun earlier; None if there is none, or it came to nothing."""
        receipt = self._receipts.read() or ""
        begun = self._found(receipt.removeprefix(SUBMITTING)) if receipt.startswith(SUBMITTING) else receipt
        answer = self._waited_for(begun) if ID.fullmatch(begun) else None
        if answer is None or read.failure(answer) is not None:
            if receipt:
                self._receipts.keep("")
            return None
        return answer

    def _found(self, upload_url: str) -> str:
        """The job for an upload whose submission had no answer; where none arrived, it is submitted now."""
        if not ADDRESS.fullmatch(upload_url):
            return ""
        found = self._line.find(upload_url)
        if found is None:
            return self._submitted(upload_url)
        self._receipts.keep(found)
        return found

    def _uploaded(self) -> str:
        """The address of the sound at the service."""
        with tempfile.TemporaryFile() as file:
            apart = "multichannel" in self._body
            sound.write(self._audio, file, lambda share: self._told(share * PREPARED), apart)
            file.seek(0)
            uploaded = self._line.upload(file, lambda share: self._told.reached(PREPARED + share * SENT))
        self._told(UPLOADED)
        return uploaded

    def _submitted(self, upload_url: str) -> str:
        """The id of the job that is begun now. What may be paid for is kept first; what was refused costs nothing."""
        self._receipts.keep(SUBMITTING + upload_url)
        try:
            begun = self._line.submit({"audio_url": upload_url, **self._body})
        except (AskHuman, GiveUp):
            self._receipts.keep("")
            raise
        self._receipts.keep(begun)
        return begun

    def _waited_for(self, id: str) -> Json | None:  # noqa: A002
        """A job that has ended; None if the service does not have it any more."""
        began = time.monotonic()
        while True:
            answer = self._looked_at(id)
            if answer is None or read.is_deleted(answer):
                return None
            if read.is_over(answer):
                return answer
            waited = time.monotonic() - began
            if waited > self._longest_wait:
                raise TryLater(f"AssemblyAI was not done after {waited / 60:.0f} minutes")
            self._pause(self._poll_seconds, began)

    def _looked_at(self, id: str) -> Json | None:  # noqa: A002
        """A job's present state. A line that is down for a moment is tried again."""
        began = time.monotonic()
        for attempt in range(1, TRIES + 1):
            try:
                return self._line.transcript(id)
            except TryLater as error:
                wanted = error.after.total_seconds() if error.after is not None else self._poll_seconds * 2**attempt
                if attempt == TRIES or (error.after is not None and wanted > LONGEST_PAUSE_SECONDS):
                    raise
                self._pause(min(wanted, LONGEST_PAUSE_SECONDS), began)
        return None

    def _pause(self, seconds: float, began: float) -> None:
        """Let time pass, and tell all along how far the wait that began then may be."""
        usual = USUAL_WAIT_SECONDS + USUAL_SHARE * self._audio.seconds
        until = time.monotonic() + seconds
        while (now := time.monotonic()) < until:
            done = 1 - math.exp(-(now - began) / usual)
            self._told(UPLOADED + done * (WAITED - UPLOADED))
            time.sleep(min(TICK_SECONDS, until - now))


KIND = EngineKind(
    load=load,
    why_not=why_not,
    is_here=is_here,
    shaping=shaping,
    local=False,
    word_times=True,
    brings=frozenset({"speakers", *CHOICES}),
    languages=languages.TAGGED,
    maximum_seconds=MAXIMUM_SECONDS,
    secret=SECRET,
    price_per_hour=price_per_hour,
    hears_apart=hears_apart,
    tells_speakers=lambda options: bool(options["speaker_labels"]) or hears_apart(options),
)
