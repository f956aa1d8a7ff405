"""From statements to calibrated probabilities: windows, batches by length, order restored."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quotestance.calibration import calibrated
from quotestance.labels import stance_column
from quotestance.pipeline import Floats, SavedPipeline, TokenIds

IndexArray = npt.NDArray[np.int64]

TOKENS_PER_BATCH = 1024
"""Tokens in one run of the graph: more of them leave the processor's cache (docs/DECISIONS.md)."""


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Calibrated probabilities: `stance` (statements, targets, 3), `sentiment` (statements, 3)."""

    stance: Floats
    sentiment: Floats


class Pending:
    """Statements on their way through a pipeline's threads."""

    def __init__(
        self,
        rows: IndexArray,
        batches: list[tuple[Future[tuple[Floats, Floats]], IndexArray, Floats]],
        targets: int,
    ) -> None:
        self._rows, self._batches, self._targets = rows, batches, targets

    def done(self) -> bool:
        """Tell whether `result` would return at once."""
        return all(future.done() for future, _, _ in self._batches)

    def cancel(self) -> None:
        """Give up what has not begun."""
        for future, _, _ in self._batches:
            future.cancel()

    def result(self) -> Probabilities:
        """Wait for the uncalibrated probabilities of all statements, in order."""
        size = int(self._rows.max()) + 1 if len(self._rows) else 0
        stance = np.zeros((size, self._targets, 3), np.float32)
        sentiment = np.zeros((size, 3), np.float32)
        weight = np.zeros(size, np.float32)
        for future, owners, tokens in self._batches:
            batch_stance, batch_sentiment = future.result()
            np.add.at(stance, owners, batch_stance * tokens[:, None, None])
            np.add.at(sentiment, owners, batch_sentiment * tokens[:, None])
            np.add.at(weight, owners, tokens)
        stance /= weight[:, None, None]
        sentiment /= weight[:, None]
        return Probabilities(stance[self._rows], sentiment[self._rows])


def infer(pipeline: SavedPipeline, statements: Sequence[str], vectors: Floats) -> Probabilities:
    """Return uncalibrated probabilities of each statement, in order; equal ones computed once.

    A statement of more than `max_length` tokens is read in windows that overlap by
    `window_overlap`; its probabilities are the mean over its windows, weighted by their tokens.
    """
    return submit(pipeline, statements, vectors).result()


def submit(pipeline: SavedPipeline, statements: Sequence[str], vectors: Floats) -> Pending:
    """Tokenise statements and start their inference on the pipeline's threads; see `infer`.

    The batches depend on nothing but the statements, so the same call gives the same bits,
    whatever the number of threads.
    """
    position: dict[str, int] = {}
    rows = np.fromiter(
        (position.setdefault(text, len(position)) for text in statements), np.int64, len(statements)
    )
    size, overlap = pipeline.config.max_length, pipeline.config.window_overlap
    windows: list[TokenIds] = []
    owners: list[int] = []
    for owner, ids in enumerate(pipeline.encode(list(position))):
        for window in split_windows(ids, size, overlap=overlap):
            windows.append(window)
            owners.append(owner)
    batches = []
    for batch in batches_by_length(windows, TOKENS_PER_BATCH):
        members = [windows[i] for i in batch]
        future = pipeline.executor.submit(pipeline.run, members, vectors)
        tokens = np.fromiter(map(len, members), np.float32, len(members))
        batches.append((future, np.array([owners[i] for i in batch]), tokens))
    return Pending(rows, batches, len(vectors))


def split_windows(ids: TokenIds, size: int, *, overlap: int) -> list[TokenIds]:
    """Split token ids into windows of at most `size`, each with the first and last special token.

    Neighbouring windows share `overlap` tokens; the last window is as long as the others.

    >>> split_windows([101, 1, 2, 3, 4, 5, 102], 5, overlap=1)
    [[101, 1, 2, 3, 102], [101, 3, 4, 5, 102]]
    """
    if len(ids) <= size:
        return [ids]
    first, body, last = ids[0], ids[1:-1], ids[-1]
    room = size - 2
    starts = [*range(0, len(body) - room, room - overlap), len(body) - room]
    return [[first, *body[start : start + room], last] for start in starts]


def batches_by_length(windows: Sequence[TokenIds], budget: int) -> Iterator[list[int]]:
    """Yield indices of windows in batches of one length, each of at most `budget` tokens.

    Windows of one length need no padding, which costs as much as words do.

    >>> list(batches_by_length([[7, 7], [7], [8, 8], [9, 9]], 4))
    [[1], [0, 2], [3]]
    """
    groups: dict[int, list[int]] = {}
    for index, window in enumerate(windows):
        groups.setdefault(len(window), []).append(index)
    for length, group in sorted(groups.items()):
        step = max(1, budget // length)
        for start in range(0, len(group), step):
            yield group[start : start + step]


def calibrate(raw: Probabilities, pipeline: SavedPipeline, targets: Sequence[str]) -> Probabilities:
    """Calibrate each column as the config says."""
    config = pipeline.config
    stance = [config.calibration(stance_column(target)) for target in targets]
    return Probabilities(
        calibrated(raw.stance, *stance).astype(np.float32).reshape(raw.stance.shape),
        calibrated(raw.sentiment, config.calibration("sentiment")).astype(np.float32),
    )
