"""What names of recordings say, and parts without a common speaker."""

from pathlib import Path

import pytest

from daemon.errors import AskHuman
from daemon.speech.emotion import data_set
from daemon.speech.emotion.data_set import (
    CREMA_D,
    RAVDESS,
    Recording,
    labels_of,
    listed,
    named,
    read,
    speakers_of,
    split,
)


def recordings(speakers, labels=("angry", "sad")):
    return [Recording(Path(f"{one}-{label}.wav"), label, f"{one}", RAVDESS) for one in speakers for label in labels]


@pytest.mark.parametrize(
    ("name", "label", "speaker", "where"),
    [
        ("03-01-06-01-02-01-12.wav", "fearful", "RAVDESS 12", RAVDESS),
        ("01-01-01-01-01-02-01.wav", "neutral", "RAVDESS 01", RAVDESS),
        ("03-01-08-02-01-01-24.WAV", "surprised", "RAVDESS 24", RAVDESS),
        ("1001_DFA_ANG_XX.wav", "angry", "CREMA-D 1001", CREMA_D),
        ("1091_WSI_NEU_XX.wav", "neutral", "CREMA-D 1091", CREMA_D),
        ("1040_ITH_SAD_X.wav", "sad", "CREMA-D 1040", CREMA_D),  # one of the data set is called so
    ],
)
def test_a_name_says_the_feeling_and_the_speaker(name, label, speaker, where):
    path = Path("anywhere") / name
    assert named(path) == Recording(path, label, speaker, where)


@pytest.mark.parametrize(
    "name",
    [
        "talk.wav",
        "02-01-06-01-02-01-12.wav",  # a picture without sound
        "03-02-06-01-02-01-12.wav",  # song
        "03-01-09-01-02-01-12.wav",
        "03-01-06-01-02-01-12-copy.wav",
        "1001_DFA_JOY_XX.wav",
        "1001_DFA_ANG.wav",
        "03-01-06-01-02-01-1२.wav",  # a digit elsewhere, but not in these names
    ],
)
def test_other_names_say_nothing(name):
    assert named(Path(name)) is None
    assert listed([Path(name)]) == data_set.DataSet((), (Path(name),))


def test_each_feeling_of_both_data_sets_has_a_name_and_the_same_ones_are_shared():
    assert set(data_set.FEELINGS[CREMA_D].values()) < set(data_set.FEELINGS[RAVDESS].values())
    assert len(set(data_set.FEELINGS[RAVDESS].values())) == 8


def test_a_folder_is_read_with_those_below_it_and_what_is_unknown_is_told(tmp_path):
    for name in ("Actor_12/03-01-06-01-02-01-12.wav", "1001_DFA_ANG_XX.wav", "talk.wav", "readme.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = read(tmp_path)
    assert [one.label for one in found.recordings] == ["angry", "fearful"]
    assert found.unknown == (tmp_path / "talk.wav",)
    assert found.name == "CREMA-D and RAVDESS"


def test_a_folder_without_such_recordings_is_refused_in_one_line(tmp_path):
    with pytest.raises(AskHuman, match=r"has no recordings of a feeling.*1001_DFA_ANG_XX.wav\)$"):
        read(tmp_path)
    (tmp_path / "talk.wav").touch()
    with pytest.raises(AskHuman, match=r"none of the 1 .wav there is named so$"):
        read(tmp_path)
    with pytest.raises(AskHuman, match="there is no folder"):
        read(tmp_path / "nothing")


@pytest.mark.parametrize("number", [2, 3, 5, 24])
@pytest.mark.parametrize("seed", range(5))
def test_no_speaker_is_in_both_parts_and_nothing_is_lost(number, seed):
    every = recordings(range(number))
    found = split(every, seed)
    assert sorted(found.training + found.testing, key=str) == sorted(every, key=str)
    assert not set(speakers_of(found.training)) & set(speakers_of(found.testing))
    assert len(speakers_of(found.testing)) == max(1, round(number / 5))


def test_the_parts_depend_on_the_seed_and_not_on_the_order():
    every = recordings(range(24))
    assert set(split(every, 1).testing) == set(split(every[::-1], 1).testing)
    assert len({frozenset(split(every, seed).testing) for seed in range(10)}) > 5


def test_one_speaker_is_not_enough():
    with pytest.raises(AskHuman, match="one speaker"):
        split(recordings(["A"]), 0)


def test_one_feeling_is_not_enough():
    with pytest.raises(AskHuman, match="only one feeling to learn from, angry"):
        split(recordings("AB", ["angry"]), 0)


def test_speakers_of_two_data_sets_with_one_number_are_two():
    pair = listed([Path("03-01-06-01-02-01-12.wav"), Path("1012_DFA_ANG_XX.wav")])
    assert len(speakers_of(pair.recordings)) == 2
    assert labels_of(pair.recordings) == ["angry", "fearful"]
