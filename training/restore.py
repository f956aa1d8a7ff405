"""The weights of a saved pipeline, read back from its graph, so that training can go on from it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer

from quotestance.config import read_config
from training import graph
from training.network import LateAttention
from training.products import restored
from training.recipe import RecipeError

Array = npt.NDArray[Any]
Constants = Mapping[str, Array]


def restore(network: LateAttention, vocabulary: dict[str, int], directory: Path) -> None:
    """Give `network` the weights of the saved pipeline in `directory`, as int8 has left them.

    Positions beyond those that the graph keeps stay as they are. Raises RecipeError where the graph
    is of another kind or shape, or its tokenizer has not the `vocabulary` (token -> id).
    """
    read_config(directory)  # refuses what is damaged or missing
    saved = onnx.load(str(directory / "model.onnx")).graph
    constants = {one.name: numpy_helper.to_array(one) for one in saved.initializer}
    state, products = network.state_dict(), graph.sources(network)
    try:
        parameters = _parameters(constants, state, products)
        found = {name: torch.tensor(value) for name, value in parameters}
    except KeyError as error:
        raise RecipeError(
            f"{directory} has another graph than int8 late attention: no {error}"
        ) from error
    missing = state.keys() - found.keys()
    other = [name for name, value in found.items() if value.shape != state[name].shape]
    more = {name.removesuffix(".smooth") for name in constants if name.endswith(".smooth")}
    if unlike := [*other, *sorted(missing), *sorted(more - products.keys())]:
        name = unlike[0]
        raise RecipeError(f"[network] of the recipe is not that of {directory}: {name} differs")
    if Tokenizer.from_file(str(directory / "tokenizer.json")).get_vocab() != vocabulary:
        raise RecipeError(f"the encoder of the recipe has not the vocabulary of {directory}")
    network.load_state_dict(found)


def _parameters(
    constants: Constants, state: Mapping[str, torch.Tensor], products: Mapping[str, list[str]]
) -> Iterator[tuple[str, Array]]:
    """Yield name and value of each parameter; `state` has what the graph leaves out, and shapes."""
    embeddings = "encoder.embeddings"
    yield "sentiment_query", constants["sentiment_query"][0]
    words = constants["words.rows"] * constants["words.scale"]
    yield f"{embeddings}.word_embeddings.weight", words
    # The graph has positions and the one token type as one sum.
    types = state[f"{embeddings}.token_type_embeddings.weight"].numpy()
    yield f"{embeddings}.token_type_embeddings.weight", types
    places = state[f"{embeddings}.position_embeddings.weight"].numpy().copy()
    kept = constants["places"]
    places[: len(kept)] = kept - types[0]
    yield f"{embeddings}.position_embeddings.weight", places
    for name in state.keys() & constants.keys():
        if "norm" in name.lower():
            yield name, constants[name]
    for product, layers in products.items():
        weight, bias = restored(constants, product)
        ends = np.cumsum([len(state[f"{layer}.bias"]) for layer in layers])[:-1]
        parts = zip(layers, np.split(weight, ends, axis=1), np.split(bias, ends), strict=True)
        for layer, columns, shift in parts:
            yield f"{layer}.weight", columns.T
            yield f"{layer}.bias", shift
