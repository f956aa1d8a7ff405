"""Give annotation rows their `group` and `split`: python -m training.assign_splits --corpora DIR.

Reads `data/annotations/<corpus>.jsonl` and, with `--from DIR`, further rows in the same format
(without group and split), and writes `data/annotations`. The split follows from the document
alone, so further annotations never move one that is there. Passages that nearly repeat one of
another split (formulas read out year after year) are marked `excluded`, with the passage that
they repeat; test is kept before validation, calibration and train. So are training passages that
hold half of a held-out one.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.near_duplicates import Clusters, contained, near_pairs
from training.sources import DOCUMENT_FIELD, DOCUMENTS, euvsdisinfo
from training.standoff import ANNOTATIONS, EXCLUDED, passage, read_annotations, sha256, split_of

CLAIM_OVERLAP = 0.5
"""Share of common words from which two claims are one group."""
PASSAGE_OVERLAP = 0.5
"""Share of common word pairs from which two passages of different splits repeat each other."""
CONTAINED = 0.5
"""Share of a held-out passage's word runs that a training passage may not hold."""
CONTAINED_RUN = 6
KEPT_FIRST = ("test", "validation", "calibration", "train")


def claim_groups(claims: Mapping[str, str]) -> dict[str, str]:
    """Return every claim's group: the smallest address among its near duplicates.

    All claims of the corpus take part, annotated or not, so that groups outlive new annotations.
    """
    keys, clusters = list(claims), Clusters()
    texts = [claims[key] for key in keys]
    for left, right, _ in near_pairs(texts, CLAIM_OVERLAP, length=1):
        clusters.union(keys[left], keys[right])
    return {key: clusters.find(key) for key in keys}


def merge(rows: list[dict[str, Any]], further: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return `rows` and those of `further` whose passage is not among them, by hash."""
    known = {row["sha256"] for row in rows}
    merged = list(rows)
    for row in further:
        if row["sha256"] not in known:
            known.add(row["sha256"])
            merged.append(row)
    return merged


def assign(corpus: str, rows: list[dict[str, Any]], documents: Mapping[str, str]) -> list[str]:
    """Set `group` and `split` of every row; return the passages' texts ("" where unverified)."""
    groups = claim_groups(documents) if corpus == euvsdisinfo.NAME else {}
    key, texts = DOCUMENT_FIELD[corpus], []
    for row in rows:
        row["group"] = f"{corpus}:{groups.get(row[key], row[key])}"
        row["split"] = split_of(row["group"])
        row.pop("repeats", None)
        text = passage(row, documents, key) if row[key] in documents else ""
        texts.append(text if sha256(text) == row["sha256"] else "")
    return texts


def exclude_repeats(rows: list[dict[str, Any]], texts: list[str]) -> int:
    """Mark near repeats across splits as excluded; return how many."""
    rank = {name: place for place, name in enumerate(KEPT_FIRST)}
    order = sorted(range(len(rows)), key=lambda i: (rank[rows[i]["split"]], rows[i]["id"]))
    kept = [i for i in order if texts[i]]
    excluded = 0
    for first, second, _ in near_pairs([texts[i] for i in kept], PASSAGE_OVERLAP):
        earlier, later = rows[kept[first]], rows[kept[second]]
        same = earlier["split"] == later["split"] and texts[kept[first]] != texts[kept[second]]
        if not same and EXCLUDED not in (earlier["split"], later["split"]):
            later["split"], later["repeats"] = EXCLUDED, earlier["id"]
            excluded += 1
    return excluded


def exclude_holders(rows: list[dict[str, Any]], texts: list[str]) -> int:
    """Mark training passages with a good part of a held-out one in them; return how many."""
    train = [i for i, row in enumerate(rows) if row["split"] == "train" and texts[i]]
    held = [i for i, row in enumerate(rows) if row["split"] in KEPT_FIRST[:-1] and texts[i]]
    short, long = ([texts[i] for i in chosen] for chosen in (held, train))
    found: dict[int, str] = {}
    for inner, outer, _ in contained(short, long, CONTAINED, length=CONTAINED_RUN):
        found.setdefault(train[outer], rows[held[inner]]["id"])
    for index, repeated in found.items():
        rows[index]["split"], rows[index]["repeats"] = EXCLUDED, repeated
    return len(found)


def main(arguments: list[str] | None = None) -> int:
    """Rewrite the annotation files and print the counts per split."""
    parser = argparse.ArgumentParser(prog="training.assign_splits", description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("corpora"))
    parser.add_argument("--annotations", type=Path, default=ANNOTATIONS)
    parser.add_argument("--from", dest="further", type=Path, help="folder with further rows")
    options = parser.parse_args(arguments)
    rows, texts, counts = [], [], {}
    for corpus, documents in DOCUMENTS.items():
        found = read_annotations(options.annotations / f"{corpus}.jsonl")
        if options.further:
            found = merge(found, read_annotations(options.further / f"{corpus}.jsonl"))
        texts += assign(corpus, found, documents(options.corpora / corpus))
        rows += found
        counts[corpus] = found
    print(f"{exclude_repeats(rows, texts)} passages excluded as repeats across splits")
    print(f"{exclude_holders(rows, texts)} training passages excluded that hold a held-out one")
    for corpus, found in counts.items():
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in found)
        (options.annotations / f"{corpus}.jsonl").write_text("".join(lines), encoding="utf-8")
        print(f"{corpus}: {dict(Counter(row['split'] for row in found))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
