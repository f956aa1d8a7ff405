"""A BERT cut to its lowest layers and heaviest feed-forward units."""

import numpy as np
import onnx
import onnxruntime
import pytest
import tiny_encoder
import tiny_training
import torch

import quotestance
from quotestance.labels import TARGETS
from training import fit, train
from training.encoder import open_encoder, prune_layers
from training.network import LateAttention
from training.recipe import Network, RecipeError

IDS = torch.tensor([[2, 5, 9, 30, 3], [2, 7, 3, 0, 0]])
MASK = (IDS > 0).long()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Three layers of 96 feed-forward units on a width of 48."""
    return tiny_encoder.bert(tmp_path_factory.mktemp("bert"), layers=3)


def opened(path, **network):
    encoder, _ = open_encoder(Network(encoder=str(path), prune_vocabulary=False, **network))
    return encoder.eval()


@torch.inference_mode()
def states(encoder):
    """Return the token states after the embeddings and after each layer."""
    return encoder(input_ids=IDS, attention_mask=MASK, output_hidden_states=True).hidden_states


@pytest.mark.parametrize(
    ("wanted", "layers", "units"),
    [({}, 3, 96), ({"layers": 2}, 2, 96), ({"feed_forward": 40}, 3, 40),
     ({"layers": 1, "feed_forward": 40}, 1, 40), ({"layers": 3, "feed_forward": 96}, 3, 96)],
    ids=str,
)  # fmt: skip
def test_the_network_and_its_config_have_the_wanted_shape(path, wanted, layers, units):
    encoder = opened(path, **wanted)
    stack = encoder.encoder.layer
    assert len(stack) == encoder.config.num_hidden_layers == layers
    assert encoder.config.intermediate_size == units
    for layer in stack:
        assert layer.intermediate.dense.weight.shape == (units, 48)
        assert layer.intermediate.dense.bias.shape == (units,)
        assert layer.output.dense.weight.shape == (48, units)
        assert layer.intermediate.dense.out_features == layer.output.dense.in_features == units
    assert all(parameter.requires_grad for parameter in encoder.parameters())


def test_the_lowest_layers_are_kept(path):
    kept = states(opened(path, layers=2))
    assert len(kept) == 3
    assert all(map(torch.equal, kept, states(opened(path))))


def test_the_heaviest_units_are_kept_in_their_order(path):
    encoder = opened(path)
    chance = torch.Generator().manual_seed(1)
    for layer in encoder.encoder.layer:
        up, down = layer.intermediate.dense, layer.output.dense
        idle = torch.randperm(96, generator=chance)[:56]
        # Half of them weigh nothing by what comes in, half by what goes out, though the other side
        # is heavy.
        up.weight.data[idle[:28]] = up.bias.data[idle[:28]] = 0
        down.weight.data[:, idle[:28]] *= 9
        down.weight.data[:, idle[28:]] = 0
        up.weight.data[idle[28:]] *= 9
    whole = states(encoder)[-1]
    busy = [layer.intermediate.dense.weight.norm(dim=1) for layer in encoder.encoder.layer]
    prune_layers(encoder, 0, 40)
    assert torch.allclose(states(encoder)[-1], whole, atol=1e-5)
    for layer, before in zip(encoder.encoder.layer, busy, strict=True):
        left = layer.intermediate.dense.weight.norm(dim=1)
        assert [before.tolist().index(x) for x in left] == sorted(
            before.tolist().index(x) for x in left
        )
    prune_layers(encoder, 0, 39)
    assert not torch.allclose(states(encoder)[-1], whole, atol=1e-5)


@pytest.mark.parametrize(
    "wanted",
    [{"layers": 4}, {"feed_forward": 97}, {"layers": -1}, {"feed_forward": -8}],
    ids=str,
)
def test_more_than_there_is_is_refused(path, wanted):
    with pytest.raises(
        RecipeError, match="has 3 layers of 96 feed-forward units; the recipe wants"
    ):
        opened(path, **wanted)


def test_another_architecture_is_refused(tmp_path):
    other = tiny_encoder.multilingual(tmp_path / "encoder")
    with pytest.raises(RecipeError, match="prune BERT, not xlm-roberta"):
        opened(other, layers=1)
    assert len(opened(other).encoder.layer) == 2


def test_attention_dropout_is_the_recipes(path):
    for share in (0.0, 0.3):
        encoder = opened(path, attention_dropout=share)
        found = [layer.attention.self.dropout.p for layer in encoder.encoder.layer]
        assert found == [share] * 3 == [encoder.config.attention_probs_dropout_prob] * 3
        assert encoder.encoder.layer[0].output.dropout.p == 0.1


def test_a_pruned_encoder_trains_exports_to_the_int8_graph_and_loads(path, tmp_path, monkeypatch):
    tiny_training.use_statements(monkeypatch)
    recipe = tiny_training.recipe(path, {"layers": 2, "feed_forward": 40})
    train.train(recipe, tmp_path / "m")
    graph = onnx.load(tmp_path / "m" / "model.onnx").graph
    assert graph.name == "late_attention"  # the hand-built one
    attention = [node for node in graph.node if node.op_type == "MultiHeadAttention"]
    assert len(attention) == 2 + 1  # two layers of the encoder, one of the head
    encoder, tokenizer = open_encoder(recipe.network)
    network = LateAttention(encoder, recipe.network)
    saved = torch.load(tmp_path / "m" / "run" / "weights.pt", weights_only=True)
    network.load_state_dict(saved)
    examples = tiny_training.EXAMPLES
    wanted = fit.logits(network, tokenizer, examples, recipe.network)[0].softmax(-1).numpy()
    pipeline = quotestance.load(tmp_path / "m").pipeline
    vectors = np.array([pipeline.config.target_vectors[t] for t in TARGETS], np.float32)
    ids = pipeline.encode([x.text for x in examples])
    plain = onnxruntime.InferenceSession(tmp_path / "m" / "run" / "fused.onnx")
    got = plain.run(["stance"], pipeline._feed(ids, vectors))[0]
    assert np.abs(got - wanted).max() < 1e-4
    int8 = pipeline.run(ids, vectors)[0]
    tiny_training.assert_same_but_for_ties(int8, wanted)
