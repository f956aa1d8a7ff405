"""Where a clause's predicate begins, and whether some words have a verb at all."""

from quotestance.article.adjuncts import FINITE
from quotestance.article.phrases import is_verb
from quotestance.article.tokens import Token

_MODALS = frozenset("would will can could may might must should cannot".split())
_AUXILIARY = FINITE | _MODALS | frozenset("did does do".split())
_ADVERBS = frozenset("also now then still never not later already".split())
_RELATIVES = ("who", "which", "whose", "that")


def is_auxiliary(token: Token) -> bool:
    """Tell a form that opens a predicate: "was", "cannot", "didn't"."""
    return (token.low in _AUXILIARY and token.text != "May") or token.low.endswith("n't")


def begins_predicate(tokens: list[Token], i: int, end: int, *, plain: bool = True) -> bool:
    """Tell whether a predicate begins at `tokens[i]`: "was taken", "killed four people".

    A form in -ed may be a participle as well: `plain` allows it where no verb came before.
    """
    if i < end and is_auxiliary(tokens[i]):
        return True
    while i < end and (tokens[i].low in _ADVERBS or tokens[i].low.endswith("ly")):
        i += 1
    if i >= end or not tokens[i].text.islower():
        return False
    return is_auxiliary(tokens[i]) or (plain and is_verb(tokens[i]))


def _has_verb(tokens: list[Token], first: int, end: int) -> bool:
    """Tell whether words have a verb, as far as forms and a short list of irregular ones tell."""
    return any(
        is_auxiliary(tokens[i]) or (is_verb(tokens[i]) and not tokens[i].is_cap)
        for i in range(first, end)
    )


def goes_on_after(tokens: list[Token], low: int, comma: int, i: int, end: int) -> bool:
    """Tell "The attack, officials said, killed four": a subject, a tag, and its predicate.

    `low` to `comma` is what stands before the tag, `i` what comes after it.
    """
    return begins_predicate(tokens, i, end, plain=not _has_verb(tokens, low, comma))


def next_comma(tokens: list[Token], i: int, end: int) -> int | None:
    """Return the comma that ends what begins at `tokens[i]`; a relative clause is part of it."""
    comma = next((k for k in range(i, end) if tokens[k].text == ","), None)
    if comma is not None and comma + 1 < end and tokens[comma + 1].low in _RELATIVES:
        return next((k for k in range(comma + 1, end) if tokens[k].text == ","), None)
    return comma
