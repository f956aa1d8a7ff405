"""All scores of one column of one model on one test set, with 95 % intervals."""

from typing import Any

import numpy as np

from evaluation.calibration import calibration_scores
from evaluation.columns import COLUMNS, Bools, Floats, Ints
from evaluation.intervals import GroupBootstrap
from evaluation.metrics import accuracy, confusion, f_avg, macro_f1, precision_recall_f1

NO_CALIBRATION: dict[str, Any] = {
    "ece": None,
    "ece_floor": None,
    "ece_ci": None,
    "brier": None,
    "brier_ci": None,
    "aurc": None,
    "aurc_ci": None,
    "reliability": None,
    "risk_coverage": None,
    "calibration_per_class": None,
}
"""What a model that gives labels without probabilities gets."""


def score_column(
    column: str,
    gold: Ints,
    *,
    probabilities: Floats,
    bootstrap: GroupBootstrap,
    calibrated: bool = True,
) -> dict[str, Any]:
    """Return the `results` entry of one column; see docs/EVALUATION.md for its keys."""
    labels = COLUMNS[column]
    scores = label_scores(labels, gold, probabilities.argmax(1), bootstrap=bootstrap)
    if not calibrated:
        return scores | NO_CALIBRATION
    return scores | calibration_scores(probabilities, gold, bootstrap=bootstrap, labels=labels)


def label_scores(
    labels: tuple[str, ...], gold: Ints, predicted: Ints, *, bootstrap: GroupBootstrap
) -> dict[str, Any]:
    """Return the scores that need labels only."""
    counts = confusion(gold, predicted)
    drawn = bootstrap.confusions(gold, predicted)
    present: Bools = counts.sum(1) > 0
    return {
        "n": int(counts.sum()),
        "groups": len(np.unique(bootstrap.groups[gold >= 0])),
        "macro_f1": number(macro_f1(counts, present)),
        "ci": bootstrap.interval(macro_f1(drawn, present)),
        "accuracy": number(accuracy(counts)),
        "accuracy_ci": bootstrap.interval(accuracy(drawn)),
        "f_avg": number(f_avg(counts)),
        "f_avg_ci": bootstrap.interval(f_avg(drawn)),
        "per_class": _per_class(labels, counts, drawn, bootstrap),
        "labels": list(labels),
        "confusion": counts.tolist(),
    }


def _per_class(
    labels: tuple[str, ...], counts: Ints, drawn: Floats, bootstrap: GroupBootstrap
) -> dict[str, Any]:
    point, samples = precision_recall_f1(counts), precision_recall_f1(drawn)
    names = ("precision", "recall", "f1")
    table: dict[str, Any] = {}
    for i, label in enumerate(labels):
        table[label] = {"support": int(counts[i].sum())}
        for name, value, values in zip(names, point, samples, strict=True):
            table[label][name] = number(value[i])
            table[label][f"{name}_ci"] = bootstrap.interval(values[:, i])
    return table


def number(value: Floats | float) -> float | None:
    """Return a finite number for JSON, None for NaN."""
    return float(value) if np.isfinite(value) else None
