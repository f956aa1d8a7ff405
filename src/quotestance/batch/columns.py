"""The output columns of a chunk: labels and scores as lists, None where there is no prediction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from quotestance.inference import Probabilities
from quotestance.labels import SENTIMENTS, STANCES, stance_column
from quotestance.pipeline import Floats

DECIMALS = 6
"""A score's decimals in every format: what lies beyond differs between processors."""

Column = list[str | None] | list[float | None]


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a run adds.

    `thresholds` (decision to probability) is None where nothing abstains; a decision without a
    threshold then always does. `prefix` begins the name of every column.
    """

    targets: tuple[str, ...]
    probabilities: bool = False
    thresholds: dict[str, float] | None = None
    prefix: str = ""

    def names(self) -> tuple[str, ...]:
        """Return the names of the added columns, in order."""
        return tuple(name for name, _ in self._parts(self._decisions()))

    def columns(self, table: Probabilities, rejected: Iterable[int]) -> dict[str, Column]:
        """Return the columns; the rows in `rejected` have None throughout."""
        blank = list(rejected)
        result: dict[str, Column] = {}
        for name, (decision, labels, p, part) in self._parts(self._decisions(table)):
            column: Column = (
                self._labels(decision, labels, p) if part is None else _numbers(p, part)
            )
            for row in blank:
                column[row] = None
            result[name] = column
        return result

    def _decisions(
        self, table: Probabilities | None = None
    ) -> Iterator[tuple[str, tuple[str, ...], Floats]]:
        nothing = np.zeros((0, 3), np.float32)
        for index, target in enumerate(self.targets):
            yield stance_column(target), STANCES, table.stance[:, index] if table else nothing
        yield "sentiment", SENTIMENTS, table.sentiment if table else nothing

    def _parts(
        self, decisions: Iterable[tuple[str, tuple[str, ...], Floats]]
    ) -> Iterator[tuple[str, tuple[str, tuple[str, ...], Floats, int | None]]]:
        """Yield column names, each with its decision, its labels, probabilities and part of them.

        The part is None for the label, -1 for the score, else the label's index.
        """
        for decision, labels, p in decisions:
            name = f"{self.prefix}{decision}"
            yield name, (decision, labels, p, None)
            yield f"{name}_score", (decision, labels, p, -1)
            if self.probabilities:
                for index, label in enumerate(labels):
                    yield f"{name}_{label}", (decision, labels, p, index)

    def _labels(self, decision: str, labels: tuple[str, ...], p: Floats) -> list[str | None]:
        best: list[str | None] = [labels[index] for index in p.argmax(axis=1)]
        if self.thresholds is None:
            return best
        certain = (p >= self.thresholds.get(decision, np.inf)).sum(axis=1) == 1
        return [label if sure else None for label, sure in zip(best, certain, strict=True)]


def _numbers(p: Floats, part: int) -> list[float | None]:
    values = p.max(axis=1) if part == -1 else p[:, part]
    numbers: list[float | None] = values.astype(np.float64).round(DECIMALS).tolist()
    return numbers
