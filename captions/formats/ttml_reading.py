"""TTML and its forerunner DFXP, read: paragraphs with times, whoever wrote them.

expat itself rather than a library on top of it: it knows the line of each paragraph, which the errors name, and
refuses a DOCTYPE in one line, without which there is no entity to be blown up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from xml.parsers import expat

from captions.formats.common import CaptionError, FileCue, track
from captions.formats.ttml import STYLES
from captions.text import clean, clean_line, escape
from captions.track import Line, Track

_TTML = re.compile(r"http://www\.w3\.org/(?:ns/ttml|20[0-9]{2}/[0-9]{2}/ttaf1)(?:#\w+)?")
_APPLE_TIMING = "http://music.apple.com/lyric-ttml-internal timing"  # where it stands, times are those of the media
_XML = "http://www.w3.org/XML/1998/namespace"
_ASIDE = {"head", "metadata", "title", "desc", "copyright", "set"}
_CLOCK = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})(\.[0-9]{1,18})?(?::([0-9]{1,3})(?:\.[0-9]{1,3})?)?")
_OFFSET = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,18})?)(h|ms|m|s|f|t|)")
_SPACES = re.compile(r"[ \t\r\n]+")
_UNITS = {"h": Fraction(3600), "m": Fraction(60), "s": Fraction(1), "": Fraction(1), "ms": Fraction(1, 1000)}
_LONGEST_NAME = 1000  # of an agent, in characters
_DEEPEST = 100  # elements in each other; TTML of people has six


@dataclass(frozen=True)
class _Run:
    """Some characters of a line, with those who speak them and the tags that hold for them."""

    text: str
    agents: str
    tags: frozenset[str]


@dataclass(frozen=True)
class _Element:
    """An open element: what holds for what is in it. Times are seconds from the beginning, None where unknown."""

    name: str
    start: Fraction = Fraction(0)
    end: Fraction | None = None
    agents: str = ""
    tags: frozenset[str] = frozenset()
    preserve: bool = False
    seen: bool = True


@dataclass
class _Rates:
    frame: Fraction = Fraction(30)
    tick: Fraction = Fraction(1)
    from_beginning: bool = False


@dataclass
class _Paragraph:
    line: int
    element: _Element
    runs: list[_Run] = field(default_factory=list)


def read(text: str, language: str) -> Track:
    """Read TTML: agents become speakers; bold, italic and underlined stay, other styles and places are left out."""
    reader = _Reader()
    try:
        reader.parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise CaptionError(error.lineno, f"this is no XML: {expat.ErrorString(error.code)}") from error
    return track(language, (reader.cue(paragraph) for paragraph in reader.paragraphs))


class _Reader:
    """Gathers the paragraphs of a document while expat reads it."""

    def __init__(self) -> None:
        self.paragraphs: list[_Paragraph] = []
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._open: list[_Element] = []
        self._paragraph: _Paragraph | None = None
        self._rates = _Rates()
        self._styles: dict[str, frozenset[str]] = {}
        self._agents: dict[str, str] = {}
        self._agent = ""

    def cue(self, paragraph: _Paragraph) -> FileCue:
        element = paragraph.element
        if element.end is None:
            raise CaptionError(paragraph.line, "this text has no end")
        return FileCue(paragraph.line, _whole(element.start), _whole(element.end), self._lines(paragraph.runs))

    # --- what expat tells

    def _doctype(self, *_: object) -> None:
        raise CaptionError(self.parser.CurrentLineNumber, "a DOCTYPE has no place in captions")

    def _start(self, full_name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        space, _, name = full_name.rpartition(" ")
        given = _of_ttml(attributes)
        if not self._open:
            if name != "tt":
                raise CaptionError(line, f'this is XML, but no TTML: it begins with "{clean_line(name, 40)}"')
            self._set_rates(line, given, attributes)
        if len(self._open) >= _DEEPEST:
            raise CaptionError(line, "elements are nested too deep")
        self._note(name, given)
        element = self._element(name if not space or _TTML.fullmatch(space) else "", given, line)
        self._open.append(element)
        if element.seen and name == "p":
            if self._paragraph:
                raise CaptionError(line, "a paragraph stands in another")
            self._paragraph = _Paragraph(line, element)
            self.paragraphs.append(self._paragraph)
        elif element.seen and name == "br" and self._paragraph:
            self._paragraph.runs.append(_Run("\n", element.agents, element.tags))

    def _end(self, _name: str) -> None:
        closed = self._open.pop()
        if closed.name == "p" and closed.seen:
            self._paragraph = None
        if closed.name == "agent":
            self._agent = ""

    def _characters(self, text: str) -> None:
        element = self._open[-1]
        if self._agent and element.name == "name":
            self._agents[self._agent] = (self._agents.get(self._agent, "") + text)[:_LONGEST_NAME]
        if not element.seen:
            return
        if self._paragraph:
            said = text if element.preserve else _SPACES.sub(" ", text)
            self._paragraph.runs.append(_Run(said, element.agents, element.tags))
        elif text.strip():
            raise CaptionError(self.parser.CurrentLineNumber, "this text has no time: it stands in no paragraph")

    # --- what an element means

    def _note(self, name: str, given: dict[str, str]) -> None:
        """Keep what the head says of styles and agents; both have an id."""
        if name == "style" and "id" in given:
            self._styles[given["id"]] = _tags(given, self._referred(given))
        if name == "agent":
            self._agent = given.get("id", "")

    def _referred(self, given: dict[str, str]) -> frozenset[str]:
        if "style" not in given:
            return frozenset()
        names = given["style"].split()[:20]
        return frozenset().union(*(self._styles.get(name, frozenset()) for name in names))

    def _element(self, name: str, given: dict[str, str], line: int) -> _Element:
        above = self._open[-1] if self._open else _Element("")
        if name in {"body", "div", "p"} and given.get("timeContainer") == "seq":
            raise CaptionError(line, "texts that follow each other without times of their own are not read")
        element = replace(
            above,
            name=name,
            agents=given.get("agent", above.agents),
            tags=_tags(given, above.tags | self._referred(given)),
            preserve=given.get("space", "preserve" if above.preserve else "default") == "preserve",
            seen=above.seen and bool(name) and name not in _ASIDE,
        )
        return self._timed(element, above, given, line) if name in {"body", "div", "p"} else element

    def _timed(self, element: _Element, above: _Element, given: dict[str, str], line: int) -> _Element:
        """Times count from where the element around begins, and end with it."""
        zero = Fraction(0) if self._rates.from_beginning else above.start
        start = zero + self._seconds(given["begin"], line) if "begin" in given else above.start
        ends = [] if above.end is None else [above.end]
        if "end" in given:
            ends.append(zero + self._seconds(given["end"], line))
        if "dur" in given:
            ends.append(start + self._seconds(given["dur"], line))
        return replace(element, start=start, end=min(ends, default=None))

    def _set_rates(self, line: int, given: dict[str, str], attributes: dict[str, str]) -> None:
        rate = _number(given.get("frameRate", "30"), line)
        factors = given.get("frameRateMultiplier", "1 1").replace(":", " ").split()
        if len(factors) != 2:
            raise CaptionError(line, "a frameRateMultiplier is two numbers")
        frame = rate * _number(factors[0], line) / _number(factors[1], line)
        ticks = _number(given["tickRate"], line) if "tickRate" in given else frame if "frameRate" in given else 1
        self._rates = _Rates(frame, Fraction(ticks), from_beginning=_APPLE_TIMING in attributes)

    def _seconds(self, text: str, line: int) -> Fraction:
        text = text.strip()
        if match := _CLOCK.fullmatch(text):
            hours, minutes, seconds, fraction, frames = match.groups()
            if int(minutes) > 59 or int(seconds) > 60:
                raise CaptionError(line, "a time has more than 59 minutes or seconds")
            whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
            return whole + Fraction(f"0{fraction or ''}") + int(frames or 0) / self._rates.frame
        if match := _OFFSET.fullmatch(text):
            units = {**_UNITS, "f": 1 / self._rates.frame, "t": 1 / self._rates.tick}
            return Fraction(match[1]) * units[match[2]]
        raise CaptionError(line, f'this is not how a time is written: "{clean_line(text, 40)}"')

    # --- lines

    def _lines(self, runs: list[_Run]) -> tuple[Line, ...]:
        """Runs in lines; a line that several people speak is one for each."""
        lines: list[tuple[str, list[_Run]]] = [("", [])]
        for run in runs:
            for number, text in enumerate(run.text.split("\n")):
                agents, line = lines[-1]
                said = bool(text.strip())
                if number or (said and agents not in ("", run.agents)):
                    agents, line = "", []
                    lines.append((agents, line))
                if said and not agents:
                    lines[-1] = run.agents, line
                line.append(replace(run, text=text))
        made = (Line(_cue_text(line), self._name_of(agents)) for agents, line in lines)
        return tuple(line for line in made if line.text)

    def _name_of(self, agents: str) -> str | None:
        names = [self._agents.get(agent) or agent for agent in agents.split()[:9]]
        return clean_line(", ".join(names)) or None


def _of_ttml(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes by their names alone, those of strangers left out."""
    split = ((name.rpartition(" "), value) for name, value in attributes.items())
    return {name: value for (space, _, name), value in split if not space or space == _XML or _TTML.fullmatch(space)}


def _tags(given: dict[str, str], inherited: frozenset[str]) -> frozenset[str]:
    tags = set(inherited)
    for tag, (attribute, value) in STYLES.items():
        if attribute in given:
            tags = tags | {tag} if value in given[attribute] else tags - {tag}
    return frozenset(tags)


def _number(text: str, line: int) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()) or not int(text):
        raise CaptionError(line, f'this is no rate: "{clean_line(text, 40)}"')
    return Fraction(int(text))


def _whole(seconds: Fraction) -> int:
    return round(seconds * 1000)


def _cue_text(line: list[_Run]) -> str:
    parts: list[str] = []
    tags: frozenset[str] = frozenset()
    for run in line:
        if run.tags != tags:
            parts += [f"</{tag}>" for tag in sorted(tags, reverse=True)] + [f"<{tag}>" for tag in sorted(run.tags)]
            tags = run.tags
        parts.append(escape(run.text))
    parts += [f"</{tag}>" for tag in sorted(tags, reverse=True)]
    text = _SPACES.sub(" ", clean("".join(parts))).strip()
    return text if clean("".join(run.text for run in line)) else ""
