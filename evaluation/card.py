"""Tables of the README and of model cards, written from metrics.json.

`python -m evaluation.card README.md docs/metrics.json` fills the text between
`<!-- scores:begin -->` and `<!-- scores:end -->` with every model; `--model NAME` writes one
model's table, for its card.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from evaluation.columns import COLUMNS, QUESTIONS
from evaluation.marked import replace_marked
from evaluation.terminal import percent
from quotestance.errors import InputFormatError, InputNotFoundError, QuotestanceError


def read_metrics(path: Path) -> dict[str, Any]:
    """Return metrics.json; raise InputNotFoundError or InputFormatError."""
    if not path.is_file():
        raise InputNotFoundError(f"no file {path}: write it with 'python evaluate.py -o DIR'")
    try:
        metrics: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if metrics["schema_version"] != 1:
            raise InputFormatError(f"{path}: schema_version is {metrics['schema_version']}, not 1")
    except (ValueError, KeyError, TypeError) as error:
        raise InputFormatError(f"{path} is not a metrics.json of evaluate.py: {error}") from error
    return metrics


def scores_table(metrics: dict[str, Any]) -> str:
    """Return macro-F1 with intervals of all models on all test sets, and the command beside it."""
    blocks = []
    for data, models in metrics["results"].items():
        about = metrics["data"][data]
        columns = [column for column in COLUMNS if column in about["labels"]]
        blocks.append(
            f"**{data}** ({about['rows']:,} statements), macro-F1 in % with its 95 % interval:\n"
        )
        blocks.append(_row(["model", *(QUESTIONS[column] for column in columns)]))
        blocks.append("|---|" + "---:|" * len(columns))
        for model, scores in models.items():
            blocks.append(_row([model, *(_score(scores.get(column)) for column in columns)]))
        blocks.append("")
    return "\n".join([*blocks, _source(metrics)])


def model_table(metrics: dict[str, Any], model: str) -> str:
    """Return one model's scores, calibration and target gap, for its card."""
    if model not in metrics["models"]:
        raise InputFormatError(f"no model {model!r} in metrics: {', '.join(metrics['models'])}")
    head = ["test set", "column", "macro-F1", "F_avg", "accuracy", "ECE", "AURC", "target gap"]
    lines = [_row(head), "|---|---|" + "---:|" * 6]
    for data, models in metrics["results"].items():
        use = metrics["target_use"][data].get(model) or {}
        for column, entry in models.get(model, {}).items():
            asked = use.get("columns", {}).get(column, {})
            gap = asked.get("exchanged", asked.get("masked", {})).get("drop")
            figures = [percent(entry[key]) for key in ("f_avg", "accuracy", "ece", "aurc")]
            lines.append(_row([data, QUESTIONS[column], _score(entry), *figures, percent(gap)]))
    gap_note = (
        "All in %. Target gap: macro-F1 lost when the other target is asked; for the side of "
        "both, when a name that is no target is asked. A large gap is good."
    )
    return "\n".join([*lines, "", gap_note, "", _source(metrics)])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _score(entry: dict[str, Any] | None) -> str:
    if entry is None:
        return "–"
    if not entry["ci"]:
        return percent(entry["macro_f1"])
    low, high = map(percent, entry["ci"])
    return f"{percent(entry['macro_f1'])} ({low}–{high})"


def _source(metrics: dict[str, Any]) -> str:
    return f"Measured on {metrics['date'][:10]} by `{metrics['command']}`."


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def write(
    document: Annotated[Path, typer.Argument(help="Markdown file with scores markers.")],
    metrics: Annotated[Path, typer.Argument(help="metrics.json of an evaluation.")],
    model: Annotated[str, typer.Option(help="Write this model's table only.")] = "",
) -> None:
    """Write the measured tables into a README or a model card."""
    measured = read_metrics(metrics)
    text = model_table(measured, model) if model else scores_table(measured)
    replace_marked(document, "scores", text)


if __name__ == "__main__":
    try:
        app(prog_name="python -m evaluation.card")
    except (QuotestanceError, OSError) as error:
        typer.echo(f"card: {' '.join(str(error).split())}", err=True)
        sys.exit(3)
