"""The real child, with the real engine in it: started once for the whole module."""

from pathlib import Path

import pytest

from captions.transcript import from_json
from daemon.children import Limits, Spawner, WarmChild
from daemon.errors import AskHuman, GiveUp, TryLater
from daemon.speech.engines.whisper import Options
from tests.conftest import sample, whisper_tiny
from tests.machine import is_running

LIMITS = Limits(stall_seconds=120, memory_bytes=4_000_000_000)
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    with pytest.MonkeyPatch.context() as environment:  # the child's own: it is started with it
        environment.setenv("PYTHONPATH", str(ROOT))
        environment.setenv("HF_HUB_OFFLINE", "1")
        environment.setenv("HF_HOME", str(tmp_path_factory.mktemp("hub")))
        warm = WarmChild(Spawner(), "daemon.speech.worker", idle_seconds=600)
        yield warm
        warm.close()


def request(path=None, language=None, **changed):
    options = Options(model=str(whisper_tiny()), device="cpu", compute_type="int8", beam_size=1, threads=2)
    return {
        "path": str(path or sample("two_cities.wav")),
        "engine": "whisper",
        "language": language,
        "options": {**options.model_dump(mode="json"), **changed},
    }


def ask(worker, asked, progress=lambda *_: None):
    return worker.ask(asked, LIMITS, progress, lambda: None)


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def spoken(worker, told):
    answer = ask(worker, request(), lambda fraction, step: told.append((fraction, step)))
    return from_json(answer["transcript"])


def test_a_recording_becomes_a_transcript(spoken):
    assert "it was the best of times" in spoken.text.lower()


def test_a_transcript_says_where_it_is_from(spoken):
    assert (spoken.engine, spoken.model, spoken.language) == ("whisper", str(whisper_tiny()), "en")
    assert spoken.seconds == pytest.approx(44.374, abs=0.001)


def test_progress_is_told_step_by_step(spoken, told):
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert list(dict.fromkeys(step for _, step in told)) == ["decoding", "loading the model", "recognising"]


def test_the_next_request_goes_to_the_same_process(worker, spoken):
    pid = worker.pid
    assert from_json(ask(worker, request())["transcript"]) == spoken
    assert worker.pid == pid


def test_a_recording_that_is_none_does_not_end_the_child(worker, spoken, tmp_path):
    pid = worker.pid
    (tmp_path / "text.wav").write_text("this is no recording")
    with pytest.raises(GiveUp, match=r"text\.wav is no recording"):
        ask(worker, request(tmp_path / "text.wav"))
    assert worker.pid == pid


def test_after_what_a_person_must_mend_a_new_process_looks_again(worker, tmp_path):
    ask(worker, request())
    pid = worker.pid
    with pytest.raises(AskHuman, match="there is no file"):
        ask(worker, request(tmp_path / "absent.wav"))
    assert not is_running(pid)
    assert ask(worker, request())["transcript"]


def test_a_model_that_cannot_be_fetched_now_is_tried_later(worker):
    with pytest.raises(TryLater, match="the model small could not be fetched"):
        ask(worker, request(model="small"))


def test_other_options_load_another_engine_after_a_failure_too(worker, tmp_path):
    with pytest.raises(AskHuman, match="is no Whisper model"):
        ask(worker, request(model=str(tmp_path)))
    assert ask(worker, request())["transcript"]


def test_a_language_that_the_model_does_not_know_asks_a_person(worker):
    with pytest.raises(AskHuman, match="does not know the language"):
        ask(worker, request(language="sv"))


def test_terms_reach_the_engine(worker, spoken):
    with_terms = from_json(ask(worker, {**request(), "terms": ["Tymes", "Wisdome", "Foolishnesse"]})["transcript"])
    assert with_terms.words
    assert with_terms.text != spoken.text
    assert from_json(ask(worker, {**request(), "terms": []})["transcript"]).text == spoken.text
