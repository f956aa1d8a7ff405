"""Test sets by name: splits of the authored statements, annotated corpora, minimal pairs."""

from collections.abc import Sequence
from pathlib import Path

from evaluation.data import Dataset, make_dataset, read_dataset, shown_path
from evaluation.tables import read_table
from quotestance.errors import InputNotFoundError

ROOT = Path(__file__).resolve().parents[1]
CHALLENGE = ROOT / "data" / "challenge"
SPLITS = ("train", "validation", "calibration", "test")
MINIMAL_PAIRS = "minimal-pairs"
DEFAULT = ("authored-test", "annotated-test", MINIMAL_PAIRS)
NAMES = tuple(f"{kind}-{split}" for kind in ("authored", "annotated") for split in SPLITS)


def open_test_sets(names: Sequence[str], corpora: Path | None) -> list[Dataset]:
    """Return the named test sets; without names those of `DEFAULT` that can be found.

    A name is a file, `authored-SPLIT` or `annotated-SPLIT` (`authored` and `annotated` mean their
    test split, a bare SPLIT means authored), or `challenge`. Raises InputNotFoundError with the
    way out.
    """
    if names:
        found = [open_test_set(name, corpora) for name in dict.fromkeys(names)]
        return _unique(found)
    sets = [_try(name, corpora) for name in DEFAULT]
    opened = [data for data in sets if data is not None]
    if not opened:
        raise InputNotFoundError(
            f"no test set in {ROOT / 'data'} and no corpora: name a labelled file with --data"
        )
    return opened


def open_test_set(name: str, corpora: Path | None) -> Dataset:
    """Return one test set by name or file."""
    if name in ("challenge", MINIMAL_PAIRS):
        return read_dataset(CHALLENGE / "minimal_pairs.jsonl", MINIMAL_PAIRS)
    kind, _, split = name.partition("-")
    if name in SPLITS:
        kind, split = "authored", name
    if kind in ("authored", "annotated") and (split or "test") in SPLITS:
        split = split or "test"
        return _authored(split) if kind == "authored" else _annotated(split, corpora)
    path = Path(name)
    if not path.suffix and not path.exists():
        raise InputNotFoundError(
            f"no test set {name!r}: give a labelled file, challenge, or one of {', '.join(NAMES)}"
        )
    return read_dataset(path)


def find_corpora(corpora: Path | None) -> Path | None:
    """Return the folder of the public corpora: the one named, or ./corpora, ../shared/corpora."""
    if corpora is not None:
        return corpora if corpora.is_dir() else None
    places = (ROOT / "corpora", ROOT.parent / "shared" / "corpora")
    return next((place for place in places if place.is_dir()), None)


def _authored(split: str) -> Dataset:
    """Read a split; `calibration` is the part of the validation file that is marked so."""
    calibration = split == "calibration"
    path = ROOT / "data" / "statements" / f"{'validation' if calibration else split}.jsonl"
    name = f"authored-{split}"
    if split not in ("validation", "calibration"):
        return read_dataset(path, name)
    rows = [row for row in read_table(path) if bool(row.get("calibration")) == calibration]
    return make_dataset(name, rows, source=f"{shown_path(path)}, {split} rows")


def _annotated(split: str, corpora: Path | None) -> Dataset:
    folder = find_corpora(corpora)
    if folder is None:
        raise InputNotFoundError(
            f"no corpora at {corpora or './corpora or ../shared/corpora'}: annotated test sets are "
            "joined to public corpora; fetch them with 'python -m training.fetch' or name the "
            "folder with --corpora"
        )
    from training.standoff import load_annotated

    joined = load_annotated(split, folder)
    missing = sum(joined.missing.values())
    source = "data/annotations" + (f", {missing} passages not found" if missing else "")
    if not joined.rows:
        raise InputNotFoundError(
            f"{folder} holds none of the {missing} annotated passages: fetch the corpora with "
            "'python -m training.fetch'"
        )
    return make_dataset(f"annotated-{split}", joined.rows, source=source)


def _try(name: str, corpora: Path | None) -> Dataset | None:
    try:
        return open_test_set(name, corpora)
    except (InputNotFoundError, ModuleNotFoundError):
        return None


def _unique(sets: list[Dataset]) -> list[Dataset]:
    """Give the path as name where two files share a stem."""
    names = [data.name for data in sets]
    return [
        data
        if names.count(data.name) == 1
        else Dataset(data.source, data.source, data.rows, data.gold, data.groups)
        for data in sets
    ]
