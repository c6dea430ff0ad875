"""captiond lint and captiond fix. The real commands, as people type them."""

import json
import subprocess

import pytest

from captions import formats
from captions.check import Kind
from tests.conftest import CORPUS
from tests.machine import program

FILES = CORPUS / "captions"
GOOD = """\
1
00:00:01,000 --> 00:00:04,000
The house was built for people
who came there every summer.

"""
BAD = """\
2
00:00:05,000 --> 00:00:05,500
And so it was that the
house, which nobody wanted, was sold at last.

"""
WARNED = """\
2
00:00:04,300 --> 00:00:06,000
And then it was sold.

"""


@pytest.fixture
def captiond(tmp_path):
    def run(*words):
        command = [program("captiond"), *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)

    return run


@pytest.fixture
def file(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return write


def one_line(done):
    (line,) = [line for line in done.stderr.splitlines() if line.strip()]
    return line


# --- lint -------------------------------------------------------------------------------------------------------


def test_what_is_wrong_is_a_table_with_cue_time_rule_and_detail_then_the_totals(captiond, file):
    done = captiond("lint", file("talk.srt", GOOD + BAD))
    assert (done.returncode, done.stderr) == (1, "")
    rows = [line.rstrip().split(maxsplit=4) for line in done.stdout.splitlines()]
    assert rows[0] == ["cue", "time", "severity", "rule", "detail"]
    assert [row[:4] for row in rows[1:] if row[:1] == ["2"]] == [
        ["2", "00:00:05.000", "error", "too_long_line"],
        ["2", "00:00:05.000", "error", "too_short"],
        ["2", "00:00:05.000", "error", "too_fast"],
        ["2", "00:00:05.000", "warning", "bad_break"],
    ]
    assert done.stdout.splitlines()[-1].startswith("talk.srt: 2 cues, 50 % within the rules (1 with too long a line, ")
    assert done.stdout.splitlines()[-1].endswith("score 50. 3 errors, 1 warning")


@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (GOOD + WARNED, 0), (GOOD + BAD, 1), ("WEBVTT\n", 2)])
def test_the_exit_code_is_one_for_errors_alone_and_two_for_what_cannot_be_read(captiond, file, text, code):
    assert captiond("lint", file("talk.srt", text)).returncode == code


def test_json_tells_all_of_it(captiond, file):
    broken = GOOD + "3\n00:00:09,000 --> soon\nwhat?\n"
    names = [file("bad.srt", GOOD + BAD), file("broken.srt", broken), file("good.srt", GOOD)]
    done = captiond("lint", *names, "--json")
    bad, broken, good = json.loads(done.stdout)
    assert done.returncode == 2
    assert broken == {"file": "broken.srt", "error": one_line(done).removeprefix("captiond: broken.srt: ")}
    assert broken["error"].startswith("line 7: ")
    assert {name: value for name, value in good.items() if name != "summary"} == {
        "file": "good.srt",
        "error": None,
        "profile": "netflix",
        "language": "en",
        "cues": 1,
        "words": 11,
        "score": 100,
        "conformity": 1.0,
        "errors": 0,
        "warnings": 0,
        "hints": 0,
        "problems": [],
    }
    assert (bad["errors"], bad["warnings"], bad["conformity"]) == (3, 1, 0.5)
    assert bad["problems"][0] == {
        "cue": 2,
        "time": 5.0,
        "severity": "error",
        "rule": "too_long_line",
        "detail": "45 characters in a line, 42 at most",
    }
    assert {problem["rule"] for problem in bad["problems"]} <= set(Kind)


def test_of_several_files_each_row_says_which(captiond, file):
    done = captiond("lint", file("a.srt", GOOD), file("b.srt", GOOD + WARNED))
    assert "b.srt  2    00:00:04.300  warning   open_gap" in done.stdout
    assert done.stdout.count("score") == 2


def test_profile_language_and_length_are_those_that_are_said(captiond, file):
    name = file("talk.srt", GOOD)
    assert captiond("lint", name, "--profile", "shorts", "--json").returncode == 1
    (found,) = json.loads(captiond("lint", name, "--language", "de", "--json").stdout)
    assert found["language"] == "de"
    (found,) = json.loads(captiond("lint", name, "--seconds", "2", "--json").stdout)
    assert [problem["rule"] for problem in found["problems"]] == ["past_the_end"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("これは日本の字幕です", "ja"), ("这是一个字幕文件", "zh"), ("이것은 자막 파일입니다", "ko"), ("x", None)],
)
def test_the_language_is_told_by_the_words(captiond, file, text, language):
    name = file("talk.srt", f"1\n00:00:01,000 --> 00:00:06,000\n{text}\n")
    (found,) = json.loads(captiond("lint", name, "--json").stdout)
    assert found["language"] == language


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["absent.vtt"], "captiond: absent.vtt: No such file or directory"),
        (["."], 'captiond: .: "" is no caption file: those end in .vtt, .srt'),
        (["talk.doc"], 'captiond: talk.doc: "talk.doc" is no caption file: those end in .vtt, .srt'),
        (["words.srt"], "captiond: words.srt: line 1: "),
    ],
)
def test_what_cannot_be_read_is_one_line_and_the_code_two(captiond, file, words, told):
    file("words.srt", "What a day.\n")
    done = captiond("lint", *words)
    assert done.returncode == 2
    assert one_line(done).startswith(told)


def test_a_profile_that_is_mistyped_is_answered_with_the_one_that_was_meant(captiond, file):
    done = captiond("lint", file("talk.srt", GOOD), "--profile", "netflx")
    assert done.returncode == 2
    assert 'Did you mean "netflix"?' in " ".join(done.stderr.replace("│", " ").split())


