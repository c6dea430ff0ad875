"""What is mended in a track, and that no word is ever touched."""

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captions.check import Kind, Severity, check
from captions.fix import What, fixed
from captions.formats import read, shown
from captions.profiles import PROFILES, Profile, find, width
from captions.text import plain
from captions.track import Cue, Line, Track
from tests.captions.strategies import one, tracks
from tests.conftest import CORPUS

FILES = CORPUS / "captions"
NETFLIX = find("netflix")
NARROW = Profile("narrow", characters_per_line=10, lines=3, minimum_seconds=0.5, maximum_seconds=2.0)


def cue(text, start=0.0, end=2.0, speaker=None, **more):
    return Cue(start, end, tuple(Line(line, speaker) for line in text.split("\n")), **more)


def mend(*cues, profile=NETFLIX, seconds=None, language="en"):
    return fixed(Track(language, cues), profile, seconds)


def times(track):
    return [(one.start, one.end) for one in track.cues]


def texts(track):
    return [one.text for one in track.cues]


def done(changes):
    return [(change.what, change.cue) for change in changes]


def words(track):
    """All that a viewer reads, in the order of time, without any white space."""
    in_order = sorted(track.cues, key=lambda one: one.start)
    return "".join("".join(plain(line.text).split()) for one in in_order for line in one.lines)


# --- whatever the track is --------------------------------------------------------------------------------------

WORDS = [
    "I",
    "the",
    "and",
    "a",
    "house,",
    "walked.",
    "Paris",
    "extraordinarily",
    "<i>so</i>",
    "<i>so it was there <b>then</b></i>",
    "<b>",
    "字幕を、見る。",
    "&amp;",
    "-",
]


@st.composite
def talks(draw):
    """Tracks as people make them badly: too much in a cue, too long, too short, one over the other."""
    now, cues = 0, []
    for _ in range(draw(st.integers(0, 8))):
        now = max(0, now + draw(st.sampled_from([-400, 0, 0, 40, 83, 300, 2000])))
        end = now + draw(st.sampled_from([1, 150, 400, 834, 2000, 2000, 5000, 9000, 30000]))
        rows = draw(st.lists(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), min_size=1, max_size=3))
        who = draw(st.sampled_from([None, None, "Ann", "Bartholomew Featherstonehaugh"]))
        place = draw(st.sampled_from(["", "", "", "line:0"]))
        cues.append(Cue(now / 1000, end / 1000, tuple(Line(row, who) for row in rows), "", place))
        now = draw(st.sampled_from([now, end, end, end]))
    return Track(draw(st.sampled_from(["en", "ja", ""])), tuple(cues))


NEVER_MORE = (Kind.OVERLAP, Kind.TOO_LONG, Kind.TOO_MANY_LINES)
"""What mending never makes more of, whatever the track. Of several cues over each other, one that ends for another
may be too fast, and of a cue with two tags that are shown as text each half may have one; in the files that people
made, below, no score gets worse.
"""

any_track = given(
    st.one_of(talks(), tracks()),
    st.sampled_from([*PROFILES.values(), NARROW]),
    st.sampled_from([None, 5.0, 60.0]),
)
thorough = settings(deadline=None, max_examples=60)


@thorough
@any_track
def test_every_word_stays_and_in_its_order(track, profile, seconds):
    assert words(fixed(track, profile, seconds)[0]) == words(track)


def test_a_cue_that_cannot_be_long_enough_does_not_wander_to_an_earlier_time():
    after_the_end = one(Line("0"), start=6.0, end=6.001)
    assert fixed(after_the_end, find("dcmp"), 5.0)[0].cues[0].start == 6.0


@thorough
@any_track
def test_mending_again_changes_nothing_more(track, profile, seconds):
    made, _ = fixed(track, profile, seconds)
    assert fixed(made, profile, seconds) == (made, ())


@thorough
@any_track
def test_nothing_is_changed_that_is_not_listed_and_no_more_is_wrong(track, profile, seconds):
    made, changes = fixed(track, profile, seconds)
    assert (made == track) is (not changes)
    assert all(0 <= change.cue < len(track.cues) and change.start == track.cues[change.cue].start for change in changes)
    assert all(one.start <= other.start for one, other in zip(made.cues, made.cues[1:], strict=False))
    in_order = Track(track.language, tuple(sorted(track.cues, key=lambda one: one.start)))
    before, after = (
        Counter(one.kind for one in check(each, profile, None, seconds).problems) for each in (in_order, made)
    )
    assert all(after[kind] <= before[kind] for kind in NEVER_MORE)
    assert before[Kind.MARKUP] or not after[Kind.MARKUP]
    assert not after[Kind.EMPTY]


