"""An article's text in, its attributed quotations out."""

from dataclasses import replace
from itertools import pairwise

from quotestance.article.according import Clause
from quotestance.article.attribution import Attributed, Attributor
from quotestance.article.cues import CUES
from quotestance.article.indirect import find_clauses
from quotestance.article.mentions import Mention
from quotestance.article.passages import Passage, read_passages
from quotestance.article.quotation import Basis, Kind, Quotation
from quotestance.article.register import Register
from quotestance.article.setoff import SetOff, find_posts, find_turns, label_mention
from quotestance.article.statements import join, tidy, unquoted
from quotestance.article.tokens import Token

_CONJUNCTIONS = ("and", "but", "while", "whereas")
_WITHOUT_CUE = 5
"""Fewer words woven into a sentence without a cue are scare quotes."""
_OUTSIDE = 2
"""A reported clause with half quotes is a row of its own if it has so many words beside them."""


def extract(text: str) -> list[Quotation]:
    """Return the quotations of an article in order of their place; never fails on any text.

    Direct quotations and clear reported speech, each with the speaker as mentioned and as
    resolved inside the article. Linear in the text's length. Raises TypeError if `text` is no str.
    """
    if not isinstance(text, str):
        raise TypeError(f"got {type(text).__name__}, wanted the article's text as a str")
    passages = read_passages(text)
    register = Register()
    for passage in passages:
        if not passage.credit:
            register.scan(passage.tokens, headline=passage.headline)
    for passage in passages:
        if not passage.credit:
            register.index(passage.tokens)
    attributor = Attributor(register)
    rows = _Rows(text, passages)
    setoffs = find_turns(text, passages) or find_posts(text, passages)
    for number, passage in enumerate(passages):
        span = setoffs.get(number) or _announced_block(attributor, passage)
        if span is not None:
            mention = label_mention(text, passage, span.label) if span.label else None
            rows.add_set_off(attributor.set_off(passage, number, span, mention))
            attributor.announcement = None
            continue
        for index in range(len(passage.sentences)):
            direct = attributor.sentence(passage, number, index)
            tags = frozenset(
                i for i in range(*passage.sentences[index])
                if any(item.cue is passage.tokens[i] and item.tagged for item in direct)
            )  # fmt: skip
            clauses = (
                [] if passage.headline or passage.credit else find_clauses(passage, index, tags)
            )
            rows.add(attributor, passage, (number, index), direct, clauses)
            if not passage.headline and not passage.credit and not direct:
                attributor.told_of(passage, index)
        attributor.close(passage)
    return rows.quotations()


def _announced_block(attributor: Attributor, passage: Passage) -> SetOff | None:
    """Take a passage without marks for speech if it is a block quote or was announced as speech."""
    paragraph = passage.paragraph
    if passage.quotes or passage.headline:
        return None
    told = attributor.announcement
    spoken = told is not None and told[0].low in CUES and told[1] is not None
    if paragraph.block or (spoken and len(passage.tokens) > 3 and passage.tokens[0].is_word):
        return SetOff(paragraph.start, paragraph.end, None)
    return None


