"""Recordings made for a test: a tone of 440 Hz, in whatever file."""

import wave
from fractions import Fraction

import av
import numpy as np

from daemon.speech.audio import SAMPLE_RATE, Audio

LOUD = 0.05


def tone(seconds, rate):
    return (0.5 * np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * 440 / rate)).astype(np.float32)


def wav(path, seconds=1.0, rate=16_000, channels=1):
    return wav_of(path, tone(seconds, rate), rate, channels)


def wav_of(path, samples, rate, channels=1):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.repeat(samples, channels) * 32_767).astype("<i2").tobytes())
    return path


def movie(path, picture="mpeg4", sound="aac", begins=0.0, seconds=1.0, pause=0.0, rate=48_000, sides=None):
    """A file whose picture, if any, begins at 0, and whose tone, if any, at `begins`; `pause` is cut into the tone.

    `sides`: the samples of two channels, instead of the tone.
    """
    with av.open(str(path), "w") as file:
        tracks = []
        if picture:
            options = {"width": 64, "height": 64, "pix_fmt": "yuv420p"}
            tracks.append((file.add_stream(picture, 25, **options), _pictures(int(25 * (begins + seconds + pause)))))
        if sound:
            samples = tone(seconds, rate)[None] if sides is None else np.array(sides, np.float32)
            layout = "mono" if sides is None else "stereo"
            tracks.append((file.add_stream(sound, rate, layout=layout), _sounds(samples, layout, begins, pause, rate)))
        for track, frames in tracks:
            for frame in (*frames, None):
                file.mux(track.encode(frame))
    return path


def _pictures(number):
    for index in range(number):
        frame = av.VideoFrame(64, 64, "yuv420p")
        frame.pts = index
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        yield frame


def _sounds(samples, layout, begins, pause, rate):
    length = samples.shape[1]
    for place in range(0, length, 1024):
        piece = np.ascontiguousarray(samples[:, place : place + 1024])
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        frame.pts = int(begins * rate) + place + (int(pause * rate) if place > length // 2 else 0)
        yield frame


def wav_of_channels(path, *channels, rate=SAMPLE_RATE):
    """A WAV file with these samples, -1 to 1, each in a channel of its own; the shorter ones end in silence."""
    samples = np.zeros((max(map(len, channels)), len(channels)))
    for number, one in enumerate(channels):
        samples[: len(one), number] = one
    with wave.open(str(path), "wb") as file:
        file.setparams((len(channels), 2, rate, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return path


def dialogue(*voices, turn=2.0, leak=0.0):
    """What the microphones of two people hear who speak by turns of so many seconds, and how much of the other one."""
    first, second = voices
    length = min(len(first), len(second))
    speaks = np.arange(length) // int(turn * SAMPLE_RATE) % 2 == 0
    first, second = first[:length] * speaks, second[:length] * ~speaks
    return first + leak * second, second + leak * first


def silence(seconds):
    return Audio(np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32), SAMPLE_RATE, seconds)


def loud_from_to(audio, threshold=LOUD):
    """When the first and the last sound is heard, in seconds."""
    loud = np.flatnonzero(np.abs(audio.samples) > threshold)
    return loud[0] / audio.sample_rate, loud[-1] / audio.sample_rate