# --- text -------------------------------------------------------------------------------------------------------


def test_a_track_within_the_rules_is_the_same():
    cues = (cue("It is late.\nWe sleep now.", 0, 2, id="7", settings="line:0"), cue("Good night.", 2.083, 4))
    assert mend(*cues) == (Track("en", cues), ())


def test_a_line_that_is_too_long_becomes_two():
    made, changes = mend(cue("The house was built for people who came there every summer.", 0, 4))
    assert texts(made) == ["The house was built for people\nwho came there every summer."]
    assert done(changes) == [(What.LINES, 0)]
    assert changes[0].detail == "The house was built for people | who came there every summer."


def test_lines_break_where_words_do_not_belong_together():
    made, _ = mend(cue("We all went to the\nriver, where it was so quiet.", 0, 4))
    assert texts(made) == ["We all went to the river,\nwhere it was so quiet."]


def test_a_word_is_not_left_alone():
    made, _ = mend(cue("We all went to the river in the morning\nsun.", 0, 4))
    assert not check(made, NETFLIX).problems


def test_what_is_too_much_becomes_several_cues_by_its_characters():
    sentence = "The house was built for people who came there every summer."
    made, changes = mend(cue(f"{sentence} {sentence}", 10, 18, id="4", settings="align:start"))
    assert [" ".join(one.text.split()) for one in made.cues] == [sentence, sentence]
    assert [(one.id, one.settings) for one in made.cues] == [("4", "align:start"), ("", "align:start")]
    assert times(made) == [(10, 13.917), (14, 18)]
    assert done(changes) == [(What.SPLIT, 0)]
    assert not check(made, NETFLIX).problems


def test_tags_are_closed_and_opened_where_a_line_ends():
    made, _ = mend(cue("<i>The house was built for people who came there every summer.</i>", 0, 4))
    assert texts(made) == ["<i>The house was built for people</i>\n<i>who came there every summer.</i>"]


def test_tags_are_closed_and_opened_where_a_cue_ends():
    sentence = "The house was built for people who came there every summer."
    made, _ = mend(cue(f"<i>{sentence} {sentence}</i>", 10, 18))
    lines = [line for text in texts(made) for line in text.split("\n")]
    assert len(made.cues) == 2
    assert all(line.startswith("<i>") and line.endswith("</i>") for line in lines)


def test_a_speakers_label_counts_and_stays():
    said = "It was built for people who came there again"
    made, _ = mend(cue(said, 0, 4, "Ann"), cue(said, 4.083, 8, "Ann"))
    assert all(len(line) <= 42 for lines in shown(made) for line in lines)
    assert {line.speaker for one in made.cues for line in one.lines} == {"Ann"}
    assert [" ".join(one.text.split()) for one in made.cues] == [said, said]


@pytest.mark.parametrize("text", ["x" * 60, "- " + "Who said that it is here? " * 2 + "\n- Me.", "字" * 40])
def test_a_line_stays_where_a_word_would_be_cut_or_two_people_speak(text):
    made, _ = mend(cue(text, 0, 6))
    assert texts(made) == [text]


def test_writing_without_spaces_is_broken_after_its_marks():
    made, _ = mend(
        cue("昨日は雨が降りました、今日は晴れています。", 0, 6), profile=find("netflix", "ja"), language="ja"
    )
    assert texts(made) == ["昨日は雨が降りました、\n今日は晴れています。"]


def test_what_shows_nothing_is_taken_out():
    made, changes = mend(cue("<i></i>", 0, 2), cue("One\x07.", 3, 5), cue("", 6, 8))
    assert texts(made) == ["One."]
    assert done(changes) == [(What.TAKEN_OUT, 0), (What.CLEANED, 1), (What.TAKEN_OUT, 2)]


# --- times ------------------------------------------------------------------------------------------------------


def test_cues_are_put_in_order():
    made, changes = mend(cue("Two.", 3, 5), cue("One.", 0, 2))
    assert texts(made) == ["One.", "Two."]
    assert done(changes) == [(What.MOVED, 0)]


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        ([cue("One.", 0, 3), cue("Two.", 2, 4)], [(0, 1.917), (2, 4)]),
        ([cue("One.", 0, 3), cue("Two.", 0.5, 4)], [(0, 0.834), (0.834, 4)]),
        ([cue("One.", 0, 30), cue("Two.", 2, 4), cue("Three.", 5, 7)], [(0, 1.917), (2, 4), (5, 7)]),
    ],
)
def test_cues_show_one_after_the_other(cues, expected):
    made, changes = mend(*cues)
    assert times(made) == expected
    assert changes
    assert not check(made, NETFLIX).of(Severity.ERROR)


