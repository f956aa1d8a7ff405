"""Quotation marks found and paired, a paragraph at a time.

Marks are read by their side (does a word begin or end there?) more than by their shape, since
shapes are mixed in real text. A paragraph that leaves a mark open never touches the next one,
except where that one goes on with the quotation.
"""

import re
from dataclasses import dataclass

from quotestance.article.paragraphs import Paragraph

_DOUBLE = '"“”„‟«»〝〞＂″「」『』《》'
_MARK = re.compile(rf"[{_DOUBLE}]{{1,2}}|<<|>>|``|''|‘‘|’’|,,(?=\w)|[‹›]")
_SINGLE = re.compile(r"['‘’‚‛`´]")
_CLOSERS = {
    "“": "”\"″＂〞’’''", "„": "“”\"‟", "«": "»", "»": "«", "<<": ">>", "``": "''\"”", "‘‘": "’’”",
    "‹": "›", "›": "‹", "「": "」", "『": "』", "《": "》", "〝": "〞", ",,": "''“”\"",
    "''": "''\"”",
}  # fmt: skip
_ALWAYS_OPEN = frozenset(("„", "``", "‘‘", "<<", "「", "『", "《", "〝", ",,"))
_BEFORE_OPEN = " \t\r\n\u00a0\u202f\u2009([{—–-/:;,.…‘'“\"„«>*_"
_ELISIONS = ("tis", "twas", "em", "cause", "til", "n", "bout", "round", "cos", "ere")


@dataclass(frozen=True, slots=True)
class Quoted:
    """Text between marks: `outer` takes the marks in, `start:end` is what stands between them."""

    outer_start: int
    start: int
    end: int
    outer_end: int
    single: bool
    continues: bool = False
    """Whether it goes on from the paragraph before, which left its mark open."""
    open_ended: bool = False


def find_quoted(text: str, paragraphs: list[Paragraph]) -> list[list[Quoted]]:
    """Return the outermost quoted spans of each paragraph, in order."""
    found: list[list[Quoted]] = []
    running = False
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        doubles, running = _doubles(text, paragraph, following, running=running)
        singles = _singles(text, paragraph, doubles)
        doubles = [d for d in doubles if not any(_holds(single, d) for single in singles)]
        found.append(sorted([*doubles, *singles], key=lambda quoted: quoted.start))
    return found


def _holds(single: Quoted, double: Quoted) -> bool:
    return single.outer_start < double.outer_start and double.outer_end < single.outer_end


@dataclass(slots=True)
class _Mark:
    start: int
    end: int
    shape: str
    opens: bool
    closes: bool


def _marks(text: str, paragraph: Paragraph) -> list[_Mark]:
    marks = []
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        shape, start, end = match.group(), match.start(), match.end()
        if len(shape) == 2 and shape[0] in _DOUBLE and shape[0] != shape[1]:
            # Two different marks side by side: "“ or ”“.
            marks += [
                _sided(text, paragraph, shape[0], (start, start + 1)),
                _sided(text, paragraph, shape[1], (start + 1, end)),
            ]
        elif len(shape) == 2 and shape[0] in '"“”«»':
            marks.append(_sided(text, paragraph, shape[0], (start, end)))
        elif not _is_inch(text, start, shape):
            marks.append(_sided(text, paragraph, shape, (start, end)))
    return marks


def _is_inch(text: str, start: int, shape: str) -> bool:
    return shape == "″" and start > 0 and text[start - 1].isdigit()


