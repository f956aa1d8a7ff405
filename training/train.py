"""A training run: `python -m training.train RECIPE -o DIRECTORY`.

Reads the recipe, trains, exports, calibrates and scores; DIRECTORY is then a saved pipeline, and
DIRECTORY/run holds the resolved recipe, the metrics and the checkpoints. Run the same command
again after a crash: it goes on from the last checkpoint and ends with the same weights.
Single fields of the recipe can be changed: --set seed=14 --set stages.0.epochs=1.
"""

import argparse
import json
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from quotestance.errors import QuotestanceError
from quotestance.labels import TARGETS
from training import baseline_graph, baselines, corpus, processes, save
from training.easy import without_easy
from training.recipe import Recipe, RecipeError, read_recipe
from training.save import Splits

Vectors = dict[str, list[float]]
INDICATORS: Vectors = {
    target: [float(k == other) for other in range(len(TARGETS))] for k, target in enumerate(TARGETS)
}


def read_splits(recipe: Recipe) -> Splits:
    """Return the run's statements: train, validation, calibration.

    Raises RecipeError where there are none to train on, or the recipe is a benchmark's.
    """
    if recipe.benchmark:
        command = f"python -m benchmarks.public {recipe.benchmark.corpus}"
        raise RecipeError(f"{recipe.name} is a benchmark's recipe and makes no pipeline: {command}")
    train, validation, calibration = (
        corpus.statements(recipe.data, split) for split in ("train", "validation", "calibration")
    )
    if not train:
        raise RecipeError("no training statements: data.authored and data.annotated found none")
    return Splits(train=train, validation=validation, calibration=calibration)


def train_majority(recipe: Recipe, splits: Splits, directory: Path) -> tuple[Vectors, str]:
    """Write the graph and tokenizer of the majority baseline."""
    parts = [
        baseline_graph.constant_features(),
        baseline_graph.linear_head(baselines.majority(splits.train)),
    ]
    _write_graph(directory, baseline_graph.assemble(parts, len(TARGETS)))
    baseline_graph.character_tokenizer().save(str(directory / "tokenizer.json"))
    return INDICATORS, "none"


def train_linear(recipe: Recipe, splits: Splits, directory: Path) -> tuple[Vectors, str]:
    """Write the graph and tokenizer of the bag of words; the strength is chosen on validation."""
    vectoriser = baselines.vectoriser()
    features = vectoriser.fit_transform([x.text for x in splits.train])
    checked = vectoriser.transform([x.text for x in splits.validation])
    weights = _choose(features, checked, splits, recipe.seed)
    tokenizer = baseline_graph.word_tokenizer(vectoriser)
    parts = [
        baseline_graph.bag_of_words(vectoriser, tokenizer.get_vocab()),
        baseline_graph.linear_head(weights),
    ]
    _write_graph(directory, baseline_graph.assemble(parts, len(TARGETS)))
    tokenizer.save(str(directory / "tokenizer.json"))
    return INDICATORS, "none"


def train_frozen(recipe: Recipe, splits: Splits, directory: Path) -> tuple[Vectors, str]:
    """Write the graph of MiniLM with a linear head on its embeddings."""
    from training import export
    from training.encoder import open_encoder
    from training.frozen import FrozenNetwork, embed

    encoder, tokenizer = open_encoder(recipe.network)
    length = recipe.network.max_length
    features = embed(encoder, tokenizer, splits.train, length)
    checked = embed(encoder, tokenizer, splits.validation, length)
    weights = _choose(features, checked, splits, recipe.seed)
    network = FrozenNetwork(encoder, weights)
    feeds = export.calibration_feeds(tokenizer, splits.train, INDICATORS, length)
    export.save_graph(network, tokenizer, directory, feeds if recipe.quantise else None)
    return INDICATORS, "none"


