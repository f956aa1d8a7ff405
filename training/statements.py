"""Read and write `data/statements`: JSON lines with the columns of the dataset card."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from quotestance.errors import InputFormatError, InputNotFoundError
from training.standoff import split_of

Row = dict[str, Any]

DATA = Path(__file__).parents[1] / "data"
STATEMENTS = DATA / "statements"
FILES = ("train", "validation", "test")
COLUMNS = (
    "id", "text", "speaker", "speaker_role", "stance", "stance_nato", "stance_ukraine",
    "sentiment", "origin", "source", "group", "phenomena", "register", "side", "theme",
    "english", "target_form", "calibration",
)  # fmt: skip


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a JSONL file.

    Raises:
        InputNotFoundError: no such file.
        InputFormatError: a line that is not a JSON object.
    """
    if not path.is_file():
        raise InputNotFoundError(f"no file {path}; wanted JSON lines")
    rows: list[Row] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputFormatError(f"{path}:{number} is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise InputFormatError(f"{path}:{number} is {type(row).__name__}; wanted an object")
        rows.append(row)
    return rows


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as JSON lines in UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


def read_statements(folder: Path = STATEMENTS) -> dict[str, list[Row]]:
    """Return the rows of the three files by split; `validation` holds the calibration half too."""
    return {name: read_rows(folder / f"{name}.jsonl") for name in FILES}


def key_of(text: str) -> str:
    """Return the first twelve hexadecimal digits of the text's SHA-256: ids survive re-imports."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


TRAINING_ONLY = "authored-train:"
"""Groups named so are for training alone, so that the other splits stay what they were."""


def file_of(group: str) -> tuple[str, bool]:
    """Return the file of a group, and whether it is the calibration part of `validation`."""
    split = "train" if group.startswith(TRAINING_ONLY) else split_of(group)
    return ("validation", True) if split == "calibration" else (split, False)
