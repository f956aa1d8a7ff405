"""Check the dataset: python -m training.check_data [--corpora DIR].

One line per fault, exit 1 where there is one. Schema and codebook logic, groups across splits,
exact and near repeats inside and across splits, repeated wording, real persons as speakers, leaked
corpus text (where the corpora are there), class balance, and the counts that the dataset promises.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from quotestance.errors import QuotestanceError
from training.check_overlap import (
    corpus_texts,
    holders,
    leaks,
    near_repeats,
    repeats,
    shared_runs,
)
from training.check_rows import annotation_faults, group_faults, row_faults
from training.corpus import find_corpora
from training.sources import DOCUMENTS
from training.standoff import load_annotated, read_annotations
from training.statements import DATA, Row, read_rows, read_statements

LEAST_SHARE = {"stance": 0.22, "stance_nato": 0.15, "stance_ukraine": 0.15, "sentiment": 0.15}
LEAST_AUTHORED = 6000
LEAST_NEWS = 2500
LEAST_ANNOTATED = 8000
LEAST_THEMES = 30
LEAST_OF_PHENOMENON = 60
PROMISED_PHENOMENA = tuple(
    "quote_in_quote reported_speech negation contrast sentiment_against_stance third_party "
    "war_in_passing people_against_government pawns conditional membership_refused reproach "
    "membership_fact aid_opposed warning both_sides comparison irony loaded_names hedge "
    "rhetorical_question passive_blame presupposition praise_as_attack off_target aliased "
    "implied two_voices half_quote anonymous_source".split()
)
NEWS = ("news_report", "news_analysis")


def content_faults(data: Path = DATA, corpora: Path | None = None) -> Iterator[str]:
    """Yield what is wrong with rows, groups and texts; `corpora` adds the annotated texts."""
    files = read_statements(data / "statements")
    broken = [f"{name}: {row.get('id')}: {fault}" for name, row, fault in _row_faults(files)]
    yield from broken
    for corpus in DOCUMENTS:
        rows = read_annotations(data / "annotations" / f"{corpus}.jsonl")
        yield from annotation_faults(corpus, rows)
    if broken:
        return  # the checks between rows presuppose sound rows
    yield from group_faults(files)
    yield from _text_faults(files, data, corpora)


def _row_faults(files: Mapping[str, list[Row]]) -> Iterator[tuple[str, Row, str]]:
    for name, rows in files.items():
        for row in rows:
            yield from ((name, row, fault) for fault in row_faults(row))
            if row.get("calibration") and name != "validation":
                yield name, row, "calibration rows stand in validation.jsonl"


def _text_faults(files: Mapping[str, list[Row]], data: Path, corpora: Path | None) -> Iterator[str]:
    rows = [row for part in files.values() for row in part]
    authored = [row for row in rows if row["origin"] == "authored"]
    yield from repeats(rows)
    yield from shared_runs(authored)
    yield from near_repeats(rows)
    learned = files["train"] + files["validation"]
    yield from near_repeats(challenge_texts(data) + [{**row, "group": ""} for row in learned])
    if corpora:
        annotated = load_annotated(None, corpora, data / "annotations").rows
        yield from near_repeats([{**row, "group": row["split"]} for row in annotated])
        held_out = [{**row, "group": "held out"} for row in annotated if row["split"] != "train"]
        yield from near_repeats(held_out + [{**row, "group": ""} for row in files["train"]])
        yield from holders([row for row in annotated if row["split"] == "train"], held_out)
        yield from leaks(authored, corpus_texts(corpora))


def challenge_texts(data: Path = DATA) -> list[Row]:
    """Return every statement of `data/challenge`, one group: these are never trained on."""
    found = []
    for path in sorted((data / "challenge").glob("*.jsonl")):
        for number, row in enumerate(read_rows(path), 1):
            where = f"challenge/{path.name}:{number}"
            found += [{"id": where, "text": text, "group": "challenge"} for text in _sentences(row)]
    return found


def _sentences(value: object) -> Iterator[str]:
    """Yield the strings of at least six words in a JSON value."""
    if isinstance(value, str) and len(value.split()) >= 6:
        yield value
    elif isinstance(value, dict):
        yield from (text for inner in value.values() for text in _sentences(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in _sentences(inner))


def quantity_faults(data: Path = DATA) -> Iterator[str]:
    """Yield the counts and shares of authored statements that fall short of what is promised."""
    files = read_statements(data / "statements")
    rows = [row for part in files.values() for row in part if row["origin"] == "authored"]
    for column, least in LEAST_SHARE.items():
        for label, count in sorted(Counter(row[column] for row in rows).items()):
            if count < least * len(rows):
                yield f"balance: {column} {label} {count / len(rows):.1%}; wanted {least:.0%}"
    tags = Counter(name for row in rows for name in row["phenomena"])
    for name in PROMISED_PHENOMENA:
        if tags[name] < LEAST_OF_PHENOMENON:
            yield f"phenomena: {name} {tags[name]}; wanted {LEAST_OF_PHENOMENON}"
    annotated = sum(
        len(read_annotations(data / "annotations" / f"{corpus}.jsonl")) for corpus in DOCUMENTS
    )
    counts = {
        "authored statements": (len(rows), LEAST_AUTHORED),
        "news prose": (sum(row["register"] in NEWS for row in rows), LEAST_NEWS),
        "themes": (len({row["theme"] for row in rows} - {None}), LEAST_THEMES),
        "annotated passages": (annotated, LEAST_ANNOTATED),
    }
    for name, (count, least) in counts.items():
        if count < least:
            yield f"count: {name} {count}; wanted {least}"


def main(arguments: list[str] | None = None) -> int:
    """Print every fault; return 1 where there is one."""
    parser = argparse.ArgumentParser(prog="training.check_data", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--corpora", default="", help="corpora or ../shared/corpora if left out")
    options = parser.parse_args(arguments)
    corpora = None
    try:
        corpora = find_corpora(options.corpora)
        faults = [*content_faults(options.data, corpora), *quantity_faults(options.data)]
    except QuotestanceError as error:
        faults = [str(error)]
    for fault in faults:
        print(fault)
    without = "" if corpora else " (no corpora: annotated texts and leaks not checked)"
    print(f"{len(faults)} faults{without}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
