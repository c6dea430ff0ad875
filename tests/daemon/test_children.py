"""Processes here are real; what they do wrong is in `misbehaving_child`."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from daemon.children import Child, ChildBug, ChildDied, Limits, Spawner, WarmChild, resident_bytes
from daemon.errors import AskHuman, DaemonError, GiveUp, Interrupted
from tests.daemon.misbehaving_child import EXAMPLES

MODULE = "tests.daemon.misbehaving_child"
ROOT = Path(__file__).parents[2]
PATIENT = Limits(stall_seconds=60, memory_bytes=2_000_000_000)
PARENT = f"""
from daemon.children import Child, Limits, Spawner
child = Child(Spawner(), {MODULE!r})
tell = lambda *_: print(child.pid, flush=True)
child.ask({{"do": "hang"}}, Limits(60, 2_000_000_000), tell, lambda: None)
"""


@pytest.fixture(autouse=True)
def _children_find_their_module(monkeypatch):
    """Wherever pytest was started."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture
def child():
    started = Child(Spawner(), MODULE)
    yield started
    started.kill()


@pytest.fixture
def warm():
    kept = WarmChild(Spawner(), MODULE, idle_seconds=600)
    yield kept
    kept.close()


def ask(asked, request, limits=PATIENT, progress=lambda *_: None, watch=lambda: None):
    return asked.ask(request, limits, progress, watch)


