"""Read the authoring format: one statement per line, fields parted by ` | `, the text last.

    CODE | role | register | side | theme | phenomena | flags | text

`data/README.md`, section Authoring format, describes the fields. A line that begins with `@` is a
minimal variation of the line above and belongs to its group.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quotestance.errors import InputFormatError
from training.codes import decode, joint_rule
from training.vocabulary import ENGLISH, PHENOMENA, REGISTERS, SIDES, TARGET_FORMS, THEMES

SEPARATOR = " | "
FIELDS = 8
WORDS = (2, 95)
"""Fewest and most words of a statement."""


@dataclass(frozen=True)
class Draft:
    """One authored statement; `head` is the text that its group begins with (its own, mostly)."""

    text: str
    head: str
    code: str
    role: str
    register: str
    side: str
    theme: str
    phenomena: tuple[str, ...]
    english: str
    target_form: str

    def faults(self) -> Iterator[str]:
        """Yield what breaks the format or the codebook's rule of the joint label."""
        closed = {"register": REGISTERS, "side": SIDES, "theme": THEMES}
        for name, allowed in closed.items():
            if getattr(self, name) not in allowed:
                yield f"{name} {getattr(self, name)!r} is not in the vocabulary"
        for phenomenon in self.phenomena:
            if phenomenon not in PHENOMENA:
                yield f"phenomenon {phenomenon!r} is not in the vocabulary"
        if not joint_rule(decode(self.code)):
            yield f"joint stance of {self.code} breaks the codebook's rule"
        if not WORDS[0] <= len(self.text.split()) <= WORDS[1]:
            yield f"{len(self.text.split())} words; wanted {WORDS[0]} to {WORDS[1]}"


def read_draft(line: str, head: str = "") -> Draft:
    """Return the statement of a line; `head` is the text of the group that an `@` line joins.

    Raises:
        InputFormatError: too few fields, or a code or flags that cannot be read.
    """
    fields = [field.strip() for field in line.split(SEPARATOR, FIELDS - 1)]
    if len(fields) != FIELDS:
        raise InputFormatError(f"{len(fields)} fields; wanted {FIELDS} parted by {SEPARATOR!r}")
    code, role, register, side, theme, phenomena, flags, text = fields
    if not re.fullmatch(r"[nt][daix]", flags):
        raise InputFormatError(f"flags {flags!r}; wanted n or t, then d, a, i or x")
    decode(code.lstrip("@"))
    tags = tuple(dict.fromkeys(tag.strip() for tag in phenomena.split(",") if tag.strip()))
    return Draft(
        text=text,
        head=head if code.startswith("@") and head else text,
        code=code.lstrip("@"),
        role=role,
        register=register,
        side=side,
        theme=theme,
        phenomena=tags,
        english=ENGLISH[flags[0]],
        target_form=TARGET_FORMS[flags[1]],
    )


def read_drafts(path: Path) -> tuple[list[Draft], list[str]]:
    """Return the statements of a file and its faults, each with file and line.

    A line that cannot be read is a fault and left out, so that one slip loses one statement.
    """
    drafts: list[Draft] = []
    faults: list[str] = []
    head = ""
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        try:
            draft = read_draft(line, head)
        except InputFormatError as error:
            faults.append(f"{path}:{number}: {error}")
            head = head if line.startswith("@") else ""
            continue
        head = draft.head
        found = [f"{path}:{number}: {fault}" for fault in draft.faults()]
        faults += found
        if not found:
            drafts.append(draft)
    return drafts, faults
