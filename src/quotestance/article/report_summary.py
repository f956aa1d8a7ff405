"""The report's tables: who stands where, and when."""

from collections import Counter, defaultdict
from datetime import date
from html import escape

from quotestance.article.read import Article
from quotestance.article.report_text import SIGNS, stance_class
from quotestance.article.rows import Judged, statements

_COLUMNS = ("supportive", "adversarial", "neutral", "unsure")
_COLOURS = {"supportive": "#14663a", "adversarial": "#9c1f1f", "neutral": "#4a4f57",
            "unsure": "#7a5200"}  # fmt: skip
_UNKNOWN = "(unknown speaker)"
_MANY = 400


def speakers_table(done: list[tuple[Article, list[Judged]]], side: str, caption: str) -> str:
    """Return the table of speakers by stance, the most quoted first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    roles: dict[str, str] = {}
    for _, judged in done:
        for one in statements(judged):
            name = one.quotation.speaker or _UNKNOWN
            counts[name][stance_class(one, side)] += 1
            if one.quotation.speaker_role and one.quotation.speaker_role != name:
                roles.setdefault(name, one.quotation.speaker_role)
    columns = [c for c in (*_COLUMNS, "quoted") if any(count[c] for count in counts.values())]
    heads = "".join(f'<th scope="col" class="n">{SIGNS[c]} {c}</th>' for c in columns)
    ranked = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0].casefold()))
    body = "".join(
        _speaker_row(name, roles.get(name), count, columns) for name, count in ranked[:_MANY]
    )
    return (
        f'<div class="scroll"><table><caption>{escape(caption)}</caption><thead><tr>'
        f'<th scope="col">Speaker</th>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
        + _left_out(len(ranked) - _MANY)
    )


def _left_out(number: int) -> str:
    return f'<p class="note">{number} more speakers are left out here.</p>' if number > 0 else ""


def _speaker_row(name: str, role: str | None, count: Counter[str], columns: list[str]) -> str:
    cells = "".join(f'<td class="n">{count[column] or "·"}</td>' for column in columns)
    note = f' <span class="note">{escape(role)}</span>' if role else ""
    return f'<tr><th scope="row">{escape(name)}{note}</th>{cells}</tr>'


def timeline(done: list[tuple[Article, list[Judged]]], side: str) -> str:
    """Return statements by date as a chart with a table; nothing below two known dates."""
    days: dict[date, Counter[str]] = defaultdict(Counter)
    for article, judged in done:
        if article.published is not None:
            for one in statements(judged):
                days[article.published][stance_class(one, side)] += 1
    if len(days) < 2:
        return ""
    ordered = sorted(days.items())
    return f"<h2>Timeline</h2>{_chart(ordered)}{_days_table(ordered)}"


def _chart(ordered: list[tuple[date, Counter[str]]]) -> str:
    width, height, base = 800, 180, 150
    highest = max(count.total() for _, count in ordered)
    first, last = ordered[0][0].toordinal(), ordered[-1][0].toordinal()
    bar = max(3.0, min(26.0, 600 / len(ordered)))
    shapes = []
    for day, count in ordered:
        x = 40 + (width - 90) * (day.toordinal() - first) / (last - first)
        y = float(base)
        for column in (*_COLUMNS, "quoted"):
            tall = 130 * count[column] / highest
            y -= tall
            if tall:
                colour = _COLOURS.get(column, "#88847b")
                shapes.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{bar:.1f}" height="{tall:.1f}" '
                    f'fill="{colour}" stroke="#fff"><title>{day}: {count[column]} {column}</title>'
                    f'</rect><text x="{x + bar / 2:.1f}" y="{y + tall / 2 + 4:.1f}" fill="#fff" '
                    f'font-size="11" text-anchor="middle">{SIGNS[column] if tall > 12 else ""}'
                    "</text>"
                )
    axis = (
        f'<line x1="30" x2="{width - 10}" y1="{base}" y2="{base}" stroke="#88847b"/>'
        f'<text x="40" y="{height - 8}" font-size="13">{ordered[0][0]}</text>'
        f'<text x="{width - 20}" y="{height - 8}" font-size="13" text-anchor="end">'
        f"{ordered[-1][0]}</text>"
    )
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="Statements by date; the table '
        f'below has the numbers">{axis}{"".join(shapes)}</svg>'
    )


def _days_table(ordered: list[tuple[date, Counter[str]]]) -> str:
    columns = [c for c in (*_COLUMNS, "quoted") if any(count[c] for _, count in ordered)]
    heads = "".join(f'<th scope="col" class="n">{SIGNS[c]} {c}</th>' for c in columns)
    rows = "".join(
        f'<tr><th scope="row">{day}</th>'
        + "".join(f'<td class="n">{count[c] or "·"}</td>' for c in columns)
        + "</tr>"
        for day, count in ordered
    )
    return (
        '<div class="scroll"><table><caption>Statements by date of the article</caption><thead><tr>'
        f'<th scope="col">Date</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )
