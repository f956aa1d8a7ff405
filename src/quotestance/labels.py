"""The labels, targets and column names of the codebook (`data/CODEBOOK.md`).

Label order is part of every saved pipeline's contract: `probabilities[..., i]` belongs to
`tuple(Stance)[i]` or `tuple(Sentiment)[i]`.
"""

import re
from enum import StrEnum


class Stance(StrEnum):
    """Position of a statement toward a target."""

    SUPPORTIVE = "supportive"
    ADVERSARIAL = "adversarial"
    NEUTRAL = "neutral"


class Sentiment(StrEnum):
    """Emotional tone of a statement's words, whatever they are about."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"


STANCES: tuple[str, ...] = tuple(str(label) for label in Stance)
SENTIMENTS: tuple[str, ...] = tuple(str(label) for label in Sentiment)

SIDE = "NATO/Ukraine"
"""The two targets taken together as one side; its columns carry the bare name `stance`."""

TARGETS: tuple[str, ...] = (SIDE, "NATO", "Ukraine")
"""The trained targets, in the order of every output."""


def slug(target: str) -> str:
    """Return `target` in lower case with one `_` for each run that is no letter or digit.

    >>> slug("European Union")
    'european_union'
    """
    return re.sub(r"[\W_]+", "_", target.lower()).strip("_")


def stance_column(target: str) -> str:
    """Return the column of `target`'s stance: `stance` for the side, else `stance_<slug>`.

    >>> stance_column("NATO/Ukraine"), stance_column("nato / ukraine"), stance_column("NATO")
    ('stance', 'stance', 'stance_nato')
    """
    return "stance" if slug(target) == slug(SIDE) else f"stance_{slug(target)}"
