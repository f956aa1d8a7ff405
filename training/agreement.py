"""Agreement between annotators: python -m training.agreement [--check].

Krippendorff's alpha (nominal), per part of the dataset and label column, over every statement
that two or more annotators labelled blind; the decision after a disagreement takes no part.
`--check` exits 1 where a column of authored statements falls below its floor.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.codes import LABEL_COLUMNS
from training.second_labels import DECISION, FIRST, REVIEW, Record, labels_of, read_record
from training.sources import DOCUMENTS
from training.standoff import ANNOTATIONS, read_annotations
from training.statements import STATEMENTS, read_statements

FLOORS = {"stance": 0.85, "stance_nato": 0.85, "stance_ukraine": 0.85, "sentiment": 0.80}


@dataclass(frozen=True)
class Agreement:
    """One column of one part: units, alpha, and the share of units where all agree."""

    part: str
    column: str
    units: int
    alpha: float
    observed: float


def krippendorff_alpha(units: Iterable[Sequence[str]]) -> float:
    """Return Krippendorff's alpha for nominal labels.

    `units` holds one sequence of labels per statement, one label per annotator. Alpha is
    1 - D_o/D_e with the coincidence matrix of Krippendorff, "Computing Krippendorff's
    Alpha-Reliability" (2011), section C; 1.0 where only one label occurs, nan without units.
    """
    coincidences: defaultdict[tuple[str, str], float] = defaultdict(float)
    for unit in units:
        counts = Counter(unit)
        for left, n in counts.items():
            for right, m in counts.items():
                pairs = n * (m - 1) if left == right else n * m
                coincidences[left, right] += pairs / (len(unit) - 1) if len(unit) > 1 else 0
    total = sum(coincidences.values())
    if not total:
        return float("nan")
    margins: defaultdict[str, float] = defaultdict(float)
    for (left, _), weight in coincidences.items():
        margins[left] += weight
    disagreement = sum(w for (left, right), w in coincidences.items() if left != right)
    expected = total**2 - sum(weight**2 for weight in margins.values())
    return 1.0 if not expected else 1 - (total - 1) * disagreement / expected


def current_labels(statements: Path, annotations: Path) -> dict[str, tuple[str, dict[str, str]]]:
    """Return part and labels of every row of the dataset, by id."""
    found = {}
    for rows in read_statements(statements).values():
        found.update({row["id"]: (row["origin"], labels_of(row)) for row in rows})
    for corpus in DOCUMENTS:
        rows = read_annotations(annotations / f"{corpus}.jsonl")
        found.update({row["id"]: (corpus, labels_of(row)) for row in rows})
    return found


def measure(record: Record, current: dict[str, tuple[str, dict[str, str]]]) -> list[Agreement]:
    """Return the agreement of every part and column; parts without second labels are left out."""
    units: dict[tuple[str, str], list[list[str]]] = {}
    for key, history in record.items():
        if key not in current or not set(history) - {DECISION, FIRST, REVIEW}:
            continue
        part, labels = current[key]
        blind = {FIRST: labels, **history}
        for taken_out in (DECISION, REVIEW):
            blind.pop(taken_out, None)
        for column in LABEL_COLUMNS:
            unit = [found[column] for found in blind.values()]
            units.setdefault((part, column), []).append(unit)
    return [
        Agreement(
            part,
            column,
            len(found),
            krippendorff_alpha(found),
            sum(len(set(unit)) == 1 for unit in found) / len(found),
        )
        for (part, column), found in units.items()
    ]


def below_floor(agreements: Iterable[Agreement]) -> list[str]:
    """Return a line for every column of authored statements below its floor."""
    return [
        f"agreement: {a.part} {a.column} alpha {a.alpha:.3f} is under {FLOORS[a.column]}"
        for a in agreements
        if a.part == "authored" and not a.alpha >= FLOORS[a.column]
    ]


def main(arguments: list[str] | None = None) -> int:
    """Print the agreement table; with `--check` return 1 where a floor is missed."""
    parser = argparse.ArgumentParser(prog="training.agreement", description=__doc__)
    parser.add_argument("--statements", type=Path, default=STATEMENTS)
    parser.add_argument("--annotations", type=Path, default=ANNOTATIONS)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    current = current_labels(options.statements, options.annotations)
    agreements = measure(read_record(options.annotations / "agreement.jsonl"), current)
    for a in agreements:
        print(f"{a.part:12} {a.column:15} {a.units:5} alpha {a.alpha:.3f} agree {a.observed:.1%}")
    faults = below_floor(agreements) if options.check else []
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
