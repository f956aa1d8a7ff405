"""UN General Debate Corpus (Jankin, Baturo, Dasandi; CC0): one text file per speech.

Documents are keyed by path, such as `Session 56 - 2001/BLR_56_2001.txt`. The publisher's archive
holds the session folders below `TXT/`; both layouts are read, and the corpus may be partial.
"""

from collections.abc import Mapping
from pathlib import Path

from training.sources.files import TextFiles

NAME = "ungdc"


def documents(folder: Path) -> Mapping[str, str]:
    """Return the speeches by `Session NN - YEAR/ISO_NN_YEAR.txt`."""
    inner = folder / "TXT"
    return TextFiles(inner if inner.is_dir() else folder, ".txt")