def ask_within_bounds(asked, request):
    """As `ask`. The bound is only there so that a failure ends: what waits for a child goes on when it is killed."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, asked, request)
        try:
            return answer.result(timeout=20)
        finally:
            asked.kill()


def cancelled():
    raise GiveUp("cancelled by ann")


def echo(text):
    return {"do": "echo", "say": text}


def is_running(pid):
    """A zombie, which nobody has waited for yet, does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def comes_true(condition, seconds=20):
    """Wait for what happens in its own time; the bound is only there so that a failure ends."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


# ---- answers


def test_a_result_comes_back_as_it_was_given(child):
    assert ask(child, echo("naïve 字幕\n\u2028{}"))["said"] == "naïve 字幕\n\u2028{}"


def test_an_answer_may_be_long(child):
    assert ask(child, echo("x" * 3_000_000))["said"] == "x" * 3_000_000


def test_requests_are_answered_one_after_the_other(child):
    assert [ask(child, echo(number))["said"] for number in range(20)] == list(range(20))


def test_progress_is_passed_on_with_its_step(child):
    told = []
    steps = [[0.0, "decoding"], [0.5, "recognising"], [1.0, "writing"]]
    ask(child, {"do": "report", "steps": steps}, progress=lambda fraction, step: told.append([fraction, step]))
    assert told == steps


def test_progress_within_a_step_is_told_seldom(child):
    told = []
    steps = [[number / 50_000, "recognising"] for number in range(50_000)]
    ask(child, {"do": "report", "steps": steps}, progress=lambda fraction, _: told.append(fraction))
    assert 1 <= len(told) < 5_000


def test_the_last_of_the_progress_is_always_told(child):
    told = []
    steps = [[number / 50, "recognising"] for number in range(51)]
    ask(child, {"do": "report", "steps": steps}, progress=lambda fraction, _: told.append(fraction))
    assert told[-1] == 1.0


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=lambda number: type(EXAMPLES[number]).__name__)
def test_an_expected_error_is_raised_here_as_it_was_there(child, number):
    with pytest.raises(DaemonError) as raised:
        ask(child, {"do": "raise", "example": number})
    assert type(raised.value) is type(EXAMPLES[number])
    assert str(raised.value) == str(EXAMPLES[number])
    assert vars(raised.value) == vars(EXAMPLES[number])


def test_a_child_goes_on_after_an_expected_error(child):
    with pytest.raises(DaemonError):
        ask(child, {"do": "raise", "example": 0})
    assert ask(child, echo("still here"))["said"] == "still here"


def test_a_bug_comes_back_with_its_traceback(child):
    with pytest.raises(
        ChildBug, match=r"misbehaving_child\.py.*\n.*raise ZeroDivisionError(.|\n)*nobody expected that"
    ):
        ask(child, {"do": "break"})


def test_what_a_child_prints_is_no_answer(child):
    assert ask(child, {"do": "print"}) == {}
    assert ask(child, echo("after"))["said"] == "after"


def test_a_child_may_say_on_standard_error_what_is_no_text(child):
    assert ask(child, {"do": "mumble"}) == {}
    assert ask(child, echo("after"))["said"] == "after"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_is_meant_for_the_whole_service_does_not_end_a_child(child, number):
    ask(child, echo("it has begun to serve"))
    os.kill(child.pid, number)
    assert ask(child, echo("after"))["said"] == "after"


# ---- ends


def test_a_child_that_exits_is_told_of_with_its_code_and_last_words(child):
    with pytest.raises(ChildDied, match="misbehaving_child ended with exit code 3: these are my last words"):
        ask(child, {"do": "exit", "code": 3})


def test_a_child_that_was_killed_is_told_of_by_the_signal(child):
    with pytest.raises(ChildDied, match="ended by SIGKILL"):
        ask(child, {"do": "die"})


def test_a_child_that_ended_before_it_was_asked_is_told_of(child):
    os.kill(child.pid, signal.SIGKILL)
    assert comes_true(lambda: not child.is_alive())
    with pytest.raises(ChildDied, match="ended by SIGKILL"):
        ask(child, echo("nobody hears this"))


def test_a_module_that_does_not_exist_is_a_dead_child():
    nobody = Child(Spawner(), "tests.daemon.no_such_module")
    with pytest.raises(ChildDied, match="No module named"):
        ask(nobody, echo("nobody hears this"))


def test_a_child_that_prints_before_it_serves_is_a_dead_one():
    printing = Child(Spawner(), "tests.daemon.printing_child")
    with pytest.raises(ChildDied, match="printing_child closed its pipe and was killed"):
        ask_within_bounds(printing, echo("nobody hears this"))
    assert not is_running(printing.pid)


def test_a_child_that_closes_its_pipe_is_a_dead_one(child):
    with pytest.raises(ChildDied, match="misbehaving_child closed its pipe and was killed"):
        ask_within_bounds(child, {"do": "close"})
    assert not is_running(child.pid)


def test_a_child_that_gives_no_sign_is_killed(child):
    with pytest.raises(ChildDied, match=r"gave no sign for .* s and was killed"):
        ask(child, {"do": "hang"}, Limits(stall_seconds=0.5, memory_bytes=2_000_000_000))
    assert not is_running(child.pid)


def test_a_child_that_takes_too_much_memory_is_killed(child):
    with pytest.raises(ChildDied, match=r"took .* MB of memory and was killed"):
        ask(child, {"do": "eat", "bytes": 200_000_000}, Limits(stall_seconds=60, memory_bytes=150_000_000))
    assert not is_running(child.pid)


def test_a_child_that_takes_too_much_memory_is_killed_while_it_tells_of_its_progress_too(child):
    with pytest.raises(ChildDied, match=r"took .* MB of memory and was killed"):
        ask(child, {"do": "eat and tell", "bytes": 200_000_000}, Limits(stall_seconds=60, memory_bytes=150_000_000))
    assert not is_running(child.pid)


def test_the_memory_of_a_process_that_has_ended_is_none(child):
    assert resident_bytes(child.pid) > 0
    child.kill()
    assert resident_bytes(child.pid) == 0


def test_work_that_is_not_wanted_any_more_is_killed(child):
    def watch():
        if told:
            raise Interrupted("the daemon stops")

    told = []
    with pytest.raises(Interrupted, match="the daemon stops"):
        ask(child, {"do": "hang"}, progress=lambda _, step: told.append(step), watch=watch)
    assert not is_running(child.pid)


def test_a_child_is_killed_with_all_that_it_started(child):
    grandchild = ask(child, {"do": "start"})["pid"]
    assert is_running(grandchild)
    child.kill()
    assert comes_true(lambda: not is_running(grandchild))


def test_killing_twice_is_harmless(child):
    child.kill()
    child.kill()
    assert not child.is_alive()


def test_a_killed_child_leaves_no_file_and_no_thread_behind():
    files, threads = open_files(), threading.active_count()
    child = Child(Spawner(), MODULE)
    ask(child, echo("x"))
    child.kill()
    assert comes_true(lambda: threading.active_count() <= threads)
    assert open_files() <= files


def test_a_parent_that_is_killed_leaves_no_child_behind():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    with parent:
        grandchild = int(parent.stdout.readline())
        assert is_running(grandchild)
        parent.kill()
    assert comes_true(lambda: not is_running(grandchild))


# ---- starting from other threads


def serving(work):
    """The result of `work(spawner)`, done by a thread, while this one, the spawner's, serves it."""
    spawner, stop = Spawner(), threading.Event()

    def worked():
        try:
            return work(spawner)
        finally:
            stop.set()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(worked)
        spawner.work(stop)
        return done.result(timeout=60)


def test_another_thread_gets_its_child():
    def work(spawner):
        child = Child(spawner, MODULE)
        try:
            return ask(child, echo("from a thread"))["said"]
        finally:
            child.kill()

    assert serving(work) == "from a thread"


def test_a_child_outlives_the_thread_that_asked_for_it():
    """Linux ends a child with the thread that started it, which is therefore another one."""
    child = serving(lambda spawner: Child(spawner, MODULE))
    assert ask(child, echo("still here"))["said"] == "still here"
    child.kill()


def test_a_program_that_cannot_be_started_is_told_of_where_it_was_asked_for():
    def work(spawner):
        with pytest.raises(FileNotFoundError):
            spawner.start(["/no/such/program"])
        return "told"

    assert serving(work) == "told"


