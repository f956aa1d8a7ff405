"""Bootstrap intervals that respect groups: whole groups are drawn, never single rows.

Statements of one document, scenario or minimal pair are alike; drawing rows would pretend that
they are independent and give intervals that are too narrow (Cameron, Gelbach, Miller, 2008).
"""

import numpy as np

from evaluation.columns import Bools, Floats, Ints

RESAMPLES = 2000
SEED = 20260
MOST_BLOCKS = 5000
"""More groups than this are put together at random, so that memory stays bounded; blocks of whole
groups are as exchangeable as the groups."""


class GroupBootstrap:
    """Draws of whole groups, made once and shared by every score of a test set.

    `weights` has shape (groups, resamples): how often each group was drawn.
    """

    def __init__(self, groups: Ints, *, resamples: int = RESAMPLES, seed: int = SEED) -> None:
        random = np.random.default_rng(seed)
        self.groups = groups
        self.size = int(groups.max()) + 1
        self.resamples = resamples
        self._blocks = _blocks(groups, self.size, random)
        size = min(self.size, MOST_BLOCKS)
        draws = random.integers(0, size, (resamples, size)) + size * np.arange(resamples)[:, None]
        drawn = np.bincount(draws.ravel(), minlength=resamples * size).reshape(resamples, size)
        self.weights: Floats = np.ascontiguousarray(drawn.T, np.float64)

    def sums(self, values: Floats | Ints, rows: Bools | None = None) -> Floats:
        """Return the sum of `values` (rows, k) in every resample: (resamples, k).

        `rows` masks the rows that belong to a slice; their groups are drawn with all others.
        """
        blocks = self._blocks if rows is None else self._blocks[rows]
        kept = values if rows is None else values[rows]
        used, index = np.unique(blocks, return_inverse=True)
        per_block = np.zeros((len(used), values.shape[1]), np.float64)
        np.add.at(per_block, index, kept)
        drawn: Floats = (per_block.T @ self.weights[used]).T
        return drawn

    def confusions(self, gold: Ints, predicted: Ints) -> Floats:
        """Return the confusion matrix of every resample: (resamples, 3, 3)."""
        return self.sums(confusion_cells(gold, predicted)).reshape(-1, 3, 3)

    def interval(self, samples: Floats) -> list[float] | None:
        """Return the 95 % interval; None for a single group, drawn every time: no certainty."""
        return percentile_interval(samples) if self.size > 1 else None

    def row_weights(self, start: int, stop: int, rows: Bools) -> Floats:
        """Return the weight of each row of `rows` in resamples `start` to `stop`."""
        chunk: Floats = self.weights[:, start:stop][self._blocks[rows]].T
        return chunk


def _blocks(groups: Ints, size: int, random: np.random.Generator) -> Ints:
    if size <= MOST_BLOCKS:
        return groups
    block_of: Ints = random.permutation(size) % MOST_BLOCKS
    return block_of[groups]


def confusion_cells(gold: Ints, predicted: Ints, classes: int = 3) -> Floats:
    """Return one-hot confusion cells (rows, classes**2); all zero where gold is -1."""
    cells = np.zeros((len(gold), classes * classes))
    labelled = np.flatnonzero(gold >= 0)
    cells[labelled, gold[labelled] * classes + predicted[labelled]] = 1
    return cells


def percentile_interval(samples: Floats) -> list[float] | None:
    """Return the 95 % percentile interval of resampled scores; None where none is defined."""
    finite = samples[np.isfinite(samples)]
    if not finite.size:
        return None
    low, high = np.percentile(finite, [2.5, 97.5])
    return [float(low), float(high)]


def pivotal_interval(samples: Floats, estimate: float) -> list[float] | None:
    """Return the 95 % basic interval, for scores that resampling biases upward, such as the ECE.

    It mirrors the percentile interval at the estimate (Davison and Hinkley, 1997, section 5.2), is
    cut at zero, and reaches up to the estimate, which in small samples is itself too high.
    """
    interval = percentile_interval(samples)
    if interval is None:
        return None
    low, high = interval
    return [max(0.0, 2 * estimate - high), max(estimate, 2 * estimate - low)]


def share_interval(hits: Bools, samples: Floats, groups: int) -> list[float] | None:
    """Return the interval of a share: the percentiles of its resamples, or Wilson's over `groups`.

    Where all rows or none are hits, every resample is alike and would claim certainty.
    """
    if hits.all() or not hits.any():
        return wilson_interval(groups if hits.all() else 0, groups)
    return percentile_interval(samples)


def wilson_interval(hits: float, n: int) -> list[float]:
    """Return Wilson's 95 % interval of a share of independent cases (1927); needs no resampling.

    >>> [round(bound, 3) for bound in wilson_interval(0, 10)]
    [0.0, 0.278]
    """
    z = 1.959964
    share, scale = hits / n, 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    return [max(0.0, float(centre - half)), min(1.0, float(centre + half))]
