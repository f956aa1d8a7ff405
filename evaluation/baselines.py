"""Baselines that need no saved pipeline: the majority label, and VADER's lexicon."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from evaluation.columns import COLUMNS, Floats
from evaluation.data import Dataset
from evaluation.scorers import Answers
from quotestance.errors import MissingExtraError

VADER_THRESHOLD = 0.05
"""Compound score from which VADER's authors call a text positive, and below minus that negative."""


class Majority:
    """Gives every statement the label frequencies of the data it was made from."""

    name = "majority"
    kind = "majority"
    probabilistic = True
    answers_any_text = True

    def __init__(self, train: Dataset) -> None:
        self.source = train.source
        self._frequencies = {
            column: np.bincount(gold[gold >= 0], minlength=3) / (gold >= 0).sum()
            for column, gold in train.gold.items()
        }

    def answer(self, texts: Sequence[str], ids: Sequence[str] | None = None) -> Answers:
        """Return the same frequencies for every text."""
        return {
            column: np.tile(frequencies, (len(texts), 1))
            for column, frequencies in self._frequencies.items()
        }

    def ask(self, texts: Sequence[str], target: str) -> Floats | None:
        """Return None: it has no targets."""

    def about(self) -> dict[str, Any]:
        """Return where the frequencies come from."""
        return {"label_frequencies_of": self.source}


class Vader:
    """VADER (Hutto and Gilbert, ICWSM 2014): its polarity as sentiment, and as stance.

    A positive text counts as supportive of every target, a negative one as adversarial: what a
    sentiment lexicon used as a stance detector does. It gives labels, not probabilities.
    """

    name = "vader"
    kind = "lexicon"
    probabilistic = False
    answers_any_text = True

    def __init__(self) -> None:
        try:
            from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
        except ImportError as error:
            raise MissingExtraError(
                "vader needs vaderSentiment: pip install 'quotestance[train]'"
            ) from error
        self._polarity = SentimentIntensityAnalyzer().polarity_scores

    def answer(self, texts: Sequence[str], ids: Sequence[str] | None = None) -> Answers:
        """Return one-hot labels; the order supportive, adversarial, neutral is also VADER's."""
        compound = np.array([self._polarity(text)["compound"] for text in texts])
        low, high = compound <= -VADER_THRESHOLD, compound >= VADER_THRESHOLD
        labels = np.select([high, low], [0, 1], default=2)
        onehot = np.eye(3)[labels]
        return dict.fromkeys(COLUMNS, onehot)

    def ask(self, texts: Sequence[str], target: str) -> Floats:
        """Return the polarity: a lexicon never sees the target."""
        return self.answer(texts)["stance"]

    def about(self) -> dict[str, Any]:
        """Return the threshold."""
        return {"compound_threshold": VADER_THRESHOLD}
