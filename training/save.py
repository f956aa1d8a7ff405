"""Writing a saved pipeline: files, calibration, thresholds, scores, card, hashes."""

import json
import platform
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from quotestance import load
from quotestance.calibration import Calibration, calibrated
from quotestance.classifier import Classifier
from quotestance.config import FILES, PipelineConfig, read_config, sha256
from quotestance.labels import TARGETS
from training import calibrate
from training.corpus import OWN, UNKNOWN, Example, data_hash, origin
from training.recipe import Recipe, RecipeError
from training.score import COLUMNS, by_origin, truth


@dataclass(frozen=True)
class Splits:
    """The examples of a run, named so that none can be taken for another."""

    train: list[Example]
    validation: list[Example]
    calibration: list[Example]


def write_config(directory: Path, config: PipelineConfig) -> None:
    """Write `config.json` with the hashes of the files as they now are."""
    card = directory / "README.md"
    if not card.exists():
        card.write_text(f"# {config.name}\n", encoding="utf-8")
    hashed = replace(config, files={name: sha256(directory / name) for name in FILES})
    (directory / "config.json").write_text(hashed.to_json(), encoding="utf-8")


def rehash(directory: Path) -> None:
    """Renew the card's hash after its text was changed; the other files must be as saved."""
    document = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    document.pop("config_sha256")
    for name in ("model.onnx", "tokenizer.json"):
        if document["files"][name] != sha256(directory / name):
            raise ValueError(f"{directory / name} is not the file that was saved")
    write_config(directory, PipelineConfig(**document))


def draft_config(
    recipe: Recipe,
    vectors: dict[str, list[float]],
    zero_shot: str,
    origin: dict[str, Any],
) -> PipelineConfig:
    """Return the config before calibration: temperatures of one. `origin` is its provenance."""
    return PipelineConfig(
        name=recipe.name,
        kind=recipe.kind,
        target_vectors=vectors,
        temperature={**dict.fromkeys(COLUMNS, 1.0), "zero_shot": 1.0},
        files={},
        zero_shot=zero_shot,
        # What the network was trained on is what it reads at once.
        max_length=recipe.network.max_length,
        window_overlap=recipe.network.max_length // 4,
        training=origin,
    )


def provenance(recipe: Recipe, splits: Splits) -> dict[str, Any]:
    """Return what the model was made from: data, commit, seed, machine."""
    own = sum(origin(x) == OWN for x in splits.train)
    return {
        "recipe": recipe.name,
        "seed": recipe.seed,
        "statements": len(splits.train),
        "data_sha256": data_hash(splits.train),
        "commit": _commit(),
        "machine": f"{platform.machine()} {platform.system()}, Python {platform.python_version()}",
        **({"own": own} if own else {}),
    }


def start_of(recipe: Recipe) -> dict[str, str]:
    """Return name and hash of the weights that the recipe starts from, if it does.

    Raises RecipeError where they are not there.
    """
    if not recipe.start:
        return {}
    return {"start": recipe.start, "start_sha256": sha256(start_weights(recipe))}


def start_weights(recipe: Recipe) -> Path:
    """Return the file of the weights of `start`: those of its run, else its saved graph."""
    start = Path(recipe.start)
    trained = start / "run" / "weights.pt"
    if trained.is_file():
        return trained
    graph = start / "model.onnx"
    if recipe.kind != "late-attention" or not graph.is_file():
        raise RecipeError(f"no weights at {trained}; train that run first")
    return graph


def _commit() -> str:
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True, text=True, check=True, cwd=Path(__file__).parent,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def calibrate_and_score(directory: Path, splits: Splits) -> dict[str, Any]:
    """Fit calibrations and thresholds on the calibration split, then score validation.

    Both read the saved graph, so that the numbers are those a user gets. Returns the scores.
    """
    config = read_config(directory)
    classifier = load(directory)
    if splits.calibration:
        config = with_calibration(config, classifier, splits.calibration)
        write_config(directory, config)
        classifier = load(directory)
    table = classifier.probabilities([x.text for x in splits.validation], TARGETS)
    predicted = np.concatenate(
        [table.stance.argmax(-1), table.sentiment.argmax(-1)[:, None]], axis=1
    )
    scores = by_origin(splits.validation, predicted)
    named = {f"validation {name}": values for name, values in scores.items()}
    write_config(directory, replace(config, scores=named))
    return scores


def uncalibrated(config: PipelineConfig) -> PipelineConfig:
    """Return the config with which a pipeline answers what its graph gives."""
    return replace(
        config,
        temperature=dict.fromkeys(config.temperature, 1.0),
        smoothing={},
        label_temperature={},
        abstention={},
    )


def with_calibration(
    config: PipelineConfig, graph: Classifier, examples: list[Example]
) -> PipelineConfig:
    """Return the config with calibrations and thresholds fitted on examples.

    `graph` answers uncalibrated. A column without labels keeps what it has.
    """
    table = graph.probabilities([x.text for x in examples], TARGETS)
    raw = np.concatenate([table.stance, table.sentiment[:, None]], axis=1).astype(np.float64)
    gold = truth(examples)
    found: dict[str, Calibration] = {}
    abstention: dict[str, dict[str, float]] = {f"{level:.0%}": {} for level in calibrate.LEVELS}
    for k, column in enumerate(COLUMNS):
        known = gold[:, k] != UNKNOWN
        if not known.any():
            found[column] = config.calibration(column)
            for level, thresholds in abstention.items():
                if column in config.abstention.get(level, {}):
                    thresholds[column] = config.abstention[level][column]
            continue
        found[column] = calibrate.fit(raw[known, k], gold[known, k])
        soft = calibrated(raw[known, k], found[column])
        for level in calibrate.LEVELS:
            threshold = calibrate.conformal_threshold(soft, gold[known, k], level)
            abstention[f"{level:.0%}"][column] = round(threshold, 6)
    stance = [found[column] for column in COLUMNS if column != "sentiment"]
    # Targets that were not trained have no split to be fitted on.
    first, second, third = np.mean([one.by_label for one in stance], axis=0).round(4).tolist()
    found["zero_shot"] = Calibration(
        round(float(np.mean([one.smoothing for one in stance])), 6),
        round(float(np.mean([one.temperature for one in stance])), 4),
        (first, second, third),
    )
    return replace(
        config,
        temperature={name: one.temperature for name, one in found.items()},
        smoothing={name: one.smoothing for name, one in found.items()},
        label_temperature={name: list(one.by_label) for name, one in found.items()},
        abstention=abstention,
    )
