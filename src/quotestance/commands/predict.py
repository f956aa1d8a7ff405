"""`quotestance predict`: batch prediction over files of any size."""

import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from quotestance.batch.job import Engine, Job, Summary

FEW_FOREIGN = 0.05
"""Up to this share, rows that look like another language may well be English all the same."""
EXIT_REJECTED, EXIT_BAD_INPUT, EXIT_INTERRUPTED = 1, 3, 130


class EngineName(StrEnum):
    """Where the model runs."""

    LOCAL = "local"
    RAY = "ray"


Inputs = Annotated[
    list[str],
    typer.Argument(help="CSV, TSV, JSONL or Parquet, also .gz or .zst; - is standard input."),
]
Output = Annotated[
    Path, typer.Option("-o", "--output", help="Output file; its suffix says the format.")
]
TextColumn = Annotated[str, typer.Option("--text-column", help="Column of the statements.")]
Targets = Annotated[
    list[str] | None,
    typer.Option("--target", help="Target of the stance; repeat for several. Any name is allowed."),
]
Model = Annotated[str, typer.Option("--model", help="Directory of a saved pipeline.")]
WithProbabilities = Annotated[
    bool, typer.Option("--probabilities", help="Add one column per label.")
]
Abstain = Annotated[
    str | None,
    typer.Option("--abstain", help="Leave a label empty that is not sure at this coverage: 90%."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 if a row was rejected.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with an unfinished run.")]
Engines = Annotated[EngineName, typer.Option("--engine", help="This machine, or a Ray cluster.")]
RayAddress = Annotated[
    str | None, typer.Option("--ray-address", help="Address of the cluster; else a local one.")
]
Threads = Annotated[
    int | None, typer.Option("--threads", min=1, help="Cores to use (all); with Ray: workers.")
]
InputFormat = Annotated[
    str | None,
    typer.Option("--input-format", help="Such as csv or jsonl.gz, where no suffix says it."),
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help="Of the inputs, such as cp1251 or utf-16; UTF-8.")
]
Prefix = Annotated[
    str, typer.Option("--prefix", help="Begins the added columns' names, such as model_.")
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the model runs, and on how many cores."""

    engine: EngineName
    threads: int | None
    address: str | None


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(predict)


def predict(
    inputs: Inputs,
    output: Output,
    text_column: TextColumn = "text",
    target: Targets = None,
    model: Model = "default",
    probabilities: WithProbabilities = False,
    abstain: Abstain = None,
    strict: Strict = False,
    resume: Resume = False,
    engine: Engines = EngineName.LOCAL,
    ray_address: RayAddress = None,
    threads: Threads = None,
    input_format: InputFormat = None,
    encoding: Encoding = None,
    prefix: Prefix = "",
) -> None:
    """Predict stance and sentiment of every row of a file; the rows keep their order."""
    from quotestance.batch.setup import Options, prepare
    from quotestance.classifier import model_directory
    from quotestance.config import read_config

    options = Options(
        inputs,
        output,
        text_column,
        tuple(target or ()),
        model,
        probabilities,
        abstain,
        input_format,
        encoding,
        prefix,
    )
    try:
        with _stoppable(), prepare(options) as job:
            if target:
                warn_untrained(target, read_config(model_directory(model)).target_vectors)
            summary = _run(job, model, Place(engine, threads, ray_address), resume=resume)
    except KeyboardInterrupt:
        typer.echo(
            f"quotestance: interrupted; run again with --resume to finish {output}", err=True
        )
        raise typer.Exit(EXIT_INTERRUPTED) from None
    typer.echo(_closing_line(job, summary), err=True)
    done = summary.rows - summary.rejected
    if summary.foreign > FEW_FOREIGN * done:
        warn_foreign(f"{summary.foreign:,} of {done:,} rows look")
    if summary.rows and summary.rejected == summary.rows:
        typer.echo(f"quotestance: no row could be read, see {job.rejects}", err=True)
        raise typer.Exit(EXIT_BAD_INPUT)
    if strict and summary.rejected:
        raise typer.Exit(EXIT_REJECTED)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Take SIGTERM as an interruption, so that the copies of pipes are removed."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def warn_untrained(targets: Iterable[str], trained: Iterable[str]) -> None:
    """Say on standard error which targets the model was not trained for."""
    from quotestance.classifier import untrained

    if unknown := untrained(targets, trained):
        typer.echo(
            f"quotestance: not trained for {', '.join(map(repr, unknown))}: "
            "such answers are often wrong, see README.md",
            err=True,
        )


def warn_foreign(what: str) -> None:
    """Say on standard error that `what` ("3 rows look") is in a language the model cannot read."""
    typer.echo(
        f"quotestance: {what} like another language than English: such labels mean nothing",
        err=True,
    )


def _run(job: "Job", model: str, place: Place, *, resume: bool) -> "Summary":
    from quotestance.batch.job import run

    with _progress_bar() as progress:
        return run(job, _engine(job, model, place), resume=resume, progress=progress)


def _engine(job: "Job", model: str, place: Place) -> "Engine":
    from quotestance.classifier import model_directory

    directory = model_directory(model)
    if place.engine is EngineName.RAY:
        from quotestance.batch.cluster import RayEngine

        return RayEngine(
            directory, job.layout.targets, workers=place.threads, address=place.address
        )
    from quotestance.batch.local import LocalEngine
    from quotestance.pipeline import SavedPipeline

    return LocalEngine(SavedPipeline(directory, threads=place.threads), job.layout.targets)


@contextmanager
def _progress_bar() -> Iterator[Callable[[int], None] | None]:
    """Show the rows done on a terminal; show nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,} rows"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("predict", total=None)
        yield lambda rows: bar.update(task, completed=rows)


def _closing_line(job: "Job", summary: "Summary") -> str:
    done = summary.rows - summary.rejected
    rejected = f"{summary.rejected:,} rejected"
    if summary.rejected:
        rejected += f" ({job.rejects})"
    rate = (summary.rows - summary.resumed) / max(summary.seconds, 1e-9)
    return (
        f"quotestance: {done:,} rows predicted, {rejected}, {summary.repeated:,} duplicates "
        f"computed once; {summary.seconds:.1f} s, {rate:,.0f} rows/s -> {job.output}"
    )
