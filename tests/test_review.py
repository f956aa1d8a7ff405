import numpy as np
import pytest

from quotestance.inference import Probabilities
from training import agreement, review
from training.codes import decode, encode
from training.corpus import to_example
from training.second_labels import DECISION, FIRST, REVIEW, SECOND, read_record, write_record
from training.statements import read_statements, write_rows


def row(key, code, text="Some words."):
    return {"id": key, "text": text, "origin": "authored", "source": "authored", "group": key} | (
        decode(code)
    )


@pytest.fixture
def data(tmp_path):
    rows = [row("authored-1", "NSS+"), row("authored-2", "ANA-"), row("authored-3", "NNN0")]
    write_rows(tmp_path / "train.jsonl", rows)
    write_rows(tmp_path / "validation.jsonl", [])
    write_rows(tmp_path / "test.jsonl", [row("authored-9", "NAA-")])
    return tmp_path


def codes(folder):
    return {r["id"]: encode(r) for rows in read_statements(folder).values() for r in rows}


def test_only_a_decision_changes_a_label(data):
    path = data / "agreement.jsonl"
    counts = review.settle_authored(
        {"authored-1": "NAA+", "authored-2": "NNN-"}, {"authored-2": "NNN-"}, data, path
    )
    assert counts == {"review": 2, "decided": 1, "changed": 1}
    assert codes(data) == {
        "authored-1": "NSS+",
        "authored-2": "NNN-",
        "authored-3": "NNN0",
        "authored-9": "NAA-",
    }
    history = read_record(path)
    assert encode(history["authored-2"][FIRST]) == "ANA-"
    assert encode(history["authored-1"][REVIEW]) == "NAA+"
    # Settling again changes nothing.
    again = review.settle_authored({}, {"authored-2": "NNN-"}, data, path)
    assert again["changed"] == 0
    assert read_record(path) == history


def test_reviewed_statements_take_no_part_in_the_agreement(data):
    current = {r["id"]: ("authored", r) for r in read_statements(data)["train"]}
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


def test_suspects_are_those_whose_own_label_is_improbable(data):
    examples = [to_example(r) for r in read_statements(data)["train"]]
    sure = np.full((3, 3, 3), 0.05)
    for i, example in enumerate(examples):
        sure[i, range(3), list(example.stances)] = 0.9
    sentiment = np.full((3, 3), 0.05)
    sentiment[range(3), [x.sentiment for x in examples]] = 0.9
    assert not list(review.suspects(examples, Probabilities(sure, sentiment), 0.2))
    sure[1, 0] = np.roll(sure[1, 0], 1)
    sentiment[2] = 0.19, 0.62, 0.19
    sentiment[2, examples[2].sentiment] = 0.19
    found = review.suspects(examples, Probabilities(sure, sentiment), 0.2)
    assert {key for key, _ in found} == {"authored-2", "authored-3"}


def test_sheets_and_answers_by_command(data, tmp_path, monkeypatch, capsys):
    assert review.main(["suspects", str(tmp_path / "out"), "--model", "absent"]) == 2
    assert "absent" in capsys.readouterr().err


def test_a_record_survives_writing(tmp_path):
    record = {"authored-1": {REVIEW: decode("NSS+"), SECOND: decode("NNN0")}}
    write_record(record, tmp_path / "record.jsonl")
    assert read_record(tmp_path / "record.jsonl") == record
