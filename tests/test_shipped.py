"""The model that ships: small, whole, and right on what nobody would dispute."""

import json
from pathlib import Path

import pytest

import quotestance
from quotestance.config import read_config

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "models" / "default"
GOLDEN = Path(__file__).with_name("golden.json")


@pytest.fixture(scope="module")
def classifier():
    return quotestance.load()


def test_it_fits_into_25_megabytes():
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 25_000_000


def test_its_card_says_what_its_config_says():
    config = read_config(SHIPPED)
    card = (SHIPPED / "README.md").read_text(encoding="utf-8")
    assert config.training["data_sha256"] in card
    for scores in config.scores.values():
        assert all(f"{value:.3f}" in card for value in scores.values())


@pytest.mark.parametrize(
    ("statement", "target", "label"),
    [
        ("We must and we will continue to support Ukraine.", "NATO/Ukraine", "supportive"),
        ("We must and we will continue to support Ukraine.", "Ukraine", "supportive"),
        ("We must and we will continue to support Ukraine.", "NATO", "neutral"),
        ("NATO was created as an instrument of confrontation.", "NATO", "adversarial"),
        ("NATO was created as an instrument of confrontation.", "Ukraine", "neutral"),
        ("The government in Kyiv are criminals who ruined our country.", "Ukraine", "adversarial"),
        ("Not one more dollar for Ukraine.", "Ukraine", "adversarial"),
        ("The meeting will take place in Brussels on 14 December.", "NATO/Ukraine", "neutral"),
    ],
)
def test_the_plain_cases(classifier, statement, target, label):
    assert classifier.predict_one(statement).stance[target].label == label


def test_golden_predictions(classifier):
    """The released model's answers, as `benchmarks/golden.py` wrote them for this release."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    predictions = classifier.predict([entry["text"] for entry in golden])
    for entry, prediction in zip(golden, predictions, strict=True):
        for target, (label, score) in entry["stance"].items():
            decision = prediction.stance[target]
            # Kernels differ by processor; a label may only change where it was nearly a tie.
            assert decision.probabilities[label] == pytest.approx(score, abs=0.08), entry["text"]