def test_what_a_file_says_does_not_steer_the_terminal(captiond, file):
    done = captiond("lint", file("talk.srt", GOOD + "2\n00:00:05,000 --> 00:00:06,000\n\x1b[2Jthe\x1b[31m\nred\n"))
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.skipif(not FILES.is_dir(), reason="the corpus is not here")
def test_every_file_that_people_made_is_judged_or_refused(captiond):
    readable = {one.suffix for one in formats.FORMATS.values() if one.read}
    paths = [path for path in sorted(FILES.rglob("*")) if path.suffix in readable]
    done = captiond("lint", *paths, "--json")
    judged = json.loads(done.stdout)
    assert len(judged) == len(paths)
    assert all(one["error"] or 0 <= one["score"] <= 100 for one in judged)
    assert sum(one["error"] is None for one in judged) > len(paths) / 2
    assert len(done.stderr.splitlines()) == sum(one["error"] is not None for one in judged), "one line for each"


def test_single_numbers_are_said_or_those_of_config_toml(captiond, file):
    talk = file("talk.srt", GOOD)
    assert captiond("lint", talk).returncode == 0
    narrow = captiond("lint", talk, "--limits", "characters_per_line=20", "--json")
    assert narrow.returncode == 1
    (told,) = json.loads(narrow.stdout)
    assert told["limits"] == {"characters_per_line": 20}
    config = file("config.toml", '[daemon.captions]\nprofile = "bbc"\n[daemon.captions.limits]\nlines = 1\n')
    (told,) = json.loads(captiond("lint", talk, "--config", config, "--json").stdout)
    assert (told["profile"], told["limits"]) == ("bbc", {"lines": 1})
    (told,) = json.loads(captiond("lint", talk, "--config", config, "--profile", "ted", "--json").stdout)
    assert told["profile"] == "ted"
    assert [one["rule"] for one in told["problems"]] == ["too_many_lines"]


def test_captions_are_mended_by_the_numbers_that_are_said(captiond, file, tmp_path):
    done = captiond("fix", file("talk.srt", GOOD), "-o", "mended.srt", "--limits", "characters_per_line=20,lines=3")
    assert done.returncode == 0, done.stdout
    (cue, *_) = formats.read((tmp_path / "mended.srt").read_text(), "srt", "en").cues
    assert all(len(line.text) <= 20 for line in cue.lines)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--profile", "bcb"), 'Did you mean "bbc"?'),
        (("--limits", "lines=9"), "1 <= lines <= 4"),
        (("--limits", "width=9"), "a profile has no width"),
        (("--config", "nowhere.toml"), "cannot be read"),
    ],
)
def test_rules_that_are_none_are_refused_in_a_line(captiond, file, words, why):
    done = captiond("lint", file("talk.srt", GOOD), *words)
    assert done.returncode == 2
    assert why in done.stderr
    assert "Traceback" not in done.stderr


# --- fix --------------------------------------------------------------------------------------------------------


OVERLAPPING = """\
1
00:00:01,000 --> 00:00:05,000
The house was built for people who came there every summer.

2
00:00:04,000 --> 00:00:06,000
And then it was sold.
"""
MENDED = """\
1
00:00:01,000 --> 00:00:03,917
The house was built for people
who came there every summer.

2
00:00:04,000 --> 00:00:06,000
And then it was sold.
"""


def test_a_file_is_mended_and_it_is_told_what_was_done(captiond, file, tmp_path):
    name = file("talk.srt", OVERLAPPING)
    done = captiond("fix", name, "-o", "mended.srt", "--profile", "ted")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[:4] for line in done.stdout.splitlines() if "00:00" in line] == [
        ["1", "00:00:01.000", "lines", "The"],
        ["1", "00:00:01.000", "end", "1.083"],
    ]
    assert done.stdout.splitlines()[-1] == "mended.srt: 2 cues, all within the rules; score 100."
    assert formats.read((tmp_path / "mended.srt").read_text(), "srt", "en") == formats.read(MENDED, "srt", "en")
    assert (tmp_path / name).read_text() == OVERLAPPING


def test_what_is_left_is_told_by_a_table_and_the_code_one(captiond, file):
    done = captiond("fix", file("talk.srt", GOOD + BAD + BAD.replace("5,", "6,")), "-o", "mended.srt")
    assert done.returncode == 1
    assert "Left:" in done.stdout
    assert "too_fast" in done.stdout


def test_a_mended_file_has_nothing_to_mend_and_may_be_overwritten_by_name(captiond, file, tmp_path):
    name = file("talk.srt", OVERLAPPING)
    assert captiond("fix", name, "-o", name).returncode == 0
    written = (tmp_path / name).read_text()
    done = captiond("fix", name, "-o", name)
    assert done.stdout.splitlines()[0] == "There was nothing to mend."
    assert (tmp_path / name).read_text() == written


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["absent.srt", "-o", "out.srt"], 2, "captiond: absent.srt: No such file or directory"),
        (["broken.srt", "-o", "out.srt"], 2, "captiond: broken.srt: line 1: "),
        (["talk.srt", "-o", "out.doc"], 1, 'captiond: "out.doc" is no caption file'),
        (["talk.srt", "-o", "nowhere/out.srt"], 1, "captiond: there is no such folder: nowhere"),
    ],
)
def test_what_a_person_can_cause_is_one_line_and_leaves_no_file(captiond, file, tmp_path, words, code, told):
    file("talk.srt", OVERLAPPING)
    file("broken.srt", "What a day.\n")
    done = captiond("fix", *words)
    assert done.returncode == code
    assert one_line(done).startswith(told)
    assert not list(tmp_path.glob("*out*"))
