"""RUW (github multi-target/RUW): stance of tweets on the war toward Russia and toward Ukraine.

No licence is stated: benchmark only, no model that ships is trained on it. The files are GB18030
(`…` is A1 AD, an en dash A8 43), not UTF-8 and not cp1252, under which they also "decode".
"""

from collections.abc import Iterator
from pathlib import Path

from quotestance.errors import InputFormatError
from training.sources.files import read_csv, require_split
from training.sources.rows import AuxiliaryRow

NAME = "ruw"
ENCODING = "gb18030"
FILES = {"train": "train.csv", "validation": "val.csv", "val": "val.csv", "test": "test.csv"}
LABELS = {"FAVOR": "supportive", "AGAINST": "adversarial", "NONE": "neutral"}
COLUMNS = ("Tweet", "Target 1", "Stance 1", "Target 2", "Stance 2")


def ruw(folder: Path, split: str) -> Iterator[AuxiliaryRow]:
    """Yield two rows per tweet of `split` (train, validation, test): Russia, then Ukraine."""
    path = folder / require_split(split, FILES)
    for number, row in enumerate(read_csv(path, COLUMNS, ENCODING)):
        for i in (1, 2):
            stance = row[f"Stance {i}"].strip().upper()
            if stance not in LABELS:
                message = f"{path}, record {number + 1}: stance {stance!r}, wanted {list(LABELS)}"
                raise InputFormatError(message)
            target, group = row[f"Target {i}"].strip(), f"{NAME}:{split}:{number}"
            yield AuxiliaryRow(row["Tweet"].strip(), target, LABELS[stance], group)
