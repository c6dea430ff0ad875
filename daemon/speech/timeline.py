"""A picture of who speaks when: a row for each speaker, who talks most on top.

Readable at the width at which Discord shows a picture (about 550 px of 1200), with colours that colour-blind people
tell apart (Okabe and Ito 2008, "Color universal design"), and with names, so that colours are no more than a help.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from itertools import cycle

from captions.talking import talks
from captions.text import clean_line
from captions.transcript import SpeakerTurn

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
DOTS_PER_INCH = 100
WIDTH_INCHES, ROW_INCHES, REST_INCHES = 12.0, 0.55, 1.0
MOST_ROWS = 20  # more would be no picture that people read
NAME_CHARACTERS = 24
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 4 * 3600)  # seconds between two marks


def draw(turns: Sequence[SpeakerTurn], seconds: float, title: str = "") -> bytes:
    """The PNG of a recording of so many seconds. It takes matplotlib, which comes with the extra voices."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    found = talks(turns)[:MOST_ROWS]
    figure = Figure(figsize=(WIDTH_INCHES, REST_INCHES + ROW_INCHES * max(1, len(found))), dpi=DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for row, (talk, colour) in enumerate(zip(found, cycle(COLOURS), strict=False)):
        spans = [(turn.start, turn.end - turn.start) for turn in turns if turn.speaker == talk.speaker]
        axes.broken_barh(spans, (row - 0.35, 0.7), facecolors=colour)
    axes.set_yticks(range(len(found)))
    axes.set_yticklabels([_label(talk.speaker, talk.share) for talk in found], fontsize=16, parse_math=False)
    axes.set_ylim(max(1, len(found)) - 0.4, -0.6)  # who talks most on top
    axes.set_xlim(0, max(seconds, 1.0))
    axes.xaxis.set_major_locator(MultipleLocator(next((step for step in STEPS if seconds <= 10 * step), STEPS[-1])))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _position: clock(at)))
    axes.tick_params(axis="x", labelsize=14)
    axes.grid(axis="x", alpha=0.3)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    if title:
        axes.set_title(clean_line(title, 80), fontsize=16, loc="left", parse_math=False)
    written = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters that no font here has: they are boxes
        figure.tight_layout()
        figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _label(speaker: str, share: float) -> str:
    return f"{clean_line(speaker, NAME_CHARACTERS)}  {100 * share:.0f} %"


def clock(seconds: float) -> str:
    """A time as people read it: 1:02:03, or 2:03."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
