"""The text that is classified: an utterance put together from what the article shows of it."""

import re

from quotestance.article.marks import Quoted

_END = ".?!…"
_MARKS = re.compile('["“”„‟«»＂]')


def tidy(text: str) -> str:
    """Return a quotation as a sentence: one line, no comma or dash left at its end."""
    text = " ".join(text.split()).strip()
    return re.sub(r"\s*[,;:—–-]+$", "", text)


def join(parts: list[str], goes_on: list[bool]) -> str:
    """Join the parts of one utterance; a part that begins a sentence ends the one before it.

    `goes_on` tells of each part whether it only goes on with the sentence before it.
    """
    whole = ""
    for part, same in zip(parts, goes_on, strict=True):
        part = " ".join(part.split())
        if not part:
            continue
        begins = part[0].isupper() and not same
        if whole and begins and whole[-1] not in _END + "\"”’'—–":
            whole = tidy(whole) + "."
        whole = f"{whole} {part}".strip()
    return tidy(whole)


def unquoted(text: str, start: int, end: int, halves: list[Quoted]) -> str:
    """Return `text[start:end]` as one line, without the marks of the half quotes in it."""
    pieces, at = [], start
    for half in halves:
        if half.outer_start < at or half.outer_end > end:
            continue
        pieces += [text[at : half.outer_start], text[half.start : half.end]]
        at = half.outer_end
    pieces.append(text[at:end])
    return tidy("".join(pieces))
