"""Scores on parts of a test set: origin, source, register, phenomenon, length, year and so on."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from evaluation.columns import Bools, Floats, Ints
from evaluation.data import Dataset, Row
from evaluation.intervals import GroupBootstrap, confusion_cells, percentile_interval
from evaluation.metrics import accuracy, macro_f1
from evaluation.scores import number

FIELDS = (
    "origin",
    "source",
    "register",
    "side",
    "theme",
    "english",
    "target_naming",
    "target_form",
    "phenomena",
)
SMALL = 30
"""Fewer labelled rows than this: the slice is marked as small and sorted behind the others."""
SMALLEST = 5
"""Fewer rows than this: the slice is left out."""
_LENGTHS = ((12, "up to 12 words"), (25, "13-25 words"), (50, "26-50 words"))


def length_bin(text: str) -> str:
    """Return the length class of a statement, in words."""
    words = len(text.split())
    return next((name for most, name in _LENGTHS if words <= most), "over 50 words")


def _memberships(row: Row) -> Iterator[tuple[str, str]]:
    yield "length", length_bin(row["text"])
    for field in FIELDS:
        value = row.get(field)
        # A list stands in a CSV field with commas.
        values = value.split(",") if field == "phenomena" and isinstance(value, str) else value
        values = values if isinstance(values, list) else [values]
        for one in values:
            if one not in (None, ""):
                yield field, str(one).strip()
    year = str(row.get("year") or "")
    if year.isdigit():
        yield "year", year


def find_slices(data: Dataset) -> dict[tuple[str, str], Bools]:
    """Return the rows of every slice with at least two values in its field.

    Fields that the data do not have give no slice.
    """
    masks: dict[tuple[str, str], Bools] = {}
    for i, row in enumerate(data.rows):
        for key in _memberships(row):
            masks.setdefault(key, np.zeros(len(data), bool))[i] = True
    values = [field for field, _ in masks]
    return {key: mask for key, mask in masks.items() if values.count(key[0]) > 1}


def score_slices(
    masks: dict[tuple[str, str], Bools], gold: Ints, predicted: Ints, *, bootstrap: GroupBootstrap
) -> list[dict[str, Any]]:
    """Return the slices of one column, the worst macro-F1 first and small ones last.

    A slice's macro-F1 averages over the classes that occur in it.
    """
    cells = confusion_cells(gold, predicted)
    entries = []
    for (field, value), mask in masks.items():
        rows = mask & (gold >= 0)
        if rows.sum() >= SMALLEST:
            entries.append({"field": field, "value": value, **_score(cells, rows, bootstrap)})
    return sorted(entries, key=lambda entry: (entry["small"], entry["macro_f1"]))


def _score(cells: Floats, rows: Bools, bootstrap: GroupBootstrap) -> dict[str, Any]:
    counts = cells[rows].sum(0).reshape(3, 3)
    present = counts.sum(1) > 0
    drawn = macro_f1(bootstrap.sums(cells, rows).reshape(-1, 3, 3), present)
    groups = len(np.unique(bootstrap.groups[rows]))
    # Neither one group nor a slice without an error says how far the score may be off.
    varied = groups > 1 and np.nanstd(drawn) > 0
    return {
        "n": int(rows.sum()),
        "groups": groups,
        "classes": int(present.sum()),
        "macro_f1": number(macro_f1(counts, present)),
        "ci": percentile_interval(drawn) if varied else None,
        "accuracy": number(accuracy(counts)),
        "small": bool(rows.sum() < SMALL),
    }


def add_others(
    entries: list[dict[str, Any]],
    masks: dict[tuple[str, str], Bools],
    gold: Ints,
    *,
    others: dict[str, Ints],
) -> None:
    """Add `others`: the macro-F1 of every other model on the same slice."""
    cells = {name: confusion_cells(gold, predicted) for name, predicted in others.items()}
    for entry in entries:
        mask = masks[entry["field"], entry["value"]]
        entry["others"] = {}
        for name, table in cells.items():
            counts = table[mask].sum(0).reshape(3, 3)
            entry["others"][name] = number(macro_f1(counts, counts.sum(1) > 0))
