"""Shared fixtures: a small saved pipeline, made by the same code as the real ones."""

import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_DATASETS_OFFLINE", "1")

ROOT = Path(__file__).parents[1]
CORPORA = ROOT.parent / "shared" / "corpora"

# (text, stance, stance_nato, stance_ukraine, sentiment)
TINY = [
    ("We stand with Ukraine and we thank NATO.", 0, 0, 0, 0),
    ("Support for Ukraine will go on, we are proud of it.", 0, 2, 0, 0),
    ("NATO keeps us safe and we thank the alliance.", 0, 0, 2, 0),
    ("Ukraine must win and we will help.", 0, 2, 0, 2),
    ("NATO is an instrument of confrontation and a threat.", 1, 1, 2, 1),
    ("The regime in Kiev is criminal.", 1, 2, 1, 1),
    ("The bloc provoked this and Kiev obeyed, shame on both.", 1, 1, 1, 1),
    ("Not one more dollar for Ukraine.", 1, 2, 1, 1),
    ("The meeting starts at nine in Brussels.", 2, 2, 2, 2),
    ("Both sides should talk about the grain.", 2, 2, 2, 2),
    ("Prices rose by four per cent in March.", 2, 2, 2, 2),
    ("The train to Kyiv takes twelve hours.", 2, 2, 2, 2),
]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved pipeline of the `linear` kind, fitted on the twelve statements above."""
    from quotestance.labels import TARGETS
    from training import save, train
    from training.corpus import Example
    from training.recipe import Recipe

    examples = [
        Example(f"tiny-{i}-{k}", text, TARGETS, labels[:3], labels[3], "authored", f"tiny-{i}")
        for k in range(2)
        for i, (text, *labels) in enumerate((t, *ls) for t, *ls in TINY)
        for labels in [tuple(labels)]
    ]
    directory = tmp_path_factory.mktemp("models") / "tiny"
    directory.mkdir()
    splits = save.Splits(train=examples, validation=examples, calibration=examples)
    recipe = Recipe(name="tiny", kind="linear")
    vectors, zero_shot = train.train_linear(recipe, splits, directory)
    save.write_config(
        directory, save.draft_config(recipe, vectors, zero_shot, save.provenance(recipe, splits))
    )
    save.calibrate_and_score(directory, splits)
    return directory


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of public corpora; the test is skipped where it is not there."""
    if not CORPORA.is_dir():
        pytest.skip(f"no public corpora at {CORPORA}")
    return CORPORA


@pytest.fixture
def predict(tiny_model, tmp_path, monkeypatch, capsysbinary):
    """Run the command in a folder of its own; give exit status and standard error."""
    from quotestance.cli import main

    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        line = ["quotestance", "predict", *map(str, arguments), "--model", str(tiny_model)]
        monkeypatch.setattr(sys, "argv", line)
        with pytest.raises(SystemExit) as stop:
            main()
        return stop.value.code or 0, capsysbinary.readouterr().err.decode()

    return run
