"""Encoders of a few thousand random weights, made where they are needed."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertModel,
    PreTrainedTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaModel,
)

WORDS = (
    "we stand with ukraine and thank nato the alliance is a threat kiev regime criminal not one "
    "dollar support bloc provoked this help win prices rose meeting in brussels at nine for / . ,"
).split()


def word_tokenizer(directory: Path, special: dict[str, str]) -> None:
    """Save a WordPiece tokenizer of these words and of single letters."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    pieces = [*special.values(), *WORDS, *letters, *(f"##{letter}" for letter in letters)]
    vocabulary = {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=special["unk_token"]))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    first, last = special["cls_token"], special["sep_token"]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {last} $B {last}",
        special_tokens=[(first, vocabulary[first]), (last, vocabulary[last])],
    )
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(directory)


def bert(directory: Path, *, width: int = 48, layers: int = 2) -> Path:
    """Save a random BERT; a "large" one is only wider and deeper."""
    torch.manual_seed(0)
    names = ("pad", "unk", "cls", "sep", "mask")
    word_tokenizer(directory, {f"{n}_token": f"[{n.upper()}]" for n in names})
    config = BertConfig(
        vocab_size=200,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=4,
        intermediate_size=2 * width,
        max_position_embeddings=200,
    )
    BertModel(config).save_pretrained(directory)
    return directory


def multilingual(directory: Path) -> Path:
    """Save a random XLM-RoBERTa with the same words."""
    torch.manual_seed(0)
    special = {
        "cls_token": "<s>", "pad_token": "<pad>", "sep_token": "</s>",
        "unk_token": "<unk>", "mask_token": "<mask>",
    }  # fmt: skip
    word_tokenizer(directory, special)
    config = XLMRobertaConfig(
        vocab_size=200,
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=210,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    XLMRobertaModel(config).save_pretrained(directory)
    return directory
