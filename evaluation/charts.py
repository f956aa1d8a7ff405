"""Charts as inline SVG: no library, no script, colours from the page so that dark mode works.

Series differ by dash and marker as well as by colour.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT = 400, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 40
DASHES = ("none", "7 3", "2 3", "9 3 2 3", "4 2", "1 2")
MARKERS = ("circle", "square", "diamond", "triangle", "circle", "square")

Points = Sequence[tuple[float, float]]


class Axes:
    """Maps data to pixels; both axes start at zero."""

    def __init__(self, x_max: float = 1.0, y_max: float = 1.0) -> None:
        self.x_max, self.y_max = x_max, y_max

    def x(self, value: float) -> float:
        """Return the pixel of a value on the horizontal axis."""
        return round(LEFT + value / self.x_max * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Return the pixel of a value on the vertical axis."""
        return round(HEIGHT - BOTTOM - value / self.y_max * (HEIGHT - TOP - BOTTOM), 1)

    def frame(self, x_name: str, y_name: str) -> str:
        """Return grid lines, tick labels in percent and axis names."""
        parts = []
        for step in range(5):
            across, up = self.x_max * step / 4, self.y_max * step / 4
            x, y = self.x(across), self.y(up)
            parts.append(f'<line class="grid" x1="{x}" y1="{TOP}" x2="{x}" y2="{self.y(0)}"/>')
            parts.append(f'<line class="grid" x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>')
            parts.append(_text(x, HEIGHT - BOTTOM + 14, _percent(across), "middle"))
            parts.append(_text(LEFT - 5, y + 4, _percent(up), "end"))
        parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, x_name, "middle"))
        middle = (TOP + HEIGHT - BOTTOM) / 2
        parts.append(
            f'<text x="12" y="{middle}" text-anchor="middle" '
            f'transform="rotate(-90 12 {middle})">{escape(y_name)}</text>'
        )
        return "".join(parts)

    def line(self, points: Points, series: int, *, markers: bool = True) -> str:
        """Return a line through the points in the colour, dash and marker of its series."""
        path = " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)
        dash = DASHES[series % len(DASHES)]
        drawn = f'<polyline class="line s{series % 6}" stroke-dasharray="{dash}" points="{path}"/>'
        if markers:
            drawn += "".join(marker(self.x(x), self.y(y), series) for x, y in points)
        return drawn


def marker(x: float, y: float, series: int) -> str:
    """Return the marker of a series at a pixel."""
    name = f'class="dot s{series % 6}"'
    shape = MARKERS[series % len(MARKERS)]
    if shape == "circle":
        return f'<circle {name} cx="{x}" cy="{y}" r="3.5"/>'
    if shape == "square":
        return f'<rect {name} x="{x - 3}" y="{y - 3}" width="6" height="6"/>'
    if shape == "diamond":
        return f'<path {name} d="M{x} {y - 4.5}l4.5 4.5-4.5 4.5-4.5-4.5z"/>'
    return f'<path {name} d="M{x} {y - 4.5}l4.2 7.5h-8.4z"/>'


def reliability_chart(models: dict[str, list[dict[str, Any]]], title: str) -> str:
    """Return accuracy over confidence per model; on the diagonal, probabilities are true."""
    axes = Axes()
    body = axes.frame("confidence, %", "accuracy, %")
    body += (
        f'<line class="ideal" x1="{axes.x(0)}" y1="{axes.y(0)}" x2="{axes.x(1)}" y2="{axes.y(1)}"/>'
    )
    for series, bins in enumerate(models.values()):
        body += axes.line([(b["confidence"], b["accuracy"]) for b in bins or []], series)
    return _figure(body, title)


def risk_coverage_chart(models: dict[str, list[dict[str, Any]]], title: str) -> str:
    """Return the error rate over the share of statements answered, the surest first."""
    risks = [point["risk"] for points in models.values() for point in points or []]
    axes = Axes(y_max=max(0.2, min(1.0, -(-max(risks, default=0) * 5 // 1) / 5)))
    body = axes.frame("coverage, %", "error rate, %")
    for series, points in enumerate(models.values()):
        pairs = [(p["coverage"], p["risk"]) for p in points or []]
        body += axes.line(pairs, series, markers=False)
        body += "".join(marker(axes.x(x), axes.y(y), series) for x, y in pairs[3::4])
    return _figure(body, title)


def interval_chart(rows: Sequence[tuple[str, float, list[float] | None]], title: str) -> str:
    """Return one line per model: its score as a marker, its interval as a bar; axis 0 to 100 %."""
    left, step, width = 92, 22, 400
    height = step * len(rows) + 26

    def place(value: float) -> float:
        return round(left + value * (width - left - 14), 1)

    body = ""
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x = place(tick)
        body += f'<line class="grid" x1="{x}" y1="4" x2="{x}" y2="{height - 20}"/>'
        body += _text(x, height - 6, _percent(tick), "middle")
    for series, (name, value, interval) in enumerate(rows):
        y = 16 + step * series
        body += _text(left - 8, y + 4, name if len(name) < 15 else name[:13] + "…", "end")
        if interval:
            low, high = map(place, interval)
            body += f'<line class="bar s{series % 6}" x1="{low}" y1="{y}" x2="{high}" y2="{y}"/>'
        body += marker(place(value), y, series)
    return _figure(body, title, width=width, height=height)


def legend_mark(series: int) -> str:
    """Return the small picture that stands beside a model's name in a legend."""
    dash = DASHES[series % len(DASHES)]
    return (
        '<svg class="key" viewBox="0 0 34 12" width="34" height="12" aria-hidden="true">'
        f'<line class="line s{series % 6}" stroke-dasharray="{dash}" x1="1" y1="6" x2="33" y2="6"/>'
        f"{marker(17, 6, series)}</svg>"
    )


def _figure(body: str, title: str, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(title, quote=True)}"><title>{escape(title)}</title>{body}</svg>'
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _percent(value: float) -> str:
    return f"{round(100 * value)}"
