"""Calibrations and conformal thresholds: by hand, and as promised over repeated splits."""

import numpy as np
import pytest
from scipy.stats import binom

from quotestance.calibration import Calibration, calibrated
from training.calibrate import conformal_threshold, fit


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


def test_calibration_by_hand():
    p = np.array([[0.64, 0.32, 0.04]])
    same = calibrated(p, Calibration())
    np.testing.assert_allclose(same, p)
    roots = np.sqrt(p)  # p ** (1 / 2), then normalised
    np.testing.assert_allclose(calibrated(p, Calibration(0.0, 2.0)), roots / roots.sum())
    less = p**2 / (p + 0.04)
    np.testing.assert_allclose(calibrated(p, Calibration(0.04)), less / less.sum())
    assert calibrated(p, Calibration(0.04))[0, 2] < 0.03


def test_the_greatest_label_brings_a_temperature_of_its_own():
    p = np.array([[0.64, 0.32, 0.04], [0.04, 0.32, 0.64]])
    how = Calibration(0.0, 2.0, (1.0, 1.0, 0.5))
    roots = np.sqrt(p[0])
    expected = [roots / roots.sum(), p[1]]  # the second: p ** (1 / (2 * 0.5))
    np.testing.assert_allclose(calibrated(p, how), expected)
    # As one of several columns, too, and with both greatest labels in one column.
    both = calibrated(np.stack([p, p], axis=1), Calibration(), how)
    np.testing.assert_allclose(both[:, 0], p)
    np.testing.assert_allclose(both[:, 1], expected)
    generator = np.random.default_rng(3)
    many = generator.dirichlet((1, 1, 1), 500)
    assert (calibrated(many, how).argmax(-1) == many.argmax(-1)).all()


def test_several_calibrations_each_get_their_column():
    p = np.array([[[0.5, 0.3, 0.2], [0.1, 0.8, 0.1]]] * 4)
    first, second = Calibration(0.01, 1.5), Calibration(0.0, 0.7)
    both = calibrated(p, first, second)
    np.testing.assert_allclose(both[:, 0], calibrated(p[:, 0], first))
    np.testing.assert_allclose(both[:, 1], calibrated(p[:, 1], second))


def test_a_distorted_network_is_set_right():
    """Too sharp, or smoothed: it is found again, and the likelihood too."""
    true, labels = simulated(6000, 1)
    assert fit(true, labels).temperature == pytest.approx(1.0, abs=0.1)
    sharp = calibrated(true, Calibration(0.0, 0.5))
    assert fit(sharp, labels).temperature == pytest.approx(2.0, abs=0.2)
    for network in (sharp, 0.95 * calibrated(true, Calibration(0, 1.4)) + 0.05 / 3):
        loss, best = (
            -np.log(p[np.arange(len(labels)), labels]).mean()
            for p in (calibrated(network, fit(network, labels)), true)
        )
        assert loss < best + 0.004


def test_a_network_too_sure_of_one_answer_alone_is_set_right():
    true, labels = simulated(12000, 5, 1.5)
    off = Calibration(0.0, 1.0, (0.5, 1.0, 1.6))
    network = calibrated(true, off)
    found = fit(network, labels)
    whole = found.temperature * np.array(found.by_label)
    np.testing.assert_allclose(whole, 1 / np.array(off.by_label), rtol=0.12)
    p = calibrated(network, found)
    for answer in range(3):
        rows = p.argmax(-1) == answer
        assert p[rows].max(-1).mean() == pytest.approx((labels[rows] == answer).mean(), abs=0.015)


def test_confidence_is_even_where_no_temperature_fits():
    """Half of the rows are surer than they are right, by nothing that a temperature can mend."""
    true, labels = simulated(8000, 7, 2.0)
    network = true.copy()
    network[::2] = calibrated(true[::2], Calibration(0.0, 0.35))
    odd = np.arange(len(labels)) % 9 == 0  # and one in nine is labelled by chance
    labels[odd] = np.random.default_rng(8).integers(0, 3, odd.sum())
    p = calibrated(network, fit(network, labels))
    right = p.argmax(-1) == labels
    assert abs(p.max(-1).mean() - right.mean()) < 0.01


def test_an_answer_that_is_hardly_given_keeps_its_temperature():
    true, labels = simulated(600, 6)
    rare = true * [1.0, 1.0, 1e-3]
    rare /= rare.sum(1, keepdims=True)
    assert (rare.argmax(-1) == 2).sum() < 30
    assert fit(rare, labels).by_label[2] == 1.0


@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_coverage_is_kept_over_repeated_splits(coverage):
    """Over 60 fresh splits, calibrated on the rows of the threshold, as the training does."""
    covered = total = 0
    for seed in range(60):
        raw, labels = simulated(800, seed)
        raw = calibrated(raw, Calibration(0.0, 0.6))
        found = fit(raw[:400], labels[:400])
        p = calibrated(raw, found)
        threshold = conformal_threshold(p[:400], labels[:400], coverage)
        covered += int((p[np.arange(400, 800), labels[400:]] >= threshold).sum())
        total += 400
    # Rows of one split share a threshold, so the effective number is nearer the splits' own.
    assert covered >= binom.ppf(0.001, total // 20, coverage) * 20


def test_coverage_must_be_a_share():
    with pytest.raises(ValueError, match=r"1\.5"):
        conformal_threshold(np.ones((2, 3)) / 3, np.zeros(2, int), 1.5)
