"""What a voice's stretch of sound is described by, frame by frame, for the classifier: librosa's features as a matrix.

rows      what
0-19      mel-frequency cepstral coefficients
20-31     chroma: the energy of each of the twelve pitch classes
32-71     mel spectrum, in dB
72-78     spectral contrast, by octave, in dB
79-84     tonnetz: fifths, minor and major thirds
85        zero crossings, per sample
86        energy, in dB
87        pitch, in octaves above its lower bound
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.speech.engines import lacking

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
HOP = 320  # samples
FRAMES_PER_SECOND = SAMPLE_RATE // HOP
WINDOW = 1024  # samples, 64 ms: two periods of the lowest pitch, which yin needs
ROWS = 88
LONGEST_SECONDS = 10.0
VERSION = 1
"""Of the meaning of the rows: a classifier that was trained on others is refused."""

LOWEST_HZ, HIGHEST_HZ = 65.0, 500.0  # pitch of speaking voices, with room for shouting
LEAST_ENERGY = 1e-5  # of full scale, -100 dB: silence has no logarithm


def refuse_uninstalled() -> None:
    """Raise AskHuman if the extra is not installed."""
    for package in ("librosa", "torch", "safetensors"):
        lacking.refuse_uninstalled(package, "voices")


def of(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The features of mono float32 samples of 16 kHz: float32 of shape (ROWS, frames), every number finite.

    There is a frame for each begun hop, FRAMES_PER_SECOND of them a second, and never less than four. What comes after
    LONGEST_SECONDS is left out.
    """
    import librosa
    import numpy as np
    from librosa import feature

    sound = np.asarray(samples[: int(LONGEST_SECONDS * SAMPLE_RATE)], np.float32)
    sound = np.pad(sound, (0, max(0, WINDOW - len(sound))))
    magnitude = np.abs(librosa.stft(sound, n_fft=WINDOW, hop_length=HOP))
    power = magnitude**2
    mel = librosa.power_to_db(feature.melspectrogram(S=power, sr=SAMPLE_RATE, n_mels=40), top_db=None)
    chroma = feature.chroma_stft(S=power, sr=SAMPLE_RATE, n_fft=WINDOW, tuning=0.0)
    pitch = librosa.yin(sound, fmin=LOWEST_HZ, fmax=HIGHEST_HZ, sr=SAMPLE_RATE, frame_length=WINDOW, hop_length=HOP)
    energy = np.maximum(feature.rms(S=magnitude, frame_length=WINDOW), LEAST_ENERGY)
    parts = (
        feature.mfcc(S=mel, n_mfcc=20),
        chroma,
        mel,
        feature.spectral_contrast(S=magnitude, sr=SAMPLE_RATE, n_fft=WINDOW),
        feature.tonnetz(chroma=chroma),
        feature.zero_crossing_rate(sound, frame_length=WINDOW, hop_length=HOP),
        20 * np.log10(energy),
        np.log2(np.clip(pitch, LOWEST_HZ, HIGHEST_HZ) / LOWEST_HZ)[None],
    )
    return np.concatenate(parts).astype(np.float32)
