"""Articles with gold quotations in their text, and scores of an extraction against them.

The gold stands inline: `{{d Jane Doe|quoted words}}` is a direct quotation and her the right
speaker, `{{i Jane Doe|reported clause}}` reported speech. `/` parts answers that are all right,
`-` is an unknown speaker. Gold of one kind may stand inside the other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quotestance.article import Kind, Quotation

_OPEN = re.compile(r"\{\{([di]) ([^|{}]+)\|")
_AROUND = re.compile(
    r"(?:``|''|[\"“”„«»‘'])\s*(.*?)\s*(?:(?:``|''|’’|[\"“”«»’'])[,.]?)?", re.DOTALL
)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Gold:
    """A gold quotation; `speakers` are the answers that count as right, "-" for none."""

    start: int
    end: int
    kind: Kind
    speakers: tuple[str, ...]


@dataclass(frozen=True)
class GoldArticle:
    """An article without its markup, and its gold."""

    name: str
    text: str
    gold: tuple[Gold, ...]


def parse(name: str, marked: str) -> GoldArticle:
    """Take the markup out of a text."""
    pieces: list[str] = []
    opened: list[tuple[int, str, str]] = []
    gold: list[Gold] = []
    length = at = 0
    while at < len(marked):
        match = _OPEN.match(marked, at)
        if match:
            opened.append((length, match.group(1), match.group(2)))
            at = match.end()
        elif opened and marked.startswith("}}", at):
            start, kind, speakers = opened.pop()
            kinds = {"d": Kind.DIRECT, "i": Kind.INDIRECT}
            inner = _inner("".join(pieces), start) if kind == "d" else (start, length)
            gold.append(Gold(*inner, kinds[kind], tuple(speakers.split("/"))))
            at += 2
        else:
            pieces.append(marked[at])
            length, at = length + 1, at + 1
    if opened:
        raise ValueError(f"{name}: {len(opened)} gold spans are not closed")
    return GoldArticle(name, "".join(pieces), tuple(sorted(gold, key=lambda g: g.start)))


def _inner(text: str, start: int) -> tuple[int, int]:
    """Return the span from `start` to the text's end without the marks around it."""
    match = _AROUND.fullmatch(text, start)
    return match.span(1) if match else (start, len(text))


def read_folder(folder: Path) -> list[GoldArticle]:
    """Read every gold article of a folder."""
    return [parse(path.name, path.read_text("utf-8")) for path in sorted(folder.glob("*.txt"))]


@dataclass
class Score:
    """Counts over articles, and the measures made of them."""

    found: int = 0
    predicted: int = 0
    gold: int = 0
    right: int = 0
    named: int = 0
    unknown: int = 0
    reported: int = 0
    reported_gold: int = 0
    reported_right: int = 0
    reported_predicted: int = 0
    reported_true: int = 0

    def measures(self) -> dict[str, float]:
        """Return the measures; spans of direct quotations count only if exact."""
        precision = self.found / max(1, self.predicted)
        recall = self.found / max(1, self.gold)
        return {
            "direct_precision": round(precision, 4),
            "direct_recall": round(recall, 4),
            "direct_f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
            "speaker_accuracy": round(self.right / max(1, self.found), 4),
            "speaker_named": round(self.named / max(1, self.found), 4),
            "speaker_unknown": round(self.unknown / max(1, self.found), 4),
            "reported_recall": round(self.reported / max(1, self.reported_gold), 4),
            "reported_speaker_accuracy": round(self.reported_right / max(1, self.reported), 4),
            "reported_precision": round(self.reported_true / max(1, self.reported_predicted), 4),
            "direct_gold": self.gold,
            "reported_gold": self.reported_gold,
        }


def add_score(score: Score, article: GoldArticle, rows: Sequence[Quotation]) -> list[str]:
    """Count an article's hits; return a line for each miss."""
    misses = _direct(score, article, [row for row in rows if row.kind == Kind.DIRECT])
    return misses + _reported(score, article, [r for r in rows if r.kind == Kind.INDIRECT])


def _direct(score: Score, article: GoldArticle, rows: Sequence[Quotation]) -> list[str]:
    wanted = {(g.start, g.end): g for g in article.gold if g.kind == Kind.DIRECT}
    score.gold += len(wanted)
    score.predicted += len(rows)
    misses = []
    for row in rows:
        gold = wanted.pop((row.start, row.end), None)
        if gold is None:
            misses.append(f"{article.name}: extra {row.quotation[:60]!r}")
            continue
        score.found += 1
        score.right += is_right(row.speaker, gold)
        score.named += is_named(row.speaker, gold)
        score.unknown += row.speaker is None
        if not is_right(row.speaker, gold):
            misses.append(f"{article.name}: {row.speaker} for {gold.speakers[0]}: "
                          f"{row.quotation[:50]!r}")  # fmt: skip
    return misses + [
        f"{article.name}: missed {article.text[g.start : g.end][:60]!r}" for g in wanted.values()
    ]


def _reported(score: Score, article: GoldArticle, rows: Sequence[Quotation]) -> list[str]:
    misses = []
    wanted = [g for g in article.gold if g.kind == Kind.INDIRECT]
    score.reported_gold += len(wanted)
    score.reported_predicted += len(rows)
    hit: set[int] = set()
    for gold in wanted:
        best = max(rows, key=lambda row: _overlap(row, gold), default=None)
        if best is None or _overlap(best, gold) < 0.6:
            misses.append(f"{article.name}: not reported {article.text[gold.start : gold.end]!r}")
            continue
        score.reported += 1
        hit.add(best.start)
        score.reported_right += is_right(best.speaker, gold)
        if not is_right(best.speaker, gold):
            misses.append(f"{article.name}: reported {best.speaker} for {gold.speakers[0]}")
    score.reported_true += len(hit)
    misses += [
        f"{article.name}: reported too much {row.quotation!r}" for row in rows
        if row.start not in hit
    ]  # fmt: skip
    return misses


def _overlap(row: Quotation, gold: Gold) -> float:
    """Return the shared share of the two spans' union."""
    shared = min(row.end, gold.end) - max(row.start, gold.start)
    return max(0, shared) / (max(row.end, gold.end) - min(row.start, gold.start))


def is_right(speaker: str | None, gold: Gold) -> bool:
    """Tell whether the speaker is one of the right answers, but for case and an article."""
    name = "-" if speaker is None else _plain(speaker)
    return name in {_plain(answer) for answer in gold.speakers}


def is_named(speaker: str | None, gold: Gold) -> bool:
    """Tell whether at least the last word is right: "Doe" or "he said Doe" for "Jane Doe"."""
    if speaker is None:
        return "-" in gold.speakers
    last = _plain(speaker).split()[-1:]
    return is_right(speaker, gold) or any(_plain(a).split()[-1:] == last for a in gold.speakers)


def _plain(name: str) -> str:
    return _ARTICLE.sub("", name.strip().replace("’", "'")).casefold()
