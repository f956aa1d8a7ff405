"""Reported speech: the clause that a cue governs, and whose words it reports."""

from quotestance.article.according import Clause, framed
from quotestance.article.adjuncts import FINITE, after_adjunct, after_hearer, that_ahead
from quotestance.article.cues import BARE_CLAUSE, CUES, INFINITIVE, TO_HEARER, Cue
from quotestance.article.mentions import DETERMINERS, PRONOUNS, STOP, Mention, Sort
from quotestance.article.passages import Passage
from quotestance.article.predicates import goes_on_after, is_auxiliary, next_comma
from quotestance.article.subjects import (
    PREPOSITIONS,
    document_owner,
    is_cue,
    is_denied,
    is_loose,
    right_speaker,
    sentence_subject,
    subject_before,
)
from quotestance.article.tokens import Token

_MIN_WORDS = 2
_LONGEST_TAG = 12
"""Tokens of a tag inside a clause after its cue: "he told reporters in Kyiv on Monday"."""
_ADDING = frozenset(
    "adding noting saying warning stressing insisting claiming arguing stating telling".split()
)
_ACTS = frozenset(
    """called calls calling warned warns accused accuses denied denies rejected rejects pledged
    pledges vowed vows promised promises demanded demands accusing warning pledging vowing denying
    threatened threatens""".split()
)
_OPENING = PREPOSITIONS | {"when", "as", "while", "speaking", "asked", "if", "although"}
_NO_CLAUSE = frozenset("goodbye nothing hello yes no much little something anything".split())
_BELIEFS = frozenset(
    """believe believes believed believing think thinks thought thinking hope hopes hoped fear fears
    feared feel feels felt want wants wanted consider considers considered regard view""".split()
)
_VAGUE = frozenset("asked asks asking commented comments replied spoke spoken".split())


def find_clauses(passage: Passage, index: int, tags: frozenset[int]) -> list[Clause]:
    """Return the reported clauses of a sentence; `tags` are cues that belong to quotations."""
    tokens = passage.tokens
    low, high = passage.sentences[index]
    end = _strip_end(tokens, low, high)
    clauses = framed(tokens, low, end)
    if not clauses:
        for k in range(low, end):
            if k not in tags and not (clauses and k < clauses[-1].first):
                _add_clause(clauses, tokens, k, (low, end))
    return [clause for clause in clauses if _is_clear(tokens, clause)]


def _add_clause(clauses: list[Clause], tokens: list[Token], k: int, span: tuple[int, int]) -> None:
    """Add the clause that the word at `k` governs, if it is a cue that reports one."""
    low, end = span
    if not is_cue(tokens, k) or (tokens[k].low in _VAGUE and not _is_told(tokens, k, end)):
        return
    if tokens[k].low.endswith("ing") and is_loose(tokens, k, low):
        return
    after = _inverted(tokens, k, low, end)
    if after is not None:
        clauses[:] = [after]
        return
    mention, own = _subject(tokens, k, low, clauses[-1].mention if clauses else None)
    if mention is None or is_denied(tokens, k, low) or mention.words[0] in ("i", "you"):
        return
    if own and _is_relative(tokens, k, low, mention):
        return
    clause = (
        _interrupted(tokens, k, (low, end), mention)
        or _complement(tokens, k, end, mention)
        or _preposed(tokens, k, low, end, mention)
    )
    if clause is None:
        if clauses and _begins_another(tokens, clauses[-1], k, mention, own=own):
            clauses[-1] = _cut(tokens, clauses[-1], k, mention, own=own)
        return
    if clauses and clauses[-1].end > clause.first:
        if own and not _coordinate(tokens, k, mention, clauses[-1].first):
            return
        clauses[-1] = _cut(tokens, clauses[-1], k, mention, own=own)
    clauses.append(clause)


def _begins_another(
    tokens: list[Token], last: Clause, k: int, mention: Mention, *, own: bool
) -> bool:
    """Tell whether a cue that governs a quotation only ends the reported clause before it."""
    if not last.first < k < last.end:
        return False
    if own:
        return _coordinate(tokens, k, mention, last.first)
    return tokens[k - 1].low in ("and", "but")


def _is_told(tokens: list[Token], k: int, end: int) -> bool:
    """Tell "asked people to avoid it" and "replied that it rained" from a mere "asked"."""
    after = tokens[k + 1 : min(end, k + 9)]
    if after and after[0].low == "that":
        return True
    if tokens[k].low not in ("asked", "asks") or not after or after[0].low in ("not", "to", "for"):
        return False
    stop = next((i for i, t in enumerate(after) if t.is_quote or not t.is_word), len(after))
    return any(token.low == "to" for token in after[:stop])


def _strip_end(tokens: list[Token], low: int, high: int) -> int:
    while high > low and tokens[high - 1].text in ".?!,;:…":
        high -= 1
    return high


