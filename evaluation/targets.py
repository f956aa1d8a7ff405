"""Does a model use the target? Scores with the target exchanged and masked.

A model that only reads polarity loses nothing when it is asked about another target; many stance
models are like that (Kaushal et al., 2021). So a large drop is good, and is a headline figure.
"""

from typing import Any

import numpy as np

from evaluation.columns import TARGET_OF, Floats, Ints
from evaluation.comparison import macro_f1_difference
from evaluation.data import Dataset
from evaluation.intervals import GroupBootstrap, percentile_interval
from evaluation.metrics import confusion, macro_f1
from evaluation.scorers import Scorer
from evaluation.scores import number

EXCHANGED = {"stance_nato": "Ukraine", "stance_ukraine": "NATO"}
"""Column -> the other target; the side of both together has none."""
MASKED = ("the target", "Brazil")
"""Names that stand for no target at hand: an empty phrase, and a country that no side is."""
ASKED = (*TARGET_OF.values(), *MASKED)


def target_use(
    scorer: Scorer, data: Dataset, *, bootstrap: GroupBootstrap
) -> dict[str, Any] | None:
    """Return the drop in macro-F1 per column when the target is exchanged or masked.

    None where the model cannot be asked about another target. `drop` is the mean over the columns.
    """
    columns: dict[str, Any] = {}
    for column, gold in data.gold.items():
        if column in TARGET_OF:
            asked = _column_use(scorer, data, gold, column=column, bootstrap=bootstrap)
            if asked is None:
                return None
            columns[column] = asked
    if not columns:
        return None
    drops = {
        kind: [entry[kind]["drop"] for entry in columns.values() if kind in entry]
        for kind in ("exchanged", "masked")
    }
    return {
        "exchanged_drop": _mean(drops["exchanged"]),
        "masked_drop": _mean(drops["masked"]),
        "split": _split_rows(scorer, data),
        "columns": columns,
    }


def _column_use(
    scorer: Scorer, data: Dataset, gold: Ints, *, column: str, bootstrap: GroupBootstrap
) -> dict[str, Any] | None:
    own = scorer.ask(data.texts, TARGET_OF[column])
    others = {"masked": [scorer.ask(data.texts, name) for name in MASKED]}
    if column in EXCHANGED:
        others["exchanged"] = [scorer.ask(data.texts, EXCHANGED[column])]
    if own is None:
        return None
    entry: dict[str, Any] = {}
    for kind, asked in others.items():
        tables = [table for table in asked if table is not None]
        if len(tables) < len(asked):
            return None
        entry[kind] = _drop(gold, own, np.mean(tables, axis=0), bootstrap=bootstrap)
    return entry


def _drop(gold: Ints, own: Floats, other: Floats, *, bootstrap: GroupBootstrap) -> dict[str, Any]:
    right, wrong = own.argmax(1), other.argmax(1)
    drop, drawn = macro_f1_difference(gold, right, second=wrong, bootstrap=bootstrap)
    classes = np.bincount(gold[gold >= 0], minlength=3) > 0
    return {
        "macro_f1": number(macro_f1(confusion(gold, wrong), classes)),
        "drop": drop,
        "drop_ci": percentile_interval(drawn),
        "same_label": float((right == wrong)[gold >= 0].mean()),
    }


def _split_rows(scorer: Scorer, data: Dataset) -> dict[str, Any] | None:
    """Return scores on rows where NATO and Ukraine have different gold labels."""
    if not {"stance_nato", "stance_ukraine"} <= set(data.gold):
        return None
    nato, ukraine = data.gold["stance_nato"], data.gold["stance_ukraine"]
    rows = (nato >= 0) & (ukraine >= 0) & (nato != ukraine)
    answers = [scorer.ask(data.texts, name) for name in ("NATO", "Ukraine")]
    if not rows.any() or answers[0] is None or answers[1] is None:
        return None
    labels = [answer.argmax(1) for answer in answers if answer is not None]
    both = (labels[0] == nato) & (labels[1] == ukraine)
    return {
        "n": int(rows.sum()),
        "both_right": float(both[rows].mean()),
        "told_apart": float((labels[0] != labels[1])[rows].mean()),
    }


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None
