"""Import drafts into `data/statements`: python -m training.import_drafts DRAFTS.

DRAFTS holds `*/*.txt` in the authoring format, `labels/*.tsv` with blind second labels and
`adjudicated/*.tsv` with decisions. `--starter FILE` adds the starter set. Near variants become one
group, exact repeats are left out, ids follow from the text, rows of another origin stay. Second
labels and decisions go to `data/annotations/agreement.jsonl`. Faults are printed; exit 1 if any.
With `--add` the drafts are further statements for training alone: all that is there stays where it
is, and a draft that nearly repeats a held-out or a challenge statement is left out.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from training.authoring import Draft, read_drafts
from training.check_data import challenge_texts
from training.codes import decode, encode, read_codes
from training.near_duplicates import Clusters, near_pairs
from training.second_labels import AGREEMENT, record
from training.statements import (
    COLUMNS,
    FILES,
    STATEMENTS,
    TRAINING_ONLY,
    Row,
    file_of,
    key_of,
    read_rows,
    read_statements,
    write_rows,
)
from training.vocabulary import STARTER_THEMES, common_phenomena

VARIANT_OVERLAP = 0.4
"""Share of common word pairs from which two statements are variants of one another."""


def from_draft(draft: Draft) -> Row:
    """Return a row of a draft; `group` is still the key of the group's first text."""
    return _row(
        draft.text,
        decode(draft.code),
        head=draft.head,
        speaker_role=draft.role,
        phenomena=sorted(draft.phenomena),
        register=draft.register,
        side=draft.side,
        theme=draft.theme,
        english=draft.english,
        target_form=draft.target_form,
    )


def from_starter(line: Mapping[str, object]) -> Row:
    """Return a row of the starter set, its tags in the common vocabulary."""
    tags = [str(tag) for tag in line["phenomena"]]  # type: ignore[attr-defined]
    themes = [STARTER_THEMES[tag] for tag in tags if tag in STARTER_THEMES]
    labels = decode(encode({key: str(value) for key, value in line.items()}))
    row = _row(str(line["text"]), labels, phenomena=common_phenomena(tags))
    return row | {"theme": themes[0] if themes else None}


def _row(text: str, labels: dict[str, str], head: str = "", **fields: object) -> Row:
    text = " ".join(text.split())
    start: Row = dict.fromkeys(COLUMNS)
    return start | {
        "id": f"authored-{key_of(text)}",
        "text": text,
        **labels,
        "origin": "authored",
        "source": "authored",
        "group": key_of(" ".join((head or text).split())),
        "calibration": False,
        **fields,
    }


def unique(rows: Iterable[Row]) -> tuple[list[Row], list[str]]:
    """Return the rows without repeats of a text, and a fault for each repeat."""
    kept: dict[str, Row] = {}
    faults = []
    for row in rows:
        if kept.setdefault(row["id"], row) is not row:
            faults.append(f"{row['id']}: repeated text left out: {row['text'][:60]}")
    return list(kept.values()), faults


def group_variants(rows: list[Row]) -> int:
    """Name every row's group, near variants together; return how many pairs were near."""
    clusters, pairs = Clusters(), 0
    for row in rows:
        clusters.union(row["group"], key_of(row["text"]))
    for left, right, _ in near_pairs([row["text"] for row in rows], VARIANT_OVERLAP):
        clusters.union(rows[left]["group"], rows[right]["group"])
        pairs += 1
    for row in rows:
        row["group"] = f"authored:{clusters.find(row['group'])}"
    return pairs


def further(rows: list[Row], there: Mapping[str, list[Row]]) -> tuple[list[Row], int]:
    """Return the rows that may be added for training, and how many are too near what is held out.

    Each gets a group of its own that trains only, or that of the training statement it varies.
    Statements of `data/challenge` are held out too.
    """
    held_out = [*there["validation"], *there["test"], *challenge_texts()]
    held = {row["group"] for row in held_out}
    others = [*there["train"], *held_out]
    everything, start = [*others, *rows], len(others)
    clusters, met = Clusters(), []
    for row in rows:
        clusters.union(row["group"], key_of(row["text"]))
    for left, right, _ in near_pairs([row["text"] for row in everything], VARIANT_OVERLAP):
        pair = everything[left]["group"], everything[right]["group"]
        if left >= start:
            clusters.union(*pair)
        elif right >= start:
            met.append(pair)
    touched = defaultdict(set)
    for theirs, ours in met:
        touched[clusters.find(ours)].add(theirs)
    kept = []
    for row in rows:
        cluster = clusters.find(row["group"])
        if not touched[cluster] & held:
            row["group"] = min(touched[cluster], default=TRAINING_ONLY + cluster)
            kept.append(row)
    return kept, len(rows) - len(kept)


def write_statements(rows: list[Row], folder: Path) -> Counter[str]:
    """Write the three files, keep their rows of another origin; return the rows per file."""
    files: dict[str, list[Row]] = {name: [] for name in FILES}
    for row in rows:
        name, calibration = file_of(row["group"])
        files[name].append(row | {"calibration": calibration})
    there = read_statements(folder) if (folder / "test.jsonl").is_file() else {}
    for name, found in files.items():
        found.sort(key=lambda row: str(row["id"]))
        found += [row for row in there.get(name, ()) if row["origin"] != "authored"]
        write_rows(folder / f"{name}.jsonl", found)
    return Counter({name: len(found) for name, found in files.items()})


def collect(drafts: Path, starter: Path | None) -> tuple[list[Row], list[str]]:
    """Return the rows of all drafts and of the starter set, and the faults."""
    rows: list[Row] = []
    faults: list[str] = []
    for path in sorted(drafts.glob("*/*.txt")):
        found, broken = read_drafts(path)
        rows += map(from_draft, found)
        faults += broken
    if starter:
        rows += map(from_starter, read_rows(starter))
    rows, repeats = unique(rows)
    return rows, faults + repeats


def main(arguments: list[str] | None = None) -> int:
    """Import, print what was done and every fault; return 1 where there was a fault."""
    parser = argparse.ArgumentParser(prog="training.import_drafts", description=__doc__)
    parser.add_argument("drafts", type=Path)
    parser.add_argument("--starter", type=Path)
    parser.add_argument("--statements", type=Path, default=STATEMENTS)
    parser.add_argument("--agreement", type=Path, default=AGREEMENT)
    parser.add_argument("--add", action="store_true", help="keep what is there; train on these")
    options = parser.parse_args(arguments)
    rows, faults = collect(options.drafts, options.starter)
    settled: list[Row] = []
    if options.add:
        ids = {row["id"] for row in rows}
        there = {  # without those that an earlier import of these drafts added
            name: [
                r for r in part if r["id"] not in ids or not r["group"].startswith(TRAINING_ONLY)
            ]
            for name, part in read_statements(options.statements).items()
        }
        settled = [r for part in there.values() for r in part if r["origin"] == "authored"]
        known = {row["id"] for row in settled}
        rows, dropped = further([row for row in rows if row["id"] not in known], there)
        note = f"{dropped} too near held-out statements"
    else:
        note = f"{group_variants(rows)} pairs of near variants"
    second = read_codes(options.drafts / "labels")
    decided = read_codes(options.drafts / "adjudicated")
    kept = {row["id"] for row in settled}
    counts = record(rows, second, decided, options.agreement, kept)
    files = write_statements(settled + rows, options.statements)
    for fault in faults:
        print(fault)
    print(f"{len(rows)} statements in {len({row['group'] for row in rows})} groups, {dict(files)}")
    print(f"{note}, {len(faults)} faults; second labels: {counts}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
