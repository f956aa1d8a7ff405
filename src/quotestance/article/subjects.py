"""Whose verb it is: the subject of a cue, and the subject of a sentence."""

from quotestance.article.appositions import apposed_name
from quotestance.article.cues import CUES, NOUNS_TOO, Cue
from quotestance.article.mentions import (
    AUXILIARIES,
    DETERMINERS,
    PRONOUNS,
    Mention,
    Sort,
    bare,
    describe,
    is_head,
    is_role,
    name_end,
)
from quotestance.article.phrases import left_phrase, right_phrase
from quotestance.article.roles import CALENDAR, DOCUMENTS
from quotestance.article.tokens import Token

_DASHES = ("—", "–", "-", "--", "―")
PREPOSITIONS = frozenset(
    """in on at from with to near by inside outside after before during about against over under
    into for of than between among including alongside via through across without within
    behind""".split()
)
TIME = CALENDAR | frozenset(
    """on late early morning evening night afternoon week month year last this next day at in the
    earlier later hours noon midnight gmt local time ago""".split()
)
_SPANS = frozenset("night morning evening afternoon week month year hours".split())
QUOTES = frozenset("quoted cited quotes cites quoting citing".split())
_PHRASAL = {
    **dict.fromkeys(("pointed", "points", "pointing"), "out"),
    **dict.fromkeys(("shot", "shoots", "fired", "fires", "hit", "hits"), "back"),
    **dict.fromkeys(("chimed", "chimes", "weighed", "weighs"), "in"),
    **dict.fromkeys(("put", "puts", "putting"), "it"),
}
"""Verbs that are of speech only together with the word after them."""
_ALONE = frozenset("this that one another some".split())
"""Determiners that can be a subject by themselves: "another said"."""
_CONJUNCTIONS = frozenset("after before since until than".split())
"""Prepositions that also open a clause, whose subject they precede."""
_ADVERBIAL = PREPOSITIONS | frozenset(
    "when while as asked but and speaking earlier later meanwhile back".split()
)
"""Words that open what stands before a sentence's subject."""
_NEGATIVE = frozenset("not never cannot nobody".split())
_MODAL = frozenset("would could might may should must can if whether".split())


def is_cue(tokens: list[Token], k: int) -> bool:
    """Tell whether `tokens[k]` is a verb of speech where it stands."""
    token = tokens[k]
    if token.low in _PHRASAL:
        return k + 1 < len(tokens) and tokens[k + 1].low == _PHRASAL[token.low]
    if token.low not in CUES:
        return (
            token.low == "went"
            and k + 1 < len(tokens)
            and tokens[k + 1].low == "on"
            and (k + 2 == len(tokens) or tokens[k + 2].text in ".,:" or tokens[k + 2].is_quote)
        )
    before = tokens[k - 1].low if k else ""
    if token.low == "think" and k + 1 < len(tokens) and tokens[k + 1].low in ("tank", "tanks"):
        return False
    if before in DETERMINERS - _ALONE or before == "of":
        return False
    if token.low in ("call", "calling") and before in ("to", "and", ","):
        if any(after.is_quote for after in tokens[k + 1 : k + 6]):
            return True
    if token.low in NOUNS_TOO:
        if before.endswith("'s"):
            return False
        return _governs_at_once(tokens, k)
    if token.low == "calling":
        return _governs_at_once(tokens, k)
    return True


def _governs_at_once(tokens: list[Token], k: int) -> bool:
    if k + 1 >= len(tokens):
        return bool(k) and tokens[k - 1].low in PRONOUNS
    after = tokens[k + 1]
    if tokens[k].low.startswith(("find", "found", "show")):
        return after.low == "that"
    if tokens[k].low == "corrected" and after.text == ".":
        return bool(k) and (tokens[k - 1].low in PRONOUNS or tokens[k - 1].is_cap)
    if tokens[k].low.startswith("contin"):
        return after.is_quote or after.text in ",:."
    return (
        after.is_quote
        or after.text in ",:"
        or after.low in ("that", "it", "on", "for", "him", "her", "them", "to", "how")
    )


