"""The summary on the terminal; everything else is in report.html."""

from typing import Any

from rich.console import Console
from rich.table import Table

from evaluation.columns import COLUMNS

HEADS = {
    "stance": "stance",
    "stance_nato": "NATO",
    "stance_ukraine": "Ukraine",
    "sentiment": "sentiment",
}


def show(metrics: dict[str, Any], console: Console | None = None) -> None:
    """Print scores of every test set, the paired comparisons and the suites as tables."""
    console = console or Console()
    for data, models in metrics["results"].items():
        console.print(_scores(metrics, data, models))
    if metrics["comparisons"]:
        console.print(_comparisons(metrics["comparisons"]))
    suites = _suites(metrics)
    if suites.row_count:
        console.print(suites)


def percent(value: float | None) -> str:
    """Return a share as percent with one decimal, or a dash.

    >>> percent(0.8214)
    '82.1'
    """
    return "–" if value is None else f"{100 * value:.1f}"


def with_interval(value: float | None, interval: list[float] | None) -> str:
    """Return a share and its interval in percent, on two lines."""
    if value is None or interval is None:
        return percent(value)
    return f"{percent(value)}\n[dim]{percent(interval[0])}–{percent(interval[1])}[/dim]"


def _table(title: str, first: str, heads: list[str]) -> Table:
    table = Table(title=title, title_justify="left", padding=(0, 1))
    table.add_column(first)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    return table


def _scores(metrics: dict[str, Any], data: str, models: dict[str, Any]) -> Table:
    rows = metrics["data"][data]["rows"]
    columns = [column for column in COLUMNS if column in metrics["data"][data]["labels"]]
    title = f"{data}, {rows} statements: macro-F1 in % with 95 % interval"
    heads = [HEADS[column] for column in columns]
    table = _table(title, "model", [*heads, "ECE", "target gap"])
    for model, scores in models.items():
        use = metrics["target_use"][data].get(model)
        cells = [
            with_interval(scores[column]["macro_f1"], scores[column]["ci"])
            if column in scores
            else "–"
            for column in columns
        ]
        ece = scores.get("stance", {}).get("ece")
        table.add_row(model, *cells, percent(ece), percent(use["exchanged_drop"] if use else None))
    return table


def _comparisons(entries: list[dict[str, Any]]) -> Table:
    first = entries[0]["first"]
    table = _table(
        f"{first} minus the other, points of macro-F1 (* p < .05 after Holm)",
        "on, against",
        list(HEADS.values()),
    )
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for entry in entries:
        star = "*" if entry["p_bootstrap_holm"] < 0.05 else ""
        text = f"{100 * entry['difference']:+.1f}{star}"
        cells.setdefault((entry["data"], entry["second"]), {})[entry["column"]] = text
    for (data, second), row in cells.items():
        table.add_row(f"{data}, {second}", *(row.get(column, "–") for column in HEADS))
    return table


def _suites(metrics: dict[str, Any]) -> Table:
    heads = ["pairs right", "cases failed", "name flips", "symmetric right"]
    table = _table("Challenge suites, %", "model", heads)
    for model in metrics["models"]:
        cells = [
            _pairs(metrics, model),
            _failed(metrics["behaviour"].get(model)),
            *_fair(metrics["fairness"].get(model)),
        ]
        if any(cell != "–" for cell in cells):
            table.add_row(model, *cells)
    return table


def _pairs(metrics: dict[str, Any], model: str) -> str:
    found = [models.get(model) for models in metrics["minimal_pairs"].values()]
    shares = [entry["both_right"] for entry in found if entry]
    return percent(shares[0]) if shares else "–"


def _failed(entries: list[dict[str, Any]] | None) -> str:
    if not entries:
        return "–"
    return percent(sum(e["failures"] for e in entries) / sum(e["n"] for e in entries))


def _fair(kinds: dict[str, Any] | None) -> tuple[str, str]:
    if not kinds:
        return "–", "–"
    flips = kinds.get("speaker_name", {}).get("columns", {}).get("stance", {}).get("flip_rate")
    targets = kinds.get("symmetric", {}).get("targets", {}).values()
    right = [entry["accuracy"] for entry in targets]
    return percent(flips), percent(sum(right) / len(right) if right else None)
