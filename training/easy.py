"""Leaving out most of the statements that a saved pipeline already answers surely right.

What a network has long learned teaches it little more; what it gets wrong or is unsure of does. So
a run that trains one on may spend its steps on the latter (Katharopoulos and Fleuret, ICML 2018),
and keep a share of the former, so that nothing is unlearned.
"""

from pathlib import Path

import numpy as np

import quotestance
from quotestance.labels import TARGETS
from training.corpus import UNKNOWN, Example, is_auxiliary, share_of

SURE = 0.85
"""Calibrated probability of the true label from which, in every column, a statement is easy."""


def without_easy(examples: list[Example], pipeline: Path, share: float) -> list[Example]:
    """Return the examples without those that the pipeline finds easy, but for a `share` of them.

    Which of them stay hangs on their ids alone. Examples of auxiliary corpora, which ask other
    targets, all stay.
    """
    rest = [x for x in examples if is_auxiliary(x)]
    examples = [x for x in examples if not is_auxiliary(x)]
    classifier = quotestance.load(pipeline)
    table = classifier.probabilities([x.text for x in examples], TARGETS)
    kept, easy = [], 0
    for example, stance, tone in zip(examples, table.stance, table.sentiment, strict=True):
        labels = np.array([*example.stances, example.sentiment])
        known = np.flatnonzero(labels != UNKNOWN)
        sure = (np.vstack([stance, tone])[known, labels[known]] >= SURE).all()
        easy += bool(sure)
        if not sure or share_of(example.id) < share:
            kept.append(example)
    print(f"{easy} of {len(examples)} statements are easy; {len(kept)} are trained on", flush=True)
    return kept + rest