def subject_before(tokens: list[Token], k: int, low: int) -> Mention | None:
    """Return the subject of the cue `tokens[k]` that stands before it, not before `low`."""
    j = _skip_auxiliaries(tokens, k - 1, low)
    quoted = _quoted_as_saying(tokens, j, low)
    if quoted:
        return quoted
    for _ in range(4):
        if j < low:
            return None
        if tokens[j].text == "," or tokens[j].text in _DASHES:
            return _before_insertion(tokens, j, low)
        further = _step_over(tokens, j, low)
        if further is None:
            phrase = left_phrase(tokens, j, low)
            if phrase is None:
                return _before_relative(tokens, j, low) or _before_place(tokens, j, low)
            outer = _outside_relative(tokens, phrase[0], low)
            if outer is not None:
                return describe(tokens, *outer)
            if not _hangs_on_preposition(tokens, phrase[0], low, k) or _absolute(tokens, k, low):
                return _with_apposed_role(tokens, *phrase, low)
            further = _out_of_preposition(tokens, phrase[0] - 1, low)
            if further is None:
                return None
        j = further
    return None


def _step_over(tokens: list[Token], j: int, low: int) -> int | None:
    """Return where to look instead if brackets, a relative pronoun or a time end at `tokens[j]`."""
    token = tokens[j]
    if token.text == ")":
        return _index_left(tokens, j, low, "(") - 1
    if token.low in ("who", "which"):
        return j - (2 if j - 1 >= low and tokens[j - 1].text == "," else 1)
    if token.low in CALENDAR or token.text.isdigit() or token.low in _SPANS:
        return _skip_time(tokens, j, low)
    return None


def _outside_relative(tokens: list[Token], first: int, low: int) -> tuple[int, int] | None:
    """Read "A charity that supports the wounded said": the charity, not the wounded."""
    if first - 3 < low or tokens[first - 2].low not in ("that", "who", "which"):
        return None
    verb = tokens[first - 1]
    if verb.is_cap or not verb.is_word or verb.low in CUES or verb.low in PREPOSITIONS:
        return None
    return left_phrase(tokens, first - 3, low)


def _hangs_on_preposition(tokens: list[Token], first: int, low: int, k: int) -> bool:
    """Tell the ambassador of "a letter to the ambassador said", which is not the cue's subject."""
    if first > low and tokens[first - 1].low in _CONJUNCTIONS:
        if not tokens[k].low.endswith("ing"):
            return False  # "It comes after the ambassador warned": a clause of his own
    nominative = tokens[first].low in ("he", "she", "they", "i", "we")
    return first - 1 >= low and tokens[first - 1].low in PREPOSITIONS and not nominative


def _out_of_preposition(tokens: list[Token], at: int, low: int) -> int | None:
    """Return where the phrase before a prepositional one ends: "officials in Kyiv said"."""
    before = at - 1
    while before >= low and tokens[before].low in ("close", "familiar", "based", "also", "late"):
        before -= 1
    if before < low or not tokens[before].is_word or tokens[before].text == ",":
        return None
    return before


def _before_place(tokens: list[Token], j: int, low: int) -> Mention | None:
    """Read "officials on both sides", "locals in three villages": people, then where they are."""
    at = next((i for i in range(j - 1, max(low, j - 4), -1) if tokens[i].low in PREPOSITIONS), low)
    phrase = left_phrase(tokens, at - 1, low)
    if phrase is None or not is_role(tokens[at - 1].low.removesuffix("s")):
        return None
    return describe(tokens, *phrase)


def _skip_auxiliaries(tokens: list[Token], j: int, low: int) -> int:
    while j >= low:
        word = tokens[j].low
        adverb = word.endswith("ly") and not tokens[j].is_cap
        if word not in AUXILIARIES and not adverb and not word.endswith("n't"):
            break
        if word == "who":
            break
        if word == "to":
            j = _before_infinitive(tokens, j, low)
            continue
        j -= 1
    return j


def _before_infinitive(tokens: list[Token], j: int, low: int) -> int:
    """Step over the verb before "to say": "used to say", "went on to say"."""
    j -= 1
    if j >= low and not tokens[j].is_cap:
        if tokens[j].low == "on" and j > low:
            j -= 1
        if not is_head(tokens[j].low):
            j -= 1
    return j


