"""Who is named before a colon or a dash: the label of a quotation, the owner of an answer."""

from quotestance.article.mentions import Mention, Sort, bare, describe, is_role, name_end
from quotestance.article.phrases import right_phrase
from quotestance.article.roles import PLACES
from quotestance.article.subjects import PREPOSITIONS, is_cue
from quotestance.article.tags import Tag
from quotestance.article.tokens import Token

_DASHES = ("—", "–", "-", "--", "―")
_ANSWERS = frozenset(
    """response reply answer message verdict warning advice reaction comment line conclusion point
    argument words plea appeal""".split()
)
_WHOSE = {"his": "he", "her": "she", "their": "they"}


def answerer(subject: Mention) -> Mention:
    """Read "Doe's answer was blunt: “…”", "His answer: “…”": Doe, he."""
    words = subject.words
    whose = _WHOSE.get(words[0].lower())
    if len(words) == 2 and words[1].lower() in _ANSWERS and whose:
        return Mention(subject.start, subject.end, Sort.PRONOUN, (whose,))
    at = next((k for k, w in enumerate(words[:-1]) if bare(w) != w), None)
    if at is None or words[-1].lower() not in _ANSWERS:
        return subject
    owner = (*words[:at], bare(words[at]))
    body = bare(owner[-1].lower()) in PLACES or not owner[-1][0].isupper()
    sort = Sort.BODY if body else Sort.PERSON
    return Mention(subject.start, subject.end, sort, owner)


def label_before(tokens: list[Token], q: int, low: int) -> Tag | None:
    """Read "NAME: “…”" at the head of a paragraph, as transcripts and lists of quotes have it."""
    if q - low < 2 or tokens[q - 1].text not in (":", *_DASHES):
        return None
    first = low
    while first < q and tokens[first].text in "*•-–—[(#>":
        first += 1
    close = q - 1
    while (close > first and tokens[close].text in ":])*—–-(") or tokens[close].text == "http":
        close -= 1
    if tokens[first].low in PREPOSITIONS:
        return None
    if tokens[first].low == "quote" and tokens[first + 1].low in ("from", "by", "of"):
        return q - 1, None
    end = name_end(tokens, first) if tokens[first].is_cap else first
    inner = _without_brackets(tokens[first : close + 1])
    whole = right_phrase(inner, 0, len(inner)) if inner else None
    if len(inner) < close + 1 - first and whole == (0, len(inner)):
        return q - 1, describe(inner, 0, len(inner))
    phrase = None if is_cue(tokens, close) else right_phrase(tokens, first, close + 1)
    if phrase and phrase[1] == close + 1 and any(t.is_cap for t in tokens[first : close + 1]):
        return q - 1, describe(tokens, *phrase)
    if (
        end > first
        and tokens[end].text in (",", "(")
        and close - first < 16
        and any(is_role(token.low) for token in tokens[end : close + 1])
    ):
        return q - 1, describe(tokens, first, end)
    return None


def _without_brackets(tokens: list[Token]) -> list[Token]:
    """Drop what stands in brackets: "Admiral (ret.) Jane Doe"."""
    kept, depth = [], 0
    for token in tokens:
        depth += token.text == "("
        if not depth:
            kept.append(token)
        depth -= token.text == ")" and depth > 0
    return kept
