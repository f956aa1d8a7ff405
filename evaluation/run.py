"""The whole evaluation: every model on every test set, then the suites and the comparisons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.calibration import conformal_sets
from evaluation.columns import COLUMNS
from evaluation.comparison import correct_comparisons, paired_difference
from evaluation.data import Dataset
from evaluation.intervals import RESAMPLES, SEED, GroupBootstrap
from evaluation.scorers import Answers, SavedModel, Scorer
from evaluation.scores import score_column
from evaluation.slices import find_slices, score_slices
from evaluation.targets import ASKED, target_use


@dataclass(frozen=True)
class Options:
    """How an evaluation runs. `challenge` is the folder of the suites; None leaves them out."""

    resamples: int = RESAMPLES
    seed: int = SEED
    challenge: Path | None = None


def evaluate(
    scorers: Sequence[Scorer],
    sets: Sequence[Dataset],
    *,
    options: Options,
    progress: Callable[[str], None] = lambda step: None,
) -> dict[str, Any]:
    """Return the measured part of metrics.json: results, target use, slices, comparisons, suites.

    The first model is the reference that the others are compared with.
    """
    measured: dict[str, Any] = {
        name: {} for name in ("results", "target_use", "slices", "conformal")
    }
    comparisons: list[dict[str, Any]] = []
    for data in sets:
        bootstrap = GroupBootstrap(data.groups, resamples=options.resamples, seed=options.seed)
        answers: dict[str, Answers] = {}
        for scorer in scorers:
            progress(f"{scorer.name} on {data.name}")
            answer = _answer(scorer, data)
            if answer is not None:
                answers[scorer.name] = answer
                part = _one(scorer, data, answer, bootstrap=bootstrap)
                for name, value in part.items():
                    measured[name].setdefault(data.name, {})[scorer.name] = value
        comparisons += _comparisons(data, answers, bootstrap)
    correct_comparisons(comparisons)
    return measured | {"comparisons": comparisons}


def _answer(scorer: Scorer, data: Dataset) -> Answers | None:
    if isinstance(scorer, SavedModel):
        # All targets of the evaluation in one pass: an added target costs next to nothing.
        scorer.prepare(data.texts, ASKED)
    return scorer.answer(data.texts, data.ids)


def _one(
    scorer: Scorer, data: Dataset, answer: Answers, *, bootstrap: GroupBootstrap
) -> dict[str, Any]:
    masks = find_slices(data)
    results, slices, conformal = {}, {}, {}
    for column, gold in data.gold.items():
        if column not in answer:
            continue
        table = answer[column]
        results[column] = score_column(
            column, gold, probabilities=table, bootstrap=bootstrap, calibrated=scorer.probabilistic
        )
        slices[column] = score_slices(masks, gold, table.argmax(1), bootstrap=bootstrap)
        if isinstance(scorer, SavedModel):
            conformal[column] = {
                level: conformal_sets(
                    table, gold, threshold=thresholds[column], labels=COLUMNS[column]
                )
                for level, thresholds in scorer.config.abstention.items()
                if column in thresholds
            }
    return {
        "results": results,
        "slices": slices,
        "conformal": conformal or None,
        "target_use": target_use(scorer, data, bootstrap=bootstrap),
    }


def _comparisons(
    data: Dataset, answers: dict[str, Answers], bootstrap: GroupBootstrap
) -> list[dict[str, Any]]:
    names = list(answers)
    entries = []
    for other in names[1:]:
        for column, gold in data.gold.items():
            pair = [answers[name].get(column) for name in (names[0], other)]
            if pair[0] is not None and pair[1] is not None:
                first, second = (np.asarray(table).argmax(1) for table in pair)
                difference = paired_difference(gold, first, second=second, bootstrap=bootstrap)
                key = {"data": data.name, "column": column, "first": names[0], "second": other}
                entries.append(key | difference)
    return entries
