"""A batch run: the input's chunks through the model into the output, each row exactly once."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import quotestance
from quotestance.batch.chunks import Reject
from quotestance.batch.columns import Layout
from quotestance.batch.formats import Format
from quotestance.batch.journal import Entry, Journal
from quotestance.batch.repeats import Memory, Plan, Shelf
from quotestance.batch.sink import Sink, open_sink
from quotestance.batch.source import Source
from quotestance.config import sha256
from quotestance.errors import InputError
from quotestance.inference import Probabilities
from quotestance.language import is_foreign


@dataclass(frozen=True, slots=True)
class Work:
    """The chunks of a source that are not done yet.

    `plans` gives the same wherever and however often it is asked, so a cluster can read beside the
    process that writes.
    """

    source: Source
    done: int
    known: Path

    def plans(self) -> Iterator[Plan]:
        """Yield what to compute for each chunk, in order."""
        memory = Memory()
        Shelf(self.known).restore(memory, self.done)
        return map(memory.plan, islice(self.source.chunks(), self.done, None))


class Engine(Protocol):
    """Computes the results of many chunks; they come back in the order of the plans."""

    def run(self, work: Work) -> Iterator[tuple[Plan, Probabilities]]:
        """Yield each plan with the calibrated probabilities of its new statements."""
        ...


def rejects_path(output: Path) -> Path:
    """Return where the rejected rows of an output are written."""
    return output.with_name(output.name + ".rejects.jsonl")


@dataclass(frozen=True, slots=True)
class Job:
    """What to read, what to add, and where to write it. `model` is the hash of the pipeline."""

    source: Source
    layout: Layout
    output: Path
    format: Format
    model: str

    @property
    def rejects(self) -> Path:
        """The file of the rejected rows."""
        return rejects_path(self.output)

    def manifest(self) -> dict[str, Any]:
        """Return what a resumed run must share with the one that it continues."""
        files = [
            {"bytes": file.path.stat().st_size, "sha256": sha256(file.path)}
            for file in self.source.files
        ]
        options = {"column": self.source.column, "formats": f"{self.source.format} {self.format}"}
        return {
            "input": files,
            "model": self.model,
            "options": options | asdict(self.layout),
            "software": _software(),
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a finished run.

    `repeated` rows took the result of an equal one before them; `foreign` ones look like another
    language than English.
    """

    rows: int
    rejected: int
    repeated: int
    seconds: float
    resumed: int
    foreign: int


def run(
    job: Job, engine: Engine, *, resume: bool = False, progress: Callable[[int], None] | None = None
) -> Summary:
    """Carry out a job; `progress` is called with the number of rows done.

    Raises an InputError, OutputError or ResumeError; what was done is kept for `resume`.
    """
    began = perf_counter()
    job.source.check()
    sink = open_sink(job.source, job.format)
    with Journal(job.output) as journal:
        states = _states(job.source)
        journal.open(job.manifest(), start=sink.start(), resume=resume)
        resumed = journal.last.rows
        for plan in _computed(job, engine, journal):
            _check_unchanged(job.source, states)
            _append(job, journal, sink, plan)
            if progress:
                progress(journal.last.rows)
        journal.finish(_whole(sink, journal), job.rejects)
        last = journal.last
    seconds = perf_counter() - began
    return Summary(last.rows, last.rejected, last.repeated, seconds, resumed, last.foreign)


def _computed(job: Job, engine: Engine, journal: Journal) -> Iterator[Plan]:
    """Yield the plans of the chunks that are not done yet, in order, with their results."""
    if journal.finished:
        return
    work = Work(job.source, journal.chunks, journal.folder / "known")
    shelf = Shelf(work.known)
    for plan, results in engine.run(work):
        plan.distinct.results = results
        with journal.reported():
            shelf.save(plan.chunk.index, plan.distinct)
        yield plan


def _append(job: Job, journal: Journal, sink: Sink, plan: Plan) -> None:
    chunk, before = plan.chunk, journal.last
    missing = [row for row, text in enumerate(chunk.texts) if text is None]
    columns = job.layout.columns(plan.gather(len(job.layout.targets)), missing)
    piece, rejects = sink.encode(chunk, columns), _lines(chunk.rejects)
    entry = Entry(
        before.pieces + len(piece),
        before.rejects + len(rejects),
        before.rows + len(chunk.texts),
        before.rejected + len(chunk.rejects),
        before.repeated + plan.repeated,
        before.foreign + sum(text is not None and is_foreign(text) for text in chunk.texts),
    )
    journal.append(piece, rejects, entry)


def _lines(rejects: list[Reject]) -> bytes:
    return "".join(
        json.dumps(reject.as_dict(), ensure_ascii=False) + "\n" for reject in rejects
    ).encode()


def _software() -> dict[str, str]:
    """Return the versions of what makes the output.

    A module's own word where it is loaded anyway: onnxruntime comes in packages of several names,
    and a checkout may be of none.
    """
    import onnxruntime
    import tokenizers

    modules = {"quotestance": quotestance, "onnxruntime": onnxruntime, "tokenizers": tokenizers}
    versions = {name: str(module.__version__) for name, module in modules.items()}
    return versions | {"pyarrow": version("pyarrow")}


def _states(source: Source) -> list[tuple[int, int] | None]:
    """Return size and time of change of every file; None for one that is gone."""
    paths = [file.path for file in source.files]
    found = [path.stat() if path.exists() else None for path in paths]
    return [stat and (stat.st_size, stat.st_mtime_ns) for stat in found]


def _check_unchanged(source: Source, states: list[tuple[int, int] | None]) -> None:
    """Raise where a file is not what it was; asked before each write, so no wrong row is kept."""
    for file, before, now in zip(source.files, states, _states(source), strict=True):
        if now != before:
            raise InputError(
                f"{file.name} was changed or removed while it was read: "
                "restore it and run again with --resume, or run anew"
            )


def _whole(sink: Sink, journal: Journal) -> Path | None:
    if journal.finished:
        return None
    with journal.reported():
        return sink.finish(journal.folder / "pieces", [entry.pieces for entry in journal.entries])
