"""What must stay true of the whole: the arrows of the design, tables that are complete, imports that stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.desk import COMMANDS
from bot.settings import Settings as BotSettings
from captions.formats import FORMATS
from captions.profiles import PROFILES
from daemon.job import engine_options
from daemon.settings import DaemonSettings, EnginesSettings, Settings
from daemon.speech.engines import ENGINES
from store.lifecycle import CHANNEL_MOVES, DRAFT_MOVES, VIDEO_MOVES, ChannelState, DraftState, VideoState

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "config.toml"
TABLES = [(ChannelState, CHANNEL_MOVES), (VideoState, VIDEO_MOVES), (DraftState, DRAFT_MOVES)]
BEGINNINGS = {ChannelState.ASKED, VideoState.FOUND, DraftState.WAITING}
OURS = {"captions", "store", "daemon", "bot", "sandbox", "bench"}

ARROWS = {
    "captions": {"captions"},
    "store": {"store", "captions"},
    "daemon": {"daemon", "store", "captions"},
    "bot": {"bot", "store", "captions"},
    "sandbox": {"sandbox"},
    "bench": {"bench", "bot", "daemon", "sandbox", "store", "captions"},
}
ADAPTERS = {
    "daemon/speech": {"daemon.speech", "daemon.errors", "daemon.children", "captions"},
    "daemon/youtube": {"daemon.youtube", "daemon.errors", "daemon.children", "captions"},
}
HEAVY = ("torch", "faster_whisper", "ctranslate2", "onnxruntime", "pyannote", "speechbrain", "librosa", "yt_dlp", "av",
         "onnx_asr", "sherpa_onnx", "numpy", "matplotlib")  # fmt: skip
OUTSIDE = {"os", "tempfile", "shutil", "time", "datetime", "socket", "ssl", "urllib", "http",
           "subprocess", "threading", "asyncio", "random", "sqlite3", "requests", "logging"}  # fmt: skip


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Every module that a file names in an import, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def top(name: str) -> str:
    return name.split(".")[0]


@pytest.mark.parametrize("folder", sorted(OURS))
def test_imports_follow_the_arrows(folder):
    assert modules(folder)
    for path in modules(folder):
        ours = {top(name) for name in imports(path)} & OURS
        assert ours <= ARROWS[folder], path


@pytest.mark.parametrize("folder", sorted(ADAPTERS))
def test_adapters_know_neither_the_store_nor_the_stages_nor_each_other(folder):
    assert modules(folder)
    for path in modules(folder):
        ours = {name for name in imports(path) if top(name) in OURS and name not in ("daemon", "captions")}
        strangers = {name for name in ours if not any(f"{name}.".startswith(f"{one}.") for one in ADAPTERS[folder])}
        assert not strangers, path


def test_captions_name_no_module_that_reaches_outside():
    for path in modules("captions"):
        assert not {top(name) for name in imports(path)} & OUTSIDE, path


def test_captions_touch_no_disk_no_clock_and_no_socket():
    """In a process that forbids them, a transcript is cleaned, set, checked, written and read in every format."""
    script = """
import sys
from captions import check, fix, formats, profiles, segment
from captions.cleaning import Options, cleaned
from captions.cleaning.fillers import Level
from captions.cleaning.profanity import Profanity
from captions.transcript import Transcript, Word, from_json, to_json
words = tuple(Word(f"word{n}.", n / 2, n / 2 + 0.4, 0.9, "A" if n < 20 else "B") for n in range(40))
transcript = Transcript(words, "en", "test", "none", 21.0)
warm = formats.write(segment.segment(transcript, profiles.find("netflix")), "vtt")  # what libraries read once
watched = ("open", "socket.", "os.", "time.", "subprocess", "shutil.", "sqlite3")
sys.addaudithook(lambda event, _: sys.exit(f"captions did {event}") if event.startswith(watched) else None)
wanted = Options(fillers=Level.FULL, numbers=True, profanity=Profanity.MASK)
clean = cleaned(from_json(to_json(transcript)), wanted, ("Word One",), {"word": 9.0}).transcript
track = segment.segment(clean, profiles.find("netflix"))
check.to_json(check.check(track, profiles.find("netflix"), transcript, 21.0))
fix.fixed(track, profiles.find("bbc"), 21.0)
for name, format in formats.FORMATS.items():
    text = formats.write(track, name)
    if format.read:
        assert formats.read(text, name, "en").cues
import time
for forbidden in ("time", "monotonic", "perf_counter"):
    ours = [sys.modules[name] for name in sys.modules if name.split(".")[0] == "captions"]
    assert not any(getattr(module, forbidden, None) is getattr(time, forbidden) for module in ours)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_importing_the_programs_pulls_in_nothing_heavy():
    """torch and its like are installed for the tests, so that this can fail."""
    script = (
        "import sys, captions, store, daemon, bot, daemon.__main__, daemon.service, bot.__main__, bot.console;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_commands_about_files_pull_in_nothing_of_googles():
    script = (
        "import sys, daemon.caption, daemon.batch, daemon.aligning, daemon.speakers, daemon.emotions;"
        "print([name for name in ('googleapiclient', 'httplib2', 'google.auth') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_torch_is_installed_so_that_the_test_above_can_fail():
    import importlib.util

    assert importlib.util.find_spec("torch") is not None


@pytest.mark.parametrize(("states", "moves"), TABLES)
def test_every_state_but_the_first_can_be_reached(states, moves):
    reached = BEGINNINGS & set(states)
    for _ in states:
        reached |= {new for old, new in moves if old in reached}
    assert reached == set(states)


@pytest.mark.parametrize(("states", "moves"), TABLES)
def test_every_move_is_between_two_states_of_its_kind_and_says_when(states, moves):
    for (old, new), sentence in moves.items():
        assert old in states
        assert new in states
        assert old is not new
        assert sentence


def test_the_shipped_file_holds_every_key_with_its_default():
    shipped = tomllib.loads(SHIPPED.read_text())
    expected = Settings().model_dump(mode="json", exclude={"bot"}) | {"bot": BotSettings().bot.model_dump(mode="json")}
    assert shipped == expected


def test_every_key_of_the_shipped_file_has_a_comment_above_it_or_its_group():
    commented = False
    for line in SHIPPED.read_text().splitlines():
        if line.startswith("#"):
            commented = True
        elif not line or line.startswith("["):
            commented = False
        else:
            assert commented, line


def test_every_engine_has_its_table_of_options_and_shapes_its_words_by_some_of_them():
    assert set(ENGINES) == set(EnginesSettings.model_fields)
    for name, kind in ENGINES.items():
        options = engine_options(DaemonSettings(), name)
        assert set(kind.shaping(options)) < set(options)


def test_every_table_is_keyed_by_the_names_of_its_rows():
    assert all(name == command.name for name, command in COMMANDS.items())
    assert all(name == profile.name for name, profile in PROFILES.items())
    assert all(f".{name}" == one.suffix for name, one in FORMATS.items())


def test_every_command_that_takes_arguments_has_an_example_that_can_be_typed():
    from bot import typed

    for command in COMMANDS.values():
        if command.arguments:
            found, _ = typed.parse(typed.split(command.example), COMMANDS)
            assert found is command


def test_every_module_says_first_what_it_is():
    for folder in sorted(OURS):
        for path in modules(folder):
            if "versions" not in path.parts and path.read_text().strip():
                assert ast.get_docstring(ast.parse(path.read_text())), path
