"""The row of an auxiliary corpus: a text with a label toward one target."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuxiliaryRow:
    """`label` is supportive, adversarial or neutral; rows of one document share their `group`.

    `start` and `end` are code points of the target in the text, where the corpus gives them.
    """

    text: str
    target: str
    label: str
    group: str
    start: int | None = None
    end: int | None = None
