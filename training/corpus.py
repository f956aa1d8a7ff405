"""The rows of a training run, by split and source, as examples with targets and labels."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotestance.errors import InputNotFoundError
from quotestance.labels import SENTIMENTS, STANCES, TARGETS, stance_column
from training import sources
from training.recipe import Data, Stage
from training.sources.rows import AuxiliaryRow
from training.standoff import load_annotated
from training.statements import read_rows

UNKNOWN = -100
OWN = "own"
COLUMNS: tuple[str, ...] = (*map(stance_column, TARGETS), "sentiment")
ORIGINS = ("authored", "annotated", OWN)


@dataclass(frozen=True, slots=True)
class Example:
    """One statement with the stance (index or UNKNOWN) toward each of its targets."""

    id: str
    text: str
    targets: tuple[str, ...]
    stances: tuple[int, ...]
    sentiment: int
    source: str
    group: str


def find_corpora(folder: str) -> Path | None:
    """Return the folder of public corpora: the one named, else `corpora` or `../shared/corpora`.

    Raises InputNotFoundError for a named folder that is not there.
    """
    if folder and not Path(folder).is_dir():
        raise InputNotFoundError(
            f"no folder {folder} of public corpora: get them with 'python -m training.fetch'"
        )
    for candidate in [folder] if folder else ["corpora", "../shared/corpora"]:
        if Path(candidate).is_dir():
            return Path(candidate)
    return None


def statements(data: Data, split: str) -> list[Example]:
    """Return the labelled statements of a split that `data` allows, the user's own last.

    `validation` and `calibration` come from the same file, parted by its `calibration` field.
    """
    rows: list[dict[str, Any]] = []
    if data.authored:
        rows += authored_rows(Path(data.statements), split)
    if data.annotated:
        rows += annotated_rows(data, split)
    examples = [to_example(row) for row in rows]
    if split == "train" and data.fraction < 1:
        examples = [x for x in examples if share_of(x.group) < data.fraction]
    return examples + (own_statements(Path(data.own), split) if data.own else [])


def own_statements(path: Path, split: str | None = None) -> list[Example]:
    """Return a split (all where None) of a labelled table, as `evaluate.py --data` reads it.

    A label that is missing is UNKNOWN. By the hash of a row's `group`, else of its text, 15 % are
    validation and 15 % calibration. Raises a QuotestanceError that names the file.
    """
    from evaluation.data import group_of, read_dataset  # which itself reads this module

    table = read_dataset(path)
    found = []
    for i, row in enumerate(table.rows):
        labels = [int(table.gold[c][i]) if c in table.gold else -1 for c in COLUMNS]
        *stances, tone = (UNKNOWN if label < 0 else label for label in labels)
        group = group_of(row) or row["text"].strip()
        share = share_of(group)
        part = "validation" if share < 0.15 else "calibration" if share < 0.3 else "train"
        if split in (None, part) and not all(label < 0 for label in labels):
            text, name = row["text"], f"{OWN}-{i}"
            found.append(Example(name, text, TARGETS, tuple(stances), tone, OWN, group))
    return found


def authored_rows(folder: Path, split: str) -> list[dict[str, Any]]:
    """Return the rows of `data/statements` for a split (authored and quoted)."""
    name = "validation" if split == "calibration" else split
    path = folder / f"{name}.jsonl"
    rows = read_rows(path)
    if name == "validation":
        rows = [row for row in rows if bool(row.get("calibration")) == (split == "calibration")]
    return rows


def annotated_rows(data: Data, split: str) -> list[dict[str, Any]]:
    """Return the rows of the stand-off annotations; none where the corpora are not there."""
    corpora = find_corpora(data.corpora)
    if corpora is None:
        print("note: no public corpora found, so no annotated statements (see training/README.md)")
        return []
    joined = load_annotated(split, corpora, Path(data.annotations))
    for (corpus, reason), count in sorted(joined.missing.items()):
        print(f"note: {count} {split} statements of {corpus} are left out ({reason})")
    return joined.rows


def to_example(row: dict[str, Any]) -> Example:
    """Turn a dataset row into an example over the three trained targets."""
    return Example(
        row["id"],
        row["text"],
        TARGETS,
        tuple(STANCES.index(row[stance_column(target)]) for target in TARGETS),
        SENTIMENTS.index(row["sentiment"]),
        row["source"] if row["origin"] == "annotated" else row["origin"],
        row["group"],
    )


def stage_examples(data: Data, stage: Stage) -> list[Example]:
    """Return the training examples of a stage, all its sources together."""
    found: list[Example] = []
    for source in stage.sources:
        if source == "statements":
            for example in statements(data, "train"):
                found += [example] * (data.own_times if example.source == OWN else 1)
        else:
            found += auxiliary(source, data, "train")
    return found


def auxiliary_rows(source: str, data: Data, split: str) -> list[AuxiliaryRow]:
    """Return the rows of an auxiliary corpus; FileNotFoundError where no corpora are there."""
    corpora = find_corpora(data.corpora)
    if corpora is None:
        raise FileNotFoundError(f"source {source!r} needs its corpus: python -m training.fetch")
    return list(getattr(sources, source)(corpora / source, split))


def is_auxiliary(example: Example) -> bool:
    """Return whether an example is of an auxiliary corpus, not a statement of the dataset."""
    return example.source in sources.AUXILIARY


def origin(example: Example) -> str:
    """Return which of ORIGINS a statement of the dataset, or of the user, is of."""
    if example.source == OWN:
        return OWN
    return "authored" if is_authored(example) else "annotated"


def is_authored(example: Example) -> bool:
    """Return whether an example's text lies in `data/statements`, not in a public corpus."""
    return example.source in ("authored", "quoted")


def auxiliary(source: str, data: Data, split: str) -> list[Example]:
    """Return an auxiliary corpus as examples: stance toward its own target, sentiment unknown."""
    return [
        Example(
            f"{source}-{i}",
            row.text,
            (row.target,),
            (STANCES.index(row.label),),
            UNKNOWN,
            source,
            row.group,
        )
        for i, row in enumerate(auxiliary_rows(source, data, split))
    ]


def data_hash(examples: list[Example]) -> str:
    """Return a SHA-256 over ids, texts and labels, whatever their order."""
    lines = sorted(f"{x.id}\t{x.text}\t{x.stances}\t{x.sentiment}" for x in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def share_of(group: str) -> float:
    """Return a number from 0 to 1 that hangs on the name alone."""
    return int(hashlib.sha256(f"fraction {group}".encode()).hexdigest()[:8], 16) / 16**8
