"""`OUTPUT.partial/`: what an unfinished run has done, so that it can go on after any end.

Pieces of chunks are appended to `pieces`, rejects to `rejects`, and then one line to `journal` that
says where both end: what lies beyond the last whole line of the journal is cut off on resuming.
`manifest.json` names the input, the model and the options that the pieces belong to.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from quotestance.errors import OutputError, ResumeError


@dataclass(frozen=True, slots=True)
class Entry:
    """State after a chunk: ends of the pieces and rejects in bytes, rows and counts so far.

    `foreign` counts the rows that look like another language than English.
    """

    pieces: int
    rejects: int
    rows: int
    rejected: int
    repeated: int
    foreign: int = 0


class Journal:
    """The folder of an unfinished run; use it in a `with`, which closes its files."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.folder = output.with_name(output.name + ".partial")
        self.entries: list[Entry] = []
        self.finished = False  # the output is in place, and only the folder was left behind
        self._files: dict[str, IO[bytes]] = {}
        self._lock: IO[bytes] | None = None

    def open(self, manifest: dict[str, Any], *, start: bytes, resume: bool) -> None:
        """Begin a run with `start` as its first piece, or go on with the one that is there.

        Raises ResumeError where that one is of another input, model or option; OutputError.
        """
        with self.reported():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self.folder.mkdir(exist_ok=True)
            self._take_lock()
            if resume and (self.folder / "manifest.json").is_file():
                self._check(manifest)
            else:
                self._clear()
                _write_whole(self.folder / "manifest.json", json.dumps(manifest, indent=1))
            self._recover()
            if not self.entries:
                self.append(start, b"", Entry(len(start), 0, 0, 0, 0))

    def append(self, piece: bytes, rejects: bytes, entry: Entry) -> None:
        """Make a chunk's piece and rejects durable, then the entry that vouches for them."""
        with self.reported():
            for name, data in (("pieces", piece), ("rejects", rejects), ("journal", _line(entry))):
                if data:
                    self._files[name].write(data)
                    self._files[name].flush()
                    os.fsync(self._files[name].fileno())
        self.entries.append(entry)

    @property
    def chunks(self) -> int:
        """Number of chunks that are done."""
        return len(self.entries) - 1

    @property
    def last(self) -> Entry:
        """The state so far."""
        return self.entries[-1]

    def finish(self, whole: Path | None, rejects: Path) -> None:
        """Put the output (None: it is there) and the rejects in place and remove the folder.

        The lock is held on to: it ends with the `with`.
        """
        with self.reported():
            self._close_files()
            if self.last.rejected:
                # A copy, so that a run killed right here finds its rejects again.
                copy = shutil.copyfile(self.folder / "rejects", self.folder / "rejects.whole")
                os.replace(copy, rejects)
            else:
                rejects.unlink(missing_ok=True)
            if whole is not None:
                os.replace(whole, self.output)
            self._clear()
            (self.folder / "lock").unlink(missing_ok=True)
            # Without its lock the folder is free: another run may have begun in it.
            with suppress(OSError):
                self.folder.rmdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._close_files()
        if self._lock is not None:
            self._lock.close()

    def _take_lock(self) -> None:
        try:
            import fcntl
        except ImportError:  # Windows has no flock; two runs on one output are then not noticed
            return
        path = self.folder / "lock"
        try:
            self._lock = path.open("wb")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A run that ends removes its lock: one that was opened before is no longer the one.
            if not os.path.samestat(os.fstat(self._lock.fileno()), path.stat()):
                raise FileNotFoundError(path)
        except (BlockingIOError, FileNotFoundError) as error:
            raise OutputError(f"another run is writing {self.output}: wait for its end") from error

    def _check(self, manifest: dict[str, Any]) -> None:
        path = self.folder / "manifest.json"
        try:
            found = dict(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise ResumeError(f"{path} is damaged: run without --resume to start over") from error
        wanted = json.loads(json.dumps(manifest))
        if changed := [key for key in wanted if found.get(key) != wanted[key]]:
            raise ResumeError(
                f"the unfinished run in {self.folder} had another {' and '.join(changed)}: "
                "restore that, or run without --resume to start over"
            )

    def _clear(self) -> None:
        """Remove all but the lock; first the manifest, so that no part is taken for a run."""
        (self.folder / "manifest.json").unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if path.name != "lock":
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _recover(self) -> None:
        whole = self._read_entries()
        self.finished = bool(self.entries) and not (self.folder / "pieces").exists()
        if self.finished:
            return
        ends = {"pieces": 0, "rejects": 0} | (asdict(self.last) if self.entries else {})
        for name, end in (
            ("pieces", ends["pieces"]),
            ("rejects", ends["rejects"]),
            ("journal", whole),
        ):
            file = self._files[name] = (self.folder / name).open("ab")
            if file.tell() < end:
                raise ResumeError(
                    f"{self.folder / name} was cut short: run without --resume to start over"
                )
            file.truncate(end)

    def _read_entries(self) -> int:
        """Read the journal up to its last whole line; return where that ends."""
        path, whole = self.folder / "journal", 0
        for line in path.read_bytes().splitlines(keepends=True) if path.exists() else []:
            if line.endswith(b"\n"):
                self.entries.append(_entry(line, path))
                whole += len(line)
        return whole

    def _close_files(self) -> None:
        for file in self._files.values():
            # On a full disk closing fails once more; the first failure is the one reported.
            with suppress(OSError):
                file.close()

    @contextmanager
    def reported(self) -> Iterator[None]:
        """Turn a failed write into one OutputError that says how to go on."""
        try:
            yield
        except (OutputError, ResumeError):
            raise
        except OSError as error:
            raise OutputError(
                f"cannot write {self.output}: {error.strerror or error}; "
                "what is done is kept: mend that and run again with --resume"
            ) from error


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry)).encode() + b"\n"


def _entry(line: bytes, path: Path) -> Entry:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise ResumeError(f"{path} is damaged: run without --resume to start over") from error


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that it is never seen half written."""
    draft = path.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
