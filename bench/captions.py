"""Captions from words: within the limits, broken where people break, and quick.

    python -m bench.captions [--quick] [--json] [--corpus PATH] [--model PATH]

- The words that Whisper hears in the English recordings, and those of human-made captions, set by ours and by
  whisper-ctranslate2 (42 characters, 2 lines): how many cues keep the profile, and how many breaks part what belongs
  together.
- Human-made caption files, their breaks stripped and their words spread inside their cues: how near are the breaks to
  people's (F1; SubER, Wilken et al. 2022, "SubER: a metric for automatic evaluation of subtitle quality"), beside
  filling lines and cues greedily at the same limits; in other languages beside our own breaks without their words.
- An hour of speech and ten, on one core.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import statistics
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import inf
from pathlib import Path
from typing import Any

from bench import break_judge, inputs, report
from bench.report import Bar, Cell, Column, Failed, Report
from captions import formats
from captions.anchors import track_words
from captions.formats import CaptionError
from captions.profiles import Profile, find, width
from captions.segment import segment
from captions.text import plain
from captions.track import Cue, Line, Track
from captions.transcript import Transcript, Word

PROFILE = find("netflix")
CONFORMITY_PERCENT, BAD_BREAKS_PERCENT, F1_POINTS = 99.5, 2.0, 5.0
OTHER_LANGUAGES = ("ar", "de", "es", "fr", "hi", "it", "pt-br")
HOUR_WORDS, HOUR_SECONDS, TEN_HOURS_SECONDS = 9000, 1.0, 12.0
MEMORY_FACTOR = 12.0  # ten hours to one, of what is taken beyond the words: no more than there are more words
REPETITIONS = 3
QUICK_RECORDINGS = 8
SLACK = 0.0005
LONG_PAUSE = 2.0  # over so much silence no cue may go on: a break there is nobody's choice

BROKEN = "fast/short/long/over/wide"
"""Cues that are too fast, shown too briefly, too long, over others, or too wide."""
COLUMNS = (
    Column("words of"),
    Column("set by"),
    Column("cues", "d"),
    Column("in the rules %", ".2f"),
    Column("forced", "d"),
    Column(BROKEN),
    Column("bad breaks %", ".2f"),
    Column("break F1 %", ".1f"),
    Column("SubER", ".1f"),
    Column("seconds", ".2f"),
    Column("MB", ".1f"),
)
NEEDED = {"HanTa": "HanTa", "suber": "subtitle-edit-rate", "whisper_ctranslate2": "whisper-ctranslate2"}


@dataclass(frozen=True)
class Kept:
    """How many cues keep a profile; `forced`: too fast, and spoken so fast without silence to extend into."""

    cues: int = 0
    forced: int = 0
    fast: int = 0
    short: int = 0
    long: int = 0
    overlaps: int = 0
    wide: int = 0
    bad: int = 0
    breaks: int = 0
    broken: int = 0  # cues that break some rule, and are not forced

    def __add__(self, other: Kept) -> Kept:
        return Kept(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def percent(self) -> float:
        free = self.cues - self.forced
        return 100 * (1 - self.broken / free) if free else 100.0

    @property
    def bad_percent(self) -> float:
        return 100 * self.bad / self.breaks if self.breaks else 0.0


def main() -> int:
    asked = report.parser("Captions from words, beside whisper-ctranslate2, beside people, and on the clock.")
    inputs.add_options(asked)
    return report.run(asked, measure)


def measure(options: argparse.Namespace) -> Report:
    for module, package in NEEDED.items():
        if importlib.util.find_spec(module) is None:
            raise Failed(f"{package} is not installed: pip install {package}")
    corpus = inputs.corpus_folder(options.corpus)
    if corpus is None:
        raise Failed("captions need a corpus (--corpus PATH) with recordings and human-made caption files")
    with report.progress("captions") as say:
        say("words")
        spoken = list(recognised(corpus, inputs.model_folder(options.model), options.quick))
        say("within the limits")
        spoken += [
            Transcript(track_words(track), "en", "", "", track.cues[-1].end) for _, track in human_tracks(corpus)
        ]
        ours = sum((kept(segment(one, PROFILE), one) for one in spoken), Kept())
        theirs = sum((kept(by_whisper(one), one) for one in spoken), Kept())
        say("beside people")
        beside = list(beside_people(corpus))
        others = [one for one in (in_language(corpus, language) for language in OTHER_LANGUAGES) if one]
        say("speed")
        speed = [timed(spoken, hours) for hours in (1, 10)]
    return conclude(ours, theirs, beside, others, speed)


# ---- words


def recognised(corpus: Path, model: Path, quick: bool) -> Iterator[Transcript]:
    """What Whisper hears in the English recordings, each once."""
    from daemon.speech.audio import decode
    from daemon.speech.engines import ENGINES, Request
    from daemon.speech.engines.whisper import Options

    engine = ENGINES["whisper"].load(Options(model=str(model)).model_dump(mode="json"))
    found = inputs.english(corpus)
    for recording in found[:: max(1, len(found) // QUICK_RECORDINGS)] if quick else found:
        audio = decode(recording.path)
        heard = engine.transcribe(audio, Request("en"), lambda _fraction: None)
        if heard.words:
            yield Transcript(heard.words, "en", "whisper", model.name, audio.seconds)


def human_tracks(corpus: Path, language: str = "en") -> Iterator[tuple[str, Track]]:
    """The caption files of a language that people made, as they are: no chapters, descriptions, or machine's."""
    for path in sorted((corpus / "captions").rglob("*.vtt")):
        name = path.stem
        if not name.endswith(tuple(f"{kind}_{language}" for kind in ("captions", "subtitles", "paulallen"))):
            continue
        try:
            track = formats.read(path.read_text(encoding="utf-8"), "vtt", language)
        except (CaptionError, UnicodeDecodeError):
            continue
        if len(track.cues) > 1:
            yield name, track


