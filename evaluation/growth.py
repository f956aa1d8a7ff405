"""Scores of runs on different data, side by side: python -m evaluation.growth DOCUMENT METRICS.

METRICS is the metrics.json of an evaluation of the runs (`python evaluate.py RUN ... -o DIR`). Its
macro-F1 on every test set and its minimal pairs, with intervals, are written to DOCUMENT between
`<!-- growth:begin -->` and `<!-- growth:end -->`.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from evaluation.card import read_metrics, row, score, share, source
from evaluation.columns import COLUMNS, QUESTIONS
from evaluation.marked import replace_marked
from evaluation.terminal import percent
from quotestance.errors import QuotestanceError


def growth_table(metrics: dict[str, Any]) -> str:
    """Return one Markdown table: a row per model and test set, the pairs as a last column."""
    head = ["trained on", "test set", *(QUESTIONS[column] for column in COLUMNS), "pairs"]
    lines = [row(head), "|---|---|" + "---:|" * (len(COLUMNS) + 1)]
    for model in metrics["models"]:
        for data, models in metrics["results"].items():
            if model not in models:
                continue
            cells = [score(models[model].get(column)) for column in COLUMNS]
            pairs = (metrics["minimal_pairs"].get(data) or {}).get(model)
            both = share(pairs["both_right"], pairs["both_right_ci"]) if pairs else percent(None)
            lines.append(row([model, data, *cells, both]))
    note = "Macro-F1 in %; pairs: both members of a minimal pair right, in %; 95 % intervals."
    return "\n".join([*lines, "", note, "", source(metrics)])


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def write(
    document: Annotated[Path, typer.Argument(help="Markdown file with growth markers.")],
    metrics: Annotated[Path, typer.Argument(help="metrics.json of an evaluation of the runs.")],
) -> None:
    """Write the table of runs on different data into a document."""
    replace_marked(document, "growth", growth_table(read_metrics(metrics)))


if __name__ == "__main__":
    try:
        app(prog_name="python -m evaluation.growth")
    except (QuotestanceError, OSError) as error:
        typer.echo(f"growth: {' '.join(str(error).split())}", err=True)
        sys.exit(3)
