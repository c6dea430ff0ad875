"""Whose track is it? Pure: the tracks that are there in, a plan out."""

import pytest

from daemon.stages.upload import Compare, Insert, Replace, Stop, decide
from daemon.youtube.captions import RemoteTrack


def track(track_id, language="en", name="", kind="standard"):
    return RemoteTrack(track_id, language, name, kind, "serving")


OURS = {"ours"}


@pytest.mark.parametrize(
    ("there", "before", "plan"),
    [
        # nothing was tried yet
        ([], None, Insert()),
        ([track("x", "de")], None, Insert()),  # another language is another matter
        ([track("asr", kind="asr")], None, Insert()),  # YouTube's own stands beside ours
        ([track("theirs")], None, Stop("theirs")),
        ([track("theirs", name="by hand")], None, Stop("theirs")),  # whatever its name
        ([track("theirs", "en-GB")], None, Stop("theirs")),  # and whichever English
        ([track("theirs", kind="forced")], None, Stop("theirs")),
        ([track("ours")], None, Replace("ours")),  # an earlier revision of ours
        ([track("ours"), track("theirs", "en-GB")], None, Stop("theirs")),
        # something was tried, and how it ended is unclear
        ([], [], Insert()),
        ([track("new")], [], Compare("new")),
        ([track("new", name="by hand")], [], Stop("new")),  # not the name we would have used
        ([track("new", "en-GB")], [], Stop("new")),
        ([track("theirs")], ["theirs"], Stop("theirs")),  # it was there before
        ([track("new"), track("theirs", name="old")], ["theirs"], Compare("new")),
        ([track("asr", kind="asr")], [], Insert()),
    ],
)
def test_a_track_that_is_not_ours_is_never_touched_or_joined(there, before, plan):
    assert decide(there, "en", "", OURS, before) == plan


def test_the_name_of_our_tracks_is_a_setting():
    assert decide([track("new", name="Captions")], "en", "Captions", OURS, []) == Compare("new")


def test_a_track_of_ours_is_replaced_and_not_doubled_when_the_name_or_the_region_changed():
    assert decide([track("ours", name="Old name")], "en", "Captions", OURS, None) == Replace("ours")
    assert decide([track("ours", "en-US")], "en", "", OURS, None) == Replace("ours")


def test_a_withdrawn_code_is_the_same_language():
    assert decide([track("theirs", "iw")], "he", "", OURS, None) == Stop("theirs")
    assert decide([track("new", "iw")], "he", "", OURS, []) == Compare("new")


def test_languages_are_compared_without_regard_to_case():
    assert decide([track("new", "EN-us")], "en-US", "", OURS, []) == Compare("new")