def test_a_thread_and_those_that_it_starts_get_their_children_while_it_is_waited_for():
    spawner = Spawner()

    def act():
        with ThreadPoolExecutor(1) as inner:
            asked = inner.submit(lambda: ask(WarmChild(spawner, MODULE, idle_seconds=0), echo("x"))["said"])
            return asked.result()

    assert spawner.during(act, lambda: None) == "x"


def test_what_a_thread_raises_is_raised_where_it_is_waited_for():
    def act():
        raise AskHuman("look")

    with pytest.raises(AskHuman, match="look"):
        Spawner().during(act, lambda: None)


def test_nothing_is_started_any_more_at_the_end():
    spawner, stop = Spawner(), threading.Event()
    stop.set()
    spawner.work(stop)
    with ThreadPoolExecutor(1) as pool, pytest.raises(Interrupted, match="stopping"):
        pool.submit(spawner.start, ["true"]).result(timeout=60)


# ---- a warm child


def test_a_warm_child_is_not_started_before_it_is_asked(warm):
    assert warm.pid is None


def test_a_warm_child_stays_for_the_next_request(warm):
    pids = {ask(warm, echo("x"))["pid"] for _ in range(3)}
    assert pids == {warm.pid}


def test_a_warm_child_stays_after_an_expected_error(warm):
    pid = ask(warm, echo("x"))["pid"]
    with pytest.raises(DaemonError):
        ask(warm, {"do": "raise", "example": 0})
    assert warm.pid == pid


@pytest.mark.parametrize("request_", [{"do": "die"}, {"do": "exit", "code": 0}], ids=["killed", "ended"])
def test_a_warm_child_that_died_is_started_anew(warm, request_):
    first = ask(warm, echo("x"))["pid"]
    with pytest.raises(ChildDied):
        ask(warm, request_)
    assert warm.pid is None
    assert ask(warm, echo("x"))["pid"] != first


def test_a_warm_child_that_broke_is_started_anew(warm):
    first = ask(warm, echo("x"))["pid"]
    with pytest.raises(ChildBug):
        ask(warm, {"do": "break"})
    assert ask(warm, echo("x"))["pid"] != first


def test_a_warm_child_whose_work_was_cancelled_is_killed(warm):
    pid = ask(warm, echo("x"))["pid"]
    with pytest.raises(GiveUp, match="cancelled by ann"):
        ask(warm, {"do": "hang"}, watch=cancelled)
    assert not is_running(pid)


def test_the_answer_to_work_that_was_cancelled_never_goes_to_the_next_request(warm):
    with pytest.raises(GiveUp):
        ask(warm, echo("cancelled"), watch=cancelled)
    assert ask(warm, echo("next"))["said"] == "next"


def test_a_warm_child_that_died_between_two_requests_leaves_nothing_open(warm):
    pid = ask(warm, echo("x"))["pid"]
    os.kill(pid, signal.SIGKILL)
    assert comes_true(lambda: warm.pid is None)
    gc.collect()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert ask(warm, echo("y"))["said"] == "y"
        gc.collect()
    assert [str(one.message) for one in warned] == []


def test_a_warm_child_leaves_when_nobody_asked_it_for_long():
    warm = WarmChild(Spawner(), MODULE, idle_seconds=0)
    pid = ask(warm, echo("x"))["pid"]
    warm.leave_if_idle()
    assert warm.pid is None
    assert not is_running(pid)


def test_a_warm_child_that_left_comes_back():
    warm = WarmChild(Spawner(), MODULE, idle_seconds=0)
    ask(warm, echo("x"))
    warm.leave_if_idle()
    assert ask(warm, echo("y"))["said"] == "y"
    warm.close()


def test_a_warm_child_waits_for_the_next_request_a_while(warm):
    pid = ask(warm, echo("x"))["pid"]
    warm.leave_if_idle()
    assert warm.pid == pid


def test_a_warm_child_does_not_leave_at_work():
    warm = WarmChild(Spawner(), MODULE, idle_seconds=0)
    assert ask(warm, echo("x"), watch=warm.leave_if_idle)["said"] == "x"
    warm.close()


def test_a_warm_child_may_be_started_before_it_is_asked(warm):
    warm.start()
    pid = warm.pid
    assert pid is not None
    warm.start()
    warm.leave_if_idle()
    assert ask(warm, echo("x"))["pid"] == pid


def test_starting_a_warm_child_does_not_wait_for_its_work(warm):
    assert ask(warm, echo("x"), watch=warm.start)["said"] == "x"


def test_leaving_where_nobody_came_is_harmless(warm):
    warm.leave_if_idle()
    warm.close()
    assert warm.pid is None


def test_a_warm_child_ends_when_it_is_closed(warm):
    pid = ask(warm, echo("x"))["pid"]
    warm.close()
    assert warm.pid is None
    assert not is_running(pid)


def test_two_threads_that_ask_a_warm_child_get_each_its_own_answer():
    def work(spawner):
        warm = WarmChild(spawner, MODULE, idle_seconds=600)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda number: ask(warm, echo(number))["said"], range(40)))
        warm.close()
        return answers

    assert serving(work) == list(range(40))
