"""Scores from confusion counts.

Every function takes counts (..., 3, 3), gold rows by predicted columns, so that one sample and all
bootstrap resamples go through the same code.
"""

import numpy as np

from evaluation.columns import Bools, Floats, Ints


def confusion(gold: Ints, predicted: Ints, classes: int = 3) -> Ints:
    """Return the confusion matrix (classes, classes) of rows whose gold label is not -1."""
    labelled = gold >= 0
    cells = gold[labelled] * classes + predicted[labelled]
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def precision_recall_f1(counts: Floats | Ints) -> tuple[Floats, Floats, Floats]:
    """Return precision, recall and F1 per class (..., 3); NaN where a denominator is zero."""
    true = np.diagonal(counts, axis1=-2, axis2=-1).astype(np.float64)
    predicted, gold = counts.sum(-2), counts.sum(-1)
    return _ratio(true, predicted), _ratio(true, gold), _ratio(2 * true, predicted + gold)


def macro_f1(counts: Floats | Ints, classes: Bools) -> Floats:
    """Return the mean F1 over `classes`, a mask (3,): those that occur among the gold labels.

    The mask comes from the whole sample, so that every resample and every model averages over the
    same classes. With all three it is the macro-F1 of scikit-learn. A class that neither occurs
    nor is predicted in a resample is left out there.
    """
    f1 = precision_recall_f1(counts)[2][..., classes]
    return _mean_defined(f1)


def f_avg(counts: Floats | Ints) -> Floats:
    """Return the mean F1 of the first two classes: for and against, neutral left out.

    This is F_avg of SemEval-2016 Task 6 (Mohammad et al., 2016); neutral rows still count as
    false positives.
    """
    return _mean_defined(precision_recall_f1(counts)[2][..., :2])


def accuracy(counts: Floats | Ints) -> Floats:
    """Return the share of right labels."""
    return _ratio(np.trace(counts, axis1=-2, axis2=-1), counts.sum((-2, -1)))


def _ratio(part: Floats | Ints, whole: Floats | Ints) -> Floats:
    part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    share: Floats = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return share


def _mean_defined(values: Floats) -> Floats:
    defined = np.isfinite(values)
    return _ratio(np.where(defined, values, 0).sum(-1), defined.sum(-1))
