"""Claims of pro-Kremlin media as catalogued by EUvsDisinfo (CC BY-SA 4.0): one CSV file.

They are claims made by others and are never shown as facts. Each claim is a document, keyed by
its address; many are rewordings of each other, which `training.assign_splits` keeps together.
"""

from collections.abc import Mapping
from pathlib import Path

from training.sources.files import read_csv

NAME = "euvsdisinfo"
FILE = "claims.csv"


def documents(folder: Path) -> Mapping[str, str]:
    """Return every claim's title by its address."""
    rows = read_csv(folder / FILE, ("id", "title"))
    return {row["id"]: row["title"] for row in rows}
