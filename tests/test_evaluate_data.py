"""What evaluate.py reads: any labelled table, and a clear error for anything else."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluation.data import make_dataset, read_dataset
from evaluation.gates import Gate, parse_gate
from evaluation.predictions import PredictionTable
from evaluation.slices import find_slices, length_bin
from evaluation.testsets import open_test_set, open_test_sets
from quotestance.errors import InputError, InputFormatError, InputNotFoundError

ROWS = [
    {"id": "a", "text": "We thank NATO.", "stance": "supportive", "group": "g1"},
    {"id": "b", "text": "Shame on the bloc, shame.", "stance": "adversarial", "group": "g1"},
    {"id": "c", "text": "It rains.", "stance": "neutral", "group": "g2"},
    {"id": "d", "text": "Unlabelled.", "stance": "", "group": "g2"},
]


def write(path, rows):
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        with path.open("w", newline="") as file:
            delimiter = "\t" if path.suffix == ".tsv" else ","
            writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
    return path


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".tsv", ".parquet"])
def test_every_format_gives_the_same_data(tmp_path, suffix):
    data = read_dataset(write(tmp_path / f"mine{suffix}", ROWS))
    assert data.name == "mine"
    assert data.gold["stance"].tolist() == [0, 1, 2, -1]
    assert data.groups.tolist() == [0, 0, 1, 1]
    assert data.sha256 == make_dataset("other", ROWS, source="memory").sha256


def test_a_text_and_one_label_column_are_enough(tmp_path):
    data = read_dataset(write(tmp_path / "t.csv", [{"text": "Good.", "sentiment": "positive"}] * 2))
    assert list(data.gold) == ["sentiment"]
    assert data.groups.tolist() == [0, 1]
    assert data.ids == ["row 1", "row 2"]
    assert find_slices(data) == {}


def test_a_spreadsheet_may_use_semicolons_and_capitals(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text('text;stance\n"We, too, thank NATO.";Supportive \nIt rains.; \n')
    data = read_dataset(path)
    assert data.texts == ["We, too, thank NATO.", "It rains."]
    assert data.gold["stance"].tolist() == [0, -1]


def test_slices_come_from_the_columns_that_are_there():
    rows = [
        {**ROWS[0], "phenomena": ["irony", "negation"], "year": 1999, "origin": "authored"},
        {**ROWS[1], "phenomena": ["irony"], "year": 2022, "origin": "authored"},
    ]
    slices = find_slices(make_dataset("s", rows, source="memory"))
    assert slices["phenomena", "irony"].tolist() == [True, True]
    assert slices["phenomena", "negation"].tolist() == [True, False]
    assert slices["year", "2022"].tolist() == [False, True]
    assert not any(field in ("origin", "length", "source") for field, _ in slices)


def test_phenomena_of_a_csv_field_are_parted_at_commas():
    rows = [{**ROWS[0], "phenomena": "irony, negation"}, {**ROWS[1], "phenomena": "irony"}]
    slices = find_slices(make_dataset("s", rows, source="memory"))
    assert {value for field, value in slices if field == "phenomena"} == {"irony", "negation"}


def test_length_bins():
    words = {12: "up to 12 words", 13: "13-25 words", 50: "26-50 words", 51: "over 50 words"}
    assert {n: length_bin("w " * n) for n in words} == words


BAD = {
    "missing.jsonl": (None, "no file"),
    "empty.jsonl": ("", "no rows"),
    "broken.jsonl": ('{"text": "a"\n', "line 1 is not JSON"),
    "list.jsonl": ("[1]\n", "line 1 is not a JSON object"),
    "notext.csv": ("words,stance\na,neutral\n", "no column 'text'"),
    "nolabel.csv": ("text,note\na,b\n", "no label column"),
    "blank.csv": ("text,stance\n ,neutral\n", "row 1: text is blank"),
    "label.csv": ("text,stance\na,favour\n", "stance is 'favour', wanted supportive"),
    "unlabelled.csv": ("text,stance\na,\n", "not one label"),
    "wide.csv": ("text,stance\na,neutral,extra\n", "more fields than the header"),
    "latin.csv": (b"text,stance\nd\xe9j\xe0,neutral\n", "not UTF-8"),
    "cut.parquet": (b"PAR1xxxx", "not a readable Parquet file"),
    "table.xlsx": (b"PK", "ends in '.xlsx', wanted one of .jsonl"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_data_is_one_clear_error(tmp_path, name):
    content, message = BAD[name]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=message) as caught:
        read_dataset(path)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unknown_names_and_absent_corpora_say_what_to_do(tmp_path):
    with pytest.raises(InputNotFoundError, match="authored-test"):
        open_test_set("nonsense", None)
    with pytest.raises(InputNotFoundError, match=r"training\.fetch.*--corpora"):
        open_test_set("annotated-test", tmp_path / "nowhere")
    with pytest.raises(InputNotFoundError, match="none of the"):
        open_test_set("annotated", tmp_path)


def test_annotated_statements_are_joined_and_never_quotable(corpora):
    data = open_test_set("annotated", corpora)
    assert data.name == "annotated-test"
    assert len(data) > 500
    assert not data.quotable.any()
    assert {"stance", "stance_nato", "stance_ukraine", "sentiment"} == set(data.gold)


def test_files_of_one_name_are_told_apart(tmp_path):
    paths = [tmp_path / folder / "x.csv" for folder in ("one", "two")]
    for path in paths:
        path.parent.mkdir()
        write(path, ROWS)
    assert len({data.name for data in open_test_sets([*map(str, paths)], None)}) == 2


def test_predictions_are_joined_by_id_then_text(tmp_path):
    table = [
        {"id": "b", "text": "", "stance": "neutral"},
        {"id": "", "text": "We thank NATO.", "stance": "supportive"},
    ]
    predictions = PredictionTable(write(tmp_path / "theirs.csv", table))
    answers = predictions.answer(["We thank NATO.", "Shame."], ["a", "b"])
    assert answers["stance"].argmax(1).tolist() == [0, 2]
    assert predictions.answer(["Elsewhere."], ["z"]) is None
    assert not predictions.probabilistic
    with pytest.raises(InputFormatError, match="1 of 2 rows"):
        predictions.answer(["We thank NATO.", "Elsewhere."], ["a", "z"])


def test_rows_without_an_id_are_not_joined_by_their_number(tmp_path):
    rows = [{"text": text, "stance": "neutral"} for text in ("first", "second")]
    data = open_test_set(str(write(tmp_path / "gold.csv", rows)), None)
    theirs = [{"id": k, "text": row["text"], "stance": s} for k, (row, s) in
              enumerate(zip(rows, ("supportive", "adversarial"), strict=True))]  # fmt: skip
    predictions = PredictionTable(write(tmp_path / "theirs.csv", theirs))
    assert predictions.answer(data.texts, data.ids)["stance"].argmax(1).tolist() == [0, 1]
    with pytest.raises(InputFormatError, match="id 1 has another text"):
        predictions.answer(["first"], ["1"])


PROBABILITIES = {"stance_supportive": 0.2, "stance_adversarial": 0.7, "stance_neutral": 0.1}
BAD_PREDICTIONS = [
    ({"text": "a", "label": "neutral"}, "wanted id or text, and at least one of stance"),
    ({"text": "a", "stance": "favour"}, "'favour', wanted supportive"),
    ({"text": "a", "stance": "neutral", **PROBABILITIES, "stance_neutral": 0.9}, "do not sum to 1"),
    ({"text": "a", "stance": "neutral", **PROBABILITIES, "stance_neutral": "x"}, "no numbers"),
]


@pytest.mark.parametrize(("row", "message"), BAD_PREDICTIONS)
def test_bad_predictions_are_one_clear_error(tmp_path, row, message):
    path = write(tmp_path / "theirs.csv", [row])
    with pytest.raises(InputError, match=message):
        PredictionTable(path).answer(["a"])


def test_probabilities_decide_where_they_are_given(tmp_path):
    row = {"text": "a", "stance": "supportive", **PROBABILITIES}
    predictions = PredictionTable(write(tmp_path / "theirs.csv", [row]))
    assert predictions.probabilistic
    assert predictions.answer(["a"])["stance"].tolist() == [[0.2, 0.7, 0.1]]


def test_limits_are_parsed():
    assert parse_gate("macro_f1=.8") == Gate("macro_f1", 0.8)
    assert parse_gate("a-b:stance.ece=.04", over=True) == Gate("ece", 0.04, "a-b", "stance", True)
    for text in ("macro_f1", "f1=.8", "macro_f1=high", "stanze.macro_f1=.8", "macro_f1=nan"):
        with pytest.raises(InputFormatError, match="wanted"):
            parse_gate(text)


def test_a_limit_on_nothing_fails():
    metrics = {"models": {"m": {}}, "results": {"d": {"m": {"stance": {"macro_f1": 0.7}}}}}
    assert parse_gate("macro_f1=.7").failures(metrics) == []
    assert "0.7000, under 0.8" in parse_gate("macro_f1=.8").failures(metrics)[0]
    assert "nothing to check" in parse_gate("e:macro_f1=.1").failures(metrics)[0]
