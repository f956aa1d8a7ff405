"""What is done to a statement before the tokenizer sees it; the same in training and inference."""

import re
import unicodedata

PREPROCESSING = "spellings-1"
"""Name of the rule below; `config.json` carries it, and `load` refuses a rule it does not know."""

QUOTES = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»〝〞＂″", '"'),
        **dict.fromkeys("‘’‚‛‹›′＇`´", "'"),
        **dict.fromkeys("–—―‒", "-"),
        "…": "...",
        "\u00ad": None,
        "\u200b": None,
        "\ufeff": None,
    }
)
"""What each mark of a kind becomes; None drops it."""
SPELLINGS = (
    (re.compile(r"\bKy(?:iv|yiv|jiv)(?=\b|s\b)", re.IGNORECASE), "Kiev"),
    (re.compile(r"\bZelens(?:kyy|kiy|kyi|ki|kij|skyj)\b", re.IGNORECASE), "Zelensky"),
    (re.compile(r"\bKhark(?:iv|ov)(?=\b|s\b)", re.IGNORECASE), "Kharkov"),
    (re.compile(r"\bOdess?a\b", re.IGNORECASE), "Odessa"),
    (re.compile(r"\bDonbass?\b", re.IGNORECASE), "Donbas"),
    (re.compile(r"\bLu(?:h|g)ansk\b", re.IGNORECASE), "Luhansk"),
    (re.compile(r"\bLvov\b", re.IGNORECASE), "Lviv"),
    (re.compile(r"\b(?:Mykolaiv|Nikolaye?v)\b", re.IGNORECASE), "Nikolaev"),
    (re.compile(r"\bZapor(?:izhzhi?a|ozhye|izhia|izhzhya)\b", re.IGNORECASE), "Zaporozhye"),
    (re.compile(r"\bChern(?:ihiv|igov)\b", re.IGNORECASE), "Chernigov"),
    (re.compile(r"\bDn(?:ipro|epr|ieper)\b", re.IGNORECASE), "Dnieper"),
    (re.compile(r"\bN\.A\.T\.O\.?", re.IGNORECASE), "NATO"),
)
"""One spelling for each name, so that the spelling of a capital cannot carry a label. The forms are
those that the encoder's vocabulary holds as one token."""


def preprocess(text: str) -> str:
    """Return `text` in NFC with plain quotation marks and dashes, single blanks and one spelling.

    Marks around the whole statement are dropped: they say that it is quoted, which it always is.
    """
    if not text.isascii():
        # A lone surrogate (half of a broken emoji) is no Unicode text; the tokenizer refuses it.
        text = text.encode("utf-8", "replace").decode("utf-8")
    text = unicodedata.normalize("NFC", text).translate(QUOTES)
    text = " ".join(text.split())
    if len(text) > 2 and text[0] == text[-1] == '"' and '"' not in text[1:-1]:
        text = text[1:-1].strip()
    for pattern, spelling in SPELLINGS:
        text = pattern.sub(spelling, text)
    return text


_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Mn", "Zl", "Zp", "Zs"}
"""Unicode categories that leave nothing to read: blanks, controls, marks without a letter."""
_NO_WORDS = {'"', "\u2800", *(chr(mark) for mark, plain in QUOTES.items() if plain == '"')}
"""Quotation marks, and the Braille pattern without dots: seen, and nothing to read."""


def is_blank(text: str) -> bool:
    """Return whether nothing of `text` is left to read: blanks and invisible characters only.

    >>> is_blank(" \u200e\u2060"), is_blank("No.")
    (True, False)
    """
    # Ends at the first visible character: every row of a batch is asked.
    return all(c in _NO_WORDS or unicodedata.category(c) in _UNSEEN for c in text)
