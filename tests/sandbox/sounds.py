"""Recordings for stand-ins of speech services, made on the spot, and words told to their scenes."""

import io
import random
import wave

import requests

TALK = [
    ["Hello,", 0.5, 0.9, "Ada"],
    ["I", 1.0, 1.1, "Ada"],
    ["love", 1.1, 1.4, "Ada"],
    ["Grace", 1.4, 1.8, "Ada"],
    ["Hopper.", 1.8, 2.2, "Ada"],
    ["Terrible", 3.0, 3.4, "Bob"],
    ["beer", 3.4, 3.7, "Bob"],
    ["everywhere.", 3.7, 4.25, "Bob"],
]
"""What two people say in a recording, as its scene is told."""


def wav(seconds, rate=8000, samples=None, channels=1):
    """A WAV file of so many seconds: silence, or these bytes of 16 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(channels)
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(bytes(2 * channels * round(seconds * rate)) if samples is None else samples)
    return file.getvalue()


def babble(seconds, rate=8000):
    """16 bit mono samples whose loudness is different everywhere."""
    chance = random.Random(7)
    pieces = []
    for _ in range(round(seconds * 20)):
        top = chance.choice((0, 200, 2000, 12000))
        pieces += [chance.randint(-top, top) for _ in range(rate // 20)]
    return b"".join(value.to_bytes(2, "little", signed=True) for value in pieces)


def tell(url, word, **values):
    """Say a word of the control surface; what it answers."""
    answer = requests.post(f"{url}/sandbox/{word}", json=values, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()
