"""The report on a track, its score and its JSON."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from captions.check.rules import RULES, Kind, Severity

VERSION = 2
"""Version of the JSON written by `to_json`. `from_json` reads version 1 too, whose problems named no severity."""


@dataclass(frozen=True)
class Problem:
    """A rule broken by a cue: its index from 0, its start in seconds, and `detail` in plain words."""

    kind: Kind
    cue: int
    start: float
    detail: str

    @property
    def severity(self) -> Severity:
        return RULES[self.kind].severity


@dataclass(frozen=True)
class Doubt:
    """A word that may be misheard, where it is first said, with its lowest confidence."""

    text: str
    start: float
    confidence: float


@dataclass(frozen=True)
class Report:
    """How good a track is.

    `seconds_of_captions` is the time in which a cue shows, `words` the number of words shown, `conformity`
    the share of cues (0 to 1) without an error, `doubtful` the least sure words in the order of the video,
    each once.
    """

    cues: int
    seconds_of_captions: float
    words: int
    problems: tuple[Problem, ...]
    doubtful: tuple[Doubt, ...]
    conformity: float

    def of(self, severity: Severity) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is severity)

    @property
    def score(self) -> int:
        """0 to 100, rounded down.

        A cue is worth 1 less the weights of the rules that it breaks, each once and down to 0; the score is the mean
        of the cues less the weights of what is wrong with the whole track, in percent. Of no cues it is 100.
        """
        lost: defaultdict[int, float] = defaultdict(float)
        of_track = 0.0
        for kind, cue in {(problem.kind, problem.cue) for problem in self.problems}:
            if RULES[kind].of_track:
                of_track += RULES[kind].weight
            else:
                lost[cue] += RULES[kind].weight
        share = sum(min(one, 1.0) for one in lost.values()) / self.cues if self.cues else 0.0
        return int(round(100 * max(0.0, 1 - share - of_track), 6))  # rounded first: floats are not exact

    @property
    def summary(self) -> str:
        """The report in one sentence."""
        if not self.cues:
            return "Nothing was said: there are no cues."
        counts = Counter(problem.kind for problem in self.problems)
        told: dict[Severity, list[str]] = {severity: [] for severity in Severity}
        for kind, rule in RULES.items():
            if counts[kind] and rule.told:
                told[rule.severity].append(f"{counts[kind]} {rule.told}")
        errors = ", ".join(told[Severity.ERROR])
        # rounded down: 100 % is said only where it is true
        kept = f"{int(self.conformity * 100)} % within the rules ({errors})" if errors else "all within the rules"
        doubts = [f"{_count(len(self.doubtful), 'doubtful word')}"] if self.doubtful else []
        parts = (f"{_count(self.cues, 'cue')}, {kept}", *told[Severity.WARNING], f"score {self.score}", *doubts)
        return f"{'; '.join(parts)}."


def to_json(report: Report) -> str:
    """Write a report as JSON that `from_json` reads back to an equal value."""
    values = asdict(report)
    for told, problem in zip(values["problems"], report.problems, strict=True):
        told["severity"] = problem.severity
    return json.dumps({"version": VERSION, "score": report.score, **values}, ensure_ascii=False)


def from_json(text: str) -> Report:
    """Read what `to_json` wrote, in this version or the one before. Raise ValueError for anything else."""
    try:
        values = json.loads(text)
        version = values.pop("version")
        if version not in (1, VERSION):
            raise ValueError(f"a report of version {version}; this program reads versions 1 and {VERSION}")
        values.pop("score", None)
        problems = tuple(_problem(one) for one in values.pop("problems"))
        doubtful = tuple(Doubt(**one) for one in values.pop("doubtful"))
        return Report(problems=problems, doubtful=doubtful, **values)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"not a report: {error}") from error


def _problem(values: Mapping[str, Any]) -> Problem:
    known = {name: value for name, value in values.items() if name != "severity"}
    return Problem(**{**known, "kind": Kind(values["kind"])})


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
