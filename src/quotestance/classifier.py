"""The Python call: `quotestance.load()` and the classifier it returns."""

from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import numpy as np

from quotestance.errors import (
    InvalidAbstentionError,
    InvalidStatementError,
    InvalidTargetError,
    ModelNotFoundError,
)
from quotestance.inference import Probabilities, calibrate, infer
from quotestance.labels import SENTIMENTS, STANCES, TARGETS, stance_column
from quotestance.pipeline import Floats, SavedPipeline
from quotestance.prediction import Decision, Prediction
from quotestance.preprocess import is_blank


class Classifier:
    """Stance toward any target, and sentiment, of quoted statements. Thread-safe.

    Make one with `quotestance.load`.
    """

    def __init__(self, pipeline: SavedPipeline) -> None:
        self._pipeline = pipeline
        config = pipeline.config
        # By column, so that "nato" is the trained NATO.
        self._vectors: dict[str, Floats] = {
            stance_column(target): np.array(vector, np.float32)
            for target, vector in config.target_vectors.items()
        }
        self._embedded: dict[str, Floats] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        # An open graph cannot be sent to another process; the directory can.
        return _reopen, (self._pipeline.directory.absolute(), self._pipeline.threads)

    @property
    def pipeline(self) -> SavedPipeline:
        """The saved pipeline behind this classifier."""
        return self._pipeline

    def predict(
        self,
        statements: Iterable[str],
        targets: Sequence[str] = TARGETS,
        *,
        abstain: str | None = None,
    ) -> list[Prediction]:
        """Classify statements; the list that comes back has their order and number.

        `abstain="90%"` marks each decision whose conformal set at that coverage is not one label
        (see `docs/CALIBRATION.md`); the levels are those of the model's `config.json`.

        Raises TypeError for a bare string, a mapping, a set or a table, InvalidStatementError for a
        statement that is blank or no text (naming its index), InvalidTargetError,
        InvalidAbstentionError.
        """
        texts = check_statements(statements)
        names = check_targets(targets)
        thresholds = self._thresholds(abstain)
        if not texts:
            return []
        table = self.probabilities(texts, names)
        columns = [stance_column(name) for name in names]
        return [
            Prediction(
                text,
                {
                    name: _decide(STANCES, table.stance[i, k], abstain, thresholds.get(columns[k]))
                    for k, name in enumerate(names)
                },
                _decide(SENTIMENTS, table.sentiment[i], abstain, thresholds.get("sentiment")),
            )
            for i, text in enumerate(texts)
        ]

    def predict_one(
        self, statement: str, targets: Sequence[str] = TARGETS, *, abstain: str | None = None
    ) -> Prediction:
        """Classify one statement; as `predict([statement])[0]`."""
        return self.predict([statement], targets, abstain=abstain)[0]

    def probabilities(
        self, statements: Sequence[str], targets: Sequence[str] = TARGETS
    ) -> Probabilities:
        """Return calibrated probabilities as arrays, for statements that are known to be text.

        Raises TypeError or InvalidTargetError for a bare string.
        """
        if isinstance(statements, str):
            raise TypeError("got one string; pass a list of statements")
        if isinstance(targets, str):
            raise InvalidTargetError(f"got one string; pass a list of targets: [{targets!r}]")
        vectors = np.stack([self._vector(target) for target in targets])
        raw = infer(self._pipeline, statements, vectors)
        return calibrate(raw, self._pipeline, targets)

    def _vector(self, target: str) -> Floats:
        vector = self._vectors.get(stance_column(target), self._embedded.get(target))
        if vector is None:
            # Two threads may both compute it: the result is the same.
            vector = self._embedded[target] = self._pipeline.embed_targets([target])[0]
        return vector

    def _thresholds(self, abstain: str | None) -> dict[str, float]:
        if abstain is None:
            return {}
        levels = self._pipeline.config.abstention
        if abstain not in levels:
            raise InvalidAbstentionError(
                f"no threshold for abstain={abstain!r}; this model has {sorted(levels)}"
            )
        return levels[abstain]


