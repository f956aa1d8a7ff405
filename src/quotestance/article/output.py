"""Where the command's outputs go: JSONL that appears only when whole, extracted texts, a bar."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from quotestance.article.read import STDIN, Article
from quotestance.errors import OutputError

Write = Callable[[dict[str, Any]], None]


def check_outputs(names: list[str], output: str | None, html: Path | None) -> None:
    """Raise OutputError for an output that cannot be written or that is one of the inputs."""
    inputs = {os.path.realpath(name) for name in names if name != STDIN}
    for path in (output if output != STDIN else None, html):
        if path is None:
            continue
        if Path(path).is_dir():
            raise OutputError(f"the output {path} is a folder: name a file")
        if os.path.realpath(path) in inputs:
            raise OutputError(f"the output {path} is one of the inputs: name another file")
        if not Path(path).resolve().parent.is_dir():
            raise OutputError(f"no folder {Path(path).parent} for the output {path}: make it first")
    if html and output and os.path.realpath(output) == os.path.realpath(html):
        raise OutputError(f"rows and page have one output, {html}: name two files")
    if output not in (None, STDIN) and Path(str(output)).suffix not in (".jsonl", ".ndjson"):
        raise OutputError(f"the output {output} is written as JSONL: name it *.jsonl")


@contextmanager
def open_jsonl(output: str | None) -> Iterator[Write]:
    """Give a function that writes a row; the file appears under its name when all are written."""
    if output is None:
        yield lambda row: None
    elif output == STDIN:
        yield lambda row: _write(sys.stdout, row)
    else:
        partial = Path(f"{output}.partial")
        try:
            with _naming(output), partial.open("w", encoding="utf-8", newline="\n") as file:
                yield lambda row: _write(file, row)
                file.flush()
            with _naming(output):
                partial.replace(output)
        finally:
            partial.unlink(missing_ok=True)


def _write(file: TextIO, row: dict[str, Any]) -> None:
    with _naming(file.name):
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


@contextmanager
def _naming(output: str) -> Iterator[None]:
    """Turn the system's "No space left on device" into an OutputError that names the file."""
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write {output}: {error.strerror or error}") from error


def text_folder(output: str | None, texts: Path | None) -> Path | None:
    """Return the folder for extracted texts: the one named, or beside the JSONL file."""
    if texts is not None or output in (None, STDIN):
        return texts
    return Path(f"{output}.texts")


def keep_text(article: Article, folder: Path) -> str:
    """Write the text that an HTML page's spans count in; return the file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = "stdin" if article.file == STDIN else Path(article.file).name
    path = folder / f"{stem}.txt"
    number = 1
    while path.exists() and path.read_bytes() != article.text.encode():
        number += 1
        path = folder / f"{stem}-{number}.txt"
    path.write_text(article.text, encoding="utf-8", newline="")
    return str(path)


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on standard error; the function given moves it on by one article."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("articles", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("articles", total=total)
        yield lambda: bar.advance(task)
