"""The noun phrase on either side of a cue verb, by its words alone."""

from quotestance.article.cues import CUES, NOUNS_TOO
from quotestance.article.mentions import (
    DETERMINERS,
    OPENERS,
    PARTICLES,
    PRONOUNS,
    STOP,
    is_head,
    is_role,
)
from quotestance.article.names import FIRST_NAMES
from quotestance.article.roles import CALENDAR, GROUPS, PORTFOLIO
from quotestance.article.tokens import Token


def left_phrase(tokens: list[Token], j: int, low: int) -> tuple[int, int] | None:
    """Return the noun phrase (first token, one past its last) that ends at `tokens[j]`."""
    if j < low:
        return None
    head = tokens[j]
    if (head.low in PRONOUNS and head.low != "it") or head.low in ("it", "who"):
        return (j, j + 1) if head.low != "who" else None
    if (
        not head.is_word
        or head.low in STOP
        or head.low in CALENDAR
        or head.low.endswith(("'s", "s'"))
    ):
        return None
    if not head.is_cap and head.low in DETERMINERS and head.low not in ("some", "one", "another"):
        return None
    return _widen_left(tokens, j, low)


def _widen_left(tokens: list[Token], j: int, low: int) -> tuple[int, int] | None:
    """Go left from the head `tokens[j]` while the words belong to its phrase."""
    first, determined = j, False
    limit = max(low, j - 14)
    i = j - 1
    while i >= limit and _extends(tokens, i, limit):
        if tokens[i].low in DETERMINERS:
            first, determined = i, True
            if i - 1 < limit or tokens[i - 1].low not in ("of", "for"):
                break
        elif tokens[i].low not in ("of", "for", "and") and tokens[i].text not in "&/":
            first = i
        i -= 1
    if not tokens[j].is_cap and not determined and not is_head(tokens[j].low):
        return None
    return _without_opener(tokens, first, j + 1)


def _extends(tokens: list[Token], i: int, limit: int) -> bool:
    """Tell whether `tokens[i]` belongs to the phrase that goes on at `tokens[i + 1]`."""
    token, after = tokens[i], tokens[i + 1]
    if token.low == "that" and after.is_cap:
        return False
    if token.text == ",":
        return i > limit and _lists(tokens, i, limit)
    if token.low in DETERMINERS:
        return True
    if token.low in ("of", "for"):
        return i > limit and _may_head(tokens[i - 1], strict=token.low == "for")
    if token.text in "&/" or (token.low in PARTICLES and after.is_cap):
        return True
    if token.low == "and":
        return i > limit and _joins(tokens[i - 1], after)
    return _inside(token, after)


_LONGEST_LIST = 8
"""Tokens after a comma among which the "and" of a list of names must stand."""


def _lists(tokens: list[Token], i: int, limit: int) -> bool:
    """Tell the comma in "Estonia, Latvia and Lithuania": names on both sides, "and" at the end."""
    first = i
    while first > limit and tokens[first - 1].is_cap and tokens[first - 1].low not in CALENDAR:
        first -= 1
    if first == i or not (
        first in (0, limit) or tokens[first - 1].low == "of" or tokens[first - 1].text in ",."
    ):
        return False
    following = tokens[i + 1 : i + 1 + _LONGEST_LIST]
    end = next((k for k, token in enumerate(following) if token.low == "and"), 0)
    return (
        end > 0
        and following[end - 1].is_cap
        and all(t.is_cap or t.text == "," for t in following[:end])
    )


def _joins(before: Token, after: Token) -> bool:
    """Tell whether "and" joins two names, or two heads: "diplomats and experts"."""
    if after.is_cap:
        return before.is_cap
    return is_head(after.low) and is_head(before.low)


def _without_opener(tokens: list[Token], first: int, end: int) -> tuple[int, int] | None:
    """Drop a capital that is only the sentence's: "But Peskov", "Meanwhile Kuleba"."""
    while (
        first < end - 1
        and tokens[first].is_cap
        and (tokens[first].low in OPENERS and tokens[first].low not in DETERMINERS)
    ):
        first += 1
    return first, end


def _may_head(token: Token, *, strict: bool) -> bool:
    if token.is_cap and token.low not in OPENERS:
        return True
    if strict:
        return is_head(token.low)
    return token.is_word and token.low not in STOP


