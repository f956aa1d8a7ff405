"""Soft labels from teachers that were trained before: self-distillation from several seeds."""

from pathlib import Path

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from quotestance.labels import TARGETS
from training.corpus import Example
from training.encoder import open_encoder
from training.fit import logits
from training.network import build
from training.recipe import Recipe, RecipeError, Stage


def soft_labels(
    stage: Stage, recipe: Recipe, tokenizer: PreTrainedTokenizerBase, examples: list[Example]
) -> dict[str, Tensor] | None:
    """Return mean probabilities (targets + 1, 3) by example id over the stage's teachers.

    `stage.teacher` names run directories, comma-separated, of networks of the recipe's shape. None
    without a teacher. Examples with other than the trained targets get none.
    """
    if not stage.teacher:
        return None
    taught = [x for x in examples if x.targets == TARGETS]
    total: Tensor | None = None
    folders = [Path(name.strip()) for name in stage.teacher.split(",")]
    for folder in folders:
        path = folder / "run" / "weights.pt"
        if not path.is_file():
            raise RecipeError(f"teacher {path} is not there; train it first")
        encoder, _ = open_encoder(recipe.network)
        network = build(encoder, recipe.network, recipe.kind)
        network.load_state_dict(torch.load(path, weights_only=True))
        stance, sentiment = logits(network, tokenizer, taught, recipe.network)
        answer = torch.cat([stance.softmax(-1), sentiment.softmax(-1).unsqueeze(1)], 1)
        total = answer if total is None else total + answer
    if total is None:
        return None
    return {x.id: row for x, row in zip(taught, total / len(folders), strict=True)}