class _Rows:
    """Collects an article's quotations and puts their statements together."""

    def __init__(self, text: str, passages: list[Passage]) -> None:
        self._text = text
        self._passages = passages
        self._direct: dict[int, list[Attributed]] = {}
        self._context: dict[int, tuple[str, Basis]] = {}
        self._indirect: list[Quotation] = []

    def add(
        self,
        attributor: Attributor,
        passage: Passage,
        at: tuple[int, int],
        direct: list[Attributed],
        clauses: list[Clause],
    ) -> None:
        """Take in a sentence's direct quotations and reported clauses."""
        direct = [item for item in direct if not self._is_scare(item)]
        for item in direct:
            self._direct.setdefault(item.group, []).append(item)
        for clause in clauses:
            self._clause(attributor, passage, at, clause, direct)
        for item in direct:
            if item.half and item.group not in self._context:
                first, end = _own_part(passage, at[1], item, direct)
                whole = self._words(passage, first, end)
                self._context[item.group] = (whole, Basis.SENTENCE)

    def _is_scare(self, item: Attributed) -> bool:
        """Tell a few quoted words that no cue gives to a speaker."""
        words = len(self._text[item.quoted.start : item.quoted.end].split())
        return item.half and item.cue is None and words < _WITHOUT_CUE

    def add_set_off(self, item: Attributed) -> None:
        """Take in a passage that is speech as a whole."""
        self._direct.setdefault(item.group, []).append(item)

    def _clause(
        self, attributor: Attributor, passage: Passage, at: tuple[int, int],
        clause: Clause, direct: list[Attributed],
    ) -> None:  # fmt: skip
        tokens = passage.tokens
        inside = [
            item
            for item in direct
            if clause.first <= item.token < clause.end and _same(item.mention, clause.mention)
        ]
        clause = _before_own_tag(tokens, clause, inside)
        inside = [item for item in inside if item.token < clause.end]
        first = clause.first if clause.finite else passage.sentences[at[1]][0]
        statement = self._words(passage, first, clause.end)
        basis = Basis.CLAUSE if clause.finite else Basis.SENTENCE
        if any(item.half for item in inside) and all(
            item in inside for item in direct if item.group == inside[0].group
        ):
            self._context.setdefault(inside[0].group, (statement, basis))
        outside = sum(tokens[i].is_word for i in range(clause.first, clause.end))
        if inside and outside < _OUTSIDE:
            return
        mention = clause.mention
        entity = inside[0].entity if inside else None
        if entity is None and mention is not None:
            entity = attributor.register.resolve(mention)
        if not inside:
            attributor.heard(entity, mention, at)
        start, end = tokens[clause.first].start, tokens[clause.end - 1].end
        self._indirect.append(
            Quotation(
                start, end, Kind.INDIRECT, self._text[start:end], statement,
                tokens[clause.cue].text,
                self._mention(mention),
                entity.name if entity else None,
                inside[0].group if inside else attributor.new_group(),
                entity.role if entity else None,
                basis,
            )
        )  # fmt: skip

    def _words(self, passage: Passage, first: int, end: int) -> str:
        halves = [passage.quotes[i] for i in range(first, end) if i in passage.quotes]
        start, stop = passage.tokens[first].start, passage.tokens[end - 1].end
        return unquoted(self._text, start, stop, halves)

    def _mention(self, mention: Mention | None) -> str | None:
        """Return the mention as it stands, on one line."""
        return " ".join(self._text[mention.start : mention.end].split()) if mention else None

    def quotations(self) -> list[Quotation]:
        """Return every row in order of place, groups renumbered in that order."""
        rows: list[Quotation] = []
        whole: dict[int, tuple[str, Basis]] = {}
        for group, items in self._direct.items():
            _fill(items)
            whole[group] = statement, basis = self._statement(group, items)
            rows += [self._row(item, statement, basis) for item in items]
        for row in self._indirect:
            statement, basis = whole.get(row.group, (row.statement, row.basis))
            rows.append(replace(row, statement=statement, basis=basis))
        rows.sort(key=lambda row: (row.start, -row.end))
        numbers: dict[int, int] = {}
        return [
            replace(row, group=numbers.setdefault(row.group, len(numbers)))
            for row in rows
            if any(character.isalpha() for character in row.statement)
        ]

    def _statement(self, group: int, items: list[Attributed]) -> tuple[str, Basis]:
        if group in self._context:
            return self._context[group]
        parts = [self._text[item.quoted.start : item.quoted.end] for item in items]
        if len(parts) == 1:
            return tidy(parts[0]), Basis.QUOTATION
        # “…,” she said, “NATO …”: a comma after the tag leads on in the same sentence.
        goes_on = [False] + [
            self._text[one.quoted.outer_end : other.quoted.outer_start].rstrip().endswith(",")
            for one, other in pairwise(items)
        ]
        return join(parts, goes_on), Basis.PARTS

    def _row(self, item: Attributed, statement: str, basis: Basis) -> Quotation:
        quoted, mention, entity = item.quoted, item.mention, item.entity
        return Quotation(
            quoted.start, quoted.end, Kind.DIRECT, self._text[quoted.start : quoted.end],
            statement,
            item.cue.text if item.cue and item.cue.is_word else None,
            self._mention(mention),
            entity.name if entity else None,
            item.group,
            entity.role if entity else None,
            basis,
        )  # fmt: skip


def _own_part(
    passage: Passage, index: int, item: Attributed, direct: list[Attributed]
) -> tuple[int, int]:
    """Return the part of a sentence that tells what this speaker said, where another speaks too."""
    tokens, mention = passage.tokens, item.mention
    first, end = passage.sentences[index]
    if mention is None:
        return first, end
    for other in direct:
        if other.mention is None or _same(other.mention, mention):
            continue
        theirs = _token_at(tokens, first, end, other.mention.start)
        if theirs > item.token:
            end = min(end, theirs)
        elif other.token < item.token and tokens[other.token].start < mention.start:
            first = max(first, _token_at(tokens, first, end, mention.start))
    while end - 1 > item.token and (
        tokens[end - 1].text in (",", ";") or tokens[end - 1].low in _CONJUNCTIONS
    ):
        end -= 1
    return first, end


def _before_own_tag(tokens: list[Token], clause: Clause, inside: list[Attributed]) -> Clause:
    """End the clause of "urged Kyiv to wait, saying: “…”" before the tag of the quotation."""
    for item in inside:
        cue = item.cue
        if item.half or cue is None or cue.start <= tokens[clause.first].start:
            continue
        if not cue.low.endswith("ing"):
            return clause
        stop = _token_at(tokens, clause.first, clause.end, cue.start)
        while stop > clause.first and tokens[stop - 1].text == ",":
            stop -= 1
        return replace(clause, end=stop) if stop - clause.first >= _OUTSIDE else clause
    return clause


def _token_at(tokens: list[Token], first: int, end: int, start: int) -> int:
    """Return the first token of the sentence that begins at `start` or behind it, or its end."""
    return next((i for i in range(first, end) if tokens[i].start >= start), end)


def _same(one: Mention | None, other: Mention | None) -> bool:
    return one is not None and other is not None and one.start == other.start


def _fill(items: list[Attributed]) -> None:
    """Give a running quotation's tag, which may come at its very end, to the parts before it."""
    last = next((item for item in reversed(items) if item.tagged and item.entity), None)
    if last is None or not last.quoted.continues:
        return
    for item in items:
        if item.carried or item.entity is None:
            item.cue, item.mention, item.entity = last.cue, last.mention, last.entity
