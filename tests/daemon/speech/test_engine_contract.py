"""What every engine keeps to, whoever wrote it: one test for each promise of contract.py, over all of ENGINES.

Whisper on the small model that a wheel brings, Parakeet and FireRedASR on tiny models of the right inputs and outputs,
the clouds on loopback services that answer in their shapes.
"""

import re
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pydantic
import pytest

from daemon.errors import DaemonError
from daemon.speech.audio import SAMPLE_RATE, Audio, decode
from daemon.speech.engines import ENGINES, Request
from daemon.speech.engines.contract import API_KEY, BRINGS
from daemon.speech.engines.gemini import Options as GeminiOptions
from daemon.speech.engines.whisper import Options as WhisperOptions
from sandbox import gemini
from tests.conftest import sample, whisper_tiny
from tests.daemon.speech import assemblyai_scene, test_fireredasr, test_parakeet, tiny_models
from tests.daemon.speech.recordings import silence

TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
SAID = [
    ["It", 1.2, 1.4],
    ["was", 1.4, 1.6],
    ["the", 1.7, 1.8],
    ["best", 1.9, 2.3],
    ["of", 2.4, 2.5],
    ["times.", 2.6, 3.2],
]


@dataclass(frozen=True)
class Ready:
    """An engine's good options, options that cannot work, and a recording in which somebody speaks."""

    name: str
    options: dict[str, Any]
    broken: dict[str, Any]
    audio: Audio

    @property
    def kind(self):
        return ENGINES[self.name]

    def hear(self, audio=None, progress=lambda _fraction: None):
        return self.kind.load(self.options).transcribe(audio or self.audio, Request(), progress)


def whisper(_folder, _held):
    plain = WhisperOptions(model=str(whisper_tiny()), device="cpu").model_dump(mode="json")
    return Ready("whisper", plain, {**plain, "model": "/no/such/folder"}, decode(sample("beckett.wav")))


def parakeet(folder, _held):
    plain = test_parakeet.options(tiny_models.parakeet(folder, test_parakeet.VOCABULARY))
    audio = tiny_models.with_tones(tiny_models.speech(14), test_parakeet.TONES)
    return Ready("parakeet", plain, {**plain, "model": "/no/such/folder"}, audio)


def fireredasr(folder, _held):
    plain = test_fireredasr.options(tiny_models.fireredasr_ctc(folder, test_fireredasr.VOCABULARY))
    audio = tiny_models.with_tones(tiny_models.speech(14), test_fireredasr.TONES)
    return Ready("fireredasr", plain, {**plain, "model": "/no/such/folder"}, audio)


def assemblyai(_folder, held):
    scene = held.enter_context(assemblyai_scene.scene())
    return Ready("assemblyai", scene.options(), scene.options(**{API_KEY: "a-wrong-one"}), scene.audio())


def in_gemini(_folder, held):
    cloud = gemini.Gemini()
    cloud.set_processing(polls=0)
    cloud.say(SAID, language="en-GB")
    url = held.enter_context(gemini.running(gemini.make_app(cloud)))
    plain = {**GeminiOptions(base_url=url, attempts=1).model_dump(mode="json"), API_KEY: gemini.API_KEY}
    whole = decode(sample("two_cities.wav"))
    audio = Audio(whole.samples[: 5 * SAMPLE_RATE], SAMPLE_RATE, 5.0)
    return Ready("gemini", plain, {**plain, API_KEY: "a-wrong-one"}, audio)


MADE = {
    "whisper": whisper,
    "parakeet": parakeet,
    "fireredasr": fireredasr,
    "assemblyai": assemblyai,
    "gemini": in_gemini,
}


@pytest.fixture(scope="module", params=sorted(ENGINES))
def ready(request, tmp_path_factory):
    with ExitStack() as held:
        yield MADE[request.param](tmp_path_factory.mktemp(request.param), held)


@pytest.fixture(scope="module")
def heard(ready):
    """What it heard, and what it told of its progress."""
    told = []
    return ready.hear(progress=told.append), told


def test_words_are_ordered_within_the_audio_and_clean(ready, heard):
    words = heard[0].words
    assert words
    assert all(0 <= word.start <= word.end <= ready.audio.seconds for word in words)
    assert all(first.start <= second.start for first, second in pairwise(words))
    assert all(word.text == word.text.strip() != "" and word.text.isprintable() for word in words)
    assert all(0 <= word.confidence <= 1 for word in words)


def test_times_are_plain_numbers(heard):
    assert {type(one) for word in heard[0].words for one in (word.start, word.end, word.confidence)} == {float}


def test_the_language_is_a_tag(heard):
    assert TAG.fullmatch(heard[0].language)


def test_progress_never_falls_and_ends_at_1(heard):
    told = heard[1]
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert told[0] >= 0.0


def test_extras_are_of_the_kinds_that_there_are(ready, heard):
    assert set(heard[0].extras) <= {*BRINGS, "notes"}
    assert ready.kind.brings <= set(BRINGS)


def test_whatever_progress_raises_ends_it(ready):
    class Cancelled(Exception):
        pass

    def cancel(_fraction):
        raise Cancelled

    with pytest.raises(Cancelled):
        ready.hear(progress=cancel)


def test_a_fifth_of_a_second_is_no_error(ready):
    found = ready.hear(silence(0.2))
    assert all(0 <= word.start <= word.end <= 0.2 for word in found.words)


def test_an_option_that_there_is_not_is_refused(ready):
    with pytest.raises(pydantic.ValidationError):
        ready.kind.load({**ready.options, "no_such_option": 1})


def test_what_cannot_work_is_told_in_words_and_no_key_in_them(ready):
    with pytest.raises(DaemonError) as caught:
        ready.kind.load(ready.broken).transcribe(ready.audio, Request(), lambda _fraction: None)
    assert "a-wrong-one" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_it_looks_ready_with_good_options_and_its_key_is_no_part_of_the_words_key(ready):
    assert ready.kind.why_not(ready.options) == ""
    assert ready.kind.is_here(ready.options)
    shaping = ready.kind.shaping(ready.options)
    assert set(shaping) <= set(ready.options) - {API_KEY}
    assert ready.kind.price_per_hour(ready.options) >= 0
    assert (ready.kind.price_per_hour(ready.options) == 0) == ready.kind.local
    assert bool(ready.kind.secret) != ready.kind.local
