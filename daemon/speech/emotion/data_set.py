"""Recordings of acted feelings in a folder: what is felt, and by whom, from names in the manner of two data sets.

RAVDESS (Livingstone & Russo 2018, doi 10.1371/journal.pone.0196391): 03-01-06-01-02-01-12.wav is modality, channel,
feeling, intensity, statement, repetition, actor. CREMA-D (Cao et al. 2014, doi 10.1109/TAFFC.2014.2336244):
1001_DFA_ANG_XX.wav is actor, sentence, feeling, intensity. Does not open a recording.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.errors import AskHuman

RAVDESS, CREMA_D = "RAVDESS", "CREMA-D"
FEELINGS = {
    RAVDESS: {
        "01": "neutral", "02": "calm", "03": "happy", "04": "sad",
        "05": "angry", "06": "fearful", "07": "disgusted", "08": "surprised",
    },
    CREMA_D: {
        "ANG": "angry", "DIS": "disgusted", "FEA": "fearful", "HAP": "happy", "NEU": "neutral", "SAD": "sad",
    },
}  # fmt: skip
NAMES = {
    # modality 02 is a picture without sound, channel 02 is song: neither is a voice that speaks
    RAVDESS: re.compile(r"0[13]-01-(?P<feeling>0[1-8])-0[12]-0[12]-0[12]-(?P<speaker>[0-9]{2})"),
    CREMA_D: re.compile(r"(?P<speaker>1[0-9]{3})_[A-Z]{3}_(?P<feeling>ANG|DIS|FEA|HAP|NEU|SAD)_[A-Z]{1,2}"),
}


@dataclass(frozen=True)
class Recording:
    """A recording of one feeling. `speaker` is told apart from the same number in another data set."""

    path: Path
    label: str
    speaker: str
    data_set: str


@dataclass(frozen=True)
class DataSet:
    """What a folder holds; `unknown`: recordings whose names say no feeling, which are left out."""

    recordings: tuple[Recording, ...]
    unknown: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        return " and ".join(sorted({one.data_set for one in self.recordings}))


@dataclass(frozen=True)
class Split:
    """Recordings to learn from, and recordings of other speakers to be judged by."""

    training: tuple[Recording, ...]
    testing: tuple[Recording, ...]


def read(folder: Path) -> DataSet:
    """The recordings in a folder and in those below it. Raise AskHuman if there are none, OSError for no folder."""
    if not folder.is_dir():
        raise AskHuman(f"there is no folder {folder}: name one with recordings of RAVDESS or CREMA-D")
    found = listed(sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".wav"))
    if not found.recordings:
        names = f"; none of the {len(found.unknown)} .wav there is named so" if found.unknown else ""
        raise AskHuman(
            f"{folder} has no recordings of a feeling: they are named as in RAVDESS (03-01-06-01-02-01-12.wav) "
            f"or CREMA-D (1001_DFA_ANG_XX.wav){names}"
        )
    return found


def listed(paths: Iterable[Path]) -> DataSet:
    """What the names say."""
    known, unknown = [], []
    for path in paths:
        recording = named(path)
        if recording is None:
            unknown.append(path)
        else:
            known.append(recording)
    return DataSet(tuple(known), tuple(unknown))


def named(path: Path) -> Recording | None:
    """What a recording's name says of it; None where it says nothing."""
    for data_set, pattern in NAMES.items():
        if found := pattern.fullmatch(path.stem):
            speaker = f"{data_set} {found['speaker']}"
            return Recording(path, FEELINGS[data_set][found["feeling"]], speaker, data_set)
    return None


def split(recordings: Sequence[Recording], seed: int, share: float = 0.2) -> Split:
    """Put about `share` of the speakers, at least one, aside for testing: no speaker is in both parts.

    The same for the same seed, in whatever order the recordings come. Raise AskHuman if nothing could be learnt.
    """
    if len(speakers := speakers_of(recordings)) < 2:
        raise AskHuman("all recordings are of one speaker: to judge what is learnt, another one is needed")
    shuffled = random.Random(seed).sample(speakers, len(speakers))  # noqa: S311 - no secret
    aside = set(shuffled[: min(len(speakers) - 1, max(1, round(share * len(speakers))))])
    training = tuple(one for one in recordings if one.speaker not in aside)
    if len(labels := labels_of(training)) < 2:
        raise AskHuman(f"there is only one feeling to learn from, {labels[0]}: recordings of another one are needed")
    return Split(training, tuple(one for one in recordings if one.speaker in aside))


def speakers_of(recordings: Iterable[Recording]) -> list[str]:
    return sorted({one.speaker for one in recordings})


def labels_of(recordings: Iterable[Recording]) -> list[str]:
    return sorted({one.label for one in recordings})
