"""Train a classifier of emotion, and judge one: `captiond emotion`. No daemon, no database."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daemon import terminal
from daemon.command_line import Json, one_line_for_expected_errors
from daemon.errors import AskHuman, GiveUp
from store import logs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from daemon.children import Progress
    from daemon.speech.emotion.classifier import Classifier
    from daemon.speech.emotion.data_set import Recording
    from daemon.speech.emotion.evaluation import Evaluation

app = typer.Typer(help="Train and judge what tells emotion by a voice.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Recordings named as in RAVDESS or CREMA-D.")]


@dataclass(frozen=True)
class Heard:
    """Recordings that could be decoded, and the features of each."""

    recordings: tuple[Recording, ...]
    clips: tuple[NDArray[np.float32], ...]

    @property
    def labels(self) -> list[str]:
        return [one.label for one in self.recordings]


@app.command(epilog="Example: captiond emotion train ravdess/ -o emotion-model")
def train(
    folder: Folder,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="MODEL", help="Folder that the model is put in.")],
    seed: Annotated[int, typer.Option(min=0, help="Another one puts other speakers aside, and begins elsewhere.")] = 0,
    epochs: Annotated[int, typer.Option(min=1, help="How often every recording is gone through.")] = 40,
    as_json: Json = False,
) -> None:
    """Train on four fifths of the speakers, and judge by the others, who were not heard before."""
    logs.set_up(level=logging.WARNING, stream=sys.stderr)
    with one_line_for_expected_errors():
        _train(folder, output, seed, epochs, as_json=as_json)


@app.command(
    epilog="Examples: captiond emotion evaluate crema-d/ --model emotion-model    "
    "captiond emotion evaluate crema-d/ --model emotion-model --json"
)
def evaluate(
    folder: Folder,
    model: Annotated[Path, typer.Option("--model", metavar="MODEL", help="Folder that `emotion train` made.")],
    as_json: Json = False,
) -> None:
    """Judge a model by recordings. Those of speakers whom it was trained on flatter it."""
    logs.set_up(level=logging.WARNING, stream=sys.stderr)
    with one_line_for_expected_errors():
        _evaluate(folder, model, as_json=as_json)


def _train(folder: Path, output: Path, seed: int, epochs: int, *, as_json: bool) -> None:
    from daemon.speech.emotion import classifier, data_set, evaluation, features
    from daemon.speech.emotion.card import Card

    features.refuse_uninstalled()
    found = data_set.read(folder)
    split = data_set.split(found.recordings, seed)
    classifier.prepare(output)
    with terminal.progress_bar() as progress:
        learnt = _heard(split.training, lambda part, step: progress(part * 0.6, step))
        others = _heard(split.testing, lambda part, step: progress(0.6 + part * 0.15, step))
        settings = classifier.Training(seed=seed, epochs=epochs)
        model = classifier.train(
            learnt.clips, learnt.labels, settings, lambda part: progress(0.75 + part * 0.25, "training")
        )
    judged = _judged(model, others)
    card = Card(
        labels=model.labels,
        data_set=found.name,
        recordings=len(learnt.recordings),
        speakers=len(data_set.speakers_of(learnt.recordings)),
        trained_on=datetime.now(UTC).date().isoformat(),
        seed=seed,
        scores=evaluation.plain(judged),
        features=features.VERSION,
        versions=classifier.versions(),
    )
    classifier.save(model, card, output)
    _tell(judged, as_json=as_json)
    unheard = len(found.recordings) - len(learnt.recordings) - len(others.recordings)
    _tell_left_out({"whose names say no feeling": len(found.unknown), "that cannot be decoded": unheard})
    typer.echo(
        f"{output}: trained on {card.recordings} recordings of {card.speakers} speakers of {card.data_set}, judged by "
        f"{judged.recordings} of {len(data_set.speakers_of(others.recordings))} others",
        err=True,
    )


def _evaluate(folder: Path, model: Path, *, as_json: bool) -> None:
    from daemon.speech.emotion import classifier, data_set

    loaded = classifier.load(model)
    found = data_set.read(folder)
    known = [one for one in found.recordings if one.label in loaded.labels]
    if not known:
        raise AskHuman(f"no recording in {folder} is of a feeling that {model} knows: {', '.join(loaded.labels)}")
    with terminal.progress_bar() as progress:
        heard = _heard(known, progress)
    _tell(_judged(loaded, heard), as_json=as_json)
    _tell_left_out(
        {
            "whose names say no feeling": len(found.unknown),
            "of feelings that the model does not know": len(found.recordings) - len(known),
            "that cannot be decoded": len(known) - len(heard.recordings),
        }
    )


def _heard(recordings: Sequence[Recording], progress: Progress) -> Heard:
    """The features of recordings, but for those that cannot be decoded. Raise GiveUp if that is none of them."""
    from daemon.speech import audio
    from daemon.speech.emotion import features

    kept, clips = [], []
    for number, recording in enumerate(recordings, 1):
        try:
            clips.append(features.of(audio.decode(recording.path).samples))
            kept.append(recording)
        except GiveUp as error:
            last = error
        progress(number / len(recordings), "listening")
    if not kept:
        raise last
    return Heard(tuple(kept), tuple(clips))


def _judged(model: Classifier, heard: Heard) -> Evaluation:
    from daemon.speech.emotion import evaluation

    return evaluation.judged(heard.labels, [model.guess(clip) for clip in heard.clips])


def _tell(judged: Evaluation, *, as_json: bool) -> None:
    from daemon.speech.emotion import evaluation

    if as_json:
        typer.echo(json.dumps(evaluation.plain(judged), indent=1))
        return
    terminal.show(evaluation.rows(judged), as_json=False)
    typer.echo(
        f"\n{judged.recordings} recordings: accuracy {judged.accuracy:.1%}, "
        f"unweighted average recall {judged.unweighted_average_recall:.1%}"
    )


def _tell_left_out(counts: dict[str, int]) -> None:
    for what, count in counts.items():
        if count:
            typer.echo(f"Note: {count} recordings {what} are left out", err=True)
