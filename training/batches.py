"""The schedule of a stage: which example in which batch, fixed by the seed, and its collation."""

import random
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from quotestance.preprocess import preprocess
from training.augmentation import exchange, misspell, rename
from training.corpus import UNKNOWN, Example
from training.recipe import Network, Stage


@dataclass(frozen=True, slots=True)
class Item:
    """One appearance of an example: its tokens, and the teacher's probabilities where there are.

    `soft` has a row of three for each target and a last row for the sentiment.
    """

    example: Example
    ids: list[int]
    soft: Tensor | None = None


def tokenise(
    tokenizer: PreTrainedTokenizerBase, texts: list[str], max_length: int
) -> list[list[int]]:
    """Return token ids as the saved pipeline would see them, cut at `max_length`."""
    clean = [preprocess(text) for text in texts]
    ids: list[list[int]] = tokenizer(clean, truncation=True, max_length=max_length)["input_ids"]
    return ids


def schedule(
    examples: list[Example],
    stage: Stage,
    seed: int,
    lengths: dict[str, int],
    soft: dict[str, Tensor] | None = None,
) -> list[Example]:
    """Return every appearance of every example in the order of training.

    Each epoch is shuffled by its own seed; within stretches of 80 batches, examples of like
    length (`lengths`, tokens by id) stand together, which saves padding. Where the stage is
    `grouped`, minimal variations of one authored statement stay side by side (unless a batch ends
    between them), so that one step sees what tells them apart. Examples that fill no batch wait
    for the end of the stage: an epoch that began in the middle of a batch would be cut out of step,
    its batches mix lengths and a quarter of their tokens would be padding. Augmentation is seeded
    by epoch and position, so that a resumed run sees what an uninterrupted one sees. Examples with
    a teacher's answer stay as they are.
    """
    order: list[Example] = []
    over: list[Example] = []
    whole, part = divmod(stage.epochs, 1)
    for epoch in range(int(whole) + (part > 0)):
        chance = random.Random(f"{seed} {epoch}")
        units = _units(examples, grouped=stage.grouped)
        chance.shuffle(units)
        if epoch >= whole:
            units = units[: int(len(units) * part)]
        units = [[_augmented(x, stage, chance, soft) for x in unit] for unit in units]
        full, rest = _by_length(units, stage.batch_size, chance, lengths)
        order += full
        over += rest
    return order + over


def _units(examples: list[Example], *, grouped: bool) -> list[list[Example]]:
    """Return what is shuffled: single examples, or all authored variations of one statement."""
    if not grouped:
        return [[example] for example in examples]
    units: dict[str, list[Example]] = {}
    for example in examples:
        key = example.group if example.source == "authored" else example.id
        units.setdefault(key, []).append(example)
    return list(units.values())


def _augmented(
    example: Example, stage: Stage, chance: random.Random, soft: dict[str, Tensor] | None
) -> Example:
    # Drawn for a taught example too, so that the others' draws do not hang on who is taught.
    exchanged = chance.random() < stage.augment
    if soft and example.id in soft:
        return example
    if exchanged:
        example = exchange(example, chance)
    elif stage.rename and chance.random() < stage.rename:
        example = rename(example, chance)
    if stage.misspell and chance.random() < stage.misspell:
        example = misspell(example, chance)
    return example


def _by_length(
    units: list[list[Example]], size: int, chance: random.Random, lengths: dict[str, int]
) -> tuple[list[Example], list[Example]]:
    def longest(unit: list[Example]) -> int:
        return max(lengths[x.id] for x in unit)

    batches: list[list[Example]] = []
    for start in range(0, len(units), 80 * size):
        alike = sorted(units[start : start + 80 * size], key=longest)
        stretch = [row for unit in alike for row in unit]
        batches += [stretch[i : i + size] for i in range(0, len(stretch), size)]
    full = [batch for batch in batches if len(batch) == size]
    rest = [row for batch in batches if len(batch) < size for row in batch]
    chance.shuffle(full)
    return [row for batch in full for row in batch], rest


class Collator:
    """Items in, padded tensors out."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, network: Network, kind: str) -> None:
        self.tokenizer = tokenizer
        self.network = network
        self.kind = kind
        self.pad = int(tokenizer.pad_token_id or 0)

    def __call__(self, items: list[Item]) -> dict[str, Tensor]:
        """Return the batch: tokens, targets, labels (UNKNOWN where there is none)."""
        names = sorted({name for item in items for name in item.example.targets})
        width = max(len(item.example.targets) for item in items)
        index = torch.zeros(len(items), width, dtype=torch.long)
        stance = torch.full((len(items), width), UNKNOWN)
        for row, item in enumerate(items):
            for k, name in enumerate(item.example.targets):
                index[row, k] = names.index(name)
                stance[row, k] = item.example.stances[k]
        batch: dict[str, Any] = {
            "target_index": index,
            "stance": stance,
            "sentiment": torch.tensor([item.example.sentiment for item in items]),
        }
        batch["input_ids"], batch["attention_mask"] = self._pad([item.ids for item in items])
        targets = tokenise(self.tokenizer, names, self.network.max_length)
        batch["target_ids"], batch["target_mask"] = self._pad(targets)
        if self.kind == "cross-encoder":
            batch |= self._pairs(items, targets, index)
        if any(item.soft is not None for item in items):
            batch["soft"] = _soft(items, width)
        return batch

    def _pad(self, rows: list[list[int]]) -> tuple[Tensor, Tensor]:
        longest = max(map(len, rows))
        ids = torch.full((len(rows), longest), self.pad)
        mask = torch.zeros(len(rows), longest, dtype=torch.long)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = torch.tensor(row)
            mask[i, : len(row)] = 1
        return ids, mask

    def _pairs(
        self, items: list[Item], targets: list[list[int]], index: Tensor
    ) -> dict[str, Tensor]:
        """Return statement and target as one sequence, for each target of each item."""
        pairs = [
            (item.ids, targets[int(k)][1:])
            for item, row in zip(items, index, strict=True)
            for k in row
        ]
        ids, mask = self._pad([first + second for first, second in pairs])
        types = torch.zeros_like(ids)
        for i, (first, second) in enumerate(pairs):
            types[i, len(first) : len(first) + len(second)] = 1
        return {"pair_ids": ids, "pair_mask": mask, "pair_types": types}


def _soft(items: list[Item], width: int) -> Tensor:
    """Return the teacher's probabilities (items, width + 1, 3); NaN where there is none."""
    soft = torch.full((len(items), width + 1, 3), float("nan"))
    for row, item in enumerate(items):
        if item.soft is not None:
            soft[row, : len(item.soft) - 1] = item.soft[:-1]
            soft[row, -1] = item.soft[-1]
    return soft
