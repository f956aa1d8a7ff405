"""Which quoted spans are quotations, and which are titles, nicknames or scare quotes."""

import re

from quotestance.article.cues import CUES
from quotestance.article.marks import Quoted

_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_NAMING = re.compile(
    r"\b(?:titled|entitled|dubbed|nicknamed|codenamed|code-named|so-called|named|called|known as"
    r"|motto|slogan|phrase|word|words|term|reading|read|book|novel|film|movie|song|album|play"
    r"|series|show|poem|exhibition|programme|operation|project|podcast|documentary|magazine"
    r"|newspaper|column|episode|track|single|painting|marked|labelled|labeled|branded|tagged"
    r"|signs?|banners?|placards?|hashtag|headline|headlined|emblazoned with|inscribed|section)"
    r"(?: (?:with|the|of|a))*[,:]?\s*$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:titled|entitled|headlined|dubbed|nicknamed|codenamed|code-named|so-called|nickname"
    r"|call ?sign|code ?name|nom de guerre)"
    r",?\s*$",
    re.IGNORECASE,
)
_WORDED = re.compile(
    r"\b(?:dubbed|nicknamed|so-called|named|called|known as|motto|slogan|phrases?|words?|terms?"
    r"|reading|read|marked|labelled|labeled|branded|tagged|signs?|banners?|placards?|hashtag"
    r"|emblazoned with|inscribed)(?: (?:with|the|of|a))*[,:]?\s*$",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(r"\bin (?:his|her|their) words,?\s*$", re.IGNORECASE)
_SMALL = frozenset(
    "a an the of and or for to in on at by with from as is it its that vs but nor not".split()
)
_NEAR = re.compile(r"(?:,?\s+[\w’'-]+){1,7}")
_SUBSTANTIVE = 3
_CROSSHEAD = 9
"""So many quoted words that stand alone, with no stop, are a heading between paragraphs."""
_SECOND_HALF = re.compile(
    r"[”\"’'»]\s+(?:[\w.’'-]+\s){0,4}(?:said|says|added|asked|told|replied|answered|shouted|wrote"
    r"|recalled|recalls|laughed|shrugged)(?:\s[\w.’'-]+){0,4}[.,]\s*$"
)
_MORE = re.compile(
    r"\W*(?:more (?:stories|news|from|on)|most (?:read|viewed|popular|shared)|related\b"
    r"|recommended|read (?:more|next|also)|also read|see also|top stories|trending|don['’]t miss"
    r"|you (?:may|might) also like|editor['’]s picks)",
    re.IGNORECASE,
)


def is_quotation(text: str, quoted: Quoted, begin: int, end: int) -> bool:
    """Tell whether the span, in the paragraph `text[begin:end]`, quotes what somebody said."""
    inner = text[quoted.start : quoted.end]
    words = _WORD.findall(inner)
    if not words or not any(character.isalpha() for character in inner):
        return False
    if quoted.continues or quoted.open_ended:
        return True
    before = text[max(begin, quoted.outer_start - 60) : quoted.outer_start]
    after = text[quoted.outer_end : min(end, quoted.outer_end + 80)]
    around = (
        text[max(begin, quoted.outer_start - 300) : quoted.outer_start]
        + (text[quoted.outer_end : min(end, quoted.outer_end + 300)])
    )
    alone = not before.strip(" \t-–—*•>") and not after.strip(" .,-–—*•")
    if begin > 3 and alone and len(words) <= _CROSSHEAD and _is_crosshead(quoted, inner, before):
        return False
    if _NAMED.search(before):
        return False
    if len(words) < _SUBSTANTIVE:
        return _is_short_answer(inner, before, after, alone=alone)
    if _is_title(words, inner, around, before, after):
        return False
    named = _NAMING.search(before)
    if named and inner[0].islower() and not _WORDED.search(before):
        named = None  # "said the episode “would be funny”": no name begins so.
    if named and not _full(inner) and not _IN_WORDS.search(before):
        # "called “a leap in the dark”" judges; "called “Leap in the Dark”" names.
        judged = named.group().lower().startswith(("called", "word")) and inner[0].islower()
        return judged and len(words) > _SUBSTANTIVE
    return len(words) > 4 or inner[-1] in ".?!," or not _is_nickname(before, after)


def _is_crosshead(quoted: Quoted, inner: str, before: str) -> bool:
    """Tell 'A TAX ON BREAD' and - 'Not a bus service' - on a line of their own."""
    marked = quoted.single or inner.isupper() or bool(before.strip(" \t*•>"))
    return marked and inner[-1] not in ".?!…,;:"


def is_more(text: str, begin: int, end: int) -> bool:
    """Tell a short line that leads on to other stories: "Read more: …"."""
    return end - begin < 200 and _MORE.match(text, begin, end) is not None


def _full(inner: str) -> bool:
    return inner[0].isupper() and inner[-1] in ".?!,…"


def _is_short_answer(inner: str, before: str, after: str, *, alone: bool) -> bool:
    """Accept “No,” she said: short, but whole and with its cue beside it."""
    ended = inner[-1] in ",.?!…—-"
    if ended and _SECOND_HALF.search(before):
        return True
    if not (inner[0].isupper() or inner[0] in "…."):
        return False
    heads = not before.strip() or before.rstrip()[-1] in ".?!”\"’'"
    ended = ended or (heads and after.startswith(","))
    if alone and ended:
        return True
    tag = _NEAR.match(after)
    if ended and inner[-1] != "." and tag and any(w in CUES for w in tag.group().split()):
        return True
    cued = any(word.lower() in CUES for word in _WORD.findall(before)[-8:])
    return ended and cued and before.rstrip().endswith((":", ","))


def _is_title(words: list[str], inner: str, around: str, before: str, after: str) -> bool:
    """Tell a title by its capitals, where the text around is not itself in title case."""
    main = [word for word in words if word.lower() not in _SMALL]
    if len(main) < 2 or (inner[-1] in "?!.," and len(words) > 6):
        return False
    capital = sum(word[0].isupper() or word[0].isdigit() for word in main)
    if capital < len(main):
        return False
    outside = [w for w in _WORD.findall(around) if len(w) > 3]
    if not outside:
        return False
    if inner.isupper() and before.rstrip().endswith((":", ",")):
        return False  # “NO MORE MONEY FOR UKRAINE!”: a shout, no title
    headline = sum(word[0].isupper() for word in outside) > 0.6 * len(outside)
    return not headline and not _is_said(inner, before, after)


def _is_said(inner: str, before: str, after: str) -> bool:
    """Tell whether a cue stands close by: `He said: “…”`, or “…,” at a sentence's head, then it."""
    near = _WORD.findall(before)[-3:]
    if before.rstrip().endswith((",", ":")) and any(word.lower() in CUES for word in near):
        return True
    opens = not before.strip() or before.rstrip()[-1] in '.?!”"’'
    tag = _NEAR.match(after) if opens and inner[-1] in ",?!…" else None
    return bool(tag and any(word in CUES for word in tag.group().split()))


def _is_nickname(before: str, after: str) -> bool:
    """Tell a nickname: Ivan “Big Grey Wolf” Petrov."""
    return (
        bool(re.search(r"\b[A-Z]\w+\s$", before) and re.match(r"\s[A-Z]\w+", after))
        and not (before.rstrip().endswith((",", ":", ".")))
        and not re.search(r"\b(?:said|says|added|told \w+|wrote)\s$", before)
    )
