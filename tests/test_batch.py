"""`quotestance predict`: every format in and out, rows in order, bad input counted or refused."""

import base64
import csv
import gzip
import io
import json
import os
import sys
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import quotestance
from quotestance.cli import main

STATEMENTS = ["We stand with Ukraine.", "NATO is a threat to peace.", "The alliance must stop."]
ADDED = [
    *("stance", "stance_score", "stance_nato", "stance_nato_score"),
    *("stance_ukraine", "stance_ukraine_score", "sentiment", "sentiment_score"),
]


@pytest.fixture
def predict(tiny_model, tmp_path, monkeypatch, capsys):
    """Run the command in a folder of its own; give its exit status and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=b""):
        line = ["quotestance", "predict", *map(str, arguments), "--model", str(tiny_model)]
        monkeypatch.setattr(sys, "argv", line)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            main()
        except SystemExit as stop:
            status = stop.code or 0
        else:
            status = 0
        return status, capsys.readouterr().err

    return run


def rejects(path):
    return [json.loads(line) for line in open(f"{path}.rejects.jsonl", encoding="utf-8")]


def test_csv_keeps_every_record_as_it_stood(predict, tmp_path):
    records = ['1,"We stand, ""always""",x\r\n', '2,"two\r\nlines",y\r\n', "3,NATO is a threat,z"]
    (tmp_path / "in.csv").write_bytes(("\ufeffid,text,note\r\n" + "".join(records)).encode())
    assert predict("in.csv", "-o", "out.csv")[0] == 0
    text = (tmp_path / "out.csv").read_bytes().decode()
    assert text.startswith("\ufeffid,text,note," + ",".join(ADDED) + "\r\n")
    for record in records:
        assert record.rstrip() + "," in text
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert [row["text"] for row in rows] == [
        'We stand, "always"',
        "two\r\nlines",
        "NATO is a threat",
    ]
    assert not (tmp_path / "out.csv.rejects.jsonl").exists()


