"""Caption files as text: WebVTT and SubRip (SRT) both ways, plain text and JSON out.

`Line.text` is WebVTT cue text (see `captions.text`). What a format cannot hold is said at its reader or
writer. A file that is read loses no words: what cannot be understood is an error that names its line.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby, pairwise
from pathlib import PurePath

import webvtt

from captions.text import NAME_LIMIT, clean, clean_line, escape, label, plain, rewrite
from captions.track import Cue, Line, Track

JSON_VERSION = 1
"""Version of the JSON written here."""

SAME_TIME_SECONDS = 0.002
"""Times this close are the same: a server that renders a file anew may cut or round its milliseconds."""

_BREAK = re.compile(r"\r\n|\r|\n")
_ARROW = "-->"
_VTT_TIME = r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})\.([0-9]{1,3})"
_VTT_TIMING = re.compile(rf"\s*{_VTT_TIME}\s*-->\s*{_VTT_TIME}(?:\s(.*))?")
_SRT_TIME = _VTT_TIME.replace(r"\.", "[.,]")
_SRT_TIMING = re.compile(rf"\s*{_SRT_TIME}\s*-->\s*{_SRT_TIME}(?:\s+([XY][12]:.*))?\s*")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s(?P<name>[^<>]+)>")
_VOICE_INSIDE = re.compile(r"</?v[\s.>]")
_FONT = re.compile(r"</?font(?:\s[^<>]*)?>", re.IGNORECASE)
_STYLE = re.compile(r"(</?[biu]>)", re.IGNORECASE)
_LABEL = re.compile(rf">> (?P<name>[^:]{{1,{NAME_LIMIT}}}): (?P<said>.*\S.*)")


class CaptionError(ValueError):
    """A caption file is broken in `line` (counted from 1); `problem` says how, in words."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


@dataclass(frozen=True)
class Format:
    """A way of writing captions down; `read` is None where there is no way back."""

    suffix: str
    write: Callable[[Track], str]
    read: Callable[[str, str], Track] | None = None


def write(track: Track, format: str) -> str:  # noqa: A002 - the word for it everywhere
    """Write a track in one of `FORMATS`. Raise ValueError if there is no such format."""
    return _format(format).write(track)


def read(text: str, format: str, language: str) -> Track:  # noqa: A002
    """Read a track in `language` from the text of a caption file.

    Given the text of a file in one of `FORMATS`, with or without byte order mark, in any line ends, return
    its track. Raise CaptionError if the text is broken, ValueError if the format is unknown or only written.
    """
    reader = _format(format).read
    if reader is None:
        readable = ", ".join(name for name, one in FORMATS.items() if one.read)
        raise ValueError(f'captions cannot be read from "{format}", only from {readable}')
    return reader(text.removeprefix("\ufeff"), language)


def format_of(file_name: str) -> str:
    """Return the name of a file's format, told by its suffix. Raise ValueError if none has that suffix."""
    suffix = PurePath(file_name).suffix.lower()
    for name, one in FORMATS.items():
        if one.suffix == suffix:
            return name
    suffixes = ", ".join(one.suffix for one in FORMATS.values())
    raise ValueError(f'"{clean_line(file_name, 80)}" is no caption file: those end in {suffixes}')


def shown(track: Track) -> list[tuple[str, ...]]:
    """Return per cue the plain lines that a viewer reads, each change of the speaker labelled."""
    return [tuple(lines) for lines in _labelled(track, plain)]


def same_text(first: Track, second: Track) -> bool:
    """Say whether one of two tracks is the other, as a server may have rendered it anew.

    They are the same if they have the same cues: times within 2 ms, and the same plain text however it is
    broken into lines. Speakers must agree too, unless one of the tracks names none: YouTube may drop WebVTT's
    voices.
    """
    if len(first.cues) != len(second.cues):
        return False
    if not all(_same_cue(one, other) for one, other in zip(first.cues, second.cues, strict=True)):
        return False
    voices, others = _voices(first), _voices(second)
    return voices == others or not voices or not others


def _same_cue(one: Cue, other: Cue) -> bool:
    # rounded, for 0.502 - 0.5 is a little more than 0.002
    apart = round(max(abs(one.start - other.start), abs(one.end - other.end)), 6)
    return apart <= SAME_TIME_SECONDS and _said(one) == _said(other)


def _said(cue: Cue) -> str:
    # without any space: SubRip parts "<b" into "< b", and lines of Chinese are joined without one
    return "".join("".join(said for _, said in _spoken(cue)).split())


def _voices(track: Track) -> list[str]:
    """Who speaks, in turn: a label stands only where the speaker changes, a voice on every line."""
    voices = (voice for cue in track.cues for voice, _ in _spoken(cue) if voice)
    return [voice for voice, _ in groupby(voices)]


def _spoken(cue: Cue) -> Iterator[tuple[str | None, str]]:
    for line in cue.lines:
        text = plain(line.text)
        yield (clean_line(line.speaker), text) if line.speaker else _split_label(text)


