"""Paragraphs read for attribution: tokens with the quotations hidden, and their sentences."""

import re
from dataclasses import dataclass

from quotestance.article.credits import is_credit
from quotestance.article.marks import Quoted, find_quoted
from quotestance.article.paragraphs import Paragraph, split_paragraphs
from quotestance.article.selection import is_more, is_quotation
from quotestance.article.tags import tag_after
from quotestance.article.tokens import FILL, OPEN, Token, ends_sentence, tokenize

_TERMINAL = ".?!…"
_MAX_SENTENCE = 400


@dataclass(slots=True)
class Passage:
    """A paragraph: `quotes` by the index of their token, `sentences` as ranges of tokens."""

    text: str
    """The whole article's text."""
    paragraph: Paragraph
    tokens: list[Token]
    quotes: dict[int, Quoted]
    sentences: list[tuple[int, int]]
    headline: bool
    credit: bool = False
    """Whether it only names writers, photographers or editors."""


def read_passages(text: str) -> list[Passage]:
    """Split a text into passages; the quotations are those that `is_quotation` accepts."""
    paragraphs = split_paragraphs(text)
    chosen = [
        [quoted for quoted in spans if is_quotation(text, quoted, paragraph.start, paragraph.end)]
        for paragraph, spans in zip(paragraphs, find_quoted(text, paragraphs), strict=True)
    ]
    more = False
    for number, paragraph in enumerate(paragraphs):
        # Other stories' headlines follow such a line, until a full sentence ends a paragraph.
        leads = is_more(text, paragraph.start, paragraph.end)
        more = leads or (more and text[paragraph.end - 1] not in '.?!”’"')
        if more:
            chosen[number] = []
    masked = _mask(text, [quoted for spans in chosen for quoted in spans])
    return [
        _passage(text, masked, paragraph, spans, first=paragraph is paragraphs[0])
        for paragraph, spans in zip(paragraphs, chosen, strict=True)
    ]


def _mask(text: str, spans: list[Quoted]) -> str:
    """Hide every quotation; each code point keeps its place."""
    pieces, at = [], 0
    for quoted in spans:
        pieces.append(_plain(text[at : quoted.outer_start]))
        pieces.append(OPEN + FILL * (quoted.outer_end - quoted.outer_start - 1))
        at = quoted.outer_end
    pieces.append(_plain(text[at:]))
    return "".join(pieces)


_ADDRESS = re.compile(r"\]\((?:https?:|mailto:)[^)\s]{0,2000}\)|https?://[^\s)\]]+")


_RETIRED = re.compile(r"\((?:[Rr]et|[Rr]etd|[Rr]td|[Rr]etired)\.?\)")
_CALLED = re.compile(r"(?<=\b(?:Lord|Lady|Dame) )\((\w{2,20})\)|(?<=\bSir )\((\w{2,20})\)")


def _plain(text: str) -> str:
    """Blank out addresses, Markdown links' too, and what would look like a hidden quotation.

    So too "(Retd)" after a rank, and the brackets of "Lord (Hamish) Dunkeld".
    """
    text = text.replace(OPEN, " ").replace(FILL, " ")
    text = _RETIRED.sub(lambda match: " " * len(match.group()), text)
    text = _CALLED.sub(lambda match: f" {match.group(1) or match.group(2)} ", text)
    return _ADDRESS.sub(lambda match: " " * len(match.group()), text)


def _passage(
    text: str, masked: str, paragraph: Paragraph, spans: list[Quoted], *, first: bool
) -> Passage:
    tokens = tokenize(masked, paragraph.start, paragraph.end)
    at = {quoted.outer_start: quoted for quoted in spans}
    quotes = {i: at[token.start] for i, token in enumerate(tokens) if token.is_quote}
    sentences = _sentences(text, tokens, quotes)
    begin = _dateline(masked, paragraph, tokens)
    if begin and sentences and begin < sentences[0][1]:
        sentences[0] = (begin, sentences[0][1])
    headline = _is_headline(tokens) or (first and _is_title_line(tokens))
    credit = not quotes and is_credit(text, paragraph, tokens)
    return Passage(text, paragraph, tokens, quotes, sentences, headline, credit)