def _is_clear(tokens: list[Token], clause: Clause) -> bool:
    words = sum(tokens[i].is_word or tokens[i].is_quote for i in range(clause.first, clause.end))
    return words >= _MIN_WORDS


def _subject(
    tokens: list[Token], k: int, low: int, last: Mention | None
) -> tuple[Mention | None, bool]:
    """Return the cue's subject, and whether it stands at the cue rather than being carried."""
    if last is not None and tokens[k].low in _ADDING and tokens[k - 1].text == ",":
        return last, False
    own = subject_before(tokens, k, low)
    if own is not None:
        return document_owner(tokens, low, own), True
    before = tokens[k - 1].low if k > low else ""
    listed = before == "," and k + 1 < len(tokens) and tokens[k + 1].low == "that"
    joined = listed or before in ("and", "but", "also", "later", "then")
    if tokens[k].low in _ADDING and before == ",":
        return last or _subject_of_tag(tokens, k, low) or sentence_subject(tokens, low, k), False
    if joined and not tokens[k].low.endswith("ing"):
        return last or sentence_subject(tokens, low, k), False
    return None, False


def _subject_of_tag(tokens: list[Token], k: int, low: int) -> Mention | None:
    """Return who speaks in "“…,” she told reporters, adding that …"."""
    for i in range(k - 2, max(low, k - 16) - 1, -1):
        if is_cue(tokens, i):
            return subject_before(tokens, i, low) or right_speaker(tokens, i + 1, k)
    return None


def _interrupted(
    tokens: list[Token], k: int, span: tuple[int, int], mention: Mention
) -> Clause | None:
    """Read "Russia, he said, would answer": what goes on after the tag in its commas."""
    low, end = span
    at = next((i for i in range(low, k) if tokens[i].start >= mention.start), low)
    if at <= low or tokens[at - 1].text != ",":
        return None
    comma = next_comma(tokens, k + 1, min(end, k + _LONGEST_TAG))
    # "he told the paper on Monday": a hearer, a time, a place, but no clause.
    if comma is None or any(
        t.is_quote or t.low == "that" or is_auxiliary(t) for t in tokens[k + 1 : comma]
    ):
        return None
    if goes_on_after(tokens, low, at - 1, comma + 1, end):
        return Clause(comma + 1, end, k, mention, False)
    return None


def _is_relative(tokens: list[Token], k: int, low: int, mention: Mention) -> bool:
    """Tell "a flow that Helsinki says amounts to …", where no clause of its own follows."""
    at = next((i for i in range(max(low, k - 30), k) if tokens[i].start >= mention.start), k)
    if at > low and tokens[at - 1].low == "which" and tokens[at - 2].low in PREPOSITIONS:
        return False  # "a speech in which he said the war would go on"
    return (
        at > low
        and tokens[at - 1].low in ("that", "which", "what", "whom")
        and (at - 2 < low or (tokens[at - 2].is_word and tokens[at - 2].low not in CUES))
    )


def _coordinate(tokens: list[Token], k: int, mention: Mention, first: int) -> bool:
    """Tell a second report ("… but Kyiv said …") from a report inside the first clause."""
    at = next((i for i in range(first, k) if tokens[i].start >= mention.start), k)
    return at > first and tokens[at - 1].low in ("but", "while", "and", ";", "whereas", ",")


def _cut(tokens: list[Token], clause: Clause, k: int, mention: Mention, *, own: bool) -> Clause:
    """End a clause before the next report of the same sentence."""
    at = k
    if own:
        at = next((i for i in range(clause.first, k) if tokens[i].start >= mention.start), k)
    while at > clause.first and (
        tokens[at - 1].text in ",;" or tokens[at - 1].low in ("and", "but", "while", "also")
    ):
        at -= 1
    return Clause(clause.first, at, clause.cue, clause.mention, clause.finite)


def _complement(tokens: list[Token], k: int, end: int, mention: Mention) -> Clause | None:
    cue = tokens[k].low
    i = k + 1
    if i < end and tokens[i].low == "out":
        i += 1
    if cue in _BELIEFS:
        return None
    # What is denied is read with its denial.
    finite = not cue.startswith(("deny", "deni"))
    if i < end and tokens[i].low == "that":
        return Clause(i + 1, end, k, mention, finite)
    if cue in INFINITIVE and (clause := _infinitive(tokens, k, end, mention)):
        return clause
    if CUES.get(cue) is Cue.JUDGE:
        return None
    that = that_ahead(tokens, i, end)
    if that is not None:
        return Clause(that + 1, end, k, mention, finite)
    if cue in TO_HEARER:
        i = after_hearer(tokens, i, end)
        opens = i < end and tokens[i].low not in _ADDING and _opens_clause(tokens, i, end)
        return Clause(i, end, k, mention, True) if opens else None
    if cue in _ACTS and (clause := _wish(tokens, k, end, mention)):
        return clause
    return _bare(tokens, k, i, (end, mention))


