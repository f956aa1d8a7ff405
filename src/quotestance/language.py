"""Whether a statement looks like English, which is all that the models read."""

import re

COMMON = frozenset(
    "the of and to that is are we our with not will have has had this these those it its be "
    "been by they their them you your she his her from but who which what would can could "
    "should must there were at into more than about if or when how why where don't isn't "
    "won't nobody nothing said says".split()
)
"""Words that most English sentences have some of, and few other languages."""
_SHARED = frozenset("a in on was us my i ours do me an so no he as for all".split())
"""English, too, but also words of other languages: not enough by themselves."""
FEWEST = 8
"""Words from which a text in Latin letters can be told."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def is_foreign(text: str) -> bool:
    """Return whether a text looks like another language than English.

    Told by the script, and from `FEWEST` words on by the share of common English words: about one
    English statement in 120 is taken for another language, shorter texts in Latin letters never.

    >>> is_foreign("НАТО була створена."), is_foreign("NATO bleibt geschlossen.")
    (True, False)
    """
    if not text.isascii():
        letters = [c for c in text if c.isalpha()]
        if sum(c > "\u024f" for c in letters) * 2 > len(letters):  # beyond the Latin blocks
            return True
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    if len(words) < FEWEST:
        return False
    common = sum(word in COMMON for word in words)
    shared = sum(word in _SHARED for word in words)
    return common < 0.09 * len(words) and common + shared < 0.25 * len(words)
