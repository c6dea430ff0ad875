import dataclasses
import json

import pytest

from daemon import job
from daemon.settings import DaemonSettings
from daemon.speech.engines import ENGINES

SOUND = "5a" * 32


def settings(**tables):
    return DaemonSettings.model_validate(tables)


def key(language=None, sound=SOUND, **tables):
    return job.present(settings(**tables), language).words_key(sound)


def whisper(**options):
    return {"engines": {"whisper": options}}


@pytest.mark.parametrize(
    "changed",
    [
        {"sound": "5b" * 32},
        {"language": "sv"},
        {"speech": {"language": "sv"}},
        whisper(model="tiny.en"),
        whisper(compute_type="float32"),
        whisper(beam_size=1),
    ],
    ids=str,
)
def test_what_shapes_the_words_changes_their_key(changed):
    assert key(**changed) != key()


@pytest.mark.parametrize(
    "changed",
    [
        whisper(device="cpu"),
        whisper(batch_size=1),
        whisper(threads=2),
        {"speech": {"stall_seconds": 1, "idle_seconds": 1, "memory_limit_mb": 1}},
    ],
    ids=str,
)
def test_what_only_changes_how_they_are_computed_does_not(changed):
    assert key(**changed) == key()


def test_the_profile_does_not_shape_the_words():
    made = job.present(settings(), None)
    assert dataclasses.replace(made, profile="another").words_key(SOUND) == made.words_key(SOUND)


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_shapes_by_options_that_it_has(name):
    options = job.engine_options(settings(), name)
    shaping = ENGINES[name].shaping(options)
    assert shaping.items() <= options.items()


def test_the_order_of_the_options_does_not_matter():
    options = job.present(settings(), None).options
    turned = job.Job("whisper", None, "netflix", dict(reversed(options.items())))
    assert turned.words_key(SOUND) == key()


def test_the_language_of_the_channel_comes_before_that_of_the_settings():
    assert job.present(settings(speech={"language": "en"}), "sv").language == "sv"
    assert job.present(settings(speech={"language": "en"}), None).language == "en"


def test_without_a_language_it_is_detected():
    assert job.present(settings(), None).language is None


def test_a_job_names_its_model():
    assert job.present(settings(**whisper(model="tiny.en")), None).model == "tiny.en"


def test_a_job_passes_through_json_unchanged():
    made = job.present(settings(), "pt-BR")
    assert job.from_values(json.loads(json.dumps(job.to_values(made)))) == made
