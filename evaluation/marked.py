"""Text between two marker comments of a Markdown file, replaced by what a command measured."""

import re
from pathlib import Path

from quotestance.errors import InputFormatError, InputNotFoundError


def replace_marked(path: Path, name: str, text: str) -> None:
    """Replace what stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`.

    Raises InputNotFoundError or InputFormatError where the file or its markers are missing.
    """
    if not path.is_file():
        raise InputNotFoundError(f"no file {path}: name a Markdown file with {name} markers")
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    document = path.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if len(pattern.findall(document)) != 1:
        raise InputFormatError(f"{path} wants exactly one pair of {begin} and {end}")
    document = pattern.sub(lambda _: f"{begin}\n{text}\n{end}", document)
    path.write_text(document, encoding="utf-8")
