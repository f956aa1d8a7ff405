"""Macro-F1 by column, the measure by which a run chooses."""

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from quotestance.labels import TARGETS, stance_column
from training.corpus import UNKNOWN, Example, is_authored, is_auxiliary

COLUMNS: tuple[str, ...] = (*map(stance_column, TARGETS), "sentiment")


def truth(examples: list[Example]) -> npt.NDArray[np.int64]:
    """Return the label indices (examples, 4) in the order of COLUMNS."""
    return np.array([[*x.stances[: len(TARGETS)], x.sentiment] for x in examples])


def macro_f1(gold: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64]) -> dict[str, float]:
    """Return macro-F1 over the three classes for each column."""
    return {
        column: float(f1_score(gold[:, k], predicted[:, k], average="macro", zero_division=0))
        for k, column in enumerate(COLUMNS)
    }


def by_origin(
    examples: list[Example], predicted: npt.NDArray[np.int64]
) -> dict[str, dict[str, float]]:
    """Return macro-F1 by column over authored, over annotated, and over the mean of both."""
    gold = truth(examples)
    authored = np.array([is_authored(x) for x in examples])
    scores = {
        name: macro_f1(gold[keep], predicted[keep])
        for name, keep in (("authored", authored), ("annotated", ~authored))
        if keep.any()
    }
    mean = {c: float(np.mean([s[c] for s in scores.values()])) for c in COLUMNS}
    return {**scores, "mean": mean}


def pairs(
    examples: list[Example], predicted: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return gold stance, predicted stance and example index of every labelled (text, target).

    `predicted` (examples, at least as many columns as any example has targets) is in their order.
    """
    cells = [
        (stance, predicted[row, k], row)
        for row, example in enumerate(examples)
        for k, stance in enumerate(example.stances)
        if stance != UNKNOWN
    ]
    gold, answers, rows = np.array(cells, np.int64).reshape(-1, 3).T
    return gold, answers, rows


def by_corpus(
    examples: list[Example], predicted: npt.NDArray[np.int64]
) -> dict[str, dict[str, float]]:
    """Return stance macro-F1, targets pooled, over each auxiliary corpus and over their mean."""
    gold, answers, rows = pairs(examples, predicted)
    sources = np.array([x.source for x in examples])[rows]
    scores = {}
    for name in sorted(set(sources.tolist())):
        keep = sources == name
        value = f1_score(
            gold[keep], answers[keep], labels=[0, 1, 2], average="macro", zero_division=0
        )
        scores[name] = {"stance": float(value)}
    mean = float(np.mean([score["stance"] for score in scores.values()]))
    return {**scores, "mean": {"stance": mean}}


def validation_scores(
    examples: list[Example], predicted: npt.NDArray[np.int64]
) -> dict[str, dict[str, float]]:
    """Return the scores that a run chooses by: statements by origin, auxiliary rows by corpus."""
    return (by_corpus if is_auxiliary(examples[0]) else by_origin)(examples, predicted)
