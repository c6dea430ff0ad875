"""Caption files as far as the sandbox must understand them: SRT and WebVTT, read, and written in a simple way. Pure.

On purpose not the project's own reader: what is tested must not be its own judge.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

TIME = r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})"
TIMES = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}[ \t]*(.*)")
KEPT_TAGS = "biu"  # all the markup that YouTube recognises: support.google.com/youtube/answer/2734698


@dataclass(frozen=True)
class Cue:
    """`text` with WebVTT's markup and entities; times in milliseconds."""

    start: int
    end: int
    text: str
    settings: str = ""


def read(data: bytes) -> list[Cue]:
    """The cues of an SRT or WebVTT file; none if it is neither."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    vtt = re.match(r"WEBVTT(?:[ \t\n]|$)", text) is not None
    cues = [_cue(block, vtt) for block in re.split(r"\n[ \t]*\n+", text.strip("\n"))]
    return [cue for cue in cues if cue is not None]


def _cue(block: str, vtt: bool) -> Cue | None:
    lines = block.split("\n")
    for index, line in enumerate(lines[:2]):
        found = TIMES.fullmatch(line.strip())
        if found and (vtt or found[1]):
            text = "\n".join(lines[index + 1 :])
            return Cue(_milliseconds(found, 1), _milliseconds(found, 5), text if vtt else _escape(text), found[9])
    return None


def _milliseconds(found: re.Match[str], group: int) -> int:
    hours, minutes, seconds, thousandths = (int(found[group + place] or 0) for place in range(4))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def write(cues: list[Cue], form: str, language: str) -> bytes:
    """The cues as `srt` or `vtt`; YouTube heads the latter with kind and language, and drops identifiers."""
    if form == "vtt":
        blocks = [f"{_times(cue, '.')} {cue.settings}".rstrip() + f"\n{cue.text}" for cue in cues]
        return "\n\n".join([f"WEBVTT\nKind: captions\nLanguage: {language}", *blocks, ""]).encode()
    numbered = enumerate(cues, start=1)
    return "\n".join(f"{number}\n{_times(cue, ',')}\n{_plain(cue.text)}\n" for number, cue in numbered).encode()


def _times(cue: Cue, mark: str) -> str:
    return f"{_time(cue.start, mark)} --> {_time(cue.end, mark)}"


def _time(milliseconds: int, mark: str) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{thousandths:03}"


def _escape(text: str) -> str:
    """SRT's text as WebVTT: the tags that stay are not escaped."""
    return re.sub(rf"&lt;(/?[{KEPT_TAGS}])&gt;", r"<\1>", html.escape(text, quote=False))


def _plain(text: str) -> str:
    """WebVTT's text as SRT."""
    return html.unescape(re.sub(rf"<(?!/?[{KEPT_TAGS}]>)[^>]*>", "", text))
