"""Lines that name who wrote, pictured or edited an article: nobody who speaks in it."""

import re

from quotestance.article.mentions import PARTICLES
from quotestance.article.paragraphs import Paragraph
from quotestance.article.tokens import Token

_CREDIT = re.compile(
    r"[\W_]*(?:(?:additional |further )?(?:by|words|text|story|photo(?:graph)?s?|photography"
    r"|pictures?|images?|illustrations?|video|report(?:ing|ed)?|written|edit(?:ed|ing|or)"
    r"|compiled|translated|writing|produced|contributors?)(?: (?:by|and [a-z]+ by))?"
    r"|photo(?:graph)? credit|file (?:photo|picture))\s*[:|]|[\W_]*(?:by|photographs? by"
    r"|photography by|pictures? by|words by|text by|(?:additional )?reporting by|written by"
    r"|edited by|editing by|compiled by|illustrations? by)\s",
    re.IGNORECASE,
)
_LONGEST = 300


def is_credit(text: str, paragraph: Paragraph, tokens: list[Token]) -> bool:
    """Tell "By Jane Doe", "Photo: Jane Doe/Wire", and a line that is no more than names."""
    if paragraph.end - paragraph.start > _LONGEST or not tokens:
        return False
    if _CREDIT.match(text, paragraph.start, paragraph.end):
        # A sentence may begin with "By" too: a credit has no verb, so few small words.
        small = sum(token.is_word and token.text.islower() for token in tokens)
        return tokens[-1].text not in ".?!:" or small <= 5
    words = [token for token in tokens if token.is_word]
    names = all(token.is_cap or token.low in PARTICLES | {"and", "in"} for token in words)
    return 2 <= len(words) <= 8 and names and tokens[-1].text not in ".?!:"
