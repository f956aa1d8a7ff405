"""Macro-F1 by column, the measure by which a run chooses."""

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from quotestance.labels import TARGETS
from training.corpus import COLUMNS, ORIGINS, UNKNOWN, Example, is_auxiliary, origin


def truth(examples: list[Example]) -> npt.NDArray[np.int64]:
    """Return the label indices (examples, 4) in the order of COLUMNS."""
    return np.array([[*x.stances[: len(TARGETS)], x.sentiment] for x in examples])


def macro_f1(gold: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64]) -> dict[str, float]:
    """Return macro-F1 over the three classes for each column that has a label."""
    scores = {}
    for k, column in enumerate(COLUMNS):
        known = gold[:, k] != UNKNOWN
        if known.any():
            value = f1_score(gold[known, k], predicted[known, k], average="macro", zero_division=0)
            scores[column] = float(value)
    return scores


def by_origin(
    examples: list[Example], predicted: npt.NDArray[np.int64]
) -> dict[str, dict[str, float]]:
    """Return macro-F1 by column over each origin of statements, and over their mean."""
    gold = truth(examples)
    origins = np.array([origin(x) for x in examples])
    scores = {
        name: macro_f1(gold[origins == name], predicted[origins == name])
        for name in ORIGINS
        if name in origins
    }
    found = {c: [s[c] for s in scores.values() if c in s] for c in COLUMNS}
    mean = {c: float(np.mean(values)) for c, values in found.items() if values}
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