def test_cues_at_two_places_may_show_together():
    cues = (cue("A title.", 0, 6, settings="line:0"), cue("One.", 1, 3), cue("Two.", 3.083, 5))
    assert mend(*cues)[0].cues == cues


def test_cues_that_start_together_without_time_for_both_are_left():
    cues = (cue("One.", 0, 1), cue("Two.", 0, 1))
    assert times(mend(*cues)[0]) == [(0, 1), (0, 1)]


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        ([cue("One.", 1, 1.2), cue("Two.", 4, 6)], [(1, 1.834), (4, 6)]),
        ([cue("One.", 1, 1.2), cue("Two.", 1.5, 3)], [(0.666, 1.5), (1.5, 3)]),
        ([cue("One.", 0, 1), cue("Two.", 1.083, 1.2), cue("Three.", 1.3, 3)], [(0, 1), (1.083, 1.3), (1.3, 3)]),
    ],
)
def test_what_is_too_short_stays_into_the_gap_or_starts_in_the_one_before(cues, expected):
    assert times(mend(*cues)[0]) == expected


def test_what_is_too_fast_stays_as_long_as_it_takes():
    said = cue("Thirty characters take 1.5 s..", 0, 1)
    assert times(mend(said, cue("Two.", 5, 7))[0]) == [(0, 1.5), (5, 7)]
    assert times(mend(said, cue("Two.", 1.4, 3))[0]) == [(0, 1.317), (1.4, 3)]


def test_what_stays_too_long_ends_and_what_is_said_slowly_is_split():
    assert times(mend(cue("Hello there.", 0, 20))[0]) == [(0, 7)]
    slow = cue("The house was built for people, who came there\nevery summer until it burnt.", 0, 12)
    made, _ = mend(slow)
    assert len(made.cues) == 2
    assert made.cues[-1].end == 12
    assert not check(made, NETFLIX).of(Severity.ERROR)


def test_gaps_are_closed_or_opened_to_the_minimum():
    made, changes = mend(cue("One.", 0, 2), cue("Two.", 2.3, 4), cue("Three.", 4, 6), cue("Four.", 7, 9))
    assert times(made) == [(0, 2.217), (2.3, 3.917), (4, 6), (7, 9)]
    assert [(change.what, change.detail) for change in changes] == [
        (What.END, "0.217 s later"),
        (What.END, "0.083 s earlier"),
    ]


def test_what_outlasts_the_video_ends_with_it():
    made, changes = mend(cue("One.", 0, 2), cue("Two.", 8, 14), seconds=10.5)
    assert times(made) == [(0, 2), (8, 10.5)]
    assert done(changes) == [(What.END, 1)]
    assert times(mend(cue("Late.", 12, 14), seconds=10.5)[0]) == [(12, 14)], "the file is of another video"


def test_what_cannot_be_mended_is_left_and_the_report_still_tells_it():
    made, _ = mend(cue("Much more is said here than anybody can read.", 0, 1), cue("Two.", 1.083, 3))
    assert Kind.TOO_FAST in [problem.kind for problem in check(made, NETFLIX).problems]


def test_hours_of_cues_take_seconds():
    rows = [
        cue(f"Number {index} is said here, and more than\nthat", index * 2.2, index * 2.2 + 2) for index in range(3000)
    ]
    began = time.thread_time()  # of this thread: what else runs does not count
    mend(*rows)
    assert time.thread_time() - began < 30


@pytest.mark.skipif(not FILES.is_dir(), reason="the corpus is not here")
def test_files_that_people_made_keep_their_words_and_are_mended_at_once():
    mended = 0
    for path in sorted([*FILES.rglob("*.vtt"), *FILES.rglob("*.srt")]):
        try:
            track = read(path.read_text(encoding="utf-8-sig"), path.suffix[1:], "en")
        except ValueError:
            continue
        made, changes = fixed(track, NETFLIX, None)
        assert words(made) == words(track), path
        assert fixed(made, NETFLIX, None) == (made, ()), path
        assert check(made, NETFLIX).score >= check(track, NETFLIX).score, path
        mended += bool(changes)
    assert mended > 20


def test_after_two_who_share_a_cue_a_line_has_room_for_its_label():
    exchange = Cue(0.0, 2.0, (Line("-Is it you?", "Ann"), Line("-It is.", "Bartholomew")))
    long = Cue(2.1, 9.0, (Line("I have been here for a very long time", "Bartholomew"),))
    made, _ = fixed(Track("en", (exchange, long), "chevrons"), find("netflix"))
    assert all(width(text) <= 42 for lines in shown(made) for text in lines)