def _choose(features: Any, checked: Any, splits: Splits, seed: int) -> baselines.LinearWeights:  # noqa: ANN401
    """Return the weights whose mean validation macro-F1 over the four columns is best."""
    best: tuple[float, baselines.LinearWeights] | None = None
    for strength in (1.0, 3.0, 10.0):
        weights = baselines.fit_linear(features, splits.train, strength=strength, seed=seed)
        value = baselines.mean_macro_f1(weights, checked, splits.validation)
        print(f"C={strength}: validation macro-F1 {value:.4f}", flush=True)
        if best is None or value > best[0]:
            best = (value, weights)
    if best is None:
        raise RuntimeError("no strength was tried")
    return best[1]


def train_network(recipe: Recipe, splits: Splits, directory: Path) -> tuple[Vectors, str]:
    """Fit the network through the recipe's stages and write its graph."""
    from training import export
    from training.network import LateAttention

    run = directory / "run"
    network, tokenizer = fit_network(recipe, splits, run)
    if not processes.is_main():
        return {}, ""
    if not isinstance(network, LateAttention):
        scores = export.score_reference(network, tokenizer, splits.validation, recipe)
        (run / "metrics.json").write_text(json.dumps(scores, indent=1), encoding="utf-8")
        print("a cross-encoder is a reference: its scores are saved, no pipeline")
        return {}, ""
    vectors = export.target_vectors(network, tokenizer)
    length = recipe.network.max_length
    feeds = export.calibration_feeds(tokenizer, splits.train, vectors, length)
    export.save_graph(network, tokenizer, directory, feeds if recipe.quantise else None)
    return vectors, "encoder"


def fit_network(recipe: Recipe, splits: Splits, run: Path) -> tuple[Any, Any]:
    """Build the recipe's network, train it in `run`, and return it with its tokenizer.

    It takes up the weights of `start`; with `export_only`, those of the finished run, untrained.
    Raises RecipeError where weights are missing or of another network.
    """
    from training.encoder import open_encoder
    from training.network import build

    torch.manual_seed(recipe.seed)
    encoder, tokenizer = open_encoder(recipe.network)
    network = build(encoder, recipe.network, recipe.kind)
    if recipe.export_only:
        network.load_state_dict(_weights(run.parent))
    else:
        if recipe.start:
            take_up(network, tokenizer, recipe)
        fit_stages(network, tokenizer, recipe, splits, run)
    return network, tokenizer


def take_up(network: Any, tokenizer: Any, recipe: Recipe) -> None:  # noqa: ANN401
    """Give the network the weights of `start`: a finished run, or a saved pipeline without its run.

    Raises RecipeError where there are none, or they are of another network.
    """
    from training.restore import restore

    path = save.start_weights(recipe)
    if path.name == "model.onnx":
        restore(network, tokenizer.get_vocab(), path.parent)
        return
    try:
        network.load_state_dict(torch.load(path, weights_only=True))
    except RuntimeError as error:
        raise RecipeError(f"[network] of the recipe is not that of {path}: {error}") from error


def _weights(directory: Path) -> dict[str, torch.Tensor]:
    path = directory / "run" / "weights.pt"
    if not path.is_file():
        raise RecipeError(f"no weights at {path}; train that run first")
    weights: dict[str, torch.Tensor] = torch.load(path, weights_only=True)
    return weights


def fit_stages(network: Any, tokenizer: Any, recipe: Recipe, splits: Splits, run: Path) -> None:  # noqa: ANN401
    """Train through the recipe's stages; leave weights and validation history in `run`."""
    from training import fit
    from training.teacher import soft_labels

    processes.check(recipe)
    history: list[list[dict[str, Any]]] = []
    for number, stage in enumerate(recipe.stages):
        examples = corpus.stage_examples(recipe.data, stage)
        print(f"stage {number}: {len(examples)} examples from {', '.join(stage.sources)}")
        if recipe.data.easy < 1:
            examples = without_easy(examples, Path(recipe.start), recipe.data.easy)
        soft = soft_labels(stage, recipe, tokenizer, examples)
        context = (recipe, number, run)
        history.append(
            fit.fit_stage(network, tokenizer, examples, splits.validation, context, soft)
        )
    if processes.is_main():
        torch.save(network.state_dict(), run / "weights.pt")
        (run / "history.json").write_text(json.dumps(history, indent=1), encoding="utf-8")


