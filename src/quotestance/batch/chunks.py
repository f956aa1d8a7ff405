"""Chunks: fixed row ranges of the input, the unit of work, of journal and of length sorting."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any, Protocol, TypeVar

from quotestance.preprocess import is_blank

FIRST_CHUNK, CHUNK = 64, 2048
"""Rows of the first chunk (small, so that the first row comes early) and of every other."""

Row = TypeVar("Row")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reject:
    """A row without prediction.

    `line` is the line of the file on which it starts (in Parquet its row number), from 1; `row` is
    its row in the output, from 1; `raw` is its text as far as it could be read, where the output
    row could not keep it.
    """

    file: str
    line: int
    row: int
    reason: str
    raw: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the record of `OUTPUT.rejects.jsonl`."""
        return {
            # A file's name, too, may be no Unicode.
            key: clean(value) if isinstance(value, str) else value
            for key, value in asdict(self).items()
            if value is not None
        }


class Rows(Protocol):
    """The rows of a chunk in their input form, with the views that other formats need."""

    def __len__(self) -> int: ...

    def dicts(self) -> list[dict[str, Any]]:
        """Return one dict a row."""
        ...

    def fields(self, names: list[str]) -> list[list[str]]:
        """Return one list of strings a row, a string for each column of `names`."""
        ...

    def table(self, schema: Any) -> Any:  # noqa: ANN401
        """Return a `pyarrow.Table` with this schema."""
        ...


@dataclass(slots=True)
class Chunk:
    """Rows `first_row` and following (from 0): `texts[i]` is None where row i is rejected."""

    index: int
    first_row: int
    rows: Rows
    texts: list[str | None]
    rejects: list[Reject] = field(default_factory=list)


def sliced(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Cut a stream of rows into chunks of the fixed sizes."""
    iterator = iter(rows)
    size = FIRST_CHUNK
    while chunk := list(islice(iterator, size)):
        yield chunk
        size = CHUNK


def fault_of(value: object) -> str | None:
    """Return why a value is no statement, or None.

    >>> fault_of("  "), fault_of(None), fault_of(7), fault_of("We stand with them.")
    ('blank', 'null', 'int, wanted text', None)
    """
    if isinstance(value, str):
        if is_blank(value):
            return "blank"
        return None if is_unicode(value) else "text with a lone surrogate"
    return "null" if value is None else f"{type(value).__name__}, wanted text"


def is_unicode(text: str) -> bool:
    """Tell whether text can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def clean(raw: str) -> str:
    """Return text with U+FFFD for what is no Unicode: undecoded bytes, lone surrogates."""
    return raw if is_unicode(raw) else _SURROGATE.sub("\ufffd", raw)
