"""Macro-F1 by column, the measure by which a run chooses."""

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from quotestance.labels import TARGETS, stance_column
from training.corpus import Example

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
    authored = np.array([x.source in ("authored", "quoted") for x in examples])
    scores = {
        name: macro_f1(gold[keep], predicted[keep])
        for name, keep in (("authored", authored), ("annotated", ~authored))
        if keep.any()
    }
    mean = {c: float(np.mean([s[c] for s in scores.values()])) for c in COLUMNS}
    return {**scores, "mean": mean}
