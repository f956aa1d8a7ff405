"""Faults between texts: repeats, near repeats, shared word runs, leaked corpus text."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from training.assign_splits import CONTAINED, CONTAINED_RUN
from training.near_duplicates import contained, near_pairs, runs, words
from training.sources import AUXILIARY, DOCUMENTS
from training.standoff import sha256

NEAR = 0.5
"""Share of common word pairs from which statements of two groups repeat each other."""
RUN = 5
RUN_SHARE = 0.5
"""Statements of two groups share at most this share of the shorter one's five-word runs."""
LEAK_RUN = 8
LEAK_RUNS = 3
"""A statement with this many of a corpus's eight-word runs repeats ten words of it; two still
occur by chance in the formulas of diplomacy ("agreed to continue contacts at various levels")."""
AUXILIARY_SPLITS = {"newsmtsc": "train rw mt", "ruw": "train val test", "perspectrum": "train"}

Rows = Sequence[Mapping[str, Any]]


def repeats(rows: Rows) -> Iterator[str]:
    """Yield texts that are equal but for case and punctuation, whatever their groups."""
    first: dict[str, str] = {}
    for row in rows:
        key = sha256(" ".join(words(row["text"])))
        if key in first:
            yield f"{row['id']}: repeats {first[key]}"
        first.setdefault(key, row["id"])


def near_repeats(rows: Rows) -> Iterator[str]:
    """Yield near repeats (MinHash, confirmed) of different groups."""
    for left, right, overlap in near_pairs([row["text"] for row in rows], NEAR):
        if rows[left]["group"] != rows[right]["group"]:
            ids = f"{rows[right]['id']}: nearly repeats {rows[left]['id']}"
            yield f"{ids} ({overlap:.0%} of the word pairs)"


def holders(train: Rows, held_out: Rows) -> Iterator[str]:
    """Yield training passages that hold a good part of a held-out one."""
    short, long = ([row["text"] for row in rows] for rows in (held_out, train))
    for inner, outer, share in contained(short, long, CONTAINED, length=CONTAINED_RUN):
        ids = f"{train[outer]['id']}: holds {share:.0%} of {held_out[inner]['id']}"
        yield f"{ids} ({CONTAINED_RUN}-word runs)"


def shared_runs(rows: Rows) -> Iterator[str]:
    """Yield pairs of different groups that share more than half of their five-word runs."""
    sets = [runs(row["text"], RUN) for row in rows]
    holders: defaultdict[object, list[int]] = defaultdict(list)
    for index, members in enumerate(sets):
        for run in members:
            holders[run].append(index)
    common = Counter(pair for found in holders.values() for pair in combinations(found, 2))
    for (left, right), count in sorted(common.items()):
        shorter = min(len(sets[left]), len(sets[right]))
        if rows[left]["group"] != rows[right]["group"] and count > RUN_SHARE * shorter:
            ids = f"{rows[right]['id']}: shares {count} of {shorter} five-word runs"
            yield f"{ids} with {rows[left]['id']}"


def corpus_texts(corpora: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of every document and auxiliary row of the corpora that are there."""
    for name, documents in DOCUMENTS.items():
        if (corpora / name).is_dir():
            yield from ((name, text) for text in documents(corpora / name).values())
    for name, rows in AUXILIARY.items():
        if (corpora / name).is_dir():
            for split in AUXILIARY_SPLITS[name].split():
                yield from ((name, row.text) for row in rows(corpora / name, split))


def leaks(rows: Rows, texts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield authored statements that repeat a stretch of a corpus."""
    holders: defaultdict[object, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        found = words(row["text"])
        if len(found) >= LEAK_RUN:
            for run in runs(row["text"], LEAK_RUN):
                holders[run].append(index)
    wanted, hits = set(holders), defaultdict[int, dict[object, str]](dict)
    for name, text in texts:
        found = words(text)
        for run in wanted.intersection(zip(*(found[i:] for i in range(LEAK_RUN)), strict=False)):
            for index in holders[run]:
                hits[index][run] = name
    for index, found_runs in sorted(hits.items()):
        if len(found_runs) >= LEAK_RUNS:
            names = ", ".join(sorted(set(found_runs.values())))
            yield f"{rows[index]['id']}: {len(found_runs)} eight-word runs stand in {names}"
