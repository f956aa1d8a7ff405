"""Stance of quoted statements toward NATO, Ukraine and both as one side, and their sentiment."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quotestance.classifier import Classifier, load
    from quotestance.labels import SENTIMENTS, STANCES, TARGETS, Sentiment, Stance
    from quotestance.prediction import Decision, Prediction

__version__ = "0.1.0"
__all__ = [
    "SENTIMENTS",
    "STANCES",
    "TARGETS",
    "Classifier",
    "Decision",
    "Prediction",
    "Sentiment",
    "Stance",
    "load",
]

# Loaded when first used, so that `import quotestance` costs next to nothing.
_HOMES = {
    "Classifier": "classifier",
    "load": "classifier",
    "SENTIMENTS": "labels",
    "STANCES": "labels",
    "TARGETS": "labels",
    "Sentiment": "labels",
    "Stance": "labels",
    "Decision": "prediction",
    "Prediction": "prediction",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name in _HOMES:
        return getattr(importlib.import_module(f"quotestance.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'quotestance' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
