"""Loaders of the public corpora, on small files in the publishers' forms."""

import csv
import json
from pathlib import Path

import pytest

from quotestance.errors import InputFormatError, InputNotFoundError
from training import sources


def write_csv(path: Path, header: list[str], *rows: list[str], encoding: str = "utf-8") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])


def test_text_files_are_keyed_by_path_and_read_with_replaced_bytes_and_plain_line_ends(tmp_path):
    speech = tmp_path / "ungdc" / "Session 56 - 2001" / "BLR_56_2001.txt"
    speech.parent.mkdir(parents=True)
    speech.write_bytes(b"Peace\r\nand\rquiet \xff")
    documents = sources.DOCUMENTS["ungdc"](tmp_path / "ungdc")
    assert dict(documents) == {"Session 56 - 2001/BLR_56_2001.txt": "Peace\nand\nquiet �"}


def test_ungdc_is_also_read_in_the_layout_of_the_publishers_archive(tmp_path):
    speech = tmp_path / "TXT" / "Session 01 - 1946" / "ARG_01_1946.txt"
    speech.parent.mkdir(parents=True)
    speech.write_text("text")
    assert list(sources.DOCUMENTS["ungdc"](tmp_path)) == ["Session 01 - 1946/ARG_01_1946.txt"]


def test_csv_corpora_give_text_by_address_whatever_its_length(tmp_path):
    long = "word " * 60_000
    write_csv(tmp_path / "press_releases.csv", ["link", "body"], ["http://k/1", long])
    write_csv(tmp_path / "claims.csv", ["date", "id", "title"], ["2018", "http://e/1", "A claim"])
    assert sources.DOCUMENTS["kremlin"](tmp_path) == {"http://k/1": long}
    assert sources.DOCUMENTS["euvsdisinfo"](tmp_path) == {"http://e/1": "A claim"}


@pytest.mark.parametrize("name", sources.DOCUMENTS)
def test_a_corpus_that_is_not_there_names_the_command_that_fetches_it(tmp_path, name):
    with pytest.raises(InputNotFoundError, match=f"training.fetch {name}"):
        sources.DOCUMENTS[name](tmp_path / name)


def test_a_csv_without_its_column_is_refused(tmp_path):
    write_csv(tmp_path / "claims.csv", ["date", "headline"], ["2018", "A claim"])
    with pytest.raises(InputFormatError, match="lacks the column 'id'"):
        sources.DOCUMENTS["euvsdisinfo"](tmp_path)


def newsmtsc_line(polarity: float) -> str:
    target = {"from": 4, "to": 9, "mention": "Smith", "polarity": polarity}
    record = {"primary_gid": "g1", "sentence_normalized": "Mrs Smith won.", "targets": [target]}
    return json.dumps(record)


def test_newsmtsc_polarity_becomes_a_stance_toward_the_mention(tmp_path):
    lines = [newsmtsc_line(polarity) for polarity in (6.0, 4.0, 2.0)]
    (tmp_path / "train.jsonl").write_text("\n".join(lines))
    rows = list(sources.newsmtsc(tmp_path, "train"))
    assert [row.label for row in rows] == ["supportive", "neutral", "adversarial"]
    assert {row.target for row in rows} == {"Smith"}
    assert rows[0].text[rows[0].start : rows[0].end] == "Smith"


@pytest.mark.parametrize("line", ["{broken", "[]", newsmtsc_line(3.0)])
def test_a_broken_newsmtsc_line_is_named(tmp_path, line):
    (tmp_path / "train.jsonl").write_text(newsmtsc_line(6.0) + "\n" + line)
    with pytest.raises(InputFormatError, match=r"train\.jsonl:2"):
        list(sources.newsmtsc(tmp_path, "train"))


def test_perspectrum_gives_every_paraphrase_with_its_claim(tmp_path):
    claims = [
        {
            "cId": 7,
            "text": "Drones should be banned",
            "perspectives": [
                {"pids": [1, 2], "stance_label_3": "SUPPORT"},
                {"pids": [3], "stance_label_3": "UNDERMINE"},
                {"pids": [4], "stance_label_3": "not-a-perspective"},
            ],
        },
        {"cId": 8, "text": "Another", "perspectives": [{"pids": [4], "stance_label_3": "SUPPORT"}]},
    ]
    pool = [{"pId": n, "text": f"perspective {n} "} for n in (1, 2, 3, 4)]
    (tmp_path / "dataset_split_v1.0.json").write_text(json.dumps({"7": "dev", "8": "train"}))
    (tmp_path / "perspective_pool_v1.0.json").write_text(json.dumps(pool))
    (tmp_path / "perspectrum_with_answers_v1.0.json").write_text(json.dumps(claims))
    rows = list(sources.perspectrum(tmp_path, "validation"))
    assert [(row.text, row.label) for row in rows] == [
        ("perspective 1", "supportive"),
        ("perspective 2", "supportive"),
        ("perspective 3", "adversarial"),
    ]
    assert {row.target for row in rows} == {"Drones should be banned"}


RUW_HEADER = ["Tweet", "Target 1", "Stance 1", "Target 2", "Stance 2", "Test/Train/Dev"]


def test_ruw_is_read_as_gb18030(tmp_path):
    row = [
        "Polak\u00f3w \u2013 it\u2019s over\u2026",
        "Russia",
        "AGAINST",
        "Ukraine",
        "FAVOR",
        "Dev",
    ]
    write_csv(tmp_path / "val.csv", RUW_HEADER, row, encoding="gb18030")
    first, second = sources.ruw(tmp_path, "validation")
    assert first.text == "Polak\u00f3w \u2013 it\u2019s over\u2026"
    assert (first.target, first.label) == ("Russia", "adversarial")
    assert (second.target, second.label) == ("Ukraine", "supportive")
    assert first.group == second.group


def test_ruw_with_an_unknown_stance_is_refused(tmp_path):
    row = ["Tweet", "Russia", "MAYBE", "Ukraine", "FAVOR", "Dev"]
    write_csv(tmp_path / "val.csv", RUW_HEADER, row)
    with pytest.raises(InputFormatError, match="MAYBE"):
        list(sources.ruw(tmp_path, "validation"))


@pytest.mark.parametrize("name", sources.AUXILIARY)
def test_an_unknown_split_names_the_known_ones(tmp_path, name):
    with pytest.raises(InputFormatError, match="train"):
        list(sources.AUXILIARY[name](tmp_path, "holdout"))


@pytest.mark.parametrize(
    ("name", "split", "count"),
    [
        ("newsmtsc", "rw", 1146),
        ("newsmtsc", "mt", 1476),
        ("perspectrum", "validation", 2071),
        ("ruw", "test", 2400),
    ],
)
def test_the_real_corpora_have_their_published_sizes(corpora, name, split, count):
    rows = list(sources.AUXILIARY[name](corpora / name, split))
    assert len(rows) == count
    assert not any("\ufffd" in row.text for row in rows)
