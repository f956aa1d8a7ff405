"""The attribution beside a quotation: the tag after it, the cue before it."""

from quotestance.article.claims import is_disowned
from quotestance.article.cues import CUES, Cue
from quotestance.article.mentions import DETERMINERS, Mention, Sort, describe
from quotestance.article.phrases import right_phrase
from quotestance.article.roles import DOCUMENTS
from quotestance.article.subjects import (
    QUOTES,
    TIME,
    document_owner,
    is_cue,
    is_denied,
    is_loose,
    right_speaker,
    sentence_subject,
    subject_before,
)
from quotestance.article.tokens import Token

_DASHES = ("—", "–", "-", "--", "―")
Tag = tuple[int, Mention | None]
"""The cue's token, and the speaker beside it."""


def _signature(tokens: list[Token], i: int, high: int) -> Tag | None:
    """Read "— Jane Doe (@janedoe)" or "— Jane Doe" at the end, after a quotation."""
    if i + 1 >= high or tokens[i].text not in _DASHES:
        return None
    phrase = right_phrase(tokens, i + 1, high)
    if phrase is None or not (tokens[i + 1].is_cap or tokens[i + 1].low in ("a", "an", "one")):
        return None
    if phrase and (phrase[1] == high or tokens[phrase[1]].text in "(,"):
        mention = describe(tokens, *phrase)
        named = mention.sort is not Sort.BODY
        return (i, mention) if named or phrase[1] == high else None
    return None


def tag_after(tokens: list[Token], i: int, high: int, *, gestures: bool = True) -> Tag | None:
    """Read the attribution that follows a quotation: "he said", "said Doe", "according to Doe"."""
    signed = _signature(tokens, i, high)
    if signed:
        return signed
    if i < high and (tokens[i].text in (",", ":") or tokens[i].text in _DASHES):
        i += 1
    if i >= high:
        return None
    token = tokens[i]
    if token.low == "according" and i + 1 < high and tokens[i + 1].low == "to":
        return i, _source(tokens, i + 2, high)
    if is_cue(tokens, i) and not token.low.endswith("ing"):
        mention = right_speaker(tokens, i + 1, high)
        return (i, mention) if mention else None
    gesture = _gesture(tokens, i, high) if gestures else None
    if gesture is not None:
        return gesture
    for k in range(i + 1, min(high, i + 26)):
        if tokens[k].is_quote or tokens[k].text in ".;?!":
            return None
        if is_cue(tokens, k):
            return _tag_with_subject(tokens, i, k)
    return None


def _gesture(tokens: list[Token], i: int, high: int) -> Tag | None:
    """Read “…,” he stormed: any verb between a pronoun or a name and the sentence's end."""
    k = i + 1
    while k < high and k < i + 4 and tokens[k].is_cap:
        k += 1
    last = k + 1 >= high or tokens[k + 1].text in ".,;"
    if k >= high or not last or not tokens[k].text.islower() or is_cue(tokens, k):
        return None
    if tokens[k].low.endswith(("ed", "s")) and (
        tokens[i].low in ("he", "she") or (tokens[i].is_cap and tokens[i].low not in DETERMINERS)
    ):
        return _tag_with_subject(tokens, i, k)
    return None


def _source(tokens: list[Token], i: int, high: int) -> Mention | None:
    """Read who is behind "according to Doe", "according to a statement by Doe"."""
    for k in range(i, min(high - 2, i + 4)):
        if tokens[k].low in DOCUMENTS and tokens[k + 1].low in ("by", "from", "of"):
            return right_speaker(tokens, k + 2, high) or right_speaker(tokens, i, high)
    return right_speaker(tokens, i, high)


def _tag_with_subject(tokens: list[Token], i: int, k: int) -> Tag | None:
    if is_denied(tokens, k, i):
        return None
    subject = subject_before(tokens, k, i)
    if subject is None:
        return None
    lead = [token for token in tokens[i:k] if token.start < subject.start]
    if tokens[k - 1].low == "as" and any(token.low in QUOTES for token in lead):
        return k, subject  # “…,” the agency quoted Doe as saying
    return (k, subject) if len(lead) <= 1 or all(t.low in TIME for t in lead) else None


