"""Sheets for blind labelling: python -m training.label_sheets OUT [--size N].

Writes `OUT/sheet-NN.tsv` with `id<TAB>text` of every authored statement that has no second label,
in an order that follows from the ids alone, so that variants do not stand side by side.
`--standoff N` takes N passages of every corpus instead; `--disagreements` writes those that wait
for a decision, with both codes in an order that does not tell whose is whose. Answers are
`id<TAB>code` lines in `labels/*.tsv` or `adjudicated/*.tsv`.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from training.codes import encode
from training.second_labels import (
    AGREEMENT,
    DECISION,
    FURTHER,
    SECOND,
    Record,
    labels_of,
    read_record,
)
from training.standoff import load_annotated
from training.statements import STATEMENTS, Row, key_of, read_statements

Line = tuple[str, ...]


def unlabelled(rows: list[Row], record: Record) -> Iterator[Line]:
    """Yield id and text of the rows that nobody labelled a second time, shuffled for good."""
    for row in sorted(rows, key=lambda row: key_of(row["id"])):
        if {SECOND, FURTHER}.isdisjoint(record.get(row["id"], ())):
            yield row["id"], row["text"]


def disagreements(rows: list[Row], record: Record) -> Iterator[Line]:
    """Yield id, the differing codes (sorted) and text of rows that wait for a decision."""
    for row in sorted(rows, key=lambda row: key_of(row["id"])):
        history = record.get(row["id"], {})
        codes = {encode(labels_of(row)), *map(encode, history.values())}
        if DECISION not in history and len(codes) > 1:
            yield row["id"], *sorted(codes), row["text"]


def standoff_sample(rows: list[Row], count: int) -> list[Row]:
    """Return `count` rows of every source, chosen by the hash of their ids."""
    chosen: list[Row] = []
    for source in sorted({row["source"] for row in rows}):
        own = sorted((r for r in rows if r["source"] == source), key=lambda r: key_of(r["id"]))
        chosen += own[:count]
    return chosen


def write_sheets(lines: list[Line], folder: Path, size: int) -> int:
    """Write the lines in sheets of `size`; return the number of sheets."""
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(lines), size)
    for number, start in enumerate(starts, 1):
        body = "".join("\t".join(line) + "\n" for line in lines[start : start + size])
        (folder / f"sheet-{number:02}.tsv").write_text(body, encoding="utf-8")
    return len(starts)


def main(arguments: list[str] | None = None) -> int:
    """Write the sheets and print how many."""
    parser = argparse.ArgumentParser(prog="training.label_sheets", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--standoff", type=int, default=0, help="passages of every corpus")
    parser.add_argument("--corpora", type=Path, default=Path("corpora"))
    parser.add_argument("--disagreements", action="store_true")
    options = parser.parse_args(arguments)
    if options.standoff:
        annotated = load_annotated(None, options.corpora).rows
        rows = annotated if options.disagreements else standoff_sample(annotated, options.standoff)
    else:
        found = read_statements(STATEMENTS).values()
        rows = [row for part in found for row in part if row["origin"] == "authored"]
    record = read_record(AGREEMENT)
    lines = list((disagreements if options.disagreements else unlabelled)(rows, record))
    sheets = write_sheets(lines, options.out, options.size)
    print(f"{len(lines)} statements in {sheets} sheets under {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