def _quoted_as_saying(tokens: list[Token], j: int, low: int) -> Mention | None:
    """Read "was quoted as saying" and "TASS quoted Peskov as saying"."""
    if j <= low or tokens[j].low != "as":
        return None
    at = next(
        (i for i in range(j - 1, max(low, j - 12) - 1, -1) if tokens[i].low in QUOTES),
        None,
    )
    if at is None:
        return None
    passive = at > low and tokens[at - 1].low in ("was", "were", "is", "been", "being", "also")
    if passive:
        return subject_before(tokens, at, low)
    if tokens[j - 1].low in _OBLIQUE:
        token = tokens[j - 1]
        return Mention(token.start, token.end, Sort.PRONOUN, (_OBLIQUE[token.low],))
    phrase = left_phrase(tokens, j - 1, at + 1)
    return describe(tokens, *phrase) if phrase else None


def _skip_time(tokens: list[Token], j: int, low: int) -> int:
    while j >= low and (tokens[j].low in TIME or tokens[j].text.isdigit()):
        j -= 1
    return j


def _index_left(tokens: list[Token], j: int, low: int, mark: str) -> int:
    return next((i for i in range(j - 1, max(low, j - 30) - 1, -1) if tokens[i].text == mark), low)


def _before_insertion(tokens: list[Token], j: int, low: int) -> Mention | None:
    """Step over ", … ," or "- … -" before the cue: an apposition, a clause, an age."""
    marks = (",",) if tokens[j].text == "," else _DASHES
    m = j
    for _ in range(4):
        m = next(
            (i for i in range(m - 1, max(low, m - 32) - 1, -1) if tokens[i].text in marks), low - 1
        )
        named = apposed_name(tokens, m, j, low)
        if named is not None:
            return named
        if m <= low:
            return None
        phrase = left_phrase(tokens, m - 1, low)
        if phrase is None and tokens[m - 1].text == ")":
            phrase = left_phrase(tokens, _index_left(tokens, m - 1, low, "(") - 1, low)
        if phrase and not (
            phrase[0] - 1 >= low and tokens[phrase[0] - 1].low in PREPOSITIONS - {"of", "for"}
        ):
            if _is_aside(tokens[m + 1]) or describe(tokens, *phrase).sort is Sort.PERSON:
                return _named_before(tokens, phrase, low)
    return None


def _named_before(tokens: list[Token], phrase: tuple[int, int], low: int) -> Mention:
    """Read "Senator Doe, Democrat of Maine, who …": the name before a phrase in commas."""
    mention = _with_apposed_role(tokens, *phrase, low)
    if mention.sort is Sort.PERSON and len(mention.words) > 1:
        return mention
    at = phrase[0] - 1
    earlier = left_phrase(tokens, at - 1, low) if at > low and tokens[at].text == "," else None
    if earlier is None:
        return mention
    named = describe(tokens, *earlier)
    return named if named.sort is Sort.PERSON and len(named.words) > 1 else mention


_ASIDES = frozenset("who which whose among including in on at after when as also".split())


def _is_aside(token: Token) -> bool:
    return (
        token.is_cap
        or token.low in DETERMINERS | _ASIDES
        or token.low.endswith("ing")
        or token.text.isdigit()
        or is_role(token.low)
    )


def _with_apposed_role(tokens: list[Token], first: int, end: int, low: int) -> Mention:
    mention = describe(tokens, first, end)
    apposed = first - 1 > low and tokens[first - 1].text == "," and mention.role is None
    if apposed and mention.sort is Sort.PERSON and (end < len(tokens) and tokens[end].text == ","):
        return apposed_name(tokens, first - 1, end, low) or mention
    return mention


def _before_relative(tokens: list[Token], j: int, low: int) -> Mention | None:
    """Read "a man who asked not to be named said"."""
    for i in range(j, max(low, j - 14), -1):
        if tokens[i].low == "who":
            at = i - 2 if tokens[i - 1].text == "," else i - 1
            phrase = left_phrase(tokens, at, low)
            return describe(tokens, *phrase) if phrase else None
        if tokens[i].text in ".;:" or tokens[i].is_quote:
            break
    return None


def is_negated(tokens: list[Token], k: int, low: int) -> bool:
    """Tell whether a negation stands within three words before `tokens[k]`."""
    near = (token.low for token in tokens[max(low, k - 3) : k])
    return any(word in _NEGATIVE or word.endswith("n't") for word in near)


