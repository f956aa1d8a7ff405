"""Is one model better than another on the same rows: paired differences, corrected for several."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from evaluation.columns import Floats, Ints
from evaluation.intervals import GroupBootstrap
from evaluation.metrics import confusion, macro_f1


def mcnemar(right_a: int, right_b: int) -> float:
    """Return the exact two-sided p-value of McNemar's test (1947).

    `right_a` rows only the first model has right, `right_b` only the second. Rows count as
    independent here; the bootstrap beside it respects groups.
    """
    both = right_a + right_b
    tail = sum(math.comb(both, i) for i in range(min(right_a, right_b) + 1))
    return min(1.0, 2 * tail / (1 << both))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected by Holm's step-down procedure (1979), in the order given.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    factors = len(p_values) - np.arange(len(p_values))
    stepped = np.maximum.accumulate(np.asarray(p_values)[order] * factors)
    corrected = np.empty(len(p_values))
    corrected[order] = np.minimum(stepped, 1)
    return [float(round(p, 12)) for p in corrected]


def macro_f1_difference(
    gold: Ints, first: Ints, *, second: Ints, bootstrap: GroupBootstrap
) -> tuple[float, Floats]:
    """Return macro-F1 of `first` minus `second`, and the same in every resample."""
    classes = np.bincount(gold[gold >= 0], minlength=3) > 0
    point = [macro_f1(confusion(gold, labels), classes) for labels in (first, second)]
    drawn = [macro_f1(bootstrap.confusions(gold, labels), classes) for labels in (first, second)]
    return float(point[0] - point[1]), drawn[0] - drawn[1]


def paired_difference(
    gold: Ints, first: Ints, *, second: Ints, bootstrap: GroupBootstrap
) -> dict[str, Any]:
    """Return the difference in macro-F1 (first minus second), its interval and both p-values.

    `p_bootstrap` sets the difference against its bootstrap standard error (normal, two-sided):
    counting resamples beyond zero could not give a p-value below 1 / resamples, which the
    correction for many comparisons would inflate past any level.
    """
    difference, drawn = macro_f1_difference(gold, first, second=second, bootstrap=bootstrap)
    rows = gold >= 0
    right_a, right_b = (first == gold)[rows], (second == gold)[rows]
    only_a, only_b = int((right_a & ~right_b).sum()), int((~right_a & right_b).sum())
    several = bootstrap.size > 1  # one group alone is drawn every time, and would claim certainty
    return {
        "difference": difference,
        "ci": bootstrap.interval(drawn),
        "p_bootstrap": _normal_p(difference, float(np.nanstd(drawn))) if several else 1.0,
        "only_first_right": only_a,
        "only_second_right": only_b,
        "p_mcnemar": mcnemar(only_a, only_b),
    }


def _normal_p(difference: float, error: float) -> float:
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return math.erfc(abs(difference) / error / math.sqrt(2))


def correct_comparisons(comparisons: list[dict[str, Any]]) -> None:
    """Add `p_bootstrap_holm` and `p_mcnemar_holm`, corrected over all comparisons given."""
    for name in ("p_bootstrap", "p_mcnemar"):
        corrected = holm([entry[name] for entry in comparisons])
        for entry, p in zip(comparisons, corrected, strict=True):
            entry[f"{name}_holm"] = p