def test_jsonl_keeps_nested_values_key_order_and_numbers(predict, tmp_path):
    lines = [
        '{"z": {"b": [1, 2.50]}, "text": "We stand with Ukraine.", "n": 12345678901234567890123}',
        '{"text":"NATO is a threat.","e":"caf\\u00e9"}',
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n")
    predict("in.jsonl", "-o", "out.jsonl")
    for before, after in zip(lines, open("out.jsonl"), strict=True):
        assert after.startswith(before[:-1] + ', "stance": "')
        assert list(json.loads(after)) == [*json.loads(before), *ADDED]


def test_parquet_keeps_types_nested_columns_and_metadata(predict):
    table = pa.table(
        {
            "id": pa.array([1, 2, 3], pa.int8()),
            "text": pa.array(STATEMENTS).dictionary_encode(),
            "when": pa.array([0, None, 2], pa.timestamp("ms", "UTC")),
            "tags": pa.array(
                [{"a": [1]}, None, {"a": []}], pa.struct([("a", pa.list_(pa.int32()))])
            ),
        }
    ).replace_schema_metadata({"owner": "desk"})
    pq.write_table(table, "in.parquet")
    predict("in.parquet", "-o", "out.parquet")
    out = pq.read_table("out.parquet")
    assert out.select(table.column_names).equals(table)
    assert out.schema.metadata[b"owner"] == b"desk"
    assert out.column_names == [*table.column_names, *ADDED]
    assert {str(out.schema.field(name).type) for name in ADDED} == {"string", "float"}


@pytest.mark.parametrize(
    "name", ["o.csv", "o.tsv", "o.jsonl", "o.jsonl.gz", "o.csv.zst", "o.parquet"]
)
def test_every_format_holds_what_the_python_call_says(predict, tiny_model, name):
    rows = [{"text": text, "id": i} for i, text in enumerate(STATEMENTS)]
    stdin = "".join(json.dumps(row) + "\n" for row in rows).encode()
    predict("-", "-o", "mid.parquet", "--input-format", "jsonl", "--probabilities", stdin=stdin)
    predict("-", "-o", name, "--input-format", "jsonl", "--probabilities", stdin=stdin)
    # The file goes through the command a second time, with its columns under other names.
    expected = [
        prediction.columns(probabilities=True)
        for prediction in quotestance.load(tiny_model).predict(STATEMENTS)
    ]
    found = read_rows(name)
    assert [row["text"] for row in found] == STATEMENTS
    assert list(found[0]) == ["text", "id", *expected[0]]
    for row, wanted in zip(found, expected, strict=True):
        for key, value in wanted.items():
            if isinstance(value, float):
                assert float(row[key]) == pytest.approx(value, abs=1e-6)
            else:
                assert row[key] == value


def read_rows(name):
    if name.endswith(".parquet"):
        return pq.read_table(name).to_pylist()
    data = open(name, "rb").read()
    if name.endswith(".gz"):
        data = gzip.decompress(data)
    if name.endswith(".zst"):
        data = pa.CompressedInputStream(pa.BufferReader(data), "zstd").read()
    lines = data.decode().splitlines()
    if "jsonl" in name:
        return [json.loads(line) for line in lines]
    return list(csv.DictReader(lines, delimiter="\t" if "tsv" in name else ","))


@pytest.mark.parametrize("source", ["in.csv", "in.tsv.gz", "in.jsonl.zst", "in.parquet"])
def test_rows_keep_their_order_over_many_chunks_and_files(predict, source):
    texts = [f"We {word} with Ukraine {i}" for i in range(2600) for word in ("stand",)]
    stdin = "".join(json.dumps({"id": i, "text": t}) + "\n" for i, t in enumerate(texts)).encode()
    predict("-", "-o", "first.jsonl", "--input-format", "jsonl", stdin=stdin)
    strip = [{k: row[k] for k in ("id", "text")} for row in read_rows("first.jsonl")]
    stdin = "".join(json.dumps(row) + "\n" for row in strip).encode()
    convert(strip, source)
    status, message = predict(source, source, "-o", "out.parquet")
    assert status == 0 and "5,200 rows predicted" in message and "2,600 duplicates" in message
    out = pq.read_table("out.parquet")
    assert [str(i) for i in out["id"].to_pylist()] == [str(i % 2600) for i in range(5200)]
    once = pa.array([row["stance_score"] for row in read_rows("first.jsonl")], pa.float32())
    assert out["stance_score"].combine_chunks().slice(2600).equals(once)


def convert(rows, name):
    if name.endswith("parquet"):
        pq.write_table(pa.Table.from_pylist(rows), name)
    elif "jsonl" in name:
        data = "".join(json.dumps(row) + "\n" for row in rows).encode()
        open(name, "wb").write(pa.compress(data, "zstd", asbytes=True))
    else:
        mark = "\t" if "tsv" in name else ","
        data = "".join(f"{row['id']}{mark}{row['text']}\n" for row in rows)
        data = f"id{mark}text\n{data}".encode()
        open(name, "wb").write(gzip.compress(data) if name.endswith("gz") else data)


BAD_ROWS = {
    "csv": (
        b"id,text\n1,We stand\n2,\n3\n\n4,a,b\n5,caf\xe9\n6,\"no end\n7,We stand\n\n",
        ["blank", "1 fields, wanted 2", "blank", "3 fields, wanted 2", "text is not UTF-8",
         "unclosed quotation mark"],
        [3, 4, 5, 6, 7, 8],
    ),
    "jsonl": (
        b'{"text": "We stand"}\n{"text": "  "}\n{"text": null}\nno\n\n{"text": 7}\n{"x": 1}\n[1]\n'
        b'{"text": "caf\xe9"}\n{"text": "\\ud800"}\n{"text": "We", "stance": 1}\n'
        b'{"text": "We stand"}\n\n',
        ["blank", "null", "not JSON", "blank", "int, wanted text", "no key 'text'",
         "a JSON list, wanted an object", "not UTF-8", "text with a lone surrogate",
         "already has the key 'stance'"],
        [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    ),
}  # fmt: skip


@pytest.mark.parametrize("target", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("kind", BAD_ROWS)
def test_a_bad_row_keeps_its_place_and_is_listed(predict, kind, target):
    data, reasons, lines = BAD_ROWS[kind]
    open(f"in.{kind}", "wb").write(data)
    status, message = predict(f"in.{kind}", "-o", f"out.{target}")
    assert status == 0 and f"2 rows predicted, {len(reasons)} rejected" in message
    listed = rejects(f"out.{target}")
    assert all(row["reason"].startswith(r) for row, r in zip(listed, reasons, strict=True))
    assert [row["line"] for row in listed] == lines
    data = open(f"out.{target}", "rb").read()
    if target == "csv":
        data = data.replace(b"\xe9", b"e")
    open(f"out.{target}", "wb").write(data)
    rows = read_rows(f"out.{target}")
    assert [bool(row["stance"]) for row in rows] == [True, *[False] * len(reasons), True]
    assert [row["row"] for row in listed] == [*range(2, len(reasons) + 2)]
    assert predict(f"in.{kind}", "-o", "strict.jsonl", "--strict")[0] == 1


@pytest.mark.parametrize("mark", [",", "\t"])
@pytest.mark.parametrize(
    "lines, rejected",
    [
        (["text", "We stand", '"no end', "NATO is a threat", 'He said "no"'], {2: '"no end'}),
        (["text", '"no end', '"We ""stand""'], {1: '"no end', 2: '"We ""stand""'}),
        (["id{}text", "1{}We stand", '2{}"no end'], {2: '2{}"no end'}),
        (["id{}text", "1{}We stand", '2{}"no end\n'], {2: '2{}"no end'}),
        (["id{}text", "1{}We stand", '2"{}"no end'], {2: '2"{}"no end'}),
        (["id{}text", '1{}The 5" shell', '2{}"The 5"" shell"'], {}),
    ],
)
def test_an_unclosed_quotation_mark_swallows_no_row(predict, tmp_path, mark, lines, rejected):
    name = "csv" if mark == "," else "tsv"
    (tmp_path / f"in.{name}").write_text("\n".join(lines).replace("{}", mark))
    message = predict(f"in.{name}", "-o", f"out.{name}")[1]
    assert f"{len(lines) - 1 - len(rejected)} rows predicted, {len(rejected)} rejected" in message
    with open(f"out.{name}", newline="") as file:
        header, *rows = csv.reader(file, delimiter=mark, strict=True)
    assert len(rows) == len(lines) - 1 and {len(row) for row in rows} == {len(header)}
    for number, row in enumerate(rows, 1):
        assert bool(row[-1]) is (number not in rejected)
    if rejected:
        listed = {r["row"]: (r["reason"], r["raw"]) for r in rejects(f"out.{name}")}
        assert listed == {
            row: ("unclosed quotation mark", raw.replace("{}", mark))
            for row, raw in rejected.items()
        }


def test_line_ends_in_a_text_are_quoted(predict):
    texts = ["We\nstand", "We\rstand", "We\r\nstand"]
    stdin = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    predict("-", "-o", "out.csv", "--input-format", "jsonl", stdin=stdin)
    with open("out.csv", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == texts


@pytest.mark.parametrize("text", ["\u200b", "\ufeff \u00ad", "\u00a0\u200b"])
def test_a_text_of_invisible_characters_is_blank(predict, text):
    stdin = json.dumps({"text": text}).encode()
    assert "0 rows predicted, 1 rejected" in predict("-", "-o", "out.jsonl", stdin=stdin)[1]
    assert rejects("out.jsonl")[0]["reason"] == "blank"


def test_a_pipe_given_by_its_path_is_read_whole(predict):
    ends = [os.pipe(), os.pipe()]
    for _, writer in ends:
        os.write(writer, b"text\nWe stand\nNATO is a threat\n")
        os.close(writer)
    paths = [f"/dev/fd/{reader}" for reader, _ in ends]
    message = predict(*paths, "-o", "out.csv", "--input-format", "csv")[1]
    for reader, _ in ends:
        os.close(reader)
    assert "4 rows predicted, 0 rejected" in message
    assert [row["text"] for row in read_rows("out.csv")] == ["We stand", "NATO is a threat"] * 2


def test_parquet_values_keep_their_form_in_text_formats(predict):
    columns = {
        "text": ["We stand with Ukraine."],
        "day": [date(2026, 5, 1)],
        "time": [datetime(2026, 5, 1, 9, 30)],
        "price": [Decimal("1.50")],
        "data": [b"\xff\x00"],
        "flag": [True],
        "number": [float("nan")],
        "list": [[1.5, float("inf"), None]],
    }
    pq.write_table(pa.table(columns), "in.parquet")
    wanted = {
        "day": "2026-05-01",
        "time": "2026-05-01 09:30:00",
        "price": "1.50",
        "data": base64.b64encode(b"\xff\x00").decode(),
    }
    predict("in.parquet", "-o", "out.csv")
    row = read_rows("out.csv")[0]
    assert {name: row[name] for name in wanted} == wanted
    assert (row["flag"], row["number"], row["list"]) == ("true", "NaN", "[1.5, null, null]")
    predict("in.parquet", "-o", "out.jsonl")
    row = json.loads(open("out.jsonl").read(), parse_constant=pytest.fail)
    assert {name: row[name] for name in wanted} == wanted
    assert (row["flag"], row["number"], row["list"]) == (True, None, [1.5, None, None])


def undecodable():
    """Make a string column whose second value is no UTF-8."""
    data = pa.array([b"desk", b"caf\xe9"], pa.binary())
    return pa.Array.from_buffers(pa.string(), 2, data.buffers())


@pytest.mark.parametrize("output", ["out.csv", "out.jsonl"])
def test_parquet_values_that_python_cannot_hold_end_no_run(predict, output):
    bad = undecodable()
    table = {
        "text": STATEMENTS[:2],
        "desk": bad,
        "coded": bad.dictionary_encode(),
        "list": pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), bad),
        "struct": pa.StructArray.from_arrays([bad], ["a"]),
        "late": pa.array([0, 10**16], pa.timestamp("ms")),
    }
    pq.write_table(pa.table(table), "in.parquet")
    status, message = predict("in.parquet", "-o", output)
    assert status == 0 and "2 rows predicted, 0 rejected" in message
    first, second = read_rows(output)
    assert (first["desk"], first["coded"], first["late"]) == ("desk", "desk", "1970-01-01 00:00:00")
    assert (second["desk"], second["coded"]) == ("caf\ufffd", "caf\ufffd")
    assert "caf\ufffd" in str(second["list"]) and "caf\ufffd" in str(second["struct"])


@pytest.mark.parametrize("output", ["out.csv", "out.parquet"])
def test_a_parquet_text_that_is_no_utf_8_is_rejected(predict, output):
    pq.write_table(pa.table({"text": undecodable()}), "in.parquet")
    assert "1 rows predicted, 1 rejected" in predict("in.parquet", "-o", output)[1]
    assert rejects(output) == [
        {"file": "in.parquet", "line": 2, "row": 2, "reason": "bytes, wanted text"}
    ]


def truncated_parquet():
    pq.write_table(pa.table({"text": STATEMENTS}), "whole.parquet")
    return open("whole.parquet", "rb").read()[:-20]


NOT_READABLE = {
    "no file": ("gone.csv", None, [], "no input file at gone.csv"),
    "unknown suffix": ("in.xlsx", b"x", [], "unknown suffix"),
    "unknown output suffix": ("in.csv", b"text\nWe\n", ["-o", "o.xlsx"], "wanted .csv, .tsv"),
    "open header": ("in.csv", b'text,"id\nWe,1\n', [], "unclosed quotation mark"),
    "unknown column": ("in.csv", b"id,words\n1,We\n", [], "has no column 'text', only"),
    "unknown key": ("in.jsonl", b'{"words": "We"}\n', [], "has no key 'text', only"),
    "column taken": ("in.csv", b"text,sentiment\nWe,x\n", [], "already has a column 'sentiment'"),
    "key taken": ("in.jsonl", b'{"text": "We", "stance": 1}\n', [], "already has a column"),
    "column twice": ("in.csv", b"text,text\nWe,x\n", [], "has 2 columns named 'text'"),
    "empty csv": ("in.csv", b"", [], "is empty"),
    "truncated parquet": ("in.parquet", truncated_parquet, [], "no whole Parquet file"),
    "truncated gzip": ("in.csv.gz", gzip.compress(b"text\nWe\n" * 99)[:-9], [], "damaged"),
    "no gzip": ("in.csv.gz", b"text\nWe\n", [], "damaged or no .gz file"),
    "no zstd": ("in.csv.zst", b"text\nWe\n", [], "damaged or no .zst file"),
    "utf-16": ("in.csv", "text\nWe\n".encode("utf-16"), [], "not UTF-8"),
    "utf-16 jsonl": ("in.jsonl", '{"text": "We"}\n'.encode("utf-16"), [], "not UTF-8"),
    "onto itself": ("in.csv", b"text\nWe\n", ["-o", "./in.csv"], "both input and output"),
    "output a folder": ("in.csv", b"text\nWe\n", ["-o", "d.csv"], "is a directory"),
    "level unknown": ("in.csv", b"text\nWe\n", ["--abstain", "12%"], "no threshold"),
    "target blank": ("in.csv", b"text\nWe\n", ["--target", "!"], "not a name"),
    "same column": ("in.csv", b"text\nWe\n", ["--target", "A b", "--target", "a-b"], "twice"),
    "score as target": ("in.csv", b"text\nWe\n", ["--target", "A", "--target", "A score"], "twice"),
    "mixed formats": ("in.csv", b"text\nWe\n", ["other.tsv"], "several formats"),
    "mixed columns": ("in.csv", b"text\nWe\n", ["other.csv"], "wanted those of in.csv"),
    "no model": ("in.csv", b"text\nWe\n", ["--model", "nowhere"], "no saved pipeline"),
}  # fmt: skip
WRONG_USAGE = ["level unknown", "target blank", "same column", "score as target"]


@pytest.mark.parametrize("case", NOT_READABLE)
def test_unusable_input_is_one_line_and_an_exit_status(predict, tmp_path, case):
    name, data, options, message = NOT_READABLE[case]
    (tmp_path / "d.csv").mkdir()
    (tmp_path / "other.csv").write_text("text,more\nWe,x\n")
    (tmp_path / "other.tsv").write_text("text\nWe\n")
    if data is not None:
        (tmp_path / name).write_bytes(data() if callable(data) else data)
    output = [] if "-o" in options else ["-o", "out.jsonl"]
    if "--model" in options:
        with pytest.raises(quotestance.errors.ModelNotFoundError, match=message):
            quotestance.load("nowhere")
        return
    status, error = predict(name, *options, *output)
    assert status == (2 if case in WRONG_USAGE else 3)
    assert message in error and error.count("\n") == 1
    assert not (tmp_path / "out.jsonl").exists()


def test_texts_of_any_length_are_read(predict):
    long = "We stand with Ukraine . " * 4200
    open("in.jsonl", "w").write(
        json.dumps({"text": long}) + "\n" + json.dumps({"text": "x" * 10**6})
    )
    assert "2 rows predicted, 0 rejected" in predict("in.jsonl", "-o", "out.csv")[1]


@pytest.mark.parametrize("data, name", [(b"", "in.jsonl"), (b"id,text\n", "in.csv")])
@pytest.mark.parametrize("output", ["out.jsonl", "out.csv.gz", "out.parquet"])
def test_no_rows_give_a_whole_empty_output(predict, data, name, output):
    open(name, "wb").write(data)
    assert "0 rows predicted, 0 rejected" in predict(name, "-o", output)[1]
    assert read_rows(output) == []


def test_rejects_of_an_earlier_run_do_not_stay(predict, tmp_path):
    for text, stays in (("text\n \nWe\n", True), ("text\nWe\n", False)):
        (tmp_path / "in.csv").write_text(text)
        predict("in.csv", "-o", "out.csv")
        assert (tmp_path / "out.csv.rejects.jsonl").exists() is stays


def test_abstaining_leaves_the_label_empty_and_the_score(predict, tiny_model, tmp_path):
    open("in.csv", "w").write("text\n" + "\n".join(STATEMENTS) + "\n")
    level = next(iter(quotestance.load(tiny_model).pipeline.config.abstention))
    predict("in.csv", "-o", "out.jsonl", "--abstain", level, "--target", "European Union")
    for row in read_rows("out.jsonl"):
        assert row["stance_european_union"] is None  # no threshold was calibrated for it
        assert 0 < row["stance_european_union_score"] <= 1


def test_nothing_but_the_closing_line_in_a_pipe(predict):
    open("in.csv", "w").write("text\nWe stand\nWe stand\n")
    status, error = predict("in.csv", "-o", "out.csv", "--threads", "1")
    assert (status, error.count("\n")) == (0, 1)
    assert "2 rows predicted, 0 rejected, 1 duplicates computed once" in error
