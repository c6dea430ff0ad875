"""Transcripts to clean."""

from captions.cleaning import Options, cleaned
from captions.cleaning.fillers import Level
from captions.transcript import SpeechSpan, Transcript, Word

FULL = Options(fillers=Level.FULL)
EVERYWHERE = (SpeechSpan(0, 100_000),)


def words(text, start=0.0, each=0.3, confidence=0.9, speaker=None):
    """Words one after the other, of `each` seconds."""
    return tuple(
        Word(said, start + at * each, start + (at + 1) * each, confidence, speaker)
        for at, said in enumerate(text.split())
    )


def spoken(*groups, language="en", speech=(), **rest):
    said = tuple(word for group in groups for word in (words(group) if isinstance(group, str) else group))
    return Transcript(said, language, "test", "none", 100_000.0, speech=speech, **rest)


def after(text, options=None, language="en", terms=(), vocabulary=None):
    return cleaned(spoken(text, language=language), options or Options(), terms, vocabulary).transcript.text
