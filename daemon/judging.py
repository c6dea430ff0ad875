"""Judge a caption file by the rules of a house, and mend what can be. No daemon, no database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import captions.profiles
from captions import fix, formats
from captions import language as languages
from captions.check import Report, Severity, check
from captions.formats import decoding
from captions.profiles import Limits, Profile
from captions.track import Track
from daemon import files, terminal

LARGEST_BYTES = 50_000_000
"""Of a caption file; a day of speech is some millions."""

GUESSED_FROM_CUES = 1000
"""Cues whose words tell the language: an hour or so."""

Row = dict[str, object]


@dataclass(frozen=True)
class Rules:
    """A profile by its name, and single numbers in the place of its own; those that cannot hold are left out."""

    profile: str = captions.profiles.DEFAULT
    limits: Limits = field(default_factory=dict)

    def of(self, language: str) -> Profile:
        """Those for a language."""
        return captions.profiles.that_hold(self.profile, language, self.limits)[0]


@dataclass(frozen=True)
class Unreadable:
    """A file that could not be judged, and why, with the line where it is broken."""

    path: Path
    error: str

    def values(self) -> Row:
        """What is told of it as JSON."""
        return {"file": str(self.path), "error": self.error}


@dataclass(frozen=True)
class Judged:
    """A file with its track and the report on it, by these rules."""

    path: Path
    rules: Rules
    track: Track
    report: Report

    @property
    def has_errors(self) -> bool:
        return bool(self.report.of(Severity.ERROR))

    @property
    def line(self) -> str:
        """The totals, in a line."""
        counts = Counter(problem.severity for problem in self.report.problems)
        told = ", ".join(f"{counts[kind]} {kind}{'s' * (counts[kind] != 1)}" for kind in Severity if counts[kind])
        return f"{terminal.plain(str(self.path))}: {self.report.summary} {told}".rstrip()

    def rows(self) -> list[Row]:
        """A row for each problem, cues counted from 1."""
        return [
            {
                "cue": one.cue + 1,
                "time": clock(one.start),
                "severity": one.severity.value,
                "rule": one.kind.value,
                "detail": one.detail,
            }
            for one in self.report.problems
        ]

    def values(self) -> Row:
        """All of it as JSON, cues counted from 1, times in seconds."""
        problems = zip(self.rows(), self.report.problems, strict=True)
        return {
            "file": str(self.path),
            "error": None,
            "profile": self.rules.profile,
            **({"limits": dict(self.rules.limits)} if self.rules.limits else {}),
            "language": self.track.language or None,
            "cues": self.report.cues,
            "words": self.report.words,
            "score": self.report.score,
            "conformity": round(self.report.conformity, 4),
            **{f"{severity}s": len(self.report.of(severity)) for severity in Severity},
            "summary": self.report.summary,
            "problems": [{**row, "time": problem.start} for row, problem in problems],
        }


@dataclass(frozen=True)
class Mended:
    """What was done to a file, and the file that came of it."""

    changes: tuple[fix.Change, ...]
    left: Judged

    def rows(self) -> list[Row]:
        """A row for each change, cues counted from 1 and times as they were."""
        return [
            {"cue": one.cue + 1, "time": clock(one.start), "done": one.what.value, "detail": one.detail}
            for one in self.changes
        ]


def judged(path: Path, rules: Rules, language: str | None, seconds: float | None) -> Judged | Unreadable:
    """The report on a caption file; `seconds`: how long its video is."""
    try:
        track = _read(path, language)
    except ValueError as error:
        return Unreadable(path, terminal.plain(str(error)))
    except OSError as error:
        return Unreadable(path, error.strerror or str(error))
    return _judged(path, track, rules, seconds)


def mended(source: Judged, target: Path, seconds: float | None) -> Mended:
    """Write the file, mended, to `target`, whose suffix says the format. Raise ValueError if it is none, OSError."""
    wanted = formats.format_of(target.name)
    made, changes = fix.fixed(source.track, source.rules.of(source.track.language), seconds)
    with files.beside(target) as temporary:
        files.write(target, temporary, formats.write(made, wanted))
    return Mended(changes, _judged(target, made, source.rules, seconds))


def _judged(path: Path, track: Track, rules: Rules, seconds: float | None) -> Judged:
    return Judged(path, rules, track, check(track, rules.of(track.language), video_seconds=seconds))


def _read(path: Path, language: str | None) -> Track:
    """The track in a caption file, in `language` or in the one that its words tell; "" where they do not.

    Raise ValueError, with the line where it is broken, OSError.
    """
    wanted = formats.format_of(path.name)
    if path.stat().st_size > LARGEST_BYTES:
        raise ValueError(f"it is larger than {LARGEST_BYTES // 10**6} MB: such a file is not read")
    text = decoding.decode("it", path.read_bytes(), language or "")
    track = formats.read(text, wanted, language or "")
    if language:
        return track
    said = "\n".join(line for lines in formats.shown(track)[:GUESSED_FROM_CUES] for line in lines)
    return replace(track, language=languages.guess(said) or languages.of_script(said) or "")


def clock(seconds: float) -> str:
    """A time as caption files have it."""
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{milliseconds / 1000:06.3f}"
