"""Parquet: read in batches, written in row groups of fixed row ranges."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotestance.batch.chunks import CHUNK, FIRST_CHUNK, Chunk, Reject, fault_of
from quotestance.errors import ColumnNotFoundError, InputFormatError, InputNotFoundError

GROUP_ROWS = 1 << 16
"""Rows of a row group of the output, at least."""


class TableRows:
    """The rows of a chunk as an Arrow table."""

    def __init__(self, table: Any) -> None:  # noqa: ANN401
        self.arrow = table

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    def dicts(self) -> list[dict[str, Any]]:
        """Return one dict a row, of Python's types."""
        names = self.arrow.column_names
        columns = [_values(column, _mended) for column in self.arrow.columns]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    def fields(self, names: list[str]) -> list[list[str]]:
        """Return one list of strings a row: as `jsonlines.shown` has it."""
        from quotestance.batch.jsonlines import shown

        return [[shown(row[name]) for name in names] for row in self.dicts()]

    def table(self, schema: Any) -> Any:  # noqa: ANN401
        """Return the table itself."""
        return self.arrow.cast(schema)


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring rows of one file; `first` is the number of the first, from 1."""

    file: str
    first: int
    table: Any


def open_parquet(path: Path, name: str) -> Any:  # noqa: ANN401
    """Open a Parquet file; its columns stay on disk until they are read.

    Raises InputNotFoundError, InputFormatError.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path, memory_map=False, pre_buffer=False, buffer_size=1 << 20)
    except FileNotFoundError as error:
        raise InputNotFoundError(f"no input file at {path}") from error
    except (pa.ArrowException, OSError) as error:
        raise InputFormatError(f"{name} is no whole Parquet file: {error}") from error


def schema_of(file: Any) -> Any:  # noqa: ANN401
    """Return the Arrow schema of an open file, every column nullable.

    Files that differ in nothing but what they promise never to hold are one table.
    """
    import pyarrow as pa

    schema = file.schema_arrow
    return pa.schema([field.with_nullable(True) for field in schema], schema.metadata)


def check_text_column(schema: Any, column: str, name: str) -> None:  # noqa: ANN401
    """Raise where the schema has no such column, or two."""
    if (count := schema.names.count(column)) > 1:
        raise InputFormatError(f"{name} has {count} columns named {column!r}")
    if not count:
        raise ColumnNotFoundError(
            f"{name} has no column {column!r}, only {schema.names}: name one with --text-column"
        )


def read_spans(path: Path, name: str) -> Iterator[Span]:
    """Yield the rows of a file in order, some at a time."""
    import pyarrow as pa

    file = open_parquet(path, name)
    schema = schema_of(file)
    first = 1
    try:
        for batch in file.iter_batches(batch_size=CHUNK):
            yield Span(name, first, pa.Table.from_batches([batch]).cast(schema))
            first += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise InputFormatError(f"{name} is damaged: {error}") from error


def sliced_spans(spans: Iterator[Span]) -> Iterator[list[Span]]:
    """Cut a stream of spans into chunks of the fixed sizes."""
    held: list[Span] = []
    missing = FIRST_CHUNK
    for span in spans:
        while span.table.num_rows:
            part = Span(span.file, span.first, span.table.slice(0, missing))
            span = Span(span.file, span.first + missing, span.table.slice(missing))
            held.append(part)
            missing -= part.table.num_rows
            if not missing:
                yield held
                held, missing = [], CHUNK
    if held:
        yield held


def to_chunk(index: int, first_row: int, spans: list[Span], *, column: str) -> Chunk:
    """Return a chunk of the rows of `spans`."""
    import pyarrow as pa

    texts: list[str | None] = []
    rejects = []
    for span in spans:
        for number, value in enumerate(_values(span.table.column(column), _text), span.first):
            reason = fault_of(value)
            texts.append(None if reason else value)
            if reason:
                rejects.append(Reject(span.file, number, first_row + len(texts), reason))
    return Chunk(
        index, first_row, TableRows(pa.concat_tables(s.table for s in spans)), texts, rejects
    )


def _values(column: Any, mend: Callable[[Any], Any]) -> list[Any]:  # noqa: ANN401
    """Return a column's values; where Python cannot hold one of them, `mend` is asked for each."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return [mend(scalar) for scalar in column]


def _text(scalar: Any) -> Any:  # noqa: ANN401
    # A string column may hold bytes that are no UTF-8: those rows are rejected as bytes.
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return b""


def _mended(scalar: Any) -> Any:  # noqa: ANN401
    """Return a value with U+FFFD for what is no UTF-8, and a time beyond Python's own as text."""
    import pyarrow as pa

    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        pass
    if isinstance(scalar, pa.DictionaryScalar | pa.ExtensionScalar):
        return _mended(scalar.value)
    if isinstance(scalar, pa.StructScalar):
        return {name: _mended(scalar[name]) for name in scalar}
    if isinstance(scalar, pa.ListScalar):
        return [_mended(item) for item in scalar.values]
    if isinstance(scalar, pa.BinaryScalar):
        return scalar.as_buffer().to_pybytes().decode(errors="replace")
    return scalar.cast(pa.string()).as_py()
