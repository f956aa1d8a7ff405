"""A table of predictions for a terminal: python -m quotestance.show FILE.

FILE is what `quotestance predict` or `quotestance article -o` wrote: CSV, TSV or JSONL.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from quotestance.batch.delimited import read_records
from quotestance.batch.formats import Kind, parse_format
from quotestance.batch.jsonlines import read_lines
from quotestance.errors import InputFormatError, QuotestanceError
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
    sign, colour = MARKS.get(label, ("", "default"))
    return Text(f"{sign} {label} {float(score or 0):.2f}", style=colour)


def read_table(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a `predict` output in CSV, TSV or JSONL, a cell without a value as "".

    Raises InputNotFoundError and InputFormatError.
    """
    form = parse_format(path.name)
    if form.kind is Kind.PARQUET:
        raise InputFormatError(f"{path} is Parquet; this shows CSV, TSV and JSONL")
    if form.kind is Kind.JSONL:
        rows = [line.value for line in read_lines(path, str(path), form.compression)]
    else:
        header, *records = read_records(path, str(path), form.kind, form.compression)
        rows = [dict(zip(header.names, record.fields, strict=False)) for record in records]
    return [{key: "" if value is None else value for key, value in row.items()} for row in rows]


def _decides(name: str) -> bool:
    return name in ("stance", "sentiment") or name.startswith("stance_")


def predictions_table(path: Path, text_column: str = "", prefix: str = "") -> Table:
    """Return the statements of an output with their stances and sentiment.

    Without a `text_column`: "text", or "statement" with its speaker, as `article` writes them.
    `prefix` is that of `predict --prefix`. Raises what `read_table` does.
    """
    table = Table(title=Text(str(path)), title_justify="left", show_lines=True)
    rows = read_table(path)
    names = list(rows[0]) if rows else []
    of_article = not text_column and "text" not in names and "statement" in names
    text_column = text_column or ("statement" if of_article else "text")
    columns = [
        name
        for name in names
        if name.startswith(prefix) and _decides(name[len(prefix) :]) and f"{name}_score" in names
    ]
    if rows and (text_column not in names or not columns):
        raise InputFormatError(
            f"{path} has the columns {names}, wanted {text_column!r} and those of predict"
            + (f" after {prefix!r}" if prefix else "")
        )
    table.add_column("statement", ratio=3)
    if of_article:
        table.add_column("speaker", ratio=1)
    known = {stance_column(target): target for target in TARGETS}
    for name in columns:
        plain = name[len(prefix) :]
        table.add_column(known.get(plain, plain.removeprefix("stance_")), min_width=12)
    for row in rows:
        cells = [mark(row.get(column), row.get(f"{column}_score")) for column in columns]
        # As Text, since Rich would take "[the alliance]" in a statement for markup.
        words = Text(str(row.get(text_column, ""))) or Text(
            "(blank: see the rejects)", style="italic"
        )
        speaker = [Text(str(row.get("speaker", "")))] if of_article else []
        table.add_row(words, *speaker, *cells)
    return table


def main() -> None:
    """Print the table of the file named."""
    parser = argparse.ArgumentParser(prog="python -m quotestance.show", description=__doc__)
    parser.add_argument("file", type=Path, help="output of predict or article: CSV, TSV or JSONL")
    parser.add_argument("--text-column", default="", help="column of the statements")
    parser.add_argument("--prefix", default="", help="that of predict --prefix")
    options = parser.parse_args()
    try:
        Console().print(predictions_table(options.file, options.text_column, options.prefix))
    except (QuotestanceError, OSError) as error:
        sys.exit(f"quotestance: {error}")


if __name__ == "__main__":
    main()
