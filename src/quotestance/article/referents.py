"""Small questions about mentions that the register asks, and the words they turn on."""

from quotestance.article.mentions import OPENERS, Mention, is_role
from quotestance.article.roles import BODIES, GENDERED, PLACES, TITLES
from quotestance.article.tokens import Token

NO_VERBS = frozenset("and or but where which in on at near from to as the a an with".split())
EMPTY = frozenset("of for senior top veteran then former longtime long-time new s".split())
KIN = frozenset(
    "mother father wife husband son daughter brother sister grandfather grandmother uncle aunt "
    "widow partner neighbour neighbor lawyer spokesman spokeswoman spokesperson aide".split()
)
VAGUE_HEADS = frozenset("pair couple duo trio former latter latest".split())
DOCUMENT_HEADS = frozenset(
    "statement communique communiqué declaration post message tweet letter memo readout "
    "report".split()
)
GENERAL = frozenset(
    "group organisation organization body charity company agency watchdog alliance".split()
)
"""Words by which an institution is taken up again: "the group said"."""


def is_set_in(tokens: list[Token], i: int, j: int) -> bool:
    """Tell a name between commas with the sentence's verb after it: ", Jane Doe, appealed"."""
    if i < 2 or j + 1 >= len(tokens) or tokens[i - 1].text != "," or tokens[j].text != ",":
        return False
    # ", Jane Doe, 34, appealed": the age is a part of the insertion.
    if tokens[j + 1].text.isdigit() and j + 3 < len(tokens) and tokens[j + 2].text == ",":
        j += 2
    after = tokens[j + 1]
    return after.is_word and after.text.islower() and after.low not in NO_VERBS


def spelled_out(content: list[str]) -> list[str]:
    """Give offices that have two names one: "head of state", "press secretary"."""
    if content == ["head", "state"]:
        return ["president"]
    if content[-2:] == ["press", "secretary"]:
        return [*content[:-2], "spokesman"]
    return content


def bare_role(low: list[str]) -> bool:
    """Tell whether words name an office, or a place."""
    return any(word in PLACES or is_role(word) for word in low)


def ends_in_body(mention: Mention) -> bool:
    """Tell a name that is an institution's, or only a sentence's first word."""
    return mention.words[-1].lower() in BODIES or mention.words[0].lower() in OPENERS


def told_gender(mention: Mention) -> str | None:
    """Return the gender that a mention's title or role tells, or None."""
    title = TITLES.get(mention.title) if mention.title else None
    if title:
        return title
    words = (mention.role or "").lower().split()
    return next((GENDERED[word] for word in words if word in GENDERED), None)