def is_denied(tokens: list[Token], k: int, low: int) -> bool:
    """Tell whether the speech did not take place: "did not say", "would say"."""
    modal = any(t.low in _MODAL and t.text != "May" for t in tokens[max(low, k - 3) : k])
    return modal or is_negated(tokens, k, low)


_OBLIQUE = {"him": "he", "her": "she", "them": "they"}


def right_speaker(tokens: list[Token], i: int, high: int) -> Mention | None:
    """Return the speaker named from `tokens[i]` on: "said Doe", "according to him"."""
    if i < high and tokens[i].low in _OBLIQUE and (i + 1 == high or tokens[i + 1].text == ","):
        token = tokens[i]
        return Mention(token.start, token.end, Sort.PRONOUN, (_OBLIQUE[token.low],))
    phrase = right_phrase(tokens, i, high)
    if phrase is None:
        return None
    mention = describe(tokens, *phrase)
    j = phrase[1]
    if j + 1 < high and tokens[j].low in ("called", "named") and tokens[j + 1].is_cap:
        # "A boy called Artem": the name, however short.
        end = name_end(tokens, j + 1)
        words = tuple(bare(token.text) for token in tokens[j + 1 : end])
        role = " ".join(token.text for token in tokens[phrase[0] + 1 : j])
        if mention.sort is Sort.ROLE and words:
            return Mention(mention.start, tokens[end - 1].end, Sort.PERSON, words, role or None)
    # "said the foreign minister, Jane Doe": the name after the comma is who spoke.
    if (
        mention.sort is Sort.ROLE
        and j + 1 < high
        and tokens[j].text == ","
        and (
            (tokens[j + 1].is_cap and tokens[j + 1].low not in CALENDAR)
            or (is_role(tokens[j + 1].low) and j + 2 < high and tokens[j + 2].is_cap)
        )
    ):
        begin = j + 1 if tokens[j + 1].is_cap else j + 2
        end = name_end(tokens, begin)
        named = describe(tokens, begin, end)
        if named.sort is Sort.PERSON:
            before = [token.text for token in tokens[phrase[0] : j]]
            role = " ".join(before[1:] if before[0].lower() in DETERMINERS else before)
            return Mention(mention.start, named.end, Sort.PERSON, named.words, role, named.title)
    return mention


def sentence_subject(tokens: list[Token], low: int, high: int) -> Mention | None:
    """Return the first noun phrase of a sentence, after an adverbial that opens it."""
    i = low
    while i < high and tokens[i].text in "“\"'‘(-–—*•":
        i += 1
    if i < high and tokens[i].low in _ADVERBIAL:
        if tokens[i].low in ("but", "and", "meanwhile", "later", "earlier"):
            i += 2 if i + 1 < high and tokens[i + 1].text == "," else 1
        else:
            comma = next((j for j in range(i, min(high, i + 25)) if tokens[j].text == ","), None)
            if comma is None:
                return None
            i = comma + 1
    return right_speaker(tokens, i, high)


def is_loose(tokens: list[Token], k: int, low: int) -> bool:
    """Tell a verb that only describes something: "a vote telling Russia …", "would say"."""
    before = tokens[k - 1] if k > low else None
    if tokens[k].low.endswith("ing") and before and before.is_word:
        document = before.low in DOCUMENTS and tokens[k].low == "saying"
        document = document or before.low.endswith("self")
        governed = document or _absolute(tokens, k, low)
        return before.low not in ("and", "by", "as") and not governed
    if before is not None and before.low == "to":
        return CUES[tokens[k].low] is Cue.JUDGE
    return before is not None and before.low in _MODAL | {"will"}


def _absolute(tokens: list[Token], k: int, low: int) -> bool:
    """Tell ", with the General Staff saying that …": the phrase is the verb's subject."""
    phrase = left_phrase(tokens, k - 1, low)
    first = phrase[0] if phrase else low
    return first - 2 >= low and tokens[first - 1].low == "with" and tokens[first - 2].text == ","


def document_owner(tokens: list[Token], low: int, subject: Mention) -> Mention:
    """Read "Doe released a statement saying": the statement is not who speaks."""
    last = subject.words[-1].lower()
    if last not in DOCUMENTS or len(subject.words) > 2 or subject.words[0].lower() not in (
        "a", "an", "the",
    ):  # fmt: skip
        return subject
    main = sentence_subject(tokens, low, len(tokens))
    return main if main is not None and main.start < subject.start else subject
