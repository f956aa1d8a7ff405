"""Stand-off annotations: splits, groups, and the join to corpora."""

import json
from collections import Counter
from pathlib import Path

import pytest

from quotestance.errors import InputFormatError, InputNotFoundError
from training import assign_splits, check_overlap
from training.standoff import (
    ABSENT,
    ANNOTATIONS,
    DIFFERS,
    SHARES,
    SPLITS,
    load_annotated,
    normalise,
    sha256,
    split_of,
)
from training.statements import COLUMNS

LABELS = {
    "stance": "supportive",
    "stance_nato": "neutral",
    "stance_ukraine": "supportive",
    "sentiment": "negative",
}
SPEECH = "Thank you. Ukraine's sover-\n eignty  must\r\nbe respected. Thank you."
END = SPEECH.replace("\r\n", "\n").rindex(" Thank")
PASSAGE = "Ukraine's sovereignty must be respected."


def annotate(folder: Path, corpus: str, *rows: dict) -> None:
    folder.mkdir(exist_ok=True)
    lines = [json.dumps(LABELS | row) for row in rows]
    (folder / f"{corpus}.jsonl").write_text("\n".join(lines) + "\n")


def passage(number: int, **fields) -> dict:
    file = "Session 77 - 2022/XXX_77_2022.txt"
    row = {"id": f"ungdc-{number}", "file": file, "start": 11, "end": END, "year": 2022}
    return row | {"sha256": sha256(PASSAGE), "group": f"ungdc:{file}", "split": "test"} | fields


@pytest.fixture
def folders(tmp_path):
    speech = tmp_path / "corpora" / "ungdc" / passage(1)["file"]
    speech.parent.mkdir(parents=True)
    speech.write_bytes(SPEECH.encode())
    return tmp_path / "corpora", tmp_path / "annotations"


def test_a_passage_is_cut_joined_at_hyphens_and_collapsed():
    assert normalise("sover-\n eignty  of\tall\u00a0States, non-\nAligned") == (
        "sovereignty of all States, non- Aligned"
    )


def test_the_join_gives_statements_with_the_datasets_columns(folders):
    corpora, annotations = folders
    annotate(annotations, "ungdc", passage(1))
    (row,) = load_annotated("test", corpora, annotations).rows
    assert row["text"] == PASSAGE
    assert (row["origin"], row["source"], row["year"]) == ("annotated", "ungdc", 2022)
    assert {"id", "speaker_role", "stance", "group", "phenomena"} <= set(row) & set(COLUMNS)


def test_what_cannot_be_found_is_counted_by_reason(folders):
    corpora, annotations = folders
    changed, gone = passage(2, sha256=sha256("other")), passage(3, file="Session 1/gone.txt")
    annotate(annotations, "ungdc", passage(1), changed, gone)
    claim = {"id": "e-1", "link": "http://e/1", "sha256": "0", "date": "2019-01-01"}
    annotate(annotations, "euvsdisinfo", claim | {"group": "e", "split": "test"})
    joined = load_annotated(None, corpora, annotations)
    assert len(joined.rows) == 1
    assert joined.missing == {
        ("ungdc", DIFFERS): 1,
        ("ungdc", ABSENT): 1,
        ("euvsdisinfo", ABSENT): 1,
    }


def test_only_the_asked_split_is_joined_and_excluded_rows_never(folders):
    corpora, annotations = folders
    annotate(annotations, "ungdc", passage(1), passage(2, split="excluded"))
    assert load_annotated("train", corpora, annotations).rows == []
    assert [row["id"] for row in load_annotated(None, corpora, annotations).rows] == ["ungdc-1"]


def test_bad_calls_and_broken_lines_are_named(folders):
    corpora, annotations = folders
    with pytest.raises(InputNotFoundError):
        load_annotated("test", corpora, annotations)
    annotate(annotations, "ungdc", passage(1))
    with pytest.raises(InputFormatError, match="'dev'"):
        load_annotated("dev", corpora, annotations)
    (annotations / "ungdc.jsonl").write_text("{broken")
    with pytest.raises(InputFormatError, match=r"ungdc\.jsonl:1"):
        load_annotated("test", corpora, annotations)


