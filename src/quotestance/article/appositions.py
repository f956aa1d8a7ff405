"""Roles beside names: "the head of the agency, Jane Doe", "Jane Doe, a nurse,"."""

from quotestance.article.mentions import DETERMINERS, is_role
from quotestance.article.phrases import left_phrase
from quotestance.article.tokens import Token


def last_of_pair(tokens: list[Token], first: int, end: int) -> tuple[int, int]:
    """Return the part of a phrase after its last "and"."""
    return max((k + 1 for k in range(first, end - 1) if tokens[k].low == "and"), default=first), end


def role_before(tokens: list[Token], comma: int) -> str | None:
    """Return the role in "The head of the agency, Jane Doe,": the phrase before the comma."""
    phrase = left_phrase(tokens, comma - 1, max(0, comma - 14))
    if phrase is None:
        return None
    span = tokens[phrase[0] : phrase[1]]
    cut = next((k for k, token in enumerate(span) if token.low in ("of", "for")), len(span))
    if not is_role(span[cut - 1].low) or span[0].low in ("a", "an"):
        return None
    words = [token.text for token in span]
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
