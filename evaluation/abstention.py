"""What abstaining keeps, level by level: python -m evaluation.abstention DOCUMENT METRICS.

METRICS is the metrics.json of an evaluation. The first model's share of labels kept, how many of
these are right, and the coverage of its conformal sets are written to DOCUMENT between
`<!-- abstention:begin -->` and `<!-- abstention:end -->`.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from evaluation.card import read_metrics, row, source
from evaluation.columns import COLUMNS, QUESTIONS
from evaluation.marked import replace_marked
from evaluation.terminal import percent
from quotestance.errors import QuotestanceError


def abstention_table(metrics: dict[str, Any]) -> str:
    """Return a Markdown table: a row per test set and level, a cell per column."""
    lines = [row(["test set", "level", *(QUESTIONS[column] for column in COLUMNS)])]
    lines.append("|---|---|" + "---|" * len(COLUMNS))
    model = next(iter(metrics["models"]))
    for data, models in metrics["conformal"].items():
        for level, columns in (models.get(model) or {}).items():
            cells = [_cell(columns.get(column)) for column in COLUMNS]
            lines.append(row([data, level, *cells]))
    note = "Labels kept / right among them (coverage of the sets), in %."
    return "\n".join([*lines, "", note, "", source(metrics)])


def _cell(entry: dict[str, Any] | None) -> str:
    if entry is None:
        return percent(None)
    kept, right, covered = (
        percent(entry[key]) for key in ("single", "single_accuracy", "coverage")
    )
    return f"{kept} / {right} ({covered})"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def write(
    document: Annotated[Path, typer.Argument(help="Markdown file with abstention markers.")],
    metrics: Annotated[Path, typer.Argument(help="metrics.json of an evaluation.")],
) -> None:
    """Write the table into the document."""
    replace_marked(document, "abstention", abstention_table(read_metrics(metrics)))


if __name__ == "__main__":
    try:
        app(prog_name="python -m evaluation.abstention")
    except (QuotestanceError, OSError) as error:
        typer.echo(f"abstention: {' '.join(str(error).split())}", err=True)
        sys.exit(3)
