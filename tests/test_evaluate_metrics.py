"""Scores recomputed by hand, and against scikit-learn."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.calibration import (
    aurc,
    aurc_samples,
    brier_terms,
    calibration_scores,
    conformal_sets,
    ece_floor,
    equal_mass_bins,
    expected_calibration_error,
)
from evaluation.comparison import holm, mcnemar, paired_difference
from evaluation.intervals import (
    GroupBootstrap,
    percentile_interval,
    pivotal_interval,
    wilson_interval,
)
from evaluation.metrics import accuracy, confusion, f_avg, macro_f1
from evaluation.scores import score_column
from quotestance.labels import STANCES

GOLD = np.array([0, 0, 0, 1, 1, 2, 2, 2, -1])
PREDICTED = np.array([0, 0, 1, 1, 2, 2, 2, 0, 1])
ALL = np.array([True, True, True])


def test_macro_f1_by_hand():
    counts = confusion(GOLD, PREDICTED)
    assert counts.tolist() == [[2, 1, 0], [0, 1, 1], [1, 0, 2]]
    # F1 = 2 TP / (gold + predicted): 4/6, 2/4, 4/6.
    assert macro_f1(counts, ALL) == pytest.approx((2 / 3 + 1 / 2 + 2 / 3) / 3)
    assert f_avg(counts) == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert accuracy(counts) == pytest.approx(5 / 8)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=3, max_size=30))
def test_macro_f1_is_scikit_learns_where_all_labels_occur(pairs):
    from sklearn.metrics import f1_score

    gold, predicted = np.array([*pairs, (0, 0), (1, 1), (2, 2)]).T
    wanted = f1_score(gold, predicted, average="macro")
    assert macro_f1(confusion(gold, predicted), ALL) == pytest.approx(wanted)


def test_a_label_that_gold_lacks_is_left_out_of_macro_f1():
    gold, predicted = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])
    scores = score_column(
        "stance",
        gold,
        probabilities=np.eye(3)[predicted],
        bootstrap=GroupBootstrap(np.arange(4), resamples=100),
        calibrated=False,
    )
    assert scores["macro_f1"] == pytest.approx((1 + 2 / 3) / 2)
    assert scores["per_class"]["neutral"]["f1"] == 0
    assert scores["ece"] is None


def test_ece_by_hand():
    # Two bins of two: |(0 + 1)/2 - (.5 + .6)/2| = .05 and |(1 + 1)/2 - (.8 + .9)/2| = .15.
    confidence, correct = np.array([0.9, 0.5, 0.8, 0.6]), np.array([1.0, 0.0, 1.0, 1.0])
    assert expected_calibration_error(confidence, correct, bins=2) == pytest.approx(0.1)


def test_the_floor_of_the_ece_is_what_chance_alone_gives():
    # One bin of four rows at .5: sqrt(2 / pi * .25 / 4).
    assert ece_floor(np.full(4, 0.5)) == pytest.approx((2 / np.pi * 0.25 / 4) ** 0.5)
    rng = np.random.default_rng(2)
    confidence = rng.uniform(0.4, 1.0, 900)
    chance = [
        expected_calibration_error(confidence, (rng.random(900) < confidence).astype(float))
        for _ in range(200)
    ]
    assert ece_floor(confidence) == pytest.approx(np.mean(chance), rel=0.05)


def test_equal_confidences_share_a_bin():
    bins = equal_mass_bins(np.array([0.4] * 9 + [0.9]), bins=5)
    assert bins.tolist() == [0] * 9 + [1]


def test_aurc_by_hand_and_ties():
    # Surest first: right, wrong, right: risks 0, 1/2, 1/3.
    assert aurc(np.array([0.9, 0.8, 0.7]), np.array([1.0, 0.0, 1.0])) == pytest.approx(5 / 18)
    # Equal confidence says nothing about the order: the risk is 1/2 throughout.
    assert aurc(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == pytest.approx(0.5)


def test_aurc_of_tied_confidences_varies_as_the_error_rate_does():
    rng = np.random.default_rng(3)
    right = (rng.random(300) < 0.7).astype(float)
    bootstrap = GroupBootstrap(np.arange(300), resamples=400)
    drawn = aurc_samples(bootstrap, np.ones(300, bool), confidence=np.ones(300), correct=right)
    errors = bootstrap.sums((1 - right)[:, None])[:, 0] / 300
    np.testing.assert_allclose(drawn, errors, atol=1e-9)
    assert errors.std() > 0.01
    # Without ties each resample is the weighted mean of running error rates.
    some = rng.random(300)
    drawn = aurc_samples(bootstrap, np.ones(300, bool), confidence=some, correct=right)
    rows = np.repeat(np.arange(300), bootstrap.weights[:, 0].astype(int))
    assert drawn[0] == pytest.approx(aurc(some[rows], right[rows]), abs=0.002)


def test_brier_by_hand():
    terms = brier_terms(np.array([[0.7, 0.2, 0.1]]), np.array([0]))
    assert terms.sum() == pytest.approx(0.09 + 0.04 + 0.01)


def test_conformal_sets_by_hand():
    p = np.array([[0.8, 0.1, 0.1], [0.45, 0.45, 0.1], [0.1, 0.3, 0.6], [0.9, 0.05, 0.05]])
    sets = conformal_sets(p, np.array([0, 1, 1, -1]), threshold=0.4, labels=STANCES)
    assert sets["coverage"] == pytest.approx(2 / 3)
    assert sets["set_size"] == pytest.approx(4 / 3)
    assert sets["single"] == pytest.approx(2 / 3)
    assert sets["single_accuracy"] == pytest.approx(1 / 2)
    assert sets["per_class"]["adversarial"] == {"coverage": 0.5, "set_size": 1.5}


def test_interval_by_hand():
    """Two groups: a resample holds both, or one of them twice; all four draws are as likely."""
    gold, predicted = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    groups = np.array([0, 0, 1, 1])
    bootstrap = GroupBootstrap(groups, resamples=4000, seed=1)
    drawn = accuracy(bootstrap.confusions(gold, predicted))
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [0.5, 0.75, 1.0]
    assert counts / 4000 == pytest.approx([0.25, 0.5, 0.25], abs=0.03)
    assert percentile_interval(drawn) == [0.5, 1.0]


def test_interval_of_macro_f1_is_that_of_plain_resampling():
    """The fast way over group counts gives what drawing the groups' rows one by one gives."""
    rng = np.random.default_rng(3)
    gold, predicted = rng.integers(0, 3, (2, 40))
    groups = np.repeat(np.arange(10), 4)
    bootstrap = GroupBootstrap(groups, resamples=200, seed=5)
    fast = macro_f1(bootstrap.confusions(gold, predicted), ALL)
    slow = []
    for weights in bootstrap.weights.astype(int).T:
        rows = np.concatenate([np.flatnonzero(groups == g) for g in np.repeat(range(10), weights)])
        slow.append(float(macro_f1(confusion(gold[rows], predicted[rows]), ALL)))
    assert fast == pytest.approx(slow)
    assert percentile_interval(fast) == pytest.approx(np.percentile(slow, [2.5, 97.5]))


