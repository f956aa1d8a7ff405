"""How long the default recipe takes here: python -m benchmarks.training.

Times 60 real steps of each stage (forward, backward, clip, optimiser, moving average) and one
validation pass, and multiplies by the recipe's numbers of them. Writes benchmarks/training.json.
"""

import json
import os
import platform
import time
from pathlib import Path

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training import corpus, fit, losses
from training.batches import Collator, Item, schedule, tokenise
from training.encoder import open_encoder
from training.network import build
from training.recipe import Recipe, Stage, read_recipe

ROOT = Path(__file__).parents[1]
STEPS = 60


def stage_seconds(recipe: Recipe, stage: Stage, network: fit.Model, tokenizer: object) -> dict:
    """Return seconds per step over 60 steps spread over the stage, and its number of steps."""
    examples = corpus.stage_examples(recipe.data, stage)
    length = recipe.network.max_length
    plain = tokenise(tokenizer, [x.text for x in examples], length)
    lengths = {x.id: len(ids) for x, ids in zip(examples, plain, strict=True)}
    order = schedule(examples, stage, recipe.seed, lengths)
    steps = len(order) // stage.batch_size
    collate = Collator(tokenizer, recipe.network, recipe.kind)
    model = fit.LossModel(network, stage, losses.class_weights(examples, stage.class_balance))
    optimiser = torch.optim.AdamW(fit.parameter_groups(network, stage), fused=True)
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(0.99))
    model.train()
    elapsed = 0.0
    for number, step in enumerate(range(0, steps, max(1, steps // (STEPS + 3)))):
        rows = order[step * stage.batch_size : (step + 1) * stage.batch_size]
        ids = tokenise(tokenizer, [x.text for x in rows], length)
        batch = collate([Item(x, i) for x, i in zip(rows, ids, strict=True)])
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=fit.fast_bf16()):
            loss = model(**batch)["loss"]
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        if stage.average:
            average.update_parameters(network)
        if number >= 3:  # the first steps allocate
            elapsed += time.perf_counter() - start
    return {"steps": steps, "seconds_per_step": elapsed / max(1, number - 2)}


def main() -> None:
    """Time the stages and a validation pass, and write the estimate."""
    recipe = read_recipe(ROOT / "training" / "recipes" / "default.toml")
    encoder, tokenizer = open_encoder(recipe.network)
    network = build(encoder, recipe.network, recipe.kind)
    stages = [stage_seconds(recipe, stage, network, tokenizer) for stage in recipe.stages]
    validation = corpus.statements(recipe.data, "validation")
    start = time.perf_counter()
    fit.predict(network, tokenizer, validation, recipe.network, half=fit.fast_bf16())
    passes = int(recipe.stages[-1].epochs)
    checks = (time.perf_counter() - start) * passes
    total = sum(s["steps"] * s["seconds_per_step"] for s in stages) + checks
    result = {
        "command": "python -m benchmarks.training",
        "processor": platform.processor() or platform.machine(),
        "threads": torch.get_num_threads(),
        "load_at_start": os.getloadavg()[0],
        "stages": stages,
        "validation_seconds": checks,
        "estimated_minutes": total / 60,
    }
    (ROOT / "benchmarks" / "training.json").write_text(json.dumps(result, indent=1))
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
