"""Opening an encoder and its tokenizer; pruning its vocabulary, layers and feed-forward units."""

import json
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase, PreTrainedTokenizerFast

from training.network import encoder_path
from training.recipe import Network, RecipeError


def open_encoder(network: Network) -> tuple[nn.Module, PreTrainedTokenizerBase]:
    """Return the encoder in float32 and its fast tokenizer, pruned where the recipe asks for it."""
    path = encoder_path(network.encoder)
    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(path, use_fast=True)
    encoder = AutoModel.from_pretrained(path, dtype=torch.float32, attn_implementation="eager")
    if hasattr(encoder, "pooler"):
        encoder.pooler = None
    if hasattr(encoder.config, "attention_probs_dropout_prob"):
        _set_attention_dropout(encoder, network.attention_dropout)
    if network.layers or network.feed_forward:
        prune_layers(encoder, network.layers, network.feed_forward)
    if network.prune_vocabulary:
        tokenizer = _prune(encoder, tokenizer)
    return encoder, tokenizer


def _set_attention_dropout(encoder: nn.Module, share: float) -> None:
    encoder.config.attention_probs_dropout_prob = share  # type: ignore[union-attr]
    for name, module in encoder.named_modules():
        if isinstance(module, nn.Dropout) and name.endswith("attention.self.dropout"):
            module.p = share


def prune_layers(encoder: nn.Module, layers: int, units: int) -> None:
    """Cut a BERT encoder, in place, to its lowest `layers` and the `units` that weigh most in each.

    0 keeps all. A feed-forward unit weighs the product of the lengths of its weights in and out.
    Upper layers matter least to a task that is trained anew (Sajjad et al., 2023). Raises
    RecipeError for another architecture or more than there is.
    """
    config: Any = encoder.config
    if config.model_type != "bert":
        raise RecipeError(f"network.layers and feed_forward prune BERT, not {config.model_type}")
    depth, width = config.num_hidden_layers, config.intermediate_size
    layers, units = layers or depth, units or width
    if not (0 < layers <= depth and 0 < units <= width):
        raise RecipeError(
            f"the encoder has {depth} layers of {width} feed-forward units; "
            f"the recipe wants {layers} of {units}"
        )
    stack: Any = encoder.encoder
    stack.layer = stack.layer[:layers]
    for layer in stack.layer:
        up, down = layer.intermediate.dense, layer.output.dense
        weight = up.weight.norm(dim=1) * down.weight.norm(dim=0)
        kept = weight.topk(units).indices.sort().values
        layer.intermediate.dense = _linear(up.weight[kept], up.bias[kept])
        layer.output.dense = _linear(down.weight[:, kept], down.bias)
    config.num_hidden_layers, config.intermediate_size = layers, units


def _linear(weight: torch.Tensor, bias: torch.Tensor) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data, layer.bias.data = weight.detach().clone(), bias.detach().clone()
    return layer


def _prune(encoder: nn.Module, tokenizer: Any) -> PreTrainedTokenizerBase:  # noqa: ANN401
    """Drop the unused slots and the tokens outside ASCII; a word made of them becomes [UNK]."""
    document = json.loads(tokenizer.backend_tokenizer.to_str())
    vocabulary = document["model"].get("vocab")
    if document["model"].get("type") != "WordPiece" or not isinstance(vocabulary, dict):
        return tokenizer  # type: ignore[no-any-return]
    special = {token["content"] for token in document["added_tokens"]}
    old = sorted(
        (number, token)
        for token, number in vocabulary.items()
        if token in special or (token.isascii() and not token.startswith("[unused"))
    )
    document["model"]["vocab"] = {token: new for new, (_, token) in enumerate(old)}
    new = document["model"]["vocab"]
    for token in document["added_tokens"]:
        token["id"] = new[token["content"]]
    processor = document.get("post_processor") or {}
    for token, entry in processor.get("special_tokens", {}).items():
        entry["ids"] = [new[token]]
    for name in ("cls", "sep"):
        if name in processor:
            processor[name] = [processor[name][0], new[processor[name][0]]]
    table = encoder.get_input_embeddings()  # type: ignore[operator]
    rows = torch.tensor([number for number, _ in old])
    smaller = nn.Embedding(len(rows), table.embedding_dim, padding_idx=new[tokenizer.pad_token])
    smaller.weight.data = table.weight.data[rows].clone()
    encoder.set_input_embeddings(smaller)  # type: ignore[operator]
    encoder.config.vocab_size = len(rows)  # type: ignore[union-attr]
    names = {
        name: getattr(tokenizer, name)
        for name in ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")
    }
    pruned = Tokenizer.from_str(json.dumps(document))
    pruned.no_padding()
    pruned.no_truncation()
    return PreTrainedTokenizerFast(tokenizer_object=pruned, **names)  # type: ignore[no-untyped-call]
