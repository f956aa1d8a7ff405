"""The output of a run: chunks with their columns as bytes, and the finished file made of them."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from quotestance.batch.chunks import Chunk, Rows
from quotestance.batch.columns import Column
from quotestance.batch.delimited import DELIMITER, DelimitedRows, join
from quotestance.batch.formats import Format, Kind, pack
from quotestance.batch.jsonlines import JsonRows, as_json
from quotestance.batch.parquet import GROUP_ROWS
from quotestance.batch.schema import field_names, output_schema
from quotestance.batch.source import Source
from quotestance.errors import InputFormatError


class Sink(Protocol):
    """Makes the pieces that a journal collects, and the output file from all of them."""

    def start(self) -> bytes:
        """Return what stands before the first chunk."""
        ...

    def encode(self, chunk: Chunk, columns: dict[str, Column]) -> bytes:
        """Return a chunk's piece."""
        ...

    def finish(self, pieces: Path, ends: list[int]) -> Path:
        """Return the file that is the whole output; piece i of `pieces` ends at `ends[i]`."""
        ...


def open_sink(source: Source, output: Format) -> Sink:
    """Return the sink for an input and an output format."""
    if output.kind is Kind.JSONL:
        return JsonSink(source, output)
    if output.kind is Kind.PARQUET:
        return ParquetSink(source)
    return DelimitedSink(source, output)


class DelimitedSink:
    """CSV and TSV. Records of the same kind keep their own text."""

    def __init__(self, source: Source, output: Format) -> None:
        self._output, self._added = output, source.added
        self._header = source.header() if source.format.kind is output.kind else None
        self._delimiter = self._header.delimiter if self._header else DELIMITER[output.kind]
        self._names = [] if self._header else field_names(source)

    def start(self) -> bytes:
        """Return the header line."""
        added = join(list(self._added), self._delimiter)
        if self._header is None:
            return self._packed([join([*self._names, *self._added], self._delimiter) + "\n"])
        bom = "\ufeff" if self._header.bom else ""
        names = self._header.raw.rstrip("\r\n")
        return self._packed([f"{bom}{names}{self._delimiter}{added}{self._header.line_end}"])

    def encode(self, chunk: Chunk, columns: dict[str, Column]) -> bytes:
        """Return the chunk's records."""
        suffixes = [
            self._delimiter.join(row) for row in zip(*map(_texts, columns.values()), strict=True)
        ]
        if self._header and isinstance(chunk.rows, DelimitedRows):
            return self._packed(chunk.rows.lines(suffixes, self._delimiter))
        fields = chunk.rows.fields(self._names)
        return self._packed(
            f"{join(row, self._delimiter)}{self._delimiter}{suffix}\n"
            for row, suffix in zip(fields, suffixes, strict=True)
        )

    def finish(self, pieces: Path, ends: list[int]) -> Path:
        """Return the pieces: they are the file."""
        return pieces

    def _packed(self, lines: Iterator[str] | list[str]) -> bytes:
        return pack("".join(lines).encode("utf-8", "surrogateescape"), self._output.compression)


def _texts(column: Column) -> list[str]:
    return ["" if value is None else str(value) for value in column]


class JsonSink:
    """JSON Lines. Objects keep their own text."""

    def __init__(self, source: Source, output: Format) -> None:
        self._output = output
        if source.format.kind is not Kind.JSONL:
            field_names(source)

    def start(self) -> bytes:
        """Return nothing: there is no header."""
        return b""

    def encode(self, chunk: Chunk, columns: dict[str, Column]) -> bytes:
        """Return the chunk's objects."""
        rows = chunk.rows
        names = [json.dumps(name, ensure_ascii=False) for name in columns]
        suffixes = [
            ", ".join(f"{name}: {value}" for name, value in zip(names, row, strict=True))
            for row in zip(*map(_values, columns.values()), strict=True)
        ]
        lines = rows.lines(suffixes) if isinstance(rows, JsonRows) else _objects(rows, suffixes)
        return pack("".join(lines).encode(), self._output.compression)

    def finish(self, pieces: Path, ends: list[int]) -> Path:
        """Return the pieces: they are the file."""
        return pieces


def _values(column: Column) -> list[str]:
    return [
        "null" if value is None else f'"{value}"' if isinstance(value, str) else repr(value)
        for value in column
    ]


def _objects(rows: Rows, suffixes: list[str]) -> Iterator[str]:
    for row, suffix in zip(rows.dicts(), suffixes, strict=True):
        yield f"{as_json(row)[:-1]}, {suffix}}}\n"


class ParquetSink:
    """Parquet. Pieces are Arrow streams; the file is written from them when all are there."""

    def __init__(self, source: Source) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._input, self._schema = output_schema(source)
        try:  # what Parquet cannot hold, as an object without keys, shows before the work starts
            pq.ParquetWriter(pa.BufferOutputStream(), self._schema).close()
        except pa.ArrowException as error:
            raise InputFormatError(
                f"{source.files[0].name} cannot be written as Parquet: {error}; "
                "write .jsonl instead"
            ) from error

    def start(self) -> bytes:
        """Return nothing: the schema stands in the finished file."""
        return b""

    def encode(self, chunk: Chunk, columns: dict[str, Column]) -> bytes:
        """Return the chunk as an Arrow stream."""
        import pyarrow as pa

        table = self._rows(chunk)
        for name, column in columns.items():
            field = self._schema.field(self._schema.get_field_index(name))
            table = table.append_column(field, pa.array(column, field.type))
        buffer = io.BytesIO()
        with pa.ipc.new_stream(buffer, self._schema) as writer:
            writer.write_table(table.cast(self._schema))
        return buffer.getvalue()

    def finish(self, pieces: Path, ends: list[int]) -> Path:
        """Write the pieces as row groups of at least GROUP_ROWS rows."""
        import pyarrow.parquet as pq

        path = pieces.with_name("whole.parquet")
        with pieces.open("rb") as file, pq.ParquetWriter(path, self._schema) as writer:
            for table in self._groups(file, ends):
                writer.write_table(table, row_group_size=table.num_rows)
        return path

    def _rows(self, chunk: Chunk) -> Any:  # noqa: ANN401
        import pyarrow as pa

        try:
            return chunk.rows.table(self._input)
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
            raise InputFormatError(
                f"rows {chunk.first_row + 1} and following do not fit the columns of the rest: "
                f"{error}; write .jsonl instead"
            ) from error

    def _groups(self, file: Any, ends: list[int]) -> Iterator[Any]:  # noqa: ANN401
        import pyarrow as pa

        held: list[Any] = []
        start = ends[0]
        for end in ends[1:]:  # the first piece is that of `start`
            held.append(pa.ipc.open_stream(file.read(end - start)).read_all())
            start = end
            if sum(table.num_rows for table in held) >= GROUP_ROWS:
                yield pa.concat_tables(held).combine_chunks()
                held = []
        if held:
            yield pa.concat_tables(held).combine_chunks()
