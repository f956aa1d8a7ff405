"""Fairness of a political instrument: what a name, an outlet or a spelling does to the answer.

Exchange frames hold one slot; its values (speakers' names, nationalities, outlets, spellings)
must not change any label. Symmetric frames say the same sentence of NATO, of Ukraine, of Russia
and of the CSTO, and ask about the one that is named: the answer must be the same for all four.
The lean of an answer is P(first label) - P(second label): support minus hostility, from -1 to 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.columns import COLUMNS, Bools, Floats, Ints
from evaluation.data import Row
from evaluation.intervals import GroupBootstrap, percentile_interval, share_interval
from evaluation.scorers import Scorer
from evaluation.tables import read_table
from quotestance.errors import InputFormatError
from quotestance.labels import STANCES

SYMMETRIC = "symmetric"
KINDS = ("speaker_name", "nationality", "outlet", "spelling", SYMMETRIC)
BYSTANDER = "CSTO"
"""Said of the CSTO, a sentence takes no position on NATO or on Ukraine: both must get neutral."""
EXAMPLES = 3


@dataclass(frozen=True)
class Variants:
    """All filled frames of one kind: `frames` numbers the frame of each text."""

    kind: str
    texts: list[str]
    values: list[str]
    groups: list[str]
    frames: Ints
    expected: list[str]


def read_frames(path: Path) -> dict[str, Variants]:
    """Read the frames and fill them; raise InputFormatError naming the frame."""
    by_kind: dict[str, list[Row]] = {}
    for row in read_table(path):
        if row.get("kind") not in KINDS or "{}" not in str(row.get("template")):
            raise InputFormatError(
                f"{path}, frame {row.get('frame')}: wanted a template with {{}} and a kind of "
                f"{', '.join(KINDS)}"
            )
        by_kind.setdefault(row["kind"], []).append(row)
    return {kind: _fill(kind, rows) for kind, rows in by_kind.items()}


def _fill(kind: str, rows: Sequence[Row]) -> Variants:
    filled = [(number, row, value) for number, row in enumerate(rows) for value in row["values"]]
    return Variants(
        kind,
        [_sentence(row["template"], value["value"]) for _, row, value in filled],
        [value["value"] for _, _, value in filled],
        [value["group"] for _, _, value in filled],
        np.array([number for number, _, _ in filled], np.int64),
        [row.get("expected") or "" for _, row, _ in filled],
    )


def _sentence(template: str, value: str) -> str:
    text = template.replace("{}", value)
    return text[0].upper() + text[1:]


def fairness(
    scorer: Scorer, frames: dict[str, Variants], *, resamples: int, seed: int
) -> dict[str, Any] | None:
    """Return label flips and shifts of the lean per kind, with intervals over frames."""
    if not scorer.answers_any_text:
        return None
    report: dict[str, Any] = {}
    for kind, variants in frames.items():
        bootstrap = GroupBootstrap(variants.frames, resamples=resamples, seed=seed)
        if kind == SYMMETRIC:
            report[kind] = _symmetric(scorer, variants, bootstrap)
        else:
            answers = scorer.answer(variants.texts) or {}
            report[kind] = {
                "frames": bootstrap.size,
                "variants": len(variants.texts),
                "columns": {
                    column: _exchange(table, variants, bootstrap, labels=COLUMNS[column])
                    for column, table in answers.items()
                },
            }
    return report


def _exchange(
    table: Floats, variants: Variants, bootstrap: GroupBootstrap, *, labels: tuple[str, ...]
) -> dict[str, Any]:
    predicted, usual = table.argmax(1), _usual_labels(table, variants.frames)
    flipped = predicted != usual
    lean = (table[:, 0] - table[:, 1]).astype(np.float64)
    deviation = lean - _frame_means(lean, variants.frames)
    spread = np.array([np.ptp(lean[variants.frames == f]) for f in range(bootstrap.size)])
    spreads = np.where(_first_of_frame(variants.frames), spread[variants.frames], 0.0)
    drawn = bootstrap.sums(np.stack([flipped, np.ones_like(lean), spreads], 1))
    return {
        "flip_rate": float(flipped.mean()),
        "flip_rate_ci": share_interval(flipped, drawn[:, 0] / drawn[:, 1], bootstrap.size),
        "shift": float(spread.mean()),
        "shift_ci": percentile_interval(drawn[:, 2] / bootstrap.size),
        "groups": _group_leans(deviation, variants.groups, bootstrap),
        "examples": [
            {
                "text": variants.texts[i],
                "value": variants.values[i],
                "got": labels[predicted[i]],
                "others": labels[usual[i]],
            }
            for i in np.flatnonzero(flipped)[:EXAMPLES]
        ],
    }


def _symmetric(scorer: Scorer, variants: Variants, bootstrap: GroupBootstrap) -> dict[str, Any]:
    table = np.zeros((len(variants.texts), 3))
    groups = np.array(variants.groups)
    for target in dict.fromkeys(variants.groups):
        asked = scorer.ask(variants.texts, target)
        if asked is None:
            return {"asked": False}
        table[groups == target] = asked[groups == target]
    predicted = table.argmax(1)
    right = np.array([STANCES[label] for label in predicted]) == np.array(variants.expected)
    entry = _exchange(table, variants, bootstrap, labels=STANCES)
    targets = {
        target: leans | _mean_of(right, groups == target, bootstrap)
        for target, leans in entry.pop("groups").items()
    }
    return {
        "asked": True,
        "frames": bootstrap.size,
        "variants": len(variants.texts),
        **entry,
        "targets": targets,
        "bystander_neutral": _bystander(scorer, variants, bootstrap),
    }


def _bystander(scorer: Scorer, variants: Variants, bootstrap: GroupBootstrap) -> dict[str, Any]:
    """Return how often NATO and Ukraine get neutral from sentences about the CSTO."""
    rows = np.array([group == BYSTANDER for group in variants.groups])
    neutral = STANCES.index("neutral")
    shares = {}
    for target in ("NATO", "Ukraine"):
        asked = scorer.ask(variants.texts, target)
        if asked is not None and rows.any():
            shares[target] = _mean_of(asked.argmax(1) == neutral, rows, bootstrap)
    return shares


def _usual_labels(table: Floats, frames: Ints) -> Ints:
    """Return the most common label of each row's frame; ties go to the higher probability."""
    usual = np.empty(len(table), np.int64)
    for frame in np.unique(frames):
        rows = frames == frame
        votes = np.bincount(table[rows].argmax(1), minlength=3) + 1e-3 * table[rows].mean(0)
        usual[rows] = votes.argmax()
    return usual


