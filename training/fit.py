"""Fitting a network, stage by stage, with transformers' Trainer: resumable, seeded, bf16, DDP."""

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader
from transformers import (
    PreTrainedTokenizerBase,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

from training import losses, processes
from training.batches import Collator, Item, schedule, tokenise
from training.corpus import Example, data_hash, is_auxiliary
from training.network import CrossEncoder, LateAttention
from training.recipe import Network, Recipe, RecipeError, Stage
from training.save import start_of
from training.score import validation_scores

Model = LateAttention | CrossEncoder


class LossModel(nn.Module):
    """Wraps a network so that its forward pass returns the stage's loss, as Trainer wants it."""

    def __init__(self, network: Model, stage: Stage, weights: dict[str, Tensor]) -> None:
        super().__init__()
        self.network = network
        self.stage = stage
        self.weights = weights

    def forward(self, **batch: Tensor) -> dict[str, Tensor]:
        """Return {"loss": ...} for a collated batch."""
        logits = self.network(batch)
        loss = losses.total(logits, batch, self.stage, self.weights)
        if self.stage.r_drop and self.training:
            again = self.network(batch)
            loss = 0.5 * (loss + losses.total(again, batch, self.stage, self.weights))
            loss = loss + self.stage.r_drop * losses.r_drop(logits, again)
        if self.stage.contrast and self.training:
            loss = loss + self.stage.contrast * losses.contrast(logits[0], batch)
        return {"loss": loss}


class StageTrainer(Trainer):
    """Trainer with a fixed order of batches, layer-wise rates and adversarial embeddings."""

    stage: Stage

    def get_train_dataloader(self) -> DataLoader[Any]:
        """Read the schedule in its order, each process its piece of every batch.

        Not prepared by accelerate, which would fill the last batch with examples seen before.
        """
        items: Any = self.train_dataset
        place = (processes.rank(), processes.count())
        return DataLoader(
            items,
            batch_sampler=processes.pieces(len(items), self.stage.batch_size, *place),
            collate_fn=self.data_collator,
            pin_memory=self.args.dataloader_pin_memory,
        )

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        """Give AdamW a learning rate for each layer, falling toward the embeddings."""
        if self.optimizer is None:
            network = (model or self.model).network
            groups = parameter_groups(network, self.stage)
            self.optimizer = torch.optim.AdamW(groups, lr=self.stage.learning_rate, fused=True)
        return self.optimizer

    def training_step(self, model: nn.Module, inputs: dict[str, Any], *more: Any) -> Tensor:  # noqa: ANN401
        """Add a step on embeddings moved along their gradient (FGM, Miyato et al., 2017)."""
        loss = super().training_step(model, inputs, *more)
        if self.stage.adversarial:
            table = self.accelerator.unwrap_model(model).network.encoder.get_input_embeddings()
            gradient = table.weight.grad
            if gradient is not None and (norm := gradient.norm()) > 0:
                move = self.stage.adversarial * gradient / norm
                table.weight.data.add_(move)
                super().training_step(model, inputs, *more)
                table.weight.data.sub_(move)
        return loss


def parameter_groups(network: nn.Module, stage: Stage) -> list[dict[str, Any]]:
    """Return parameter groups: the head at `head_rate` times the rate, layers decaying downward."""
    depth = max((_layer(name) for name, _ in network.named_parameters()), default=0)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if not name.startswith("encoder."):
            rate = stage.learning_rate * stage.head_rate
        else:
            rate = stage.learning_rate * stage.layer_decay ** (depth - _layer(name))
        decay = 0.0 if parameter.ndim < 2 else stage.weight_decay
        groups.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": members, "lr": rate, "weight_decay": decay}
        for (rate, decay), members in sorted(groups.items())
    ]


def _layer(name: str) -> int:
    """Return a parameter's layer in the encoder, 0 for the embeddings."""
    parts = name.split(".")
    numbers = [int(part) for part in parts if part.isdigit()]
    return numbers[0] + 1 if name.startswith("encoder.") and numbers else 0


