"""What a user meets first: entry points, messages, spellings, and what is not text."""

import gzip
import io
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

import quotestance
from quotestance.article.read import read_article
from quotestance.cli import main
from quotestance.errors import InputFormatError, InputNotFoundError, InvalidTargetError
from quotestance.pipeline import SavedPipeline
from quotestance.show import predictions_table

WORDS = "We stand with Ukraine."


@pytest.mark.parametrize("entry", ["quotestance", "quotestance.cli", "quotestance.show"])
def test_every_entry_point_helps(entry):
    done = subprocess.run([sys.executable, "-m", entry, "-h"], capture_output=True, text=True)
    assert done.returncode == 0
    assert "usage" in done.stdout.lower()


def test_names_are_offered_before_they_are_loaded():
    assert set(quotestance.__all__) <= set(dir(quotestance))


def test_a_trained_target_is_known_in_any_spelling(tiny_model):
    classifier = quotestance.load(tiny_model)
    plain = classifier.predict_one(WORDS, ["NATO/Ukraine", "NATO"], abstain="90%")
    spelt = classifier.predict_one(WORDS, ["nato / ukraine", "Nato"], abstain="90%")
    assert list(spelt.stance) == ["nato / ukraine", "Nato"]
    assert list(spelt.stance.values()) == list(plain.stance.values())
    assert spelt.as_dict().keys() == plain.as_dict().keys()


def test_an_untrained_target_is_named_on_standard_error(predict, tmp_path):
    (tmp_path / "in.csv").write_text(f"text\n{WORDS}\n")
    trained = ("--target", "nato", "--target", "NATO / Ukraine")
    status, message = predict("in.csv", "-o", "out.csv", *trained)
    assert status == 0
    assert "not trained" not in message
    _, message = predict("in.csv", "-o", "two.csv", "--target", "Russia", *trained)
    assert "not trained for 'Russia'" in message


@pytest.mark.parametrize("table", [{"text": [WORDS]}, {WORDS}])
def test_a_table_is_no_list_of_statements(tiny_model, table):
    with pytest.raises(TypeError, match="pass its texts"):
        quotestance.load(tiny_model).predict(table)


def test_a_data_frame_is_no_list_of_statements_but_its_column_is(tiny_model):
    frame = pytest.importorskip("pandas").DataFrame({"text": [WORDS]})
    with pytest.raises(TypeError, match="DataFrame"):
        quotestance.load(tiny_model).predict(frame)
    assert len(quotestance.load(tiny_model).predict(frame["text"])) == 1


def test_a_classifier_can_be_sent_to_another_process(tiny_model):
    classifier = quotestance.load(tiny_model, threads=1)
    copy = pickle.loads(pickle.dumps(classifier))
    assert copy.predict([WORDS]) == classifier.predict([WORDS])
    assert copy.pipeline.threads == 1


@pytest.mark.parametrize("threads", [0, -1, "2"])
def test_threads_are_checked_when_the_model_is_opened(tiny_model, threads):
    with pytest.raises(ValueError, match="1 or more"):
        quotestance.load(tiny_model, threads=threads)


def test_a_run_without_one_readable_row_is_no_success(predict, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"text": null}\n{"text": ""}\n')
    status, message = predict("in.jsonl", "-o", "out.jsonl")
    assert status == 3
    assert "no row could be read" in message
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2


STREAMS = {
    "jsonl": json.dumps({"text": WORDS}).encode() + b"\n",
    "csv": f"id,text\n1,{WORDS}\n".encode(),
    "tsv": f"\ufeffid\ttext\n1\t{WORDS}\n".encode(),
    "jsonl.gz": gzip.compress(json.dumps({"text": WORDS}).encode()),
}


@pytest.mark.parametrize("output", ["out.csv", "out.jsonl"])
@pytest.mark.parametrize("kind", STREAMS)
def test_what_comes_through_a_pipe_says_its_format(predict, monkeypatch, tmp_path, kind, output):
    with (tmp_path / "stream").open("wb") as file:
        file.write(STREAMS[kind])
    with (tmp_path / "stream").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        status, message = predict("-", "-o", output)
    assert (status, "1 rows predicted, 0 rejected" in message) == (0, True), message


def test_semicolons_part_the_fields_of_some_spreadsheets(predict, tmp_path):
    (tmp_path / "in.csv").write_text(f'id;text;note\n1;"{WORDS}; {WORDS}";1,5\n2;{WORDS};2,5\n')
    status, message = predict("in.csv", "-o", "out.csv")
    assert (status, "2 rows predicted" in message) == (0, True)
    head, first, _ = (tmp_path / "out.csv").read_text().splitlines()
    assert head.startswith("id;text;note;stance;stance_score;")
    assert first.startswith(f'1;"{WORDS}; {WORDS}";1,5;')
    (tmp_path / "other.csv").write_text(f"id,text,note\n1,{WORDS},x\n")
    status, message = predict("in.csv", "other.csv", "-o", "both.csv")
    assert status == 3
    assert "parted by ;" in message


