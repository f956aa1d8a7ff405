"""Rows of a JSONL, CSV, TSV or Parquet file as dicts, read whole: test sets are small."""

import csv
import json
from pathlib import Path
from typing import Any

from quotestance.errors import InputFormatError, InputNotFoundError

SUFFIXES = (".jsonl", ".csv", ".tsv", ".parquet")


def read_table(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table; an empty CSV field is an empty string.

    Raises InputNotFoundError or InputFormatError (suffix, encoding, broken line), naming the file.
    """
    if not path.is_file():
        raise InputNotFoundError(f"no file {path}: give a labelled table or the name of a test set")
    if path.suffix not in SUFFIXES:
        raise InputFormatError(
            f"{path} ends in {path.suffix!r}, wanted one of {', '.join(SUFFIXES)}"
        )
    try:
        return _READERS[path.suffix](path)
    except UnicodeDecodeError as error:
        raise InputFormatError(f"{path} is not UTF-8: save it as UTF-8 and try again") from error


def _read_jsonl(path: Path) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputFormatError(f"{path}, line {number} is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise InputFormatError(f"{path}, line {number} is not a JSON object")
        rows.append(row)
    return rows


def _read_delimited(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline()
        file.seek(0)
        # As `quotestance predict` reads it: semicolons where the header has no comma.
        delimiter = "," if "," in header or ";" not in header else ";"
        if path.suffix == ".tsv":
            delimiter = "\t"
        reader = csv.DictReader(file, delimiter=delimiter, restkey="\0extra")
        try:
            rows: list[dict[str, Any]] = list(reader)
        except csv.Error as error:
            raise InputFormatError(f"{path}, line {reader.line_num}: {error}") from error
    for number, row in enumerate(rows, 2):
        if "\0extra" in row:
            raise InputFormatError(f"{path}, record {number} has more fields than the header")
    return rows


def _read_parquet(path: Path) -> list[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    except (pa.ArrowInvalid, OSError) as error:
        raise InputFormatError(f"{path} is not a readable Parquet file: {error}") from error
    return rows


_READERS = {
    ".jsonl": _read_jsonl,
    ".csv": _read_delimited,
    ".tsv": _read_delimited,
    ".parquet": _read_parquet,
}
