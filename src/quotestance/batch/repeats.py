"""Equal statements are computed once: which of a chunk's are new, and where the others stand.

The memory is bounded: it holds the distinct statements of the last `WINDOW` chunks. What it holds
depends on the input alone, and it can be saved with each chunk and brought back on resuming, so a
resumed run takes the same result from the same place as one that was never stopped.
"""

import os
from collections import deque
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from quotestance.batch.chunks import Chunk
from quotestance.errors import ResumeError
from quotestance.inference import Probabilities
from quotestance.pipeline import Floats

WINDOW = 32
"""Chunks (2,048 rows each) over which equal statements are recognised."""

_KEY = 16


@dataclass(eq=False, slots=True)
class Distinct:
    """The statements that a chunk brought: their keys, and their results once computed."""

    keys: list[bytes]
    results: Probabilities | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to compute for a chunk, and where the result of each row is found."""

    chunk: Chunk
    distinct: Distinct
    new: list[str]
    places: list[tuple[Distinct, int] | None]
    repeated: int

    def gather(self, targets: int) -> Probabilities:
        """Return the probabilities of every row of the chunk; rejected rows have zeros."""
        stance = np.zeros((len(self.places), targets, 3), np.float32)
        sentiment = np.zeros((len(self.places), 3), np.float32)
        for row, place in enumerate(self.places):
            if place and place[0].results:
                stance[row] = place[0].results.stance[place[1]]
                sentiment[row] = place[0].results.sentiment[place[1]]
        return Probabilities(stance, sentiment)


class Memory:
    """Recognises statements of the last WINDOW chunks."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[Distinct, int]] = {}
        self._recent: deque[Distinct] = deque()

    def plan(self, chunk: Chunk) -> Plan:
        """Return the plan for the next chunk, and remember its statements."""
        distinct = Distinct([])
        new: list[str] = []
        places: list[tuple[Distinct, int] | None] = []
        for text in chunk.texts:
            if text is None:
                places.append(None)
                continue
            key = blake2b(text.encode(), digest_size=_KEY).digest()
            place = self._known.get(key)
            if place is None:
                place = self._known[key] = (distinct, len(new))
                distinct.keys.append(key)
                new.append(text)
            places.append(place)
        self._keep(distinct)
        answered = sum(place is not None for place in places)
        return Plan(chunk, distinct, new, places, answered - len(new))

    def restore(self, distinct: Distinct) -> None:
        """Remember the statements of a chunk that an earlier run computed."""
        for index, key in enumerate(distinct.keys):
            self._known[key] = (distinct, index)
        self._keep(distinct)

    def _keep(self, distinct: Distinct) -> None:
        self._recent.append(distinct)
        if len(self._recent) > WINDOW:
            for key in self._recent.popleft().keys:
                del self._known[key]


class Shelf:
    """Saved statements of the last WINDOW chunks, a file each, in the folder of a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, index: int, distinct: Distinct) -> None:
        """Save a chunk's statements, and drop those that the memory has forgotten."""
        if distinct.results is None:
            return
        self._folder.mkdir(exist_ok=True)
        keys = np.frombuffer(b"".join(distinct.keys), np.uint8).reshape(-1, _KEY)
        draft = self._folder / "draft.npz"
        results = distinct.results
        with draft.open("wb") as file:
            np.savez(file, keys=keys, stance=results.stance, sentiment=results.sentiment)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path(index))
        # One more than the memory holds: this chunk is not in the journal yet.
        self._path(index - WINDOW - 1).unlink(missing_ok=True)

    def restore(self, memory: Memory, chunks: int) -> None:
        """Bring the memory to its state after the first `chunks` chunks.

        Raises ResumeError for a file that is missing or damaged.
        """
        for index in range(max(0, chunks - WINDOW), chunks):
            path = self._path(index)
            try:
                with np.load(path) as saved:
                    results = Probabilities(_floats(saved["stance"]), _floats(saved["sentiment"]))
                    keys = [row.tobytes() for row in saved["keys"]]
            except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
                raise ResumeError(
                    f"{path} is missing or damaged: run without --resume to start over"
                ) from error
            memory.restore(Distinct(keys, results))

    def _path(self, index: int) -> Path:
        return self._folder / f"{index:09}.npz"


def _floats(array: Floats) -> Floats:
    return np.ascontiguousarray(array, np.float32)