def _inside(token: Token, after: Token) -> bool:
    if not token.is_word or token.low in CALENDAR or token.low in PRONOUNS:
        return False
    if token.is_cap:
        return True
    if token.low in STOP or (token.low in CUES and token.low not in NOUNS_TOO):
        return False
    if after.is_cap:
        return (
            is_head(token.low)
            or token.low in PORTFOLIO
            or token.low.endswith(("'s", "-born"))
            or (after.low in FIRST_NAMES and token.low.endswith(("er", "or", "ist", "man", "ian")))
        )
    return not token.low.endswith("ly")


def right_phrase(tokens: list[Token], i: int, high: int) -> tuple[int, int] | None:
    """Return the noun phrase that starts at `tokens[i]` and ends before `high`."""
    if i >= high or not tokens[i].is_word:
        return None
    first = tokens[i]
    if first.low in PRONOUNS:
        return i, i + 1
    if first.low in STOP or first.low in CALENDAR:
        return None
    j = i
    while j < min(high, i + 16) and _belongs(tokens, i, j, high):
        if j > i and _opens_complement(tokens, j, high):
            break
        j += 1
    if j > i and tokens[j - 1].low in ("of", "for", "and"):
        j -= 1
    return (i, j) if _is_phrase(tokens, i, j) else None


def _opens_complement(tokens: list[Token], j: int, high: int) -> bool:
    """Tell "familiar with" in "a person familiar with the talks": the head is the person."""
    return j + 1 < high and tokens[j].low in _COMPLEMENTED and tokens[j + 1].low in _LINKS


def _belongs(tokens: list[Token], i: int, j: int, high: int) -> bool:
    """Tell whether `tokens[j]` goes on with the noun phrase that began at `tokens[i]`."""
    token, before = tokens[j], tokens[j - 1] if j > i else None
    if before is None:
        return True
    following = tokens[j + 1] if j + 1 < high else None
    if token.low in ("of", "for"):
        return following is not None and following.is_word
    if token.low == "and":
        names = before.is_cap and following is not None and following.is_cap
        return names and not _full_name_before(tokens, i, j)
    if not token.is_word or (token.low in STOP and token.low not in PARTICLES):
        return False
    if token.low in CALENDAR or (token.low.endswith("ly") and not token.is_cap):
        return False
    if token.low in DETERMINERS:
        return before.low in ("of", "for")
    if not token.is_cap and is_verb(token) and before.low not in DETERMINERS:
        return False
    if token.is_cap or not _is_whole(before) or _goes_on(token):
        return True
    if before.is_cap and any(is_role(t.low) for t in tokens[j + 1 : min(j + 3, high)]):
        # "Iowa evangelical leader Bob Doe": an adjective before the role.
        return not token.low.endswith(("ed", "s"))
    return _is_adjective(before) and tokens[i].low in DETERMINERS


_VERBS = frozenset(
    """met left went came took gave made got ran saw held sent kept lost won paid wants makes takes
    gives goes comes gets shook stood sat fell rose began became found thought knew""".split()
)


_COMPLEMENTED = frozenset("familiar close aware present privy loyal able".split())
_LINKS = frozenset("with to of at in".split())
_COUNTS = frozenset("two three four five six several few both most".split())
"""Numbers, which are a group by themselves ("two said") or count the head after them."""


def is_verb(token: Token) -> bool:
    """Tell a past form: in -ed, or of a few irregular verbs."""
    low = token.low
    return low in _VERBS or (low.endswith("ed") and len(low) > 4 and not is_role(low))


def _is_adjective(token: Token) -> bool:
    return token.is_cap and token.low.endswith(("ish", "ian", "ese", "ean", "ch", "an"))


def _is_whole(token: Token) -> bool:
    if token.low in DETERMINERS | _COUNTS or token.low.endswith("'s"):
        return False
    return token.is_cap or is_role(token.low) or token.low in GROUPS


def _goes_on(token: Token) -> bool:
    return token.low in PARTICLES or is_head(token.low) or token.low in PORTFOLIO


def _full_name_before(tokens: list[Token], i: int, j: int) -> bool:
    return tokens[j - 2].low in FIRST_NAMES if j - 2 >= i else False


def _is_phrase(tokens: list[Token], i: int, j: int) -> bool:
    return any(
        token.is_cap or is_head(token.low) or token.low in DETERMINERS for token in tokens[i:j]
    )