# ---- within the limits


def kept(track: Track, spoken: Transcript) -> Kept:
    """What a track keeps of PROFILE, and which of its breaks are bad. Its words are the transcript's, in order."""
    found = Kept()
    words = [word.text for word in spoken.words]
    ends = list(accumulate(sum(len(plain(line.text).split()) for line in cue.lines) for cue in track.cues))
    until = 0.0
    for index, (cue, lines) in enumerate(zip(track.cues, formats.shown(track), strict=True)):
        own = range(ends[index - 1] if index else 0, ends[index])
        found += _kept(cue, lines, until, spoken, own)
        until = max(until, cue.end)
    places = [place for place in breaks_of(track) if _pause(spoken.words, place) < LONG_PAUSE]
    rules = break_judge.bad(words, places)
    return found + Kept(bad=sum(map(bool, rules)), breaks=len(places))


def _kept(cue: Cue, lines: Sequence[str], until: float, spoken: Transcript, own: range) -> Kept:
    """`lines`: what a viewer reads of the cue, with the labels of speakers."""
    size = sum(map(width, lines))
    fast = size / (cue.seconds + SLACK) > PROFILE.reading_speed_cap
    forced = fast and size / max(_room(spoken, own), SLACK) > PROFILE.reading_speed_cap
    short = cue.seconds < PROFILE.minimum_seconds - SLACK
    long = cue.seconds > PROFILE.maximum_seconds + SLACK
    overlaps = cue.start < until - SLACK
    wide = len(lines) > PROFILE.lines or any(
        width(line) > PROFILE.characters_per_line and " " in line.strip() for line in lines
    )
    broken = (fast and not forced) or short or long or overlaps or wide
    return Kept(1, forced, fast, short, long, overlaps, wide, broken=broken)


def _room(spoken: Transcript, own: range) -> float:
    """The seconds that a cue of these words can show: from the end of the word before to the beginning of the next, but
    for the gap between two cues, and for silence that is longer than any cue stays.
    """
    words = spoken.words
    if not own:
        return inf
    first, last = words[own[0]], words[own[-1]]
    before = words[own[0] - 1].end if own[0] else 0.0
    after = words[own[-1] + 1].start if own[-1] + 1 < len(words) else spoken.seconds
    gap = PROFILE.minimum_gap if own[0] else 0.0
    return min(after - PROFILE.minimum_gap, last.end + LONG_PAUSE) - min(first.start, before + gap)


def _pause(words: Sequence[Word], place: int) -> float:
    return words[place].start - words[place - 1].end


def breaks_of(track: Track) -> list[int]:
    """Before which words, counted from 0, a line or a cue begins; not before the first."""
    lines = (len(plain(line.text).split()) for cue in track.cues for line in cue.lines)
    return [place for place in list(accumulate(lines))[:-1] if place]