_PLACE = r"(?:,\s?[\w. ]{2,40}?){0,3}\s?"
_DATELINE = re.compile(
    r"\([A-Z][A-Za-z]{1,20}\)\s?[—–-]{1,2}\s"
    r"|[A-ZÀ-Ý][\w’' /-]{2,30}[,.] (?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}\.?)"
    r"(?:, \d{4}| \d{4})?[,.]?\s?(?:\([A-Z][\w.-]{1,20}\)|[A-Z][\w-]{1,20})?\s?[—–-]{1,2}\s|"
    r"[A-ZÀ-Ý][\w.’' -]{2,30}, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?"
    r"\s?(?:\([A-Z][\w. ]{1,20}\)|[./]+[A-Z-]{2,20}[./]+)\s*(?:[—–:.-]{1,2}\s)?"
    r"|[A-ZÀ-Ý][A-ZÀ-Ý.’' -]{2,30}:\s(?=[A-Z][\w’']+ [a-z\w])"
    r"|[A-ZÀ-Ý][a-zÀ-ÿ]+(?: [A-ZÀ-Ý][a-zÀ-ÿ]+)?: (?=(?:The|A|An|In|On|At|Two|Three) )|"
    rf"[A-ZÀ-Ý][A-ZÀ-Ý.’'/ -]{{2,40}}{_PLACE}(?:\([^)\n]{{2,40}}\)\s?)?[,.]?\s?[—–-]{{1,2}}\s"
    rf"|[A-Z][\w.’' ]{{2,30}}{_PLACE}\((?:[A-Z][\w.]+|[A-Z/ ]{{2,30}})\)\s?[—–-]{{1,2}}\s"
)


def _dateline(masked: str, paragraph: Paragraph, tokens: list[Token]) -> int:
    """Return how many tokens "BRUSSELS, Nov. 29 (Agency) -" takes at the paragraph's head."""
    match = _DATELINE.match(masked, paragraph.start, min(paragraph.end, paragraph.start + 100))
    if match is None:
        return 0
    return next((i for i, token in enumerate(tokens) if token.start >= match.end()), 0)


def _sentences(text: str, tokens: list[Token], quotes: dict[int, Quoted]) -> list[tuple[int, int]]:
    ranges, start = [], 0
    for i in range(len(tokens)):
        ends = (
            _quote_ends(text, tokens, i, quotes[i])
            if i in quotes
            else ends_sentence(tokens, i) or i - start >= _MAX_SENTENCE
        )
        if ends:
            ranges.append((start, i + 1))
            start = i + 1
    if start < len(tokens):
        ranges.append((start, len(tokens)))
    return ranges


def _quote_ends(text: str, tokens: list[Token], i: int, quoted: Quoted) -> bool:
    """Tell whether a sentence ends with the quotation at `tokens[i]`."""
    if i + 1 == len(tokens):
        return True
    after = tokens[i + 1]
    last = text[quoted.start : quoted.end].rstrip("’'\"”)] ")[-1:]
    if last not in _TERMINAL and not quoted.open_ended:
        return after.is_quote
    if not (after.is_cap or after.is_quote):
        return False
    tag = tag_after(tokens, i + 1, min(len(tokens), i + 40), gestures=last != ".")
    if tag is None:
        return True
    return last == "." and not _ends_soon(tokens, tag[0])


def _ends_soon(tokens: list[Token], cue: int) -> bool:
    """Tell whether a tag reports nothing more: "Doe said", "Doe said in an interview"."""
    after = tokens[cue + 1 : cue + 14]
    if not after or after[0].text in ".,;" or after[0].is_quote:
        return True
    if after[0].low not in ("on", "in", "at", "during", "after") or tokens[cue].low == "called":
        return False
    stop = next((k for k, token in enumerate(after) if token.text in ".,"), None)
    return stop is not None and not any(t.low == "that" or t.is_quote for t in after[:stop])


def _is_title_line(tokens: list[Token]) -> bool:
    """Tell a headline in sentence case: the first line, short, with no full stop."""
    words = sum(token.is_word for token in tokens)
    return 2 <= words <= 16 and tokens[-1].text not in ".?!:" and not tokens[-1].is_quote


def _is_headline(tokens: list[Token]) -> bool:
    words = [token for token in tokens if token.is_word]
    if not 3 <= len(words) <= 30 or tokens[-1].text == ".":
        return False
    long = [word for word in words if len(word.text) > 3]
    share = 0.9 if tokens[-1].is_quote else 0.7
    return sum(word.is_cap for word in long) > share * len(long)
