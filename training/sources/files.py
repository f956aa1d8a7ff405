"""Documents kept as text files or as rows of a CSV file, read as mappings from key to text."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from quotestance.errors import InputFormatError, InputNotFoundError

FIELD_LIMIT = 64 * 1024 * 1024
"""Bytes of one CSV field; transcripts are far longer than the csv module's 128 KiB."""


class TextFiles(Mapping[str, str]):
    r"""The text files under a folder by relative POSIX path, read when asked for.

    Bytes that are not UTF-8 are replaced and line ends become `\n`, as the offsets of the
    stand-off annotations presuppose.
    """

    def __init__(self, root: Path, suffix: str) -> None:
        require_folder(root)
        self._files = {
            path.relative_to(root).as_posix(): path
            for path in sorted(root.rglob(f"*{suffix}"))
            if path.name.lower() != "readme.md"
        }
        self._last: tuple[str, str] = ("", "")

    def __getitem__(self, key: str) -> str:
        if key != self._last[0]:
            text = self._files[key].read_text(encoding="utf-8", errors="replace")
            self._last = (key, text)
        return self._last[1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def require_folder(folder: Path) -> None:
    """Raise `InputNotFoundError` where the corpus is not there, with the command that brings it."""
    if not folder.is_dir():
        raise InputNotFoundError(
            f"no corpus at {folder}; get it with: python -m training.fetch {folder.name}"
        )


def read_csv(path: Path, columns: tuple[str, ...], encoding: str = "utf-8") -> list[dict[str, str]]:
    """Return the rows of a CSV file that must have `columns`; undecodable bytes are replaced."""
    require_folder(path.parent)
    if not path.is_file():
        raise InputNotFoundError(f"no file {path}; wanted the corpus file {path.name}")
    csv.field_size_limit(FIELD_LIMIT)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise InputFormatError(
                f"{path} lacks the column {missing[0]!r}, has {reader.fieldnames}; "
                "fetch the corpus anew"
            )
        return list(reader)


def require_split(split: str, files: Mapping[str, str]) -> str:
    """Return the file name of a split; `InputFormatError` names the known ones."""
    if split not in files:
        raise InputFormatError(f"no split {split!r}; wanted one of {', '.join(files)}")
    return files[split]
