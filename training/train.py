"""A training run: `python -m training.train RECIPE -o DIRECTORY`.

Reads the recipe, trains, exports, calibrates and scores; DIRECTORY is then a saved pipeline, and
DIRECTORY/run holds the resolved recipe, the metrics and the checkpoints. Run the same command
again after a crash: it goes on from the last checkpoint and ends with the same weights.
Several recipes fields can be changed: --set seed=14 --set stages.0.epochs=1.
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
from training import baseline_graph, baselines, corpus, save
from training.recipe import Recipe, RecipeError, read_recipe
from training.save import Splits

Vectors = dict[str, list[float]]
INDICATORS: Vectors = {
    target: [float(k == other) for other in range(len(TARGETS))] for k, target in enumerate(TARGETS)
}


def read_splits(recipe: Recipe) -> Splits:
    """Return the run's statements: train, validation, calibration."""
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
    from training.encoder import open_encoder
    from training.network import LateAttention, build

    torch.manual_seed(recipe.seed)
    encoder, tokenizer = open_encoder(recipe.network)
    network = build(encoder, recipe.network, recipe.kind)
    run = directory / "run"
    if recipe.start:
        start = Path(recipe.start) / "run" / "weights.pt"
        network.load_state_dict(torch.load(start, weights_only=True))
    if recipe.export_only:
        network.load_state_dict(torch.load(run / "weights.pt", weights_only=True))
    else:
        fit_stages(network, tokenizer, recipe, splits, run)
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


def fit_stages(network: Any, tokenizer: Any, recipe: Recipe, splits: Splits, run: Path) -> None:  # noqa: ANN401
    """Train through the recipe's stages; leave weights and validation history in `run`."""
    from training import fit
    from training.teacher import soft_labels

    history: list[list[dict[str, Any]]] = []
    for number, stage in enumerate(recipe.stages):
        examples = corpus.stage_examples(recipe.data, stage)
        print(f"stage {number}: {len(examples)} examples from {', '.join(stage.sources)}")
        soft = soft_labels(stage, recipe, tokenizer, examples)
        context = (recipe, number, run)
        history.append(
            fit.fit_stage(network, tokenizer, examples, splits.validation, context, soft)
        )
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
    """Run a recipe into a directory; return the metrics that `run/metrics.json` holds."""
    from training.card import write_card
    from training.quantisation import label_agreement

    started = time.perf_counter()
    run = directory / "run"
    run.mkdir(parents=True, exist_ok=True)
    (run / "recipe.json").write_text(json.dumps(recipe.as_dict(), indent=1), encoding="utf-8")
    splits = read_splits(recipe)
    print(
        f"{recipe.name}: {len(splits.train)} training, {len(splits.validation)} validation, "
        f"{len(splits.calibration)} calibration statements"
    )
    vectors, zero_shot = TRAINERS[recipe.kind](recipe, splits, directory)
    if not vectors:
        return {}
    save.write_config(directory, save.draft_config(recipe, splits, vectors, zero_shot))
    scores = save.calibrate_and_score(directory, splits)
    seconds = time.perf_counter() - started
    if recipe.export_only and (run / "metrics.json").is_file():
        seconds = json.loads((run / "metrics.json").read_text(encoding="utf-8"))["seconds"]
    metrics = {"recipe": recipe.as_dict(), "validation": scores, "seconds": round(seconds, 1)}
    if (run / "fused.onnx").is_file():
        texts = [x.text for x in splits.validation]
        metrics["int8_agreement"] = label_agreement(directory, texts)
    (run / "metrics.json").write_text(json.dumps(metrics, indent=1), encoding="utf-8")
    write_card(directory, metrics)
    return metrics


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
    try:
        recipe = read_recipe(options.recipe, tuple(options.set))
        recipe = replace(recipe, export_only=options.export_only)
        if options.fresh and (options.output / "run").exists():
            shutil.rmtree(options.output / "run")
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
