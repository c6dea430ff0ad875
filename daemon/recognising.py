"""Recognise a sound by the engines of its route, one after the other; local ones in the warm child, others here.

What costs money is booked before it begins, and asked for again by its receipt, not paid twice. What a cloud engine is
asked, it is asked from a thread of the daemon: cancelled, the wait is abandoned, and the service goes on for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from captions.transcript import Transcript
from daemon import job
from daemon.children import Message, Progress
from daemon.errors import AskHuman, DaemonError, GiveUp, TryLater, of_engine
from daemon.job import Job
from daemon.settings import DaemonSettings
from daemon.speech import router
from daemon.speech.alignment import CTC
from daemon.speech.engines import ENGINES
from daemon.speech.router import Candidate, Route, Rule, Situation
from store import spending
from store.database import Database

ALIGNER = "whisper"  # whose attention shows when a word is said

Made = TypeVar("Made")


def route_of(
    settings: DaemonSettings, asked: Job, chosen: str | None, seconds: float | None, left: float | None
) -> Route:
    """The engines for a job: `chosen` is that of the channel, `left` what may still be spent. Reads the keyring."""
    given = settings.router
    situation = Situation(
        language=asked.language,
        seconds=seconds,
        chosen=chosen,
        needs=frozenset(given.needs),
        local_only=given.local_only,
        left=left,
    )
    rules = [
        Rule(one.engine, one.language, _seconds(one.at_least_minutes), _seconds(one.at_most_minutes))
        for one in given.rules
    ]
    return router.route(situation, candidates(settings), rules, asked.engine, given.fallbacks)


def candidates(settings: DaemonSettings) -> dict[str, Candidate]:
    """Every engine as it is now."""
    made = {}
    for name, kind in ENGINES.items():
        options = job.with_key(settings, name)
        made[name] = Candidate(
            local=kind.local,
            why_not=kind.why_not(options),
            brings=kind.brings,
            languages=kind.languages,
            maximum_seconds=kind.maximum_seconds,
            price_per_hour=kind.price_per_hour(options) * (2 if kind.hears_apart(options) else 1),  # at most
        )
    return made


def at_once(settings: DaemonSettings, engine: str) -> int:
    """How many recordings an engine may have at once. A local one holds one model, on one GPU."""
    return 1 if ENGINES[engine].local else int(job.engine_options(settings, engine)["at_once"])


def _seconds(minutes: float | None) -> float | None:
    return None if minutes is None else minutes * 60


def left(database: Database, settings: DaemonSettings, channel_id: int | None) -> float:
    """What may still be spent this month on a video of that channel."""
    now = database.now()
    month = spending.month_of(now)
    rest = settings.router.monthly_limit - sum(spending.spent(database, month, now).values())
    if channel_id is None:
        return rest
    of_channel = spending.spent_on_channel(database, channel_id, month, now)
    return min(rest, settings.router.channel_monthly_limit - of_channel)


def aligner(settings: DaemonSettings, asked: Job) -> Message:
    """What finds the times of words, and its options, as the child takes them. Raise AskHuman if it cannot."""
    if "ctc" in asked.align:
        return {"engine": CTC, "options": _ctc(asked.align["ctc"], settings)}
    kind, options = ENGINES[ALIGNER], {**job.engine_options(settings, ALIGNER), "model": asked.align["model"]}
    why_not = kind.why_not(options)
    if not why_not and not settings.speech.align.model and not kind.is_here(options):
        why_not = f"the model {options['model']} is not on this machine: to fetch it, set [daemon.speech.align] model"
    if why_not:
        raise AskHuman(why_not)
    return {"engine": ALIGNER, "options": options}


def _ctc(folder: str, settings: DaemonSettings) -> Message:
    from daemon.speech import ctc_align

    why_not = ctc_align.why_not(folder)
    if why_not:
        raise AskHuman(why_not)
    return {"folder": folder, "device": str(settings.engines.whisper.device)}


def second_of(settings: DaemonSettings, asked: Job, seconds: float | None, left: float | None) -> Job:
    """The job of the engine that is compared. Raise AskHuman if it may not, or cannot."""
    situation = Situation(asked.language, seconds, local_only=settings.router.local_only, left=left)
    found = router.route(situation, candidates(settings), (), asked.second)
    if not found.choices:
        raise AskHuman(f"{asked.second}: {found.refused[0].reason}")
    return job.by(asked.second, asked, settings).heard


def cost(asked: Job, settings: DaemonSettings, seconds: float) -> float:
    """What a job will cost, by the prices of config.toml. `seconds`: of all channels that are paid."""
    return ENGINES[asked.engine].price_per_hour(job.engine_options(settings, asked.engine)) * seconds / 3600


def too_dear(engine: str, cost: float) -> GiveUp:
    """A cost that would pass the month's limit, as the engine's failure: another one may do it."""
    error = GiveUp(f"{engine} would cost {cost:.2f}, and this month's limit is reached: see [daemon.router]")
    error.of_engine = True
    return error


class Account:
    """Where the paid work for one key is booked, and its receipts are kept. `video_id`: None for what is no video.

    `cost`: what is booked, as far as it is known here.
    """

    def __init__(self, database: Database, video_id: int | None, key: str) -> None:
        self._database, self._video_id, self._key = database, video_id, key
        self.cost = 0.0

    def book(self, asked: Job, settings: DaemonSettings, seconds: float) -> None:
        """Book it before it begins. Raise GiveUp, as the engine's, where the month's limit does not allow it."""
        price, limit = cost(asked, settings, seconds), settings.router.monthly_limit
        if not spending.begin(self._database, self._video_id, self._key, asked.engine, seconds, price, limit):
            raise too_dear(asked.engine, price)
        self.cost = price

    def give_back(self) -> None:
        """It failed: where the service has not taken it, it costs nothing."""
        if spending.give_back(self._database, self._video_id, self._key):
            self.cost = 0.0

    def read(self) -> str | None:
        return spending.receipt(self._database, self._video_id, self._key)

    def keep(self, receipt: str) -> None:
        spending.keep(self._database, self._video_id, self._key, receipt or None)


def in_cloud(
    path: Path,
    asked: Job,
    settings: DaemonSettings,
    progress: Progress,
    account: Account,
    seconds: float | None = None,
) -> Transcript:
    """Transcribe a sound by a cloud engine, in this thread, for money. Raise DaemonError.

    `seconds`: what is paid for, where it is known; else as much as is decoded. Whatever `progress` raises ends it.
    """
    from daemon.speech.audio import decode
    from daemon.speech.channels import channels_of
    from daemon.speech.condition import Condition
    from daemon.speech.pipeline import DECODING, transcribe

    audio = decode(path, lambda fraction: progress(fraction * DECODING, "decoding"))
    kind, options = ENGINES[asked.engine], job.options_of(asked, job.with_key(settings, asked.engine))
    if kind.hears_apart(options):
        found = channels_of(path, lambda _: progress(DECODING, "comparing the channels"))
        audio = replace(audio, channels=found)
    paid = 2 if audio.channels is not None and audio.channels.are_apart else 1
    account.book(asked, settings, paid * (seconds or audio.seconds))
    try:
        with of_engine():
            engine = kind.load(options)
        request, condition = job.request(asked, account), Condition.model_validate(asked.condition)
        return transcribe(audio, engine, asked.engine, asked.model, request, progress, condition)
    except DaemonError:
        account.give_back()
        raise


def one_after_the_other(
    choices: tuple[router.Choice, ...],
    attempt: Callable[[router.Choice], Made],
    failed: Callable[[router.Choice, DaemonError], None],
) -> Made:
    """What the first engine makes that succeeds. Raise what a person should hear of, where none does."""
    errors: list[DaemonError] = []
    for choice in choices:
        try:
            return attempt(choice)
        except DaemonError as error:
            if not error.of_engine:
                raise
            errors.append(error)
            failed(choice, error)
    raise worth_telling(errors)


def worth_telling(errors: list[DaemonError]) -> DaemonError:
    """Of several engines' failures the one that says best what now: what mends itself, then what a person can mend."""
    for kind in (TryLater, AskHuman, GiveUp):
        found = next((error for error in errors if isinstance(error, kind)), None)
        if found is not None:
            return found
    return errors[0]


def none_is_left(found: Route) -> AskHuman:
    """No engine may be tried: why each is not."""
    if len(found.refused) == 1:
        return AskHuman(found.refused[0].reason)
    said = "; ".join(f"{one.engine}: {one.reason}" for one in found.refused)
    return AskHuman(f"no engine can recognise it ({said})")
