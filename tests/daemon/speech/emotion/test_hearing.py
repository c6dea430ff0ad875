"""A transcript gets the feelings of its voices, and how they speak, kept apart."""

import numpy as np
import pytest

from captions.transcript import SpeakerTurn, Transcript, Word, from_json, to_json
from daemon.speech.audio import SAMPLE_RATE, Audio
from daemon.speech.emotion.contract import EmotionEngine
from daemon.speech.emotion.hearing import heard

SOFT, LOUD = 0.1, 0.5


class Listener:
    """Hears laughter in what is loud, and joy in the rest."""

    labels = ("happy", "laughter")

    def hear(self, samples):
        laughs = float(np.abs(samples).max() == np.float32(LOUD))
        return {"happy": 0.9 - 0.8 * laughs + 1e-9, "laughter": 0.1 + 0.8 * laughs}


def recording(*loudness, speaker="A", extras=None):
    """Turns of a second each, a second apart, and what is heard in them."""
    samples = np.concatenate([np.repeat(np.float32([one, 0]), SAMPLE_RATE) for one in loudness])
    turns = tuple(SpeakerTurn(2.0 * n, 2.0 * n + 1, speaker) for n in range(len(loudness)))
    words = (Word("Hi.", 0.1, 0.4, 0.9, speaker or None),)
    spoken = Transcript(words, "en", "fake", "", len(samples) / SAMPLE_RATE, turns=turns, extras=extras or {})
    return heard(spoken, Audio(samples, SAMPLE_RATE, spoken.seconds), EmotionEngine(Listener()))


def test_each_turn_has_its_feeling_and_laughter_is_a_manner():
    found = recording(SOFT, SOFT, SOFT, LOUD)
    assert [(one.start, one.end, one.label, one.speaker) for one in found.emotions] == [
        (0.0, 1.0, "happy", "A"),
        (2.0, 3.0, "happy", "A"),
        (4.0, 5.0, "happy", "A"),
    ]
    assert [(one["start"], one["descriptors"]) for one in found.extras["manners"]] == [
        (6.0, ["loud"]),
        (6.0, ["laughing"]),
    ]


def test_scores_are_short_and_all_there():
    assert recording(SOFT).emotions[0].scores == {"happy": 0.9, "laughter": 0.1}


def test_what_was_there_stays_and_all_of_it_is_kept_as_json():
    found = recording(SOFT, LOUD, extras={"notes": ["x"]})
    assert found.extras["notes"] == ["x"]
    assert from_json(to_json(found)) == found


@pytest.mark.parametrize("loudness", [(0.0,), (0.0, 0.0)])
def test_silence_says_nothing_and_yet_is_listened_to(loudness):
    found = recording(*loudness)
    assert (found.emotions, found.extras) == ((), {"manners": []})


def test_a_voice_without_a_name_has_none():
    assert {one.speaker for one in recording(SOFT, speaker="").emotions} == {None}
