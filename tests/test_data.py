"""The shipped dataset: sound, readable with `datasets`, its card up to date."""

import datasets
import pytest

from quotestance.labels import SENTIMENTS, STANCES
from training import check_data, check_overlap, coverage
from training.standoff import load_annotated
from training.statements import COLUMNS, DATA, read_statements


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    return datasets.load_dataset(str(DATA), cache_dir=str(cache))


def test_load_dataset_reads_the_card_with_typed_labels(loaded):
    assert set(loaded) == {"train", "validation", "test"}
    for split in loaded.values():
        assert set(split.features) == set(COLUMNS)
        for column in ("stance", "stance_nato", "stance_ukraine"):
            assert split.features[column].names == list(STANCES)
        assert split.features["sentiment"].names == list(SENTIMENTS)
        assert split.features["origin"].names == ["authored", "quoted", "annotated"]
        assert split.features["calibration"].dtype == "bool"


def test_load_dataset_has_the_rows_of_the_files(loaded):
    for name, rows in read_statements().items():
        assert loaded[name]["id"] == [row["id"] for row in rows]
        stances = loaded[name].features["stance"].int2str(loaded[name]["stance"])
        assert stances == [row["stance"] for row in rows]


def test_nothing_is_wrong_with_rows_groups_and_texts():
    assert list(check_data.content_faults(DATA)) == []


def test_no_training_passage_holds_a_held_out_one(corpora):
    rows = load_annotated(None, corpora).rows
    train = [row for row in rows if row["split"] == "train"]
    held_out = [row for row in rows if row["split"] != "train"]
    assert list(check_overlap.holders(train, held_out)) == []


def test_the_dataset_holds_what_it_promises():
    assert list(check_data.quantity_faults(DATA)) == []


def test_the_seed_articles_quotations_are_there_with_their_speakers():
    quoted = [row for row in read_statements()["test"] if row["origin"] == "quoted"]
    speakers = {row["speaker"] for row in quoted if row["source"] == "seed-article"}
    people = {"Dmytro Kuleba", "Dmitry Peskov", "Antony Blinken", "Jacek Siewiera"}
    assert speakers == people | {"NATO allies"}
    assert all(row["group"] == "quoted:seed-article" for row in quoted)


def test_the_cards_tables_are_up_to_date(capsys):
    assert coverage.main(["--check"]) == 0, capsys.readouterr().out


def test_the_card_names_every_column():
    card = (DATA / "README.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        assert f"`{column}`" in card.split("## Splits")[0]
