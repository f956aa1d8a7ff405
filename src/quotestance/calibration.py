"""From the graph's probabilities to calibrated ones: smoothing taken off, then temperatures."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

FLOOR = 1e-12
"""In place of a probability of zero, whose logarithm would become a NaN."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How one column's probabilities are calibrated, in the order of the fields.

    A network trained with label smoothing gives every label a little too much: `smoothing` s takes
    it off, p^2 / (p + s), which is about p - s where p is large and stays above zero. `temperature`
    divides the logarithms (Guo et al., ICML 2017), and so does the entry of `by_label` for the
    greatest label, in the labels' order: a network can be too sure of one label's answers and too
    unsure of another's. None of these changes which label is the greatest.
    """

    smoothing: float = 0.0
    temperature: float = 1.0
    by_label: tuple[float, float, float] = (1.0, 1.0, 1.0)


def calibrated(p: npt.NDArray[np.floating], *calibrations: Calibration) -> npt.NDArray[np.float64]:
    """Return calibrated probabilities of the shape of `p`.

    With one calibration, `p` is (..., labels); with several, (..., calibrations, labels).
    """
    table = np.array([[one.smoothing, one.temperature] for one in calibrations])
    smoothing, temperature = table[:, :1], table[:, 1:]
    p = np.maximum(p.astype(np.float64), FLOOR)
    logits = (2 * np.log(p) - np.log(p + smoothing)) / temperature
    by_label = np.array([one.by_label for one in calibrations])
    greatest = p.argmax(axis=-1)[..., None]
    logits /= np.take_along_axis(np.broadcast_to(by_label, p.shape), greatest, axis=-1)
    soft = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: npt.NDArray[np.float64] = soft / soft.sum(axis=-1, keepdims=True)
    return result
