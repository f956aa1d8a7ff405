"""A table of another tool's predictions, scored as a model: `--predictions FILE`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.columns import COLUMNS, Floats
from evaluation.data import Row, shown_path
from evaluation.scorers import Answers
from evaluation.tables import read_table
from quotestance.config import sha256
from quotestance.errors import ColumnNotFoundError, InputFormatError


class PredictionTable:
    """Predictions joined to a test set by `id`, or else by `text`.

    Columns as `quotestance predict --probabilities` writes them: a label per column, and
    optionally one probability per label (`stance_supportive`, ...), each name behind `prefix`.
    Raises ColumnNotFoundError or InputFormatError, also where it is unclear which columns are the
    predictions.
    """

    kind = "predictions"
    answers_any_text = False

    def __init__(self, path: Path, name: str | None = None, prefix: str = "") -> None:
        self.path, self.name = path, name or path.stem
        rows = read_table(path)
        if prefix:
            rows = [_without(prefix, row) for row in rows]
        else:
            _refuse_prefixed({key for row in rows for key in row}, path)
        header = {key for row in rows for key in row}
        self._columns = [column for column in COLUMNS if column in header]
        if not self._columns or not header & {"id", "text"}:
            raise ColumnNotFoundError(
                f"{path} has columns {', '.join(sorted(header))}; "
                f"wanted id or text, and at least one of {', '.join(COLUMNS)}"
            )
        self._with_probabilities = {
            column: all(f"{column}_{label}" in header for label in COLUMNS[column])
            for column in self._columns
        }
        self.probabilistic = all(self._with_probabilities.values())
        self._by_id = {str(row["id"]): row for row in rows if row.get("id") not in (None, "")}
        self._by_text = {row["text"]: row for row in rows if row.get("text")}

    def answer(self, texts: Sequence[str], ids: Sequence[str] | None = None) -> Answers | None:
        """Return the table's probabilities for the texts; None where it has none of them.

        Raises InputFormatError where it has some but not all, since scores on a part would mislead,
        and where an id has another text than the test set's.
        """
        keys = ids or [""] * len(texts)
        rows = [self._row(str(key), text) for key, text in zip(keys, texts, strict=True)]
        found = [row for row in rows if row is not None]
        if not found:
            return None
        if len(found) < len(rows):
            raise InputFormatError(
                f"{self.path} predicts {len(found)} of {len(rows)} rows of a test set: "
                "predict all of them, or evaluate on the rows that it has"
            )
        return {column: self._probabilities(found, column) for column in self._columns}

    def _row(self, key: str, text: str) -> Row | None:
        row = self._by_id.get(key)
        if row is None:
            return self._by_text.get(text)
        if row.get("text") not in (None, "", text):
            raise InputFormatError(
                f"{self.path}: id {key} has another text than in the test set, "
                f"{str(row['text'])[:60]!r} for {text[:60]!r}"
            )
        return row

    def ask(self, texts: Sequence[str], target: str) -> Floats | None:
        """Return None: a table answers no further questions."""

    def about(self) -> dict[str, Any]:
        """Return path and hash."""
        return {"path": shown_path(self.path), "sha256": sha256(self.path)}

    def _probabilities(self, rows: Sequence[Row], column: str) -> Floats:
        if self._with_probabilities[column]:
            return self._given(rows, column)
        index = {label: i for i, label in enumerate(COLUMNS[column])}
        try:
            labels = [index[row[column]] for row in rows]
        except (KeyError, TypeError) as error:
            raise InputFormatError(
                f"{self.path}: {column} has the label {error}, wanted {', '.join(index)}"
            ) from error
        return np.eye(3)[labels]

    def _given(self, rows: Sequence[Row], column: str) -> Floats:
        names = [f"{column}_{label}" for label in COLUMNS[column]]
        try:
            table = np.array([[float(row[name]) for name in names] for row in rows])
        except (TypeError, ValueError, KeyError) as error:
            raise InputFormatError(
                f"{self.path}: {names[0]} and its fellows hold no numbers: {error}"
            ) from error
        if (table < 0).any() or np.abs(table.sum(1) - 1).max() > 0.01:
            raise InputFormatError(f"{self.path}: probabilities of {column} do not sum to 1")
        return table


def _without(prefix: str, row: Row) -> Row:
    """Return id, text and the columns behind the prefix, under their own names."""
    kept = {key: row[key] for key in ("id", "text") if key in row}
    found = {k.removeprefix(prefix): v for k, v in row.items() if k.startswith(prefix)}
    return kept | {key: value for key, value in found.items() if key not in kept}


def _refuse_prefixed(header: set[str], path: Path) -> None:
    """Refuse the labels of a table's owner, which would be scored against themselves."""
    for column in COLUMNS:
        for key in sorted(header):
            if key != column and key.endswith(column) and f"{key}_score" in header:
                prefix = key.removesuffix(column)
                raise InputFormatError(
                    f"{path} has predictions in {key!r}: say so with --prefix {prefix}"
                )
