"""Child processes: what can crash, hang or leak runs in one, and is answered by killing it.

A child is a Python module that calls `serve`. It reads one JSON request a line from its standard input, and answers
with JSON lines: any number of {"progress": …}, then one {"result": …}, {"error": …} or {"bug": traceback}. It dies
with its parent: Linux sends it SIGKILL when the thread that started it ends, so children are started by the main
thread alone, which lives as long as the process does.
"""

from __future__ import annotations

import collections
import contextlib
import contextvars
import ctypes
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import structlog

from daemon.errors import AskHuman, DaemonError, Interrupted, from_message, to_message

Message = dict[str, Any]
Made = TypeVar("Made")
Progress = Callable[[float, str], None]
"""Told how much of the work is done, 0 to 1, and which step it is at."""

LOOK_SECONDS = 0.25  # how often a waiting parent looks at its child, and whether it is still wanted
TELL_SECONDS = 0.1  # a child tells of its progress no more often
START_SECONDS = 60.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h
PAGE = os.sysconf("SC_PAGE_SIZE")

log = structlog.stdlib.get_logger()


class ChildDied(Exception):
    """A child ended, hung, or took too much memory, and was killed. `str()` says which, and its last words."""


class ChildBug(Exception):
    """Code in a child raised what nobody expected; `str()` is its traceback."""


@dataclass(frozen=True)
class Limits:
    """When a child is killed: without a sign for `stall_seconds`, or with more than `memory_bytes` resident."""

    stall_seconds: float
    memory_bytes: int


