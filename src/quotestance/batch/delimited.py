"""CSV and TSV: records split as Python's `csv` does, each kept with its text as it stood."""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotestance.batch.chunks import Chunk, Reject, clean, fault_of
from quotestance.batch.formats import Compression, Kind, open_bytes
from quotestance.errors import ColumnNotFoundError, InputFormatError

DELIMITER = {Kind.CSV: ",", Kind.TSV: "\t"}
MAX_FIELD = 1 << 24
"""Characters after which an unclosed quotation mark is taken for a fault."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its text with line ends, its fields, or the reason why it has none."""

    file: str
    line: int
    raw: str
    fields: list[str]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The first record of a file."""

    names: list[str]
    raw: str
    delimiter: str
    bom: bool

    @property
    def line_end(self) -> str:
        """The terminator of the header, used wherever a record has none."""
        return self.raw[len(self.raw.rstrip("\r\n")) :] or "\n"


class DelimitedRows:
    """The records of a chunk, each with as many fields as the header."""

    def __init__(self, header: Header, records: list[Record]) -> None:
        self.header, self.records = header, records

    def __len__(self) -> int:
        return len(self.records)

    def dicts(self) -> list[dict[str, Any]]:
        """Return one dict of strings a row."""
        names = self.header.names
        return [dict(zip(names, row, strict=True)) for row in self.fields(names)]

    def fields(self, names: list[str]) -> list[list[str]]:
        """Return the fields; a record with too few or too many is filled up or cut."""
        width = len(names)
        return [
            [clean(field) for field in [*record.fields, *[""] * width][:width]]
            for record in self.records
        ]

    def table(self, schema: Any) -> Any:  # noqa: ANN401
        """Return a table of strings."""
        import pyarrow as pa

        rows = self.fields(schema.names)
        columns = zip(*rows, strict=True) if rows else [()] * len(schema)
        return pa.table([pa.array(column, pa.string()) for column in columns], schema=schema)

    def lines(self, suffixes: list[str], delimiter: str) -> Iterator[str]:
        """Yield each record's own text with `suffixes[i]` (delimited fields) added at its end."""
        for record, suffix in zip(self.records, suffixes, strict=True):
            body = record.raw.rstrip("\r\n")
            if record.reason:  # as it stands it has another width, or an open quotation mark
                body = join(self.fields_of(record), delimiter)
            end = record.raw[len(record.raw.rstrip("\r\n")) :] or self.header.line_end
            yield f"{body}{delimiter}{suffix}{end}"

    def fields_of(self, record: Record) -> list[str]:
        """Return the fields of one record, filled up or cut to the header's number."""
        width = len(self.header.names)
        return [*record.fields, *[""] * width][:width]


def join(fields: list[str], delimiter: str) -> str:
    """Return fields as one record without line end, quoted where needed."""
    text = io.StringIO()
    # Python 3.11 quotes only those line ends that the terminator has.
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerow(fields)
    return text.getvalue()[:-2]


def read_records(path: Path, name: str, kind: Kind, compression: Compression) -> Iterator[Any]:
    """Yield the Header of a file, then its Records. Blank lines at its very end are no rows.

    A record over several lines that breaks the rules, or one that the file's end breaks off, is an
    unclosed quotation mark: its first line is taken as a faulty record, and reading goes on with
    the next line, so that no row is lost.
    """
    csv.field_size_limit(MAX_FIELD)
    with open_bytes(path, compression, name) as file:
        start = file.peek(4)[:4]  # type: ignore[attr-defined]
        if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in start:
            raise InputFormatError(f"{name} is not UTF-8: try --encoding utf-16")
        text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
        lines = _Lines(text)
        header = _read_header(lines, name, kind, bom=start[:3] == b"\xef\xbb\xbf")
        yield header
        yield from _without_blank_end(_records(lines, name, header))


