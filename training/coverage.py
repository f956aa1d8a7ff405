"""The dataset card's tables: python -m training.coverage [--check].

Rewrites what stands between `<!-- coverage:begin -->` and `<!-- coverage:end -->` in
`data/README.md`; with `--check` it writes nothing and exits 1 where the card is out of date.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path

from quotestance.errors import InputFormatError
from training.agreement import current_labels, measure
from training.codes import LABEL_COLUMNS, encode
from training.second_labels import read_record
from training.sources import DOCUMENTS
from training.standoff import ANNOTATIONS, EXCLUDED, SPLITS, read_annotations
from training.statements import DATA, Row, read_statements
from training.vocabulary import PHENOMENA, REGISTERS, SIDES, THEMES

BEGIN, END = "<!-- coverage:begin -->", "<!-- coverage:end -->"
SHORTCUTS = "shortcuts.json"
LENGTHS = ((1, 11), (12, 20), (21, 35), (36, 50), (51, 90), (91, 999))
"""Bands of words, both ends included."""


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; numbers are aligned to the right."""
    body = [[str(cell) for cell in row] for row in rows]
    rule = ["---" if i == 0 else "---:" for i in range(len(header))]
    lines = [header, rule, *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def share(part: int, whole: int) -> str:
    """Return a count with its percentage."""
    return f"{part:,} ({part / max(1, whole):.0%})"


def sizes(files: Mapping[str, list[Row]]) -> str:
    """Return the statements per split and origin; `validation` is shown without calibration."""
    counts: Counter[tuple[str, str]] = Counter()
    for name, rows in files.items():
        for row in rows:
            counts["calibration" if row["calibration"] else name, row["origin"]] += 1
    for corpus in DOCUMENTS:
        for row in read_annotations(ANNOTATIONS / f"{corpus}.jsonl"):
            counts[row["split"], "annotated"] += row["split"] != EXCLUDED
    origins = ("authored", "quoted", "annotated")
    lines: list[list[object]] = [[s, *(f"{counts[s, o]:,}" for o in origins)] for s in SPLITS]
    lines.append(["all", *(f"{sum(counts[s, o] for s in SPLITS):,}" for o in origins)])
    return table(["split", *origins], lines)


def labels(rows: list[Row]) -> str:
    """Return the share of every label in every column."""
    lines = []
    for column in LABEL_COLUMNS:
        found = Counter(row[column] for row in rows)
        order = ("supportive", "positive", "adversarial", "negative", "neutral")
        named = [f"{label} {share(found[label], len(rows))}" for label in order if label in found]
        lines.append([column, *named])
    return table(["column", "", "", ""], lines)


def combinations(rows: list[Row]) -> str:
    """Return the counts of every NATO, Ukraine, joint combination by sentiment."""
    codes = Counter(encode(row) for row in rows)
    lines = []
    for letters in ("".join(p) for p in product("SAN", repeat=3)):
        counts = [codes[letters + tone] for tone in "+-0"]
        if sum(counts):
            lines.append([*letters, *counts, sum(counts)])
    return table(["NATO", "Ukraine", "joint", "positive", "negative", "neutral", "all"], lines)


def by_field(rows: list[Row], field: str, values: Sequence[str]) -> str:
    """Return the count of each value of a field, split by joint stance."""
    lines = []
    for value in [*values, None]:
        found = [row for row in rows if row[field] == value]
        if found:
            lines.append([value or "not recorded", *_stances(found)])
    return table([field, "all", "supportive", "adversarial", "neutral"], lines)


def by_length(rows: list[Row]) -> str:
    """Return the counts per band of words."""
    lines = []
    for low, high in LENGTHS:
        found = [row for row in rows if low <= len(row["text"].split()) <= high]
        name = f"{low} to {high}" if high < 999 else f"{low} and more"
        lines.append([name, *_stances(found)])
    return table(["words", "all", "supportive", "adversarial", "neutral"], lines)


def by_phenomenon(rows: list[Row]) -> str:
    """Return the count of every phenomenon and what it is."""
    lines = []
    for name, meaning in PHENOMENA.items():
        found = [row for row in rows if name in row["phenomena"]]
        lines.append([f"`{name}`: {meaning}", *_stances(found)])
    return table(["phenomenon", "all", "supportive", "adversarial", "neutral"], lines)


def _stances(rows: list[Row]) -> list[int]:
    counts = Counter(row["stance"] for row in rows)
    return [len(rows), counts["supportive"], counts["adversarial"], counts["neutral"]]


def annotated() -> str:
    """Return the stand-off passages per corpus, by stance and by split."""
    lines = []
    for corpus in DOCUMENTS:
        rows = read_annotations(ANNOTATIONS / f"{corpus}.jsonl")
        splits = Counter(row["split"] for row in rows)
        lines.append([corpus, *_stances(rows), *(splits[s] for s in (*SPLITS, EXCLUDED))])
    header = ["corpus", "all", "supportive", "adversarial", "neutral", *SPLITS, EXCLUDED]
    return table(header, lines)


def agreement(statements: Path) -> str:
    """Return Krippendorff's alpha per part and column."""
    found = measure(
        read_record(ANNOTATIONS / "agreement.jsonl"), current_labels(statements, ANNOTATIONS)
    )
    lines = [[a.part, a.column, a.units, f"{a.alpha:.3f}", f"{a.observed:.1%}"] for a in found]
    return table(["part", "column", "labelled twice", "alpha", "same label"], lines)


def shortcuts(path: Path) -> str:
    """Return macro-F1 of the shortcut baselines that `training.shortcuts -o` measured."""
    found = json.loads(path.read_text(encoding="utf-8"))
    lines = [
        [f"{s['part']}, {s['baseline']}"]
        + [f"{s['macro_f1'][c]:.3f}" if c in s["macro_f1"] else "" for c in LABEL_COLUMNS]
        for s in found["baselines"]
    ]
    words: dict[str, list[str]] = {}
    for word in found["words"]:
        if word["column"] == "stance":
            entry = f"{word['word']} ({word['share']:.0%} of {word['count']})"
            words.setdefault(word["label"], []).append(entry)
    telling = [f"- {label}: {', '.join(entries)}" for label, entries in words.items()]
    named = [
        f"- {part}: {name} {value:.3f}"
        for part, scores in found.get("sources", {}).items()
        for name, value in scores.items()
    ]
    head = "Written by `python -m training.shortcuts -o data/shortcuts.json`. Macro-F1, test split."
    scores_table = table(["baseline", *LABEL_COLUMNS], lines)
    words_head = "Words that alone predict the joint stance best:"
    return "\n\n".join([head, scores_table, words_head, "\n".join(telling), "\n".join(named)])


def report(folder: Path = DATA / "statements") -> str:
    """Return all tables of the card."""
    files = read_statements(folder)
    rows = [row for part in files.values() for row in part if row["origin"] == "authored"]
    news = sum(row["register"] in ("news_report", "news_analysis") for row in rows)
    groups = len({row["group"] for row in rows})
    sections = {
        "Size": sizes(files),
        "Labels of the authored statements": labels(rows),
        "Combinations of labels": combinations(rows),
        "Register": f"{news:,} in the prose of news agencies and news analysis.\n\n"
        + by_field(rows, "register", REGISTERS),
        "Side of the speaker": by_field(rows, "side", SIDES),
        "Length": by_length(rows),
        "English": by_field(rows, "english", ("native", "translated")),
        "How the target appears": by_field(
            rows, "target_form", ("named", "aliased", "implied", "absent")
        ),
        "Phenomena": by_phenomenon(rows),
        "Themes": by_field(rows, "theme", THEMES),
        "Annotated passages": annotated(),
        "Agreement": agreement(folder),
    }
    if (folder.parent / SHORTCUTS).is_file():
        sections["Shortcuts"] = shortcuts(folder.parent / SHORTCUTS)
    head = f"{len(rows):,} authored statements in {groups:,} groups."
    return "\n\n".join([head, *(f"#### {name}\n\n{body}" for name, body in sections.items())])


def rewrite(card: str, tables: str) -> str:
    """Return the card with `tables` between its markers."""
    if card.count(BEGIN) != 1 or card.count(END) != 1:
        raise InputFormatError(f"the card needs one {BEGIN} and one {END}; put them back")
    head, rest = card.split(BEGIN)
    return f"{head}{BEGIN}\n\n{tables}\n\n{END}{rest.split(END)[1]}"


def main(arguments: list[str] | None = None) -> int:
    """Write the tables into the card, or check that they are up to date."""
    parser = argparse.ArgumentParser(prog="training.coverage", description=__doc__)
    parser.add_argument("--card", type=Path, default=DATA / "README.md")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    old = options.card.read_text(encoding="utf-8")
    new = rewrite(old, report(options.card.parent / "statements"))
    if options.check:
        print(
            "the card is up to date" if old == new else "out of date: python -m training.coverage"
        )
        return int(old != new)
    options.card.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
