"""Two public benchmarks, trained and scored anew: python -m benchmarks.public newsmtsc|ruw.

NewsMTSC: sentiment toward a person in a news sentence; trained on its train split alone. RUW:
stance of tweets toward Russia and Ukraine; trained on anything but its test split. The recipe is
training/recipes/NAME.toml; the run chooses on a validation part, and the official test splits are
predicted once, at the end. `--seeds N` trains N networks; a seed whose result is there already is
not trained again unless the recipe or its training data changed or `--fresh` is given. Writes
benchmarks/public.json, prints the table, and with `--table docs/EVALUATION.md` puts it between that
file's markers.
"""

import argparse
import datetime
import json
import os
import shlex
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.public_data import TESTS, Parts, read_parts, stage_examples
from benchmarks.public_table import table
from evaluation.intervals import GroupBootstrap, percentile_interval
from evaluation.marked import replace_marked
from evaluation.metrics import confusion, macro_f1
from evaluation.provenance import machine
from quotestance.errors import QuotestanceError
from training import fit
from training.corpus import Example, data_hash
from training.encoder import open_encoder
from training.network import build
from training.recipe import Recipe, RecipeError, filled, read_recipe
from training.save import start_of
from training.score import pairs
from training.train import take_up

Result = dict[str, Any]
ROOT = Path(__file__).parents[1]


def run(recipe: Recipe) -> Result:
    """Train one network by the recipe and score it on the test splits; nothing else is kept."""
    load, began = os.getloadavg()[0], time.perf_counter()
    parts = read_parts(recipe)
    print(f"{recipe.name}, seed {recipe.seed}: {_sizes(parts)}", flush=True)
    torch.manual_seed(recipe.seed)
    encoder, tokenizer = open_encoder(recipe.network)
    network = build(encoder, recipe.network, recipe.kind)
    if recipe.start:
        take_up(network, tokenizer, recipe)
    history: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="quotestance-") as folder:
        for number, stage in enumerate(recipe.stages):
            examples = stage_examples(recipe, stage, parts.train)
            print(f"stage {number}: {len(examples)} texts of {', '.join(stage.sources)}")
            context = (recipe, number, Path(folder))
            history += fit.fit_stage(network, tokenizer, examples, parts.validation, context)
    tests = {
        split: score(examples, fit.predict(network, tokenizer, examples, recipe.network))
        for split, examples in parts.tests.items()
    }
    return {
        "seed": recipe.seed,
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - began, 1),
        "machine": {
            **machine(),
            "threads": torch.get_num_threads(),
            "accelerator": torch.cuda.get_device_name() if torch.cuda.is_available() else "",
            "load_at_start": round(load, 2),
        },
        "texts": _sizes(parts),
        "validation": [round(entry["value"], 4) for entry in history],
        "tests": tests,
    }


def _sizes(parts: Parts) -> dict[str, int]:
    tests = {split: len(examples) for split, examples in parts.tests.items()}
    return {
        "train": len(parts.train), "labels_dropped": parts.dropped,
        "validation": len(parts.validation), **tests,
    }  # fmt: skip


def score(examples: list[Example], predicted: "np.ndarray[Any, np.dtype[np.int64]]") -> Result:
    """Return macro-F1 over the three classes, all targets pooled, with its interval by groups."""
    gold, answers, rows = pairs(examples, predicted)
    groups = np.unique([examples[i].group for i in rows], return_inverse=True)[1]
    every = np.ones(3, bool)
    drawn = macro_f1(GroupBootstrap(groups).confusions(gold, answers), every)
    interval = percentile_interval(drawn) or []
    return {
        "macro_f1": round(float(macro_f1(confusion(gold, answers), every)), 4),
        "interval": [round(bound, 4) for bound in interval],
        "labels": len(gold),
        "groups": int(groups.max()) + 1,
    }


def training_data(recipe: Recipe) -> str:
    """Return a hash of all that the stages train on: seeds of one entry have the same."""
    train = read_parts(recipe).train
    examples = [x for stage in recipe.stages for x in stage_examples(recipe, stage, train)]
    return data_hash(examples)


def measure(options: argparse.Namespace, command: str) -> dict[str, Any]:
    """Train the seeds that have no result yet; return all results, which the output file holds."""
    path: Path = options.output
    results: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    recipe = read_recipe(ROOT / "training" / "recipes" / f"{options.name}.toml", (*options.set,))
    resolved = json.loads(json.dumps({**recipe.as_dict(), "seed": None}))
    key = " ".join([options.name, *options.set])
    entry = results.get(key)
    recipe = replace(recipe, data=replace(recipe.data, corpora=options.corpora))
    made_of = {"recipe": resolved, "data_sha256": training_data(recipe), **start_of(recipe)}
    if options.fresh or entry is None or not _same(entry, made_of):
        about = {"benchmark": options.name, "changes": options.set}
        entry = {**about, "command": command, **made_of, "runs": []}
    for seed in range(recipe.seed, recipe.seed + options.seeds):
        if seed in {done["seed"] for done in entry["runs"]}:
            continue
        entry["runs"].append(run(replace(recipe, seed=seed)))
        results[key] = {**entry, "command": command}
        path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return results


def _same(entry: dict[str, Any], made_of: dict[str, Any]) -> bool:
    """Return whether a recorded entry was made of the same.

    A field that recipes did not have when it was recorded counts as its default.
    """
    try:
        recorded = {**entry, "recipe": filled(entry["recipe"])}
    except RecipeError:
        return False
    return all(recorded.get(name) == value for name, value in made_of.items())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table; exit status 2 for a bad recipe, 3 for missing or bad data."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.public",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=TESTS)
    parser.add_argument("--seeds", type=int, default=1, metavar="N")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "benchmarks" / "public.json")
    parser.add_argument("--table", type=Path, help="Markdown file with `public` markers")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
    parser.add_argument("--corpora", default="", help="folder of the public corpora")
    parser.add_argument("--fresh", action="store_true", help="train finished seeds again")
    given = sys.argv[1:] if arguments is None else arguments
    options = parser.parse_args(given)
    try:
        results = measure(options, shlex.join(["python", "-m", "benchmarks.public", *given]))
        print(table(results))
        if options.table:
            replace_marked(options.table, "public", table(results))
    except RecipeError as error:
        print(f"public: {error}", file=sys.stderr)
        return 2
    except (QuotestanceError, OSError) as error:
        print(f"public: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
