"""A run of two processes is the run of one: same batches, same gradients, same scores.

Run by pytest, this file starts `accelerate launch`; run by accelerate, it trains (see `help_out`).
"""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("accelerate", reason="training needs accelerate: pip install -e '.[train]'")

import tiny_encoder
import torch

import quotestance
from training import fit, processes, train
from training.recipe import Network, Recipe, RecipeError, Stage, read_recipe
from training.score import COLUMNS

# Under a minute for all where nothing else runs; six processes start, and each imports torch.
pytestmark = pytest.mark.timeout(900)

ROOT = Path(__file__).parents[1]
# What is said, and its stance toward NATO/Ukraine, NATO and Ukraine, and its sentiment.
SAYINGS = [
    ("we stand with ukraine", "supportive", "neutral", "supportive", "positive"),
    ("thank nato for help", "supportive", "supportive", "neutral", "positive"),
    ("the alliance is a threat", "adversarial", "adversarial", "neutral", "negative"),
    ("the bloc provoked this", "adversarial", "adversarial", "neutral", "negative"),
    ("kiev regime is criminal", "adversarial", "neutral", "adversarial", "negative"),
    ("prices rose", "neutral", "neutral", "neutral", "neutral"),
    ("meeting in brussels", "neutral", "neutral", "neutral", "neutral"),
]
FILLERS = "at nine in for this one a is and the . , / 4 7".split()
RECIPE = """
name = "tiny"
kind = "late-attention"
[data]
statements = "{folder}"
annotated = false
[network]
encoder = "{folder}/encoder"
head_layers = 1
head_width = 32
head_count = 4
max_length = 32
prune_vocabulary = false
[[stages]]
epochs = 2
batch_size = 8
learning_rate = 2e-3
average = 0.9
save_every = 10
[[stages]]
epochs = 2.2
batch_size = 8
learning_rate = 2e-3
save_every = 10
"""


