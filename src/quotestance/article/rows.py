"""Quotations with their predictions, as the flat rows of every output."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quotestance.article.extract import extract
from quotestance.article.quotation import Quotation
from quotestance.article.read import Article
from quotestance.classifier import Classifier
from quotestance.labels import TARGETS
from quotestance.prediction import Prediction


@dataclass(frozen=True, slots=True)
class Judged:
    """A quotation and what the model says of its statement (None without a model)."""

    quotation: Quotation
    prediction: Prediction | None


def judge(
    article: Article,
    classifier: Classifier | None,
    *,
    targets: Sequence[str] = TARGETS,
    abstain: str | None = None,
) -> list[Judged]:
    """Extract an article's quotations and classify each statement once."""
    quotations = extract(article.text)
    if classifier is None:
        return [Judged(quotation, None) for quotation in quotations]
    statements = list(dict.fromkeys(quotation.statement for quotation in quotations))
    predictions = classifier.predict(statements, targets, abstain=abstain)
    known = dict(zip(statements, predictions, strict=True))
    return [Judged(quotation, known[quotation.statement]) for quotation in quotations]


def statements(judged: list[Judged]) -> list[Judged]:
    """Return one quotation for each statement, in order: parts of one group count once."""
    seen: dict[int, Judged] = {}
    for one in judged:
        seen.setdefault(one.quotation.group, one)
    return list(seen.values())


def as_row(file: str, judged: Judged, *, probabilities: bool = False) -> dict[str, Any]:
    """Return the row of `docs/ARTICLES.md`: place, words, speaker, predictions, then the rest."""
    quotation = judged.quotation
    row: dict[str, Any] = {
        "file": file,
        "start": quotation.start,
        "end": quotation.end,
        "kind": str(quotation.kind),
        "quotation": quotation.quotation,
        "statement": quotation.statement,
        "cue": quotation.cue,
        "speaker_mention": quotation.speaker_mention,
        "speaker": quotation.speaker,
        "group": quotation.group,
    }
    if judged.prediction is not None:
        row |= judged.prediction.columns(probabilities=probabilities)
    return row | {"speaker_role": quotation.speaker_role, "statement_from": str(quotation.basis)}