def test_groups_make_intervals_wider_where_their_rows_are_alike():
    gold = np.zeros(100, int)
    predicted = np.repeat([0, 1], 50)
    alike = np.repeat(np.arange(10), 10)

    def width(groups):
        drawn = GroupBootstrap(groups).confusions(gold, predicted)
        low, high = percentile_interval(accuracy(drawn))
        return high - low

    assert width(alike) > 2 * width(np.arange(100))


def test_many_groups_are_drawn_in_blocks_with_the_same_interval():
    rng = np.random.default_rng(2)
    values = rng.random((20_000, 1))
    bootstrap = GroupBootstrap(np.arange(20_000), resamples=1000)
    assert bootstrap.weights.shape == (5000, 1000)
    # The standard error of the mean of 20,000 uniform numbers: sqrt(1 / 12 / 20000) = .00204.
    assert (bootstrap.sums(values) / 20_000).std() == pytest.approx(0.00204, rel=0.08)


def test_intervals_cover_the_truth():
    """Of 200 samples with accuracy .8, the 95 % interval holds .8 in at least 90 %."""
    rng = np.random.default_rng(11)
    hits = 0
    for seed in range(200):
        predicted = (rng.random(120) > 0.8).astype(int)
        bootstrap = GroupBootstrap(np.arange(120), resamples=300, seed=seed)
        drawn = bootstrap.confusions(np.zeros(120, int), predicted)
        low, high = percentile_interval(accuracy(drawn))
        hits += low <= 0.8 <= high
    assert hits >= 180