def load(model: str | Path = "default", *, threads: int | None = None) -> Classifier:
    """Open a saved pipeline: a directory, or "default" for the model that ships.

    `threads` is the number of cores one call uses (all that the process may use by default).
    Raises a ModelError that names the file and the way out, ValueError for a number of threads
    under 1. Nothing is fetched.
    """
    return Classifier(SavedPipeline(model_directory(model), threads=threads))


def _reopen(directory: Path, threads: int) -> Classifier:
    return Classifier(SavedPipeline(directory, threads=threads))


def untrained(targets: Iterable[str], trained: Iterable[str]) -> list[str]:
    """Return the targets that are none of the trained ones, in any spelling of these.

    >>> untrained(["nato", "Russia"], TARGETS)
    ['Russia']
    """
    known = {stance_column(target) for target in trained}
    return [target for target in targets if stance_column(target) not in known]


def model_directory(model: str | Path) -> Path:
    """Return the directory of a saved pipeline; the string "default" is the one that ships.

    Raises ModelNotFoundError where "default" ships with neither the wheel nor the checkout.
    """
    if model != "default":
        return Path(model)
    here = Path(__file__).resolve().parent
    for directory in (here / "models" / "default", here.parents[1] / "models" / "default"):
        if (directory / "config.json").is_file():
            return directory
    raise ModelNotFoundError(
        f"no shipped model at {here / 'models' / 'default'}: reinstall quotestance or name a model"
    )


def check_statements(statements: Iterable[str]) -> list[str]:
    """Return the statements as a list, or raise for the first that is not non-blank text."""
    if isinstance(statements, str | bytes):
        raise TypeError("got one string; pass a list of statements, or call predict_one")
    if isinstance(statements, Mapping | Set) or hasattr(statements, "columns"):
        kind = type(statements).__name__
        raise TypeError(f"got a {kind}; pass its texts in a list or column, as table['text']")
    texts = list(statements)
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            raise InvalidStatementError(f"statement {index} is {type(text).__name__}, wanted a str")
        if is_blank(text):
            raise InvalidStatementError(f"statement {index} is blank")
    return texts


def check_targets(targets: Sequence[str]) -> tuple[str, ...]:
    """Return the targets as a tuple, or raise InvalidTargetError."""
    if isinstance(targets, str | bytes):
        raise InvalidTargetError(f"got one string; pass a list of targets: [{targets!r}]")
    names = tuple(targets)
    if not names:
        raise InvalidTargetError("no target; leave targets out for NATO/Ukraine, NATO and Ukraine")
    for name in names:
        if not isinstance(name, str) or stance_column(name) == "stance_":
            raise InvalidTargetError(f"target {name!r} is not a name with a letter or digit")
    columns = [column for name in names for column in _all_columns(stance_column(name))]
    if len(set(columns)) != len(columns):
        raise InvalidTargetError(f"targets {list(names)} give the same output column twice")
    return names


def _all_columns(column: str) -> list[str]:
    """Return what an output can hold of one target: label, score, and a column per label."""
    return [column, f"{column}_score", *(f"{column}_{label}" for label in STANCES)]


def _decide(
    labels: tuple[str, ...], row: Floats, level: str | None, threshold: float | None
) -> Decision:
    best = int(row.argmax())
    probabilities = {label: float(p) for label, p in zip(labels, row, strict=True)}
    reason: bool | str = False
    if level is not None:
        reason = _abstention(probabilities, level, threshold)
    return Decision(labels[best], float(row[best]), probabilities, reason)


def _abstention(probabilities: dict[str, float], level: str, threshold: float | None) -> bool | str:
    """Return False, or why the conformal set of the decision is not one label."""
    if threshold is None:
        return f"no threshold was calibrated at {level} for this target"
    likely = [label for label, p in probabilities.items() if p >= threshold]
    if len(likely) == 1:
        return False
    return f"at {level}: " + (" or ".join(likely) if likely else "no label is likely enough")
