"""A picture of who speaks when: a row for each speaker, who talks most on top, and how it sounded in a thin row below.

Readable at the width at which Discord shows a picture (about 550 px of 1200), with colours that colour-blind people
tell apart (Okabe and Ito 2008, "Color universal design"), and with words, so that colours are no more than a help.
It takes matplotlib, of the extras pictures and voices, which is imported only here. Beyond that it touches nothing.
"""

from __future__ import annotations

import importlib.util
import io
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from captions.talking import Talk, joined, talks
from captions.text import clean_line
from captions.transcript import SpeakerTurn

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000")  # thin yellow is not seen
PATTERNS = ("", "///", "...", "xxx", "|||", "\\\\\\", "---")
PLAIN = "#9A9A9A"  # of a voice, where colours say how it sounds
INK = "#333333"  # of patterns
EDGE = 0.7  # points
Look = tuple[str, str]
"""A colour and a pattern."""
FEELINGS: dict[str, Look] = {  # what the data sets of emotional speech tell apart
    "neutral": ("#E4E4E4", ""),
    "calm": ("#56B4E9", "..."),
    "happy": ("#F0E442", "///"),
    "sad": ("#0072B2", ""),
    "angry": ("#D55E00", "xxx"),
    "fearful": ("#CC79A7", "|||"),
    "disgusted": ("#009E73", "\\\\\\"),
    "surprised": ("#000000", ""),
}
DOTS_PER_INCH = 100
WIDTH_INCHES, ROW_INCHES, REST_INCHES, LEGEND_INCHES = 12.0, 0.55, 1.0, 0.5
MOST_ROWS = 20  # more would be no picture that people read
DOTS = 1000  # from left to right, about
PATTERN_DOTS = 6  # from which on a pattern can be seen
MOST_LABELS = 8
NAME_CHARACTERS = 24
LEFT_TO_RIGHT = "\u200e"  # a mark: after Arabic or Hebrew, "16 %" would be drawn as "% 16"
TITLE_CHARACTERS = 80
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 4 * 3600)  # seconds between two marks
OWN_FONT = "DejaVu Sans"  # comes with matplotlib
SCRIPTS = (  # fonts of many systems for what that one has no letters of; those that are there are used
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
    "Droid Sans Fallback", "Microsoft YaHei", "PingFang SC", "Hiragino Sans", "Malgun Gothic",
    "Noto Sans Devanagari", "Nirmala UI", "Noto Sans Thai", "Noto Emoji", "Symbola", "Unifont",
)  # fmt: skip


@dataclass(frozen=True)
class Feeling:
    """How a speaker sounds from `start` to `end` seconds, in a word."""

    start: float
    end: float
    speaker: str
    label: str


def is_there() -> bool:
    """Whether matplotlib is installed."""
    return importlib.util.find_spec("matplotlib") is not None


