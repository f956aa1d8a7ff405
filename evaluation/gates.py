"""Limits for continuous integration: `--fail-under macro_f1=.80`, `--fail-over ece=.04`."""

import math
from dataclasses import dataclass
from typing import Any

from evaluation.columns import COLUMNS
from quotestance.errors import InputFormatError

SCORES = ("macro_f1", "accuracy", "f_avg", "ece", "brier", "aurc")


@dataclass(frozen=True)
class Gate:
    """A limit for one score of the first model: on one test set or all, in one column or all."""

    score: str
    limit: float
    data: str | None = None
    column: str | None = None
    over: bool = False

    def failures(self, metrics: dict[str, Any]) -> list[str]:
        """Return one line per score that breaks the limit; a score that is not there breaks it."""
        model = next(iter(metrics["models"]))
        lines = []
        checked = 0
        for data, models in metrics["results"].items():
            for column, scores in models.get(model, {}).items():
                if self.data in (None, data) and self.column in (None, column):
                    checked += 1
                    value = scores[self.score]
                    if value is None or (value > self.limit if self.over else value < self.limit):
                        lines.append(self._line(model, f"{data}:{column}", value))
        if not checked:
            lines.append(f"{model}: nothing to check {self.score} on for {self.data}:{self.column}")
        return lines

    def _line(self, model: str, where: str, value: float | None) -> str:
        word = "over" if self.over else "under"
        got = "missing" if value is None else f"{value:.4f}"
        return f"{model}, {where}: {self.score} is {got}, {word} {self.limit}"


def parse_gate(text: str, *, over: bool = False) -> Gate:
    """Parse `[DATA:][COLUMN.]SCORE=LIMIT`; raise InputFormatError for anything else.

    >>> parse_gate("authored-test:stance_nato.macro_f1=.8")
    Gate(score='macro_f1', limit=0.8, data='authored-test', column='stance_nato', over=False)
    """
    name, _, limit = text.rpartition("=")
    data, _, rest = name.rpartition(":")
    column, _, score = rest.rpartition(".")
    try:
        value = float(limit)
    except ValueError:
        value = math.nan
    if score not in SCORES or math.isnan(value) or column not in ("", *COLUMNS):
        raise InputFormatError(
            f"limit {text!r}: wanted [DATA:][COLUMN.]SCORE=NUMBER such as macro_f1=.80, "
            f"with SCORE one of {', '.join(SCORES)}"
        )
    return Gate(score, value, data or None, column or None, over)
