import json
import time

import pytest

from captions.check import RULES, Kind, Report, Severity, check, from_json, to_json
from captions.track import Cue, Line, Track
from captions.transcript import Transcript, Word

GOOD = Cue(0.0, 2.0, (Line("Good morning to you."),))


def track(*cues: Cue) -> Track:
    return Track("en", cues)


def cue(text: str = "Good morning.", start: float = 0.0, end: float = 2.0) -> Cue:
    return Cue(start, end, tuple(Line(line) for line in text.splitlines()))


def transcript(*words: tuple[str, float]) -> Transcript:
    spoken = tuple(Word(text, float(start), start + 0.5, sure) for start, (text, sure) in enumerate(words))
    return Transcript(spoken, "en", "fake", "fake", 60.0)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (cue("x" * 43, end=3), Kind.TOO_LONG_LINE),
        (cue("What?\nWho?\nMe."), Kind.TOO_MANY_LINES),
        (cue("Hm.", end=0.8), Kind.TOO_SHORT),
        (cue(end=7.1), Kind.TOO_LONG),
        (cue("x" * 41), Kind.TOO_FAST),
        (cue(start=9, end=11.1), Kind.PAST_THE_END),
        (cue(""), Kind.EMPTY),
        (cue("<i></i>"), Kind.EMPTY),
    ],
)
def test_a_broken_rule_is_reported(netflix, wrong, kind):
    report = check(track(wrong), netflix, video_seconds=10.0)
    assert [problem.kind for problem in report.problems] == [kind]
    assert report.conformity == 0


@pytest.mark.parametrize(
    "right",
    [
        cue("x" * 42, end=3),
        cue("Hm.", end=5 / 6),
        cue("Hm.", start=1.0, end=1.833),
        cue(start=8.2, end=15.2),
        cue("x" * 40),
        cue(f"<i>{'x' * 39}</i>&amp;"),
    ],
)
def test_a_cue_at_its_limit_is_within_the_rules(netflix, right):
    assert check(track(right), netflix, video_seconds=14.5).problems == ()


def test_a_problem_tells_which_cue_and_how(netflix):
    (problem,) = check(track(GOOD, cue("x" * 50, start=3, end=6)), netflix).problems
    assert (problem.cue, problem.start, problem.detail) == (1, 3, "50 characters in a line, 42 at most")


def test_the_later_of_two_overlapping_cues_is_reported(netflix):
    report = check(track(cue(end=5), cue(start=1, end=2), cue(start=4, end=6)), netflix)
    assert [(problem.kind, problem.cue) for problem in report.problems] == [(Kind.OVERLAP, 1), (Kind.OVERLAP, 2)]
    assert report.seconds_of_captions == 6


def test_a_speakers_label_counts_as_part_of_the_line(netflix):
    labelled = Cue(0.0, 3.0, (Line("x" * 40, "Ann"),))
    assert [problem.kind for problem in check(track(labelled), netflix).problems] == [Kind.TOO_LONG_LINE]


def test_without_the_length_of_the_video_no_cue_is_past_its_end(netflix):
    assert check(track(cue(start=9e5, end=9e5 + 2)), netflix).problems == ()


def test_conformity_is_the_share_of_cues_without_a_problem(netflix):
    cues = [cue(start=3 * index, end=3 * index + 2) for index in range(3)]
    report = check(track(*cues, cue("x" * 100, start=9, end=9.1)), netflix)
    assert report.conformity == 0.75


def test_words_and_seconds_are_counted(netflix):
    report = check(track(cue("One two\nthree"), cue("four", start=3, end=4.5)), netflix)
    assert (report.cues, report.words, report.seconds_of_captions) == (2, 4, 3.5)


def test_a_doubtful_word_is_told_once_where_it_is_first_said(netflix):
    words = transcript(("Kubernetes,", 0.4), ("is", 0.9), ("kubernetes.", 0.2), ("...", 0.1))
    (doubt,) = check(track(GOOD), netflix, words).doubtful
    assert (doubt.text, doubt.start, doubt.confidence) == ("Kubernetes", 0.0, 0.2)


def test_the_ten_least_sure_words_are_told_in_the_order_of_the_video(netflix):
    words = transcript(*((f"word{index}", 0.45 - index / 100) for index in range(15)))
    told = check(track(GOOD), netflix, words).doubtful
    assert [doubt.text for doubt in told] == [f"word{index}" for index in range(5, 15)]


