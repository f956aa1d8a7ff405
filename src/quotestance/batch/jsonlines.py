"""JSON Lines: one object a line, kept with its text as it stood."""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from quotestance.batch.chunks import Chunk, Reject, clean, fault_of
from quotestance.batch.formats import Compression, open_bytes
from quotestance.errors import InputFormatError


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text without line end, its object, or the reason why it has none."""

    file: str
    line: int
    raw: str
    value: dict[str, Any]
    reason: str | None = None


class JsonRows:
    """The lines of a chunk."""

    def __init__(self, lines: list[Line], column: str) -> None:
        self.records, self.column = lines, column

    def __len__(self) -> int:
        return len(self.records)

    def dicts(self) -> list[dict[str, Any]]:
        """Return the objects; an unreadable line gives one with a null text."""
        return [
            {**_unicode(line), self.column: None} if line.reason else _unicode(line)
            for line in self.records
        ]

    def typed(self) -> list[dict[str, Any]]:
        """Return the objects for a typed table: a text that is no string is null."""
        rows = self.dicts()
        return [
            row if isinstance(row.get(self.column), str) else {**row, self.column: None}
            for row in rows
        ]

    def fields(self, names: list[str]) -> list[list[str]]:
        """Return one list of strings a row, each as `shown` has it."""
        return [[shown(row.get(name)) for name in names] for row in self.dicts()]

    def table(self, schema: Any) -> Any:  # noqa: ANN401
        """Return a table with this schema; absent keys are null."""
        import pyarrow as pa

        return pa.Table.from_pylist(self.typed(), schema=schema)

    def lines(self, suffixes: list[str]) -> Iterator[str]:
        """Yield each object's own text with `suffixes[i]` (JSON members) added at its end."""
        for line, suffix in zip(self.records, suffixes, strict=True):
            kept = as_json({**_unicode(line), self.column: None}) if line.reason else line.raw
            body = kept[:-1].rstrip()
            yield f"{body}{'' if body.endswith('{') else ', '}{suffix}}}\n"


def _unicode(line: Line) -> dict[str, Any]:
    """Return the object of a line, without the lone surrogates that an escape can bring in."""
    if "\\ud" not in line.raw.lower():
        return line.value
    value: dict[str, Any] = json.loads(clean(json.dumps(line.value, ensure_ascii=False)))
    return value


def shown(value: object) -> str:
    """Return a value as a field of a delimited file: text as it is, null empty, lists as JSON."""
    if value is None:
        return ""
    if isinstance(value, float):
        return json.dumps(value)  # NaN and Infinity too: a field, unlike JSON, may say so
    return as_json(value) if isinstance(value, int | list | tuple | dict) else _plain(value)


def as_json(value: object) -> str:
    """Return a value as JSON: no finite number is null, bytes are base64, other types text."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value


def read_lines(path: Path, name: str, compression: Compression) -> Iterator[Line]:
    """Yield the lines of a file. Blank lines at its very end are no rows."""
    held: list[Line] = []
    with open_bytes(path, compression, name) as file:
        for number, data in enumerate(file, 1):
            if number == 1:
                data = _without_bom(data, name)
            line = _parse(name, number, data)
            if not line.raw:
                held.append(line)
                continue
            yield from held
            held = []
            yield line


def _without_bom(data: bytes, name: str) -> bytes:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:4]:
        raise InputFormatError(f"{name} is not UTF-8: try --encoding utf-16")
    return data.removeprefix(b"\xef\xbb\xbf")


def _parse(name: str, number: int, data: bytes) -> Line:
    data = data.strip()
    try:
        raw = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = clean(data.decode("utf-8", "surrogateescape"))
        return Line(name, number, text, {}, f"not UTF-8: byte {error.start + 1} of the line")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return Line(name, number, raw, {}, f"not JSON: {error}" if raw else "blank")
    if not isinstance(value, dict):
        return Line(name, number, raw, {}, f"a JSON {type(value).__name__}, wanted an object")
    return Line(name, number, raw, value)


def to_chunk(
    index: int, first_row: int, lines: list[Line], *, column: str, added: frozenset[str]
) -> Chunk:
    """Return a chunk of lines; `added` are the names of the output columns, which must be free."""
    texts: list[str | None] = []
    rejects = []
    checked = [_checked(line, column, added) for line in lines]
    for position, line in enumerate(checked):
        reason = line.reason or (
            fault_of(line.value[column]) if column in line.value else f"no key {column!r}"
        )
        texts.append(None if reason else line.value[column])
        if reason:
            row = first_row + position + 1
            raw = line.raw if line.reason and line.raw else None
            rejects.append(Reject(line.file, line.line, row, reason, raw))
    return Chunk(index, first_row, JsonRows(checked, column), texts, rejects)


def _checked(line: Line, column: str, added: frozenset[str]) -> Line:
    if line.reason or added.isdisjoint(line.value):
        return line
    reason = f"already has the key {sorted(added & set(line.value))[0]!r}"
    kept = {key: value for key, value in line.value.items() if key not in added}
    return Line(line.file, line.line, line.raw, kept, reason)