def _group_leans(
    deviation: Floats, groups: Sequence[str], bootstrap: GroupBootstrap
) -> dict[str, Any]:
    """Return by how much each group of values moves the lean from its frame's mean."""
    names = np.array(groups)
    entries = {}
    for name in dict.fromkeys(groups):
        rows = names == name
        drawn = bootstrap.sums(np.stack([deviation, np.ones_like(deviation)], 1), rows)
        entries[name] = {
            "lean": float(deviation[rows].mean()),
            "lean_ci": percentile_interval(drawn[:, 0] / np.maximum(drawn[:, 1], 1)),
        }
    return entries


def _mean_of(right: Bools, rows: Bools, bootstrap: GroupBootstrap) -> dict[str, Any]:
    drawn = bootstrap.sums(np.stack([right, np.ones(len(right))], 1), rows)
    return {
        "n": int(rows.sum()),
        "accuracy": float(right[rows].mean()),
        "accuracy_ci": share_interval(
            right[rows], drawn[:, 0] / np.maximum(drawn[:, 1], 1), bootstrap.size
        ),
    }


def _frame_means(values: Floats, frames: Ints) -> Floats:
    means: Floats = (np.bincount(frames, values) / np.bincount(frames))[frames]
    return means


def _first_of_frame(frames: Ints) -> Bools:
    first = np.zeros(len(frames), bool)
    first[np.unique(frames, return_index=True)[1]] = True
    return first
