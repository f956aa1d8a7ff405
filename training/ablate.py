"""Ablations: python -m training.ablate training/recipes/ablations.toml -o models/ablations.

The file names a recipe, changes that hold for every run (`set`), and `runs`: each with a `name`,
its own changes, the recipe's `stages` it goes through, the number of `seeds`, and, in `start`, the
run whose weights it takes up. Every run is scored on validation, never on test; nothing is
exported. A run whose result is there already is not done again; where the recipe or the statements
have changed since, `--results` must name another file. A run that was interrupted goes on from its
checkpoint, and its seconds are those since then. Results go to `ablations.json` beside the record
of the run that ships; `--table training/README.md` writes them between its ablation markers.
"""

import argparse
import hashlib
import json
import shutil
import sys
import time
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.card import row
from evaluation.intervals import GroupBootstrap, percentile_interval
from evaluation.marked import replace_marked
from evaluation.metrics import macro_f1
from quotestance.errors import QuotestanceError
from training import fit, train
from training.corpus import Example, is_authored
from training.plan import read_plan, runs
from training.recipe import Recipe, RecipeError
from training.score import by_origin, truth
from training.standoff import file_sha256

Result = dict[str, Any]


def run(recipe: Recipe, directory: Path) -> Result:
    """Train a recipe's network without exporting it; return its validation scores and seconds."""
    began = time.perf_counter()
    (directory / "run").mkdir(parents=True, exist_ok=True)
    splits = train.read_splits(recipe)
    network, tokenizer = train.fit_network(recipe, splits, directory / "run")
    seconds = time.perf_counter() - began
    predicted = fit.predict(network, tokenizer, splits.validation, recipe.network)
    scores = by_origin(splits.validation, predicted)
    return {
        "seed": recipe.seed, "seconds": round(seconds, 1),
        **{origin: round(fmean(columns.values()), 4) for origin, columns in scores.items()},
        "interval": _interval(splits.validation, predicted),
    }  # fmt: skip


def made_of(recipe: Recipe) -> str:
    """Return a short hash of a recipe, whatever its seed, and of the files of its statements."""
    whole = {**recipe.as_dict(), "seed": None, "start": Path(recipe.start).name}
    files = sorted(
        path
        for folder in (recipe.data.statements, recipe.data.annotations)
        for path in Path(folder).glob("*.jsonl")
    )
    parts = [json.dumps(whole, sort_keys=True), *(file_sha256(path) for path in files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _interval(examples: list[Example], predicted: npt.NDArray[np.int64]) -> list[float]:
    """Return the 95 % interval of the mean macro-F1 over resampled groups."""
    gold, every = truth(examples), np.ones(3, bool)
    groups = np.unique([x.group for x in examples], return_inverse=True)[1]
    bootstrap = GroupBootstrap(groups)
    authored = np.array([is_authored(x) for x in examples])
    drawn = [
        macro_f1(bootstrap.confusions(np.where(part, gold[:, k], -1), predicted[:, k]), every)
        for part in (authored, ~authored)
        if part.any()
        for k in range(gold.shape[1])
    ]
    return [round(bound, 4) for bound in percentile_interval(np.mean(drawn, axis=0)) or []]


def read_results(path: Path) -> dict[str, list[Result]]:
    """Return the results so far by name; raise RecipeError for a file that holds none."""
    if not path.is_file():
        return {}
    try:
        results: dict[str, list[Result]] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RecipeError(f"{path} does not hold results: {error}") from error
    return results


def _record(path: Path, name: str, result: Result) -> None:
    """Add a result to what the file now holds, so that two commands can share it."""
    results = read_results(path)
    results.setdefault(name, []).append(result)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def table(results: dict[str, list[Result]], command: str) -> str:
    """Return the Markdown table: one row for each name, seeds pooled."""
    head = ["run", "seeds", "mean macro-F1", "95 % interval", "authored", "annotated", "seconds"]
    lines = [row(head), "|---|" + "---:|" * (len(head) - 1)]
    for name, found in results.items():
        means = [100 * r["mean"] for r in found]
        spread = f" ± {stdev(means):.1f}" if len(means) > 1 else ""
        low, high = (100 * fmean(r["interval"][k] for r in found) for k in (0, 1))
        parts = [_mean(found, origin) for origin in ("authored", "annotated")]
        seconds = f"{fmean(r['seconds'] for r in found):.0f}"
        scores = [f"{fmean(means):.1f}{spread}", f"{low:.1f}–{high:.1f}", *parts]
        lines.append(row([name, str(len(found)), *scores, seconds]))
    return "\n".join([*lines, "", f"Written by `{command}`."])


def _mean(found: list[Result], origin: str) -> str:
    values = [100 * r[origin] for r in found if origin in r]
    return f"{fmean(values):.1f}" if values else "–"


def _carry_out(options: argparse.Namespace) -> None:
    """Do the runs that have no result yet, and keep the table up to date.

    All is checked before the first run: the plan, the names and the document of the table.
    """
    planned = list(runs(read_plan(options.plan), options.output))
    names = {name for name, _, _ in planned}
    # A name may hold a comma itself.
    only = names & {options.only} or set(filter(None, options.only.split(",")))
    if unknown := only - names:
        raise RecipeError(f"--only: the plan has no run {', '.join(sorted(unknown))}")
    _write_table(options)
    for name, recipe, directory in planned:
        if only and name not in only:
            continue
        there, mine = read_results(options.results).get(name, ()), made_of(recipe)
        if any(r.get("made_of") != mine for r in there):
            raise RecipeError(
                f"{options.results} has {name!r} of another recipe or other statements, which "
                "do not compare: give another file with --results"
            )
        if recipe.seed in {r["seed"] for r in there}:
            continue
        print(f"== {name}, seed {recipe.seed}", flush=True)
        result = run(recipe, directory)
        print(f"== {name}: {result}", flush=True)
        _record(options.results, name, {"made_of": mine, **result})
        for checkpoints in (directory / "run").glob("stage-*"):
            shutil.rmtree(checkpoints)  # several times the size of the weights, which stay
        _write_table(options)


def _write_table(options: argparse.Namespace) -> None:
    if options.table:
        command = f"python -m training.ablate {options.plan} -o {options.output}"
        replace_marked(options.table, "ablations", table(read_results(options.results), command))


def main() -> int:
    """Parse the command line and run; exit status 2 for a bad plan, 3 for bad data."""
    parser = argparse.ArgumentParser(prog="python -m training.ablate", description=__doc__)
    parser.add_argument("plan", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder of the runs")
    parser.add_argument("--only", default="", help="comma-separated names; the others wait")
    parser.add_argument("--results", type=Path, default=Path("training/runs/ablations.json"))
    parser.add_argument("--table", type=Path, help="Markdown file with ablation markers")
    options = parser.parse_args()
    try:
        _carry_out(options)
    except RecipeError as error:
        print(f"ablate: {error}", file=sys.stderr)
        return 2
    except (QuotestanceError, OSError) as error:
        print(f"ablate: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