# --- shared by the formats ----------------------------------------------------------------------------------

_Block = Sequence[tuple[int, str]]
"""Lines that follow each other without an empty one, each with its number."""


@dataclass(frozen=True)
class _Timing:
    """When a cue shows, in milliseconds, as `line` says it; `settings` is the rest of that line."""

    line: int
    start: int
    end: int
    settings: str


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    block: list[tuple[int, str]] = []
    for number, line in enumerate([*lines, ""], 1):
        if line:
            block.append((number, line))
        elif block:
            yield block
            block = []


def _timing_index(block: _Block) -> int:
    for index, (_, text) in enumerate(block[:2]):
        if _ARROW in text:
            return index
    raise CaptionError(block[0][0], "this text has no time above it")


def _timing(pattern: re.Pattern[str], line: int, text: str) -> _Timing:
    match = pattern.fullmatch(text)
    if not match:
        raise CaptionError(line, f'this is not how the time of a cue is written: "{clean_line(text, 80)}"')
    *clocks, settings = match.groups(default="")
    start, end = _milliseconds(line, *clocks[:4]), _milliseconds(line, *clocks[4:])
    if end <= start:
        raise CaptionError(line, f"the cue ends {'before' if end < start else 'when'} it starts")
    return _Timing(line, start, end, clean_line(settings))


def _milliseconds(line: int, hours: str, minutes: str, seconds: str, fraction: str) -> int:
    if int(minutes) > 59 or int(seconds) > 59:
        raise CaptionError(line, "a time has more than 59 minutes or seconds")
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))


def _track(
    language: str, timings: Sequence[_Timing], said: Sequence[tuple[Line, ...]], ids: Sequence[str] = ()
) -> Track:
    for before, after in pairwise(timings):
        if after.start < before.start:
            raise CaptionError(after.line, "the cue starts before the one above it")
    cues = [
        Cue(timing.start / 1000, timing.end / 1000, lines, name, timing.settings)
        for timing, lines, name in zip(timings, said, ids or [""] * len(timings), strict=True)
    ]
    return Track(language, tuple(cues))


def _clocks(cue: Cue, point: str) -> tuple[str, str]:
    """The times of a cue as a file has them; rounded to milliseconds, it still ends after it starts."""
    start = round(cue.start * 1000)
    end = max(round(cue.end * 1000), start + 1)
    return _clock(start, point), _clock(end, point)


def _clock(milliseconds: int, point: str) -> str:
    seconds, fraction = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{fraction:03d}"


def _labelled(track: Track, render: Callable[[str], str]) -> Iterator[list[str]]:
    """Give per cue its lines, rendered, with a label where the speaker is not the one of the line before."""
    before = None
    for cue in track.cues:
        rows = []
        for line in cue.lines:
            if text := render(line.text):
                who = "" if line.speaker == before else render(escape(label(line.speaker)))
                rows.append(f"{who} {text}" if who else text)
                before = line.speaker
        yield rows


def _split_label(text: str) -> tuple[str | None, str]:
    match = _LABEL.match(text)
    return (match["name"], match["said"]) if match else (None, text)


# --- WebVTT: read and written by webvtt-py, its gaps filled here --------------------------------------------
#
# webvtt-py 0.6 neither escapes nor checks that a cue ends after it starts. What it does not understand it
# leaves out without a word, or (strict) refuses without a line number, and with it times that lack a digit.
# So lines and times are checked here before it reads a file, and text is made safe before it writes one.


def _write_vtt(track: Track) -> str:
    """Write WebVTT. Notes, styles and regions have no place in a track."""
    captions = [
        webvtt.Caption(*_clocks(cue, "."), _vtt_lines(cue), _vtt_id(cue.id) or None, _vtt_id(cue.settings))
        for cue in track.cues
    ]
    return str(webvtt.WebVTT(captions=captions).content)


def _vtt_id(text: str) -> str:
    return clean_line(text).replace(_ARROW, "->")


def _vtt_lines(cue: Cue) -> list[str]:
    return [
        f"<v {name}>{_vtt_text(text)}</v>" if (name := _vtt_name(line.speaker)) else _vtt_text(text)
        for line in cue.lines
        for text in clean(line.text).splitlines()
    ]


def _vtt_text(cue_text: str) -> str:
    """Keep the markup, escape arrows, and a `<` that starts no tag: a player would swallow what follows."""
    without_arrow = cue_text.replace(_ARROW, "--&gt;")
    return rewrite(without_arrow, lambda said: said.replace("<", "&lt;"), lambda tag: tag[0])


def _vtt_name(speaker: str | None) -> str:
    return escape(clean_line(speaker or "")).rstrip("-")  # "--" before the tag's ">" would be an arrow


