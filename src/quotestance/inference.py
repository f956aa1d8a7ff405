"""From statements to calibrated probabilities: windows, batches by length, order restored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quotestance.labels import stance_column
from quotestance.pipeline import Floats, SavedPipeline, TokenIds

TOKENS_PER_BATCH = 4096
"""Padded tokens in one run of the graph; measured in `benchmarks/`."""


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Calibrated probabilities: `stance` (statements, targets, 3), `sentiment` (statements, 3)."""

    stance: Floats
    sentiment: Floats


def infer(pipeline: SavedPipeline, statements: Sequence[str], vectors: Floats) -> Probabilities:
    """Return uncalibrated probabilities of each statement, in order; equal ones computed once.

    A statement of more than `max_length` tokens is read in windows that overlap by
    `window_overlap`; its probabilities are the mean over its windows, weighted by their tokens.
    """
    position: dict[str, int] = {}
    owner_of = np.fromiter(
        (position.setdefault(text, len(position)) for text in statements), np.int64, len(statements)
    )
    windows: list[TokenIds] = []
    owners: list[int] = []
    for owner, ids in enumerate(pipeline.encode(list(position))):
        for window in split_windows(
            ids, pipeline.config.max_length, overlap=pipeline.config.window_overlap
        ):
            windows.append(window)
            owners.append(owner)
    stance = np.zeros((len(position), len(vectors), 3), np.float32)
    sentiment = np.zeros((len(position), 3), np.float32)
    weight = np.zeros(len(position), np.float32)
    for batch in batches_by_length(windows, TOKENS_PER_BATCH):
        batch_stance, batch_sentiment = pipeline.run([windows[i] for i in batch], vectors)
        rows = np.array([owners[i] for i in batch])
        tokens = np.array([len(windows[i]) for i in batch], np.float32)
        np.add.at(stance, rows, batch_stance * tokens[:, None, None])
        np.add.at(sentiment, rows, batch_sentiment * tokens[:, None])
        np.add.at(weight, rows, tokens)
    stance /= weight[:, None, None]
    sentiment /= weight[:, None]
    return Probabilities(stance[owner_of], sentiment[owner_of])


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
    """Yield indices of windows in batches of like length, each at most `budget` padded tokens."""
    batch: list[int] = []
    for index in sorted(range(len(windows)), key=lambda i: len(windows[i])):
        if batch and len(windows[index]) * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def calibrate(raw: Probabilities, pipeline: SavedPipeline, targets: Sequence[str]) -> Probabilities:
    """Apply the temperatures of the config (Guo et al., ICML 2017): p^(1/T), normalised."""
    temperature = pipeline.config.temperature
    fallback = temperature.get("zero_shot", 1.0)
    stance = [temperature.get(stance_column(target), fallback) for target in targets]
    return Probabilities(
        _soften(raw.stance, np.array(stance, np.float32)[None, :, None]),
        _soften(raw.sentiment, np.float32(temperature["sentiment"])),
    )


def _soften(p: Floats, temperature: npt.NDArray[np.float32] | np.float32) -> Floats:
    # In float64: a float32 probability of zero must not become a NaN.
    logits = np.log(np.maximum(p.astype(np.float64), 1e-12)) / temperature
    soft = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Floats = (soft / soft.sum(axis=-1, keepdims=True)).astype(np.float32)
    return result
