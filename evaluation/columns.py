"""The four label columns of the dataset, their labels and the target that each one asks about."""

import numpy as np
import numpy.typing as npt

from quotestance.labels import SENTIMENTS, STANCES, TARGETS, stance_column

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TARGET_OF: dict[str, str] = {stance_column(target): target for target in TARGETS}
"""Stance column -> its target: `stance` asks NATO/Ukraine, `stance_nato` NATO, and so on."""

COLUMNS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TARGET_OF, STANCES),
    "sentiment": SENTIMENTS,
}
"""Label column -> its labels in the order of every probability array and confusion matrix."""

QUESTIONS: dict[str, str] = {
    "stance": "NATO/Ukraine",
    "stance_nato": "NATO",
    "stance_ukraine": "Ukraine",
    "sentiment": "Sentiment",
}
"""Column -> the heading that a reader understands."""

UNLABELLED = -1
"""Label index of a row that has no label in a column."""
