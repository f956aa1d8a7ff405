"""`report.html`: one self-contained page made from the metrics alone."""

from pathlib import Path
from typing import Any

from markupsafe import Markup

from evaluation import charts
from evaluation.columns import COLUMNS
from evaluation.terminal import percent

TEMPLATES = Path(__file__).parent / "templates"
FIRST_SLICES = 12
QUESTIONS = {
    "stance": "NATO/Ukraine",
    "stance_nato": "NATO",
    "stance_ukraine": "Ukraine",
    "sentiment": "Sentiment",
}
"""Column -> the heading that a reader understands."""


def render_report(metrics: dict[str, Any]) -> str:
    """Return the page's HTML; every number on it stands in metrics.json."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent,
        "signed": signed,
        "p": p_value,
    }
    first = next(iter(metrics["models"]))
    return environment.get_template("report.html.j2").render(
        m=metrics,
        first=first,
        models=list(metrics["models"]),
        columns=COLUMNS,
        questions=QUESTIONS,
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
        tiles=tiles(metrics, first),
        chart=Charts(metrics),
        first_slices=FIRST_SLICES,
        heat=heat,
    )


class Charts:
    """The charts of the page, by test set and column."""

    def __init__(self, metrics: dict[str, Any]) -> None:
        self._results = metrics["results"]
        self._models = list(metrics["models"])

    def mark(self, model: str) -> Markup:
        """Return the legend mark of a model."""
        return Markup(charts.legend_mark(self._models.index(model)))

    def scores(self, data: str, column: str) -> Markup:
        """Return macro-F1 with intervals of all models."""
        scored = {model: self._results[data].get(model, {}).get(column) for model in self._models}
        rows = [
            (model, scores["macro_f1"], scores["ci"]) for model, scores in scored.items() if scores
        ]
        spoken = ", ".join(f"{name} {percent(value)} %" for name, value, _ in rows)
        title = f"Macro-F1, {QUESTIONS[column]}, {data}: {spoken}"
        return Markup(charts.interval_chart(rows, title))

    def reliability(self, data: str, column: str) -> Markup:
        """Return the reliability diagram of all models that give probabilities."""
        title = f"Reliability, {QUESTIONS[column]}, {data}"
        lines = self._lines(data, column, "reliability")
        return Markup(charts.reliability_chart(lines, title))

    def risk(self, data: str, column: str) -> Markup:
        """Return the risk-coverage curves of all models that give probabilities."""
        title = f"Risk and coverage, {QUESTIONS[column]}, {data}"
        lines = self._lines(data, column, "risk_coverage")
        return Markup(charts.risk_coverage_chart(lines, title))

    def _lines(self, data: str, column: str, curve: str) -> dict[str, list[dict[str, Any]]]:
        scores = self._results[data]
        return {
            model: scores.get(model, {}).get(column, {}).get(curve) or [] for model in self._models
        }


def tiles(metrics: dict[str, Any], model: str) -> list[tuple[str, str, str]]:
    """Return the headline figures of the first model: label, value, explanation."""
    found = []
    for data, models in metrics["results"].items():
        scores = models.get(model, {})
        if "stance" in scores:
            entry = scores["stance"]
            interval = entry["ci"] or [None, None]
            found.append(
                (
                    f"Macro-F1 on {data}",
                    percent(entry["macro_f1"]),
                    f"stance; 95 % interval {percent(interval[0])} to {percent(interval[1])}",
                )
            )
    return found + _behaviour_tiles(metrics, model)


def _behaviour_tiles(metrics: dict[str, Any], model: str) -> list[tuple[str, str, str]]:
    found = []
    for data, uses in metrics["target_use"].items():
        use = uses.get(model)
        if use and use["exchanged_drop"] is not None:
            text = f"macro-F1 lost on {data} when asked about the other target; near 0 is bad"
            found.append(("Target gap, points", percent(use["exchanged_drop"]), text))
            break
    for data, models in metrics["results"].items():
        ece = models.get(model, {}).get("stance", {}).get("ece")
        if ece is not None:
            text = f"mean gap of confidence and accuracy on {data}; lower is better"
            found.append(("Calibration error, %", percent(ece), text))
            break
    fair = metrics["fairness"].get(model) or {}
    if "nationality" in fair:
        flips = fair["nationality"]["columns"]["stance"]["flip_rate"]
        text = "stance labels that change with the speaker's nationality alone"
        found.append(("Flips by nationality, %", percent(flips), text))
    return found


def heat(count: int, total: int) -> str:
    """Return the tint of a confusion cell: its share of the gold label's rows, in percent."""
    return f"--share: {round(100 * count / total) if total else 0}%"


def signed(value: float | None, scale: float = 100) -> str:
    """Return a number with its sign and one decimal."""
    return "–" if value is None else f"{scale * value:+.1f}"


def p_value(value: float) -> str:
    """Return a p-value as people print it."""
    return "<0.001" if value < 0.001 else f"{value:.3f}"