def test_a_summary_says_that_all_is_well(netflix):
    assert check(track(GOOD), netflix).summary == "1 cue, all within the rules; score 100."


def test_a_summary_says_what_is_wrong_in_plain_words(netflix):
    report = check(track(GOOD, cue("x" * 60, start=3, end=4)), netflix, transcript(("odd", 0.1), ("odder", 0.2)))
    assert report.summary == (
        "2 cues, 50 % within the rules (1 with too long a line, 1 too fast to read); score 50; 2 doubtful words."
    )


def test_a_summary_names_a_single_doubtful_word_in_the_singular(netflix):
    assert check(track(GOOD), netflix, transcript(("odd", 0.1))).summary.endswith("; 1 doubtful word.")


def test_an_empty_track_keeps_every_rule(netflix):
    report = check(track(), netflix)
    assert (report.conformity, report.summary) == (1.0, "Nothing was said: there are no cues.")


def test_every_kind_of_problem_has_its_rule():
    assert list(RULES) == list(Kind)
    for rule in RULES.values():
        assert rule.meaning
        assert rule.source
        assert (rule.weight > 0) is (rule.severity is not Severity.HINT)
        assert rule.told or rule.severity is not Severity.ERROR


def report_with_everything(netflix) -> Report:
    return check(track(cue("x" * 60), cue("")), netflix, transcript(("odd", 0.1)), 1.0)


def test_a_report_read_is_the_one_written(netflix):
    report = report_with_everything(netflix)
    assert from_json(to_json(report)) == report


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1}', '{"version": 1, "problems": [], "doubtful": [3]}'])
def test_anything_else_is_no_report(text):
    with pytest.raises(ValueError, match="not a report"):
        from_json(text)


def test_a_later_version_is_refused(netflix):
    text = json.dumps({**json.loads(to_json(report_with_everything(netflix))), "version": 3})
    with pytest.raises(ValueError, match="a report of version 3; this program reads versions 1 and 2"):
        from_json(text)


def test_a_report_of_the_version_before_is_read(netflix):
    report = report_with_everything(netflix)
    values = json.loads(to_json(report))
    del values["score"]
    for problem in values["problems"]:
        del problem["severity"]
    assert from_json(json.dumps({**values, "version": 1})) == report


def test_the_json_tells_score_and_severities(netflix):
    values = json.loads(to_json(check(track(GOOD, cue("x" * 43, start=3, end=6)), netflix)))
    assert (values["version"], values["score"]) == (2, 75)
    assert values["problems"][0]["severity"] == "error"


def test_a_cue_loses_the_weight_of_each_rule_once_and_no_more_than_it_is_worth(netflix):
    good = [cue(start=3 * index, end=3 * index + 2) for index in range(3)]
    awful = cue("\ue000" + "x" * 100 + "\n<i>a\nb", start=9, end=9.1)
    assert check(track(*good, awful), netflix).score == 75
    assert check(track(awful), netflix).score == 0


def test_a_score_is_rounded_down_and_a_hundred_is_perfect(netflix):
    cues = [cue(f"Number {index}.", start=3 * index, end=3 * index + 2) for index in range(999)]
    assert check(track(*cues), netflix).score == 100
    assert check(track(*cues, cue("x" * 43, start=2999, end=3002)), netflix).score == 99


def test_a_hint_costs_nothing(netflix):
    report = check(track(GOOD), netflix, transcript(("morning", 0.1)))
    assert [one.kind for one in report.of(Severity.HINT)] == [Kind.DOUBTFUL]
    assert (report.score, report.conformity) == (100, 1.0)


def test_a_warning_lowers_the_score_and_keeps_conformity(netflix):
    report = check(track(GOOD, cue(start=2.3, end=4.5)), netflix)
    assert [one.kind for one in report.problems] == [Kind.OPEN_GAP]
    assert (report.score, report.conformity, report.of(Severity.ERROR)) == (95, 1.0, ())
    assert report.summary == "2 cues, all within the rules; score 95."


def test_hours_of_cues_take_seconds(netflix):
    count = 20_000
    cues = [
        cue(f"Now I say that it is\nnumber {index}, and so on.", 3 * index, 3 * index + 2.5) for index in range(count)
    ]
    words = tuple(Word("word", index * 0.75, index * 0.75 + 0.5, 0.9) for index in range(4 * count))
    began = time.thread_time()  # of this thread: what else runs does not count
    check(track(*cues), netflix, Transcript(words, "en", "fake", "fake", 3e5), 3e5)
    assert time.thread_time() - began < 20
