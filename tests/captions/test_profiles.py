import dataclasses

import pytest

from captions.profiles import DEFAULT, PROFILES, Profile, find, width


def test_the_default_is_a_profile():
    assert find(DEFAULT).name == DEFAULT


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_is_found_by_its_name(name):
    assert find(name).name == name


def test_netflix_has_the_numbers_of_its_english_guide():
    profile = find("netflix")
    assert (profile.characters_per_line, profile.lines) == (42, 2)
    assert (round(profile.minimum_seconds, 3), profile.maximum_seconds) == (0.833, 7.0)


def test_an_unknown_name_is_answered_with_the_known_ones_and_the_nearest():
    with pytest.raises(
        ValueError, match=r'no caption profile is called "netflx"; there are: netflix, .*\. Did you mean "netflix"\?'
    ):
        find("netflx")


def test_no_name_is_suggested_that_is_not_near():
    with pytest.raises(ValueError, match=r"there are: netflix, bbc, ted, dcmp, shorts\.$"):
        find("zzz")


@pytest.mark.parametrize(
    "wrong",
    [
        {"characters_per_line": 9},
        {"lines": 0},
        {"minimum_seconds": 0},
        {"minimum_seconds": 8},
        {"minimum_gap": -1},
        {"minimum_gap": 1},
        {"hold_seconds": -1},
        {"reading_speed_target": 0},
        {"reading_speed_target": 21},
    ],
)
def test_limits_that_cannot_all_hold_are_refused(wrong):
    with pytest.raises(ValueError, match="a profile needs"):
        dataclasses.replace(Profile("x"), **wrong)


@pytest.mark.parametrize(
    ("language", "characters", "cap"),
    [
        ("en", 42, 20),
        ("en-GB", 42, 20),
        ("de", 42, 17),
        ("zh-TW", 32, 18),
        ("ja", 26, 8),
        ("ko", 32, 24),
        ("ar", 42, 20),
    ],
)
def test_netflix_has_other_numbers_for_other_languages(language, characters, cap):
    profile = find("netflix", language)
    assert (profile.characters_per_line, profile.reading_speed_cap) == (characters, cap)


def test_single_numbers_are_ones_own():
    profile = find("bbc", "en", {"characters_per_line": 40.0, "reading_speed_cap": 12})
    assert (profile.characters_per_line, profile.reading_speed_cap, profile.reading_speed_target) == (40, 12, 12)
    assert profile.minimum_seconds == find("bbc").minimum_seconds


@pytest.mark.parametrize(
    ("limits", "why"),
    [({"line": 1}, "has no line; .* Did you mean lines"), ({"name": 1}, "has no name"), ({"lines": 0}, "needs lines")],
)
def test_numbers_that_no_profile_has_are_refused(limits, why):
    with pytest.raises(ValueError, match=why):
        find("netflix", "en", limits)


@pytest.mark.parametrize(
    ("text", "cells"),
    [("", 0), ("abc d", 5), ("字幕", 4), ("がｶ", 3), ("e\u0301", 1), ("\u200eשלום", 4), ("👍", 2), ("한국", 4)],
)
def test_a_width_is_that_on_the_screen(text, cells):
    assert width(text) == cells
