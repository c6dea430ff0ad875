"""The state that every stand-in of a speech service has: what is said, what was asked, faults, strange answers."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sandbox.clouds import changes, speech
from sandbox.clouds.changes import Change
from sandbox.clouds.faults import Faults
from sandbox.clouds.speech import Speech
from sandbox.coming import Coming

NOTHING_SAID = Speech()


class Refused(Exception):
    """A request that gets no answer but an error: `status` and `headers` are HTTP's, `str()` is for people.

    `mistake` is what a correct client never does; it goes to `Cloud.refusals`.
    """

    def __init__(
        self, status: int, message: str, *, mistake: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.mistake, self.headers = status, mistake, dict(headers or {})

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        raise NotImplementedError


class Cloud:
    """The base of a scene. `requests` came, `executed` were done, by operation; `refusals` no correct client sends."""

    def __init__(self, operations: Collection[str], api_key: str) -> None:
        self.api_key = api_key
        self.faults = Faults(operations)
        self.requests: Counter[str] = Counter()
        self.executed: Counter[str] = Counter()
        self.refusals: list[str] = []
        self.speeches: Coming[Speech] = Coming()
        self._changes: defaultdict[str, Coming[Change]] = defaultdict(Coming)
        self._made = 0

    def refused(self, status: int, headers: Mapping[str, str] | None = None) -> Refused:
        """What a fault with this status answers."""
        raise NotImplementedError

    def say(self, words: Iterable[Any] = (), text: str = "", times: int | None = None, **more: Any) -> None:
        """What is said in the next `times` audios that are transcribed; None: in all from now on (speech.make)."""
        said = speech.make(words, text, **more)
        if times is None:
            self.speeches.clear()
        self.speeches.add(said, times)

    def next_speech(self) -> Speech:
        """What is said in the audio that is now transcribed."""
        return self.speeches.take() or NOTHING_SAID

    def fault(self, operation: str, kind: str, times: int | None = 1, value: float | None = None) -> None:
        """See Faults.add."""
        self.faults.add(operation, kind, times, value)

    def alter(
        self,
        operation: str,
        put: Mapping[str, Any] | None = None,
        drop: Iterable[str] = (),
        times: int | None = 1,
    ) -> None:
        """Change the next `times` complete answers of an operation (changes.py); None: all, until cleared."""
        self.faults.check(operation)
        self._changes[operation].add(changes.make(put, drop), times)

    def altered(self, operation: str, answer: Any) -> Any:
        """The answer, as the scene wants it changed."""
        change = self._changes[operation].take()
        return answer if change is None else change.of(answer)

    def clear(self, operation: str | None = None) -> None:
        """Forget the faults and changes to come, of one operation or of all."""
        self.faults.clear(operation)
        for name in list(self._changes) if operation is None else [operation]:
            self._changes[name].clear()

    def make_id(self) -> str:
        """32 hexadecimal digits, the same ones in every run."""
        self._made += 1
        return hashlib.sha256(str(self._made).encode()).hexdigest()[:32]

    def state(self) -> dict[str, Any]:
        """Everything that a test may want to see, as JSON values."""
        return {
            "requests": dict(self.requests),
            "executed": dict(self.executed),
            "refusals": list(self.refusals),
            "held": self.faults.held(),
        }
