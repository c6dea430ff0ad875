"""How well labels were guessed: accuracy, recall whatever the frequency of a label, and what is taken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Evaluation:
    """`counts[true][guessed]`: recordings of one label that were taken for another, in the order of `labels`."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def recordings(self) -> int:
        return sum(map(sum, self.counts))

    @property
    def accuracy(self) -> float:
        """The share of recordings that were guessed right."""
        return sum(row[index] for index, row in enumerate(self.counts)) / self.recordings

    @property
    def recalls(self) -> dict[str, float | None]:
        """The share of each label's recordings that was guessed right; None where it has none."""
        rows = zip(self.labels, self.counts, strict=True)
        return {label: row[index] / sum(row) if sum(row) else None for index, (label, row) in enumerate(rows)}

    @property
    def unweighted_average_recall(self) -> float:
        """The mean of the recalls: always to guess the most frequent of n labels gives 1/n, however frequent it is."""
        known = [recall for recall in self.recalls.values() if recall is not None]
        return sum(known) / len(known)


def judged(truth: Sequence[str], guessed: Sequence[str]) -> Evaluation:
    """Compare what is true with what was guessed, recording by recording. Raise ValueError if there is none."""
    if not truth:
        raise ValueError("there is nothing to judge by: no recording is left")
    pairs = Counter(zip(truth, guessed, strict=True))
    labels = tuple(sorted({*truth, *guessed}))
    return Evaluation(labels, tuple(tuple(pairs[true, taken] for taken in labels) for true in labels))


def rows(evaluation: Evaluation) -> list[dict[str, object]]:
    """The confusion matrix as rows of a table: a row for each true label, a column for each that it was taken for."""
    return [
        {
            "true": label,
            **dict(zip(evaluation.labels, counts, strict=True)),
            "recall": None if (recall := evaluation.recalls[label]) is None else f"{recall:.1%}",
        }
        for label, counts in zip(evaluation.labels, evaluation.counts, strict=True)
    ]


def plain(evaluation: Evaluation) -> dict[str, Any]:
    """All of it as plain values, for JSON."""
    counts = {
        label: dict(zip(evaluation.labels, row, strict=True))
        for label, row in zip(evaluation.labels, evaluation.counts, strict=True)
    }
    return {
        "recordings": evaluation.recordings,
        "accuracy": round(evaluation.accuracy, 4),
        "unweighted_average_recall": round(evaluation.unweighted_average_recall, 4),
        "recalls": evaluation.recalls,
        "confusion": counts,
    }
