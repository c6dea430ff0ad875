"""Voices made for a test, each with a feeling that is heard in its pitch, its loudness and how it moves."""

import numpy as np

from daemon.speech.audio import SAMPLE_RATE

# octaves above the speaker's own pitch, loudness, swings of loudness a second
FEELINGS = {"angry": (0.6, 0.4, 9.0), "neutral": (0.0, 0.12, 3.0), "sad": (-0.3, 0.03, 1.0)}
CODES = {"angry": "05", "neutral": "01", "sad": "04"}


def voice(feeling, speaker, take, seconds=1.0):
    """A buzz of some harmonics with a little noise: the pitch of each speaker is another, and each take a bit."""
    octaves, loudness, swings = FEELINGS[feeling]
    chance = np.random.default_rng([speaker, take, sorted(FEELINGS).index(feeling)])
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    pitch = (105 + 12 * speaker) * 2 ** (octaves + chance.normal(0, 0.05))
    sound = sum(np.sin(2 * np.pi * pitch * n * time + chance.uniform(0, 6)) / n for n in range(1, 9))
    sound *= loudness * chance.uniform(0.8, 1.2) / 3 * (1 + 0.6 * np.sin(2 * np.pi * swings * time))
    return (sound + chance.normal(0, 0.002, len(time))).clip(-1, 1).astype(np.float32)


def name(feeling, speaker, take):
    """As RAVDESS would call it."""
    return f"03-01-{CODES[feeling]}-01-0{take % 2 + 1}-0{take // 2 % 2 + 1}-{speaker:02}.wav"


def trained(folder):
    """A classifier in a folder that takes every voice for angry or for sad: quickly learnt of four voices."""
    from daemon.speech.emotion import classifier, features
    from daemon.speech.emotion.card import Card

    wanted = [(feeling, speaker, take) for feeling in ("angry", "sad") for speaker in range(4) for take in range(2)]
    clips = [features.of(voice(*one)) for one in wanted]
    made = classifier.train(clips, [feeling for feeling, *_ in wanted], classifier.Training(epochs=10))
    classifier.prepare(folder)
    card = Card(made.labels, "made up", len(clips), 4, "2026-11-29", 0, {}, features.VERSION, classifier.versions())
    classifier.save(made, card, folder)
    return folder
