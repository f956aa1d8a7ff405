"""`config.json` of a saved pipeline: what it holds, and the checks before anything is predicted."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from quotestance.calibration import Calibration
from quotestance.errors import ModelConfigError, ModelIntegrityError, ModelNotFoundError
from quotestance.labels import SENTIMENTS, STANCES, TARGETS, stance_column
from quotestance.preprocess import PREPROCESSING

SCHEMA_VERSION = 1
FILES = ("model.onnx", "tokenizer.json", "README.md")
"""The files whose SHA-256 stands in `config.json`, which carries its own as `config_sha256`."""


@dataclass(frozen=True)
class PipelineConfig:
    """All that a saved pipeline says of itself.

    `target_vectors` maps each trained target to its vector of `target_width` numbers.
    `zero_shot` is "encoder" where other targets are encoded by the graph's `pooled` output, or
    "none" where they get the zero vector. `temperature` divides the log-probabilities of a column
    (`stance`, `stance_nato`, `stance_ukraine`, `sentiment`; `zero_shot` for other targets);
    the `smoothing` of a column, none where it is left out, is taken off first, and
    `label_temperature` divides once more, by the label that is the greatest, in the labels' order;
    see `quotestance.calibration`.
    `abstention` maps a coverage level ("90%") to the smallest probability with which a label
    enters the column's conformal set. Over-long statements are read in windows of `max_length`
    tokens that overlap by `window_overlap`.
    """

    name: str
    kind: str
    target_vectors: dict[str, list[float]]
    temperature: dict[str, float]
    files: dict[str, str]
    zero_shot: str = "encoder"
    max_length: int = 192
    window_overlap: int = 48
    pad_id: int = 0
    preprocessing: str = PREPROCESSING
    smoothing: dict[str, float] = field(default_factory=dict)
    label_temperature: dict[str, list[float]] = field(default_factory=dict)
    abstention: dict[str, dict[str, float]] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(
        default_factory=lambda: {"stance": list(STANCES), "sentiment": list(SENTIMENTS)}
    )
    targets: list[str] = field(default_factory=lambda: list(TARGETS))
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        wanted = {"stance": list(STANCES), "sentiment": list(SENTIMENTS)}
        if self.labels != wanted:
            raise ModelConfigError(f"label order is {self.labels}, wanted {wanted}")
        if self.preprocessing != PREPROCESSING:
            raise ModelConfigError(
                f"preprocessing is {self.preprocessing!r}, this version knows {PREPROCESSING!r}"
            )
        if self.zero_shot not in ("encoder", "none"):
            raise ModelConfigError(f"zero_shot is {self.zero_shot!r}, wanted 'encoder' or 'none'")
        if set(self.target_vectors) != set(self.targets):
            raise ModelConfigError("target_vectors and targets name different targets")
        if len({len(vector) for vector in self.target_vectors.values()}) != 1:
            raise ModelConfigError("target_vectors are missing or of different widths")
        if not 0 <= self.window_overlap < self.max_length - 2:
            raise ModelConfigError("window_overlap must be smaller than max_length - 2")
        self._check_calibration()

    def _check_calibration(self) -> None:
        columns = {*map(stance_column, self.targets), "sentiment"}
        if missing := columns - set(self.temperature):
            raise ModelConfigError(f"temperature lacks {sorted(missing)}")
        if any(value <= 0 for value in self.temperature.values()):
            raise ModelConfigError("every temperature must be above zero")
        if any(value < 0 for value in self.smoothing.values()):
            raise ModelConfigError("no smoothing may be below zero")
        for column, values in self.label_temperature.items():
            if len(values) != 3 or any(value <= 0 for value in values):
                raise ModelConfigError(
                    f"label_temperature of {column} is {values}, wanted three numbers above zero"
                )

    def calibration(self, column: str) -> Calibration:
        """Return the calibration of a column, that of `zero_shot` for one that was not trained."""
        key = column if column in self.temperature else "zero_shot"
        first, second, third = self.label_temperature.get(key, (1.0, 1.0, 1.0))
        return Calibration(
            self.smoothing.get(key, 0.0), self.temperature.get(key, 1.0), (first, second, third)
        )

    @property
    def target_width(self) -> int:
        """Number of entries of a target vector."""
        return len(next(iter(self.target_vectors.values())))

    def to_json(self) -> str:
        """Return the file's text, `config_sha256` included."""
        document = asdict(self)
        return json.dumps({**document, "config_sha256": _own_hash(document)}, indent=1) + "\n"


def read_config(directory: Path) -> PipelineConfig:
    """Read and check `config.json` and the hash of every file of the saved pipeline.

    Raises ModelNotFoundError, ModelConfigError or ModelIntegrityError, each naming the path.
    """
    path = directory / "config.json"
    if not directory.is_dir():
        raise ModelNotFoundError(
            f"no saved pipeline at {directory}: train one with "
            f"'python -m training.train RECIPE -o {directory}' or leave the model out"
        )
    for name in ("config.json", *FILES):
        if not (directory / name).is_file():
            raise ModelNotFoundError(f"{directory / name} is missing: copy or train the model anew")
    config = _parse(path)
    for name in FILES:
        if sha256(directory / name) != config.files.get(name):
            raise ModelIntegrityError(
                f"{directory / name} was changed after the model was saved "
                "(its SHA-256 is not the one in config.json): copy or train the model anew"
            )
    return config


def _parse(path: Path) -> PipelineConfig:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(document, dict):
            raise ValueError(f"got a {type(document).__name__}, wanted an object")
        recorded = document.pop("config_sha256", None)
        version = document.get("schema_version")
    except ValueError as error:
        raise ModelConfigError(f"{path} is not readable JSON: {error}") from error
    if version != SCHEMA_VERSION:
        raise ModelConfigError(
            f"{path} has schema_version {version!r}, this version reads {SCHEMA_VERSION}"
        )
    if recorded != _own_hash(document):
        raise ModelIntegrityError(f"{path} was changed after the model was saved")
    try:
        return PipelineConfig(**document)
    except (TypeError, ModelConfigError) as error:
        raise ModelConfigError(f"{path}: {error}") from error


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _own_hash(document: dict[str, Any]) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
