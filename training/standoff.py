"""Join stand-off annotations (`data/annotations`) to the public corpora whose text they label.

The rules for a passage's text and hash are those of `data/README.md`, section Annotations.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quotestance.errors import InputFormatError, InputNotFoundError
from training.sources import DOCUMENT_FIELD, DOCUMENTS

ANNOTATIONS = Path(__file__).parents[1] / "data" / "annotations"
LABEL_COLUMNS = ("stance", "stance_nato", "stance_ukraine", "sentiment")
SHARES = (("train", 0.65), ("validation", 0.10), ("calibration", 0.08), ("test", 0.17))
SPLITS: tuple[str, ...] = tuple(name for name, _ in SHARES)
EXCLUDED = "excluded"
"""`split` of a passage that nearly repeats one of another split; it is never joined."""

ABSENT = "document absent"
DIFFERS = "hash differs"


@dataclass
class Joined:
    """Annotated statements, and what could not be found: counts by (corpus, reason)."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)


def split_of(group: str) -> str:
    """Return the split of a group (document, scenario): a stable hash against `SHARES`.

    >>> split_of("ungdc:Session 56 - 2001/BLR_56_2001.txt") in SPLITS
    True
    """
    digest = hashlib.sha256(group.encode("utf-8")).digest()
    point = int.from_bytes(digest[:8], "big") / 2**64
    for name, share in SHARES:
        point -= share
        if point < 0:
            return name
    return SPLITS[-1]


def normalise(text: str) -> str:
    """Undo hyphenation at line ends between lower-case letters and collapse white space."""
    text = re.sub(r"(?<=[a-z])-\s*\n\s*(?=[a-z])", "", text)
    return re.sub(r"\s+", " ", text).strip()


def sha256(text: str) -> str:
    """Return the hexadecimal SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_annotated(
    split: str | None = None, corpora: Path = Path("corpora"), annotations: Path = ANNOTATIONS
) -> Joined:
    """Return the annotated statements of `split` (all splits where `None`).

    A corpus that is not there is no error: its passages are counted as missing.

    Raises:
        InputFormatError: an unknown split or a broken annotation line.
        InputNotFoundError: no annotations at all.
    """
    if split is not None and split not in SPLITS:
        raise InputFormatError(f"no split {split!r}; wanted one of {', '.join(SPLITS)} or None")
    if not annotations.is_dir():
        raise InputNotFoundError(f"no annotations at {annotations}; wanted <corpus>.jsonl files")
    joined = Joined()
    for corpus in DOCUMENTS:
        wanted = [
            row
            for row in read_annotations(annotations / f"{corpus}.jsonl")
            if row["split"] != EXCLUDED and split in (None, row["split"])
        ]
        _join(corpus, wanted, corpora / corpus, joined)
    return joined


def read_annotations(path: Path) -> list[dict[str, Any]]:
    """Return the lines of an annotation file, none where the file does not exist."""
    if not path.is_file():
        return []
    return list(_records(path))


def _records(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise InputFormatError(f"{path}:{number} is not JSON: {error}") from error


def passage(row: Mapping[str, Any], documents: Mapping[str, str], document_field: str) -> str:
    """Return the normalised text of an annotation's passage, the whole document if no span.

    Raises:
        KeyError: the document is not there.
    """
    text = documents[row[document_field]]
    return normalise(text[row.get("start", 0) : row.get("end", len(text))])


def _join(corpus: str, wanted: list[dict[str, Any]], folder: Path, joined: Joined) -> None:
    """Append the statements of one corpus to `joined.rows`, or count why they are missing."""
    documents = DOCUMENTS[corpus](folder) if folder.is_dir() else {}
    for row in sorted(wanted, key=lambda row: str(row[DOCUMENT_FIELD[corpus]])):
        try:
            text = passage(row, documents, DOCUMENT_FIELD[corpus])
        except KeyError:
            joined.missing[corpus, ABSENT] += 1
            continue
        if sha256(text) != row["sha256"]:
            joined.missing[corpus, DIFFERS] += 1
            continue
        joined.rows.append(_statement(corpus, row, text))


def _statement(corpus: str, row: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return a row with the columns of `data/statements`, and `split` and `year` beside them."""
    year = row.get("year") or int(str(row["date"])[:4])
    return {
        "id": row["id"],
        "text": text,
        "speaker_role": None,
        **{column: row[column] for column in LABEL_COLUMNS},
        "origin": "annotated",
        "source": corpus,
        "group": row["group"],
        "phenomena": [],
        "split": row["split"],
        "year": year,
    }
