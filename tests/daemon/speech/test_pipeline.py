"""What the steps from a sound to a transcript add to what an engine heard."""

import numpy as np
import pytest

from captions.transcript import Word
from daemon.speech.audio import SAMPLE_RATE, Audio
from daemon.speech.engines import Request, Transcription
from daemon.speech.pipeline import transcribe

ENGLISH = "It was the best of times, it was the worst of times, and all of us had to go there with them. " * 2
SPANISH = "Era el mejor de los tiempos, era el peor de los tiempos, y todo lo que se hizo no fue para nosotros. " * 2
AUDIO = Audio(np.zeros(SAMPLE_RATE * 60, np.float32), SAMPLE_RATE, 60.0)


class Saying:
    """An engine that hears a text, whatever is said."""

    def __init__(self, text, language, **extras):
        words = tuple(Word(one, n * 0.3, n * 0.3 + 0.2, 1.0) for n, one in enumerate(text.split()))
        self._heard = Transcription(words, language, extras=extras)

    def transcribe(self, _audio, _request, progress):
        progress(1.0)
        return self._heard


def notes(text, language, **extras):
    found = transcribe(AUDIO, Saying(text, language, **extras), "saying", "", Request(language), lambda *_: None)
    return list(found.extras.get("notes", ()))


def test_words_of_another_language_than_it_was_asked_for_are_told_after_what_the_engine_says():
    first, second = notes(SPANISH, "en-GB", notes=["The sound was cut."])
    assert first == "The sound was cut."
    assert second.startswith("The words look like those of another language: es, not en.")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (SPANISH, "es-MX"),
        (SPANISH[:60], "en"),  # too little to say
        (ENGLISH, "yue"),  # of which nothing is known here
        ("", "en"),
        ("la la la " * 30, "en"),  # a song
    ],
)
def test_nothing_is_said_where_the_language_is_right_or_cannot_be_known(text, language):
    assert notes(text, language) == []
