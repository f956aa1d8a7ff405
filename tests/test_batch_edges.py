"""Paths, encodings and values at which a batch run could lose something or end in a traceback."""

import csv
import gzip
import io
import json
import os
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quotestance.batch.local import target_vectors
from quotestance.pipeline import SavedPipeline
from quotestance.preprocess import is_blank

WORDS = "We stand with Ukraine."


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_rejects_of_another_run_are_never_overwritten_by_reading_them(predict, tmp_path):
    name = "r.csv.rejects.jsonl"
    (tmp_path / name).write_text(json.dumps({"raw": WORDS}) + "\n")
    status, message = predict(name, "--text-column", "raw", "-o", "r.csv")
    assert (status, "both input and output" in message) == (3, True)
    assert lines_of(tmp_path / name) == [{"raw": WORDS}]


def test_a_name_too_long_for_its_rejects_is_refused_before_the_work(predict, tmp_path):
    (tmp_path / "in.csv").write_text(f"text\n{WORDS}\n")
    status, message = predict("in.csv", "-o", "x" * 241 + ".csv")
    assert (status, message.count("\n")) == (3, 1)
    assert list(tmp_path.iterdir()) == [tmp_path / "in.csv"]


def test_the_file_behind_a_link_is_written(predict, tmp_path):
    (tmp_path / "in.csv").write_text(f"text\n{WORDS}\n")
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "out.csv").write_text("old\n")
    (tmp_path / "out.csv").symlink_to(tmp_path / "real" / "out.csv")
    assert predict("in.csv", "-o", "out.csv")[0] == 0
    assert (tmp_path / "out.csv").is_symlink()
    assert (tmp_path / "real" / "out.csv").read_text().startswith("text,stance")


def test_links_that_lead_in_a_circle_are_one_line(predict, tmp_path):
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    status, message = predict("loop.csv", "-o", "out.csv")
    assert (status, message.count("\n")) == (3, 1)


@pytest.mark.skipif(sys.platform == "darwin", reason="names are Unicode there")
def test_a_file_name_that_is_no_unicode_can_have_rejects(predict, tmp_path):
    name = os.fsdecode(b"caf\xe9.csv")
    (tmp_path / name).write_text(f"text\n{WORDS}\n\n{WORDS}\n")
    status, message = predict(name, "-o", "out.csv")
    assert (status, "1 rejected" in message) == (0, True)
    assert lines_of(tmp_path / "out.csv.rejects.jsonl")[0]["file"] == "caf\ufffd.csv"


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv", "out.parquet"])
def test_a_taken_key_and_half_an_emoji_are_one_reject(predict, tmp_path, output):
    (tmp_path / "in.jsonl").write_text(
        json.dumps({"text": WORDS}) + '\n{"text": "so so", "stance": "x", "note": "\\ud83d"}\n'
    )
    status, message = predict("in.jsonl", "-o", output)
    assert (status, "1 rows predicted, 1 rejected" in message) == (0, True), message


def test_what_parquet_cannot_hold_is_refused_before_the_work(predict, tmp_path):
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": WORDS, "meta": {}}) + "\n")
    status, message = predict("in.jsonl", "-o", "out.parquet")
    assert (status, "write .jsonl instead" in message) == (3, True)
    assert not (tmp_path / "out.parquet.partial").exists()


def test_no_line_gives_a_parquet_file_with_the_text_column(predict, tmp_path):
    (tmp_path / "in.jsonl").write_text("")
    assert predict("in.jsonl", "-o", "out.parquet")[0] == 0
    assert pq.read_schema(tmp_path / "out.parquet").names[:2] == ["text", "stance"]


def test_files_that_differ_in_what_may_be_null_are_one_table(predict, tmp_path):
    for name, nullable in (("a", True), ("b", False)):
        schema = pa.schema([pa.field("text", pa.string(), nullable=nullable)])
        pq.write_table(pa.table({"text": [WORDS] * 3}, schema=schema), tmp_path / f"{name}.parquet")
    for inputs in (("a.parquet", "b.parquet"), ("b.parquet", "a.parquet")):
        status, message = predict(*inputs, "-o", "out.parquet")
        assert (status, "6 rows predicted" in message) == (0, True), message


def test_a_byte_that_is_none_in_the_encoding_rejects_its_row_alone(predict, tmp_path):
    rows = f"text\n{WORDS}\nbad \x9d byte\n{WORDS}\n".encode("latin-1")
    (tmp_path / "in.csv").write_bytes(rows)
    status, message = predict("in.csv", "-o", "out.csv", "--encoding", "cp1252")
    assert (status, "2 rows predicted, 1 rejected" in message) == (0, True), message
    assert lines_of(tmp_path / "out.csv.rejects.jsonl")[0]["line"] == 3


def test_an_encoding_that_cannot_be_writes_nothing(predict, tmp_path):
    (tmp_path / "in.csv").write_bytes(f"text\n{WORDS}\n".encode())
    for encoding, words in (("cp9999", "no encoding is"), ("hex", "no encoding is"),
                            ("utf-16", "try another --encoding")):  # fmt: skip
        status, message = predict("in.csv", "-o", "out.csv", "--encoding", encoding)
        assert (status, words in message, message.count("\n")) == (3, True, 1), message
    pq.write_table(pa.table({"text": [WORDS]}), tmp_path / "in.parquet")
    status, message = predict("in.parquet", "-o", "out.csv", "--encoding", "utf-16")
    assert (status, "leave out --encoding" in message) == (3, True)
    assert not list(tmp_path.glob("out.csv*"))


