"""From the options of the command line to a job, checked before anything is written."""

import codecs
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from quotestance.batch.columns import Layout
from quotestance.batch.formats import (
    STDIN,
    Compression,
    Format,
    Kind,
    open_bytes,
    parse_format,
)
from quotestance.batch.job import Job, rejects_path
from quotestance.batch.source import InputFile, Source
from quotestance.classifier import check_targets, model_directory
from quotestance.config import PipelineConfig, read_config, sha256
from quotestance.errors import (
    InputFormatError,
    InputNotFoundError,
    InvalidAbstentionError,
    OutputError,
)
from quotestance.labels import TARGETS


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for; `targets` empty means the trained ones."""

    inputs: list[str]
    output: Path
    text_column: str = "text"
    targets: tuple[str, ...] = ()
    model: str = "default"
    probabilities: bool = False
    abstain: str | None = None
    input_format: str | None = None
    encoding: str | None = None
    prefix: str = ""


@contextmanager
def prepare(options: Options) -> Iterator[Job]:
    """Yield the job; what comes through a pipe is kept in a file until the job is done.

    Raises an InputError, OutputError, ModelError, InvalidTargetError or InvalidAbstentionError.
    """
    output = parse_format(options.output.name)
    directory = model_directory(options.model)
    layout = _layout(options, read_config(directory))
    path = _check_paths(options)
    if options.encoding:
        _check_encoding(options.encoding)
    with tempfile.TemporaryDirectory(prefix="quotestance-") as folder:
        files = tuple(
            _input_file(name, Path(folder, str(number)))
            for number, name in enumerate(options.inputs)
        )
        form = _input_format(options, files)
        if options.encoding:
            if form.kind is Kind.PARQUET:
                raise InputFormatError("Parquet is UTF-8 always: leave out --encoding")
            files = tuple(
                _recoded(file, form, options.encoding, Path(folder, f"{number}.utf-8"))
                for number, file in enumerate(files)
            )
            form = replace(form, compression=Compression.NONE)
        source = Source(files, form, options.text_column, layout.names())
        yield Job(source, layout, path, output, sha256(directory / "config.json"))


def _layout(options: Options, config: PipelineConfig) -> Layout:
    targets = check_targets(options.targets or TARGETS)
    if not options.prefix.isprintable():
        raise OutputError(f"--prefix {options.prefix!r} has a character that cannot be printed")
    thresholds = None
    if options.abstain is not None:
        if options.abstain not in config.abstention:
            raise InvalidAbstentionError(
                f"no threshold for --abstain {options.abstain}; "
                f"this model has {sorted(config.abstention)}"
            )
        thresholds = config.abstention[options.abstain]
    return Layout(targets, options.probabilities, thresholds, options.prefix)


def _check_paths(options: Options) -> Path:
    """Return the output's own path, behind any links, where nothing stands in its way."""
    output = Path(os.path.realpath(options.output))
    rejects = rejects_path(output)
    for name in options.inputs:
        if name != STDIN and Path(os.path.realpath(name)) in (output, rejects):
            raise OutputError(f"{name} is both input and output: name another output with -o")
    if options.inputs.count(STDIN) > 1:
        raise InputFormatError("standard input was named twice; it can be read once")
    if output.is_dir():
        raise OutputError(f"{options.output} is a directory, wanted a file name")
    with suppress(FileNotFoundError):
        rejects.lstat()  # a name that is too long, or a loop of links, shows now and not at the end
    return output


def _input_format(options: Options, files: tuple[InputFile, ...]) -> Format:
    if options.input_format:
        return parse_format(f"input.{options.input_format}")
    formats = {
        sniffed(file.path, options.encoding) if name == STDIN else parse_format(name)
        for name, file in zip(options.inputs, files, strict=True)
    }
    if len(formats) > 1:
        raise InputFormatError(
            f"inputs of several formats ({', '.join(sorted(map(str, formats)))}), wanted one"
        )
    return formats.pop()


def sniffed(path: Path, encoding: str | None = None) -> Format:
    """Return the format of what came through a pipe, by how it begins.

    "PAR1" begins Parquet, "{" JSONL; else it is TSV if there is a tab in the first line, and CSV.
    """
    with path.open("rb") as file:
        begin = file.read(1 << 12)
    packed = Compression.GZIP if begin[:2] == b"\x1f\x8b" else Compression.NONE
    packed = Compression.ZSTD if begin[:4] == b"\x28\xb5\x2f\xfd" else packed
    if begin[:4] == b"PAR1":
        return Format(Kind.PARQUET)
    with open_bytes(path, packed) as unpacked:
        begin = unpacked.read(1 << 12)
    if encoding:
        begin = codecs.getincrementaldecoder(encoding)("replace").decode(begin).encode()
    first = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    if first[:1] == b"{":
        return Format(Kind.JSONL, packed)
    return Format(Kind.TSV if b"\t" in first.partition(b"\n")[0] else Kind.CSV, packed)


def _input_file(name: str, spool: Path) -> InputFile:
    """Return the file to read; of standard input and other pipes, which end once, a copy."""
    if name == STDIN:
        _copy(sys.stdin.buffer, spool, "<stdin>")
        return InputFile(spool, "<stdin>")
    path = Path(name)
    if path.is_dir():
        raise InputFormatError(f"{name} is a directory, wanted a file")
    if not path.exists():
        raise InputNotFoundError(f"no input file at {name}")
    if path.is_file():
        return InputFile(path, name)
    with path.open("rb") as pipe:
        _copy(pipe, spool, name)
    return InputFile(spool, name)


def _recoded(file: InputFile, form: Format, encoding: str, copy: Path) -> InputFile:
    """Return a copy of the file in UTF-8, unpacked.

    What is no text in `encoding` becomes a byte that is none in UTF-8, so that its row is rejected
    as any other such row. Raises InputFormatError where the file cannot be in `encoding` at all.
    """
    with (
        open_bytes(file.path, form.compression, file.name) as source,
        _room(file.name, copy),
        copy.open("w", encoding="utf-8", errors="surrogateescape", newline="") as target,
    ):
        try:
            shutil.copyfileobj(io.TextIOWrapper(source, encoding, _KEEP, newline=""), target)
        except UnicodeError as error:  # UTF-16 without its mark
            raise InputFormatError(
                f"{file.name} is not {encoding}: {error}; try another --encoding"
            ) from error
    return InputFile(copy, file.name)


_KEEP = "quotestance-keep"
codecs.register_error(_KEEP, lambda error: ("\udcff", error.end))  # type: ignore[attr-defined]


def _check_encoding(encoding: str) -> None:
    try:
        io.TextIOWrapper(io.BytesIO(), encoding)
    except LookupError as error:
        raise InputFormatError(
            f"no encoding is called {encoding!r}; try cp1252, cp1251 or utf-16"
        ) from error


@contextmanager
def _room(name: str, copy: Path) -> Iterator[None]:
    """Say which copy a full or read-only disk of temporary files has no room for."""
    try:
        yield
    except OSError as error:
        if error.filename not in (None, str(copy)):
            raise
        raise OutputError(
            f"cannot copy {name} into {copy.parent.parent}: {error.strerror}; "
            "set TMPDIR to a folder with room"
        ) from error


def _copy(pipe: IO[bytes], spool: Path, name: str) -> None:
    with _room(name, spool), spool.open("wb") as file:
        shutil.copyfileobj(pipe, file, 1 << 20)
