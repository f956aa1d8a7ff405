"""What `load` checks before the first prediction: each fault has its own error and way out."""

import json
import shutil
from pathlib import Path

import onnx
import pytest
from typer.testing import CliRunner

import quotestance
from evaluation.card import app as card_app
from quotestance import errors
from quotestance.config import FILES, PipelineConfig, read_config
from training.save import rehash, write_config


@pytest.fixture
def model(tiny_model, tmp_path):
    return shutil.copytree(tiny_model, tmp_path / "model")


def test_no_such_directory(tmp_path):
    with pytest.raises(errors.ModelNotFoundError, match=r"training\.train"):
        quotestance.load(tmp_path / "none")


@pytest.mark.parametrize("name", ["config.json", *FILES])
def test_a_missing_file_is_named(model, name):
    (model / name).unlink()
    with pytest.raises(FileNotFoundError, match=name.replace(".", r"\.")):
        quotestance.load(model)


@pytest.mark.parametrize("name", ["config.json", *FILES])
def test_a_changed_byte_is_noticed(model, name):
    path = model / name
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle] ^= 0x01
    path.write_bytes(content)
    with pytest.raises(errors.ModelError, match=name.replace(".", r"\.")):
        quotestance.load(model)


def _change(model, **fields):
    document = json.loads((model / "config.json").read_text())
    document.pop("config_sha256")
    write_raw(model, {**document, **fields})


def write_raw(model, document):
    from quotestance.config import _own_hash

    text = json.dumps({**document, "config_sha256": _own_hash(document)})
    (model / "config.json").write_text(text)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"schema_version": 99}, "schema_version 99"),
        ({"labels": {"stance": ["neutral", "supportive", "adversarial"]}}, "label order"),
        ({"preprocessing": "other"}, "preprocessing"),
        ({"target_vectors": {}}, "target_vectors"),
        ({"temperature": {"stance": 1.0}}, "temperature lacks"),
        ({"smoothing": {"stance": -0.1}}, "no smoothing may be below zero"),
        ({"label_temperature": {"stance": [1.0, 2.0]}}, "label_temperature of stance is"),
        ({"label_temperature": {"sentiment": [1.0, 0.0, 1.0]}}, "three numbers above zero"),
        ({"window_overlap": 500}, "window_overlap"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_config_that_does_not_fit(model, fields, words):
    _change(model, **fields)
    with pytest.raises(errors.ModelConfigError, match=words):
        quotestance.load(model)


def test_scores_written_into_a_card_leave_the_model_sound(model):
    """The card is hashed too, so the command that fills it must renew the hash."""
    card = model / "README.md"
    card.write_text("<!-- scores:begin -->\n<!-- scores:end -->\n")
    metrics = Path(__file__).parents[1] / "docs" / "metrics.json"
    result = CliRunner().invoke(card_app, [str(card), str(metrics), "--model", "default"])
    assert result.exit_code == 0 and "macro-F1" in card.read_text()
    quotestance.load(model)


def test_a_config_that_is_no_object(model):
    (model / "config.json").write_text("[1, 2]")
    with pytest.raises(errors.ModelConfigError, match="got a list, wanted an object"):
        quotestance.load(model)


def test_a_graph_of_another_width(model):
    config = read_config(model)
    graph = onnx.load(model / "model.onnx")
    graph.graph.input[2].type.tensor_type.shape.dim[1].dim_value = 5
    onnx.save(graph, model / "model.onnx")
    write_config(model, config)
    with pytest.raises(errors.ModelError):
        quotestance.load(model)


def test_a_file_that_is_no_graph(model):
    config = read_config(model)
    (model / "model.onnx").write_bytes(b"not a graph")
    write_config(model, config)
    with pytest.raises(errors.ModelGraphError, match="does not open"):
        quotestance.load(model)


def test_the_card_may_be_written_anew_but_not_the_graph(model):
    card = model / "README.md"
    card.write_text(card.read_text() + "\nmore\n")
    rehash(model)
    assert isinstance(read_config(model), PipelineConfig)
    (model / "model.onnx").write_bytes(b"x")
    with pytest.raises(ValueError, match="not the file that was saved"):
        rehash(model)


def test_nothing_of_a_saved_pipeline_is_a_pickle(model):
    assert {path.suffix for path in model.iterdir() if path.is_file()} == {".onnx", ".json", ".md"}
