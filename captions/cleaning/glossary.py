"""A glossary's terms, written as the glossary writes them. Pure.

    by case       ada lovelace → Ada Lovelace; the letters are the same
    by spaces     pie torch stays, py torch → PyTorch: one of the words is none of the language's, or the term has
                  capitals inside
    by sound      babbidge → Babbage: a word that the language does not have, and that sounds the same; among several
                  words of a term also one that it has, if the others are the same (ada loveless → Ada Lovelace)

Possessives and plurals keep their s. A term in lower case says nothing of case. A single word that people use every day
("will", "mark") is never taken for a name by its case. Words are looked up in `vocabulary`; without one, nothing is
replaced by sound, and single words by case only where they have capitals inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import jellyfish

from captions import anchors
from captions.cleaning.change import Edit, What
from captions.cleaning.writing import Parts, begins_sentence, parts
from captions.transcript import Word

Vocabulary = Mapping[str, float]
"""The words of a language, in lower case, and how often each is said in a million."""

COMMON = 1.0  # in a million: apple, mark and swift are, python, london and lovelace are not
SHORTEST_BY_SOUND = 5  # letters; below, too much sounds the same
SHARE_OF_CHANGES = 3 / 8  # of the letters: babbidge, kubernetties
MOST_WORDS = 5  # of a term that is looked for
ENDINGS = ("'s", "’s", "s", "'", "’", "")
_CACHED = 1 << 15  # different words of a recording
_BY_SOUND = "en"  # Metaphone's language
_VOWELS = frozenset("aiouy")  # an e is silent


@lru_cache(_CACHED)
def key(text: str) -> str:
    return anchors.key(text)


@dataclass(frozen=True)
class _Term:
    """A term and its words, as they are written and as they are compared."""

    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(self.text.split())

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(map(key, self.words))

    @property
    def has_inner_capitals(self) -> bool:
        return any(letter.isupper() for word in self.words for letter in word[1:])


@dataclass(frozen=True)
class Glossary:
    """The terms of a glossary, in a language (its primary subtag) with its vocabulary; empty: it is not known."""

    terms: tuple[str, ...]
    language: str = ""
    vocabulary: Vocabulary | None = None

    @cached_property
    def _known(self) -> Vocabulary:
        return self.vocabulary or {}

    @cached_property
    def _terms(self) -> tuple[_Term, ...]:
        """Those of more words first: they say more."""
        made = (_Term(" ".join(text.split())) for text in dict.fromkeys(self.terms))
        return tuple(sorted((one for one in made if 0 < len(one.words) <= MOST_WORDS and all(one.keys)),
                            key=lambda one: -len(one.words)))  # fmt: skip

    @cached_property
    def _by_first(self) -> Mapping[str, tuple[_Term, ...]]:
        return _grouped((one.keys[0], one) for one in self._terms)

    @cached_property
    def _by_letters(self) -> Mapping[str, tuple[_Term, ...]]:
        return _grouped(("".join(one.keys), one) for one in self._terms)

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(letters[:end] for letters in self._by_letters for end in range(1, len(letters) + 1))

    @cached_property
    def _by_sound(self) -> Mapping[str, tuple[_Term, ...]]:
        """Each under the sound of each of its words, so that one of them may be written otherwise."""
        return _grouped((_sound(word), one) for one in self._terms for word in set(one.keys))

    def edits(self, words: Sequence[Word]) -> Iterator[Edit]:
        """Where a term is written otherwise than the glossary does. What is first, and longest, counts."""
        if not self._terms:
            return
        split = [parts(word.text) for word in words]
        at = 0
        while at < len(words):
            found = self._spelled(words, split, at) or self._sounding(words, split, at)
            if found is None:
                at += 1
                continue
            yield found
            at = found.last

    def _spelled(self, words: Sequence[Word], split: Sequence[Parts], at: int) -> Edit | None:
        """A term with the same letters, from here; an edit that changes nothing where it is right as it is."""
        stem, _ = _stem(split[at].core)
        for term in dict.fromkeys((*self._by_first.get(key(split[at].core), ()), *self._by_first.get(key(stem), ()))):
            last = at + len(term.words)
            if _hang_together(words, split, at, last):
                said = [key(one.core) for one in split[at : last - 1]]
                ending = _ending(split[last - 1].core, term.words[-1])
                if said == list(term.keys[:-1]) and ending is not None and self._may_be_recased(term):
                    return _written(words, split, at, term, ending)
        return self._joined(words, split, at)

    def _joined(self, words: Sequence[Word], split: Sequence[Parts], at: int) -> Edit | None:
        """A term with the same letters and other spaces: as more words, or as one where it has several."""
        before = ""
        for last in range(at + 1, min(at + MOST_WORDS, len(words)) + 1):
            if not _hang_together(words, split, at, last):
                return None
            core = split[last - 1].core
            stem, ending = _stem(core)
            for letters, rest in ((before + key(core), ""), (before + key(stem), ending)):
                for term in self._by_letters.get(letters, ()):
                    if last - at != len(term.words) and self._may_be_joined(term, split[at:last]):
                        return _replaced(words, split, at, last, term.text + rest)
            before += key(core)
            if before not in self._beginnings:
                return None
        return None

    def _may_be_recased(self, term: _Term) -> bool:
        """“will” is no name for its lower case, and “it” not IT."""
        if len(term.words) > 1:
            return True
        if not self._known:
            return term.has_inner_capitals and not term.text.isupper()
        return self._known.get(term.text.casefold(), 0.0) < COMMON

    def _may_be_joined(self, term: _Term, split: Sequence[Parts]) -> bool:
        if len(split) == 1:  # one word that is a term of several: lovelace-ada
            return bool(self._known) and split[0].core.casefold() not in self._known
        strange = self._known and any(one.core.casefold() not in self._known for one in split)
        return (term.has_inner_capitals and not term.text.isupper()) or bool(strange)

    def _sounding(self, words: Sequence[Word], split: Sequence[Parts], at: int) -> Edit | None:
        """A term one word of which sounds as one that stands here; the nearest, and none if two are as near."""
        if not self._known or self.language != _BY_SOUND:
            return None
        near: dict[int, list[tuple[_Term, str]]] = {}
        stem, _ = _stem(split[at].core)
        candidates = {one for core in (split[at].core, stem) for one in (*self._by_sound.get(_sound(key(core)), ()),)}
        for term in candidates:
            last = at + len(term.words)
            if _hang_together(words, split, at, last):
                found = self._distance(term, split[at:last])
                if found is not None:
                    near.setdefault(found[0], []).append((term, found[1]))
        best = near.get(min(near), []) if near else []
        return _written(words, split, at, *best[0]) if len(best) == 1 else None

    def _distance(self, term: _Term, split: Sequence[Parts]) -> tuple[int, str] | None:
        """How many letters are other, and the ending to keep; None if it is another word."""
        strange = [index for index, word in enumerate(term.keys[:-1]) if key(split[index].core) != word]
        ending = _ending(split[-1].core, term.words[-1])
        core = split[-1].core
        if ending is None:
            strange.append(len(split) - 1)
            core, ending = (core, "") if _alike(key(core), term.keys[-1]) else _stem(core)
        if len(strange) != 1:
            return None
        said = core if strange[0] == len(split) - 1 else split[strange[0]].core
        meant = term.keys[strange[0]]
        others = [word for index, word in enumerate(term.keys) if index != strange[0]]
        vouched = any(self._known.get(word, 0.0) < COMMON for word in others)
        if not _alike(key(said), meant) or not (vouched or self._is_strange(split[strange[0]].core)):
            return None
        return _changes(key(said), meant), ending

    def _is_strange(self, core: str) -> bool:
        """Whether the language has neither the word nor that without its ending."""
        whole = core.casefold().replace("’", "'")
        return whole not in self._known and _stem(whole)[0] not in self._known


def _grouped(pairs: Iterator[tuple[str, _Term]]) -> Mapping[str, tuple[_Term, ...]]:
    found: dict[str, tuple[_Term, ...]] = {}
    for name, term in pairs:
        found[name] = (*found.get(name, ()), term)
    return found


@lru_cache(_CACHED)
def _sound(letters: str) -> str:
    return jellyfish.metaphone(letters) if letters.isascii() and letters.isalpha() else ""


def _alike(said: str, meant: str) -> bool:
    """Whether two words sound the same, and are written nearly the same. A final vowel tells Kowalski from Kowalska."""
    if min(len(said), len(meant)) < SHORTEST_BY_SOUND or not _sound(said) or _sound(said) != _sound(meant):
        return False
    last, wanted = (word.removesuffix("e")[-1] for word in (said, meant))
    if last != wanted and {last, wanted} & _VOWELS:
        return False
    return _changes(said, meant) <= SHARE_OF_CHANGES * len(meant)


def _changes(said: str, meant: str) -> int:
    """How many letters are other, too many, missing or swapped."""
    return int(jellyfish.damerau_levenshtein_distance(said, meant))


@lru_cache(_CACHED)
def _stem(core: str) -> tuple[str, str]:
    """A word without the ending of a possessive or plural, and the ending."""
    ending = next(one for one in ENDINGS if core.casefold().endswith(one))
    return core[: len(core) - len(ending)], core[len(core) - len(ending) :]


def _ending(core: str, term: str) -> str | None:
    """What a word has beyond a term; None if it is another word."""
    if key(core) == key(term):
        return ""
    stem, ending = _stem(core)
    return ending if ending and key(stem) == key(term) else None


def _hang_together(words: Sequence[Word], split: Sequence[Parts], first: int, last: int) -> bool:
    """Whether there are so many words, with no mark between them, of one speaker."""
    if last > len(words):
        return False
    inside = any(one.trail for one in split[first : last - 1]) or any(one.lead for one in split[first + 1 : last])
    return not inside and len({word.speaker for word in words[first:last]}) == 1


def _written(words: Sequence[Word], split: Sequence[Parts], at: int, term: _Term, ending: str) -> Edit:
    """Word for word, with their times."""
    made = []
    for index, text in enumerate(term.words):
        own = split[at + index]
        tail = ending.lower() if index == len(term.words) - 1 else ""  # LOVELACE’S
        said = _cased(text, own.core, begins_sentence(words, at + index))
        made.append(replace(words[at + index], text=f"{own.lead}{said}{tail}{own.trail}"))
    return Edit(What.TERM, at, at + len(made), tuple(made))


def _cased(text: str, core: str, begins: bool) -> str:
    """A term in lower case says nothing of case; what begins a sentence keeps its capital."""
    if text != text.lower():
        return text
    if key(core)[: len(text)] == key(text) and core.casefold().startswith(text):
        return core[: len(text)]
    return text[:1].upper() + text[1:] if begins and core[:1].isupper() else text


def _replaced(words: Sequence[Word], split: Sequence[Parts], first: int, last: int, text: str) -> Edit:
    """As one word, or as several that share the time."""
    texts = text.split()
    start, end = words[first].start, max(word.end for word in words[first:last])
    each = (end - start) / len(texts)
    confidence = min(word.confidence for word in words[first:last])
    texts[0] = split[first].lead + texts[0]
    texts[-1] += split[last - 1].trail
    made = tuple(
        replace(words[first], text=one, start=start + index * each, confidence=confidence,
                end=end if index == len(texts) - 1 else start + (index + 1) * each)
        for index, one in enumerate(texts)
    )  # fmt: skip
    return Edit(What.TERM, first, last, made)
