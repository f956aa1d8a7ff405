"""The engine for one machine: reading, tokenising, inference and writing side by side."""

from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np

from quotestance.batch.job import Work
from quotestance.batch.repeats import Plan
from quotestance.inference import Pending, Probabilities, calibrate, submit
from quotestance.labels import stance_column
from quotestance.pipeline import Floats, SavedPipeline

AHEAD = 3
"""Chunks that are read and tokenised before the first of them is written."""


class LocalEngine:
    """Runs one saved pipeline on all its threads."""

    def __init__(self, pipeline: SavedPipeline, targets: Sequence[str]) -> None:
        self._pipeline, self._targets = pipeline, tuple(targets)

    def run(self, work: Work) -> Iterator[tuple[Plan, Probabilities]]:
        """Yield each plan with the calibrated probabilities of its new statements."""
        vectors = target_vectors(self._pipeline, self._targets)
        pending: deque[tuple[Plan, Pending]] = deque()
        try:
            for plan in work.plans():
                pending.append((plan, submit(self._pipeline, plan.new, vectors)))
                while len(pending) > AHEAD or (pending and pending[0][1].done()):
                    yield self._finished(*pending.popleft())
            while pending:
                yield self._finished(*pending.popleft())
        finally:
            for _, left in pending:
                left.cancel()

    def _finished(self, plan: Plan, pending: Pending) -> tuple[Plan, Probabilities]:
        return plan, calibrate(pending.result(), self._pipeline, self._targets)


def target_vectors(pipeline: SavedPipeline, targets: Sequence[str]) -> Floats:
    """Return the vectors (targets, width): those of the config, or encoded."""
    trained = pipeline.config.target_vectors
    known = {stance_column(target): vector for target, vector in trained.items()}
    rows = [
        np.array(known[column], np.float32)
        if (column := stance_column(target)) in known
        else pipeline.embed_targets([target])[0]
        for target in targets
    ]
    return np.stack(rows)
