"""The hand-built graph: the network's function, and in int8 the same answer in any company."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from transformers import BertModel

from tests import tiny_encoder
from training.graph import FloatProducts, build, fits, input_ranges, write_int8
from training.network import LateAttention
from training.recipe import Network


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    folder = tiny_encoder.bert(tmp_path_factory.mktemp("bert"))
    torch.manual_seed(1)
    encoder = BertModel.from_pretrained(folder, add_pooling_layer=False)
    return LateAttention(encoder, Network(head_layers=2, head_width=64, head_count=4)).eval()


def feed(network, lengths, seed=0):
    draw = np.random.default_rng(seed)
    ids = draw.integers(5, 150, (len(lengths), max(lengths)))
    mask = (np.arange(max(lengths)) < np.array(lengths)[:, None]).astype(np.int64)
    vectors = np.random.default_rng(9).normal(size=(3, network.width)).astype(np.float32)
    return {"input_ids": ids * mask, "attention_mask": mask, "target_vectors": vectors}


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    data = model if isinstance(model, str) else model.SerializeToString()
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def test_the_float_graph_is_the_network(network):
    data = feed(network, [9, 5, 12])
    model = build(network, FloatProducts())
    onnx.checker.check_model(model)
    stance, sentiment = session(model).run(["stance", "sentiment"], data)
    ids, mask, vectors = (torch.tensor(value) for value in data.values())
    with torch.inference_mode():
        tokens, pooled = network.encode(ids, mask)
        wanted = network.decide(tokens, pooled, mask, vectors.expand(3, -1, -1))
    np.testing.assert_allclose(stance, wanted[0].softmax(-1), atol=1e-5)
    np.testing.assert_allclose(sentiment, wanted[1].softmax(-1), atol=1e-5)


@pytest.fixture(scope="module")
def int8(network, tmp_path_factory):
    path = tmp_path_factory.mktemp("int8") / "model.onnx"
    write_int8(network, path, [feed(network, [12] * 64, seed) for seed in range(4)])
    return session(str(path))


def test_int8_stays_near_the_float_graph(network, int8):
    data = feed(network, [12] * 50, 77)
    exact = session(build(network, FloatProducts())).run(["stance"], data)[0]
    assert np.abs(int8.run(["stance"], data)[0] - exact).max() < 0.02


def test_an_answer_does_not_depend_on_its_neighbours(network, int8):
    data = feed(network, [12] * 40, 5)
    together = int8.run(["stance", "sentiment"], data)
    for row in range(0, 40, 7):
        alone = {name: data[name][row : row + 1] for name in ("input_ids", "attention_mask")}
        answer = int8.run(["stance", "sentiment"], {**data, **alone})
        for one, all_ in zip(answer, together, strict=True):
            np.testing.assert_allclose(one[0], all_[row], atol=1e-5)


def test_ranges_are_the_least_and_greatest_of_each_channel(network):
    feeds = [feed(network, [8, 8], seed) for seed in (1, 2)]
    low, high = input_ranges(network, feeds)["encoder.encoder.layer.0.qkv"]
    outputs = []
    for data in feeds:
        with torch.inference_mode():
            outputs.append(network.encoder.embeddings(torch.tensor(data["input_ids"])).numpy())
    rows = np.concatenate(outputs).reshape(-1, network.width)
    np.testing.assert_allclose(low, rows.min(0), atol=1e-4)
    np.testing.assert_allclose(high, rows.max(0), atol=1e-4)


def test_another_encoder_is_not_taken_for_bert(network, tmp_path):
    from transformers import AutoModel

    other = AutoModel.from_pretrained(tiny_encoder.multilingual(tmp_path))
    assert fits(network) and not fits(LateAttention(other, Network(head_count=4)))
