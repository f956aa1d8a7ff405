"""What a metrics file says of its own making: command, date, machine, versions, hashes."""

import datetime
import importlib.metadata
import os
import platform
import shlex
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from evaluation.columns import COLUMNS
from evaluation.data import Dataset
from evaluation.scorers import Scorer

SCHEMA_VERSION = 1
_PACKAGES = ("quotestance", "numpy", "onnxruntime", "tokenizers", "jinja2", "cleanlab")


def provenance(scorers: Sequence[Scorer], sets: Sequence[Dataset]) -> dict[str, Any]:
    """Return the head of metrics.json."""
    return {
        "schema_version": SCHEMA_VERSION,
        "command": shlex.join(["python", *sys.argv]),
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {name: _version(name) for name in _PACKAGES},
        "models": {
            scorer.name: {
                "kind": scorer.kind,
                "probabilistic": scorer.probabilistic,
                **scorer.about(),
            }
            for scorer in scorers
        },
        "data": {data.name: _describe(data) for data in sets},
    }


def machine() -> dict[str, Any]:
    """Return what the numbers were measured on: system, processor, cores, Python version."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def _describe(data: Dataset) -> dict[str, Any]:
    return {
        "source": data.source,
        "sha256": data.sha256,
        "rows": len(data),
        "groups": int(data.groups.max()) + 1,
        "labels": {
            column: dict(
                zip(
                    COLUMNS[column],
                    np.bincount(gold[gold >= 0], minlength=3).tolist(),
                    strict=True,
                )
            )
            for column, gold in data.gold.items()
        },
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":", 1)[1].strip() for line in file if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.processor()