def cue_before(tokens: list[Token], q: int, low: int) -> Tag | None:
    """Return the cue that governs a quotation at `tokens[q]` from before it, and its subject."""
    carried: int | None = None
    nearest: Tag | None = None
    low = _after_question(tokens, q, low)
    for k in range(q - 1, low - 1, -1):
        fixed = _fixed_phrase(tokens, k, q, low)
        if fixed is not None:
            return (carried if carried is not None else k), fixed
        if not is_cue(tokens, k) or (q - k > 3 and is_loose(tokens, k, low)):
            continue
        if is_disowned(tokens, k, low):
            return k, None
        if CUES.get(tokens[k].low) is not Cue.SAY and (agent := _passive_agent(tokens, k, low, q)):
            return k, agent[0]
        subject = subject_before(tokens, k, low) or _inverted(tokens, k, q, low)
        if subject is not None and nearest is not None:
            return (nearest[0], subject) if _governs(tokens, k, nearest) else nearest
        if subject is not None:
            nearest = (
                carried if carried is not None else k,
                document_owner(tokens, low, subject),
            )
            if not _depends(tokens, nearest[0]) and not _in_clause_of_he(tokens, low, subject):
                return nearest
        carried = k if carried is None else carried
    if nearest is None and carried is not None:
        return carried, sentence_subject(tokens, low, carried)
    return nearest


def _after_question(tokens: list[Token], q: int, low: int) -> int:
    """Step over "Asked if Kyiv had said so," at the head: whoever asked is not who answers."""
    if tokens[low].low not in ("asked", "pressed", "questioned"):
        return low
    return next((j + 1 for j in range(low, q - 2) if tokens[j].text == ","), low)


def _fixed_phrase(tokens: list[Token], k: int, q: int, low: int) -> Mention | None:
    """Read "in his words" and "according to Doe" at `tokens[k]`."""
    if tokens[k].low == "words" and tokens[k + 1].low == "of" and tokens[k - 1].low == "the":
        return right_speaker(tokens, k + 2, q)
    if tokens[k].low == "words" and k - 2 >= low:
        return _in_words(tokens, k)
    if tokens[k].low == "according" and tokens[k + 1].low == "to":
        return right_speaker(tokens, k + 2, q)
    return None


def _inverted(tokens: list[Token], k: int, q: int, low: int) -> Mention | None:
    """Read "Asks her driver: “…”", the cue at the sentence's head."""
    if k != low or k + 1 >= q or tokens[q - 1].text not in (",", ":"):
        return None
    mention = right_speaker(tokens, k + 1, q)
    return mention if mention and mention.end == tokens[q - 2].end else None


def _depends(tokens: list[Token], k: int) -> bool:
    """Tell a participle or an infinitive: its subject may be that of a cue further left."""
    before = tokens[k - 1].low if k else ""
    return (tokens[k].low.endswith("ing") and before in (",", "and", "—", "–")) or before == "to"


def _in_clause_of_he(tokens: list[Token], low: int, subject: Mention) -> bool:
    """Tell "said that he had called it …": a pronoun right after "that" or a cue."""
    if subject.sort is not Sort.PRONOUN or subject.words[0] not in ("he", "she", "it", "they"):
        return False
    at = next((i for i in range(low, len(tokens)) if tokens[i].start >= subject.start), low)
    return at > low and (tokens[at - 1].low == "that" or tokens[at - 1].low in CUES)


def _governs(tokens: list[Token], k: int, nearest: Tag) -> bool:
    """Tell whether the cue at `k` has the clause of the nearer one inside its own."""
    subject = nearest[1]
    if subject is None:
        return True
    if CUES.get(tokens[k].low) is not Cue.SAY:
        return False
    return not any(
        tokens[i].low in ("but", "while", "whereas") or tokens[i].text == ";"
        for i in range(k, nearest[0])
        if tokens[i].start < subject.start
    )


def _in_words(tokens: list[Token], k: int) -> Mention | None:
    """Read "in his words"."""
    whose = tokens[k - 1]
    if tokens[k - 2].low != "in" or whose.low not in ("his", "her"):
        return None
    return Mention(whose.start, whose.end, Sort.PRONOUN, ("he" if whose.low == "his" else "she",))


def _passive_agent(tokens: list[Token], k: int, low: int, q: int) -> tuple[Mention | None] | None:
    """Read "was described by Doe as …": the agent speaks; a passive without one is nobody's."""
    if k - 1 < low or tokens[k - 1].low not in ("was", "were", "is", "are", "been", "being", "be"):
        return None
    if not tokens[k].low.endswith(("ed", "cast")):
        return None
    near = [*range(k + 1, min(q, k + 4)), *range(q + 1, min(q + 2, len(tokens)))]
    by = next((i for i in near if tokens[i].low == "by"), None)
    return (
        right_speaker(tokens, by + 1, q if by < q else len(tokens)) if by is not None else None,
    )
