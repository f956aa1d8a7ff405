"""Review suspected label errors among the training statements, blind.

python -m training.review suspects OUT --model DIR writes sheets of `id<TAB>text`: the statements
to whose own label the model, though trained on it, gives less than `--below`, in one column or
more. python -m training.review settle DRAFTS reads the answers, `labels/*.tsv` and
`adjudicated/*.tsv` of `id<TAB>CODE`, of authored and stand-off statements alike. A review label
alone changes nothing; a decision does. Statements that were chosen because a model disagrees are
no sample, so review labels (annotator 4) take no part in the measured agreement.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

import quotestance
from quotestance.errors import QuotestanceError
from quotestance.inference import Probabilities
from training.codes import read_codes
from training.corpus import Example, statements
from training.label_sheets import write_sheets
from training.recipe import Data
from training.score import truth
from training.second_labels import (
    AGREEMENT,
    DECISION,
    FIRST,
    REVIEW,
    labels_of,
    read_record,
    settle,
    settle_standoff,
    update,
    write_record,
)
from training.statements import STATEMENTS, key_of, read_statements, write_rows


def suspects(
    examples: list[Example], probabilities: Probabilities, below: float
) -> Iterator[tuple[str, str]]:
    """Yield id and text where an own label has less than `below`, ordered by hash."""
    table = np.concatenate([probabilities.stance, probabilities.sentiment[:, None]], axis=1)
    own = np.take_along_axis(table, truth(examples)[:, :, None], axis=2).min(axis=(1, 2))
    found = [x for x, value in zip(examples, own, strict=True) if value < below]
    for example in sorted(found, key=lambda x: key_of(x.id)):
        yield example.id, " ".join(example.text.split())


def settle_authored(
    review: Mapping[str, str],
    decided: Mapping[str, str],
    folder: Path = STATEMENTS,
    path: Path = AGREEMENT,
) -> dict[str, int]:
    """Record review labels of authored statements and apply the decisions.

    Returns the counts of review labels, decisions and changed statements among those named.
    """
    record = read_record(path)
    counts: Counter[str] = Counter()
    for name, rows in read_statements(folder).items():
        for row in rows:
            key = row["id"]
            if key not in review and key not in decided:
                continue
            before, history = labels_of(row), record.setdefault(key, {})
            first = history.get(FIRST, before)
            update(history, review.get(key), REVIEW)
            update(history, decided.get(key), DECISION)
            settle(row, history, first)
            counts["review"] += key in review
            counts["decided"] += key in decided
            counts["changed"] += labels_of(row) != before
        write_rows(folder / f"{name}.jsonl", rows)
    write_record(record, path)
    return dict(counts)


def _write_suspects(options: argparse.Namespace) -> None:
    model = quotestance.load(options.model)
    examples = statements(Data(corpora=options.corpora), "train")
    found = model.probabilities([x.text for x in examples])
    lines: list[tuple[str, ...]] = list(suspects(examples, found, options.below))
    sheets = write_sheets(lines, options.out, options.size)
    print(f"{len(lines)} of {len(examples)} statements in {sheets} sheets under {options.out}")


def _settle(options: argparse.Namespace) -> None:
    review = read_codes(options.drafts / "labels")
    decided = read_codes(options.drafts / "adjudicated")
    print(f"authored statements: {settle_authored(review, decided)}")
    print(f"stand-off passages: {settle_standoff(review, decided, annotator=REVIEW)}")


def main(arguments: list[str] | None = None) -> int:
    """Write sheets of suspects, or settle the answers."""
    parser = argparse.ArgumentParser(prog="training.review", description=__doc__)
    commands = parser.add_subparsers(required=True)
    sheets = commands.add_parser("suspects", help="write the sheets")
    sheets.add_argument("out", type=Path)
    sheets.add_argument("--model", default="default")
    sheets.add_argument("--below", type=float, default=0.2)
    sheets.add_argument("--size", type=int, default=200)
    sheets.add_argument("--corpora", default="")
    sheets.set_defaults(act=_write_suspects)
    answers = commands.add_parser("settle", help="apply the decisions")
    answers.add_argument("drafts", type=Path)
    answers.set_defaults(act=_settle)
    options = parser.parse_args(arguments)
    try:
        options.act(options)
    except (QuotestanceError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
