"""Speakers as mentioned: the noun phrase on either side of a cue verb, and what it names."""

from dataclasses import dataclass
from enum import Enum

from quotestance.article.cues import CUES, NOUNS_TOO
from quotestance.article.names import FIRST_NAMES
from quotestance.article.roles import (
    BODIES,
    CALENDAR,
    GROUPS,
    PERSON_ROLES,
    PLACES,
    PORTFOLIO,
    TITLES,
)
from quotestance.article.tokens import Token

DETERMINERS = frozenset(
    "the a an this that these those his her its their our my your one another some any".split()
)
PRONOUNS = frozenset("he she they it i we you".split())
PARTICLES = frozenset(
    "de da di du del der den van von af al el bin ibn la le ter ten zu dos das san mac st.".split()
)
AUXILIARIES = frozenset(
    """has have had is are was were be been being will would did does do can could may might must
    should shall to also then later earlier again already once even further further not never just
    only still now yesterday today tonight recently previously twice reportedly since first last
    subsequently nonetheless nevertheless however both all himself herself themselves itself on
    always often ever briefly rightly too instead soon rather simply
    who went quoted""".split()
)
STOP = frozenset(
    """and or but nor as while when where because if though although after before since until by
    with without from at in on to into onto over under about against during through between among
    despite amid than that which who whom whose what how why is are was were be been being has have
    had do does did will would can could may might must should shall not so yet also however
    meanwhile there then here via per like unlike said says up out off down back too very
    upon within across toward towards behind beyond near whether ago later earlier""".split()
)
OPENERS = frozenset(
    """the a an on in at but and as by for from when while after before however meanwhile also
    according his her its their if some many most both since under with asked speaking earlier later
    last next one two no not to what why how who where still yet now then so or this that these
    those there here our my your it he she they we i you once only even yes asked amid despite
    during although though because until unlike like while more less over few several all any every
    each such another other photo image file video read advertisement watch updated published
    q a""".split()
)


class Sort(Enum):
    """What a mention is."""

    PERSON = "person"
    PRONOUN = "pronoun"
    ROLE = "role"
    BODY = "body"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Mention:
    """A speaker as the article mentions him, her, it or them there."""

    start: int
    end: int
    sort: Sort
    words: tuple[str, ...]
    """Of a person the name, of others the phrase."""
    role: str | None = None
    """The role beside a person's name."""
    title: str | None = None


def is_role(low: str) -> bool:
    """Tell whether a word is a person's office, also as part of a compound."""
    return low in PERSON_ROLES or low.rsplit("-", 1)[-1] in PERSON_ROLES or low in TITLES


def is_head(low: str) -> bool:
    """Tell whether a common noun can be the head of a speaker's phrase."""
    return is_role(low) or low in GROUPS or low in BODIES


def is_possessive(word: str) -> bool:
    """Tell whether a word says whose: "her", "Doe's"."""
    return bare(word) != word or word.lower() in ("my", "his", "her", "its", "their", "our", "your")


def bare(word: str) -> str:
    """Return a word without its possessive ending."""
    if word.endswith(("'s", "’s")):
        return word[:-2]
    return word[:-1] if word.endswith(("s'", "s’")) else word


def name_end(tokens: list[Token], i: int) -> int:
    """Return the end of the run of capitalised words (particles inside) that starts at `i`."""
    j = i
    while j < len(tokens):
        token = tokens[j]
        if token.is_cap and (j == i or token.low not in CALENDAR):
            j += 1
            if token.low.endswith("'s"):
                break
        elif token.low in PARTICLES and j > i and _cap_soon(tokens, j):
            j += 1
        else:
            break
    return j


def _cap_soon(tokens: list[Token], j: int) -> bool:
    return any(
        tokens[k].is_cap and all(tokens[m].low in PARTICLES | {"la"} for m in range(j, k))
        for k in range(j + 1, min(j + 3, len(tokens)))
    )


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
    if token.low in DETERMINERS:
        return True
    if token.low in ("of", "for"):
        return i > limit and _may_head(tokens[i - 1], strict=token.low == "for")
    if token.text in "&/" or (token.low in PARTICLES and after.is_cap):
        return True
    if token.low == "and":
        return i > limit and _joins(tokens[i - 1], after)
    return _inside(token, after)


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
        return is_head(token.low) or token.low in PORTFOLIO or token.low.endswith(("'s", "-born"))
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
        j += 1
    if j > i and tokens[j - 1].low in ("of", "for", "and"):
        j -= 1
    return (i, j) if _is_phrase(tokens, i, j) else None


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
    if not token.is_cap and _is_verb(token) and before.low not in DETERMINERS:
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


def _is_verb(token: Token) -> bool:
    low = token.low
    return low in _VERBS or (low.endswith("ed") and len(low) > 4 and not is_role(low))


def _is_adjective(token: Token) -> bool:
    return token.is_cap and token.low.endswith(("ish", "ian", "ese", "ean", "ch", "an"))


def _is_whole(token: Token) -> bool:
    if token.low in DETERMINERS:
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


