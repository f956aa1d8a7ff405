"""The most instructive errors of a model, with the words that drove them.

Attribution is by occlusion (Zeiler and Fergus, 2014): each word is left out in turn, and its
effect is how much the probability of the wrong label falls. It is exact about the model that is
evaluated and needs nothing but predictions; it does not see words that only act together.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from evaluation.columns import COLUMNS, Floats
from evaluation.data import Dataset
from evaluation.scorers import Answers, Scorer

ERRORS = 12
MOST_WORDS = 120
"""Longer statements are not attributed: no reader looks through that many words."""


def instructive_errors(
    data: Dataset, answers: Answers, others: dict[str, Answers], *, count: int = ERRORS
) -> list[dict[str, Any]]:
    """Return the surest wrong answers, spread over columns and kinds of confusion.

    Only rows whose text may be shown are taken, and one error per statement. `others` are the
    answers of the other models, whose labels are listed beside.
    """
    candidates = []
    for column, gold in data.gold.items():
        if column in answers:
            table = answers[column]
            predicted = table.argmax(1)
            wrong = (gold >= 0) & (predicted != gold) & data.quotable
            candidates += [
                (float(table[i].max()), int(i), column, int(gold[i]), int(predicted[i]))
                for i in np.flatnonzero(wrong)
                if len(data.texts[i].split()) <= MOST_WORDS
            ]
    # The surest first; each further error of one kind waits until the other kinds had theirs.
    seen: Counter[tuple[str, int, int]] = Counter()
    queue = []
    for confidence, row, column, right, got in sorted(candidates, reverse=True):
        queue.append((seen[column, right, got], -confidence, row, column, got))
        seen[column, right, got] += 1
    taken: set[int] = set()
    errors: list[dict[str, Any]] = []
    for _, negative, row, column, got in sorted(queue):
        if row not in taken and len(errors) < count:
            taken.add(row)
            errors.append(_describe(data, row, column, got=got, confidence=-negative))
            errors[-1]["others"] = {
                name: COLUMNS[column][int(answer[column][row].argmax())]
                for name, answer in others.items()
                if column in answer
            }
    return errors


def _describe(
    data: Dataset, row: int, column: str, *, got: int, confidence: float
) -> dict[str, Any]:
    return {
        "data": data.name,
        "id": data.ids[row],
        "text": data.texts[row],
        "column": column,
        "gold": COLUMNS[column][int(data.gold[column][row])],
        "predicted": COLUMNS[column][got],
        "probability": confidence,
        "phenomena": data.rows[row].get("phenomena") or [],
    }


def attribute(scorer: Scorer, errors: Sequence[dict[str, Any]]) -> None:
    """Add `words` to each error: pairs of word and effect on the wrong label's probability.

    All occlusions of all errors are predicted in one call. Does nothing for a table of
    predictions and for a model that gives labels without probabilities.
    """
    if not scorer.answers_any_text or not scorer.probabilistic:
        return
    occluded = [_without_each_word(error["text"]) for error in errors]
    texts = [text for group in occluded for text in group]
    answers = scorer.answer(texts) if texts else None
    start = 0
    for error, group in zip(errors, occluded, strict=True):
        if answers:
            table = answers[error["column"]][start : start + len(group)]
            error["words"] = _effects(error, table)
        start += len(group)


def _without_each_word(text: str) -> list[str]:
    words = text.split()
    # A one-word statement has nothing left without it; the full stop stands for no words.
    return [" ".join(words[:i] + words[i + 1 :]) or "." for i in range(len(words))]


def _effects(error: dict[str, Any], table: Floats) -> list[list[Any]]:
    label = COLUMNS[error["column"]].index(error["predicted"])
    effects = error["probability"] - table[:, label]
    words = error["text"].split()
    return [[word, float(effect)] for word, effect in zip(words, effects, strict=True)]
