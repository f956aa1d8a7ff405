"""Quotations that are woven into the writer's own sentence."""

from quotestance.article.cues import BARE_CLAUSE, CUES, Cue
from quotestance.article.passages import Passage
from quotestance.article.subjects import PREPOSITIONS, is_cue, subject_before
from quotestance.article.tokens import Token

_CLAUSE_HEADS = frozenset("we i it there they this he she you our my the if".split())
_FRAMES = PREPOSITIONS | {"asked", "speaking", "when"}
"""Words whose clause before the comma is no part of what is said: "Asked why, Doe said, “…”"."""


def is_half(passage: Passage, q: int, low: int) -> bool:
    """Tell whether the quotation is woven into the writer's sentence: "called it “a mistake”"."""
    tokens, quoted = passage.tokens, passage.quotes[q]
    if q == low or tokens[q - 1].is_quote:
        return False
    before = tokens[q - 1]
    inner = passage.text[quoted.start : quoted.end]
    head = inner.split()[0].lower().rstrip(",")
    fragment = inner[0].islower() and head not in _CLAUSE_HEADS
    if before.text == "," and fragment and not tokens[low].is_quote:
        if _interrupts(tokens, low, q - 1):
            return True
    if not before.is_word:
        return before.text not in (",", ":", "—", "–", "-", "―", "*", "•", ">", "(", "[", "]", ".")
    if before.low == "that":
        return not (inner[0].isupper() or head in _CLAUSE_HEADS)
    if before.low == "on" and tokens[q - 2].low in ("went", "goes", "go"):
        return False
    if not is_cue(tokens, q - 1) or CUES.get(before.low) is not Cue.SAY:
        return True
    return fragment and before.low not in BARE_CLAUSE


def _interrupts(tokens: list[Token], low: int, comma: int) -> bool:
    """Tell the tag in "NATO, Doe said, “is to blame”" from the one in "Doe said, “never”".

    The subject of the quoted verb stands outside the marks, and is read with it.
    """
    at = next((i for i in range(comma - 1, low, -1) if tokens[i].text == ","), None)
    if at is None or tokens[low].low in _FRAMES:
        return False
    if tokens[at + 1].low in ("according", "in"):
        return True
    return any(
        is_cue(tokens, i) and subject_before(tokens, i, at + 1) for i in range(at + 1, comma)
    )
