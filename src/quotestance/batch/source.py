"""The input of a run: one or more files of one format, read as one stream of chunks."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from quotestance.batch import delimited, jsonlines, parquet
from quotestance.batch.chunks import FIRST_CHUNK, Chunk, sliced
from quotestance.batch.delimited import Header
from quotestance.batch.formats import Format, Kind
from quotestance.errors import ColumnNotFoundError, InputFormatError


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read, and the name under which messages speak of it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """The files, their format, the column of the text, and the columns that will be added."""

    files: tuple[InputFile, ...]
    format: Format
    column: str
    added: tuple[str, ...]

    def check(self) -> None:
        """Look at the beginning of every file, so that a fault shows before the work starts."""
        first = None
        for file in self.files:
            names = self._names(file)
            first = first or names
            if names != first and self.format.kind is not Kind.JSONL:
                raise InputFormatError(
                    f"{file.name} has the columns {names}, wanted those of "
                    f"{self.files[0].name}: {first}"
                )

    def chunks(self) -> Iterator[Chunk]:
        """Yield all chunks from the first on."""
        if self.format.kind is Kind.PARQUET:
            return self._table_chunks()
        return self._line_chunks() if self.format.kind is Kind.JSONL else self._record_chunks()

    def header(self) -> Header:
        """Return the header of the first CSV or TSV file."""
        first = self.files[0]
        kind, compression = self.format.kind, self.format.compression
        header: Header = next(delimited.read_records(first.path, first.name, kind, compression))
        return header

    def schema(self) -> Any:  # noqa: ANN401
        """Return the Arrow schema of the first Parquet file."""
        return parquet.schema_of(parquet.open_parquet(self.files[0].path, self.files[0].name))

    def _names(self, file: InputFile) -> list[str]:
        if self.format.kind is Kind.JSONL:
            return self._check_lines(file)
        if self.format.kind is Kind.PARQUET:
            schema = parquet.open_parquet(file.path, file.name).schema_arrow
            parquet.check_text_column(schema, self.column, file.name)
            names, described = schema.names, [f"{f.name}: {f.type}" for f in schema]
        else:
            header = Source((file,), self.format, self.column, self.added).header()
            delimited.text_index(header, self.column, file.name)
            names, described = header.names, [*header.names, *_unusual(header)]
        self._check_free(set(names), file.name)
        return described

    def _check_free(self, names: set[str], name: str) -> None:
        if taken := names.intersection(self.added):
            raise InputFormatError(
                f"{name} already has a column {min(taken)!r}, which the output would add: "
                "rename it or give --prefix"
            )

    def _check_lines(self, file: InputFile) -> list[str]:
        lines = jsonlines.read_lines(file.path, file.name, self.format.compression)
        values = [line.value for line in islice(lines, FIRST_CHUNK) if not line.reason]
        if values:
            self._check_free(set(values[0]), file.name)
        if values and not any(self.column in value for value in values):
            raise ColumnNotFoundError(
                f"{file.name} has no key {self.column!r}, only {list(values[0])}: "
                f"name one with --text-column{delimited.alike(self.column, values[0])}"
            )
        return []

    def _line_chunks(self) -> Iterator[Chunk]:
        lines = (
            line
            for file in self.files
            for line in jsonlines.read_lines(file.path, file.name, self.format.compression)
        )
        added = frozenset(self.added)
        row = 0
        for index, part in enumerate(sliced(lines)):
            yield jsonlines.to_chunk(index, row, part, column=self.column, added=added)
            row += len(part)

    def _record_chunks(self) -> Iterator[Chunk]:
        header = self.header()
        column = delimited.text_index(header, self.column, self.files[0].name)
        row = 0
        for index, part in enumerate(sliced(self._records())):
            yield delimited.to_chunk(index, row, part, header=header, column=column)
            row += len(part)

    def _records(self) -> Iterator[delimited.Record]:
        for file in self.files:
            records = delimited.read_records(
                file.path, file.name, self.format.kind, self.format.compression
            )
            next(records)  # the header
            yield from records

    def _table_chunks(self) -> Iterator[Chunk]:
        spans = (span for file in self.files for span in parquet.read_spans(file.path, file.name))
        row = 0
        for index, part in enumerate(parquet.sliced_spans(spans)):
            chunk = parquet.to_chunk(index, row, part, column=self.column)
            yield chunk
            row += len(chunk.texts)


def _unusual(header: Header) -> list[str]:
    """Return what tells a file that is parted by semicolons from one of the same columns."""
    return ["parted by ;"] if header.delimiter == ";" else []
