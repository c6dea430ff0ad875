"""Which engine a video gets, as a table; and what holds for every one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.speech.router import Candidate, Rule, Situation, route

LOCAL = {
    "whisper": Candidate(local=True),
    "parakeet": Candidate(local=True, languages=frozenset({"en", "de", "fr"})),
    "fireredasr": Candidate(local=True, languages=frozenset({"zh", "en"})),
}
CLOUD = {
    "assemblyai": Candidate(
        local=False, brings=frozenset({"speakers", "chapters"}), maximum_seconds=36_000, price_per_hour=0.21
    ),
    "gemini": Candidate(local=False, brings=frozenset({"speakers"}), maximum_seconds=32_400, price_per_hour=0.12),
}
ALL = {**LOCAL, **CLOUD}
MANDARIN = Rule("fireredasr", language="zh")
LONG = Rule("parakeet", at_least_seconds=7200)
SHORT = Rule("gemini", at_most_seconds=60)
EVERYTHING = ("parakeet", "assemblyai", "gemini")


def engines(situation, candidates=ALL, rules=(MANDARIN,), first="whisper", fallbacks=()):
    return tuple(one.engine for one in route(situation, candidates, rules, first, fallbacks).choices)


def without(engine, why="it is not installed"):
    return {**ALL, engine: Candidate(local=ALL[engine].local, why_not=why)}


@pytest.mark.parametrize(
    ("situation", "settings", "expected"),
    [
        # the order
        (Situation(), {}, ("whisper",)),
        (Situation(), {"first": "parakeet"}, ("parakeet",)),
        (Situation(chosen="gemini"), {}, ("gemini", "whisper")),
        (Situation(chosen="whisper"), {}, ("whisper",)),
        (Situation(), {"fallbacks": EVERYTHING}, ("whisper", *EVERYTHING)),
        (Situation(), {"fallbacks": ("whisper", "gemini")}, ("whisper", "gemini")),
        (Situation(chosen="gemini"), {"fallbacks": EVERYTHING}, ("gemini", "whisper", "parakeet", "assemblyai")),
        # rules of language
        (Situation(language="zh"), {}, ("fireredasr", "whisper")),
        (Situation(language="zh-CN"), {}, ("fireredasr", "whisper")),
        (Situation(language="ZH-Hant"), {}, ("fireredasr", "whisper")),
        (Situation(language="zhx"), {}, ("whisper",)),
        (Situation(language="en"), {}, ("whisper",)),
        (Situation(language=None), {}, ("whisper",)),
        (Situation(language="zh", chosen="whisper"), {}, ("whisper", "fireredasr")),
        (Situation(language="zh"), {"rules": ()}, ("whisper",)),
        (Situation(language="pt-BR"), {"rules": (Rule("gemini", language="pt-br"),)}, ("gemini", "whisper")),
        (Situation(language="pt"), {"rules": (Rule("gemini", language="pt-BR"),)}, ("whisper",)),
        # rules of length
        (Situation(seconds=7200), {"rules": (LONG,)}, ("parakeet", "whisper")),
        (Situation(seconds=7199), {"rules": (LONG,)}, ("whisper",)),
        (Situation(seconds=None), {"rules": (LONG,)}, ("whisper",)),
        (Situation(seconds=60), {"rules": (SHORT,)}, ("gemini", "whisper")),
        (Situation(seconds=61), {"rules": (SHORT,)}, ("whisper",)),
        (Situation(seconds=9000), {"rules": (SHORT, LONG)}, ("parakeet", "whisper")),
        (Situation(), {"rules": (Rule("gemini"),)}, ("gemini", "whisper")),
        # what cannot
        (Situation(), {"candidates": without("whisper"), "fallbacks": EVERYTHING}, EVERYTHING),
        (Situation(language="zh"), {"candidates": without("fireredasr")}, ("whisper",)),
        (Situation(language="ja"), {"fallbacks": EVERYTHING}, ("whisper", "assemblyai", "gemini")),
        (Situation(language="de-AT"), {"fallbacks": ("parakeet",)}, ("whisper", "parakeet")),
        (Situation(language="ja", chosen="parakeet"), {}, ("whisper",)),
        (Situation(seconds=36_001), {"fallbacks": EVERYTHING}, ("whisper", "parakeet")),
        (Situation(seconds=36_000), {"fallbacks": EVERYTHING}, ("whisper", "parakeet", "assemblyai")),
        (Situation(chosen="nobody"), {}, ("whisper",)),
        # what must not
        (Situation(local_only=True), {"fallbacks": EVERYTHING}, ("whisper", "parakeet")),
        (Situation(local_only=True, chosen="gemini"), {}, ("whisper",)),
        (Situation(local_only=True), {"first": "gemini"}, ()),
        (Situation(local_only=True, seconds=30), {"rules": (SHORT,)}, ("whisper",)),
        (Situation(local_only=True), {"candidates": without("whisper"), "fallbacks": ("gemini",)}, ()),
        # what it costs
        (Situation(seconds=3600, left=0.2), {"fallbacks": EVERYTHING}, ("whisper", "parakeet", "gemini")),
        (Situation(seconds=3600, left=0.21), {"fallbacks": EVERYTHING}, ("whisper", *EVERYTHING)),
        (Situation(seconds=3600, left=0.0), {"fallbacks": EVERYTHING}, ("whisper", "parakeet")),
        (Situation(seconds=3600, left=-1.0), {"first": "gemini"}, ()),
        (Situation(seconds=None, left=5.0), {"fallbacks": EVERYTHING}, ("whisper", "parakeet")),
        # what is wished
        (
            Situation(needs=frozenset({"speakers"})),
            {"fallbacks": EVERYTHING},
            ("assemblyai", "gemini", "whisper", "parakeet"),
        ),
        (
            Situation(needs=frozenset({"speakers", "chapters"})),
            {"fallbacks": EVERYTHING},
            ("assemblyai", "gemini", "whisper", "parakeet"),
        ),
        (Situation(needs=frozenset({"speakers"}), local_only=True), {"fallbacks": EVERYTHING}, ("whisper", "parakeet")),
        (Situation(needs=frozenset({"emotion"})), {}, ("whisper",)),
    ],
)
def test_a_video_gets_these_engines_in_this_order(situation, settings, expected):
    assert engines(situation, **settings) == expected


@pytest.mark.parametrize(
    ("situation", "settings", "engine", "reason"),
    [
        (Situation(local_only=True, chosen="gemini"), {}, "gemini", "may not leave this machine"),
        (Situation(language="ja", chosen="parakeet"), {}, "parakeet", "does not know the language ja"),
        (Situation(seconds=40_000, chosen="gemini"), {}, "gemini", "takes 540 minutes at most"),
        (Situation(seconds=3600, chosen="gemini", left=0.1), {}, "gemini", "would cost 0.12, and 0.10 is left"),
        (Situation(seconds=3600, chosen="gemini", left=-3), {}, "gemini", "would cost 0.12, and 0.00 is left"),
        (Situation(chosen="gemini"), {"candidates": without("gemini", "there is no key")}, "gemini", "there is no key"),
        (Situation(chosen="nobody"), {}, "nobody", "there is no engine nobody"),
    ],
)
def test_what_is_not_tried_says_why(situation, settings, engine, reason):
    found = route(situation, settings.get("candidates", ALL), (MANDARIN,), "whisper", ())
    (refused,) = found.refused
    assert refused.engine == engine
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("situation", "reason"),
    [
        (Situation(), "it is the engine of config.toml"),
        (Situation(chosen="gemini"), "it is the channel's engine"),
        (Situation(language="zh-CN"), "the rule for videos in zh-CN"),
        (Situation(needs=frozenset({"emotion"})), "it is the engine of config.toml; it does not give emotion"),
    ],
)
def test_what_is_tried_says_why(situation, reason):
    assert route(situation, ALL, (MANDARIN,), "whisper", ()).choices[0].reason == reason


NAMES = st.sampled_from([*ALL, "nobody"])
SITUATIONS = st.builds(
    Situation,
    language=st.sampled_from([None, "en", "zh", "ja", "de-AT"]),
    seconds=st.one_of(st.none(), st.floats(0, 50_000)),
    chosen=st.one_of(st.none(), NAMES),
    needs=st.frozensets(st.sampled_from(["speakers", "chapters", "emotion"])),
    local_only=st.booleans(),
    left=st.one_of(st.none(), st.floats(-1, 5)),
)
RULES = st.lists(
    st.builds(
        Rule,
        engine=NAMES,
        language=st.sampled_from([None, "zh", "de"]),
        at_least_seconds=st.sampled_from([None, 100.0]),
        at_most_seconds=st.sampled_from([None, 10_000.0]),
    ),
    max_size=3,
)


@given(SITUATIONS, RULES, NAMES, st.lists(NAMES, max_size=5))
def test_local_only_is_never_broken_and_no_engine_comes_twice(situation, rules, first, fallbacks):
    found = route(situation, ALL, rules, first, fallbacks)
    every = [one.engine for one in (*found.choices, *found.refused)]
    assert len(every) == len(set(every))
    assert {first, *fallbacks} <= set(every)
    for one in found.choices:
        candidate = ALL[one.engine]
        assert candidate.local or not situation.local_only
        assert not candidate.price_per_hour or situation.left is None or situation.seconds is not None
