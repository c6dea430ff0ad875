import importlib.util

import pytest

from bench import break_judge
from bench.captions import NEEDED, Beside, Kept, Timed, breaks_of, conclude, f1, greedy, human_tracks, kept, together
from captions.profiles import find
from captions.track import Cue, Line, Track
from captions.transcript import Transcript, Word

needs_tagger = pytest.mark.skipif(importlib.util.find_spec("HanTa") is None, reason="HanTa is not installed")
PROFILE = find("netflix")


def words(text, pace=0.4, start=0.0):
    return tuple(Word(one, start + pace * n, start + pace * (n + 1), 0.9) for n, one in enumerate(text.split()))


def spoken(text, **how):
    said = words(text, **how)
    return Transcript(said, "en", "e", "m", said[-1].end + 5)


def track(*cues):
    return Track("en", tuple(Cue(start, end, tuple(map(Line, lines))) for start, end, *lines in cues))


@needs_tagger
def test_breaks_that_part_what_belongs_together_are_told():
    text = "The old man would have seen John Smith at the house, and five miles away it rained."
    said = text.split()
    assert break_judge.bad(said, [1, 4, 7, 9, 11, 13]) == [
        "article or possessive | noun",
        "auxiliary | verb",
        "first name | last name",
        "preposition | its phrase",
        "",
        "number | unit",
    ]


@needs_tagger
def test_cues_that_keep_a_rule_or_break_it_are_counted():
    said = spoken("one two three four five six")
    good = kept(track((0, 1.2, "one two three"), (1.2, 2.4, "four five six")), said)
    assert (good.cues, good.broken, good.percent) == (2, 0, 100)
    bad = kept(track((0, 0.5, "one two three"), (0.4, 9, "four five six")), said)
    assert (bad.short, bad.overlaps, bad.long, bad.broken) == (1, 1, 1, 2)


@needs_tagger
def test_what_is_spoken_too_fast_is_forced_unless_there_is_silence_around_it():
    fast = spoken("extraordinary circumstances notwithstanding whatsoever", pace=0.2, start=5.0)
    cue = (5.0, 5.9, "extraordinary circumstances", "notwithstanding whatsoever")
    assert kept(track(cue), fast).forced == 0  # five seconds of silence before it
    begun = Transcript((*words("so", start=4.6), *fast.words, *words("and", start=5.9)), "en", "e", "m", 20)
    assert kept(track((4.6, 5, "so"), cue, (5.9, 7, "and")), begun).forced == 1


def test_greedy_filling_fills_lines_and_cues():
    made = greedy(spoken("word " * 30), PROFILE)
    assert [len(cue.lines) for cue in made.cues] == [2, 2]
    assert breaks_of(made) == [8, 16, 24]


@needs_tagger
def test_the_label_of_a_speaker_counts_as_what_a_viewer_reads():
    said = "We walked to the house."
    alone, named = (Track("en", (Cue(0, 1.2, (Line(said, who),)),)) for who in (None, "Bartholomew"))
    assert (kept(alone, spoken(said)).fast, kept(named, spoken(said)).fast) == (0, 1)


def test_breaks_are_compared():
    assert f1({1, 2}, {2, 3}) == 0.5
    assert f1(set(), set()) == 1.0
    assert f1({1}, set()) == 0.0


def test_captions_that_people_made_are_read_and_no_others(tmp_path):
    folder = tmp_path / "captions"
    folder.mkdir()
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:02.000 --> 00:03.000\ntwo\n"
    for name in ("a_captions_en.vtt", "a_chapters_en.vtt", "a_captions_fr.vtt"):
        (folder / name).write_text(text)
    (folder / "b_captions_en.vtt").write_text("broken")
    assert [name for name, _ in human_tracks(tmp_path)] == ["a_captions_en"]
    assert [(name, track.language) for name, track in human_tracks(tmp_path, "fr")] == [("a_captions_fr", "fr")]


def met(ours=None, people=(60.0, 10.0), other=60.0, seconds=(0.5, 5.0), peaks=(4, 40)):
    ours = ours or Kept(cues=1000, breaks=100, broken=5, bad=2)
    beside = [Beside("x", 10, people, (50.0, 20.0))]
    others = [Beside("de", 10, (other, 10.0), (50.0, 20.0))]
    speed = [Timed(hours, hours * 9000, *one) for hours, *one in zip((1, 10), seconds, peaks, strict=True)]
    report = conclude(ours, Kept(), beside, others, speed)
    return [bar.met for bar in report.bars]


def test_each_bar_is_missed_by_what_it_is_for():
    assert met() == [True] * 10
    assert met(Kept(cues=1000, broken=6, overlaps=1, wide=1, breaks=100, bad=3)) == [False] * 4 + [True] * 6
    assert met(people=(54.0, 21.0)) == [True] * 4 + [False] * 2 + [True] * 4
    assert met(other=54.0) == [True] * 6 + [False] + [True] * 3
    assert met(seconds=(1.1, 12.1)) == [True] * 7 + [False] * 2 + [True]
    assert met(peaks=(4, 49)) == [True] * 9 + [False]


def test_files_count_by_their_words():
    one, other = Beside("a", 30, (40.0, 8.0), (20.0, 16.0)), Beside("b", 10, (80.0, 4.0), (0.0, 0.0))
    assert together("both", [one, other]) == Beside("both", 40, (50.0, 7.0), (15.0, 12.0))


def test_what_it_needs_is_named():
    assert set(NEEDED.values()) == {"HanTa", "subtitle-edit-rate", "whisper-ctranslate2"}