def draw(turns: Sequence[SpeakerTurn], seconds: float, title: str = "", feelings: Sequence[Feeling] = ()) -> bytes:
    """The PNG of a recording of so many seconds, 1200 px wide."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    found = talks(turns)[:MOST_ROWS]
    rows = {talk.speaker: row for row, talk in enumerate(found)}
    felt = [one for one in feelings if one.speaker in rows]
    looks = _looks(felt)
    fonts = _fonts()

    height = REST_INCHES + ROW_INCHES * max(1, len(rows)) + LEGEND_INCHES * bool(looks)
    figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DOTS_PER_INCH, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    dot = max(seconds, 1.0) / DOTS
    _draw_turns(axes, _seen(turns, dot), rows, bool(looks))
    for label, look in looks.items():
        spans = _seen((SpeakerTurn(one.start, one.end, one.speaker) for one in felt if one.label == label), dot)
        _draw_feeling(axes, spans, rows, look, dot)
    _draw_frame(axes, seconds, len(rows))
    labels = [_label(talk, row, fonts) for row, talk in enumerate(found)]
    axes.set_yticks(range(len(rows)), labels, fontsize=16, parse_math=False, family=fonts)
    if title:
        axes.set_title(
            _readable(clean_line(title, TITLE_CHARACTERS), fonts),
            fontsize=16,
            loc="left",
            parse_math=False,
            family=fonts,
        )
    if looks:
        _draw_legend(figure, looks, fonts)
    return _png(figure)


def _draw_turns(axes: Any, turns: Sequence[SpeakerTurn], rows: Mapping[str, int], with_feelings: bool) -> None:
    colours = cycle([PLAIN] if with_feelings else COLOURS)
    for (speaker, row), colour in zip(rows.items(), colours, strict=False):
        spans = [(turn.start, turn.end - turn.start) for turn in turns if turn.speaker == speaker]
        # The edge makes the shortest turn of the longest recording a dot wide.
        where = (row - 0.38, 0.44 if with_feelings else 0.76)
        axes.broken_barh(spans, where, facecolors=colour, edgecolors=colour, linewidth=EDGE)


def _draw_feeling(axes: Any, turns: Sequence[SpeakerTurn], rows: Mapping[str, int], look: Look, dot: float) -> None:
    colour, pattern = look
    for speaker, row in rows.items():
        spans = [(turn.start, turn.end - turn.start) for turn in turns if turn.speaker == speaker]
        where = (row + 0.08, 0.3)
        axes.broken_barh(spans, where, facecolors=colour, edgecolors=colour, linewidth=EDGE)
        wide = [span for span in spans if span[1] > PATTERN_DOTS * dot]
        if pattern and wide:
            axes.broken_barh(wide, where, facecolors="none", edgecolors=INK, hatch=pattern, linewidth=0)


def _seen(turns: Iterable[SpeakerTurn], dot: float) -> tuple[SpeakerTurn, ...]:
    """The turns as far as dots of so many seconds can tell them apart: no more of a speaker than there are dots."""
    return joined(sorted(turns, key=lambda turn: turn.start), dot)


def _draw_frame(axes: Any, seconds: float, rows: int) -> None:
    """Times from left to right, the first row on top."""
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    axes.set_ylim(max(1, rows) - 0.4, -0.6)
    axes.set_xlim(0, max(seconds, 1.0))
    step = next((step for step in STEPS if seconds <= 10 * step), seconds / 10)
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _position: clock(at)))
    axes.tick_params(axis="x", labelsize=14)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", alpha=0.3)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _draw_legend(figure: Any, looks: Mapping[str, Look], fonts: list[str]) -> None:
    from matplotlib.patches import Patch

    patches = [
        Patch(facecolor=colour, edgecolor=INK, hatch=pattern, linewidth=0.5) for colour, pattern in looks.values()
    ]
    legend = figure.legend(patches, looks, loc="outside lower center", ncols=MOST_LABELS, frameon=False,
                           prop={"family": fonts, "size": 14}, handlelength=1.4, columnspacing=1.2)  # fmt: skip
    for text, label in zip(legend.get_texts(), looks, strict=False):
        text.set_parse_math(False)
        text.set_text(label)


def _png(figure: Any) -> bytes:
    written = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters that no font here has: they are boxes
        figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _looks(felt: Iterable[Feeling]) -> dict[str, Look]:
    """How each word for a feeling is drawn, what is felt longest first; the rarest go, where there are too many."""
    lasting: dict[str, float] = defaultdict(float)
    for one in felt:
        lasting[one.label] += one.end - one.start
    others = cycle(zip(COLOURS, PATTERNS, strict=False))
    longest_first = sorted(lasting, key=lambda label: -lasting[label])[:MOST_LABELS]
    return {label: FEELINGS.get(label.lower()) or next(others) for label in longest_first}


def _fonts() -> list[str]:
    """The fonts that are here, in the order in which a letter is looked for in them."""
    from matplotlib.font_manager import fontManager

    there = {one.name for one in fontManager.ttflist}
    return [OWN_FONT, *(name for name in SCRIPTS if name in there)]


def _label(talk: Talk, row: int, fonts: Iterable[str]) -> str:
    """A speaker's name and share; the place for a name of which no font here has the letters."""
    name = _readable(clean_line(talk.speaker, NAME_CHARACTERS), fonts) or f"no. {row + 1}"
    return f"{LEFT_TO_RIGHT}{name}{LEFT_TO_RIGHT}  {100 * talk.share:.0f} %"


def _readable(text: str, fonts: Iterable[str]) -> str:
    """What fonts here can show of a text, the rest would be boxes; "" where that is less than half of its letters."""
    from matplotlib.font_manager import fontManager, get_font

    faces = [get_font(fontManager.findfont(one)) for one in fonts]
    shown = "".join(one for one in text if any(face.get_char_index(ord(one)) for face in faces)).strip()
    return shown if 2 * _letters(shown) > _letters(text) else ""


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def clock(seconds: float) -> str:
    """A time as people read it: 1:02:03, or 2:03."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
