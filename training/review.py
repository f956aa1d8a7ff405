"""Review suspected label errors among the training statements, blind.

python -m training.review suspects OUT --model DIR writes sheets of `key<TAB>text`: the statements
to whose own label the model, though trained on it, gives less than `--below`, in one column or
more. The key is a hash of the id, so that a sheet does not tell the source. python -m
training.review settle DRAFTS reads the answers, `labels/*.tsv` and `adjudicated/*.tsv` of
`key<TAB>CODE` (ids do too), of authored and stand-off statements alike. A review label alone
changes nothing; a decision does. Only training statements are ever reviewed so: a test label that
changed on a model's word would flatter the model. Statements that were chosen because a model
disagrees are no sample either, so review labels (annotator 4) take no part in the agreement.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

import quotestance
from quotestance.errors import InputFormatError, InputNotFoundError, QuotestanceError
from quotestance.inference import Probabilities
from training.codes import decode, joint_rule, read_codes
from training.corpus import Example, statements
from training.label_sheets import Line, write_sheets
from training.recipe import Data
from training.score import truth
from training.second_labels import AGREEMENT, REVIEW, read_record, settle_named, write_record
from training.sources import DOCUMENTS
from training.standoff import ANNOTATIONS, read_annotations
from training.statements import STATEMENTS, key_of, write_rows


def suspects(examples: list[Example], probabilities: Probabilities, below: float) -> Iterator[Line]:
    """Yield key and text where an own label has less than `below`, ordered by key."""
    table = np.concatenate([probabilities.stance, probabilities.sentiment[:, None]], axis=1)
    own = np.take_along_axis(table, truth(examples)[:, :, None], axis=2).min(axis=(1, 2))
    found = [x for x, value in zip(examples, own, strict=True) if value < below]
    for key, text in sorted((key_of(x.id), x.text) for x in found):
        yield key, " ".join(text.split())


def settle_review(
    drafts: Path, folder: Path = STATEMENTS, annotations: Path = ANNOTATIONS
) -> dict[str, int]:
    """Record the answers under `drafts`, apply its decisions and return the counts.

    Raises:
        InputNotFoundError: no answers there.
        InputFormatError: a key of no training statement, or a code against the joint rule. Nothing
            is written then.
    """
    paths = [folder / "train.jsonl", *(annotations / f"{corpus}.jsonl" for corpus in DOCUMENTS)]
    files = {path: read_annotations(path) for path in paths}
    rows = [row for found in files.values() for row in found]
    training = [row for row in rows if row.get("split", "train") == "train"]
    keys = {key: row["id"] for row in training for key in (row["id"], key_of(row["id"]))}
    sheets = (_answers(drafts / "labels", keys), _answers(drafts / "adjudicated", keys))
    if not any(sheets):
        raise InputNotFoundError(f"no labels/*.tsv or adjudicated/*.tsv under {drafts}")
    record = read_record(annotations / AGREEMENT.name)
    counts: Counter[str] = Counter()
    for path, found in files.items():
        counts.update(settle_named(found, record, sheets, REVIEW))
        if found:
            write_rows(path, found)
    write_record(record, annotations / AGREEMENT.name)
    return dict(counts)


def _answers(folder: Path, keys: Mapping[str, str]) -> dict[str, str]:
    codes = read_codes(folder)
    for key, code in codes.items():
        if key not in keys:
            raise InputFormatError(f"{folder}: {key} is no training statement")
        if not joint_rule(decode(code)):
            raise InputFormatError(
                f"{folder}: {key} has {code}; one position decides the joint one"
            )
    return {keys[key]: code for key, code in codes.items()}


def _write_suspects(options: argparse.Namespace) -> None:
    model = quotestance.load(options.model)
    examples = statements(Data(corpora=options.corpora, statements=options.statements), "train")
    found = model.probabilities([x.text for x in examples])
    lines = list(suspects(examples, found, options.below))
    sheets = write_sheets(lines, options.out, options.size)
    print(f"{len(lines)} of {len(examples)} statements in {sheets} sheets under {options.out}")


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
    sheets.add_argument("--statements", default=str(STATEMENTS))
    sheets.set_defaults(act=_write_suspects)
    answers = commands.add_parser("settle", help="apply the decisions")
    answers.add_argument("drafts", type=Path)
    answers.add_argument("--statements", type=Path, default=STATEMENTS)
    answers.add_argument("--annotations", type=Path, default=ANNOTATIONS)
    answers.set_defaults(act=lambda o: print(settle_review(o.drafts, o.statements, o.annotations)))
    options = parser.parse_args(arguments)
    try:
        options.act(options)
    except (QuotestanceError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
