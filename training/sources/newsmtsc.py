"""NewsMTSC (Hamborg and Donnay, EACL 2021; MIT): sentiment toward a person in a news sentence.

Polarity 6, 4, 2 becomes supportive, neutral, adversarial: an auxiliary stance. Train, rw and mt
are the publisher's splits.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from quotestance.errors import InputFormatError, InputNotFoundError
from training.sources.files import require_folder, require_split
from training.sources.rows import AuxiliaryRow

NAME = "newsmtsc"
FILES = {"train": "train.jsonl", "rw": "devtest_rw.jsonl", "mt": "devtest_mt.jsonl"}
LABELS = {6: "supportive", 4: "neutral", 2: "adversarial"}


def newsmtsc(folder: Path, split: str) -> Iterator[AuxiliaryRow]:
    """Yield the rows of `split` (train, rw, mt); rows of one article share their `group`."""
    require_folder(folder)
    path = folder / require_split(split, FILES)
    if not path.is_file():
        raise InputNotFoundError(f"no file {path}; get it with: python -m training.fetch {NAME}")
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            yield from _rows(line, f"{path}:{number}")


def _rows(line: str, where: str) -> Iterator[AuxiliaryRow]:
    """Yield one row per target of a sentence."""
    try:
        record = json.loads(line)
        sentence = record["sentence_normalized"]
        for target in record["targets"]:
            start, end = int(target["from"]), int(target["to"])
            label = LABELS[int(target["polarity"])]
            # allsides_1000_401_25_…, polusa_v1_4291837_-1_0_…: source, article, then sentence.
            group = ":".join((NAME, *record["primary_gid"].split("_")[:3]))
            yield AuxiliaryRow(sentence, sentence[start:end], label, group, start, end)
    except (ValueError, KeyError, TypeError) as error:
        raise InputFormatError(f"{where}: not a NewsMTSC line ({error!r}); fetch anew") from error
