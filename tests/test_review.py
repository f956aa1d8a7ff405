"""The review of suspected label errors, from the sheets to the settled labels."""

import numpy as np
import pytest

from quotestance.inference import Probabilities
from training import agreement, label_sheets, review
from training.codes import decode, encode
from training.corpus import to_example
from training.second_labels import DECISION, FIRST, REVIEW, SECOND, read_record
from training.standoff import read_annotations
from training.statements import key_of, read_rows, write_rows


def row(key, code, text="Some words.", **more):
    return {"id": key, "text": text, "origin": "authored", "source": "authored", "group": key} | (
        decode(code) | more
    )


@pytest.fixture
def data(tmp_path):
    """Three authored training statements, a test one, and a passage of either split."""
    rows = [row("authored-1", "NSS+"), row("authored-2", "ANA-"), row("authored-3", "NNN0")]
    write_rows(tmp_path / "train.jsonl", rows)
    write_rows(tmp_path / "test.jsonl", [row("authored-9", "NAA-")])
    passages = [row("kremlin-1", "NAA-", split="train"), row("kremlin-2", "NAA-", split="test")]
    write_rows(tmp_path / "kremlin.jsonl", passages)
    return tmp_path


def sheet(path, **codes):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{key.replace('_', '-')}\t{code}\n" for key, code in codes.items()))


def codes(data):
    rows = read_rows(data / "train.jsonl") + read_annotations(data / "kremlin.jsonl")
    return {r["id"]: encode(r) for r in rows}


def settle(data):
    return review.main(
        ["settle", str(data / "drafts"), "--statements", str(data), "--annotations", str(data)]
    )


def test_only_a_decision_changes_a_label(data, capsys):
    before = codes(data)
    blind = {"authored_1": "NAA+", "authored_2": "NNN-", "kremlin_1": "NNN0"}
    sheet(data / "drafts/labels/a.tsv", **blind)
    sheet(data / "drafts/adjudicated/a.tsv", authored_2="NNN-", kremlin_1="NNN0")
    assert settle(data) == 0
    assert codes(data) == before | {"authored-2": "NNN-", "kremlin-1": "NNN0"}
    assert "'changed': 2" in capsys.readouterr().out
    record = read_record(data / "agreement.jsonl")
    assert encode(record["authored-2"][FIRST]) == "ANA-"
    assert encode(record["authored-1"][REVIEW]) == "NAA+"
    # Settling again changes nothing.
    assert settle(data) == 0
    assert read_record(data / "agreement.jsonl") == record


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"authored_9": "NSS+"}, "authored-9 is no training statement"),
        ({"kremlin_2": "NSS+"}, "kremlin-2 is no training statement"),
        ({"authored_1": "NSS+", "typo_7": "NSS+"}, "typo-7 is no training statement"),
        ({"authored_1": "NSA+"}, "one position decides"),
        ({}, "no labels"),
    ],
)
def test_answers_that_fit_no_training_statement_are_refused(data, capsys, answers, message):
    before = codes(data)
    if answers:
        sheet(data / "drafts/adjudicated/a.tsv", **answers)
    assert settle(data) == 2
    assert message in capsys.readouterr().err
    assert codes(data) == before
    assert encode(read_rows(data / "test.jsonl")[0]) == "NAA-"


def test_a_sheet_does_not_tell_the_source_and_comes_back(data, tiny_model, capsys):
    out = data / "sheets"
    wanted = ["suspects", str(out), "--model", str(tiny_model), "--statements", str(data)]
    assert review.main([*wanted, "--below", "1.1", "--corpora", str(data)]) == 0
    assert "3 of 3 statements in 1 sheets" in capsys.readouterr().out
    keys = [line.split("\t")[0] for line in (out / "sheet-01.tsv").read_text().splitlines()]
    assert keys == sorted(key_of(f"authored-{n}") for n in (1, 2, 3))
    sheet(data / "drafts/adjudicated/a.tsv", **{key_of("authored-3"): "SNS+"})
    assert settle(data) == 0
    assert codes(data)["authored-3"] == "SNS+"
    assert review.main([*wanted[:3], "absent"]) == 2
    assert "absent" in capsys.readouterr().err


def test_suspects_are_those_whose_own_label_is_improbable(data):
    examples = [to_example(r) for r in read_rows(data / "train.jsonl")]
    sure = np.full((3, 3, 3), 0.05)
    for i, example in enumerate(examples):
        sure[i, range(3), list(example.stances)] = 0.9
    sentiment = np.full((3, 3), 0.05)
    sentiment[range(3), [x.sentiment for x in examples]] = 0.9
    assert not list(review.suspects(examples, Probabilities(sure, sentiment), 0.2))
    sure[1, 0] = np.roll(sure[1, 0], 1)
    sentiment[2, examples[2].sentiment] = 0.19
    found = review.suspects(examples, Probabilities(sure, sentiment), 0.2)
    assert [key for key, _ in found] == sorted(map(key_of, ("authored-2", "authored-3")))


def test_reviewed_statements_take_no_part_in_the_agreement(data):
    current = {r["id"]: ("authored", r) for r in read_rows(data / "train.jsonl")}
    record = {
        "authored-1": {SECOND: decode("NSS+")},
        "authored-2": {SECOND: decode("ANA-")},
    }
    plain = agreement.measure(record, current)
    reviewed = {
        "authored-1": record["authored-1"] | {REVIEW: decode("NAA-"), DECISION: decode("NSS+")},
        "authored-2": record["authored-2"],
        "authored-3": {REVIEW: decode("SSS+")},
    }
    assert agreement.measure(reviewed, current) == plain
    # Nor does a review stand for the second label that a statement still wants.
    wanting = label_sheets.unlabelled(read_rows(data / "train.jsonl"), reviewed)
    assert [key for key, _ in wanting] == ["authored-3"]
