"""What becomes of a cue while it is mended."""

from __future__ import annotations

from dataclasses import dataclass

from captions.track import Cue


@dataclass(frozen=True)
class Piece:
    """A cue, and the index of the one that it was, or was a part of."""

    origin: int
    cue: Cue
