"""Behaviour suite in the CheckList manner (Ribeiro et al., ACL 2020), and minimal pairs.

`mft`: the text must get the expected labels. `invariance`: text and base text must get the same
label. `direction`: the text must get the expected labels, and at least one of them must differ
from what the base text gets.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.columns import COLUMNS, Ints
from evaluation.data import Dataset, Row
from evaluation.intervals import wilson_interval
from evaluation.scorers import Answers, Scorer
from evaluation.tables import read_table
from quotestance.errors import InputFormatError

KINDS = ("mft", "invariance", "direction")
EXAMPLES = 3


def read_cases(path: Path) -> list[Row]:
    """Read and check the behaviour cases; raise InputFormatError naming the case."""
    cases = read_table(path)
    for case in cases:
        name = f"{path}, case {case.get('case')}"
        if case.get("kind") not in KINDS:
            raise InputFormatError(f"{name}: kind is {case.get('kind')!r}, wanted {KINDS}")
        if not case.get("text") or (case["kind"] != "mft" and not case.get("base_text")):
            raise InputFormatError(f"{name}: text or base_text is missing")
        for column, labels in COLUMNS.items():
            if case.get(column) not in (None, "", *labels):
                raise InputFormatError(f"{name}: {column} is {case[column]!r}, wanted {labels}")
    return cases


def behaviour(scorer: Scorer, cases: Sequence[Row]) -> list[dict[str, Any]] | None:
    """Return failure rates per kind and capability, worst first; None for a table."""
    if not scorer.answers_any_text or not cases:
        return None
    texts = scorer.answer([case["text"] for case in cases]) or {}
    bases = scorer.answer([case.get("base_text") or case["text"] for case in cases]) or {}
    outcomes: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for i, case in enumerate(cases):
        key = (case["kind"], str(case.get("capability") or "unnamed"))
        outcomes[key].append(_outcome(case, _labels(texts, i), _labels(bases, i)))
    entries = [_summary(kind, name, group) for (kind, name), group in outcomes.items()]
    return sorted(entries, key=lambda entry: -entry["failure_rate"])


def _labels(answers: Answers, row: int) -> dict[str, str]:
    return {column: COLUMNS[column][int(p[row].argmax())] for column, p in answers.items()}


def _outcome(case: Row, got: dict[str, str], base: dict[str, str]) -> dict[str, Any]:
    expected = {column: case[column] for column in got if case.get(column)}
    wanted = expected
    if case["kind"] == "invariance":
        # Without expected labels every column has to stay as it is.
        wanted = {column: base[column] for column in expected or got}
    wrong = [column for column, label in wanted.items() if got[column] != label]
    if case["kind"] == "direction" and not wrong:
        unmoved = expected and all(got[column] == base[column] for column in expected)
        wrong = list(expected) if unmoved else []
    return {
        "case": str(case.get("case")),
        "text": case["text"],
        "base_text": case.get("base_text") or None,
        "failed": {
            column: {"wanted": wanted[column], "got": got[column], "base": base[column]}
            for column in wrong
        },
    }


def _summary(kind: str, capability: str, outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    failed = [outcome for outcome in outcomes if outcome["failed"]]
    return {
        "kind": kind,
        "capability": capability,
        "n": len(outcomes),
        "failures": len(failed),
        "failure_rate": len(failed) / len(outcomes),
        "ci": wilson_interval(len(failed), len(outcomes)),
        "examples": failed[:EXAMPLES],
    }


def minimal_pairs(data: Dataset, answers: Answers) -> dict[str, Any] | None:
    """Return how often both members of a pair are right in the columns where their labels differ.

    `both_right` counts every such pair and column once; `both_right_everywhere` counts a pair as
    right only where it is right in all its differing columns. None where no row has a `pair`.
    """
    pairs: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(data.rows):
        if row.get("pair"):
            pairs[str(row["pair"])].append(i)
    members = [rows for rows in pairs.values() if len(rows) == 2]
    if not members:
        return None
    units = _units(data, answers, np.array(members))
    whole: dict[int, bool] = {}
    for unit in units:
        whole[unit["pair"]] = whole.get(unit["pair"], True) and bool(unit["right"])
    return {
        "pairs": len(members),
        **_both_right(units),
        **_share("both_right_everywhere", list(whole.values()), pairs=len(whole)),
        "columns": _by(units, "column"),
        "capabilities": _by(units, "capability"),
    }


def _units(data: Dataset, answers: Answers, members: Ints) -> list[dict[str, Any]]:
    units = []
    for column, gold in data.gold.items():
        if column not in answers:
            continue
        right = answers[column].argmax(1) == gold
        for number, (first, second) in enumerate(members):
            if min(gold[first], gold[second]) >= 0 and gold[first] != gold[second]:
                units.append(
                    {
                        "pair": number,
                        "column": column,
                        "capability": str(data.rows[first].get("capability") or "unnamed"),
                        "right": bool(right[first] and right[second]),
                    }
                )
    return units


def _by(units: list[dict[str, Any]], key: str) -> dict[str, Any]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for unit in units:
        groups[unit[key]].append(unit)
    return {name: {"n": len(group), **_both_right(group)} for name, group in groups.items()}


def _both_right(units: list[dict[str, Any]]) -> dict[str, Any]:
    pairs = len({unit["pair"] for unit in units})
    return _share("both_right", [unit["right"] for unit in units], pairs=pairs)


def _share(name: str, right: list[bool], *, pairs: int) -> dict[str, Any]:
    """Return a share with Wilson's interval over pairs: columns of one pair are not independent."""
    if not right:
        return {name: None, f"{name}_ci": None}
    share = float(np.mean(right))
    return {name: share, f"{name}_ci": wilson_interval(share * pairs, pairs)}
