"""Suspected label errors by confident learning (Northcutt et al., 2021), for a person to review."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.columns import COLUMNS, Floats, Ints
from evaluation.data import Dataset
from evaluation.scorers import Answers, Scorer
from quotestance.errors import InputFormatError, MissingExtraError, OutputError
from training.statements import STATEMENTS, read_rows


def suspected_errors(scorer: Scorer, data: Dataset, answers: Answers) -> list[dict[str, Any]]:
    """Return the rows whose labels the model disputes, the least plausible label first.

    The model must not have been trained on the rows. Raises InputFormatError for a training
    split and for a model without probabilities.
    """
    if data.name.endswith("-train") or trained_on(data):
        raise InputFormatError(
            f"{data.name} was trained on: its label errors look plausible to the model; "
            "use a validation, calibration or test split"
        )
    if not scorer.probabilistic:
        raise InputFormatError(f"{scorer.name} gives no probabilities: use a saved pipeline")
    found = []
    for column, gold in data.gold.items():
        if column in answers:
            rows = np.flatnonzero(gold >= 0)
            table = answers[column][rows].astype(np.float64)
            for position, quality in _issues(gold[rows], table):
                entry = _describe(data, int(rows[position]), column)
                entry["quality"] = quality
                entry |= _suggestion(column, table[position])
                found.append(entry)
    return sorted(found, key=lambda entry: float(entry["quality"]))


def trained_on(data: Dataset) -> bool:
    """Return whether the rows stand in the dataset's training file, under whatever name."""
    path = STATEMENTS / "train.jsonl"
    if not path.is_file():
        return False
    ids = set(data.ids)
    return any(row["id"] in ids for row in read_rows(path))


def _issues(gold: Ints, table: Floats) -> list[tuple[int, float]]:
    try:
        from cleanlab.filter import find_label_issues
        from cleanlab.rank import get_label_quality_scores
    except ImportError as error:
        raise MissingExtraError(
            "--label-errors needs cleanlab: pip install 'quotestance[dev]'"
        ) from error
    # cleanlab wants the classes that occur, numbered without gaps.
    classes, labels = np.unique(gold, return_inverse=True)
    if len(classes) < 2:
        return []
    known = table[:, classes] / table[:, classes].sum(1, keepdims=True)
    issues = find_label_issues(labels, known, filter_by="both", n_jobs=1)
    quality = get_label_quality_scores(labels, known)
    return [(int(i), float(quality[i])) for i in np.flatnonzero(issues)]


def _suggestion(column: str, p: Floats) -> dict[str, Any]:
    labels = COLUMNS[column]
    return {
        "suggested": labels[int(p.argmax())],
        "probabilities": {label: round(float(q), 4) for label, q in zip(labels, p, strict=True)},
    }


def _describe(data: Dataset, row: int, column: str) -> dict[str, Any]:
    return {
        "data": data.name,
        "id": data.ids[row],
        "text": data.texts[row] if data.quotable[row] else None,
        "column": column,
        "given": COLUMNS[column][int(data.gold[column][row])],
    }


def write_suspects(suspects: Sequence[dict[str, Any]], path: Path) -> None:
    """Write the suspects as JSONL; raise OutputError where it cannot be written."""
    lines = [json.dumps(entry, ensure_ascii=False) + "\n" for entry in suspects]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error}") from error