def by_whisper(spoken: Transcript) -> Track:
    """The cues of whisper-ctranslate2, whose words have a space before them."""
    from whisper_ctranslate2.writers import WriteVTT

    words = [{"word": f" {word.text}", "start": word.start, "end": word.end} for word in spoken.words]
    result = {"segments": [{"words": words, "start": words[0]["start"], "end": words[-1]["end"], "text": ""}]}
    options = {"max_line_width": PROFILE.characters_per_line, "max_line_count": PROFILE.lines}
    cues = []
    for start, end, text in WriteVTT(".").iterate_result(result, options):
        begin, finish = _clock(start), _clock(end)
        lines = tuple(Line(line.strip()) for line in text.splitlines() if line.strip())
        cues.append(Cue(begin, max(finish, begin + 0.001), lines))
    return Track("en", tuple(cues))


def _clock(text: str) -> float:
    *hours, minutes, seconds = text.replace(",", ".").split(":")
    return 3600 * float(hours[0] if hours else 0) + 60 * float(minutes) + float(seconds)


# ---- beside people


Nearness = tuple[float, float]
"""F1 of the breaks, and SubER."""


@dataclass(frozen=True)
class Beside:
    """How near two ways of breaking come to people's: in one file, or in several by their words."""

    name: str
    words: int
    ours: Nearness
    peer: Nearness


def beside_people(corpus: Path) -> Iterator[Beside]:
    """Each English file, beside filling greedily."""
    for name, track in human_tracks(corpus):
        spoken, limits = _without_breaks(track)
        ours, filled = segment(spoken, limits), greedy(spoken, limits)
        yield Beside(name, len(spoken.words), _nearness(ours, track), _nearness(filled, track))


def in_language(corpus: Path, language: str) -> Beside | None:
    """The files of a language, beside our breaks where its words are not known; None if there are no files."""
    found = []
    for name, track in human_tracks(corpus, language):
        spoken, limits = _without_breaks(track)
        ours, wordless = segment(spoken, limits), segment(replace(spoken, language="und"), limits)
        found.append(Beside(name, len(spoken.words), _nearness(ours, track), _nearness(wordless, track)))
    return together(language, found) if found else None


def together(name: str, several: Sequence[Beside]) -> Beside:
    """Several as one, by their words."""
    words = sum(one.words for one in several)

    def mean(values: Sequence[float]) -> float:
        return sum(one.words * value for one, value in zip(several, values, strict=True)) / max(words, 1)

    ours = mean([one.ours[0] for one in several]), mean([one.ours[1] for one in several])
    peer = mean([one.peer[0] for one in several]), mean([one.peer[1] for one in several])
    return Beside(name, words, ours, peer)


def _without_breaks(track: Track) -> tuple[Transcript, Profile]:
    """The words of people's captions, without names, and limits with as many lines as they take."""
    words = tuple(replace(word, speaker=None) for word in track_words(track))
    limits = replace(PROFILE, lines=max(2, max(len(cue.lines) for cue in track.cues)))
    return Transcript(words, track.language, "", "", track.cues[-1].end), limits


def greedy(spoken: Transcript, profile: Profile) -> Track:
    """Lines filled to the last word that fits, cues to the last line: what most tools do."""
    lines: list[list[Word]] = []
    cues: list[list[list[Word]]] = []
    for word in spoken.words:
        last = lines[-1] if lines else None
        if last is not None and width(" ".join(one.text for one in (*last, word))) <= profile.characters_per_line:
            last.append(word)
            continue
        if lines and len(lines) < profile.lines and word.end - lines[0][0].start <= profile.maximum_seconds:
            lines.append([word])
        else:
            lines = [[word]]
            cues.append(lines)
    made = [
        Cue(
            own[0][0].start,
            max(own[-1][-1].end, own[0][0].start + 0.001),
            tuple(Line(" ".join(word.text for word in line)) for line in own),
        )
        for own in cues
    ]
    return Track(spoken.language, tuple(made))


def _nearness(track: Track, people: Track) -> tuple[float, float]:
    from suber.metrics.suber import calculate_SubER

    own, theirs = set(breaks_of(track)), set(breaks_of(people))
    return 100 * f1(own, theirs), float(calculate_SubER(_subtitles(track), _subtitles(people)))


def f1(found: set[int], wanted: set[int]) -> float:
    """The harmonic mean of precision and recall; 1 where there is nothing to be found."""
    return 2 * len(found & wanted) / (len(found) + len(wanted)) if found or wanted else 1.0


