"""Export of a trained network to one ONNX graph, in float32 and in int8."""

import contextlib
import io
import shutil
import warnings
from pathlib import Path

import numpy as np
import torch
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

from quotestance.labels import TARGETS
from training import graph
from training.batches import tokenise
from training.corpus import Example
from training.fit import predict
from training.frozen import FrozenNetwork
from training.network import CrossEncoder, LateAttention
from training.quantise import Feeds, quantise
from training.recipe import Recipe
from training.score import by_origin

OPSET = 18


class ExportGraph(nn.Module):
    """Token ids and target vectors in, probabilities and the statement's own vector out."""

    def __init__(self, network: LateAttention | FrozenNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, target_vectors: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return stance (batch, targets, 3), sentiment (batch, 3), pooled (batch, width)."""
        tokens, pooled = self.network.encode(input_ids, attention_mask)
        queries = target_vectors.unsqueeze(0).expand(input_ids.shape[0], -1, -1)
        stance, sentiment = self.network.decide(tokens, pooled, attention_mask, queries)
        embedding = nn.functional.layer_norm(pooled, (self.network.width,))
        return stance.softmax(-1), sentiment.softmax(-1), embedding


def export_float(network: LateAttention | FrozenNetwork, path: Path) -> None:
    """Write the network as a float32 ONNX graph with free batch, length and number of targets."""
    module = ExportGraph(network).eval()
    network.encoder.set_attn_implementation("eager")  # type: ignore[operator]
    ids = torch.ones(2, 7, dtype=torch.long)
    example = (ids, torch.ones_like(ids), torch.zeros(3, target_width(network)))
    batch, length, targets = (torch.export.Dim(name) for name in ("batch", "length", "targets"))
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            example,
            str(path),
            input_names=["input_ids", "attention_mask", "target_vectors"],
            output_names=["stance", "sentiment", "pooled"],
            dynamic_shapes=(
                {0: batch, 1: length},
                {0: batch, 1: length},
                {0: targets},
            ),
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def target_width(network: LateAttention | FrozenNetwork) -> int:
    """Return the width of the network's target vectors."""
    return len(TARGETS) if isinstance(network, FrozenNetwork) else network.width


def fuse(source: Path, path: Path, network: LateAttention | FrozenNetwork) -> None:
    """Fuse what ONNX Runtime has kernels for (layer norm with its sum, GELU with its bias)."""
    config = network.encoder.config
    fused = optimize_model(
        str(source),
        model_type="bert",
        num_heads=config.num_attention_heads,  # type: ignore[union-attr, arg-type]
        hidden_size=network.width,
        opt_level=0,
        optimization_options=FusionOptions("bert"),
    )
    fused.save_model_to_file(str(path))


def save_graph(
    network: LateAttention | FrozenNetwork,
    tokenizer: PreTrainedTokenizerBase,
    directory: Path,
    feeds: Feeds | None,
) -> None:
    """Write `model.onnx` and `tokenizer.json`; the float32 graph stays in `run/`.

    `feeds` are the calibration inputs for int8; None leaves the graph in float32. Late attention
    on a BERT gets the hand-built int8 graph, whose answers do not depend on a statement's
    neighbours; any other network is quantised as it was exported.
    """
    plain = directory / "run" / "float.onnx"
    export_float(network, plain)
    fused = directory / "run" / "fused.onnx"
    fuse(plain, fused, network)
    if feeds is None:
        shutil.copyfile(fused, directory / "model.onnx")
    elif isinstance(network, LateAttention) and graph.fits(network):
        graph.write_int8(network, directory / "model.onnx", feeds)
    else:
        quantise(fused, directory / "model.onnx", feeds)
    backend = tokenizer.backend_tokenizer  # type: ignore[attr-defined]
    backend.no_padding()
    backend.no_truncation()
    backend.save(str(directory / "tokenizer.json"), pretty=False)


@torch.inference_mode()
def target_vectors(
    network: LateAttention, tokenizer: PreTrainedTokenizerBase
) -> dict[str, list[float]]:
    """Return the float32 vectors of the trained targets, for `config.json`."""
    network.eval()
    found = {}
    for target in TARGETS:
        ids = torch.tensor(tokenise(tokenizer, [target], 64))
        vector = network.target_vectors(ids, torch.ones_like(ids))[0]
        found[target] = [round(float(value), 7) for value in vector]
    return found


def score_reference(
    network: LateAttention | CrossEncoder,
    tokenizer: PreTrainedTokenizerBase,
    validation: list[Example],
    recipe: Recipe,
) -> dict[str, dict[str, float]]:
    """Return validation scores of a network that has no saved form."""
    return by_origin(validation, predict(network, tokenizer, validation, recipe.network))


def calibration_feeds(
    tokenizer: PreTrainedTokenizerBase,
    examples: list[Example],
    vectors: dict[str, list[float]],
    length: int,
) -> Feeds:
    """Return graph inputs of 256 training statements, spread evenly over the list."""
    chosen = examples[:: max(1, len(examples) // 256)][:256]
    targets = np.array(list(vectors.values()), np.float32)
    feeds: Feeds = []
    for ids in tokenise(tokenizer, [x.text for x in chosen], length):
        row = np.array([ids], np.int64)
        feeds.append(
            {"input_ids": row, "attention_mask": np.ones_like(row), "target_vectors": targets}
        )
    return feeds
