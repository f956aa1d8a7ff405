"""File formats by suffix: CSV, TSV, JSONL and Parquet, plain or compressed."""

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, cast

from quotestance.errors import InputFormatError, InputNotFoundError

STDIN = "-"


class Kind(StrEnum):
    """What a file's rows look like."""

    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class Compression(StrEnum):
    """How the whole file is packed; Parquet packs its own pages instead."""

    NONE = ""
    GZIP = "gz"
    ZSTD = "zst"


_KINDS = {".csv": Kind.CSV, ".tsv": Kind.TSV, ".tab": Kind.TSV, ".parquet": Kind.PARQUET}
_KINDS |= dict.fromkeys((".jsonl", ".ndjson"), Kind.JSONL)
_COMPRESSIONS = {".gz": Compression.GZIP, ".zst": Compression.ZSTD}
_WANTED = ".csv, .tsv, .jsonl or .parquet, the first three also with .gz or .zst after it"


@dataclass(frozen=True, slots=True)
class Format:
    """Kind and compression of a file."""

    kind: Kind
    compression: Compression = Compression.NONE

    def __str__(self) -> str:
        return f"{self.kind}.{self.compression}".rstrip(".")


def parse_format(name: str) -> Format:
    """Return the format that a file name's suffixes say.

    >>> str(parse_format("wire/2026-05.jsonl.gz"))
    'jsonl.gz'
    """
    path = Path(name.lower())
    compression = _COMPRESSIONS.get(path.suffix, Compression.NONE)
    kind = _KINDS.get(Path(path.stem).suffix if compression else path.suffix)
    if kind is None or (kind is Kind.PARQUET and compression):
        raise InputFormatError(f"{name}: unknown suffix, wanted {_WANTED}")
    return Format(kind, compression)


@contextmanager
def open_bytes(path: Path, compression: Compression, name: str = "") -> Iterator[IO[bytes]]:
    """Open a file for reading, unpacked; errors speak of it as `name`.

    Raises InputNotFoundError, and InputFormatError where the packed data are damaged.
    """
    import zlib

    try:
        with path.open("rb") as file:
            yield _unpacked(file, compression)
    except FileNotFoundError as error:
        raise InputNotFoundError(f"no input file at {name or path}") from error
    except IsADirectoryError as error:
        raise InputFormatError(f"{name or path} is a directory, wanted a file") from error
    except (gzip.BadGzipFile, EOFError, zlib.error, _DamagedZstd) as error:
        raise InputFormatError(
            f"{name or path} is damaged or no .{compression} file: {error}"
        ) from error


def _unpacked(file: IO[bytes], compression: Compression) -> IO[bytes]:
    if compression is Compression.GZIP:
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if compression is Compression.ZSTD:
        return io.BufferedReader(_ZstdReader(file), 1 << 18)
    return file


class _DamagedZstd(Exception):
    """Packed data that do not unpack; `open_bytes` turns it into an InputFormatError."""


class _ZstdReader(io.RawIOBase):
    """Unpacks Zstandard frames with Arrow's codec, whose faults are bare OSErrors.

    They are told apart from the disk's own, so that damaged data are not taken for a broken disk.
    """

    def __init__(self, file: IO[bytes]) -> None:
        import pyarrow as pa

        self._stream = pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a writable buffer
        try:
            data = self._stream.read(len(buffer))
        except OSError as error:
            if error.errno is not None:
                raise
            raise _DamagedZstd(error) from error
        buffer[: len(data)] = data
        return len(data)


def pack(data: bytes, compression: Compression) -> bytes:
    """Return `data` as one packed member; members joined end to end are a valid file.

    The same data give the same bytes: gzip's time stamp is zero.
    """
    if compression is Compression.GZIP:
        return gzip.compress(data, 6, mtime=0)
    if compression is Compression.ZSTD:
        import pyarrow as pa

        packed: bytes = pa.Codec("zstd", compression_level=6).compress(data, asbytes=True)
        return packed
    return data
