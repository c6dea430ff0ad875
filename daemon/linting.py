"""Judge caption files by the rules of a house, and mend what can be: `captiond lint` and `captiond fix`.

No daemon, no database, no settings: a file and its profile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from captions.check import Report, Severity
from captions.profiles import DEFAULT, PROFILES
from captions.track import Track
from daemon import terminal

LARGEST_BYTES = 50_000_000
"""Of a caption file; a day of speech is some millions."""

GUESSED_FROM_CUES = 1000
CANNOT_BE_READ = 2
"""Exit code, as grep and diff have it, for what could not be judged."""

Profile = Annotated[
    str, typer.Option("--profile", help=f"Whose rules: {', '.join(PROFILES)}.", callback=lambda name: _known(name))
]
Language = Annotated[
    str | None, typer.Option("--language", help="What is spoken, e.g. en or pt-BR; else it is told by the words.")
]
Seconds = Annotated[
    float | None, typer.Option("--seconds", min=0, help="How long the video is, to find what ends after it.")
]


def lint(
    captions: Annotated[list[Path], typer.Argument(metavar="FILE …", help="Caption files: .vtt, .srt, …")],
    profile: Profile = DEFAULT,
    language: Language = None,
    seconds: Seconds = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what breaks the rules of a house in caption files, with a score of 0 to 100.

    The exit code is 1 where there is an error, 0 where there are warnings and hints alone, and 2 where a file cannot
    be read. Cues are counted from 1.
    """
    judged = [_judged(path, profile, language, seconds) for path in captions]
    if as_json:
        terminal.show([one.values() for one in judged], as_json=True)
    else:
        _show(judged)
    for one in judged:
        if one.report is None:
            typer.echo(f"captiond: {terminal.plain(str(one.path))}: {one.error}", err=True)
    if any(one.report is None for one in judged):
        raise typer.Exit(CANNOT_BE_READ)
    if any(one.report and one.report.of(Severity.ERROR) for one in judged):
        raise typer.Exit(1)


@dataclass(frozen=True)
class _Judged:
    """A file with its report, or with why there is none."""

    path: Path
    profile: str
    language: str = ""
    report: Report | None = None
    error: str = ""

    def values(self) -> dict[str, Any]:
        """All of it as plain JSON."""
        if self.report is None:
            return {"file": str(self.path), "error": self.error}
        return {
            "file": str(self.path),
            "error": None,
            "profile": self.profile,
            "language": self.language or None,
            "cues": self.report.cues,
            "words": self.report.words,
            "score": self.report.score,
            "conformity": round(self.report.conformity, 4),
            **{f"{severity}s": len(self.report.of(severity)) for severity in Severity},
            "summary": self.report.summary,
            "problems": [
                {
                    "cue": one.cue + 1,
                    "time": one.start,
                    "severity": one.severity.value,
                    "rule": one.kind.value,
                    "detail": one.detail,
                }
                for one in self.report.problems
            ],
        }

    def rows(self, *, with_file: bool) -> list[dict[str, object]]:
        """What is shown of it, a row for each problem."""
        name: dict[str, object] = {"file": self.path.name} if with_file else {}
        return [
            {
                **name,
                "cue": one.cue + 1,
                "time": _clock(one.start),
                "severity": one.severity.value,
                "rule": one.kind.value,
                "detail": one.detail,
            }
            for one in (self.report.problems if self.report else ())
        ]


def _judged(path: Path, profile: str, language: str | None, seconds: float | None) -> _Judged:
    import captions.profiles
    from captions.check import check

    try:
        track = read(path, language)
    except ValueError as error:
        return _Judged(path, profile, error=terminal.plain(str(error)))
    except OSError as error:
        return _Judged(path, profile, error=error.strerror or str(error))
    report = check(track, captions.profiles.find(profile, track.language), video_seconds=seconds)
    return _Judged(path, profile, track.language, report)


def _show(judged: Sequence[_Judged]) -> None:
    rows = [row for one in judged for row in one.rows(with_file=len(judged) > 1)]
    if rows:
        terminal.show(rows, as_json=False)
        typer.echo()
    for one in judged:
        if one.report is not None:
            counts = Counter(problem.severity for problem in one.report.problems)
            told = ", ".join(f"{counts[kind]} {kind}{'s' * (counts[kind] != 1)}" for kind in Severity if counts[kind])
            typer.echo(f"{terminal.plain(str(one.path))}: {one.report.summary} {told}".rstrip())


def read(path: Path, language: str | None) -> Track:
    """The track in a caption file, in `language` or in the one that its words tell; "" where they do not.

    Raise ValueError, with the line where it is broken, OSError.
    """
    from captions import formats
    from captions import language as languages

    wanted = formats.format_of(path.name)
    if path.stat().st_size > LARGEST_BYTES:
        raise ValueError(f"it is larger than {LARGEST_BYTES // 10**6} MB: such a file is not read")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is no text in UTF-8: save it as such, then try again") from None
    track = formats.read(text, wanted, language or "")
    if language:
        return track
    said = "\n".join(line for lines in formats.shown(track)[:GUESSED_FROM_CUES] for line in lines)
    return Track(languages.guess(said) or languages.of_script(said) or "", track.cues)


def _known(name: str) -> str:
    import captions.profiles

    try:
        captions.profiles.find(name)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return name


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest / 1000:06.3f}"
