"""The baselines, fitted with scikit-learn and saved in the same form as the network.

`majority` answers the commonest class; `linear` is logistic regression on TF-IDF of word 1- and
2-grams; `frozen` is logistic regression on MiniLM's mean-pooled embeddings. Both are aware of the
target: features x, and x times each trained target's indicator, so that there is one shared weight
vector and one per target; a target that was not trained gets the shared one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from quotestance.labels import TARGETS
from quotestance.preprocess import preprocess
from training.corpus import UNKNOWN, Example
from training.score import by_origin, truth

Array = npt.NDArray[np.float64]
WORD = r"(?u)\b\w\w+\b"


@dataclass(frozen=True)
class LinearWeights:
    """Logits are `x @ shared + shared_bias + sum_k target_k (x @ own[k] + own_bias[k])`.

    `shared` (features, 3), `own` (targets, features, 3), `sentiment` (features, 3).
    """

    shared: Array
    shared_bias: Array
    own: Array
    own_bias: Array
    sentiment: Array
    sentiment_bias: Array


def fit_linear(
    features: sp.csr_matrix | Array, examples: Sequence[Example], *, strength: float, seed: int
) -> LinearWeights:
    """Fit stance over the three targets together, and the sentiment; `strength` is sklearn's C."""
    gold = truth(list(examples))
    width, count = features.shape[1], len(TARGETS)
    x = sp.csr_matrix(features) if sp.issparse(features) else np.asarray(features, np.float32)
    stack = sp.vstack if sp.issparse(x) else np.vstack
    model = _logistic(strength, seed)
    stances = gold[:, :count].T.ravel()
    known = stances != UNKNOWN
    model.fit(stack([_block(x, k, count) for k in range(count)])[known], stances[known])
    tone = _logistic(strength, seed)
    known = gold[:, count] != UNKNOWN
    tone.fit(x[known], gold[known, count])
    weights = _full(model).T
    return LinearWeights(
        shared=weights[:width],
        shared_bias=_full_bias(model),
        own=weights[width : width * (count + 1)].reshape(count, width, 3),
        own_bias=weights[width * (count + 1) :],
        sentiment=_full(tone).T,
        sentiment_bias=_full_bias(tone),
    )


def _logistic(strength: float, seed: int) -> LogisticRegression:
    return LogisticRegression(
        C=strength, max_iter=300, tol=1e-3, class_weight="balanced", random_state=seed
    )


def _block(x: Any, k: int, count: int) -> Any:  # noqa: ANN401 - sparse or dense, as x is
    """Return the features of target `k`: x, x where the target's own weights stand, indicator."""
    indicator = np.zeros((x.shape[0], count), np.float32)
    indicator[:, k] = 1.0
    if sp.issparse(x):
        own = [x if other == k else sp.csr_matrix(x.shape) for other in range(count)]
        return sp.hstack([x, *own, sp.csr_matrix(indicator)]).tocsr()
    return np.hstack(
        [x, *(x if other == k else np.zeros_like(x) for other in range(count)), indicator]
    )


def _full(model: LogisticRegression) -> Array:
    """Return coefficients (3, features) even where a class never occurred in training."""
    full = np.zeros((3, model.coef_.shape[1]))
    if len(model.classes_) == 2:
        full[model.classes_] = np.stack([-model.coef_[0], model.coef_[0]]) / 2
    else:
        full[model.classes_] = model.coef_
    return full


def _full_bias(model: LogisticRegression) -> Array:
    full = np.full(3, -20.0)
    if len(model.classes_) == 2:
        full[model.classes_] = np.array([-model.intercept_[0], model.intercept_[0]]) / 2
    else:
        full[model.classes_] = model.intercept_
    return full


def majority(examples: Sequence[Example]) -> LinearWeights:
    """Return weights that ignore the statement and answer each column's class frequencies."""
    gold = truth(list(examples))
    columns = [column[column != UNKNOWN] for column in gold.T]
    rates = [np.bincount(column, minlength=3) + 0.5 for column in columns]
    logs = [np.log(rate / rate.sum()) for rate in rates]
    count = len(TARGETS)
    return LinearWeights(
        shared=np.zeros((1, 3)),
        shared_bias=np.zeros(3),
        own=np.zeros((count, 1, 3)),
        own_bias=np.stack(logs[:count]),
        sentiment=np.zeros((1, 3)),
        sentiment_bias=logs[count],
    )


def vectoriser() -> TfidfVectorizer:
    """Return the bag of words: 1- and 2-grams of lower-case words, seen at least twice."""
    return TfidfVectorizer(
        preprocessor=lambda text: preprocess(text).lower(),
        ngram_range=(1, 2),
        min_df=2,
        max_features=30_000,
        token_pattern=WORD,
    )


def decide(weights: LinearWeights, features: sp.csr_matrix | Array) -> tuple[Array, Array]:
    """Return logits: stance (rows, targets, 3) and sentiment (rows, 3)."""
    shared = features @ weights.shared + weights.shared_bias
    stance = np.stack(
        [
            shared + features @ own + bias
            for own, bias in zip(weights.own, weights.own_bias, strict=True)
        ],
        axis=1,
    )
    return stance, features @ weights.sentiment + weights.sentiment_bias


def mean_macro_f1(
    weights: LinearWeights, features: sp.csr_matrix | Array, examples: Sequence[Example]
) -> float:
    """Return macro-F1 averaged over the four columns and over authored and annotated."""
    stance, sentiment = decide(weights, features)
    predicted = np.concatenate([stance.argmax(-1), sentiment.argmax(-1)[:, None]], axis=1)
    return float(np.mean(list(by_origin(list(examples), predicted)["mean"].values())))
