"""The terminal table of an article's statements."""

from typing import TYPE_CHECKING

from quotestance.article.quotation import Basis
from quotestance.article.read import Article
from quotestance.article.rows import Judged, statements
from quotestance.labels import SIDE
from quotestance.prediction import Decision

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_SIGNS = {
    "supportive": ("+", "green"),
    "adversarial": ("−", "red"),
    "neutral": ("○", "default"),
    "unsure": ("?", "yellow"),
}
_LEGEND = "+ supportive, − adversarial, ○ neutral, ? unsure, each with its probability"
_LONGEST = 260
_WIDE = 130
"""From so many columns on, labels are written out."""


def print_tables(
    done: list[tuple[Article, list[Judged]]],
    targets: tuple[str, ...],
    *,
    console: "Console | None" = None,
) -> None:
    """Print a table for each article: a row for each statement, by whom, and its stances."""
    from rich.console import Console

    console = console or Console()
    for article, judged in done:
        if judged:
            console.print(_table(article, judged, targets, wide=console.width >= _WIDE))
        else:
            console.print(f"{article.file}: no quotation found", markup=False)


def _table(
    article: Article, judged: list[Judged], targets: tuple[str, ...], *, wide: bool
) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    classified = judged[0].prediction is not None
    table = Table(
        title=Text(f"{article.file}: {_count(judged)}"), title_justify="left",
        caption=Text(_LEGEND) if classified else None, caption_justify="left",
        box=box.SIMPLE_HEAD, pad_edge=False,
    )  # fmt: skip
    table.add_column("speaker", max_width=24 if wide else 15)
    table.add_column("statement", overflow="fold")
    if classified:
        for name in (*targets, "sentiment"):
            # Two lines leave the words more room on a narrow terminal.
            header = name if wide else name.replace("/", "/\n").replace("sentiment", "senti-\nment")
            table.add_column(header, no_wrap=True)
    for one in statements(judged):
        cells = _decisions(one, targets, wide=wide) if classified else []
        table.add_row(Text(one.quotation.speaker or "–"), Text(_words(one)), *cells)
    return table


def _count(judged: list[Judged]) -> str:
    speakers = len({one.quotation.speaker for one in judged if one.quotation.speaker})
    return f"{len(statements(judged))} statements by {speakers} speakers"


def _words(one: Judged) -> str:
    words = one.quotation.statement
    if len(words) > _LONGEST:
        words = words[:_LONGEST].rsplit(" ", 1)[0] + " …"
    whole = one.quotation.basis in (Basis.QUOTATION, Basis.PARTS)
    return f"“{words}”" if whole else words


def _decisions(one: Judged, targets: tuple[str, ...], *, wide: bool) -> "list[Text]":
    from rich.text import Text

    if one.prediction is None:
        return []
    cells = [_stance(one.prediction.stance[target], wide=wide) for target in targets]
    return [*cells, Text(_label(one.prediction.sentiment))]


def _stance(decision: Decision, *, wide: bool) -> "Text":
    from rich.text import Text

    label = _label(decision)
    sign, colour = _SIGNS[label]
    name = f" {label}" if wide else ""
    return Text(f"{sign}{name} {decision.score:.2f}", colour)


def _label(decision: Decision) -> str:
    return "unsure" if decision.abstained else decision.label


def side_of(targets: tuple[str, ...]) -> str:
    """Return the target by which speakers are compared: the two together where it is there."""
    return SIDE if SIDE in targets else targets[0]
