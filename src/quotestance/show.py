"""A table of predictions for a terminal: python -m quotestance.show FILE.csv."""

import csv
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from quotestance.labels import TARGETS, stance_column

# A sign beside each colour, so that the table can be read without colours.
MARKS = {
    "supportive": ("+", "green"),
    "adversarial": ("−", "red"),
    "neutral": ("○", "bright_black"),
    "positive": ("+", "green"),
    "negative": ("−", "red"),
}


def mark(label: str | None, score: str | float | None) -> Text:
    """Return a label with its sign and score; an empty cell where there is none."""
    if not label:
        return Text("")
    sign, colour = MARKS[label]
    return Text(f"{sign} {label} {float(score or 0):.2f}", style=colour)


def predictions_table(path: Path) -> Table:
    """Return the statements of a `predict` output in CSV with their stances and sentiment."""
    table = Table(title=Text(str(path)), title_justify="left", show_lines=True)
    table.add_column("statement", ratio=3)
    columns = [*map(stance_column, TARGETS), "sentiment"]
    for name in (*TARGETS, "sentiment"):
        table.add_column(name, min_width=12)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells = [mark(row[column], row[f"{column}_score"]) for column in columns]
            # As Text, since Rich would take "[the alliance]" in a statement for markup.
            words = Text(row["text"]) or Text("(blank: see the rejects)", style="italic")
            table.add_row(words, *cells)
    return table


if __name__ == "__main__":
    Console().print(predictions_table(Path(sys.argv[1])))
