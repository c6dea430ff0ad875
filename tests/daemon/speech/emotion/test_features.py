"""Shapes, and whether each row moves with what it is named for."""

import numpy as np
import pytest

from daemon.errors import AskHuman
from daemon.speech.audio import SAMPLE_RATE, decode
from daemon.speech.emotion import features
from tests.conftest import sample
from tests.daemon.speech.recordings import tone

ENERGY, PITCH, CROSSINGS, CHROMA = 86, 87, 85, slice(20, 32)


def sine(hertz, loudness=0.5, seconds=1.0):
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (loudness * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def middle(samples):
    return features.of(samples)[:, 10:40].mean(1)


@pytest.mark.parametrize(
    ("seconds", "frames"), [(0.0, 4), (0.01, 4), (0.1, 6), (1.0, 51), (9.99, 500), (10.0, 501), (60.0, 501)]
)
def test_the_matrix_has_a_row_for_each_feature_and_fifty_frames_a_second_up_to_ten(seconds, frames):
    found = features.of(tone(seconds, SAMPLE_RATE))
    assert found.shape == (features.ROWS, frames)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(SAMPLE_RATE, np.float32),
        np.full(SAMPLE_RATE, 1e-30, np.float32),
        np.sign(sine(150)).astype(np.float32),  # clipped as far as it goes
        np.ones(SAMPLE_RATE, np.float32),
    ],
)
def test_silence_and_clipped_sound_have_numbers_only(samples):
    assert np.isfinite(features.of(samples)).all()


def test_sound_twice_as_strong_is_six_decibels_louder():
    assert middle(sine(150, 0.4))[ENERGY] - middle(sine(150, 0.2))[ENERGY] == pytest.approx(6.02, abs=0.05)


@pytest.mark.parametrize("hertz", [80, 150, 300])
def test_the_pitch_is_in_octaves(hertz):
    assert middle(sine(hertz))[PITCH] == pytest.approx(np.log2(hertz / features.LOWEST_HZ), abs=0.03)


def test_a_higher_tone_crosses_zero_more_often():
    assert middle(sine(1000))[CROSSINGS] == pytest.approx(2 * 1000 / SAMPLE_RATE, rel=0.1)


def test_the_pitch_class_of_a_tone_is_the_strongest_of_the_twelve():
    assert middle(sine(440))[CHROMA].argmax() == 9  # a, counted from c


def test_a_recording_of_8_khz_has_them_too(tmp_path):
    from tests.daemon.speech.recordings import wav

    found = features.of(decode(wav(tmp_path / "telephone.wav", rate=8000)).samples)
    assert found.shape == (features.ROWS, 51)
    assert found[CROSSINGS, 10:40].mean() == pytest.approx(2 * 440 / SAMPLE_RATE, rel=0.1)


def test_speech_has_pitches_of_a_voice():
    pitch = features.of(decode(sample("two_cities.wav")).samples)[PITCH]
    assert 80 < features.LOWEST_HZ * 2 ** np.median(pitch) < 300


@pytest.mark.parametrize("package", ["librosa", "torch", "safetensors"])
def test_without_the_extra_it_says_what_to_install(package, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, package, None)  # as Python marks what cannot be imported
    with pytest.raises(AskHuman, match=rf"^{package} is not installed: pip install .*voices"):
        features.refuse_uninstalled()
