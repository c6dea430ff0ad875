import dataclasses

import pytest

from captions.profiles import (
    DEFAULT,
    PROFILES,
    Profile,
    find,
    limits_text,
    read_limits,
    refuse_impossible,
    that_hold,
    width,
)


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
    [
        ({"line": 1}, "has no line; .* Did you mean lines"),
        ({"name": 1}, "has no name"),
        ({"lines": 0}, "needs 1 <= lines <= 4"),
    ],
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


@pytest.mark.parametrize("wrong", [{"characters_per_line": 101}, {"lines": 5}])
def test_a_picture_is_not_covered_by_captions(wrong):
    with pytest.raises(ValueError, match="a profile needs"):
        find("netflix", "en", wrong)


# ---- numbers of one's own, as people write them


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("characters_per_line=37, lines=1", {"characters_per_line": 37, "lines": 1}),
        (" lines = 1.0 ", {"lines": 1}),
        ("minimum_seconds=1.25,reading_speed_cap=15", {"minimum_seconds": 1.25, "reading_speed_cap": 15}),
        ("minimum_seconds=6", {"minimum_seconds": 6}),
        ("reading_speed_target=22", {"reading_speed_target": 22}),
    ],
)
def test_numbers_that_some_profile_can_have_are_read_and_written(text, limits):
    assert read_limits(text) == limits
    assert read_limits(limits_text(limits)) == limits


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "'' is no number: give"),
        ("lines", "'lines' is no number"),
        ("lines=1,", "'' is no number"),
        ("lines=one", "'lines=one' is no number"),
        ("lines=nan", "lines is a whole number, not nan"),
        ("lines=1.5", "lines is a whole number, not 1.5"),
        ("hold_seconds=inf", "hold_seconds is a number, not inf"),
        ("minimum_seconds=8", "minimum_seconds < maximum_seconds, not 8 and 7"),
        ("characters=37", "Did you mean characters_per_line"),
    ],
)
def test_what_is_no_number_of_a_profile_is_refused(text, why):
    with pytest.raises(ValueError, match=why):
        read_limits(text)


def test_a_number_that_another_profile_could_have_is_refused_where_the_profile_is_known():
    refuse_impossible({"minimum_seconds": 6}, "netflix")
    with pytest.raises(ValueError, match="not 6 and 5"):
        refuse_impossible({"minimum_seconds": 6}, "shorts")


def test_a_number_that_cannot_hold_in_a_language_is_left_out_and_the_others_stay():
    wanted = {"lines": 1, "reading_speed_target": 19}
    assert that_hold("netflix", "en", wanted) == (find("netflix", "en", wanted), wanted)
    assert that_hold("netflix", "de", wanted) == (find("netflix", "de", {"lines": 1}), {"lines": 1})


def test_numbers_that_hold_only_together_stay_together():
    wanted = {"maximum_seconds": 0.5, "minimum_seconds": 0.4}
    assert that_hold("netflix", "ja", wanted)[1] == wanted


def test_a_number_that_no_profile_has_any_more_is_left_out():
    assert that_hold("bbc", "en", {"colours": 7, "lines": 1})[1] == {"lines": 1}
