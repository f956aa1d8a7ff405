"""English press releases and transcripts of kremlin.ru (CC BY 4.0): one CSV file."""

from collections.abc import Mapping
from pathlib import Path

from training.sources.files import read_csv

NAME = "kremlin"
FILE = "press_releases.csv"


def documents(folder: Path) -> Mapping[str, str]:
    """Return the body of every press release by its link."""
    rows = read_csv(folder / FILE, ("link", "body"))
    return {row["link"]: row["body"] for row in rows}
