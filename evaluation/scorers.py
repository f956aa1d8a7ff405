"""What is evaluated: one protocol, and the saved pipeline behind it with a cache of its answers."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

import quotestance
from evaluation.columns import TARGET_OF, Floats
from evaluation.data import shown_path
from quotestance.classifier import model_directory
from quotestance.labels import TARGETS

Answers = dict[str, Floats]
"""Label column -> probabilities (statements, 3)."""


class Scorer(Protocol):
    """Anything that can be scored.

    `probabilistic` is False where its probabilities are only labels, so that calibration has no
    meaning. `answers_any_text` is False for a table of predictions, which has no answer for the
    behaviour and fairness suites.
    """

    name: str
    kind: str
    probabilistic: bool
    answers_any_text: bool

    def answer(self, texts: Sequence[str], ids: Sequence[str] | None = None) -> Answers | None:
        """Return probabilities per column, or None where it knows none of the texts."""

    def ask(self, texts: Sequence[str], target: str) -> Floats | None:
        """Return stance probabilities (texts, 3) toward any target; None where it cannot."""

    def about(self) -> dict[str, Any]:
        """Return what the report says of it: path, hash, size."""


class SavedModel:
    """A saved pipeline; each statement is computed once for each target that is asked."""

    probabilistic = True
    answers_any_text = True

    def __init__(self, path: str | Path, name: str | None = None) -> None:
        self.directory = model_directory(path)
        self._classifier = quotestance.load(self.directory)
        self.config = self._classifier.pipeline.config
        self.name = name or self.directory.resolve().name
        self.kind = self.config.kind
        self._stance: dict[str, dict[str, Floats]] = {}
        self._sentiment: dict[str, Floats] = {}

    def prepare(self, texts: Iterable[str], targets: Sequence[str] = TARGETS) -> None:
        """Compute what is missing for `texts` and `targets`, in one pass of big batches."""
        known = [self._stance.setdefault(target, {}) for target in targets]
        new = [text for text in dict.fromkeys(texts) if any(text not in seen for seen in known)]
        if not new:
            return
        table = self._classifier.probabilities(new, targets)
        for i, text in enumerate(new):
            self._sentiment[text] = table.sentiment[i]
            for k, seen in enumerate(known):
                seen[text] = table.stance[i, k]

    def answer(self, texts: Sequence[str], ids: Sequence[str] | None = None) -> Answers:
        """Return calibrated probabilities of all four columns."""
        self.prepare(texts)
        answers = {column: self.ask(texts, target) for column, target in TARGET_OF.items()}
        return {**answers, "sentiment": _stack(self._sentiment[text] for text in texts)}

    def ask(self, texts: Sequence[str], target: str) -> Floats:
        """Return calibrated stance probabilities toward any target."""
        self.prepare(texts, [target])
        return _stack(self._stance[target][text] for text in texts)

    def about(self) -> dict[str, Any]:
        """Return path, hashes and size on disk."""
        files = [file for file in self.directory.iterdir() if file.is_file()]
        return {
            "path": shown_path(self.directory),
            "config_name": self.config.name,
            "sha256": identity(self.directory),
            "model_sha256": self.config.files["model.onnx"],
            "bytes": sum(file.stat().st_size for file in files),
            "zero_shot": self.config.zero_shot,
        }


def identity(directory: Path) -> str:
    """Return a hash of all that decides a pipeline's answers: its config, without the card's hash.

    The card is written after the measurement that it tells of. What the file says is hashed, not
    what this version makes of it, so that a new field leaves what was measured before valid.
    """
    document = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    document.pop("config_sha256", None)
    document["files"]["README.md"] = ""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _stack(rows: Iterable[Floats]) -> Floats:
    return np.array(list(rows), np.float32).reshape(-1, 3)
