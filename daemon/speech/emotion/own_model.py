"""The engine of one's own classifier: a folder that `captiond emotion train` made."""

from __future__ import annotations

from pathlib import Path

from daemon.speech.device import DeviceName
from daemon.speech.emotion import classifier, features
from daemon.speech.emotion.contract import EmotionEngine, EmotionKind
from daemon.speech.engines import lacking


def load(model: str, name: DeviceName) -> EmotionEngine:
    """Load the classifier in a folder. Raise AskHuman if it cannot be."""
    return EmotionEngine(classifier.load(Path(model).expanduser(), name))


def why_not(model: str) -> str:
    """Why the classifier cannot be used; "" if it looks as if it could."""

    def look() -> None:
        features.refuse_uninstalled()
        classifier.read_card(Path(model).expanduser())

    return lacking.refusal(look)


KIND = EmotionKind(load, why_not)
