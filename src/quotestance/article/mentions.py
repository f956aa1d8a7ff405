"""Speakers as mentioned: the noun phrase on either side of a cue verb, and what it names."""

from dataclasses import dataclass
from enum import Enum

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
