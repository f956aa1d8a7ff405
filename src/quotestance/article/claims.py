"""Quoted words that are not the subject's own: claims of others, speech that is denied."""

from dataclasses import replace

from quotestance.article.mentions import Mention, bare, describe, is_role
from quotestance.article.subjects import is_cue, is_negated, right_speaker
from quotestance.article.tokens import Token

_CLAIMS = frozenset(
    """accusation accusations allegation allegations argument assertion charge claim claims promise
    remark remarks statement suggestion view warning""".split()
)
_REACH = 10
"""Tokens between the noun and the quotation: "claim by the mayor of Sarn that Kyiv “…”"."""


def claimed(tokens: list[Token], q: int, low: int) -> tuple[int, Mention | None] | None:
    """Read "Doe's claim that “…”" and "the claim by Doe that Kyiv “…”" before `tokens[q]`.

    Returns the noun's token and the claimer, None where nobody is named as such; None where the
    quotation is no such claim.
    """
    for k in range(q - 1, max(low, q - _REACH) - 1, -1):
        if tokens[k].is_quote or tokens[k].text in ",;:." or is_cue(tokens, k):
            return None
        if tokens[k].low in _CLAIMS:
            return _claimer(tokens, k, q, low)
    return None


def _claimer(tokens: list[Token], k: int, q: int, low: int) -> tuple[int, Mention | None] | None:
    that = next((i for i in range(k + 1, q) if tokens[i].low == "that"), None)
    if that is None and k + 1 != q:
        return None
    if k + 2 < q and tokens[k + 1].low in ("by", "from"):
        return k, right_speaker(tokens, k + 2, that or q)
    if k > low and tokens[k - 1].low.endswith(("'s", "s'", "’s", "s’")):
        owner = describe(tokens, _owner(tokens, k - 1, low), k)
        last = tokens[k - 1]
        words = (*owner.words[:-1], bare(owner.words[-1]))
        return k, replace(owner, words=words, end=last.start + len(bare(last.text)))
    return k, None


def _owner(tokens: list[Token], k: int, low: int) -> int:
    """Return where the name or role that ends at `tokens[k]` begins, its article left out."""
    while (
        k - 1 > low
        and (tokens[k - 1].is_cap or is_role(tokens[k - 1].low))
        and not tokens[k - 1].low.endswith(("'s", "’s"))
    ):
        k -= 1
    return k


def is_disowned(tokens: list[Token], k: int, low: int) -> bool:
    """Tell "never said “…”", "did not say that “…”", "denied saying “…”", "nobody has said “…”"."""
    near = [token.low for token in tokens[max(low, k - 3) : k]]
    if "only" in near:
        return False
    denied = near[-1:] == ["denied"] and tokens[k].low.endswith("ing")
    return is_negated(tokens, k, low) or denied or tokens[low].low == "nobody"