def _read_vtt(text: str, language: str) -> Track:
    """Read WebVTT. Notes, styles, regions and a voice's class have no place in a track and are left out."""
    lines = _BREAK.split(text)
    if not re.match(r"WEBVTT(?:\s|$)", lines[0]):
        raise CaptionError(1, "a WebVTT file begins with the word WEBVTT")
    header, *blocks = _blocks(lines)
    _refuse_arrow(header[1:])
    timings = [timing for block in blocks if (timing := _vtt_timing(block))]
    captions = webvtt.from_string("\n".join(lines)).captions
    return _track(
        language,
        timings,
        said=[_vtt_said(caption.lines) for caption in captions],
        ids=[clean_line(caption.identifier or "") for caption in captions],
    )


def _vtt_timing(block: _Block) -> _Timing | None:
    if _ASIDE.match(block[0][1]) and not any(_ARROW in text for _, text in block[:2]):
        _refuse_arrow(block)
        return None
    index = _timing_index(block)
    _refuse_arrow(block[index + 1 :])
    return _timing(_VTT_TIMING, *block[index])


def _refuse_arrow(block: _Block) -> None:
    for number, text in block:
        if _ARROW in text:
            raise CaptionError(number, "an empty line is missing above this cue, or a text holds an arrow")


def _vtt_said(lines: Sequence[str]) -> tuple[Line, ...]:
    """Turn the lines of a cue into `Line`s: a voice that opens a line is its speaker, until it is closed."""
    said: list[Line] = []
    speaker = None
    for text in (part for line in lines for part in clean(line).splitlines()):
        voice = _VOICE.match(text)
        body = text[voice.end() :] if voice else text
        if voice:
            speaker = clean_line(html.unescape(voice["name"])) or None
        rest = body.removesuffix("</v>") if speaker else body
        if speaker and _VOICE_INSIDE.search(rest):
            rest, speaker = text, None  # several voices on one line: they stay markup
        if rest.strip():
            said.append(Line(rest.strip(), speaker))
        if rest != body:
            speaker = None
    return tuple(said)


# --- SubRip -------------------------------------------------------------------------------------------------


def _write_srt(track: Track) -> str:
    """Write SubRip: b, i and u are kept, speakers become labels; ids, settings and other markup are lost."""
    cues = [
        "\n".join([str(number), " --> ".join(_clocks(cue, ",")), *lines, ""])
        for number, (cue, lines) in enumerate(zip(track.cues, _labelled(track, _srt_text), strict=True), 1)
    ]
    return "\n".join(cues)


def _srt_text(cue_text: str) -> str:
    """Keep the tags b, i and u. SubRip cannot escape: text that a player would take for a tag is parted."""

    def said(text: str) -> str:
        return re.sub(r"<(?=[/a-zA-Z])", "< ", html.unescape(text))

    def tag(match: re.Match[str]) -> str:
        name = match["name"] or ""
        return f"<{match['close']}{name}>" if name.lower() in {"b", "i", "u"} else ""

    without_others = rewrite(cue_text, str, tag)
    return clean(rewrite(without_others, said, tag)).replace("\n", " ").replace(_ARROW, "-- >")


def _read_srt(text: str, language: str) -> Track:
    """Read SubRip: `>> NAME: ` becomes the speaker; fonts, colours and places on the screen are left out."""
    blocks = [*_blocks([line.strip() for line in _BREAK.split(text)])]
    timings = [_srt_timing(block) for block in blocks]
    texts = [
        [text for number, text in block if number > timing.line] for block, timing in zip(blocks, timings, strict=True)
    ]
    return _track(language, timings, said=[_srt_said(lines) for lines in texts])


def _srt_timing(block: _Block) -> _Timing:
    index = _timing_index(block)
    if index and not block[0][1].isdigit():
        raise CaptionError(block[0][0], "the number of a cue was expected here, above its time")
    for number, text in block[index + 1 :]:
        if _SRT_TIMING.fullmatch(text):
            raise CaptionError(number, "an empty line is missing above this cue")
    return replace(_timing(_SRT_TIMING, *block[index]), settings="")


def _srt_said(texts: Sequence[str]) -> tuple[Line, ...]:
    parts = (_split_label(part) for text in texts for part in clean(text).splitlines())
    lines = (Line(_srt_cue_text(said), speaker) for speaker, said in parts)
    return tuple(line for line in lines if line.text)


def _srt_cue_text(text: str) -> str:
    parts = _STYLE.split(_FONT.sub("", text))
    return "".join(part if _STYLE.fullmatch(part) else escape(part) for part in parts).strip()


# --- plain text and JSON ------------------------------------------------------------------------------------


def _write_txt(track: Track) -> str:
    """Write what is said, a cue a line, without its times."""
    return "".join(f"{' '.join(lines)}\n" for lines in shown(track) if lines)


def _write_json(track: Track) -> str:
    return json.dumps({"version": JSON_VERSION, **asdict(track)}, ensure_ascii=False)


FORMATS: dict[str, Format] = {
    "vtt": Format(".vtt", _write_vtt, _read_vtt),
    "srt": Format(".srt", _write_srt, _read_srt),
    "txt": Format(".txt", _write_txt),
    "json": Format(".json", _write_json),
}


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise ValueError(f'no caption format is called "{name}"; there are: {", ".join(FORMATS)}')
    return FORMATS[name]
