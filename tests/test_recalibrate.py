"""A saved pipeline calibrated anew, on rows of the user's."""

import csv

import numpy as np
import pytest
import tiny_encoder
import tiny_training

import quotestance
from quotestance.config import read_config
from quotestance.labels import TARGETS
from training import recalibrate, train

TEXTS = [text for text, *_ in tiny_training.TEXTS]
NAMES = ("supportive", "adversarial", "neutral")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    encoder = tiny_encoder.bert(tmp_path_factory.mktemp("bert"), layers=1)
    directory = tmp_path_factory.mktemp("saved") / "m"
    with pytest.MonkeyPatch.context() as patch:
        tiny_training.use_statements(patch)
        train.train(tiny_training.recipe(encoder), directory)
    return directory


def table(path, saved, rows=160, wrong=0.9):
    """Write statements labelled as the pipeline answers, but for a share labelled by chance."""
    texts = [f"{TEXTS[k % 4]} {'.' * (k % 9)}" for k in range(rows)]
    answers = quotestance.load(saved).probabilities(texts, TARGETS).stance[:, 0].argmax(-1)
    chance = np.random.default_rng(1)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "stance"])
        for text, answer in zip(texts, answers, strict=True):
            label = chance.integers(3) if chance.random() < wrong else answer
            writer.writerow([text, NAMES[label]])
    return path


def test_confidence_becomes_that_of_the_rows(saved, tmp_path):
    out = tmp_path / "new"
    path = table(tmp_path / "mine.csv", saved)
    assert recalibrate.main([str(saved), "-o", str(out), "--table", str(path)]) == 0
    before, after = quotestance.load(saved), quotestance.load(out)
    texts = [f"{text} {'.' * k}" for text in TEXTS for k in range(9)]
    old, new = (one.probabilities(texts, TARGETS) for one in (before, after))
    assert np.array_equal(old.stance.argmax(-1), new.stance.argmax(-1))
    # Nine tenths of the labels are chance: two fifths are right. Other columns have none.
    assert new.stance[:, 0].max(-1).mean() == pytest.approx(0.4, abs=0.08)
    assert abs(old.stance[:, 0].max(-1).mean() - 0.4) > 0.2
    np.testing.assert_allclose(new.stance[:, 1:], old.stance[:, 1:], atol=1e-6)
    np.testing.assert_allclose(new.sentiment, old.sentiment, atol=1e-6)
    config, was = read_config(out), read_config(saved)
    assert set(config.abstention) == set(was.abstention)
    assert config.abstention["90%"]["stance_nato"] == was.abstention["90%"]["stance_nato"]
    assert config.abstention["90%"]["stance"] != was.abstention["90%"]["stance"]
    card = (out / "README.md").read_text()
    assert "fitted on 160 labelled statements of the user's: stance " in card
    assert card.count("## Calibration and abstention") == card.count("## Size and int8") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv", "new"]


def test_what_cannot_be_done_is_refused(saved, tmp_path, capsys):
    few = table(tmp_path / "few.csv", saved, rows=99)
    for arguments, words in (
        ([str(saved), "-o", str(tmp_path / "x"), "--table", str(few)], "99 labelled statements"),
        (
            [str(saved), "-o", str(saved), "--table", str(table(tmp_path / "t.csv", saved))],
            "is there",
        ),
        ([str(tmp_path), "-o", str(tmp_path / "x"), "--table", str(tmp_path / "t.csv")], "config"),
        ([str(saved), "-o", str(tmp_path / "x"), "--table", str(tmp_path / "no.csv")], "no file"),
    ):
        assert recalibrate.main(arguments) == 3
        error = capsys.readouterr().err
        assert words in error and error.count("\n") == 1
    assert not (tmp_path / "x").exists() and not (tmp_path / "x.partial").exists()
