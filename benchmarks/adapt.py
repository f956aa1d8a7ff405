"""What a labelled table of one's own brings: python -m benchmarks.adapt --table training/README.md.

Tweets stand for text unlike the dataset's: of RUW's training tweets, as many as each size says are
given to training/recipes/adapt.toml with their stance toward Ukraine alone, and the model that
comes out, like the one that it starts from, answers RUW's test tweets. RUW states no licence, so
nothing trained here is kept. Writes benchmarks/adapt.json.
"""

import argparse
import csv
import datetime
import json
import random
import shlex
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.public_data import apart, clean_tweet
from evaluation.card import row, share
from evaluation.columns import Floats, Ints
from evaluation.intervals import GroupBootstrap, percentile_interval
from evaluation.marked import replace_marked
from evaluation.metrics import confusion, macro_f1
from evaluation.provenance import machine
from quotestance import load
from quotestance.errors import QuotestanceError
from quotestance.labels import STANCES
from training.corpus import auxiliary_rows
from training.recipe import Recipe, RecipeError, read_recipe
from training.save import start_of
from training.train import train

ROOT = Path(__file__).parents[1]
TARGET = "Ukraine"
EVERY = np.ones(3, bool)


def tweets(recipe: Recipe, split: str) -> tuple[list[str], list[str]]:
    """Return texts and labels toward Ukraine of a split of RUW."""
    rows = auxiliary_rows("ruw", recipe.data, split)
    if split == "train":
        rows = apart(rows, auxiliary_rows("ruw", recipe.data, "test"))
    rows = [r for r in rows if r.target == TARGET]
    return [clean_tweet(r.text) for r in rows], [r.label for r in rows]


def write_table(path: Path, texts: Sequence[str], labels: Sequence[str]) -> None:
    """Write the table as a user would have it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("text", "stance_ukraine"), *zip(texts, labels, strict=True)])


def answers(model: str | Path, texts: list[str]) -> Ints:
    """Return the label indices that a saved pipeline gives toward Ukraine."""
    found: Ints = load(model).probabilities(texts, [TARGET]).stance[:, 0].argmax(-1)
    return found


def measure(recipe: Recipe, sizes: Sequence[int]) -> dict[str, Any]:
    """Train once for each size; return scores on RUW's test split and on validation."""
    texts, labels = tweets(recipe, "train")
    order = random.Random(recipe.seed).sample(range(len(texts)), len(texts))
    test, told = tweets(recipe, "test")
    gold = np.array([STANCES.index(label) for label in told])
    bootstrap = GroupBootstrap(np.arange(len(gold)))

    def drawn(predicted: Ints) -> Floats:
        return macro_f1(bootstrap.confusions(gold, predicted), EVERY)

    def scores(predicted: Ints) -> dict[str, Any]:
        value = float(macro_f1(confusion(gold, predicted), EVERY))
        return {"macro_f1": value, "interval": percentile_interval(drawn(predicted))}

    before = answers(recipe.start, test)
    config = load(recipe.start).pipeline.config
    first = {"rows": 0, **scores(before), "validation": _by_origin(config.scores)}
    entries = [first]
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="quotestance-") as folder:
            own, made = Path(folder) / "own.csv", Path(folder) / "model"
            kept = order[:size]
            write_table(own, [texts[i] for i in kept], [labels[i] for i in kept])
            metrics = train(replace(recipe, data=replace(recipe.data, own=str(own))), made)
            after = answers(made, test)
        entries.append(
            {
                "rows": len(kept),
                **scores(after),
                "gain_interval": percentile_interval(drawn(after) - drawn(before)),
                "validation": metrics["validation"],
                "seconds": metrics["seconds"],
            }
        )
    return {
        "machine": machine(), "seed": recipe.seed, "test_tweets": len(test),
        **start_of(recipe), "results": entries,
    }  # fmt: skip


def _by_origin(scores: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {name.removeprefix("validation "): found for name, found in scores.items()}


def table(result: dict[str, Any]) -> str:
    """Return the Markdown table."""
    lines = [
        row(["own tweets", "Ukraine, test tweets", "gain", "authored", "annotated", "seconds"]),
        "|---:|" + "---:|" * 5,
    ]
    for entry in result["results"]:
        gain = entry.get("gain_interval")
        kept = [
            share(float(np.mean(list(entry["validation"][origin].values()))), None)
            if origin in entry["validation"]
            else "–"
            for origin in ("authored", "annotated")
        ]
        lines.append(
            row(
                [
                    f"{entry['rows']:,}" if entry["rows"] else "none",
                    share(entry["macro_f1"], entry["interval"]),
                    " to ".join(f"{100 * bound:+.1f}" for bound in gain) if gain else "",
                    *kept,
                    f"{entry['seconds']:,.0f}" if "seconds" in entry else "",
                ]
            )
        )
    where = result["machine"]["processor"]
    lines += [
        "",
        f"Macro-F1 in % toward Ukraine on RUW's {result['test_tweets']:,} test tweets with 95 % "
        "interval, the interval of the gain, and the mean over the four columns on the project's "
        f"validation statements; seed {result['seed']}, one run each, {where}.",
        "",
        f"Measured on {result['date']} by `{result['command']}`.",
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write; exit status 2 for a bad recipe, 3 for missing or bad data."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.adapt",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[100, 400, 1600], metavar="N")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "benchmarks" / "adapt.json")
    parser.add_argument("--table", type=Path, help="Markdown file with `adapt` markers")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
    given = sys.argv[1:] if arguments is None else arguments
    options = parser.parse_args(given)
    try:
        recipe = read_recipe(ROOT / "training" / "recipes" / "adapt.toml", (*options.set,))
        result = measure(recipe, options.rows)
        result["date"] = datetime.datetime.now(datetime.UTC).date().isoformat()
        result["command"] = shlex.join(["python", "-m", "benchmarks.adapt", *given])
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(table(result))
        if options.table:
            replace_marked(options.table, "adapt", table(result))
    except RecipeError as error:
        print(f"adapt: {error}", file=sys.stderr)
        return 2
    except (QuotestanceError, OSError) as error:
        print(f"adapt: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
