"""Changes that a person makes to a track: the text of a cue, a word wherever it stands, who speaks. Times stay."""

from __future__ import annotations

import difflib
import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from captions.labels import without_label
from captions.text import clean, escape, plain, rewrite, space_between
from captions.track import Cue, Line, Track

CORRECTED_WORDS = 3  # more are another sentence, not a name that was misheard
PUNCTUATION = " .,;:!?…\"'“”‘’«»„()[]-–—"
JOINERS = "\u200c\u200d"  # within words of Persian and the Indic scripts


@dataclass(frozen=True)
class Replacement:
    """The track after a find-and-replace: how often it was found, and in which cues, by their index from 0."""

    track: Track
    count: int
    cues: tuple[int, ...]


def corrected(old: str, new: str) -> str:
    """The words that a correction of plain text put in the place of others, if it is one correction of a few words.

    "" where it is more, or nothing that an engine could be told to expect: words that came or went, another case of
    the same letters at the beginning of a sentence, punctuation.
    """
    went, came = old.split(), new.split()
    changes = [
        one for one in difflib.SequenceMatcher(None, went, came, autojunk=False).get_opcodes() if one[0] != "equal"
    ]
    if len(changes) != 1:
        return ""
    tag, first, last, new_first, new_last = changes[0]
    words = " ".join(came[new_first:new_last]).strip(PUNCTUATION)
    before = " ".join(went[first:last]).strip(PUNCTUATION)
    if tag != "replace" or new_last - new_first > CORRECTED_WORDS or words.casefold() == before.casefold():
        return ""
    return words


def with_text(track: Track, number: int, text: str) -> Track:
    """The track with another text in cue `number`, counted from 1; without the cue where the text is empty.

    `text` is plain: what looks like markup is shown as it is. A label of the speaker is left out: it is shown anyway.
    Lines keep the speaker of the line they replace, those that are more the speaker of the last. Raise ValueError if
    there is no such cue.
    """
    if not 1 <= number <= len(track.cues):
        raise ValueError(f"there is no cue {number}: there are {len(track.cues)}")
    cue = track.cues[number - 1]
    texts = [line for line in (" ".join(one.split()) for one in clean(text).splitlines()) if line]
    if not texts:
        return replace(track, cues=(*track.cues[: number - 1], *track.cues[number:]))
    speakers = [line.speaker for line in cue.lines] or [None]
    lines = tuple(
        without_label(Line(escape(said), speakers[min(index, len(speakers) - 1)])) for index, said in enumerate(texts)
    )
    return _with(track, {number - 1: replace(cue, lines=lines)})


def replaced(track: Track, find: str, by: str) -> Replacement:
    """The track with `by` wherever the words `find` stand, in any case, within a line of one style.

    Whole words alone, where the script parts them: "cat" is not found in "category". Both are plain text: markup is
    neither searched nor made. A cue that nothing is left of goes. Raise ValueError if `find` is empty.
    """
    wanted = clean(find).split()
    if not wanted:
        raise ValueError("say what is to be found")
    pattern = re.compile(r"\s+".join(map(re.escape, wanted)), re.IGNORECASE)
    new = " ".join(clean(by).split())
    changed: dict[int, Cue] = {}
    count = 0

    def said(cue_text: str) -> str:
        nonlocal count
        text = html.unescape(cue_text)
        places = _places(pattern, text)
        count += len(places)
        return escape(_put(new, places, text)) if places else cue_text

    for index, cue in enumerate(track.cues):
        before = count
        made = _each_line(cue, lambda text: rewrite(text, said, lambda tag: tag[0]))
        if count > before:
            changed[index] = made
    kept = (changed.get(index, cue) for index, cue in enumerate(track.cues))
    emptied = {index for index, cue in changed.items() if not cue.lines}
    cues = tuple(cue for index, cue in enumerate(kept) if index not in emptied)
    return Replacement(replace(track, cues=cues), count, tuple(changed))


def with_speaker(track: Track, old: str, new: str) -> Track:
    """The track with another name for a speaker, who may stand there by a name that was cut."""

    def is_old(name: str) -> bool:
        return name == old or (name.endswith("…") and old.startswith(name[:-1]))

    cues = (
        replace(
            cue,
            lines=tuple(
                replace(line, speaker=new) if line.speaker and is_old(line.speaker) else line for line in cue.lines
            ),
        )
        for cue in track.cues
    )
    return replace(track, cues=tuple(cues))


def _each_line(cue: Cue, change: Callable[[str], str]) -> Cue:
    lines = (replace(line, text=" ".join(change(line.text).split())) for line in cue.lines)
    return replace(cue, lines=tuple(line for line in lines if plain(line.text).strip()))


def _places(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where the pattern stands as whole words: from where to where."""
    found, start = [], 0
    while match := pattern.search(text, start):
        begin, end = match.span()
        cut = _is_one_word(text[begin - 1 : begin], text[begin]) or _is_one_word(text[end - 1], text[end : end + 1])
        if not cut:
            found.append((begin, end))
        start = begin + 1 if cut else end
    return found


def _put(new: str, places: list[tuple[int, int]], text: str) -> str:
    for begin, end in reversed(places):
        text = text[:begin] + new + text[end:]
    return text


def _is_one_word(left: str, right: str) -> bool:
    """Whether two characters that follow each other are of one word. In scripts that part no words none are."""
    return all(
        (one.isalnum() or one == "_" or one in JOINERS or unicodedata.category(one).startswith("M"))
        and space_between(one, one) == " "
        for one in (left, right)
        if one
    ) and bool(left and right)


def _with(track: Track, changed: dict[int, Cue]) -> Track:
    return replace(track, cues=tuple(changed.get(index, cue) for index, cue in enumerate(track.cues)))
