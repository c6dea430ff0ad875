"""How soon captionbot answers in Discord, with captiond idle and while it transcribes; and how soon the desk does.

    python -m bench.discord [--quick] [--json] [--corpus PATH] [--model PATH] [--minutes NUMBER]

Real captionbot and captiond on one store, in which 500 drafts of 200 channels wait, beside the loopback Discord and the
loopback YouTube. The desk is measured first, by itself; then somebody acts in Discord, the second time while captiond
recognises a long recording. Discord gives a bot three seconds for its first answer.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import backlog, inputs, processes, report
from bench.report import Bar, Cell, Column, Failed, Report
from bench.talk import KINDS, Act, Talk
from bot import desk as desks
from bot.desk import COMMANDS, Desk
from bot.discord.commands import CHOICES as OFFERED
from bot.guard import Actor, Role
from daemon.speech.pipeline import DECODING
from sandbox.discord.state import CHANNEL_ID, OWNER_NAME
from store.database import BOT_BUSY_SECONDS, Database
from store.lifecycle import VideoState
from store.videos import LISTED
from tests.bot.discord.server import Server
from tests.machine import Machine, machine

CHANNELS, DRAFTS = 200, 500
LISTS = ("draft list", "channel list", "status")
CHOSEN = {"draft approve": "draft", "channel settings": "channel"}
ACTS, QUICK_ACTS = 200, 40
LOOKS, QUICK_LOOKS = 30, 10
MINUTES, QUICK_MINUTES = 90.0, 30.0  # of speech, which have to last for all acts
BUSY_LIMIT, LONGEST_LIMIT = 500.0, 3000.0  # ms; after 3 s Discord tells the person that there is no answer
DESK_LIMIT = 100.0  # ms
FULL = 0.75  # share of all processors' time that is used while captiond recognises: some of its steps take one alone
LEAST = 0.25  # processors that captiond and its children have, lest other programs are what is measured
DEADLINE_SECONDS = 25.0  # of the loopback Discord, so that an answer that is late is measured all the same
PATIENCE_SECONDS = 600.0
LOOK_SECONDS = 0.1
PROCESSORS = os.cpu_count() or 1
TICKS = os.sysconf("SC_CLK_TCK")

COLUMNS = (
    Column("what"),
    Column("captiond"),
    Column("times", "d"),
    Column("median ms", ".1f"),
    Column("99 % within ms", ".1f"),
    Column("longest ms", ".1f"),
    Column("rows", "d"),
)


@dataclass(frozen=True)
class Load:
    """Processors that were in use: by captiond and its children, and by all programs together."""

    captiond: float
    everything: float


@dataclass(frozen=True)
class Looked:
    """One thing asked of the desk again and again: milliseconds, and the rows that a person is shown."""

    name: str
    milliseconds: tuple[float, ...]
    rows: int


def measure(options: argparse.Namespace) -> Report:
    model = inputs.model_folder(options.model)
    acts, looks = (QUICK_ACTS, QUICK_LOOKS) if options.quick else (ACTS, LOOKS)
    with tempfile.TemporaryDirectory() as name, report.progress("discord") as say:
        sound = _recording(options, Path(name))
        with machine(Path(name), model, show_log=False) as owner, _chat(owner.state) as server:
            say(f"bringing in {CHANNELS} channels and {DRAFTS} drafts")
            backlog.fill(owner.database, CHANNELS, DRAFTS, CHANNEL_ID)
            say("the desk")
            looked = desk_looks(owner.database.url, looks)
            say(f"{acts} acts while captiond is idle")
            talk = _started(owner, server)
            idle = talk.acts(acts)
            say("waiting until captiond recognises")
            busy, load = _while_recognising(owner, sound, lambda: talk.acts(acts), say)
            cards = len(server.cards())
    return conclude(looked, idle, busy, load, cards)


# --- the desk -----------------------------------------------------------------------------------------------


def desk_looks(url: str, times: int) -> list[Looked]:
    """Lists as somebody sees who may only look; choices as the owner is offered them."""
    desk = Desk(Database(url, BOT_BUSY_SECONDS), slash=True)
    viewer, owner = Actor("bench:viewer", Role.VIEWER, frozenset({"1"})), Actor("bench:owner", Role.OWNER)
    try:
        looks = {f"/{name}": _asks(desk, viewer, name) for name in LISTS}
        looks |= {f"choices of /{name}": _offers(desk, owner, name, argument) for name, argument in CHOSEN.items()}
        return [_looked(name, times, look) for name, look in looks.items()]
    finally:
        desk.database.close()


def _looked(name: str, times: int, look: Callable[[], int]) -> Looked:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        rows = look()
        took.append((time.perf_counter() - began) * 1000)
    return Looked(name, tuple(took), rows)


def _asks(desk: Desk, actor: Actor, name: str) -> Callable[[], int]:
    def ask() -> int:
        reply = desks.run(desk, actor, name, {})
        if not reply.ok:
            raise Failed(f"the desk refused {name}: {reply.text}")
        return len(reply.table.rows) if reply.table is not None else 0

    return ask


def _offers(desk: Desk, actor: Actor, name: str, argument: str) -> Callable[[], int]:
    command = COMMANDS[name]
    choices = next(one.choices for one in command.arguments if one.name == argument)

    def offer() -> int:
        if choices is None or not desks.may_choose(desk, actor, command):
            raise Failed(f"the desk offers nothing for {name}")
        return len(choices(desk))

    return offer


# --- in Discord ---------------------------------------------------------------------------------------------


@contextmanager
def _chat(folder: Path) -> Iterator[Server]:
    """A loopback Discord for the store in that folder; it is ended with the block, and captionbot too."""
    server = Server(folder)
    try:
        server.people.do("settings", deadline_seconds=DEADLINE_SECONDS)
        yield server
    finally:
        server.close(show_log=False)


def _started(owner: Machine, server: Server) -> Talk:
    """Both programs run, and the cards of the two oldest drafts are there."""
    owner.environment["OMP_NUM_THREADS"] = str(PROCESSORS)  # Whisper's threads: CTranslate2 takes four by itself
    owner.start()
    owner.told("channel", "add", "@sandbox")
    server.start()
    server.connected()
    return Talk(server.people.user(OWNER_NAME), server.card(1), server.card(2))


def _while_recognising(
    owner: Machine, sound: Path, act: Callable[[], list[Act]], say: Callable[[str], None]
) -> tuple[list[Act], Load]:
    """What was measured while captiond recognised all the time, and how busy it was. Raise Failed."""
    video = owner.sandbox.publishes(sound, title="A long talk")
    end = time.monotonic() + PATIENCE_SECONDS
    while not (begun := _recognised(owner, video)):
        if time.monotonic() > end:
            raise Failed(f"captiond did not begin to recognise in {PATIENCE_SECONDS:.0f} s")
        time.sleep(LOOK_SECONDS)
    say("acts while captiond recognises")
    began, before = time.monotonic(), _used(owner)
    acts = act()
    seconds, after = time.monotonic() - began, _used(owner)
    if _recognised(owner, video) < begun:
        raise Failed("captiond had recognised all before the last act: give it more --minutes")
    load = Load((after.captiond - before.captiond) / seconds, (after.everything - before.everything) / seconds)
    if load.captiond < LEAST:
        raise Failed(f"captiond came to only {load.captiond:.2f} processors: something else uses them")
    if load.everything < FULL * PROCESSORS:
        raise Failed(f"only {load.everything:.1f} of {PROCESSORS} processors were used while captiond recognised")
    return acts, load


def _recognised(owner: Machine, youtube_id: str) -> float:
    """How much of the recording is recognised while some is, and not all; else 0."""
    found = owner.video(youtube_id)
    if found is None or found.state is not VideoState.DOWNLOADED:
        return 0.0
    return max(0.0, (found.progress or 0.0) - DECODING)


def _used(owner: Machine) -> Load:
    """Processor seconds until now."""
    assert owner.captiond is not None
    stats = [Path(f"/proc/{one}/stat").read_text() for one in processes.family(owner.captiond.pid)]
    captiond = sum(sum(map(int, stat.rpartition(")")[2].split()[11:13])) for stat in stats)
    user, nice, system = map(int, Path("/proc/stat").read_text().split()[1:4])
    return Load(captiond / TICKS, (user + nice + system) / TICKS)


def _recording(options: argparse.Namespace, folder: Path) -> Path:
    corpus = inputs.english(inputs.corpus_folder(options.corpus))
    spoken = [one.path for one in corpus if "read" in one.tags] or [inputs.two_cities().path]
    target = folder / "long.wav"
    minutes = options.minutes or (QUICK_MINUTES if options.quick else MINUTES)
    inputs.joined(spoken, minutes * 60, target)
    return target


# --- the report ---------------------------------------------------------------------------------------------


def conclude(looked: Sequence[Looked], idle: Sequence[Act], busy: Sequence[Act], load: Load, cards: int) -> Report:
    waits = [one.milliseconds for one in busy]
    return Report(
        f"captionbot: {len(busy)} acts in Discord, {DRAFTS} drafts and {CHANNELS} channels in the store",
        COLUMNS,
        (*_act_rows("idle", idle), *_act_rows("transcribing", busy), *map(_desk_row, looked)),
        (
            Bar("99 % acknowledged while captiond transcribes, within", percentile(waits), BUSY_LIMIT, " ms"),
            Bar("the longest", max(waits), LONGEST_LIMIT, " ms"),
            *(Bar(f"{one.name} in the desk", statistics.median(one.milliseconds), DESK_LIMIT, " ms") for one in looked),
            Bar("rows of the longest reply", max(one.rows for one in looked if one.name.startswith("/")), LISTED),
            Bar("choices that are shown", max(one.choices for one in (*idle, *busy)), OFFERED),
        ),
        _notes(load, cards),
    )


def _notes(load: Load, cards: int) -> tuple[str, ...]:
    return (
        "Acknowledged: from the event's being sent by the loopback Discord to the first answer's coming in there. The"
        " loopback shares the processors with captiond and captionbot: what it waits for them counts too.",
        f"captiond recognised from the first act to the last, on {load.captiond:.1f} of {PROCESSORS} processors. All"
        f" programs on the machine together used {load.everything:.1f}. captionbot posts the cards of the"
        f" drafts that wait from its start on, as after an outage: {cards} by the end.",
        "In the desk: with nothing else at work, and with no Discord; rows: of the reply's page, or that the desk gives"
        " to choose from, of which Discord is sent those that fit what was typed.",
    )


def _act_rows(load: str, acts: Sequence[Act]) -> list[tuple[Cell, ...]]:
    kinds = [(kind, [one for one in acts if one.kind == kind]) for kind in KINDS]
    return [_act_row(name, load, some) for name, some in (("all acts", acts), *kinds)]


def _act_row(name: str, load: str, acts: Sequence[Act]) -> tuple[Cell, ...]:
    waits = [one.milliseconds for one in acts]
    return (name, load, len(waits), statistics.median(waits), percentile(waits), max(waits), None)


def _desk_row(one: Looked) -> tuple[Cell, ...]:
    took = one.milliseconds
    return (f"in the desk: {one.name}", "not there", len(took), statistics.median(took), None, max(took), one.rows)


def percentile(values: Sequence[float], share: float = 0.99) -> float:
    """The lowest value that so many of the values do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def main() -> int:
    asked = report.parser("How soon captionbot answers in Discord, with captiond idle and while it transcribes.")
    inputs.add_options(asked)
    asked.add_argument("--minutes", type=float, help=f"of speech for captiond to recognise; else {MINUTES:.0f}")
    return report.run(asked, measure)


if __name__ == "__main__":
    sys.exit(main())
