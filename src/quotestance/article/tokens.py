"""Words and marks of a paragraph in which every quotation is one opaque token."""

import re
from dataclasses import dataclass

OPEN, FILL = "\ue001", "\ue000"
"""What hides a quotation in the masked text: one OPEN, then FILL to its last mark."""

_ABBREVIATIONS = """
Mr Mrs Ms Dr Prof Gen Lt Col Maj Capt Sgt Cpl Adm Brig Cmdr Sen Rep Gov Rev Hon Pres Amb Sens Reps
Pvt Det Supt Msgr Jr Sr St Mt Ft No Nos Inc Ltd Co Corp Bros Jan Feb Mar Apr Jun Jul Aug Sept Sep
Oct Nov Dec Mon Tue Wed Thu Fri vs etc approx est Ave Blvd Rd Mass Calif Conn Fla Ill Ind Md Mich
Minn Miss Mo Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo Ariz Colo Ga Ky La Neb Nev viz cf al Art Fig
Messrs Mme Mlle Insp Const Cllr Spc Pte Sta Vol Ch pp ed eds
"""
_TOKEN = re.compile(
    rf"""{OPEN}{FILL}*
    | (?:\b[A-Z]-)?(?:[^\W\d_]\.){{2,}}                    # U.S., e.g., R-S.C.
    | \b(?:{"|".join(_ABBREVIATIONS.split())})\.(?!\w)
    | \b[A-Z]\.(?=\s*[A-Z])                                # an initial
    | [^\W_]+(?:['’\-‐‑&/][^\W_]+|[.,:](?<=\d[.,:])\d+)*(?:(?<=s)['’](?=\s))?   # words
    | \.{{2,}} | \S""",
    re.VERBOSE,
)
_STARTERS = frozenset(
    """The A An He She It They We I You This That These Those In On At But And As By For From When
    While After Before However Meanwhile Also According There His Her Its Their If Some Many Most
    Both Since Under With Asked Speaking Earlier Later Last Next One Two No Not To What Why How Who
    Where Still Yet Now Then So Or""".split()
)
_CLOSERS = ('"', "”", "’", "'", "»")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark or a hidden quotation, with its place in the text."""

    text: str
    start: int
    end: int
    low: str

    @property
    def is_quote(self) -> bool:
        """Whether this stands for a hidden quotation."""
        return self.text[0] == OPEN

    @property
    def is_cap(self) -> bool:
        """Whether this is a word with a capital first letter."""
        return self.text[0].isupper()

    @property
    def is_word(self) -> bool:
        """Whether this is a word or a number."""
        return self.text[0].isalnum()


def tokenize(masked: str, start: int, end: int) -> list[Token]:
    """Return the tokens of `masked[start:end]`; their offsets count from the text's beginning."""
    tokens = []
    for match in _TOKEN.finditer(masked, start, end):
        word = match.group()
        low = word.lower().replace("’", "'") if word[0].isalnum() else word
        tokens.append(Token(word, match.start(), match.end(), low))
    return tokens


def ends_sentence(tokens: list[Token], i: int) -> bool:
    """Tell whether the sentence ends after `tokens[i]`, which is no quotation."""
    token = tokens[i]
    if i + 1 == len(tokens):
        return True
    after = tokens[i + 1]
    if token.text in ".!?…" and after.text in _CLOSERS and after.start == token.end:
        return False  # "called it a “mistake.” The …": the mark belongs to the sentence
    stopped = i > 0 and tokens[i - 1].text in ".!?" and tokens[i - 1].end == token.start
    if stopped and token.text in _CLOSERS:
        return after.is_cap or after.is_quote
    if token.text in ".!?…" or token.text.startswith(".."):
        return (
            after.is_cap
            or after.is_quote
            or after.text in "“\"‘'([«„—–-•*#@"
            or (token.text in ".!?" and after.text[0].isdigit())
        )
    # "in the U.S. The minister": an abbreviation at the end, and a word that opens sentences.
    return (
        token.text.endswith(".")
        and after.text in _STARTERS
        and len(token.text) > 2
        and (token.low not in ("gen.", "mr.", "mrs.", "ms.", "dr.", "sen.", "rep.", "gov."))
    )
