"""A caption track: what a viewer reads, and when."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line of a cue as it stands on the screen.

    `text` keeps the markup of its source (`<i>…</i>`); `speaker` is the name said to speak it, or None.
    """

    text: str
    speaker: str | None = None


@dataclass(frozen=True)
class Cue:
    """Lines shown together from `start` to `end`, in seconds from the beginning of the video.

    `id` and `settings` are WebVTT's cue identifier and cue settings, kept so that a file read is the file
    written. Raise ValueError if the times are no interval.
    """

    start: float
    end: float
    lines: tuple[Line, ...]
    id: str = ""
    settings: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a cue needs 0 <= start < end, not {self.start} to {self.end}")

    @property
    def text(self) -> str:
        """The cue's text, one line of the screen per line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class Track:
    """The cues of one video in one language (BCP-47), in the order of their start.

    `labels`: the style, of `captions.labels`, in which a viewer reads who speaks; "" where that is left to the format.
    """

    language: str
    cues: tuple[Cue, ...]
    labels: str = ""

    @property
    def text(self) -> str:
        """All that is said, as plain lines."""
        return "\n".join(cue.text for cue in self.cues)
