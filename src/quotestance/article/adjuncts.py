"""What may stand between a cue and its clause: a hearer, a time, a place."""

from quotestance.article.cues import TO_HEARER
from quotestance.article.mentions import DETERMINERS, PRONOUNS, STOP
from quotestance.article.phrases import right_phrase
from quotestance.article.roles import BODIES, CALENDAR
from quotestance.article.subjects import PREPOSITIONS, TIME, is_cue
from quotestance.article.tokens import Token

FINITE = frozenset("is are was were has have had will would can could must may might".split())
_VERBAL = (PRONOUNS | FINITE | {"there"}) - {"that"}
"""Words that show a clause without "that" to be under way."""
_WARN = frozenset("warned warns warning promised promises promising reminded reminds".split())
"""Forms that may name the hearer before the clause."""
_OCCASIONS = frozenset(
    """statement interview conference briefing speech address night evening morning afternoon week
    month year telegram facebook post television tv""".split()
)


def that_ahead(tokens: list[Token], i: int, end: int) -> int | None:
    """Return the "that" after an adjunct: "said in a post on X late on Tuesday that …"."""
    if i >= end or not (
        tokens[i].low in PREPOSITIONS | CALENDAR | {"late", "early", "earlier", "later", ",", "the"}
        or tokens[i].is_cap
        or tokens[i].low in DETERMINERS
        or tokens[i].low in ("reporters", "journalists", "lawmakers", "him", "them", "us", "me")
        or tokens[i].low.endswith("ly")
    ):
        return None
    for j in range(i, min(end, i + 24)):
        token = tokens[j]
        if token.low == "that":
            return j if tokens[j - 1].low not in ("so", "of", "in") else None
        if token.is_quote or token.text in ".;:" or is_cue(tokens, j) or token.low in _VERBAL:
            # "In May, he said": the month is no verb.
            if token.text != "May":
                return None
        if _begins_clause(tokens, i, j):
            return None
    return None


def _begins_clause(tokens: list[Token], i: int, j: int) -> bool:
    """Tell "said on Monday the drone that fell …", where "that" is a relative, from a hearer."""
    token = tokens[j]
    opens = token.low in DETERMINERS or (token.is_cap and token.low not in CALENDAR)
    hearer = i == j and tokens[i - 1].low in TO_HEARER | _WARN
    ended = j == i or tokens[j - 1].low in CALENDAR
    timed = token.low in ("last", "this") and tokens[j + 1].low in TIME
    return opens and ended and not hearer and not timed


def after_hearer(tokens: list[Token], i: int, end: int) -> int:
    """Step over who was told, and when: "told reporters on Friday …"."""
    if i + 1 < end and tokens[i].is_cap and tokens[i].low in BODIES:
        # "told Reuters Warsaw was open": the agency is all that was told.
        return after_adjunct(tokens, i + 1, end)
    phrase = right_phrase(tokens, i, end)
    if phrase:
        return after_adjunct(tokens, phrase[1], end)
    if i < end and tokens[i].low in ("reporters", "journalists", "him", "her", "them", "us", "me"):
        return after_adjunct(tokens, i + 1, end)
    return after_adjunct(tokens, i, end)


def after_adjunct(tokens: list[Token], i: int, end: int) -> int:
    """Step over a time or a place: "said on Wednesday, …", "said in a statement on Friday …"."""
    start = i
    while i < end and i - start < 14:
        token = tokens[i]
        if (
            token.low in CALENDAR
            or token.low in ("late", "early", "earlier", "later")
            or (token.text.isdigit() and i > start)
        ):
            i += 1
        elif token.low in ("last", "this") and i + 1 < end and tokens[i + 1].low in TIME:
            i += 2
        elif token.low == "at" and i + 1 < end and tokens[i + 1].low in ("least", "most"):
            break
        elif token.low in ("in", "on", "at", "during", "after", "via", "by"):
            i = _after_noun(tokens, i + 1, end)
        elif token.text == "," and i > start:
            return i + 1
        else:
            break
    return i


def _after_noun(tokens: list[Token], i: int, end: int) -> int:
    j = i
    while j < min(end, i + 8):
        token = tokens[j]
        if j > i and (token.low in DETERMINERS | PRONOUNS | STOP or not token.is_word):
            break
        if j > i and token.is_cap and not tokens[j - 1].is_cap:
            break
        j += 1
        if token.low in _OCCASIONS:
            break
    return j