@dataclass
class Choice(TrainerCallback):
    """Keeps a moving average of the weights, and the best ones by validation, over resumes too."""

    network: Model
    tokenizer: PreTrainedTokenizerBase
    validation: list[Example]
    recipe: Recipe
    stage: Stage
    every: int
    average: AveragedModel | None = None
    best: dict[str, Tensor] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401
        """Update the average; judge on validation every `every` steps and at the end."""
        if self.stage.average:
            if self.average is None:
                self.average = AveragedModel(
                    self.network, multi_avg_fn=get_ema_multi_avg_fn(self.stage.average)
                )
            self.average.update_parameters(self.network)
        if self.validation and (
            state.global_step % self.every == 0
            or control.should_training_stop
            or state.global_step == state.max_steps
        ):
            self._judge(state.global_step)

    def _judge(self, step: int) -> None:
        judged: Any = self.average.module if self.average else self.network
        predicted = predict(
            judged, self.tokenizer, self.validation, self.recipe.network, half=fast_bf16()
        )
        scores = validation_scores(self.validation, predicted)
        value = float(np.mean(list(scores["mean"].values())))
        self.history.append({"step": step, "value": value, **scores})
        print(f"step {step}: validation macro-F1 {value:.4f} {_brief(scores)}", flush=True)
        if value >= max(entry["value"] for entry in self.history):
            self.best = {k: v.detach().clone() for k, v in judged.state_dict().items()}

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401
        """Put the average and the best weights beside Trainer's own checkpoint."""
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        average = self.average.state_dict() if self.average else None
        # Whole or not at all, since `last_checkpoint` takes its presence for the checkpoint's end.
        partial = folder / "choice.pt.partial"
        torch.save((average, self.best, self.history), partial)
        partial.replace(folder / "choice.pt")

    def restore(self, folder: Path) -> None:
        """Take up where `on_save` left off."""
        average, self.best, self.history = torch.load(folder / "choice.pt", weights_only=True)
        if average is not None:
            self.average = AveragedModel(
                self.network, multi_avg_fn=get_ema_multi_avg_fn(self.stage.average)
            )
            self.average.load_state_dict(average)


def _brief(scores: dict[str, dict[str, float]]) -> str:
    return "; ".join(
        f"{name} " + "/".join(f"{value:.3f}" for value in columns.values())
        for name, columns in scores.items()
        if name != "mean"
    )


def fit_stage(
    network: Model,
    tokenizer: PreTrainedTokenizerBase,
    examples: list[Example],
    validation: list[Example],
    context: tuple[Recipe, int, Path],
    soft: dict[str, Tensor] | None = None,
) -> list[dict[str, Any]]:
    """Train `network` in place through stage `context[1]`; return the validation history.

    `context` is the recipe, the stage's number and the run directory. A checkpoint that an
    interrupted run left there is taken up; RecipeError where that run was of another recipe or
    other examples. The best weights by validation are kept at the end.
    Of several processes only the main one judges; the others return no history, and get its
    weights when the next stage begins.
    """
    recipe, number, directory = context
    stage = recipe.stages[number]
    set_seed(recipe.seed + number)
    longest = recipe.network.max_length
    plain = tokenise(tokenizer, [x.text for x in examples], longest)
    lengths = {x.id: len(ids) for x, ids in zip(examples, plain, strict=True)}
    order = schedule(examples, stage, recipe.seed, lengths, soft)
    ids = tokenise(tokenizer, [x.text for x in order], longest)
    items = [Item(x, row, (soft or {}).get(x.id)) for x, row in zip(order, ids, strict=True)]
    folder = directory / f"stage-{number}"
    if processes.is_main():
        _claim(folder, made_of(recipe, number, examples))
    steps = math.ceil(len(items) / stage.batch_size)
    every = max(1, math.ceil(steps / max(1.0, stage.epochs)))
    judged = validation if _judged(stage, validation) else []
    choice = Choice(network, tokenizer, judged, recipe, stage, every)
    trainer = StageTrainer(
        model=LossModel(network, stage, losses.class_weights(examples, stage.class_balance)),
        args=training_arguments(stage, recipe.seed, folder),
        train_dataset=items,  # type: ignore[arg-type]
        data_collator=Collator(tokenizer, recipe.network, recipe.kind),
        callbacks=[choice] if processes.is_main() else [],
    )
    trainer.stage = stage
    last = processes.agreed(last_checkpoint(folder))
    if last and processes.is_main():
        choice.restore(Path(last))
    trainer.train(resume_from_checkpoint=last)
    if choice.best:
        network.load_state_dict(choice.best)
    elif choice.average:
        network.load_state_dict(choice.average.module.state_dict())
    return choice.history


def made_of(recipe: Recipe, number: int, examples: list[Example]) -> dict[str, Any]:
    """Return what a stage's weights follow from: everything before it, its settings and data."""
    whole = recipe.as_dict()
    return {
        **{name: whole[name] for name in ("kind", "seed", "start", "network")},
        **start_of(recipe),
        "stages": [
            {name: value for name, value in stage.items() if name != "save_every"}
            for stage in whole["stages"][: number + 1]
        ],
        "examples_sha256": data_hash(examples),
    }


