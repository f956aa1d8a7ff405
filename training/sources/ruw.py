"""RUW (github multi-target/RUW): stance of tweets on the war toward Russia and toward Ukraine.

No licence is stated: benchmark only, no model that ships is trained on it. The files are GB18030
(`…` is A1 AD, an en dash A8 43), not UTF-8 and not cp1252, under which they also "decode".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.sources.files import read_csv, require_split

NAME = "ruw"
ENCODING = "gb18030"
FILES = {"train": "train.csv", "validation": "val.csv", "val": "val.csv", "test": "test.csv"}
LABELS = {"FAVOR": "supportive", "AGAINST": "adversarial", "NONE": "neutral"}
COLUMNS = ("Tweet", "Target 1", "Stance 1", "Target 2", "Stance 2")


@dataclass(frozen=True)
class Row:
    """A tweet with one target; the rows of one tweet share their `group`."""

    tweet: str
    target: str
    stance: str
    group: str


def ruw(folder: Path, split: str) -> Iterator[Row]:
    """Yield two rows per tweet of `split` (train, validation, test): Russia, then Ukraine."""
    path = folder / require_split(split, FILES)
    for number, row in enumerate(read_csv(path, COLUMNS, ENCODING)):
        for i in (1, 2):
            label = LABELS[row[f"Stance {i}"].strip().upper()]
            target = row[f"Target {i}"].strip()
            yield Row(row["Tweet"].strip(), target, label, f"{NAME}:{split}:{number}")
