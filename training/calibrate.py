"""Calibrations and conformal thresholds, from the calibration split and the saved graph itself."""

import math

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from quotestance.calibration import Calibration, calibrated

LEVELS = (0.80, 0.85, 0.90, 0.95)
Array = npt.NDArray[np.float64]
MOST_SMOOTHING = 0.1
"""From about here on, more changes nothing on the calibration split (docs/DECISIONS.md)."""
MOST_BY_LABEL = math.log(3)
"""Logarithm of the greatest factor, up or down, that one answer puts on the temperature."""
FEWEST = 30
"""Rows with one answer that it takes to fit this answer's own temperature."""
EVENNESS = 50.0
"""Weight of the squared gap between an answer's mean confidence and its share of right ones."""


def fit(probabilities: Array, labels: npt.NDArray[np.int64]) -> Calibration:
    """Return the calibration with the least negative log-likelihood and even confidence.

    `probabilities` (rows, 3) are the graph's own; without rows they stay what they are. The
    likelihood hangs on the few rows that are surely wrong and leaves the others too sure, so each
    answer's mean confidence is held to its share of right ones (docs/DECISIONS.md).
    """
    if not len(labels):
        return Calibration()
    rows = np.arange(len(labels))
    answers = probabilities.argmax(axis=-1)
    right = answers == labels
    answered = np.bincount(answers, minlength=3)
    chosen = [answers == label for label in range(3) if answered[label] >= FEWEST]

    def loss(numbers: Array) -> float:
        soft = calibrated(probabilities, _calibration(numbers))
        likelihood = float(-np.log(soft[rows, labels]).mean())
        over = soft.max(axis=-1) - right
        return likelihood + EVENNESS * sum(
            float(over[rows_of].mean() ** 2 * rows_of.mean()) for rows_of in chosen
        )

    # Smoothing in hundredths, so that both numbers are of one size.
    bounds = [(0.0, 100 * MOST_SMOOTHING), (math.log(0.2), math.log(8.0))]
    # From several starts: smoothing and temperature partly do the same.
    starts = [np.array([hundredths, 0.2]) for hundredths in (0.0, 0.5, 5.0)]
    found = [minimize(loss, start, method="L-BFGS-B", bounds=bounds) for start in starts]
    # Then what each answered label needs beside it. A label that is hardly ever answered keeps 1.
    begun = min(found, key=lambda one: float(one.fun)).x
    limits = [(-MOST_BY_LABEL, MOST_BY_LABEL) if n >= FEWEST else (0.0, 0.0) for n in answered]
    start = np.concatenate([begun, np.zeros(3)])
    best = _calibration(minimize(loss, start, method="L-BFGS-B", bounds=bounds + limits).x)
    first, second, third = (round(factor, 4) for factor in best.by_label)
    return Calibration(round(best.smoothing, 6), round(best.temperature, 4), (first, second, third))


def _calibration(numbers: Array) -> Calibration:
    """Return the calibration of smoothing in hundredths and logarithms of the temperatures."""
    hundredths, log_temperature, *by_label = map(float, numbers)
    first, second, third = map(math.exp, by_label or (0.0, 0.0, 0.0))
    return Calibration(hundredths / 100, math.exp(log_temperature), (first, second, third))


def conformal_threshold(
    probabilities: Array, labels: npt.NDArray[np.int64], coverage: float
) -> float:
    """Return the smallest probability with which a label enters the conformal set.

    Split-conformal with score 1 - p(true label) (Vovk et al., 2005; Sadinle et al., 2019): of
    n exchangeable calibration rows the k-th smallest p(true), k = floor((n + 1)(1 - coverage)),
    is a threshold that a new row's p(true) reaches with probability at least `coverage`.
    """
    if not 0 < coverage < 1:
        raise ValueError(f"coverage is {coverage}, wanted a share between 0 and 1")
    true = np.sort(probabilities[np.arange(len(labels)), labels])
    rank = math.floor((len(true) + 1) * (1 - coverage) + 1e-9)
    return float(true[rank - 1]) if rank >= 1 else 0.0