class _Pipe(io.TextIOWrapper):
    """Standard input of these bytes."""

    def __init__(self, data):
        super().__init__(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_pipe_in_another_encoding_says_its_format_too(predict, monkeypatch, tmp_path, kind):
    text = f"text\n{WORDS}\n" if kind == "csv" else json.dumps({"text": WORDS}) + "\n"
    monkeypatch.setattr(sys, "stdin", _Pipe(text.encode("utf-16")))
    status, message = predict("-", "-o", "out.jsonl", "--encoding", "utf-16")
    assert (status, "1 rows predicted, 0 rejected" in message) == (0, True), message


def test_a_damaged_pipe_is_called_standard_input(predict, monkeypatch, tmp_path):
    data = gzip.compress(f"text\n{WORDS}\n".encode() * 50)[:-20]
    monkeypatch.setattr(sys, "stdin", _Pipe(data))
    status, message = predict("-", "-o", "out.csv", "--input-format", "csv.gz")
    assert (status, "<stdin> is damaged" in message) == (3, True), message


def test_batch_and_call_use_one_vector_for_a_trained_target_in_any_case(tiny_model):
    pipeline = SavedPipeline(tiny_model)
    trained = np.array(pipeline.config.target_vectors["NATO"], np.float32)
    np.testing.assert_array_equal(target_vectors(pipeline, ["nato"])[0], trained)


@pytest.mark.parametrize(
    "text", ["\u200e", "\u2060 \u200d", "\ufe0f", "\x00", "\x07", '" "', "\u2800", "“ ”", "\u00ad"]
)
def test_nothing_visible_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "да", "🇺🇦", "\u200eNo", "?"])
def test_something_visible_is_not_blank(text):
    assert not is_blank(text)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_prefix_keeps_added_columns_apart_from_those_that_are_there(predict, tmp_path, suffix):
    own = {"text": [WORDS, ""], "stance": ["neutral", "mine"]}
    name = tmp_path / f"in.{suffix}"
    if suffix == "parquet":
        pq.write_table(pa.table(own), name)
    elif suffix == "csv":
        name.write_text(f"text,stance\n{WORDS},neutral\n,mine\n")
    else:
        rows = [dict(zip(own, values, strict=True)) for values in zip(*own.values(), strict=True)]
        name.write_text("".join(json.dumps(row) + "\n" for row in rows))
    status, message = predict(name.name, "-o", "out.jsonl")
    assert (status, "rename it or give --prefix" in message) == (3, True)
    options = ("--target", "NATO", "--probabilities")
    assert predict(name.name, "-o", "out.jsonl", "--prefix", "model_", *options)[0] == 0
    first, second = lines_of(tmp_path / "out.jsonl")
    labels = [f"model_stance_nato_{label}" for label in ("supportive", "adversarial", "neutral")]
    added = ["model_stance_nato", "model_stance_nato_score", *labels]
    assert list(first)[:7] == ["text", "stance", *added]
    assert first["model_stance_nato_score"] == max(first[label] for label in labels)
    assert (first["stance"], second["stance"]) == ("neutral", "mine")
    assert second["model_stance_nato"] is None and first["model_stance_nato"]
    assert predict("out.jsonl", "-o", "again.jsonl", "--target", "NATO")[0] == 0


def test_abstention_knows_its_thresholds_behind_a_prefix(predict, tiny_model, tmp_path):
    (tmp_path / "in.csv").write_text("text\n" + f"{WORDS}\nPrices rose at nine.\n" * 3)
    level = next(iter(json.loads((tiny_model / "config.json").read_text())["abstention"]))
    predict("in.csv", "-o", "plain.jsonl", "--abstain", level)
    predict("in.csv", "-o", "named.jsonl", "--abstain", level, "--prefix", "m.")
    plain, named = lines_of(tmp_path / "plain.jsonl"), lines_of(tmp_path / "named.jsonl")
    assert [{k.removeprefix("m."): v for k, v in row.items()} for row in named] == plain


def test_a_prefix_that_is_no_unicode_is_refused(predict, tmp_path):
    (tmp_path / "in.csv").write_text(f"text\n{WORDS}\n")
    status, message = predict("in.csv", "-o", "out.csv", "--prefix", "\udcff")
    assert (status, "cannot be printed" in message, message.count("\n")) == (3, True, 1)
    assert predict("in.csv", "-o", "out.csv", "--prefix", "a\nb")[0] == 3


def test_a_prefix_may_hold_the_delimiter(predict, tmp_path):
    (tmp_path / "in.csv").write_text(f"text\n{WORDS}\n")
    assert predict("in.csv", "-o", "out.csv", "--prefix", 'my,"', "--target", "NATO")[0] == 0
    head, row = csv.reader((tmp_path / "out.csv").open(newline=""))
    assert head[1:3] == ['my,"stance_nato', 'my,"stance_nato_score'] and len(head) == len(row)
