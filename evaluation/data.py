"""Labelled data for evaluation: a file, a split of the authored statements, or a joined corpus."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.columns import COLUMNS, UNLABELLED, Bools, Ints
from evaluation.tables import read_table
from quotestance.errors import ColumnNotFoundError, InputFormatError

Row = dict[str, Any]


@dataclass(frozen=True)
class Dataset:
    """Labelled rows of one test set.

    `gold` maps each labelled column to label indices of shape (rows,), -1 where a row has none.
    `groups` numbers the group of each row; a row without `group` is a group of its own.
    """

    name: str
    source: str
    rows: list[Row]
    gold: dict[str, Ints]
    groups: Ints

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def texts(self) -> list[str]:
        """The statements, in row order."""
        return [row["text"] for row in self.rows]

    @cached_property
    def ids(self) -> list[str]:
        """The rows' ids; "row 1" and so on, which no other file uses, where a row has none."""
        return [
            f"row {number}" if row.get("id") in (None, "") else str(row["id"])
            for number, row in enumerate(self.rows, 1)
        ]

    @cached_property
    def quotable(self) -> Bools:
        """True where a row's text may be shown; passages of public corpora are named by id only."""
        return np.array([row.get("origin") != "annotated" for row in self.rows], bool)

    @cached_property
    def sha256(self) -> str:
        """Hash of ids, texts and labels: the same content in another file format hashes equal."""
        kept = [
            [name, row["text"], *(row.get(column) or None for column in COLUMNS)]
            for name, row in zip(self.ids, self.rows, strict=True)
        ]
        return hashlib.sha256(json.dumps(kept, ensure_ascii=False).encode()).hexdigest()


def read_dataset(path: Path, name: str | None = None) -> Dataset:
    """Read a labelled JSONL, CSV, TSV or Parquet file with `text` and at least one label column.

    Raises InputNotFoundError, InputFormatError or ColumnNotFoundError, each naming the file.
    """
    return make_dataset(name or path.stem, read_table(path), source=shown_path(path))


def shown_path(path: Path) -> str:
    """Return a path as reports show it: relative where it is below the working directory."""
    resolved = path.resolve()
    inside = resolved.is_relative_to(Path.cwd())
    return str(resolved.relative_to(Path.cwd()) if inside else path)


def make_dataset(name: str, rows: Sequence[Row], *, source: str) -> Dataset:
    """Check rows and index their labels and groups."""
    if not rows:
        raise InputFormatError(f"{source} has no rows: give it at least one labelled statement")
    _check_texts(rows, source)
    present = [column for column in COLUMNS if any(column in row for row in rows)]
    if not present:
        raise ColumnNotFoundError(
            f"{source} has no label column; wanted at least one of {', '.join(COLUMNS)}"
        )
    gold = {column: _label_indices(rows, column, source) for column in present}
    gold = {column: labels for column, labels in gold.items() if (labels >= 0).any()}
    if not gold:
        raise InputFormatError(f"{source} has label columns but not one label in them")
    return Dataset(name, source, list(rows), gold, _group_numbers(rows))


def _check_texts(rows: Sequence[Row], source: str) -> None:
    if not any("text" in row for row in rows):
        raise ColumnNotFoundError(
            f"{source} has no column 'text', only {', '.join(map(str, rows[0]))}"
        )
    for number, row in enumerate(rows, 1):
        text = row.get("text")
        if not isinstance(text, str) or not text.strip():
            raise InputFormatError(f"{source}, row {number}: text is blank or no text: remove it")


def _label_indices(rows: Sequence[Row], column: str, source: str) -> Ints:
    index = {label: i for i, label in enumerate(COLUMNS[column])}
    indices = np.full(len(rows), UNLABELLED, np.int64)
    for i, row in enumerate(rows):
        label = row.get(column)
        if label is None or (isinstance(label, str) and not label.strip()):
            continue
        # Upper or lower case, and blanks around it, as spreadsheets have them.
        plain = label.strip().lower() if isinstance(label, str) else ""
        if plain not in index:
            raise InputFormatError(
                f"{source}, row {i + 1}: {column} is {label!r}, wanted {', '.join(index)} or empty"
            )
        indices[i] = index[plain]
    return indices


def group_of(row: Row) -> str:
    """Return the name of the row's group, also of group 0; "" where it has none."""
    group = row.get("group")
    return "" if group is None else str(group)


def _group_numbers(rows: Sequence[Row]) -> Ints:
    numbers: dict[str, int] = {}
    keys = (group_of(row) or f"\0row {i}" for i, row in enumerate(rows))
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
