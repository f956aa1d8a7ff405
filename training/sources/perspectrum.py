"""Perspectrum (Chen et al., NAACL 2019; CC BY-SA 4.0): perspectives for or against a claim.

Every paraphrase of a perspective is a row, with the claim as its target;
the splits are the publisher's, by claim.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quotestance.errors import InputFormatError, InputNotFoundError
from training.sources.files import require_folder
from training.sources.rows import AuxiliaryRow

NAME = "perspectrum"
SPLITS = "dataset_split_v1.0.json"
POOL = "perspective_pool_v1.0.json"
CLAIMS = "perspectrum_with_answers_v1.0.json"
SPLIT_NAMES = {"train": "train", "validation": "dev", "dev": "dev", "test": "test"}
LABELS = {"SUPPORT": "supportive", "UNDERMINE": "adversarial"}


def perspectrum(folder: Path, split: str) -> Iterator[AuxiliaryRow]:
    """Yield the rows of `split` (train, validation, test)."""
    require_folder(folder)
    if split not in SPLIT_NAMES:
        raise InputFormatError(f"no split {split!r}; wanted one of train, validation, test")
    splits = _read(folder / SPLITS)
    pool = {item["pId"]: item["text"] for item in _read(folder / POOL)}
    for claim in _read(folder / CLAIMS):
        if splits.get(str(claim["cId"])) == SPLIT_NAMES[split]:
            yield from _rows(claim, pool)


def _rows(claim: dict[str, Any], pool: dict[int, str]) -> Iterator[AuxiliaryRow]:
    """Yield the rows of one claim; clusters without an agreed side are left out."""
    for cluster in claim["perspectives"]:
        label = LABELS.get(cluster["stance_label_3"])
        for pid in cluster["pids"]:
            if label and pid in pool:
                yield AuxiliaryRow(
                    pool[pid].strip(), claim["text"], label, f"{NAME}:{claim['cId']}"
                )


def _read(path: Path) -> Any:  # noqa: ANN401 - the publisher's JSON
    """Return the content of a JSON file of the corpus."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"no file {path}; get it with: python -m training.fetch {NAME}"
        raise InputNotFoundError(message) from error
    except ValueError as error:
        raise InputFormatError(f"{path} is not JSON ({error}); fetch the corpus anew") from error
