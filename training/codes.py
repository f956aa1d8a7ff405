"""The four-character label code of drafts and label sheets: NATO, Ukraine, joint, sentiment."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from quotestance.errors import InputFormatError

LABEL_COLUMNS = ("stance", "stance_nato", "stance_ukraine", "sentiment")
_STANCE = {"S": "supportive", "A": "adversarial", "N": "neutral"}
_SENTIMENT = {"+": "positive", "-": "negative", "0": "neutral"}
_ORDER = ("stance_nato", "stance_ukraine", "stance", "sentiment")


def decode(code: str) -> dict[str, str]:
    """Return the four labels of a code.

    >>> decode("NSS-")["stance_ukraine"]
    'supportive'
    """
    if not re.fullmatch(r"[SAN]{3}[-+0]", code):
        raise InputFormatError(f"label code {code!r}; wanted three of S, A, N and one of +, -, 0")
    values = [_STANCE[letter] for letter in code[:3]] + [_SENTIMENT[code[3]]]
    return dict(zip(_ORDER, values, strict=True))


def encode(row: Mapping[str, str]) -> str:
    """Return the code of a row's four labels; the inverse of `decode`."""
    letters = [row[column][0].upper() for column in _ORDER[:3]]
    return "".join(letters) + {v: k for k, v in _SENTIMENT.items()}[row["sentiment"]]


def joint_rule(row: Mapping[str, str]) -> bool:
    """Return whether the joint stance follows the codebook's rule from its two targets.

    One side with a position and the other without, or both with the same: the joint takes it.
    Opposite positions, or none at all, leave the joint to the main thrust.
    """
    positions = {row["stance_nato"], row["stance_ukraine"]} - {"neutral"}
    return len(positions) != 1 or row["stance"] in positions


def read_codes(folder: Path) -> dict[str, str]:
    """Return the codes of every `*.tsv` sheet in a folder by id; none where there is no folder.

    Raises:
        InputFormatError: a line without a valid code, or an id with two different ones.
    """
    codes: dict[str, str] = {}
    for path in sorted(folder.glob("*.tsv")):
        for key, code in read_sheet(path):
            if codes.setdefault(key, code) != code:
                raise InputFormatError(f"{path}: {key} has two codes; keep one")
    return codes


def read_sheet(path: Path) -> Iterator[tuple[str, str]]:
    """Yield id and code of every line `id<TAB>code` of a sheet.

    Further columns, blank lines and a heading `id` are passed over.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        key, _, rest = line.partition("\t")
        if not line.strip() or key == "id":
            continue
        code = rest.split("\t")[0].strip()
        try:
            decode(code)
        except InputFormatError as error:
            raise InputFormatError(f"{path}:{number}: {error}") from error
        yield key.strip(), code
