"""`report.html`: one self-contained page made from the metrics alone."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evaluation import charts
from evaluation.columns import COLUMNS, QUESTIONS
from evaluation.terminal import percent

TEMPLATES = Path(__file__).parent / "templates"
FIRST_SLICES = 12


def render_report(metrics: dict[str, Any]) -> str:
    """Return the page's HTML; every number on it stands in metrics.json."""
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
        pairs = metrics["minimal_pairs"].get(data, {}).get(model)
        entry = models.get(model, {}).get("stance")
        if pairs and pairs["both_right"] is not None:
            text = f"both members right where labels differ; interval {_span(pairs, 'both_right')}"
            found.append(("Minimal pairs, %", percent(pairs["both_right"]), text))
        elif entry:
            text = f"stance; 95 % interval {_span(entry)}"
            found.append((f"Macro-F1 on {data}, %", percent(entry["macro_f1"]), text))
    # One set speaks for calibration and target use: real statements where there are any.
    names = sorted(metrics["results"], key=lambda name: not name.startswith("annotated"))
    return found + _honesty_tiles(metrics, model, names[0]) + _fairness_tiles(metrics, model)


def _span(entry: dict[str, Any], value: str = "") -> str:
    low, high = entry[f"{value}_ci" if value else "ci"] or (None, None)
    return f"{percent(low)} to {percent(high)}"


def _honesty_tiles(metrics: dict[str, Any], model: str, data: str) -> list[tuple[str, str, str]]:
    found = []
    use = metrics["target_use"].get(data, {}).get(model)
    if use and use["exchanged_drop"] is not None:
        text = f"macro-F1 lost on {data} when asked about the other target; near 0 is bad"
        found.append(("Target gap, points", percent(use["exchanged_drop"]), text))
    ece = metrics["results"][data].get(model, {}).get("stance", {}).get("ece")
    if ece is not None:
        text = f"mean gap of confidence and accuracy on {data}; lower is better"
        found.append(("Calibration error, %", percent(ece), text))
    return found


def _fairness_tiles(metrics: dict[str, Any], model: str) -> list[tuple[str, str, str]]:
    fair = metrics["fairness"].get(model) or {}
    columns = fair.get("nationality", {}).get("columns", {})
    if "stance" not in columns:
        return []
    text = "stance labels that change with the speaker's nationality alone"
    return [("Flips by nationality, %", percent(columns["stance"]["flip_rate"]), text)]


def heat(count: int, total: int) -> str:
    """Return the tint of a confusion cell: its share of the gold label's rows, in percent."""
    return f"--share: {round(100 * count / total) if total else 0}%"


def signed(value: float | None, scale: float = 100) -> str:
    """Return a number with its sign and one decimal."""
    return "–" if value is None else f"{scale * value:+.1f}"


def p_value(value: float) -> str:
    """Return a p-value as people print it."""
    return "<0.001" if value < 0.001 else f"{value:.3f}"
