"""The report: one self-contained HTML page, without script, that opens from disk."""

from html import escape
from pathlib import Path

from quotestance import __version__
from quotestance.article.read import Article
from quotestance.article.report_style import STYLE
from quotestance.article.report_summary import speakers_table, timeline
from quotestance.article.report_text import SIGNS, article_body
from quotestance.article.rows import Judged, statements
from quotestance.article.table import side_of
from quotestance.errors import OutputError

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_MEANING = {
    "supportive": "supportive (solid line)",
    "adversarial": "adversarial (double line)",
    "neutral": "neutral (dotted line)",
    "unsure": "unsure, no decision (dashed line)",
}


def write_report(
    done: list[tuple[Article, list[Judged]]], targets: tuple[str, ...], path: Path
) -> None:
    """Write the page; it appears under its name only when whole. Raises OutputError."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.write_text(render(done, targets), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)


def render(done: list[tuple[Article, list[Judged]]], targets: tuple[str, ...]) -> str:
    """Return the page for one or several articles; all text in it is escaped."""
    side = side_of(targets)
    classified = any(one.prediction is not None for _, judged in done for one in judged)
    title = _title(done)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(title)}</title><style>{STYLE}</style></head>
<body><a class="skip" href="#articles">To the articles</a>
<header><h1>{escape(title)}</h1>{_lead(done, side, classified=classified)}</header>
<main>{_legend(classified=classified)}
<section><h2>Who stands where</h2>
{speakers_table(done, side, f"Statements by speaker and stance toward {side}")}</section>
{f"<section>{chart}</section>" if (chart := timeline(done, side)) else ""}
{_contents(done)}<div id="articles">
{"".join(_article(k, article, judged, side) for k, (article, judged) in enumerate(done))}
</div></main>
<footer class="note">Made by quotestance {escape(__version__)}. Speakers and spans are found by
rules, stances by a model: both err; the words above are the source.</footer>
</body></html>
"""


def _title(done: list[tuple[Article, list[Judged]]]) -> str:
    if len(done) == 1:
        return done[0][0].title or done[0][0].file
    return f"Quotations of {len(done)} articles"


def _lead(done: list[tuple[Article, list[Judged]]], side: str, *, classified: bool) -> str:
    number = sum(len(statements(judged)) for _, judged in done)
    what = f", coloured by stance toward {escape(side)}" if classified else ""
    return (
        f'<p class="note">{number} statements{what}. Point at a quotation, or reach it with the '
        "tab key, to see its speaker and the probabilities.</p>"
    )


def _legend(*, classified: bool) -> str:
    if not classified:
        return ""
    items = "".join(
        f'<li><span class="m {name}"><span class="sign">{SIGNS[name]}</span>{meaning}</span></li>'
        for name, meaning in _MEANING.items()
    )
    return (
        f'<ul class="legend" aria-label="Legend">{items}'
        '<li><span class="indirect">italic</span>: reported speech</li></ul>'
    )


def _contents(done: list[tuple[Article, list[Judged]]]) -> str:
    if len(done) < 2:
        return ""
    items = "".join(
        f'<li><a href="#a{k}">{escape(article.title or article.file)}</a> '
        f'<span class="note">{article.published or ""}</span></li>'
        for k, (article, _) in enumerate(done)
    )
    return f'<nav aria-label="Articles"><h2>Articles</h2><ol>{items}</ol></nav>'


def _article(number: int, article: Article, judged: list[Judged], side: str) -> str:
    when = f" · {article.published}" if article.published else ""
    heading = article.title or article.file
    return (
        f'<article id="a{number}"><h2>{escape(heading)}</h2>'
        f'<p class="note">{escape(article.file)}{when}</p>'
        f"{article_body(article.text, judged, side, f'q{number}-')}</article>"
    )
