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
        blocks.append(row(["model", *(QUESTIONS[column] for column in columns)]))
        blocks.append("|---|" + "---:|" * len(columns))
        for model, scores in models.items():
            blocks.append(row([model, *(score(scores.get(column)) for column in columns)]))
        blocks.append("")
        for line in (within_sources(metrics, data), pairs_line(metrics, data)):
            blocks += [line, ""] if line else []
    if line := fairness_line(metrics):
        blocks += [line, ""]
    return "\n".join([*blocks, source(metrics)])


def model_table(metrics: dict[str, Any], model: str) -> str:
    """Return one model's scores, calibration and target gap, for its card."""
    if model not in metrics["models"]:
        raise InputFormatError(f"no model {model!r} in metrics: {', '.join(metrics['models'])}")
    head = [
        *("test set", "column", "macro-F1", "F_avg", "accuracy"),
        *("ECE", "its floor", "AURC", "target gap"),
    ]
    lines = [row(head), "|---|---|" + "---:|" * 7]
    for data, models in metrics["results"].items():
        use = metrics["target_use"][data].get(model) or {}
        for column, entry in models.get(model, {}).items():
            asked = use.get("columns", {}).get(column, {})
            gap = asked.get("exchanged", asked.get("masked", {})).get("drop")
            figures = [percent(entry[key]) for key in _FIGURES]
            lines.append(row([data, QUESTIONS[column], score(entry), *figures, percent(gap)]))
    gap_note = (
        "All in %. Target gap: macro-F1 lost when the other target is asked; for the side of "
        "both, when a name that is no target is asked. A large gap is good. Floor of the ECE: "
        "about what perfectly calibrated answers of these confidences would show."
    )
    return "\n".join([*lines, "", gap_note, "", source(metrics)])


_FIGURES = ("f_avg", "accuracy", "ece", "ece_floor", "aurc")


def within_sources(metrics: dict[str, Any], data: str) -> str:
    """Return one line: the first model's macro-F1 within each source, empty for a single one.

    A pooled score also rewards telling the sources apart, where each leans one way.
    """
    columns = metrics["slices"].get(data) or {}
    parts = []
    for column in (column for column in COLUMNS if column in columns):
        found = [s for s in columns[column] if s["field"] == "source" and not s["small"]]
        if len(found) > 1:
            cells = [f"{s['value']} {percent(s['macro_f1'])}" for s in found]
            parts.append(f"{QUESTIONS[column]}: {', '.join(cells)}")
    name = next(iter(metrics["models"]))
    return f"`{name}` within one source, macro-F1 in %. {'; '.join(parts)}." if parts else ""


def pairs_line(metrics: dict[str, Any], data: str) -> str:
    """Return one line: the first model's minimal pairs with both members right, or nothing."""
    name = next(iter(metrics["models"]))
    found = (metrics["minimal_pairs"].get(data) or {}).get(name)
    if not found:
        return ""
    both = share(found["both_right"], found["both_right_ci"])
    return f"`{name}` has both members of a pair right in {both} % of the columns that differ."


def fairness_line(metrics: dict[str, Any]) -> str:
    """Return one line: how often another name moves the first model's joint stance, or nothing."""
    name = next(iter(metrics["models"]))
    kinds = metrics["fairness"].get(name) or {}
    parts = []
    for kind in ("speaker_name", "nationality", "outlet", "spelling"):
        entry = kinds.get(kind, {}).get("columns", {}).get("stance")
        if entry:
            flips = share(entry["flip_rate"], entry["flip_rate_ci"])
            parts.append(f"{kind.replace('_', ' ')} {flips}")
    if not parts:
        return ""
    return (
        f"Fairness: with nothing but a name exchanged, `{name}` changes the joint stance of so "
        f"many sentences, in %: {', '.join(parts)}."
    )


def row(cells: list[str]) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(cells) + " |"


def score(entry: dict[str, Any] | None) -> str:
    """Return the cell of a column's scores: macro-F1 with its interval, a dash without scores."""
    return share(entry["macro_f1"], entry["ci"]) if entry else percent(None)


def share(value: float, interval: list[float] | None) -> str:
    """Return the cell of a share and its interval, in percent.

    >>> share(0.711, [0.687, 0.736])
    '71.1 (68.7–73.6)'
    """
    if not interval:
        return percent(value)
    low, high = map(percent, interval)
    return f"{percent(value)} ({low}–{high})"


def source(metrics: dict[str, Any]) -> str:
    """Return the line that names the day and the command of the measurement."""
    return f"Measured on {metrics['date'][:10]} by `{metrics['command']}`."


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def write(
    document: Annotated[Path, typer.Argument(help="Markdown file with scores markers.")],
    metrics: Annotated[Path, typer.Argument(help="metrics.json of an evaluation.")],
    model: Annotated[str, typer.Option(help="Write this model's table only.")] = "",
) -> None:
    """Write the measured tables into a README, or into a model's card and its hash."""
    measured = read_metrics(metrics)
    text = model_table(measured, model) if model else scores_table(measured)
    replace_marked(document, "scores", text)
    if model and (document.parent / "config.json").is_file():
        from training.save import rehash

        rehash(document.parent)


if __name__ == "__main__":
    try:
        app(prog_name="python -m evaluation.card")
    except (QuotestanceError, OSError) as error:
        typer.echo(f"card: {' '.join(str(error).split())}", err=True)
        sys.exit(3)