@pytest.mark.parametrize("name", ["in.csv", "in.jsonl"])
def test_a_column_of_almost_that_name_is_suggested(predict, tmp_path, name):
    (tmp_path / "in.csv").write_text(f"id, Text\n1,{WORDS}\n")
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": 1, " Text": WORDS}))
    status, message = predict(name, "-o", "out.csv")
    assert status == 3
    assert "--text-column ' Text'" in message


def test_a_rejected_line_keeps_its_other_keys(predict, tmp_path):
    lines = [{"id": 1, "text": WORDS}, {"id": 2, "text": WORDS, "stance": "neutral"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    predict("in.jsonl", "-o", "out.jsonl")
    last = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[1])
    assert (last["id"], last["text"], last["stance"]) == (2, None, None)
    predict("in.jsonl", "-o", "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines()[2].startswith("2,,")


def test_a_table_is_no_article(tmp_path):
    path = tmp_path / "articles.csv"
    path.write_text(f"text\n{WORDS}\n")
    with pytest.raises(InputFormatError, match="quotestance predict"):
        read_article(path)


def test_show_reads_what_predict_writes_and_says_what_is_wrong(predict, tmp_path):
    (tmp_path / "in.csv").write_text(f"id,words\n1,{WORDS}\n")
    for output in ("out.csv", "out.jsonl"):
        predict("in.csv", "-o", output, "--text-column", "words", "--target", "NATO")
        table = predictions_table(tmp_path / output, "words")
        assert [column.header for column in table.columns] == ["statement", "NATO", "sentiment"]
    with pytest.raises(InputFormatError, match="wanted 'text'"):
        predictions_table(tmp_path / "out.csv")
    with pytest.raises(InputNotFoundError, match="absent"):
        predictions_table(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp1251", "in.csv"), ("utf-16", "in.csv.gz"), ("utf-16", "in.jsonl"), ("cp1252", "in.tsv")],
)
def test_a_table_in_another_encoding_is_read_where_it_is_named(predict, tmp_path, encoding, name):
    note = "Müller" if encoding == "cp1252" else "Київ"
    tab = "\t" if ".tsv" in name else ","
    text = f'id{tab}text{tab}note\n1{tab}"{WORDS}\nAnd more."{tab}{note}\n'
    if ".jsonl" in name:
        text = json.dumps({"id": 1, "text": WORDS, "note": note}, ensure_ascii=False) + "\n"
    data = text.encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    status, message = predict(name, "-o", "out.jsonl", "--encoding", encoding)
    assert (status, "1 rows predicted, 0 rejected" in message) == (0, True), message
    row = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert (str(row["id"]), row["note"], row["stance"] is not None) == ("1", note, True)


def test_the_users_own_folder_called_default_stays_theirs(tiny_model, tmp_path, monkeypatch):
    (tmp_path / "default").symlink_to(tiny_model)
    monkeypatch.chdir(tmp_path)
    for name in ("./default", Path("default")):
        classifier = quotestance.load(name)
        assert classifier.pipeline.config.name == SavedPipeline(tiny_model).config.name
        sent = pickle.dumps(classifier)
        monkeypatch.chdir("/")
        assert pickle.loads(sent).pipeline.directory == tmp_path / "default"
        monkeypatch.chdir(tmp_path)


def test_a_target_whose_columns_are_another_ones_is_refused(tiny_model):
    classifier = quotestance.load(tiny_model)
    for targets in (["NATO/Ukraine", "Score"], ["NATO", "NATO neutral"]):
        with pytest.raises(InvalidTargetError, match="same output column"):
            classifier.predict_one(WORDS, targets)


def test_probabilities_take_no_bare_string(tiny_model):
    classifier = quotestance.load(tiny_model)
    with pytest.raises(TypeError, match="got one string"):
        classifier.probabilities(WORDS)
    with pytest.raises(InvalidTargetError, match="got one string"):
        classifier.probabilities([WORDS], "NATO")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("in.csv", f"\ufefftext;source;source_score\n{WORDS};bbc;4\n"),
        ("in.csv", f"text,source,source_score\n{WORDS},bbc,4\n"),
        ("in.csv", f"text\n{WORDS * 9000}\n"),
        ("in.jsonl", json.dumps({"text": WORDS}) + '\n{"text": 7}\n{"other": 1}\n'),
        ("in.jsonl", json.dumps({"text": WORDS}) + "\nno object\n"),
    ],
)
def test_show_takes_whatever_predict_wrote(predict, tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    predict(name, "-o", f"out.{name[3:]}")
    table = predictions_table(tmp_path / f"out.{name[3:]}")
    wanted = ["statement", "NATO/Ukraine", "NATO", "Ukraine", "sentiment"]
    assert [column.header for column in table.columns] == wanted
    Console(file=io.StringIO()).print(table)


def test_a_name_in_brackets_is_shown_as_it_is(tiny_model, tmp_path, monkeypatch, capsys):
    (tmp_path / "[v2]").mkdir()
    (tmp_path / "[v2]" / "a[").mkdir()
    (tmp_path / "[v2]" / "a[" / "x]").symlink_to(tiny_model)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["quotestance", "info", "[v2]/a[/x]"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert (stop.value.code or 0, "[v2]/a[/x]" in capsys.readouterr().out) == (0, True)
