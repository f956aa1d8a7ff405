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
    POSTNOMINALS,
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
    if "-" in low:
        head, _, rest = low.partition("-")
        return low in PERSON_ROLES or low.rsplit("-", 1)[-1] in PERSON_ROLES or (
            rest.startswith("of-") and head in PERSON_ROLES
        )  # fmt: skip
    return low in PERSON_ROLES or low in TITLES


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
    after = _name_after_of(span, cut) if cut < len(span) else None
    if after is not None:
        return after
    a = b = cut
    named = span[0].low not in DETERMINERS  # "a Labour MP" is no Labour
    while named and b > 1 and span[b - 1].low.rstrip(".") in POSTNOMINALS and span[b - 2].is_cap:
        b -= 1
    a = b
    while a > 0 and (span[a - 1].is_cap or span[a - 1].low in PARTICLES):
        low = span[a - 1].low
        if low in DETERMINERS or (low.endswith("'s") and a < b) or _ends_title(span, a, b):
            break
        a -= 1
    while a < b and span[a].low in PARTICLES and not span[a].is_cap and a == 0:
        a += 1
    a = _skip_modifiers(span, a, b)
    return (a, b) if a < b and _is_person(span, a, b) else None


def _name_after_of(span: list[Token], cut: int) -> tuple[int, int] | None:
    """Find the name after an office: "head of the agency Jane Doe", "President of Peru Jo Roe"."""
    if not cut or not is_role(span[cut - 1].low.rstrip(".")):
        return None
    b = len(span)
    while b > cut and span[b - 1].low.rstrip(".") in POSTNOMINALS:
        b -= 1
    a = b
    while a > cut + 1 and (span[a - 1].is_cap or (span[a - 1].low in PARTICLES and a < b)):
        if _is_office_word(span[a - 1]):
            break
        a -= 1
    while a < b and span[a].low in PARTICLES:
        a += 1
    known = next((k for k in range(a, b - 1) if span[k].low in FIRST_NAMES), None)
    if known is not None:
        return known, b
    # "the": without a word of an institution before it, a long run ends in first and last name.
    if a - 1 > cut and _is_office_word(span[a - 1]) and 2 <= b - a <= 3:
        return a, b
    return (b - 2, b) if b - a >= 4 else None


def _is_office_word(token: Token) -> bool:
    low = bare(token.low)
    return low in BODIES or low in PORTFOLIO or low in PLACES or low in GROUPS or low in CALENDAR


def _ends_title(span: list[Token], a: int, b: int) -> bool:
    """Tell whether the word before `a` ends the title before a name that goes on to `b`."""
    word = span[a - 1].low.rstrip(".")
    surname = a > 1 and span[a - 2].low in FIRST_NAMES
    if a == b:
        return len(span) > 1 and is_role(word) and not surname
    if is_role(word):
        # "General Staff" but also the surname "Baker" after a first name.
        return not surname
    return word in PORTFOLIO or _is_trade(word, span[a].low)


def _is_trade(word: str, after: str) -> bool:
    """Tell a trade that no list has, before a first name: "Publican Ron Hale"."""
    ending = word.endswith(("man", "woman", "er", "or", "ist", "ian", "eer", "ant"))
    return ending and len(word) > 5 and word not in FIRST_NAMES and after in FIRST_NAMES


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
    if bare(last) in PLACES:
        return False
    if (a > 0 and span[a - 1].low == "the") or (span[b - 1].text.isupper() and len(last) > 1):
        return False
    return b - a <= 5
