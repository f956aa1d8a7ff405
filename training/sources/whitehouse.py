"""White House briefings, remarks and statements (public domain): Markdown with a front matter.

Documents are keyed by path, such as `remarks/2025-02/2025-02-18-1458.md`.
"""

from collections.abc import Mapping
from pathlib import Path

from training.sources.files import TextFiles

NAME = "whitehouse"


def documents(folder: Path) -> Mapping[str, str]:
    """Return the documents, front matter included, by relative path."""
    return TextFiles(folder, ".md")
