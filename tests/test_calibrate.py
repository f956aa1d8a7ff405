"""Temperatures and conformal thresholds: by hand, and as promised over repeated splits."""

import numpy as np
import pytest
from scipy.stats import binom

from training.calibrate import conformal_threshold, fit_temperature, soften


def simulated(rows: int, seed: int, sharpness: float = 3.0):
    chance = np.random.default_rng(seed)
    logits = chance.normal(size=(rows, 3)) * sharpness
    true = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    labels = np.array([chance.choice(3, p=row) for row in true])
    return true, labels


def test_threshold_by_hand():
    p = np.array([[0.1, 0.9], [0.2, 0.8], [0.3, 0.7], [0.4, 0.6]])
    labels = np.array([0, 0, 0, 0])
    # n = 4, coverage 60 %: k = floor(5 * 0.4) = 2, the second smallest of .1 .2 .3 .4.
    assert conformal_threshold(p, labels, 0.6) == pytest.approx(0.2)
    # Too few rows for 90 %: k = 0, so every label enters.
    assert conformal_threshold(p, labels, 0.9) == 0.0


def test_overconfident_probabilities_get_a_temperature_above_one():
    true, labels = simulated(4000, 1)
    sharp = soften(true, 0.5)
    assert fit_temperature(true, labels) == pytest.approx(1.0, abs=0.1)
    assert fit_temperature(sharp, labels) == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_coverage_is_kept_over_repeated_splits(coverage):
    """The share of covered rows over 200 fresh splits is at least the promise, up to chance."""
    covered = total = 0
    for seed in range(200):
        p, labels = simulated(400, seed)
        threshold = conformal_threshold(p[:200], labels[:200], coverage)
        covered += int((p[np.arange(200, 400), labels[200:]] >= threshold).sum())
        total += 200
    # Rows of one split share a threshold, so the effective number is nearer the splits' own.
    assert covered >= binom.ppf(0.001, total // 20, coverage) * 20


def test_coverage_must_be_a_share():
    with pytest.raises(ValueError, match=r"1\.5"):
        conformal_threshold(np.ones((2, 3)) / 3, np.zeros(2, int), 1.5)