class _Lines:
    """Lines of a file; remembers those of the record at hand, and takes lines back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._returned: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 1  # of the first line in `taken`

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._lines)
        self.taken.append(line)
        return line

    def forget(self) -> None:
        """Begin a new record after the lines taken so far."""
        self.number += len(self.taken)
        self.taken = []

    def give_back_all_but_first(self) -> None:
        """Let the record's first line stand alone."""
        self._returned.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _read_header(lines: _Lines, name: str, kind: Kind, *, bom: bool) -> Header:
    delimiter = DELIMITER[kind]
    try:
        names = next(csv.reader(lines, delimiter=delimiter), [])
        raw = "".join(lines.taken)
        if kind is Kind.CSV and len(names) == 1 and ";" in names[0]:
            # What spreadsheets write as CSV where the comma is the decimal sign.
            delimiter = ";"
            names = next(csv.reader([raw], delimiter=delimiter))
    except csv.Error as error:
        raise InputFormatError(f"{name}: the header line cannot be read: {error}") from error
    if not names:
        raise InputFormatError(f"{name} is empty or starts blank, wanted a header line")
    if fault_of(raw):
        raise InputFormatError(f"{name}: the header line is not UTF-8: name its --encoding")
    if _is_open(raw, delimiter):
        raise InputFormatError(f"{name}: the header line has an unclosed quotation mark")
    lines.forget()
    return Header(names, raw, delimiter, bom)


def _records(lines: _Lines, name: str, header: Header) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=header.delimiter)
    width = len(header.names)
    while True:
        reason = None
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fields, reason = [], str(error)
        broken = len(lines.taken) > 1 if reason else not _is_whole(lines.taken, header)
        if broken:
            lines.give_back_all_but_first()
            fields, reason = [lines.taken[0].rstrip("\r\n")], "unclosed quotation mark"
        elif len(fields) != width:
            reason = reason or (f"{len(fields)} fields, wanted {width}" if fields else "blank")
        yield Record(name, lines.number, "".join(lines.taken), fields, reason)
        lines.forget()


def _is_whole(lines: list[str], header: Header) -> bool:
    if len(lines) == 1:
        # Any width is a fault of its own; only the last line of a file can be alone and open.
        return '"' not in lines[0] or not _is_open(lines[0], header.delimiter)
    try:
        fields = next(csv.reader(lines, delimiter=header.delimiter, strict=True))
    except csv.Error:
        return False
    return len(fields) == len(header.names)


def _is_open(raw: str, delimiter: str) -> bool:
    """Tell whether a record ends within quotation marks: it then takes up a line after it."""
    return len(list(csv.reader([raw, ""], delimiter=delimiter))) == 1


def _without_blank_end(records: Iterator[Record]) -> Iterator[Record]:
    held: list[Record] = []
    for record in records:
        if record.raw.strip("\r\n"):
            yield from held
            held = []
            yield record
        else:
            held.append(record)


def text_index(header: Header, column: str, name: str) -> int:
    """Return the position of the text column, or raise ColumnNotFoundError, InputFormatError."""
    if header.names.count(column) > 1:
        raise InputFormatError(f"{name} has {header.names.count(column)} columns named {column!r}")
    if column not in header.names:
        raise ColumnNotFoundError(
            f"{name} has no column {column!r}, only {header.names}: "
            f"name one with --text-column{alike(column, header.names)}"
        )
    return header.names.index(column)


def alike(column: str, names: Iterable[str]) -> str:
    """Return " 'Text'" where that is a name like "text" but for case and blanks, else nothing.

    >>> alike("text", ["id", " Text"])
    " ' Text'"
    """
    wanted = column.strip().casefold()
    found = next((name for name in names if name.strip().casefold() == wanted), None)
    return f" {found!r}" if found else ""


def to_chunk(
    index: int, first_row: int, records: list[Record], *, header: Header, column: int
) -> Chunk:
    """Return a chunk of records; `column` is the position of the text."""
    texts: list[str | None] = []
    rejects = []
    for position, record in enumerate(records):
        text = None if record.reason else record.fields[column]
        reason = record.reason or fault_of(text)
        if reason and "surrogate" in reason:
            reason = "text is not UTF-8"
        texts.append(None if reason else text)
        if reason:
            raw = clean(record.raw.rstrip("\r\n")) if record.reason else None
            row = first_row + position + 1
            rejects.append(Reject(record.file, record.line, row, reason, raw or None))
    return Chunk(index, first_row, DelimitedRows(header, records), texts, rejects)
