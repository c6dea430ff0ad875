"""Two channels of a recording: whether they hold voices of their own, and their sound on the times of the mix."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from daemon.errors import AskHuman, GiveUp
from daemon.speech.audio import SAMPLE_RATE, decode
from daemon.speech.channels import ENOUGH, channels_of
from daemon.speech.condition import Condition, conditioned
from tests.conftest import sample
from tests.daemon.speech.recordings import dialogue, movie, tone, wav, wav_of_channels


@pytest.fixture(scope="module")
def voices():
    """Two people, as loud as each other."""
    found = [decode(sample(name)).samples for name in ("beckett.wav", "two_cities.wav")]
    length = min(map(len, found))
    return [0.05 * one[:length] / np.sqrt((one[:length] ** 2).mean()) for one in found]


def later(samples, seconds):
    return np.concatenate([np.zeros(round(seconds * SAMPLE_RATE), samples.dtype), samples])[: len(samples)]


def noise(samples, level, seed=3):
    return level * np.random.default_rng(seed).standard_normal(len(samples))


APART = {
    "a call": lambda one, other: dialogue(one, other),
    "two microphones": lambda one, other: dialogue(one, other, leak=0.1),
    "two microphones near each other": lambda one, other: dialogue(one, other, leak=0.25),
    "both talk all the time": lambda one, other: (one, other),
    "one is much softer": lambda one, other: dialogue(one, 0.05 * other),
    "one says little": lambda one, other: (one, np.where(np.arange(len(other)) < SAMPLE_RATE, other, 0)),
    "hiss in both": lambda one, other: [
        side + noise(side, 0.001, seed) for seed, side in enumerate(dialogue(one, other))
    ],
}
SAME = {
    "the same": lambda one, other: (one + other, one + other),
    "one is softer": lambda one, other: (one + other, 0.2 * (one + other)),
    "turned round": lambda one, other: (one + other, -one - other),
    "a pair of microphones": lambda one, other: (one + later(other, 0.003), later(one, 0.003) + other),
    "voices a little aside": lambda one, other: dialogue(one, other, leak=0.5),
    "music in stereo": lambda one, other: (one + noise(one, 0.015), one + noise(other, 0.015, 4)),
    "one is silent": lambda one, other: (one, 0 * other),
    "one has hiss alone": lambda one, other: (one, noise(other, 0.0002)),
    "nothing at all": lambda one, other: (0 * one, 0 * other),
}


@pytest.mark.parametrize("name", APART)
def test_channels_with_voices_of_their_own_are_apart(voices, tmp_path, name):
    found = channels_of(wav_of_channels(tmp_path / "two.wav", *APART[name](*voices)))
    assert found.share > 1.5 * ENOUGH
    assert found.are_apart


@pytest.mark.parametrize("name", SAME)
def test_channels_with_the_same_sound_are_not(voices, tmp_path, name):
    found = channels_of(wav_of_channels(tmp_path / "two.wav", *SAME[name](*voices)))
    assert found.share < ENOUGH / 1.5
    assert not found.are_apart


@pytest.mark.parametrize("count", [1, 6])
def test_what_has_not_two_channels_has_none_apart(voices, tmp_path, count):
    sides = dialogue(*voices)
    found = channels_of(wav_of_channels(tmp_path / "other.wav", *(sides * 3)[:count]))
    assert (found.count, found.are_apart) == (count, False)


def test_each_channel_is_what_the_file_has_in_it(tmp_path, voices):
    path = wav_of_channels(tmp_path / "two.wav", *voices)
    left, right = np.concatenate(list(channels_of(path).pieces()), axis=1) / 32768
    assert np.abs(left - voices[0]).max() < 0.001
    assert np.abs(right - voices[1]).max() < 0.001


@pytest.mark.parametrize(("container", "codec"), [("mp4", "aac"), ("mkv", "libopus")])
@pytest.mark.parametrize("fields", [{"begins": 2.0}, {"pause": 1.5}], ids=str)
def test_a_late_track_and_a_gap_are_silence_at_the_very_same_times_as_in_the_mix(tmp_path, container, codec, fields):
    left = tone(2.0, 48_000)
    path = movie(tmp_path / f"late.{container}", sound=codec, sides=(left, 0 * left), **fields)
    mix = decode(path)
    both = np.concatenate(list(channels_of(path).pieces()), axis=1)
    assert both.shape == (2, len(mix.samples))
    heard = np.flatnonzero(np.abs(both[0]) > 0.1 * 32768)
    of_mix = np.flatnonzero(np.abs(mix.samples) > 0.05)
    assert np.abs(heard[[0, -1]] - of_mix[[0, -1]]).max() <= 16
    assert np.abs(both[1]).max() < 0.01 * 32768


def test_damaged_packets_are_passed_over_as_in_the_mix(tmp_path):
    left = tone(6.0, 48_000)
    path = movie(tmp_path / "damaged.aac", None, sides=(left, 0 * left))
    body = bytearray(path.read_bytes())
    middle = len(body) // 2
    body[middle : middle + 200] = bytes(number * 2 % 256 for number in range(200))
    path.write_bytes(body)
    assert sum(piece.shape[1] for piece in channels_of(path).pieces()) == len(decode(path).samples)


def test_a_long_recording_is_never_held_as_a_whole(tmp_path):
    path = wav_of_channels(tmp_path / "long.wav", tone(600, SAMPLE_RATE), 0.5 * tone(600, SAMPLE_RATE))
    tracemalloc.start()
    try:
        found = channels_of(path)
        assert sum(piece.shape[1] for piece in found.pieces()) == 600 * SAMPLE_RATE
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 0.1 * path.stat().st_size


def test_progress_rises_while_channels_are_compared(tmp_path):
    told = []
    channels_of(wav(tmp_path / "tone.wav", 3.0, channels=2), told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.05)


def test_what_is_no_recording_is_told_as_by_decode(tmp_path):
    with pytest.raises(AskHuman, match=r"there is no file .*absent\.wav"):
        channels_of(tmp_path / "absent.wav")
    (tmp_path / "readme.wav").write_text("this is no recording")
    with pytest.raises(GiveUp, match=r"readme\.wav is no recording"):
        channels_of(tmp_path / "readme.wav")


@pytest.mark.parametrize("steps", [{"high_pass_hertz": 80}, {"loudness_lufs": -23}, {"longest_pause_seconds": 1}])
def test_a_sound_that_was_prepared_has_no_channels(tmp_path, steps):
    path = wav(tmp_path / "tone.wav", 1.0, channels=2)
    audio = replace(decode(path), channels=channels_of(path))
    assert conditioned(audio, Condition(**steps))[0].channels is None
