"""Reported clauses that a phrase frames: "According to X, …", "In his view, …", "As X noted, …"."""

from dataclasses import dataclass

from quotestance.article.cues import CUES, Cue
from quotestance.article.mentions import Mention, Sort
from quotestance.article.predicates import begins_predicate, goes_on_after, next_comma
from quotestance.article.subjects import is_cue, subject_before
from quotestance.article.tags import tag_after
from quotestance.article.tokens import Token


@dataclass(frozen=True, slots=True)
class Clause:
    """A reported clause as a range of tokens; `finite` where it can stand as a sentence."""

    first: int
    end: int
    cue: int
    mention: Mention | None
    finite: bool


def framed(tokens: list[Token], low: int, end: int) -> list[Clause]:
    """Return the clause that a phrase at the sentence's head or end gives to a speaker."""
    return _according(tokens, low, end) or _in_view(tokens, low, end) or _as_noted(tokens, low, end)


_LONGEST_OPENING = 70
"""Tokens among which the comma after "According to X" must stand."""
_LONGEST_TAG = 30
"""Tokens behind a source's mention among which the comma that ends its tag must stand."""
_WHOSE = {"his": "he", "her": "she", "their": "they", "its": "it"}


def _in_view(tokens: list[Token], low: int, end: int) -> list[Clause]:
    """Read "In his opinion, …"."""
    if low + 5 > end or tokens[low].low not in ("in", "to"):
        return []
    whose, noun = tokens[low + 1], tokens[low + 2]
    if whose.low not in _WHOSE or noun.low not in ("opinion", "view", "estimation", "judgment"):
        return []
    mention = Mention(whose.start, whose.end, Sort.PRONOUN, (_WHOSE[whose.low],))
    first = low + 4 if tokens[low + 3].text == "," else low + 3
    return [Clause(first, end, low + 2, mention, True)]


def _as_noted(tokens: list[Token], low: int, end: int) -> list[Clause]:
    """Read "As the Kremlin noted, …"."""
    if tokens[low].low != "as":
        return []
    for k in range(low + 2, min(end - 3, low + 10)):
        if is_cue(tokens, k) and CUES.get(tokens[k].low) is Cue.SAY and tokens[k + 1].text == ",":
            mention = subject_before(tokens, k, low + 1)
            return [Clause(k + 2, end, k, mention, True)] if mention is not None else []
    return []


def _according(tokens: list[Token], low: int, end: int) -> list[Clause]:
    """Read "According to X, …" and "…, according to X"."""
    at = next(
        (
            i
            for i in range(low, end - 1)
            if tokens[i].low == "according" and tokens[i + 1].low == "to"
        ),
        None,
    )
    if at is None:
        return []
    tag = tag_after(tokens, at, end)
    mention = tag[1] if tag else None
    if mention is None or tokens[low].is_quote:
        return []
    if at - low <= 1 or tokens[at - 1].text == ":":
        comma = next_comma(tokens, at, min(end, at + _LONGEST_OPENING))
        first = comma + 1 if comma is not None else _behind(tokens, at, end, mention)
        return [Clause(first, end, at, mention, True)]
    within = _inside_clause(tokens, low, end, at, mention)
    if within is not None:
        return [within]
    before = at - 1 if tokens[at - 1].text == "," else at
    return [Clause(low, before, at, mention, True)]


def _behind(tokens: list[Token], at: int, end: int, mention: Mention) -> int:
    """Return the first token behind the source's mention."""
    return next((i for i in range(at, end) if tokens[i].start >= mention.end), end)


def _inside_clause(
    tokens: list[Token], low: int, end: int, at: int, mention: Mention
) -> Clause | None:
    """Read "The attack, according to Doe, killed four": what is said goes on after the tag."""
    after = _behind(tokens, at, end, mention)
    stop = at - 1 if tokens[at - 1].text == "," else at
    if tokens[stop - 1].low in ("which", "who", "that"):
        first = after + 1 if stop < at and after < end and tokens[after].text == "," else after
        if not begins_predicate(tokens, first, end):
            return None
        until = next((i for i in range(first, end) if tokens[i].text == ","), end)
        return Clause(first, until, at, mention, False)
    comma = next_comma(tokens, after, min(end, after + _LONGEST_TAG)) if stop < at else None
    if comma is None:
        return None
    if goes_on_after(tokens, low, stop, comma + 1, end):
        return Clause(comma + 1, end, at, mention, False)
    # "Russia has lost 2,000 tanks, according to Doe, and cannot replace them": both parts are his.
    joined = tokens[comma + 1].low in ("and", "but") if comma + 1 < end else False
    reports = any(is_cue(tokens, i) for i in range(comma + 1, end))
    if joined and not reports and begins_predicate(tokens, comma + 2, end, plain=False):
        return Clause(low, end, at, mention, False)
    return None