def test_splits_are_stable_and_have_their_shares():
    assert split_of("ungdc:Session 56 - 2001/BLR_56_2001.txt") == "validation"
    counts = Counter(split_of(f"group {number}") for number in range(20_000))
    for name, share in SHARES:
        assert counts[name] / 20_000 == pytest.approx(share, abs=0.01)


def test_reworded_claims_are_one_group_and_other_claims_are_not():
    groups = assign_splits.claim_groups(
        {
            "http://e/c": "There was a coup d'état in Ukraine in 2014",
            "http://e/a": "There was a coup d'état in Kyiv, Ukraine, in 2014",
            "http://e/b": "Vaccines are a plot against the people of Moldova",
        }
    )
    assert groups["http://e/c"] == groups["http://e/a"] == "http://e/a"
    assert groups["http://e/b"] == "http://e/b"


def test_a_formula_in_two_splits_is_kept_in_test_alone():
    text = "My country reaffirms its full support for the territorial integrity of Ukraine"
    rows = [
        {"id": "1", "split": "train"},
        {"id": "2", "split": "test"},
        {"id": "3", "split": "train"},
    ]
    texts = [text, text + " today", "Grain must flow to those who hunger, wherever they live"]
    assert assign_splits.exclude_repeats(rows, texts) == 1
    assert [row["split"] for row in rows] == ["excluded", "test", "train"]
    assert rows[0]["repeats"] == "2"


def test_a_training_passage_that_holds_a_held_out_one_is_excluded():
    inner = "If we allow Ukraine to be carved up then nobody is safe."
    rows = [
        {"id": "1", "split": "train"},
        {"id": "2", "split": "validation"},
        {"id": "3", "split": "train"},
        {"id": "4", "split": "validation"},
    ]
    longer = " ".join(f"word{n}" for n in range(60))
    texts = [f"{longer} {inner} {longer}", inner, f"{longer} Ukraine is safe.", "Ukraine is safe."]
    assert assign_splits.exclude_repeats(rows, texts) == 0
    assert assign_splits.exclude_holders(rows, texts) == 1
    assert [row["split"] for row in rows] == ["excluded", "validation", "train", "validation"]
    assert rows[0]["repeats"] == "2"
    named = [row | {"text": text} for row, text in zip(rows, texts, strict=True)]
    (fault,) = check_overlap.holders(named[:1] + named[2:3], named[1:2])
    assert fault.startswith("1: holds 100% of 2")


def test_further_annotations_of_a_document_join_its_split(folders, monkeypatch):
    corpora, annotations = folders
    annotate(annotations, "ungdc", passage(1))
    further = annotations.parent / "further"
    new = {k: v for k, v in passage(2, start=0, end=10).items() if k not in ("group", "split")}
    annotate(further, "ungdc", new | {"sha256": sha256("Thank you.")}, passage(9))
    only = {"ungdc": assign_splits.DOCUMENTS["ungdc"]}
    monkeypatch.setattr(assign_splits, "DOCUMENTS", only)
    places = ["--corpora", str(corpora), "--annotations", str(annotations)]
    assert assign_splits.main([*places, "--from", str(further)]) == 0
    rows = [json.loads(line) for line in (annotations / "ungdc.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["ungdc-1", "ungdc-2"]  # passage 9 is passage 1 again
    assert len({(row["group"], row["split"]) for row in rows}) == 1


def test_every_shipped_annotation_is_found_in_the_corpora(corpora):
    joined = load_annotated(None, corpora)
    assert not joined.missing
    assert len(joined.rows) >= 5_700
    places = {(row["group"], row["split"]) for row in joined.rows}
    assert len(places) == len({group for group, _ in places})
    assert {row["split"] for row in joined.rows} == set(SPLITS)


def test_the_annotations_hold_no_text():
    for path in ANNOTATIONS.glob("*.jsonl"):
        assert '"text"' not in path.read_text(encoding="utf-8")
