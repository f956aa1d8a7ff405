"""Do probabilities mean what they say: ECE, Brier, reliability, risk and coverage, conformal sets.

Probabilities have shape (rows, 3), gold labels (rows,); rows without a label are left out before.
"""

from typing import Any

import numpy as np

from evaluation.columns import Bools, Floats, Ints
from evaluation.intervals import GroupBootstrap, percentile_interval, pivotal_interval

BINS = 15
CURVE_POINTS = 20


def equal_mass_bins(confidence: Floats, bins: int = BINS) -> Ints:
    """Return the bin of each row: about equally many rows each, equal confidences never parted.

    Parting ties would put rows with one confidence into bins by their order in the file.
    """
    ranks = np.searchsorted(np.sort(confidence), confidence, side="left")
    index: Ints = np.unique(ranks * bins // len(confidence), return_inverse=True)[1]
    return index


def _bin_sums(confidence: Floats, correct: Floats, bins: Ints) -> Floats:
    """Return count, confidence and hits of each row in its bin: (rows, 3 * bins)."""
    size = int(bins.max()) + 1
    table = np.zeros((len(bins), 3, size))
    rows = np.arange(len(bins))
    table[rows, 0, bins], table[rows, 1, bins], table[rows, 2, bins] = 1, confidence, correct
    return table.reshape(len(bins), -1)


def _ece_of_sums(sums: Floats) -> Floats:
    count, confidence, hits = np.moveaxis(sums.reshape(*sums.shape[:-1], 3, -1), -2, 0)
    ece: Floats = np.abs(hits - confidence).sum(-1) / np.maximum(count.sum(-1), 1)
    return ece


def expected_calibration_error(confidence: Floats, correct: Floats, bins: int = BINS) -> float:
    """Return the ECE over bins of equal mass (Nixon et al., 2019): mean |accuracy - confidence|."""
    sums = _bin_sums(confidence, correct, equal_mass_bins(confidence, bins)).sum(0)
    return float(_ece_of_sums(sums))


def ece_floor(confidence: Floats, bins: int = BINS) -> float:
    """Return about what ECE a perfectly calibrated model of these confidences would show.

    In a bin of n rows the hits then scatter by sqrt(c (1 - c) / n) around their confidence c, and
    the mean distance of a normal variable from its mean is sqrt(2 / pi) of that.
    """
    count, total, _ = np.split(
        _bin_sums(confidence, confidence, equal_mass_bins(confidence, bins)).sum(0), 3
    )
    mean = total / count
    spread = np.sqrt(2 / np.pi * mean * (1 - mean) / count)
    return float((count * spread).sum() / count.sum())


def reliability(confidence: Floats, correct: Floats, bins: int = BINS) -> list[dict[str, float]]:
    """Return confidence, accuracy and number of rows of every equal-mass bin."""
    index = equal_mass_bins(confidence, bins)
    return [
        {
            "confidence": float(confidence[index == number].mean()),
            "accuracy": float(correct[index == number].mean()),
            "n": int((index == number).sum()),
        }
        for number in range(int(index.max()) + 1)
    ]


def brier_terms(probabilities: Floats, gold: Ints) -> Floats:
    """Return squared errors (rows, 3); their sum over classes, averaged, is the Brier score."""
    terms: Floats = (probabilities - np.eye(probabilities.shape[1])[gold]) ** 2
    return terms


def _ordered_errors(confidence: Floats, correct: Floats) -> tuple[Ints, Floats]:
    """Return the order of falling confidence, and errors in it, averaged over ties."""
    order = np.argsort(-confidence, kind="stable")
    _, block = np.unique(-confidence[order], return_inverse=True)
    errors = 1 - correct[order]
    mean = np.bincount(block, errors) / np.bincount(block)
    return order, mean[block]


def aurc(confidence: Floats, correct: Floats) -> float:
    """Return the area under the risk-coverage curve (Geifman et al., 2019): lower is better.

    It is the mean error rate over all coverages when the surest answers are kept first.
    """
    _, errors = _ordered_errors(confidence, correct)
    return float((np.cumsum(errors) / np.arange(1, len(errors) + 1)).mean())


def risk_coverage(confidence: Floats, correct: Floats) -> list[dict[str, float]]:
    """Return the error rate among the surest share of rows, at evenly spaced shares."""
    _, errors = _ordered_errors(confidence, correct)
    risks = np.cumsum(errors) / np.arange(1, len(errors) + 1)
    shares = np.linspace(1 / CURVE_POINTS, 1, CURVE_POINTS)
    kept = np.unique(np.ceil(shares * len(errors)).astype(int))
    return [{"coverage": float(k / len(errors)), "risk": float(risks[k - 1])} for k in kept]


def aurc_samples(
    bootstrap: GroupBootstrap, rows: Bools, *, confidence: Floats, correct: Floats
) -> Floats:
    """Return the AURC of every resample, weighing each row by how often its group was drawn."""
    order = np.argsort(-confidence, kind="stable")
    errors, sorted_confidence = 1 - correct[order], confidence[order]
    starts = np.flatnonzero(np.r_[True, sorted_confidence[1:] != sorted_confidence[:-1]])
    sizes = np.diff(np.r_[starts, len(errors)])
    step = max(1, 4_000_000 // max(1, len(errors)))
    parts = []
    for start in range(0, bootstrap.resamples, step):
        weights = bootstrap.row_weights(start, start + step, rows)[:, order]
        covered = np.cumsum(weights, 1)
        # Errors averaged over ties, as in `aurc`, with the weights of this resample.
        tied = np.add.reduceat(weights * errors, starts, axis=1)
        tied /= np.maximum(np.add.reduceat(weights, starts, axis=1), 1)
        risk = np.cumsum(weights * np.repeat(tied, sizes, axis=1), 1) / np.maximum(covered, 1)
        parts.append((weights * risk).sum(1) / np.maximum(covered[:, -1], 1))
    return np.concatenate(parts)


def calibration_scores(
    probabilities: Floats, gold: Ints, *, bootstrap: GroupBootstrap, labels: tuple[str, ...]
) -> dict[str, Any]:
    """Return every calibration score of one column, with intervals, overall and per class."""
    rows = gold >= 0
    p, y = probabilities[rows].astype(np.float64), gold[rows]
    confidence, correct = p.max(1), (p.argmax(1) == y).astype(np.float64)
    bins = equal_mass_bins(confidence)
    ece = expected_calibration_error(confidence, correct)
    terms = brier_terms(p, y)
    everywhere = np.zeros((len(gold), 2))
    everywhere[rows] = np.stack([terms.sum(1), np.ones(len(y))], 1)
    drawn = bootstrap.sums(everywhere)
    binned = np.zeros((len(gold), 3 * (int(bins.max()) + 1)))
    binned[rows] = _bin_sums(confidence, correct, bins)
    return {
        "ece": ece,
        "ece_floor": ece_floor(confidence),
        "ece_ci": pivotal_interval(_ece_of_sums(bootstrap.sums(binned)), ece),
        "brier": float(terms.sum(1).mean()),
        "brier_ci": percentile_interval(drawn[:, 0] / np.maximum(drawn[:, 1], 1)),
        "aurc": aurc(confidence, correct),
        "aurc_ci": percentile_interval(
            aurc_samples(bootstrap, rows, confidence=confidence, correct=correct)
        ),
        "reliability": reliability(confidence, correct),
        "risk_coverage": risk_coverage(confidence, correct),
        "calibration_per_class": {
            label: _class_calibration(p, y, terms, i) for i, label in enumerate(labels)
        },
    }


def _class_calibration(p: Floats, y: Ints, terms: Floats, label: int) -> dict[str, float | None]:
    chosen = p.argmax(1) == label
    right = (y == label).astype(np.float64)
    return {
        "ece": expected_calibration_error(p[:, label], right),
        "brier": float(terms[:, label].mean()),
        "aurc": aurc(p[chosen, label], right[chosen]) if chosen.any() else None,
    }


def conformal_sets(
    probabilities: Floats, gold: Ints, *, threshold: float, labels: tuple[str, ...]
) -> dict[str, Any]:
    """Return coverage and mean size of the sets of labels whose probability is >= `threshold`.

    Coverage is the share of rows whose gold label is in the set; `single` the share of rows with
    exactly one label, which are those that the level answers.
    """
    rows = gold >= 0
    inside, y = probabilities[rows] >= threshold, gold[rows]
    hit, size = inside[np.arange(len(y)), y], inside.sum(1)
    alone = size == 1
    return {
        "coverage": float(hit.mean()),
        "set_size": float(size.mean()),
        "single": float(alone.mean()),
        "single_accuracy": float(hit[alone].mean()) if alone.any() else None,
        "per_class": {
            label: {"coverage": float(hit[y == i].mean()), "set_size": float(size[y == i].mean())}
            for i, label in enumerate(labels)
            if (y == i).any()
        },
    }
