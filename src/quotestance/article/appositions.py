"""Roles beside names: "the head of the agency, Jane Doe", "Jane Doe, a nurse,"."""

from quotestance.article.mentions import (
    DETERMINERS,
    PRONOUNS,
    Mention,
    Sort,
    describe,
    is_possessive,
    is_role,
    name_end,
)
from quotestance.article.phrases import left_phrase, right_phrase
from quotestance.article.roles import PLACES
from quotestance.article.tokens import Token


def last_of_pair(tokens: list[Token], first: int, end: int) -> tuple[int, int]:
    """Return the part of a phrase after its last "and"."""
    return max((k + 1 for k in range(first, end - 1) if tokens[k].low == "and"), default=first), end


_SOME = frozenset("one some another most two three".split())
_WHERE = frozenset("in at to from with on for near by".split())


def described(tokens: list[Token], comma: int, low: int) -> tuple[int, int] | None:
    """Return the phrase before a comma that may describe who is named after it.

    "The envoy to Minsk", "His barrister", "One of them": it has an office, or is somebody's.
    """
    end = comma
    for at in range(comma - 1, max(low, comma - 8) - 1, -1):
        if tokens[at].low in _SOME and at + 1 < comma and tokens[at + 1].low == "of":
            return at, comma
    for _ in range(3):
        phrase = left_phrase(tokens, end - 1, max(low, comma - 14))
        if phrase is None:
            return None
        if _describes(tokens, *phrase):
            return phrase[0], comma
        # "Peru's consul general in Narva": the office stands before the preposition.
        at = phrase[0] - 1
        if at <= low or tokens[at].low not in _WHERE:
            return None
        end = at
    return None


def _describes(tokens: list[Token], first: int, end: int) -> bool:
    span = tokens[first:end]
    cut = next((k for k, token in enumerate(span) if token.low in ("of", "for")), len(span))
    if cut == 0 or span[0].low in PRONOUNS or describe(tokens, first, end).sort is Sort.PERSON:
        return False
    head = span[cut - 1]
    if is_role(head.low):
        return True
    return (is_possessive(span[0].text) or span[0].low in ("another", "one")) and not head.is_cap


def apposed_name(tokens: list[Token], comma: int, end: int, low: int) -> Mention | None:
    """Join "The head of the agency, Jane Doe,": the name speaks, what is before it is her role."""
    inside = comma + 1
    if comma <= low or inside >= end or tokens[comma].text != ",":
        return None
    stop = name_end(tokens, inside)
    if not (stop == end or (stop > inside + 1 and tokens[stop].low in ("of", "for", "from"))):
        phrase = right_phrase(tokens, inside, end)
        stop = phrase[1] if phrase else inside
        if stop != end:
            return None
    named = describe(tokens, inside, stop)
    before = described(tokens, comma, low)
    if before is None or named.sort is not Sort.PERSON or named.words[0].lower() in PLACES:
        return None
    words = [token.text for token in tokens[before[0] : comma]]
    one = words[0].lower() in _SOME
    role = named.role if one else " ".join(words[words[0].lower() in DETERMINERS :])
    start = tokens[before[0]].start
    return Mention(start, named.end, Sort.PERSON, named.words, role, named.title)


def role_before(tokens: list[Token], comma: int) -> str | None:
    """Return the role in "The head of the agency, Jane Doe,": the phrase before the comma."""
    phrase = described(tokens, comma, max(0, comma - 16))
    if phrase is None:
        return None
    words = [token.text for token in tokens[phrase[0] : comma]]
    if words[0].lower() in _SOME or words[0].lower() in ("a", "an"):
        return None
    return " ".join(words[1:] if words[0].lower() in DETERMINERS else words)


def role_after(tokens: list[Token], j: int) -> str | None:
    """Return the role in ", a nurse from Graz," after a name that ends before `tokens[j]`."""
    if j + 1 >= len(tokens) or tokens[j].text not in (",", "("):
        return None
    i = j + 1
    if tokens[i].text.isdigit():
        if i + 1 >= len(tokens) or tokens[i + 1].text not in (",", ")"):
            return None
        return role_after(tokens, i + 1) or ""
    end = i
    while end < len(tokens) and end - i < 14 and tokens[end].text not in (",", ".", ";", ")", ":"):
        if tokens[end].is_quote or tokens[end].low in ("who", "said", "told", "and", "but"):
            break
        end += 1
    span = tokens[i:end]
    starts = span and (
        span[0].low in DETERMINERS
        or is_role(span[0].low)
        or any(is_role(token.low) for token in span[:6])
    )
    if not starts or not any(is_role(token.low) for token in span):
        return None
    words = [token.text for token in span]
    return " ".join(words[1:] if words[0].lower() in DETERMINERS else words)


def after_office(tokens: list[Token], phrase: tuple[int, int], mention: Mention) -> Mention:
    """Read "Minister of Strategic Industries Jane Doe": the office tells where the name begins."""
    whole = describe(tokens, *last_of_pair(tokens, *phrase))
    shorter = whole.sort is Sort.PERSON and len(whole.words) < len(mention.words)
    return whole if shorter else mention
