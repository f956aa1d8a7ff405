"""The record that extraction answers: one quotation, or one part of one, with its speaker."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the words stand in the article."""

    DIRECT = "direct"
    """Between quotation marks, in a block quote, a post, or a turn of a transcript."""
    INDIRECT = "indirect"
    """Reported by the writer: "X said that …", "according to X", "X urged members to …"."""


class Basis(StrEnum):
    """What the statement, the text that is classified, was put together from."""

    QUOTATION = "quotation"
    """The quoted words alone."""
    PARTS = "parts"
    """Several parts of one utterance, joined."""
    CLAUSE = "clause"
    """The reported clause, with the half quotes in it."""
    SENTENCE = "sentence"
    """Speaker, cue and clause: the clause alone would not say what the speaker wants."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation in an article, or one part of one.

    `article[start:end] == quotation`, in code points; a direct quotation's span leaves out its
    marks, an indirect one's is the reported clause. Parts of one utterance share `group` (numbers
    from 0 in the article's order) and `statement`. `speaker_mention` is what the article says
    there ("he", "the minister"), `speaker` who that is (None rather than a guess), and
    `speaker_role` the role the article gives that person.
    """

    start: int
    end: int
    kind: Kind
    quotation: str
    statement: str
    cue: str | None
    speaker_mention: str | None
    speaker: str | None
    group: int
    speaker_role: str | None
    basis: Basis