class Spawner:
    """Starts processes from the thread that made it, whichever thread asks."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._requests: queue.Queue[tuple[list[str], Future[subprocess.Popen[str]]]] = queue.Queue()
        self._closed = False
        self._turned = time.monotonic()

    @property
    def silent_seconds(self) -> float:
        """How long ago its thread looked for work: long, where that thread hangs."""
        return time.monotonic() - self._turned

    def start(self, command: list[str]) -> subprocess.Popen[str]:
        """Start `command` with pipes for its three streams, in a session of its own. Raise Interrupted at the end."""
        if threading.get_ident() == self._thread:
            return _start(command)
        future: Future[subprocess.Popen[str]] = Future()
        self._requests.put((command, future))
        if self._closed:  # looked at after the put: whichever of us two comes last, refuses
            self._refuse()
        try:
            return future.result(timeout=START_SECONDS)
        except TimeoutError:
            if future.cancel():
                raise Interrupted("no process could be started") from None
            return future.result()  # it was being started just then

    def work(self, stop: threading.Event) -> None:
        """Start what other threads ask for, until `stop`. Call it in the thread that made the spawner."""
        while not stop.is_set():
            self._turned = time.monotonic()
            with contextlib.suppress(queue.Empty):
                command, future = self._requests.get(timeout=LOOK_SECONDS)
                if future.set_running_or_notify_cancel():
                    try:
                        future.set_result(_start(command))
                    except Exception as error:
                        future.set_exception(error)
        self._closed = True
        self._refuse()

    def during(self, act: Callable[[], Made], end: Callable[[], object]) -> Made:
        """Let a thread `act`, and start meanwhile what it and its own ask for; what it gives. Call it as `work`.

        Where this thread is interrupted, `end` is called, which has to end the other one.
        """
        over = threading.Event()
        with ThreadPoolExecutor(1) as threads:
            made = threads.submit(contextvars.copy_context().run, act)
            made.add_done_callback(lambda _: over.set())
            try:
                self.work(over)
            except BaseException:
                end()
                raise
            return made.result()

    def _refuse(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                future = self._requests.get_nowait()[1]
                if future.set_running_or_notify_cancel():
                    future.set_exception(Interrupted("stopping"))


def _start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # a Ctrl-C in a terminal is for us to pass on; and a group can be killed whole
    )


class Child:
    """One running child process. Use it from one thread at a time."""

    def __init__(self, spawner: Spawner, module: str) -> None:
        command = [sys.executable, "-m", module, "--parent", str(os.getpid())]
        self.module = module
        self._process = spawner.start(command)
        self._messages: queue.Queue[Message | None] = queue.Queue()
        self._last_words: collections.deque[str] = collections.deque(maxlen=20)
        self._bound = contextvars.copy_context()  # what the lines of the log have in common, for the reading threads
        for stream, reader in ((self._process.stdout, self._read), (self._process.stderr, self._listen)):
            threading.Thread(target=reader, args=(stream,), daemon=True, name=f"{module} {reader.__name__}").start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: Message, limits: Limits, progress: Progress, watch: Callable[[], None]) -> Message:
        """Send a request, give its result.

        `watch` is called several times a second; what it raises is raised here, after the child was killed.
        Raise what the child raised: DaemonError, or ChildBug. Raise ChildDied if it ended or broke its limits.
        """
        self._bound = contextvars.copy_context()
        try:
            self._send(request)
            answer = self._wait(limits, progress, watch)
            error = from_message(answer["error"]) if "error" in answer else None
            if "bug" in answer:
                raise ChildBug(answer["bug"])
        except BaseException:  # also a DaemonError, if `watch` raised it: the child is still at work
            self.kill()
            raise
        if error is not None:
            raise error
        result: Message = answer["result"]
        return result

    def kill(self) -> None:
        """End the child and all that it started, now."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)  # while it is not reaped, nobody else has its number
        self._process.wait()
        if self._process.stdin is not None:  # the readers close the other two
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def _send(self, request: Message) -> None:
        if self._process.stdin is None:
            raise AssertionError("started without a pipe")
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except OSError:
            raise ChildDied(self._how_it_ended()) from None

    def _wait(self, limits: Limits, progress: Progress, watch: Callable[[], None]) -> Message:
        last_sign = time.monotonic()
        while True:
            watch()
            self._check(limits, last_sign)  # each time: one that tells of its progress may eat as well
            try:
                message = self._messages.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                continue
            last_sign = time.monotonic()
            if message is None:
                raise ChildDied(self._how_it_ended())
            if "progress" not in message:
                return message
            progress(float(message["progress"]), str(message.get("step", "")))

    def _check(self, limits: Limits, last_sign: float) -> None:
        silent = time.monotonic() - last_sign
        if silent > limits.stall_seconds:
            raise ChildDied(f"{self.module} gave no sign for {silent:.0f} s and was killed")
        resident = resident_bytes(self.pid)
        if resident > limits.memory_bytes:
            raise ChildDied(f"{self.module} took {resident / 1e6:,.0f} MB of memory and was killed")

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return f"{self.module} closed its pipe and was killed"
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        words = "; ".join(self._last_words)[-500:]
        return f"{self.module} ended {how}" + (f": {words}" if words else "")

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                try:
                    message = json.loads(line)
                except json.JSONDecodeError:
                    break  # killed in the middle of a line
                self._messages.put(message)
        self._messages.put(None)

    def _listen(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                if line.strip():
                    self._last_words.append(line.strip())
                    self._bound.copy().run(log.debug, "child said", module=self.module, text=line.strip())


def ask_once(
    spawner: Spawner, module: str, request: Message, limits: Limits, progress: Progress, watch: Callable[[], None]
) -> Message:
    """As `Child.ask`, of a child that is started for this request alone and ended with it."""
    child = Child(spawner, module)
    try:
        return child.ask(request, limits, progress, watch)
    finally:
        child.kill()


class WarmChild:
    """A child that is started when it is needed, kept for the next request, and leaves when it was idle for long."""

    def __init__(self, spawner: Spawner, module: str, idle_seconds: float) -> None:
        self._spawner = spawner
        self._module = module
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._idle_since = time.monotonic()

    @property
    def pid(self) -> int | None:
        child = self._child
        return child.pid if child is not None and child.is_alive() else None

    def ask(self, request: Message, limits: Limits, progress: Progress, watch: Callable[[], None]) -> Message:
        """As `Child.ask`; one request at a time."""
        with self._lock:
            child = self._ready()
            try:
                return child.ask(request, limits, progress, watch)
            except AskHuman:  # what a person mends, a library, a driver, is looked at again only by a new process
                child.kill()
                raise
            finally:
                self._idle_since = time.monotonic()

    def start(self) -> None:
        """Start it, where it is not there, for a request that another thread will make."""
        if self._lock.acquire(blocking=False):  # else it is at work
            try:
                self._ready()
                self._idle_since = time.monotonic()
            finally:
                self._lock.release()

    def _ready(self) -> Child:
        if self._child is None or not self._child.is_alive():
            if self._child is not None:
                self._child.kill()  # closes its pipe
            self._child = Child(self._spawner, self._module)
        return self._child

    def leave_if_idle(self) -> None:
        """End the child, and give its memory back, if nobody asked it for `idle_seconds`."""
        if self._lock.acquire(blocking=False):
            try:
                if self._child is not None and time.monotonic() - self._idle_since >= self._idle_seconds:
                    self._child.kill()
                    self._child = None
            finally:
                self._lock.release()

    def close(self) -> None:
        with self._lock:
            if self._child is not None:
                self._child.kill()
                self._child = None


def resident_bytes(pid: int) -> int:
    """Memory that a process holds in RAM; 0 where it has ended, or the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


# ---- in the child


def serve(handle: Callable[[Message, Progress], Message]) -> None:
    """Be a child: answer each request with what `handle` gives, until the parent closes the pipe or ends."""
    _die_with_parent(int(sys.argv[sys.argv.index("--parent") + 1]))
    for number in (signal.SIGINT, signal.SIGTERM):  # sent to a whole service: the parent ends us when it is ready
        signal.signal(number, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not mix with the answers

    def send(message: Message) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    for line in sys.stdin:
        try:
            answer: Message = {"result": handle(json.loads(line), Teller(send))}
        except DaemonError as error:
            answer = {"error": to_message(error)}
        except Exception:
            answer = {"bug": traceback.format_exc()}
        send(answer)


class Teller:
    """Tells the parent of the progress of one request: each new step and the end at once, else ten times a second."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self._send = send
        self._step = ""
        self._told = 0.0

    def __call__(self, fraction: float, step: str) -> None:
        now = time.monotonic()
        if step != self._step or fraction >= 1 or now - self._told >= TELL_SECONDS:
            self._step, self._told = step, now
            self._send({"progress": round(fraction, 4), "step": step})


def _die_with_parent(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        sys.exit(0)