def _sided(text: str, paragraph: Paragraph, shape: str, span: tuple[int, int]) -> _Mark:
    before = text[span[0] - 1] if span[0] > paragraph.start else " "
    after = text[span[1]] if span[1] < paragraph.end else " "
    opens = before in _BEFORE_OPEN and not after.isspace()
    closes = not before.isspace() and (not after.isalnum() or not opens)
    if shape in ("«", "»", "‹", "›") and before.isspace() and not after.isalnum():
        # French marks stand off from the words: « ouvert », fermé.
        opens, closes = shape in "«‹" and after.isspace(), shape in "»›"
    if shape in _ALWAYS_OPEN:
        opens, closes = True, False
    elif shape == "”" and not (opens and after.isalnum() and before.isspace()):
        opens, closes = False, True
    elif shape == "“" and before.isspace() and after in "-–—,;:!?)":
        opens, closes = False, True
    elif shape == "“" and not (closes and (after.isspace() or after in ",.;:!?)")):
        opens = True
    if not opens and not closes:
        opens = shape in '“"' and not after.isspace()
        closes = not opens
    return _Mark(*span, shape, opens, closes)


def _doubles(
    text: str, paragraph: Paragraph, following: Paragraph | None, *, running: bool
) -> tuple[list[Quoted], bool]:
    """Pair the double marks; the flag says whether the quotation runs on into `following`."""
    marks = _marks(text, paragraph)
    spans: list[Quoted] = []
    i = 0
    if running:
        i, first, running = _run_on(text, paragraph, marks, following)
        spans.append(first)
        if running:
            return spans, True
    while i < len(marks):
        mark = marks[i]
        if not mark.opens:
            i += 1
            continue
        j = _closing(text, marks, i)
        if j is not None:
            spans.append(_quoted(text, mark, marks[j]))
            i = j + 1
            continue
        nxt = next((k for k in range(i + 1, len(marks)) if marks[k].opens), None)
        if nxt is None:
            left, running = _left_open(text, paragraph, mark, following)
            return spans + left, running
        i += 1
    return spans, False


def _closing(text: str, marks: list[_Mark], i: int) -> int | None:
    """Return the index of the mark that closes `marks[i]`, or None where none does."""
    wanted = _CLOSERS.get(marks[i].shape, '"”“″＂')
    exact = marks[i].shape in ("«", "»", "<<", "„", "‹", "›")
    depth = 0
    fallback = None
    for j in range(i + 1, min(len(marks), i + 24)):
        mark = marks[j]
        same = mark.shape == marks[i].shape
        if mark.closes and (mark.shape in wanted or (same and not exact)):
            if depth == 0:
                return j
            depth -= 1
        elif mark.opens and (same or not exact):
            later = sum(m.closes and m.shape in wanted for m in marks[j + 1 : i + 24])
            if later < 2 + depth:
                # Not nested: the first mark was never closed.
                return fallback
            depth += 1
        elif mark.closes and fallback is None and not exact:
            fallback = j
    return fallback


def _quoted(text: str, opening: _Mark, closing: _Mark) -> Quoted:
    start, end = _shrink(text, opening.end, closing.start)
    return Quoted(opening.start, start, end, closing.end, single=False)