def write_statements(path: Path, count: int, seed: int) -> None:
    """Write `count` sayings among filler words; every third is for calibration."""
    chance = random.Random(seed)
    with path.open("w") as file:
        for i in range(count):
            text, *labels = SAYINGS[i % len(SAYINGS)]
            before, after = (chance.choices(FILLERS, k=chance.randint(0, 4)) for _ in range(2))
            row = dict(zip(COLUMNS, labels, strict=True))
            row |= {"id": f"{path.stem}-{i}", "text": " ".join([*before, text, *after])}
            row |= {"origin": "authored", "source": "authored", "group": f"{path.stem}-{i}"}
            file.write(json.dumps({**row, "calibration": i % 3 == 0}) + "\n")


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """The launcher gives each process one thread; more would not help so small a network."""
    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(usual)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with statements, a random encoder and the recipe for them."""
    path = tmp_path_factory.mktemp("processes")
    tiny_encoder.bert(path / "encoder")
    config = path / "encoder" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"hidden_dropout_prob": 0.0}))
    # 229 statements: the last batch of the second stage has 7 of 8 rows, which two cannot share.
    write_statements(path / "train.jsonl", 229, seed=1)
    write_statements(path / "validation.jsonl", 126, seed=2)
    (path / "recipe.toml").write_text(RECIPE.format(folder=path))
    return path


def launch(*command) -> "subprocess.CompletedProcess[str]":
    """Run by two processes on the CPU, by the command that training/README.md names."""
    options = "--multi_gpu --num_processes 2 --num_machines 1 --mixed_precision no".split()
    accelerate = ["-m", "accelerate.commands.launch", *options, "--dynamo_backend", "no"]
    done = subprocess.run(
        [sys.executable, *accelerate, "--main_process_port", "0", *map(str, command)],
        cwd=ROOT, capture_output=True, text=True, timeout=850,
        env={**os.environ, "PYTHONPATH": str(ROOT), "ACCELERATE_USE_CPU": "true"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done


@pytest.fixture(scope="module")
def two(folder):
    """What the command line printed; its run is in `folder / "two"`."""
    return launch("-m", "training.train", folder / "recipe.toml", "-o", folder / "two").stdout


@pytest.fixture(scope="module")
def helped(folder, two):
    """The folder with the runs of `help_out`."""
    launch(Path(__file__), folder)
    return folder


def even(recipe: Recipe) -> Recipe:
    """Without dropout; every example with the same labels, of the same weight; no odd batch."""
    stages = (replace(x, epochs=2.0, augment=0.0, class_balance=0.0) for x in recipe.stages)
    network = replace(recipe.network, dropout=0.0, attention_dropout=0.0)
    return replace(recipe, stages=tuple(stages), network=network)


def fit_evenly(folder: Path, name: str) -> torch.Tensor:
    """Train in float32 on the recipe made even; return stance logits of the validation split."""
    recipe = even(read_recipe(folder / "recipe.toml"))
    splits = train.read_splits(recipe)
    (folder / name / "run").mkdir(parents=True, exist_ok=True)
    unjudged = replace(splits, validation=[])
    network, tokenizer = train.fit_network(recipe, unjudged, folder / name / "run")
    return fit.logits(network, tokenizer, splits.validation, recipe.network)[0]


def help_out(folder: Path) -> None:
    """In each of two processes: train evenly; train as the recipe says, be killed, go on."""
    recipe = read_recipe(folder / "recipe.toml")
    splits = train.read_splits(recipe)
    run = folder / "killed" / "run"
    run.mkdir(parents=True, exist_ok=True)
    step, taken = fit.StageTrainer.training_step, []

    def die(self, *inputs):
        taken.append(1)
        if len(taken) == 80:  # in the second stage, after its first checkpoint
            raise KeyboardInterrupt
        return step(self, *inputs)

    fit.StageTrainer.training_step = die
    with pytest.raises(KeyboardInterrupt):
        train.fit_network(recipe, splits, run)
    taken.append(1)
    train.fit_network(recipe, splits, run)
    fit.fast_bf16 = lambda: False
    found = fit_evenly(folder, "even")
    if processes.is_main():
        torch.save((found, len(taken)), folder / "even.pt")


def record(directory: Path, name: str) -> Any:
    return json.loads((directory / "run" / name).read_text())


def test_two_processes_give_the_metrics_of_one(folder, two):
    train.train(read_recipe(folder / "recipe.toml"), folder / "one")
    runs = folder / "one", folder / "two"
    for run in runs:
        prediction = quotestance.load(run).predict_one("kiev regime is criminal")
        assert prediction.stance["Ukraine"].label == "adversarial"
        # One class for all would have 0.25 or less.
        assert min(record(run, "metrics.json")["validation"]["mean"].values()) > 0.9
    # Eight seeds of one process lie up to 0.10 apart after an epoch (0.70 to 0.80 after the first).
    one, other = ([x for stage in record(run, "history.json") for x in stage] for run in runs)
    assert [x["step"] for x in one] == [x["step"] for x in other]
    assert [x["value"] for x in one] == pytest.approx([x["value"] for x in other], abs=0.1)


def test_only_the_main_process_prints_and_writes(folder, two):
    lines = two.splitlines()
    judged = [x["step"] for stage in record(folder / "two", "history.json") for x in stage]
    assert [int(x.split(":")[0][5:]) for x in lines if x.startswith("step ")] == judged
    assert len([x for x in lines if x.startswith("saved")]) == 1
    assert len([x for x in lines if x.startswith("stage ")]) == 2


def test_a_step_of_two_processes_is_the_step_of_one(helped, monkeypatch):
    """Without dropout only rounding may differ; unshared gradients would make it more than 1."""
    monkeypatch.setattr(fit, "fast_bf16", lambda: False)
    alone = fit_evenly(helped, "alone")
    together, _ = torch.load(helped / "even.pt")
    assert alone.std() > 1
    assert (alone - together).abs().max() < 0.01


def test_a_killed_run_of_two_processes_resumes_to_the_same_weights(helped):
    whole, killed = (
        torch.load(helped / name / "run" / "weights.pt", weights_only=True)
        for name in ("two", "killed")
    )
    assert all(torch.equal(whole[name], killed[name]) for name in whole)


@pytest.mark.parametrize(("length", "size", "count"), [(40, 8, 1), (43, 8, 2), (97, 12, 4)])
def test_the_pieces_of_all_processes_are_the_schedule(length, size, count):
    steps = list(
        zip(*(processes.pieces(length, size, k, count) for k in range(count)), strict=True)
    )
    for number, step in enumerate(steps):
        positions = [position for piece in step for position in piece]
        whole = range(number * size, min(length, (number + 1) * size))
        assert positions == list(whole)[: len(whole) - len(whole) % count]
        assert len({len(piece) for piece in step}) == 1
    assert len(steps) * size >= length - count + 1


def test_a_batch_that_cannot_be_shared_is_refused(monkeypatch):
    recipe = Recipe("x", "late-attention", network=Network(), stages=(Stage(batch_size=30),))
    processes.check(recipe)
    monkeypatch.setenv("WORLD_SIZE", "4")
    with pytest.raises(RecipeError, match=r"stages\.0\.batch_size is 30, wanted a multiple of the"):
        processes.check(recipe)


def test_a_checkpoint_that_is_not_whole_is_not_taken_up(tmp_path):
    assert fit.last_checkpoint(tmp_path) is None
    for name in ("checkpoint-9/choice.pt", "checkpoint-10/choice.pt", "checkpoint-20/rng.pth"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    assert fit.last_checkpoint(tmp_path) == str(tmp_path / "checkpoint-10")


def test_a_launcher_that_started_one_process_only_is_pointed_out(monkeypatch):
    assert processes.missing() == ""
    monkeypatch.setenv("ACCELERATE_USE_CPU", "True")
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    assert "--multi_gpu --num_processes N" in processes.missing()
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert processes.missing() == ""


if __name__ == "__main__":
    help_out(Path(sys.argv[1]))