def _subtitles(track: Track) -> list[Any]:
    from suber.data_types import LineBreak, Subtitle, TimedWord

    made = []
    for index, cue in enumerate(track.cues, 1):
        words = []
        for line in cue.lines:
            texts = plain(line.text).split()
            words += [TimedWord(text, LineBreak.NONE, cue.start, cue.end) for text in texts]
            if texts:
                words[-1].line_break = LineBreak.END_OF_LINE
        if words:
            words[-1].line_break = LineBreak.END_OF_BLOCK
            made.append(Subtitle(words, index, cue.start, cue.end))
    return made


# ---- speed


@dataclass(frozen=True)
class Timed:
    """An hour of speech, or several: seconds of one core, the median, and what it took beyond its words at most."""

    hours: int
    words: int
    seconds: float
    peak_bytes: int


def timed(spoken: Sequence[Transcript], hours: int) -> Timed:
    words = list(_long(spoken, hours * HOUR_WORDS))
    whole = Transcript(tuple(words), "en", "", "", words[-1].end + 1)
    taken = []
    for _ in range(REPETITIONS):
        began = time.process_time()
        segment(whole, PROFILE)
        taken.append(time.process_time() - began)
    tracemalloc.start()
    segment(whole, PROFILE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Timed(hours, len(words), statistics.median(taken), peak)


def _long(spoken: Sequence[Transcript], count: int) -> Iterator[Word]:
    """So many words: those of the transcripts one after the other, again from the first."""
    made, offset = 0, 0.0
    while True:
        for one in spoken:
            for word in one.words:
                if made == count:
                    return
                yield replace(word, start=word.start + offset, end=word.end + offset)
                made += 1
            offset += one.seconds


def conclude(
    ours: Kept, theirs: Kept, people: Sequence[Beside], others: Sequence[Beside], speed: Sequence[Timed]
) -> Report:
    rows: list[tuple[Cell, ...]] = [
        _limits_row("Whisper's and people's", "captionwatch", ours),
        _limits_row("", "whisper-ctranslate2", theirs),
    ]
    english, other = together("people, by words", people), together("other languages, by words", others)
    for one in (*people, english):
        rows += _beside_rows(one, "greedy filling")
    for one in (*others, other):
        rows += _beside_rows(one, "without its words")
    rows += [
        (f"{one.hours} h, {one.words} words", "captionwatch", *[None] * 7, one.seconds, one.peak_bytes / 1e6)
        for one in speed
    ]
    bars = [
        Bar("cues within the rules", ours.percent, CONFORMITY_PERCENT, " %", at_least=True),
        Bar("overlaps", ours.overlaps, 0),
        Bar("lines too long that words did not force", ours.wide, 0),
        Bar("bad breaks", ours.bad_percent, BAD_BREAKS_PERCENT, " %"),
        Bar("break F1 above greedy filling", english.ours[0] - english.peer[0], F1_POINTS, " points", at_least=True),
        Bar("SubER, at most that of greedy filling", english.ours[1], english.peer[1]),
        Bar("other languages: F1 above no words", other.ours[0] - other.peer[0], F1_POINTS, " points", at_least=True),
        Bar("an hour of speech", speed[0].seconds, HOUR_SECONDS, " s"),
        Bar("ten hours of speech", speed[1].seconds, TEN_HOURS_SECONDS, " s"),
        Bar("memory of ten hours, of one", speed[1].peak_bytes / speed[0].peak_bytes, MEMORY_FACTOR, " ×"),
    ]
    notes = (
        "Forced: too fast, and spoken faster than the cap with no silence to extend into; not counted in the rules %.",
        "Bad breaks: by a part-of-speech tagger; breaks in a silence of 2 s and more are nobody's choice.",
        f"Peak memory of all of it: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB.",
    )
    return Report("Captions from words", COLUMNS, tuple(rows), tuple(bars), notes)


def _beside_rows(one: Beside, peer: str) -> list[tuple[Cell, ...]]:
    return [
        (one.name, "captionwatch", *[None] * 5, *one.ours, None, None),
        ("", peer, *[None] * 5, *one.peer, None, None),
    ]


def _limits_row(words: str, by: str, found: Kept) -> tuple[Cell, ...]:
    broken = "/".join(map(str, (found.fast, found.short, found.long, found.overlaps, found.wide)))
    return (words, by, found.cues, found.percent, found.forced, broken, found.bad_percent, None, None, None, None)


if __name__ == "__main__":
    sys.exit(main())
