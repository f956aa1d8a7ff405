"""Second labels and decisions: the record `data/annotations/agreement.jsonl`.

One line per label that is not the dataset's own: `id`, `annotator` and the four labels.
Annotator 0 is the decision after a disagreement; 1 the first label, present only where the
decision changed it (else the dataset has it); 2 the blind second label; 3 a further blind one; 4 a
blind label of a statement chosen because a model disagreed (training/review.py), no sample.

Stand-off passages: python -m training.second_labels DRAFTS reads the same `labels/*.tsv` and
`adjudicated/*.tsv` as `training.import_drafts` and settles the ids of `data/annotations`.
"""

import argparse
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from training.codes import LABEL_COLUMNS, decode, read_codes
from training.sources import DOCUMENTS
from training.standoff import ANNOTATIONS, read_annotations
from training.statements import Row, read_rows, write_rows

AGREEMENT = ANNOTATIONS / "agreement.jsonl"
DECISION, FIRST, SECOND, FURTHER, REVIEW = 0, 1, 2, 3, 4

Labels = dict[str, str]
Record = dict[str, dict[int, Labels]]


def labels_of(row: Mapping[str, Any]) -> Labels:
    """Return the four labels of a row."""
    return {column: str(row[column]) for column in LABEL_COLUMNS}


def read_record(path: Path = AGREEMENT) -> Record:
    """Return the recorded labels by id and annotator; none where there is no file."""
    found: Record = {}
    for row in read_rows(path) if path.is_file() else ():
        found.setdefault(str(row["id"]), {})[int(row["annotator"])] = labels_of(row)
    return found


def write_record(record: Record, path: Path = AGREEMENT) -> None:
    """Write the record, sorted by id and annotator."""
    write_rows(
        path,
        (
            {"id": key, "annotator": annotator, **labels_of(labels)}
            for key, history in sorted(record.items())
            for annotator, labels in sorted(history.items())
        ),
    )


def settle(row: Row, history: dict[int, Labels], first: Labels) -> None:
    """Give the row its decided labels, and keep its first ones in `history` where they differ."""
    final = history.get(DECISION, first)
    history.pop(FIRST, None)
    if final != first:
        history[FIRST] = first
    row.update(final)


def record(
    rows: Iterable[Row],
    second: Mapping[str, str],
    decided: Mapping[str, str],
    path: Path,
    settled: Collection[str] = (),
) -> dict[str, int]:
    """Settle authored rows and write their record beside that of other origins.

    Labels recorded earlier hold unless a sheet has newer ones; those of vanished texts go, but
    for the ids in `settled`, which stay as they are.
    Returns the counts of second labels, open disagreements, decisions and orphaned sheet lines.
    """
    everything = read_record(path)
    known = {
        key: found
        for key, found in everything.items()
        if not key.startswith("authored-") or key in settled
    }
    counts: Counter[str] = Counter()
    for row in rows:
        first, history = labels_of(row), everything.get(row["id"], {})
        _update(history, second.get(row["id"]), SECOND)
        _update(history, decided.get(row["id"]), DECISION)
        settle(row, history, first)
        counts["second"] += SECOND in history
        counts["decided"] += DECISION in history
        counts["open"] += DECISION not in history and history.get(SECOND, first) != first
        if history:
            known[row["id"]] = history
    authored = {key for key in second if key.startswith("authored-")}
    counts["orphaned"] = len(authored - set(known))
    write_record(known, path)
    return dict(counts)


def settle_standoff(
    second: Mapping[str, str],
    decided: Mapping[str, str],
    annotations: Path = ANNOTATIONS,
    *,
    annotator: int = FURTHER,
) -> dict[str, int]:
    """Record blind labels of stand-off passages and apply decisions.

    Returns the counts of `settle_named`.
    """
    found = read_record(annotations / AGREEMENT.name)
    counts: Counter[str] = Counter()
    for corpus in DOCUMENTS:
        path = annotations / f"{corpus}.jsonl"
        rows = read_annotations(path)
        counts.update(settle_named(rows, found, (second, decided), annotator))
        if rows:
            write_rows(path, rows)
    write_record(found, annotations / AGREEMENT.name)
    return dict(counts)


def settle_named(
    rows: list[Row],
    record: Record,
    sheets: tuple[Mapping[str, str], Mapping[str, str]],
    annotator: int,
) -> Counter[str]:
    """Settle, in place, the rows that a sheet of blind labels or one of decisions names.

    Returns the counts of blind labels, decisions, open disagreements and changed rows among them.
    """
    blind, decided = sheets
    counts: Counter[str] = Counter()
    for row in rows:
        key = row["id"]
        if key not in blind and key not in decided:
            continue
        before, history = labels_of(row), record.setdefault(key, {})
        first = history.get(FIRST, before)
        _update(history, blind.get(key), annotator)
        _update(history, decided.get(key), DECISION)
        settle(row, history, first)
        counts["second"] += annotator in history
        counts["decided"] += DECISION in history
        counts["open"] += DECISION not in history and history[annotator] != first
        counts["changed"] += labels_of(row) != before
    return counts


def _update(history: dict[int, Labels], code: str | None, annotator: int) -> None:
    if code:
        history[annotator] = decode(code)


def main(arguments: list[str] | None = None) -> int:
    """Settle the stand-off passages that the sheets name."""
    parser = argparse.ArgumentParser(prog="training.second_labels", description=__doc__)
    parser.add_argument("drafts", type=Path)
    parser.add_argument("--annotations", type=Path, default=ANNOTATIONS)
    options = parser.parse_args(arguments)
    second = read_codes(options.drafts / "labels")
    decided = read_codes(options.drafts / "adjudicated")
    counts = settle_standoff(second, decided, options.annotations)
    print(f"stand-off passages: {counts}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
