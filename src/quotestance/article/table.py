"""The terminal table of an article's quotations."""

from typing import TYPE_CHECKING

from quotestance.article.read import Article
from quotestance.article.rows import Judged
from quotestance.labels import SIDE, Stance

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_SIGNS = {Stance.SUPPORTIVE: ("+", "green"), Stance.ADVERSARIAL: ("−", "red"), "": ("?", "yellow")}
_LONGEST = 260


def print_tables(
    done: list[tuple[Article, list[Judged]]],
    targets: tuple[str, ...],
    *,
    console: "Console | None" = None,
) -> None:
    """Print a table for each article."""
    from rich.console import Console

    console = console or Console()
    for article, judged in done:
        if judged:
            console.print(_table(article, judged, targets))
        else:
            console.print(f"{article.file}: no quotation found", markup=False)


def _table(article: Article, judged: list[Judged], targets: tuple[str, ...]) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(f"{article.file}: {_count(judged)}"), box=box.SIMPLE_HEAD, title_justify="left",
        show_lines=False, pad_edge=False,
    )  # fmt: skip
    table.add_column("speaker", max_width=26)
    table.add_column("quotation", ratio=1, overflow="fold")
    classified = judged[0].prediction is not None
    if classified:
        for target in targets:
            table.add_column(target, no_wrap=True)
        table.add_column("sentiment", no_wrap=True)
    for one in judged:
        row = [Text(one.quotation.speaker or "–"), Text(_words(one))]
        table.add_row(*row, *(_decisions(one, targets) if classified else []))
    return table


def _count(judged: list[Judged]) -> str:
    groups = len({one.quotation.group for one in judged})
    speakers = len({one.quotation.speaker for one in judged if one.quotation.speaker})
    return f"{groups} statements by {speakers} speakers"


def _words(one: Judged) -> str:
    words = " ".join(one.quotation.quotation.split())
    if len(words) > _LONGEST:
        words = words[:_LONGEST].rsplit(" ", 1)[0] + " …"
    return f"“{words}”" if one.quotation.kind == "direct" else words


def _decisions(one: Judged, targets: tuple[str, ...]) -> list[object]:
    from rich.text import Text

    prediction = one.prediction
    if prediction is None:
        return []
    cells: list[object] = []
    for decision in [*(prediction.stance[target] for target in targets), prediction.sentiment]:
        label = "" if decision.abstained else decision.label
        sign, colour = _SIGNS.get(label, ("·", "default"))
        if decision is prediction.sentiment:
            sign, colour = "", "default"
        cells.append(Text(f"{sign} {label or 'unsure'} {decision.score:.2f}".strip(), colour))
    return cells


def side_of(targets: tuple[str, ...]) -> str:
    """Return the target by which speakers are compared: the two together where it is there."""
    return SIDE if SIDE in targets else targets[0]