def _bare(tokens: list[Token], k: int, i: int, rest: tuple[int, Mention]) -> Clause | None:
    """Read a clause without "that": "said on Monday the road was closed"."""
    cue, (end, mention) = tokens[k].low, rest
    if i + 1 < end and tokens[i].low in ("this", "it") and tokens[i + 1].low in PREPOSITIONS:
        return None
    if cue in BARE_CLAUSE or (CUES.get(cue) is Cue.SAY and cue in ("vowed", "warned")):
        i = after_adjunct(tokens, i, end)
        if i < end and tokens[i].low in _ADDING:
            return None
        if _opens_clause(tokens, i, end):
            return Clause(i, end, k, mention, True)
    return None


def _opens_clause(tokens: list[Token], i: int, end: int) -> bool:
    if end - i < 3 and not (end - i == 2 and tokens[end - 1].is_quote):
        return False
    token = tokens[i]
    if not token.is_word:
        return False
    if token.low in ("there", "more", "if", "when", "while", "what", "it's", "at"):
        return True
    return (
        token.is_cap
        or token.low in DETERMINERS
        or token.low in PRONOUNS
        or token.text[0].isdigit()
        or (token.low not in STOP and token.low.endswith("s") and not token.low.endswith("ss"))
        or (token.low not in STOP and not token.low.endswith("ing") and token.low not in _NO_CLAUSE)
        or (
            token.low.endswith("ing")
            and any(t.low in FINITE for t in tokens[i + 1 : min(end, i + 5)])
        )
    )


def _infinitive(tokens: list[Token], k: int, end: int, mention: Mention) -> Clause | None:
    """Read "urged members of the alliance to continue", "vowed to remain"."""
    i = k + 1
    if i < end and tokens[i].low in ("on", "upon"):
        i += 1
    elif i < end and tokens[i].low in ("for", "by") and tokens[k].low != "called":
        return None
    for j in range(i, min(end, i + 16)):
        if tokens[j].is_quote or tokens[j].text in ".;:" or tokens[j].low == "that":
            return None
        if (
            j + 1 < end
            and tokens[j].low == "to"
            and tokens[j + 1].is_word
            and (not tokens[j + 1].is_cap and tokens[j + 1].low not in DETERMINERS | PRONOUNS)
        ):
            return Clause(i, end, k, mention, False)
        if j + 1 < end and tokens[j].low == "to" and tokens[j + 1].is_quote:
            return Clause(i, end, k, mention, False)
    return None


def _wish(tokens: list[Token], k: int, end: int, mention: Mention) -> Clause | None:
    """Read "called for an end", "accused Kyiv of …", "denied any role"."""
    i = k + 1
    cue = tokens[k].low
    if i >= end or not tokens[i].is_word:
        return None
    if cue.startswith("call"):
        return Clause(i + 1, end, k, mention, False) if tokens[i].low == "for" else None
    if cue.startswith("accus"):
        near = tokens[i : min(end, i + 14)]
        return Clause(i, end, k, mention, False) if any(t.low == "of" for t in near) else None
    if cue.startswith(("warn", "threaten")) and tokens[i].low not in ("of", "against", "about"):
        return None
    return Clause(i, end, k, mention, False)


def _preposed(tokens: list[Token], k: int, low: int, end: int, mention: Mention) -> Clause | None:
    """Read "The bridge will open in May, the minister said on Monday"."""
    if CUES.get(tokens[k].low) is not Cue.SAY:
        return None
    at = next((i for i in range(low, k) if tokens[i].start >= mention.start), k)
    adding = (
        i for i in range(k + 1, end - 1) if tokens[i].text == "," and tokens[i + 1].low in _ADDING
    )
    end = next(adding, end)
    if at - low < 4 or tokens[at - 1].text != "," or end - k > 14:
        return None
    if tokens[low].low in _OPENING:
        return None
    if any(tokens[i].is_quote for i in (low, at - 2)) or _has_more(tokens, k + 1, end):
        return None
    return Clause(low, at - 1, k, mention, True)


def _inverted(tokens: list[Token], k: int, low: int, end: int) -> Clause | None:
    """Read "The bridge will open in May, said the minister"."""
    if k - low < 5 or tokens[k - 1].text != "," or tokens[k].low not in ("said", "says", "added"):
        return None
    if subject_before(tokens, k, low) is not None:
        return None
    mention = right_speaker(tokens, k + 1, end)
    if mention is None or mention.sort is Sort.PRONOUN or end - k > 40 or tokens[low].is_quote:
        return None
    if tokens[low].low in _OPENING or _has_more(tokens, k + 1, end):
        return None
    return None if tokens[k - 2].is_quote else Clause(low, k - 1, k, mention, True)


def _has_more(tokens: list[Token], i: int, end: int) -> bool:
    return any(tokens[j].is_quote or tokens[j].low == "that" for j in range(i, end))
