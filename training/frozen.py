"""The `frozen` baseline as a network: MiniLM as it comes, and the linear weights on top."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

from training.baselines import LinearWeights
from training.batches import tokenise
from training.corpus import Example


class FrozenNetwork(nn.Module):
    """Mean-pooled, normalised embeddings, then linear weights; target vectors are indicators."""

    def __init__(self, encoder: nn.Module, weights: LinearWeights) -> None:
        super().__init__()
        self.encoder = encoder
        self.width: int = encoder.config.hidden_size  # type: ignore[union-attr, assignment]
        for name, value in vars(weights).items():
            self.register_buffer(name, torch.tensor(value, dtype=torch.float32))

    def encode(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return token states and the normalised embedding (batch, width)."""
        return embed_batch(self.encoder, input_ids, attention_mask)

    def decide(
        self, tokens: Tensor, pooled: Tensor, attention_mask: Tensor, queries: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return stance logits (batch, targets, 3) and sentiment logits (batch, 3)."""
        own = torch.einsum("bf,kfc->bkc", pooled, self.own) + self.own_bias
        shared = pooled @ self.shared + self.shared_bias
        tone = pooled @ self.get_buffer("sentiment") + self.get_buffer("sentiment_bias")
        return queries @ own + shared.unsqueeze(1), tone


def embed_batch(
    encoder: nn.Module, input_ids: Tensor, attention_mask: Tensor
) -> tuple[Tensor, Tensor]:
    """Return token states and their mean, scaled to length one."""
    tokens = encoder(input_ids=input_ids, attention_mask=attention_mask)[0]
    mask = attention_mask.unsqueeze(-1).to(tokens.dtype)
    return tokens, nn.functional.normalize((tokens * mask).sum(1) / mask.sum(1), dim=-1)


@torch.inference_mode()
def embed(
    encoder: nn.Module, tokenizer: PreTrainedTokenizerBase, examples: list[Example], length: int
) -> npt.NDArray[np.float64]:
    """Return the embeddings (examples, width) of the statements."""
    encoder.eval()
    ids = tokenise(tokenizer, [x.text for x in examples], length)
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    found = np.zeros((len(ids), encoder.config.hidden_size))  # type: ignore[union-attr, call-overload]
    for start in range(0, len(order), 64):
        rows = order[start : start + 64]
        longest = max(len(ids[i]) for i in rows)
        batch = torch.zeros(len(rows), longest, dtype=torch.long)
        mask = torch.zeros(len(rows), longest, dtype=torch.long)
        for place, i in enumerate(rows):
            batch[place, : len(ids[i])] = torch.tensor(ids[i])
            mask[place, : len(ids[i])] = 1
        found[rows] = embed_batch(encoder, batch, mask)[1].double().numpy()
    return found
