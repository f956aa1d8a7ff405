"""The summary on the terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table

from evaluation.columns import COLUMNS


def show(metrics: dict[str, Any], console: Console | None = None) -> None:
    """Print scores of every test set, target use and comparisons as tables."""
    console = console or Console()
    for data, models in metrics["results"].items():
        console.print(_scores(metrics, data, models))
    if metrics["comparisons"]:
        console.print(_comparisons(metrics["comparisons"]))


def percent(value: float | None) -> str:
    """Return a share as percent with one decimal, or a dash."""
    return "–" if value is None else f"{100 * value:.1f}"


def with_interval(value: float | None, interval: list[float] | None) -> str:
    """Return `82.1 (79.8-84.3)` in percent."""
    if value is None or interval is None:
        return percent(value)
    return f"{percent(value)} ({percent(interval[0])}-{percent(interval[1])})"


def _scores(metrics: dict[str, Any], data: str, models: dict[str, Any]) -> Table:
    about = metrics["data"][data]
    table = Table(
        title=f"{data}: macro-F1 in % (95 % interval), {about['rows']} statements",
        title_justify="left",
    )
    table.add_column("model")
    columns = [column for column in COLUMNS if any(column in scores for scores in models.values())]
    for column in columns:
        table.add_column(column, justify="right")
    for name in ("ECE", "target drop"):
        table.add_column(name, justify="right")
    for model, scores in models.items():
        use = metrics["target_use"][data].get(model)
        cells = [
            with_interval(scores[column]["macro_f1"], scores[column]["ci"])
            if column in scores
            else "–"
            for column in columns
        ]
        ece = scores.get("stance", {}).get("ece")
        drop = use["exchanged_drop"] if use else None
        table.add_row(model, *cells, percent(ece), percent(drop))
    return table


def _comparisons(entries: list[dict[str, Any]]) -> Table:
    table = Table(title="Paired differences in macro-F1, points", title_justify="left")
    for name in ("data", "column", "first", "second"):
        table.add_column(name)
    for name in ("difference", "p (Holm)", "McNemar p (Holm)"):
        table.add_column(name, justify="right")
    for entry in entries:
        table.add_row(
            entry["data"],
            entry["column"],
            entry["first"],
            entry["second"],
            with_interval(entry["difference"], entry["ci"]),
            f"{entry['p_bootstrap_holm']:.4f}",
            f"{entry['p_mcnemar_holm']:.2g}",
        )
    return table
