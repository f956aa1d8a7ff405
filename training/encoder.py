"""Opening an encoder and its tokenizer, and pruning a WordPiece vocabulary."""

import json
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase, PreTrainedTokenizerFast

from training.network import encoder_path
from training.recipe import Network


def open_encoder(network: Network) -> tuple[nn.Module, PreTrainedTokenizerBase]:
    """Return the encoder in float32 and its fast tokenizer, pruned where the recipe asks for it."""
    path = encoder_path(network.encoder)
    tokenizer = AutoTokenizer.from_pretrained(path, use_fast=True)
    encoder = AutoModel.from_pretrained(path, dtype=torch.float32, attn_implementation="eager")
    if hasattr(encoder, "pooler"):
        encoder.pooler = None
    if network.prune_vocabulary:
        tokenizer = _prune(encoder, tokenizer)
    return encoder, tokenizer


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
    return PreTrainedTokenizerFast(tokenizer_object=pruned, **names)
