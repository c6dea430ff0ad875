"""Each step of the preparation on sounds made for it, and the way back to the video's times."""

import numpy as np
import pytest

from captions.transcript import SpeakerTurn, SpeechSpan, Word
from daemon.speech.audio import SAMPLE_RATE, Audio, decode
from daemon.speech.condition import AS_IT_IS, Condition, conditioned, integrated_lufs, restored
from daemon.speech.engines import Request, Transcription
from daemon.speech.pipeline import transcribe
from daemon.speech.timemap import TimeMap
from tests.conftest import sample
from tests.daemon.speech.recordings import silence


def tone(hertz, seconds=2.0, size=0.1):
    return (size * np.sin(np.arange(round(seconds * SAMPLE_RATE)) * 2 * np.pi * hertz / SAMPLE_RATE)).astype(np.float32)


def sound(samples):
    return Audio(samples, SAMPLE_RATE, len(samples) / SAMPLE_RATE)


def level(samples):
    return 20 * np.log10(np.sqrt(np.mean(samples[SAMPLE_RATE // 2 :].astype(float) ** 2)) + 1e-12)


def prepared(samples, **steps):
    return conditioned(sound(samples), Condition(**steps))[0]


def test_nothing_is_done_unless_it_is_asked_for():
    made, times = conditioned(sound(tone(440)), AS_IT_IS)
    assert AS_IT_IS.is_off
    assert np.array_equal(made.samples, tone(440))
    assert times.original(1.5) == 1.5


def test_a_high_pass_takes_the_hum_and_leaves_the_voice():
    made = prepared(tone(50) + tone(1000), high_pass_hertz=200)
    assert level(made.samples) == pytest.approx(level(tone(1000)), abs=0.3)


def test_steady_noise_is_lowered():
    noise = (np.random.default_rng(0).standard_normal(6 * SAMPLE_RATE) * 0.01).astype(np.float32)
    assert level(prepared(noise, denoise_decibels=12).samples) < level(noise) - 6


def test_what_is_denoised_is_as_long_and_in_its_place():
    click = np.zeros(2 * SAMPLE_RATE, np.float32)
    click[SAMPLE_RATE : SAMPLE_RATE + 800] = tone(440, 0.05, 0.5)
    made = prepared(click, denoise_decibels=12)
    assert len(made.samples) == len(click)
    best = np.argmax(np.correlate(made.samples[SAMPLE_RATE - 1000 : SAMPLE_RATE + 1800], click[SAMPLE_RATE:][:800]))
    assert best == pytest.approx(1000, abs=5)


def test_a_quiet_sound_is_brought_to_its_loudness():
    made = prepared(tone(1000, 5, 0.001), loudness_lufs=-23)
    assert integrated_lufs(made.samples, SAMPLE_RATE) == pytest.approx(-23, abs=0.3)


def test_a_sine_at_full_scale_is_at_minus_3_lufs():
    """BS.1770-4's own definition: a sine of 997 Hz at 0 dBFS in one channel reads -3.01."""
    assert integrated_lufs(tone(997, 5, 1.0), SAMPLE_RATE) == pytest.approx(-3.01, abs=0.1)


def test_nothing_is_cut_off_at_full_scale():
    loud = tone(1000, 5, 0.01)
    loud[40_000] = 0.5
    assert np.abs(prepared(loud, loudness_lufs=-5).samples).max() <= 1.0


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.1, 2.0])
@pytest.mark.parametrize(
    "steps",
    [{"high_pass_hertz": 80}, {"denoise_decibels": 12}, {"loudness_lufs": -23}, {"longest_pause_seconds": 1}],
    ids=str,
)
def test_silence_stays_silence_of_its_length(seconds, steps):
    quiet = silence(seconds)
    made, times = conditioned(quiet, Condition(**steps))
    assert len(made.samples) == len(quiet.samples)
    assert not made.samples.any()
    assert times.original(seconds) == pytest.approx(seconds)


def test_pauses_are_cut_and_every_time_is_that_of_the_whole():
    spoken = decode(sample("two_cities.wav")).samples[: 5 * SAMPLE_RATE]
    pause = np.zeros(10 * SAMPLE_RATE, np.float32)
    whole = np.concatenate([pause, spoken, pause])
    made, times = conditioned(sound(whole), Condition(longest_pause_seconds=1.0))
    assert made.seconds < 7
    at = made.seconds / 2
    there = times.original(at)
    assert np.allclose(
        made.samples[round(at * SAMPLE_RATE) :][:800], whole[round(there * SAMPLE_RATE) :][:800], atol=1e-6
    )


def test_all_that_was_heard_gets_the_times_of_the_whole():
    times = TimeMap(((10.0, 12.0), (20.0, 22.0)))
    heard = Transcription(
        (Word("a", 0.5, 1.0, 0.9), Word("b", 2.5, 3.0, 0.9)),
        "en",
        (SpeechSpan(0.5, 3.0, 0.1),),
        (SpeakerTurn(0.5, 1.0, "A"),),
        {"chapters": [{"start": 2.0, "end": 4.0, "title": "T"}], "summary": "S", "topics": [{"text": "t"}]},
    )
    found = restored(heard, times)
    assert [(word.start, word.end) for word in found.words] == [(10.5, 11.0), (20.5, 21.0)]
    assert found.speech == (SpeechSpan(10.5, 21.0, 0.1),)
    assert found.turns == (SpeakerTurn(10.5, 11.0, "A"),)
    assert found.extras == {
        "chapters": [{"start": 20.0, "end": 22.0, "title": "T"}],
        "summary": "S",
        "topics": [{"text": "t"}],
    }


class Parrot:
    """An engine that says where the sound ends."""

    def transcribe(self, audio, _request, progress):
        progress(1.0)
        return Transcription((Word("end", audio.seconds - 0.3, audio.seconds, 1.0),), "en")


def test_an_engine_hears_the_prepared_sound_and_its_transcript_has_the_times_of_the_video():
    spoken = decode(sample("two_cities.wav")).samples[: 5 * SAMPLE_RATE]
    whole = sound(np.concatenate([np.zeros(20 * SAMPLE_RATE, np.float32), spoken]))
    told = []
    made = transcribe(
        whole, Parrot(), "p", "", Request(), lambda *step: told.append(step), Condition(longest_pause_seconds=1)
    )
    assert made.seconds == 25.0
    assert 24 < made.words[0].end <= 25.0
    assert list(dict.fromkeys(step for _, step in told)) == ["preparing the sound", "recognising"]


def test_the_settings_come_before_what_an_engine_asks_for():
    both = Condition(high_pass_hertz=80).over(Condition(high_pass_hertz=50, loudness_lufs=-23))
    assert both == Condition(high_pass_hertz=80, loudness_lufs=-23)
