"""Temperatures and conformal thresholds, from the calibration split and the saved graph itself."""

import math

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

LEVELS = (0.80, 0.85, 0.90, 0.95)
Array = npt.NDArray[np.float64]


def fit_temperature(probabilities: Array, labels: npt.NDArray[np.int64]) -> float:
    """Return the temperature with the least negative log-likelihood (Guo et al., ICML 2017).

    `probabilities` (rows, 3) are at temperature 1.
    """
    logs = np.log(np.maximum(probabilities, 1e-12))

    def loss(log_temperature: float) -> float:
        scaled = logs / math.exp(log_temperature)
        scaled -= scaled.max(axis=1, keepdims=True)
        chosen = scaled[np.arange(len(labels)), labels]
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - chosen))

    found = minimize_scalar(loss, bounds=(math.log(0.2), math.log(8.0)), method="bounded")
    return round(float(math.exp(found.x)), 4)


def soften(probabilities: Array, temperature: float) -> Array:
    """Return p^(1/T), normalised."""
    powered = np.maximum(probabilities, 1e-12) ** (1 / temperature)
    result: Array = powered / powered.sum(axis=1, keepdims=True)
    return result


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