def describe(tokens: list[Token], first: int, end: int) -> Mention:
    """Say what the phrase `tokens[first:end]` names."""
    span = tokens[first:end]
    pair = _pair(tokens, first, end)
    if pair is not None:
        return pair
    start, stop = span[0].start, span[-1].end
    if len(span) == 1 and span[0].low in PRONOUNS:
        return Mention(start, stop, Sort.PRONOUN, (span[0].low,))
    cut = next((k for k, token in enumerate(span) if token.low in ("of", "for")), len(span))
    name = _name_part(span, cut)
    if name is not None:
        a, b = name
        title = span[a - 1].low.rstrip(".") if a else None
        role = _role_text(span[:a])
        words = tuple(bare(token.text) for token in span[a:b])
        return Mention(start, stop, Sort.PERSON, words, role, title if title in TITLES else None)
    words = tuple(token.text for token in span)
    return Mention(start, stop, _sort_of_phrase(span, cut), words)


def _pair(tokens: list[Token], first: int, end: int) -> Mention | None:
    """Read "Minister Jane Doe and General John Roe" as the two of them."""
    at = next((k for k in range(first + 1, end - 1) if tokens[k].low == "and"), None)
    if at is None or at - first < 2:
        return None
    one, other = describe(tokens, first, at), describe(tokens, at + 1, end)
    both = one.sort is Sort.PERSON and other.sort is Sort.PERSON
    if not both or len(one.words) < 2 or len(other.words) < 2:
        return None
    words = tuple(token.text for token in tokens[first:end])
    return Mention(one.start, other.end, Sort.GROUP, words)


def _role_text(span: list[Token]) -> str | None:
    words = [token.text for token in span]
    while words and words[0].lower() in DETERMINERS:
        words = words[1:]
    kept = [word for word in words if word.lower().rstrip(".") not in ("mr", "mrs", "ms", "miss")]
    return " ".join(kept) or None


def _sort_of_phrase(span: list[Token], cut: int) -> Sort:
    head = span[cut - 1].low
    if head in GROUPS:
        return Sort.GROUP
    if is_role(head):
        return Sort.ROLE
    if head in BODIES or bare(head) in PLACES or span[cut - 1].text.isupper():
        return Sort.BODY
    if span[cut - 1].is_cap:
        return Sort.GROUP if head.endswith(("ans", "ians", "crats")) else Sort.BODY
    return Sort.ROLE


def _name_part(span: list[Token], cut: int) -> tuple[int, int] | None:
    """Return the person's name in the phrase, as a range of its tokens, or None."""
    b = len(span) if cut == len(span) else _name_after_of(span, cut)
    if b is None:
        b = cut
    a = b
    while a > 0 and (span[a - 1].is_cap or span[a - 1].low in PARTICLES):
        low = span[a - 1].low
        if low in DETERMINERS or (low.endswith("'s") and a < b) or _ends_title(low, a < b, span, a):
            break
        a -= 1
    while a < b and span[a].low in PARTICLES and not span[a].is_cap and a == 0:
        a += 1
    a = _skip_modifiers(span, a, b)
    return (a, b) if a < b and _is_person(span, a, b) else None


def _name_after_of(span: list[Token], cut: int) -> int | None:
    """Return the phrase's end if a name follows the office: "head of the agency Jane Doe"."""
    tail = span[-2:]
    if len(span) - cut > 3 and tail[0].low in FIRST_NAMES and tail[1].is_cap:
        return len(span)
    after = [k for k in range(cut + 1, len(span)) if span[k].low in PORTFOLIO]
    if (
        after
        and after[-1] < len(span) - 1
        and span[cut - 1].low in ("secretary", "minister", "chief", "ministry")
    ):
        return len(span)
    return None


def _ends_title(low: str, inside: bool, span: list[Token], a: int) -> bool:
    word = low.rstrip(".")
    if not inside and len(span) > 1 and word in PERSON_ROLES:
        return True
    if word in TITLES or (word in PERSON_ROLES and inside):
        # "General Staff" but also the surname "Baker" after a first name.
        return not (a > 1 and span[a - 2].low in FIRST_NAMES)
    return inside and word in PORTFOLIO


def _skip_modifiers(span: list[Token], a: int, b: int) -> int:
    while (
        b - a > 2
        and (span[a].low in PLACES or span[a].low.endswith(("ian", "ish", "ese")))
        and (span[a + 1].low in FIRST_NAMES)
    ):
        a += 1
    while a < b - 1 and span[a].low in PLACES and a == 0 and span[a + 1].low in FIRST_NAMES:
        a += 1
    return a


def _is_person(span: list[Token], a: int, b: int) -> bool:
    last, first = span[b - 1].low, span[a].low
    after_role = (a > 0 and is_role(span[a - 1].low.rstrip("."))) or (
        a > 0 and span[a - 1].low in PORTFOLIO
    )
    if any(token.low in BODIES and token.low != "press" for token in span[a:b]) and (
        first not in FIRST_NAMES
    ):
        return False
    if last in CALENDAR or last in GROUPS or (first in OPENERS and b - a == 1):
        return False
    if after_role or (first in FIRST_NAMES and b - a > 1):
        return True
    if all(bare(token.low) in PLACES for token in span[a:b]):
        return False
    if (a > 0 and span[a - 1].low == "the") or (span[b - 1].text.isupper() and len(last) > 1):
        return False
    return b - a <= 5
