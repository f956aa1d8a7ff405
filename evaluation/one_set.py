"""Everything that is measured on one test set: each model alone, its slices, and against others."""

from typing import Any

from evaluation.behaviour import minimal_pairs
from evaluation.calibration import conformal_sets
from evaluation.columns import COLUMNS
from evaluation.comparison import paired_difference
from evaluation.data import Dataset
from evaluation.intervals import GroupBootstrap
from evaluation.scorers import Answers, SavedModel, Scorer
from evaluation.scores import score_column
from evaluation.slices import add_others, find_slices, score_slices
from evaluation.targets import target_use


def score_model(
    scorer: Scorer, data: Dataset, answer: Answers, *, bootstrap: GroupBootstrap
) -> dict[str, Any]:
    """Return one model's results, conformal sets, target use and minimal pairs."""
    results = {
        column: score_column(
            column,
            gold,
            probabilities=answer[column],
            bootstrap=bootstrap,
            calibrated=scorer.probabilistic,
        )
        for column, gold in data.gold.items()
        if column in answer
    }
    return {
        "results": results,
        "conformal": _conformal(scorer, data, answer),
        "target_use": target_use(scorer, data, bootstrap=bootstrap),
        "minimal_pairs": minimal_pairs(data, answer),
    }


def _conformal(scorer: Scorer, data: Dataset, answer: Answers) -> dict[str, Any] | None:
    """Return level -> column -> coverage and set size; None where the model has no thresholds."""
    if not isinstance(scorer, SavedModel) or not scorer.config.abstention:
        return None
    return {
        level: {
            column: conformal_sets(
                answer[column], gold, threshold=thresholds[column], labels=COLUMNS[column]
            )
            for column, gold in data.gold.items()
            if column in thresholds
        }
        for level, thresholds in scorer.config.abstention.items()
    }


def model_slices(
    data: Dataset, first: str, *, answers: dict[str, Answers], bootstrap: GroupBootstrap
) -> dict[str, list[dict[str, Any]]]:
    """Return column -> slices of the model `first`, with the other models' scores beside.

    None where that model did not answer this set.
    """
    if first not in answers:
        return {}
    masks = find_slices(data)
    rest = {name: answer for name, answer in answers.items() if name != first}
    table = {}
    for column, gold in data.gold.items():
        if column in answers[first]:
            predicted = answers[first][column].argmax(1)
            entries = score_slices(masks, gold, predicted, bootstrap=bootstrap)
            others = {
                name: answer[column].argmax(1) for name, answer in rest.items() if column in answer
            }
            add_others(entries, masks, gold, others=others)
            table[column] = entries
    return table


def compare_models(
    data: Dataset, first: str, *, answers: dict[str, Answers], bootstrap: GroupBootstrap
) -> list[dict[str, Any]]:
    """Return the paired differences of the model `first` from each other one, per column.

    None where that model did not answer this set.
    """
    if first not in answers:
        return []
    entries = []
    base = answers[first]
    for name, answer in answers.items():
        if name == first:
            continue
        for column, gold in data.gold.items():
            if column in base and column in answer:
                difference = paired_difference(
                    gold,
                    base[column].argmax(1),
                    second=answer[column].argmax(1),
                    bootstrap=bootstrap,
                )
                key = {"data": data.name, "column": column, "first": first, "second": name}
                entries.append(key | difference)
    return entries
