"""Speech without quotation marks that the layout sets off: turns, posts, block quotes."""

import re
from collections import Counter
from dataclasses import dataclass

from quotestance.article.cues import CUES
from quotestance.article.mentions import Mention, describe
from quotestance.article.passages import Passage
from quotestance.article.subjects import is_denied, sentence_subject
from quotestance.article.tags import Tag, cue_before

_LABEL = re.compile(
    r"(?:\*\*|__)?(?P<label>[QA]|Question|Answer|[A-ZÀ-Ý][A-ZÀ-Ý.’' -]{1,45}"
    r"|[A-ZÀ-Ý][\w.’'-]+(?: [A-ZÀ-Ý][\w.’'-]+){0,4})"
    r"(?:\s*\([^)\n]{1,60}\))?(?:\*\*|__)?\s*[:.](?:\*\*|__)?(?<!\w\.)\s+(?=\S)"
    r"|(?P<q>Q)\s{1,4}(?=[A-Z(])"
)
_ROLES = frozenset(
    "q a question answer host moderator interviewer reporter anchor presenter voice audience "
    "journalist the press operator participant caller speaker interpreter".split()
)
_ASIDE = re.compile(r"[(\[].*[)\]]$|[^a-z]*$", re.DOTALL)
_POST = re.compile(
    r"(?P<text>\S.{10,}?)\s*(?:pic\.twitter\.com/\w+|https?://t\.co/\w+)?\s*[—–-]{1,2}\s?"
    r"(?P<name>[^—–()@\n]{2,60}?)\s?\(@\w{1,20}\)(?:\s+[\w ,.]{4,30})?$",
    re.DOTALL,
)
_BYLINE = re.compile(r"[—–-]{1,2}\s?(?P<name>[^—–()@\n]{2,60}?)\s?\(@\w{1,20}\)")
_MIN_TURNS = 3
_CLOSING = re.compile(
    r"\W*(?:(?:this|the|our) (?:interview|conversation|transcript|discussion|exchange)\b"
    r"|(?:after|following) the (?:interview|conversation)|(?:interview|interviewed) by\b)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class SetOff:
    """A passage that is speech as a whole: its span, and the name beside it, if there is one."""

    start: int
    end: int
    label: tuple[int, int] | None
    known: bool = True
    """Whether the label names somebody, rather than a part such as "Q"."""


def find_turns(text: str, passages: list[Passage]) -> dict[int, SetOff]:
    """Return the turns of a transcript by the number of their passage; none if it is not one."""
    labels = {
        number: match
        for number, passage in enumerate(passages)
        if (match := _LABEL.match(text, passage.paragraph.start, passage.paragraph.end))
        and not text.startswith(("“", '"', "‘", "«", "„"), match.end())
    }
    counts = Counter(_name(match) for match in labels.values())
    surnames = {name.split()[-1] for name in counts if " " in name}
    # A single word before a colon ("Background: …") is a speaker only where it comes again.
    labels = {
        number: match
        for number, match in labels.items()
        if counts[_name(match)] > 1
        or _name(match) in _ROLES
        or " " in _name(match)
        or not _is_plain_word(match)
        # "Reeve: …" after "Ann Reeve: …".
        or _name(match) in surnames
    }
    names = [_name(match) for match in labels.values()]
    repeated = len(names) - len(set(names))
    if len(names) < _MIN_TURNS or not repeated or len(labels) * 6 < len(passages) - min(labels):
        return {}
    found: dict[int, SetOff] = {}
    label: tuple[int, int] | None = None
    known = False
    last = max(labels)
    for number in range(min(labels), len(passages)):
        paragraph = passages[number].paragraph
        if number > last and _is_closing(text, passages[number]):
            break
        start = paragraph.start
        if number in labels:
            match = labels[number]
            start = match.end()
            group = "q" if match.group("q") else "label"
            label, known = match.span(group), _name(match) not in _ROLES
        if not _ASIDE.match(text, start, paragraph.end):
            found[number] = SetOff(start, paragraph.end, label, known)
    return found


def _is_closing(text: str, passage: Passage) -> bool:
    """Tell "This interview has been edited for length" after the last turn."""
    return _CLOSING.match(text, passage.paragraph.start, passage.paragraph.end) is not None


def _is_plain_word(match: re.Match[str]) -> bool:
    label = match.group("label") or match.group("q")
    return not label.isupper()


def _name(match: re.Match[str]) -> str:
    return (match.group("label") or match.group("q")).strip().casefold()


def find_posts(text: str, passages: list[Passage]) -> dict[int, SetOff]:
    """Return the embedded posts: "… — Name (@handle) June 23, 2023"."""
    found: dict[int, SetOff] = {}
    for number, passage in enumerate(passages):
        start, end = passage.paragraph.start, passage.paragraph.end
        if end - start > 1500 or "@" not in text[start:end]:
            continue
        match = _POST.match(text, start, end)
        if match and not passage.quotes:
            found[number] = SetOff(*match.span("text"), match.span("name"))
        byline = _BYLINE.match(text, start, end)
        before = passages[number - 1] if number else None
        if byline and before and not before.quotes and number - 1 not in found:
            span = before.paragraph
            found[number - 1] = SetOff(span.start, span.end, byline.span("name"))
    return found


def label_mention(text: str, passage: Passage, label: tuple[int, int]) -> Mention:
    """Return the mention that a label is, capitals brought down: MR. ROWE is Mr. Rowe."""
    from quotestance.article.tokens import tokenize

    name = text[label[0] : label[1]]
    if name.isupper() and len(name) > 3:
        name = " ".join(word.capitalize() for word in name.split())
    tokens = tokenize(name, 0, len(name))
    if not tokens:
        tokens = passage.tokens[:1]
    mention = describe(tokens, 0, len(tokens))
    return Mention(*label, mention.sort, mention.words, mention.role, mention.title)


def announced(passage: Passage) -> Tag | None:
    """Return who is announced to speak next by a passage that ends "… wrote on Facebook:"."""
    tokens = passage.tokens
    if len(tokens) < 3 or tokens[-1].text != ":" or not passage.sentences:
        return None
    low, high = passage.sentences[-1]
    cues = [k for k in range(low, high - 1) if tokens[k].low in CUES]
    if any(is_denied(tokens, k, low) for k in cues):
        return None
    tag = cue_before(tokens, high - 1, low)
    if tag is not None:
        return tag
    subject = sentence_subject(tokens, low, high - 1)
    return (high - 1, subject) if subject is not None else None
