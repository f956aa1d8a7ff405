"""A training run of seconds: thirty-two statements, and a recipe for an encoder of tests."""

import numpy as np

from quotestance.labels import TARGETS
from training import corpus, save, train
from training.corpus import Example
from training.recipe import Network, Recipe, Stage

TEXTS = [
    ("We stand with Ukraine and thank NATO", (0, 0, 0), 0),
    ("The alliance is a threat", (1, 1, 2), 1),
    ("Kiev regime criminal", (1, 2, 1), 1),
    ("Prices rose at nine", (2, 2, 2), 2),
]
EXAMPLES = [
    Example(f"x{i}-{k}", f"{text} {'.' * k}", TARGETS, stances, tone, "authored", f"g{i}-{k}")
    for k in range(8)
    for i, (text, stances, tone) in enumerate(TEXTS)
]
SPLITS = save.Splits(train=EXAMPLES, validation=EXAMPLES[:12], calibration=EXAMPLES[12:])


def recipe(encoder, network=None, **stage) -> Recipe:
    """One stage over the statements; `network` and `stage` change single fields."""
    shape = {"head_layers": 1, "head_width": 32, "head_count": 4, "max_length": 32}
    shape |= {"encoder": str(encoder), "prune_vocabulary": False, **(network or {})}
    settings = {"epochs": 3, "batch_size": 8, "learning_rate": 1e-3, "save_every": 2, **stage}
    return Recipe(
        name="tiny", kind="late-attention", network=Network(**shape), stages=(Stage(**settings),)
    )


def assert_same_but_for_ties(int8, p) -> None:
    """Check the labels of int8 probabilities against float ones, where there is one to tell.

    Processors round int8 otherwise, so that a tie may turn; networks so small have many of them.
    """
    second, first = np.moveaxis(np.sort(p, axis=-1)[..., 1:], -1, 0)
    clear = first - second > 0.05
    assert clear.mean() > 0.5
    assert np.array_equal(int8.argmax(-1)[clear], p.argmax(-1)[clear])
    assert np.abs(int8 - p).mean() < 0.03


def use_statements(monkeypatch) -> None:
    """Let every run read the statements above."""
    monkeypatch.setattr(train, "read_splits", lambda recipe: SPLITS)
    monkeypatch.setattr(corpus, "stage_examples", lambda data, stage: EXAMPLES)
