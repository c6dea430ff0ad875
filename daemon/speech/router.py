"""Which engine recognises a video, and which come after it where that one fails. Pure: values in, a Route out.

The order is: what was chosen for the channel, the rules that fit, the engine of config.toml, its fallbacks. Whatever
cannot or must not be used falls out, with its reason. What an engine brings beyond words is a wish: those that bring
all of it come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """An engine for videos in a `language` (a primary subtag, or a whole tag), of at least or at most some seconds.

    What is None fits every video; what is not known of a video fits no rule that asks for it.
    """

    engine: str
    language: str | None = None
    at_least_seconds: float | None = None
    at_most_seconds: float | None = None


@dataclass(frozen=True)
class Situation:
    """What is known of a video, and what is wished for it.

    `chosen`: the engine of its channel. `left`: what may still be spent this month; None: as much as it costs.
    `local_only`: its sound never leaves this machine.
    """

    language: str | None = None
    seconds: float | None = None
    chosen: str | None = None
    needs: frozenset[str] = frozenset()
    local_only: bool = False
    left: float | None = None


@dataclass(frozen=True)
class Candidate:
    """An engine as it is now. `why_not`: "" if it is ready; `price_per_hour`: of sound, in the owner's money."""

    local: bool
    why_not: str = ""
    brings: frozenset[str] = frozenset()
    languages: frozenset[str] | None = None
    maximum_seconds: float | None = None
    price_per_hour: float = 0.0


@dataclass(frozen=True)
class Choice:
    """An engine, and why it was chosen, or why it was not."""

    engine: str
    reason: str


@dataclass(frozen=True)
class Route:
    """The engines to try, in that order, and those that are not tried."""

    choices: tuple[Choice, ...]
    refused: tuple[Choice, ...] = field(default=())


def route(
    situation: Situation,
    candidates: Mapping[str, Candidate],
    rules: Sequence[Rule],
    first: str,
    fallbacks: Sequence[str] = (),
) -> Route:
    """The engines for a video: `first` is that of config.toml, `fallbacks` come after it."""
    wanted = _in_order(situation, rules, first, fallbacks)
    chosen: list[Choice] = []
    refused: list[Choice] = []
    for engine, reason in wanted.items():
        why_not = _why_not(situation, engine, candidates.get(engine))
        if why_not:
            refused.append(Choice(engine, why_not))
        else:
            chosen.append(Choice(engine, _with_lacks(situation, candidates[engine], reason)))
    chosen.sort(key=lambda one: len(situation.needs - candidates[one.engine].brings))  # stable: the order stays
    return Route(tuple(chosen), tuple(refused))


def _in_order(situation: Situation, rules: Sequence[Rule], first: str, fallbacks: Sequence[str]) -> dict[str, str]:
    """Every engine that may come, once, with the first reason for it."""
    made: dict[str, str] = {}
    for engine, reason in (
        *([(situation.chosen, "it is the channel's engine")] if situation.chosen else []),
        *((rule.engine, said) for rule in rules if (said := _fits(rule, situation))),
        (first, "it is the engine of config.toml"),
        *((engine, "it is a fallback of config.toml") for engine in fallbacks),
    ):
        made.setdefault(engine, reason)
    return made


def _fits(rule: Rule, situation: Situation) -> str:
    """Why a rule fits, as a clause; "" if it does not."""
    parts = []
    if rule.language is not None:
        if situation.language is None or not _is_of(situation.language, rule.language):
            return ""
        parts.append(f"in {situation.language}")
    if rule.at_least_seconds is not None or rule.at_most_seconds is not None:
        if situation.seconds is None:
            return ""
        if not (rule.at_least_seconds or 0) <= situation.seconds <= (rule.at_most_seconds or situation.seconds):
            return ""
        parts.append(f"of {situation.seconds / 60:.0f} minutes")
    return f"the rule for videos {' '.join(parts)}".rstrip() if parts else "the rule for all videos"


def _is_of(language: str, wanted: str) -> bool:
    """Whether a BCP-47 tag is the wanted one, or of that primary language."""
    tag, other = language.lower(), wanted.lower()
    return tag == other or tag.startswith(f"{other}-")


def _why_not(situation: Situation, engine: str, candidate: Candidate | None) -> str:
    """Why an engine is not to be tried for a video; "" if it is."""
    if candidate is None:
        return f"there is no engine {engine}"
    if situation.local_only and not candidate.local:
        return "it is in a cloud, and the sound may not leave this machine"
    if candidate.why_not:
        return candidate.why_not
    return next(_limits(situation, candidate), "")


def _limits(situation: Situation, candidate: Candidate) -> Iterator[str]:
    language, seconds = situation.language, situation.seconds
    known = candidate.languages
    if known is not None and language is not None and language.split("-")[0].lower() not in known:
        yield f"it does not know the language {language}"
    if candidate.maximum_seconds is not None and seconds is not None and seconds > candidate.maximum_seconds:
        yield f"it takes {candidate.maximum_seconds / 60:.0f} minutes at most"
    if situation.left is not None and candidate.price_per_hour:
        cost = candidate.price_per_hour * (seconds or 0) / 3600
        if seconds is None:
            yield "it costs money, and how long the video is is not known"
        elif cost > situation.left:
            yield f"it would cost {cost:.2f}, and {max(situation.left, 0):.2f} is left this month"


def _with_lacks(situation: Situation, candidate: Candidate, reason: str) -> str:
    lacks = sorted(situation.needs - candidate.brings)
    return f"{reason}; it does not give {', '.join(lacks)}" if lacks else reason