def _claim(folder: Path, wanted: dict[str, Any]) -> None:
    """Write what the stage is made of, or refuse a folder that was made of something else."""
    path = folder / "made_of.json"
    wanted = json.loads(json.dumps(wanted))
    if path.is_file():
        there = json.loads(path.read_text(encoding="utf-8"))
        if differing := [name for name in wanted if there.get(name) != wanted[name]]:
            raise RecipeError(
                f"{folder} is of a run with other {', '.join(differing)}: "
                "name another directory, or start anew with --fresh"
            )
        return
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")


def last_checkpoint(folder: Path) -> str | None:
    """Return the newest checkpoint that was written to its end, None without one."""
    # `choice.pt` is written last; before it, a helping process may have made the folder already.
    found = [path.parent for path in folder.glob("checkpoint-*/choice.pt")]
    newest = max(found, key=lambda path: int(path.name.rpartition("-")[2]), default=None)
    return str(newest) if newest else None


def _judged(stage: Stage, validation: list[Example]) -> bool:
    """Return whether the stage trains on what the validation examples are of."""
    kinds = {x.source if is_auxiliary(x) else "statements" for x in validation}
    return any(name in kinds for name in stage.sources)


def training_arguments(stage: Stage, seed: int, folder: Path) -> TrainingArguments:
    """Return Trainer's arguments: one epoch over the whole schedule, bf16 where it is fast.

    The recipe's batch is that of all processes together; each has dropout of its own.
    """
    cuda = torch.cuda.is_available() and not processes.wants_cpu()
    return TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=max(1, stage.batch_size // processes.count()),
        num_train_epochs=1,
        lr_scheduler_type="linear",
        warmup_steps=stage.warmup,
        max_grad_norm=1.0,
        bf16=torch.cuda.is_bf16_supported() if cuda else fast_bf16(),
        use_cpu=not cuda,
        save_strategy="steps",
        save_steps=stage.save_every,
        save_total_limit=2,  # the older one goes only when the newer has its `choice.pt`
        logging_steps=50,
        report_to=[],
        seed=seed + 1000 * processes.rank(),
        data_seed=seed,
        remove_unused_columns=False,
        ddp_find_unused_parameters=True,
        dataloader_pin_memory=cuda,
    )


def fast_bf16() -> bool:
    """Return whether this processor multiplies bfloat16 natively."""
    capability = getattr(torch.backends.cpu, "get_cpu_capability", lambda: "")()
    flags = Path("/proc/cpuinfo")
    native = flags.exists() and ("avx512_bf16" in (text := flags.read_text()) or "amx_bf16" in text)
    return "AVX512" in capability and native


@torch.inference_mode()
def logits(
    network: Model,
    tokenizer: PreTrainedTokenizerBase,
    examples: list[Example],
    shape: Network,
    *,
    half: bool = False,
) -> tuple[Tensor, Tensor]:
    """Return stance logits (examples, targets, 3) and sentiment logits (examples, 3) in float32.

    An example with fewer targets than another leaves its last columns without meaning. `half`
    computes in bfloat16: enough to compare epochs, and twice as fast where the processor has it.
    """
    kind = "late-attention" if isinstance(network, LateAttention) else "cross-encoder"
    collate = Collator(tokenizer, shape, kind)
    was_training = network.training
    network.eval()
    device = next(network.parameters()).device
    ids = tokenise(tokenizer, [x.text for x in examples], shape.max_length)
    order = sorted(range(len(examples)), key=lambda i: len(ids[i]))
    stance = torch.zeros(len(examples), max(len(x.targets) for x in examples), 3)
    sentiment = torch.zeros(len(examples), 3)
    for start in range(0, len(order), 64):
        rows = order[start : start + 64]
        batch = collate([Item(examples[i], ids[i]) for i in rows])
        with torch.autocast(device.type, torch.bfloat16, enabled=half):
            first, second = network({k: v.to(device) for k, v in batch.items()})
        stance[rows, : first.shape[1]] = first.float().cpu()
        sentiment[rows] = second.float().cpu()
    network.train(was_training)
    return stance, sentiment


def predict(
    network: Model,
    tokenizer: PreTrainedTokenizerBase,
    examples: list[Example],
    shape: Network,
    *,
    half: bool = False,
) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Return label indices (examples, targets + 1), the sentiment last."""
    stance, sentiment = logits(network, tokenizer, examples, shape, half=half)
    return torch.cat([stance.argmax(-1), sentiment.argmax(-1, keepdim=True)], 1).numpy()