def test_calibration_intervals_hold_the_estimates():
    rng = np.random.default_rng(0)
    p = rng.dirichlet([2, 1, 1], 300)
    gold = np.array([rng.choice(3, p=row) for row in p])
    bootstrap = GroupBootstrap(np.arange(300), resamples=300)
    scores = calibration_scores(p, gold, bootstrap=bootstrap, labels=STANCES)
    for name in ("ece", "brier", "aurc"):
        low, high = scores[f"{name}_ci"]
        assert low <= scores[name] <= high, name
    assert scores["ece"] < 0.1
    assert sum(point["n"] for point in scores["reliability"]) == 300


@pytest.mark.parametrize(
    ("samples", "estimate", "wanted"),
    [
        ([0.05, 0.12], 0.10, [0.08175, 0.14825]),  # mirrored: 2 x 0.1 - 0.11825, 2 x 0.1 - 0.05175
        ([0.10, 0.10], 0.04, [0.0, 0.04]),  # cut at zero, and never below the estimate
    ],
)
def test_pivotal_interval_mirrors_at_the_estimate(samples, estimate, wanted):
    assert pivotal_interval(np.array(samples), estimate) == pytest.approx(wanted)


def test_wilson_interval_of_a_textbook_case():
    # Newcombe (1998), table I: 81 of 263.
    assert wilson_interval(81, 263) == pytest.approx([0.2553, 0.3662], abs=1e-4)


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [(0, 0, 1.0), (5, 5, 1.0), (0, 6, 2 / 64), (1, 9, 2 * 11 / 1024)],
)
def test_mcnemar_by_hand(first, second, p):
    assert mcnemar(first, second) == pytest.approx(p)


def test_holm_by_hand_in_any_order():
    wanted = {0.01: 0.03, 0.03: 0.06, 0.04: 0.06}
    for order in itertools.permutations(wanted):
        assert holm(order) == pytest.approx([wanted[p] for p in order])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_paired_difference_sees_the_better_model():
    rng = np.random.default_rng(7)
    gold = rng.integers(0, 3, 400)
    good = np.where(rng.random(400) < 0.9, gold, (gold + 1) % 3)
    poor = np.where(rng.random(400) < 0.6, gold, (gold + 1) % 3)
    bootstrap = GroupBootstrap(np.arange(400), resamples=500)
    found = paired_difference(gold, good, second=poor, bootstrap=bootstrap)
    assert found["difference"] == pytest.approx(
        float(macro_f1(confusion(gold, good), ALL) - macro_f1(confusion(gold, poor), ALL))
    )
    assert found["ci"][0] > 0.2
    assert max(found["p_bootstrap"], found["p_mcnemar"]) < 1e-6
    same = paired_difference(gold, good, second=good, bootstrap=bootstrap)
    assert (same["difference"], same["p_bootstrap"], same["p_mcnemar"]) == (0, 1, 1)


def test_one_group_alone_claims_no_certainty():
    gold = np.array([0, 1, 2, 0])
    bootstrap = GroupBootstrap(np.zeros(4, int), resamples=50)
    found = paired_difference(gold, gold, second=np.zeros(4, int), bootstrap=bootstrap)
    assert found["difference"] > 0
    assert (found["ci"], found["p_bootstrap"]) == (None, 1.0)