def _shrink(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_OPENING = re.compile(r"[\"“„«‘'»”]|``|''")


def _opens_paragraph(text: str, paragraph: Paragraph) -> bool:
    return bool(_OPENING.match(text, paragraph.start))


def _run_on(
    text: str, paragraph: Paragraph, marks: list[_Mark], following: Paragraph | None
) -> tuple[int, Quoted, bool]:
    """Go on with a quotation that the paragraph before left open."""
    begin, i = paragraph.start, 0
    if marks and marks[0].start == begin:
        begin, i = marks[0].end, 1
    closing = next((k for k in range(i, len(marks)) if marks[k].closes), None)
    if closing is None:
        start, end = _shrink(text, begin, paragraph.end)
        runs = following is not None and _opens_paragraph(text, following)
        span = Quoted(paragraph.start, start, end, paragraph.end, False, True, True)
        return len(marks), span, runs
    start, end = _shrink(text, begin, marks[closing].start)
    return closing + 1, Quoted(paragraph.start, start, end, marks[closing].end, False, True), False


_TAG = re.compile(
    r"[,?!](?=\s+(?:[\w’'.-]+\s+){1,6}?(?:said|says|added|adds|told|wrote|tweeted|explained)\b"
    r"|\s+(?:said|added|says)\s+(?:[A-Z]|the\b|a\b))"
)


def _left_open(
    text: str, paragraph: Paragraph, mark: _Mark, following: Paragraph | None
) -> tuple[list[Quoted], bool]:
    """Decide what a mark means that nothing closes in its paragraph."""
    start, end = _shrink(text, mark.end, paragraph.end)
    if end - start < 2:
        return [], False
    tag = _TAG.search(text, start, end)
    if tag:
        return [Quoted(mark.start, start, tag.end(), tag.end(), False)], False
    begins = text[start].isupper() or not text[start].isalpha()
    if (
        begins
        and following is not None
        and (_opens_paragraph(text, following) or _closes_soon(text, following))
    ):
        return [Quoted(mark.start, start, end, paragraph.end, False, False, True)], True
    if (
        begins
        and text[end - 1] in ".?!"
        and text[max(paragraph.start, mark.start - 4) : mark.start].rstrip()[-1:]
        in (
            ".",
            "?",
            "!",
        )
    ):
        # “One,” she said. “Two.  A paragraph's last quotation, its closing mark forgotten.
        return [Quoted(mark.start, start, end, paragraph.end, False, False, False)], False
    if mark.start == paragraph.start or text[max(0, mark.start - 4) : mark.start].rstrip().endswith(
        (":", ",")
    ):
        return [Quoted(mark.start, start, end, paragraph.end, False, False, False)], False
    return [], False


def _closes_soon(text: str, paragraph: Paragraph) -> bool:
    first = next(iter(_marks(text, paragraph)), None)
    return first is not None and first.closes and not first.opens


def _singles(text: str, paragraph: Paragraph, doubles: list[Quoted]) -> list[Quoted]:
    """Pair single marks outside the double ones; apostrophes are the rule, quotations rare."""
    marks: list[int] = []
    at = paragraph.start
    for begin, after in [
        *((quoted.outer_start, quoted.outer_end) for quoted in doubles),
        (paragraph.end, paragraph.end),
    ]:
        marks += [match.start() for match in _SINGLE.finditer(text, at, begin)]
        at = after
    start, end = paragraph.start, paragraph.end
    spans: list[Quoted] = []
    i = 0
    while i < len(marks):
        at = marks[i]
        j = _single_close(text, marks, i, end) if _single_opens(text, at, start, end) else None
        if j is None:
            i += 1
            continue
        first, last = _shrink(text, at + 1, marks[j])
        spans.append(Quoted(at, first, last, marks[j] + 1, single=True))
        i = j + 1
    return spans


def _single_opens(text: str, at: int, start: int, end: int) -> bool:
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if not (after.isalnum() or after in '…[(.$£€#@"“') or before.isalnum():
        return False
    if text[at] in "’'" and (
        after.isdigit()
        or re.match(r"\w+", text[at + 1 : at + 8]) is None
        or re.match(r"\w+", text[at + 1 : at + 8]).group().lower() in _ELISIONS  # type: ignore[union-attr]
    ):
        return False
    if text[at] == "’":
        return False
    return before in _BEFORE_OPEN


def _single_close(text: str, marks: list[int], i: int, end: int) -> int | None:
    """Return the index of the mark that closes the single quotation opened at `marks[i]`."""
    doubtful = None
    for j in range(i + 1, min(len(marks), i + 40)):
        at = marks[j]
        before, after = text[at - 1], text[at + 1] if at + 1 < end else " "
        if text[at] in "‘‚" and after.isalnum() and before.isspace():
            if doubtful is not None:
                return doubtful
            continue
        if after.isalnum() or before.isspace() or at - marks[i] < 2:
            continue
        plural = before in "sSzn" and after == " " and text[at + 2 : at + 3].islower()
        if not plural:
            return j
        if doubtful is None:
            doubtful = j
    return doubtful
