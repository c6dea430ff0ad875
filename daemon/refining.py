"""What is done to words when they are there: their times are found, another engine is compared, voices are told apart,
and heard for what they feel.

None of it is worth losing them for: where it fails, the words stay as they were heard, and it is noted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import structlog

from captions import agreement
from captions.transcript import Transcript
from daemon import beside
from daemon.beside import Wanted
from daemon.children import ChildBug, ChildDied
from daemon.errors import Cancelled, DaemonError
from daemon.job import Job
from daemon.settings import Align
from daemon.speech import merge
from daemon.speech.voices import Diarization

NO_SPEAKERS, NO_EMOTIONS = "no speakers", "no emotions"

log = structlog.stdlib.get_logger()


class Steps(Protocol):
    """How it is done here. What a person cancels, or ends with the program, is passed on."""

    def align(self, asked: Job, spoken: Transcript) -> Transcript:
        """The words with the times that are found in the sound. Raise DaemonError, ChildDied, ChildBug."""
        ...

    def second(self, asked: Job) -> Transcript:
        """What the second engine of the job hears. Raise DaemonError, ChildDied, ChildBug."""
        ...

    def begin_voices(self) -> None:
        """Start what tells voices apart: another thread will ask for them. Raise Interrupted."""
        ...

    def voices(self, asked: Job, wanted: Wanted) -> Diarization:
        """Who speaks when in the sound. Raise DaemonError, ChildDied, ChildBug."""
        ...

    def know(self, asked: Job, found: Diarization) -> None:
        """Keep what the voices are like that are in the captions. Raise DaemonError."""
        ...

    def emotions(self, asked: Job, spoken: Transcript) -> Transcript:
        """The transcript with what its voices feel. Raise DaemonError, ChildDied, ChildBug."""
        ...

    def note(self, what: str, why: str) -> None:
        """Note what was not done."""
        ...


def made(asked: Job, hear: Callable[[], Transcript], steps: Steps, *, is_beside: bool) -> Transcript:
    """What its engine hears, as the job asks for it. `is_beside`: voices are told apart meanwhile, by a thread."""
    if not is_beside:
        return _refined(asked, hear(), steps, lambda: steps.voices(asked, beside.now()))
    steps.begin_voices()
    with beside.begun(lambda wanted: steps.voices(asked, wanted)) as told:
        return _refined(asked, hear(), steps, told)


def _refined(asked: Job, spoken: Transcript, steps: Steps, voices: Callable[[], Diarization]) -> Transcript:
    if spoken.words and asked.align and (spoken.approximate or asked.align["words"] == Align.ALWAYS):
        spoken = _tried(lambda: steps.align(asked, spoken), spoken, steps, "not aligned")
    if spoken.words and asked.second:
        spoken = _tried(lambda: _compared(spoken, steps.second(asked)), spoken, steps, "not compared")
    if spoken.words and asked.voices and not any(word.speaker for word in spoken.words):
        spoken = _tried(lambda: _told_apart(asked, spoken, voices(), steps), spoken, steps, NO_SPEAKERS)
    if spoken.words and asked.emotion:
        spoken = _tried(lambda: steps.emotions(asked, spoken), spoken, steps, NO_EMOTIONS)
    return spoken


def is_told_apart(spoken: Transcript) -> bool:
    """Whether its voices were told apart, where there are any."""
    return not spoken.words or bool(spoken.turns) or any(word.speaker for word in spoken.words)


def is_felt(spoken: Transcript) -> bool:
    """Whether its voices were listened to, where there is anything to hear."""
    return not spoken.words or "manners" in spoken.extras


def _compared(spoken: Transcript, other: Transcript) -> Transcript:
    return replace(spoken, words=agreement.compared(spoken.words, other.words))


def _told_apart(asked: Job, spoken: Transcript, found: Diarization, steps: Steps) -> Transcript:
    """The turns are those of the voices, over each other where several speak; words have one speaker each."""
    steps.know(asked, found)
    words = merge.merged(spoken.words, found.exclusive, spoken.language).words
    return replace(spoken, words=words, turns=found.turns)


def _tried(act: Callable[[], Transcript], otherwise: Transcript, steps: Steps, what: str) -> Transcript:
    try:
        return act()
    except Cancelled:
        raise
    except DaemonError as error:
        steps.note(what, str(error))
    except ChildDied as error:
        log.warning(what, message=str(error))
        steps.note(what, str(error))
    except ChildBug as error:
        log.exception(what)
        steps.note(what, str(error).strip().splitlines()[-1])
    return otherwise
