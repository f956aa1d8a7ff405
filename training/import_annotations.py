"""Import further stand-off labels: python -m training.import_annotations SELECTION.json.

SELECTION is a list of passages (`id`, `corpus`, `doc`, `start`, `end`, `sha256`; a claim has no
span). `--first`, `--second` and `--decided` take sheets of `id<TAB>CODE`; `--keys FILE` maps the
ids of blind sheets to passages (a JSON object). A passage without a first label is left out, so is
one whose text the corpora do not confirm. Rows, groups, splits and the record of agreement in
`data/annotations` are brought up to date.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from quotestance.errors import InputFormatError
from training import assign_splits
from training.codes import decode, read_sheet
from training.second_labels import SECOND, settle_standoff
from training.sources import DOCUMENT_FIELD, DOCUMENTS, euvsdisinfo, kremlin
from training.sources.files import read_csv
from training.standoff import ANNOTATIONS, passage, read_annotations, sha256
from training.statements import Row, write_rows


def read_sheets(paths: Iterable[Path], keys: Mapping[str, str]) -> dict[str, str]:
    """Return codes by passage id; a blind id is looked up in `keys`."""
    return {keys.get(key, key): code for path in paths for key, code in read_sheet(path)}


def dates(corpora: Path) -> dict[str, str]:
    """Return the date of every document that a table dates, by its address."""
    found = {}
    for name, file, key in (
        ("kremlin", kremlin.FILE, "link"),
        ("euvsdisinfo", euvsdisinfo.FILE, "id"),
    ):
        if (corpora / name).is_dir():
            rows = read_csv(corpora / name / file, (key, "date"))
            found.update({row[key]: row["date"][:10] for row in rows})
    return found


def to_row(item: Mapping[str, Any], code: str, dated: Mapping[str, str]) -> Row:
    """Return an annotation row of a selected passage.

    Raises:
        InputFormatError: a document whose year cannot be told.
    """
    corpus, document = item["corpus"], item["doc"]
    row: Row = {"id": item["id"], DOCUMENT_FIELD[corpus]: document}
    if corpus != euvsdisinfo.NAME:
        row |= {"start": item["start"], "end": item["end"]}
    row["sha256"] = item["sha256"]
    if document in dated:
        row["date"] = dated[document]
    elif years := re.findall(r"(?:19|20)\d\d", document):
        if corpus == "ungdc":
            row["country"] = Path(document).name[:3]
        row["year"] = int(years[0])
    else:
        raise InputFormatError(f"{item['id']}: no year for {document}; wanted a dated document")
    return row | decode(code)


def add_rows(rows: list[Row], annotations: Path, corpora: Path) -> Counter[str]:
    """Append confirmed new passages to the file of the corpus that their id begins with.

    Returns the counts of added, known and unconfirmed passages.
    """
    counts: Counter[str] = Counter()
    for corpus, documents in DOCUMENTS.items():
        own = [row for row in rows if row["id"].startswith(f"{corpus}-")]
        if not own:
            continue
        texts = documents(corpora / corpus)
        path = annotations / f"{corpus}.jsonl"
        there = read_annotations(path)
        confirmed = [row for row in own if _confirmed(row, texts, DOCUMENT_FIELD[corpus])]
        merged = assign_splits.merge(there, confirmed)
        counts["unconfirmed"] += len(own) - len(confirmed)
        counts["already there"] += len(there) + len(confirmed) - len(merged)
        counts["added"] += len(merged) - len(there)
        write_rows(path, merged)
    return counts


def _confirmed(row: Row, texts: Mapping[str, str], field: str) -> bool:
    return row[field] in texts and sha256(passage(row, texts, field)) == row["sha256"]


def main(arguments: list[str] | None = None) -> int:
    """Import and print the counts."""
    parser = argparse.ArgumentParser(prog="training.import_annotations", description=__doc__)
    parser.add_argument("selection", type=Path)
    for name in ("--first", "--second", "--decided"):
        parser.add_argument(name, type=Path, nargs="*", default=[])
    parser.add_argument("--keys", type=Path)
    parser.add_argument("--corpora", type=Path, default=Path("corpora"))
    parser.add_argument("--annotations", type=Path, default=ANNOTATIONS)
    options = parser.parse_args(arguments)
    keys = json.loads(options.keys.read_text(encoding="utf-8")) if options.keys else {}
    first = read_sheets(options.first, keys)
    dated = dates(options.corpora)
    selection = json.loads(options.selection.read_text(encoding="utf-8"))
    rows = [to_row(item, first[item["id"]], dated) for item in selection if item["id"] in first]
    counts = add_rows(rows, options.annotations, options.corpora)
    places = ["--corpora", str(options.corpora), "--annotations", str(options.annotations)]
    assign_splits.main(places)
    second, decided = (read_sheets(paths, keys) for paths in (options.second, options.decided))
    counts.update(settle_standoff(second, decided, options.annotations, annotator=SECOND))
    unlabelled = len(selection) - len(rows)
    print(f"{dict(counts)}; {unlabelled} selected passages have no first label")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
