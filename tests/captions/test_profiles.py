import dataclasses

import pytest

from captions.profiles import DEFAULT, PROFILES, Profile, find


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
        ValueError, match=r'no caption profile is called "netflx"; there are: netflix. Did you mean "netflix"\?'
    ):
        find("netflx")


def test_no_name_is_suggested_that_is_not_near():
    with pytest.raises(ValueError, match=r"there are: netflix\.$"):
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