def _write_graph(directory: Path, model: Any) -> None:  # noqa: ANN401
    (directory / "model.onnx").write_bytes(model.SerializeToString())


TRAINERS = {
    "majority": train_majority,
    "linear": train_linear,
    "frozen": train_frozen,
    "late-attention": train_network,
    "cross-encoder": train_network,
}


def train(recipe: Recipe, directory: Path) -> dict[str, Any]:
    """Run a recipe into a directory; return the metrics that `run/metrics.json` holds.

    Of several processes only the main one writes and returns any; the others help to fit.
    """
    from training import quantisation
    from training.card import write_card

    started = time.perf_counter()
    run = directory / "run"
    start = {} if recipe.export_only else save.start_of(recipe)
    if start and Path(recipe.start).resolve() == directory.resolve():
        raise RecipeError(f"start and output are both {directory}: name another output")
    if processes.is_main():
        run.mkdir(parents=True, exist_ok=True)
    elif TRAINERS[recipe.kind] is not train_network or recipe.export_only:
        return {}
    splits = read_splits(recipe)
    print(
        f"{recipe.name}: {len(splits.train)} training, {len(splits.validation)} validation, "
        f"{len(splits.calibration)} calibration statements"
    )
    vectors, zero_shot = TRAINERS[recipe.kind](recipe, splits, directory)
    if processes.is_main():
        # Only now: a run that is refused leaves the record of the finished one that is there.
        (run / "recipe.json").write_text(json.dumps(recipe.as_dict(), indent=1), encoding="utf-8")
    if not vectors:
        return {}
    origin = _origin(recipe, splits, run, start)
    save.write_config(directory, save.draft_config(recipe, vectors, zero_shot, origin))
    scores = save.calibrate_and_score(directory, splits)
    seconds = time.perf_counter() - started
    if recipe.export_only and (run / "metrics.json").is_file():
        seconds = json.loads((run / "metrics.json").read_text(encoding="utf-8"))["seconds"]
    metrics = {"recipe": recipe.as_dict(), "validation": scores, "seconds": round(seconds, 1)}
    if (run / "fused.onnx").is_file():
        metrics["int8_agreement"] = quantisation.by_origin(directory, splits.validation)
    (run / "metrics.json").write_text(json.dumps(metrics, indent=1), encoding="utf-8")
    write_card(directory, metrics)
    return metrics


def _origin(recipe: Recipe, splits: Splits, run: Path, start: dict[str, str]) -> dict[str, Any]:
    """Return what the weights come from; a new export of old ones keeps what was written then.

    `start` names the weights that the run started from, as they were then.
    """
    path = run / "provenance.json"
    if not (recipe.export_only and path.is_file()):
        found = save.provenance(recipe, splits) | start
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    origin: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return origin


def main() -> int:
    """Parse the command line and run; exit status 2 for a bad recipe, 3 for bad data."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("recipe", type=Path, help="TOML file, see training/recipes/")
    parser.add_argument("-o", "--output", type=Path, required=True, help="run directory")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
    parser.add_argument("--fresh", action="store_true", help="forget an interrupted run")
    parser.add_argument(
        "--export-only", action="store_true", help="export, calibrate and score a finished run anew"
    )
    options = parser.parse_args()
    if note := processes.missing():
        print(f"train: {note}", file=sys.stderr)
    try:
        recipe = read_recipe(options.recipe, tuple(options.set))
        recipe = replace(recipe, export_only=options.export_only)
        if options.fresh and processes.is_main() and (options.output / "run").exists():
            shutil.rmtree(options.output / "run")
        with processes.one_voice():
            metrics = train(recipe, options.output)
    except RecipeError as error:
        print(f"train: {error}", file=sys.stderr)
        return 2
    except (QuotestanceError, OSError) as error:
        print(f"train: {error}", file=sys.stderr)
        return 3
    if metrics:
        print(f"saved {options.output} in {metrics['seconds']} s")
        for name, columns in metrics["validation"].items():
            print(f"  validation {name}: " + ", ".join(f"{c} {v:.3f}" for c, v in columns.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
