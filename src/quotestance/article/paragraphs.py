"""Paragraphs of an article's text, whether a line each, hard wrapped, or marked as block quotes."""

import re
from dataclasses import dataclass
from itertools import pairwise

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_BLANK = re.compile(r"(?:\r\n?|\n|\u2029)[ \t\u00a0]*(?:\r\n?|\n|\u2029)")
FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n((?:[^\r\n]{0,2000}\r?\n){1,60}?)---[ \t]*\r?(?:\n|$)"
)
"""Title, date and the like between two lines of dashes at the head of a Markdown file."""
_MAX_WRAP = 120
_MIN_WRAP = 38
_OWN_LINE = re.compile(
    r"\s*(?:[-*•·–—>#]|\d{1,3}[.)]\s|Q[:.]\s|A[:.]\s|[A-Z][A-Z .'’-]{1,40}:|\d{1,2}[:.]\d\d\b)"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A span of the text without the blanks around it; `block` where it is set off as a quote."""

    start: int
    end: int
    block: bool = False


def split_paragraphs(text: str) -> list[Paragraph]:
    """Return the non-blank paragraphs of `text`, in order."""
    matter = FRONT_MATTER.match(text)
    begin = matter.end() if matter else 0
    lines = [_trim(text, match.start(), match.end()) for match in _LINE.finditer(text, begin)]
    lines = [line for line in lines if line[0] < line[1]]
    width = _wrap_width(text, lines)
    paragraphs: list[Paragraph] = []
    last_line = (0, 0)
    for start, end in lines:
        block = text[start] == ">"
        joins = (
            paragraphs
            and width
            and paragraphs[-1].block == block
            and _continues(text, last_line, (start, end), width)
        )
        if joins:
            paragraphs[-1] = Paragraph(paragraphs[-1].start, end, block)
        else:
            paragraphs.append(_paragraph(text, start, end))
        last_line = (start, end)
    return [paragraph for paragraph in paragraphs if paragraph.start < paragraph.end]


def _paragraph(text: str, start: int, end: int) -> Paragraph:
    if text[start] != ">":
        return Paragraph(start, end)
    while start < end and text[start] in "> \t":
        start += 1
    return Paragraph(start, end, block=True)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    line = text[start:end]
    bare = line.lstrip().removeprefix("\ufeff").lstrip()
    start += len(line) - len(bare)
    return start, start + len(bare.rstrip())


def _wrap_width(text: str, lines: list[tuple[int, int]]) -> int:
    """Return the column at which the text is hard wrapped, or 0 where it is not."""
    if len(lines) < 3:
        return 0
    # Addresses and markup do not wrap: they, and a few lines more, say nothing of the width.
    plain = [line for line in lines if "://" not in text[line[0] : line[1]]]
    lengths = sorted(end - start for start, end in plain)
    widest = lengths[-(-19 * len(lengths) // 20) - 1] if lengths else 0
    if not _MIN_WRAP < widest <= _MAX_WRAP:
        return 0
    pairs = [
        (before, after)
        for before, after in pairwise(lines)
        if not _BLANK.search(text, before[1], after[0]) and "://" not in text[before[0] : after[1]]
    ]
    full = sum(_is_full(text, before, after, widest) for before, after in pairs)
    running = sum(text[before[1] - 1] not in ".!?\"”’'»:" for before, _ in pairs)
    return widest if pairs and full > 0.75 * len(pairs) and running > 0.5 * len(pairs) else 0


def _is_full(text: str, before: tuple[int, int], after: tuple[int, int], width: int) -> bool:
    """Tell whether the next line's first word had no room on the line before."""
    word = re.match(r"\S+", text[after[0] : after[1]])
    first = len(word.group()) if word else 0
    return before[1] - before[0] + 1 + first > width - 4


def _continues(text: str, before: tuple[int, int], after: tuple[int, int], width: int) -> bool:
    if _BLANK.search(text, before[1], after[0]):
        return False
    if _OWN_LINE.match(text, after[0], after[1]) and text[after[0]] != ">":
        return False
    return text[after[0]].islower() or _is_full(text, before, after, width)
