"""A recipe: what a training run reads, builds and does. One TOML file, checked when read."""

import json
import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from training.sources import AUXILIARY

SOURCES = frozenset(("statements", *AUXILIARY))
KINDS = ("majority", "linear", "frozen", "late-attention", "cross-encoder")


class RecipeError(ValueError):
    """A recipe that cannot be read: the message names the file and the field."""


@dataclass(frozen=True)
class Data:
    """Which rows a run sees. `fraction` keeps a share of the project's training groups.

    `own` names a labelled table of the user's, whose rows come beside the project's statements (see
    training.corpus.own_statements); each of its training rows appears `own_times` an epoch. `easy`
    keeps a share of the training statements that the pipeline `start` answers surely right.
    """

    authored: bool = True
    annotated: bool = True
    fraction: float = 1.0
    statements: str = "data/statements"
    annotations: str = "data/annotations"
    corpora: str = ""
    own: str = ""
    own_times: int = 1
    easy: float = 1.0


@dataclass(frozen=True)
class Network:
    """The network. `encoder` is "minilm" (the PyPI package), a local path or a name on the Hub.

    `layers` keeps that many of the encoder's lowest layers and `feed_forward` that many units of
    each feed-forward layer; 0 keeps all.
    """

    encoder: str = "minilm"
    head_layers: int = 2
    head_width: int = 512
    head_count: int = 12
    dropout: float = 0.1
    attention_dropout: float = 0.1
    layers: int = 0
    feed_forward: int = 0
    prune_vocabulary: bool = True
    max_length: int = 160


@dataclass(frozen=True)
class Stage:
    """One stretch of training on one mixture of sources.

    `sources` are "statements" (authored and annotated, as `Data` allows), "newsmtsc",
    "perspectrum", "ruw". `teacher` names run directories whose probabilities are learned beside the
    labels, `distil` their share of the loss. `augment`, `rename` and `misspell` are the shares of
    appearances that training/augmentation.py changes.
    """

    sources: tuple[str, ...] = ("statements",)
    epochs: float = 5.0
    batch_size: int = 32
    learning_rate: float = 1e-4
    head_rate: float = 5.0
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    warmup: float = 0.1
    label_smoothing: float = 0.05
    class_balance: float = 0.5
    focal: float = 0.0
    sentiment_weight: float = 0.7
    r_drop: float = 0.0
    adversarial: float = 0.0
    average: float = 0.0
    augment: float = 0.2
    rename: float = 0.0
    misspell: float = 0.0
    grouped: bool = False
    contrast: float = 0.0
    distil: float = 0.0
    teacher: str = ""
    save_every: int = 400


@dataclass(frozen=True)
class Benchmark:
    """A public benchmark that a run is for, see benchmarks/public.py; it ships no model.

    `validation` is the share of the train split's groups that the run chooses on; 0 takes the
    publisher's validation split. `mark_target` puts marks around the target where the corpus gives
    its span, `clean_tweets` takes addresses, user names and hashtags apart.
    """

    corpus: str
    validation: float = 0.0
    mark_target: bool = False
    clean_tweets: bool = False


@dataclass(frozen=True)
class Recipe:
    """A whole run: name, kind, seed, data, network, stages and export."""

    name: str
    kind: str
    seed: int = 13
    data: Data = field(default_factory=Data)
    network: Network = field(default_factory=Network)
    stages: tuple[Stage, ...] = (Stage(),)
    quantise: bool = True
    start: str = ""
    export_only: bool = False
    benchmark: Benchmark | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the resolved recipe, every default filled in, for the run directory."""
        return asdict(self)


def read_recipe(path: Path, changes: tuple[str, ...] = ()) -> Recipe:
    """Read a TOML recipe; `changes` are "section.field=value" with a TOML value.

    Raises RecipeError for a missing file, bad TOML, or a field that does not exist.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RecipeError(f"no recipe at {path}; see training/recipes/") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: {error}") from error
    for change in changes:
        _apply(table, change)
    try:
        return _recipe(table)
    except (TypeError, RecipeError) as error:
        raise RecipeError(f"{path}: {error}") from error


def filled(record: dict[str, Any]) -> dict[str, Any]:
    """Return a recorded recipe with the default of every field that it does not have yet.

    Raises RecipeError where it has a field that recipes no longer have.
    """
    whole = _recipe({name: value for name, value in record.items() if value is not None})
    return json.loads(json.dumps({**whole.as_dict(), "seed": record["seed"]}))  # type: ignore[no-any-return]


def _recipe(table: dict[str, Any]) -> Recipe:
    table = dict(table)
    if table.get("kind") not in KINDS:
        raise RecipeError(f"kind is {table.get('kind')!r}, wanted one of {', '.join(KINDS)}")
    written = table.pop("stages", [{}])
    if not (isinstance(written, list) and all(isinstance(stage, dict) for stage in written)):
        raise RecipeError(f"stages is {written!r}, wanted [[stages]]")
    stages = tuple(
        _section(Stage, {**stage, "sources": _listed(stage.get("sources", ("statements",)))})
        for stage in written
    )
    for stage in stages:
        if not (stage.epochs and stage.batch_size):
            raise RecipeError("epochs or batch_size of a stage is 0, wanted more")
    for source in {name for stage in stages for name in stage.sources} - SOURCES:
        raise RecipeError(f"no source {source!r}, wanted some of {', '.join(sorted(SOURCES))}")
    data = _section(Data, table.pop("data", {}))
    if not (isinstance(data.own_times, int) and data.own_times >= 1):
        raise RecipeError(f"data.own_times is {data.own_times!r}, wanted 1 or more")
    network = _section(Network, table.pop("network", {}))
    if "benchmark" in table:
        table["benchmark"] = _section(Benchmark, table["benchmark"])
    recipe: Recipe = _section(Recipe, {**table, "data": data, "network": network, "stages": stages})
    if not 0 <= data.easy <= 1 or (data.easy < 1 and not recipe.start):
        raise RecipeError(f"data.easy is {data.easy!r}, wanted 1, or a share with a start")
    return recipe


def _section(kind: Any, values: Any) -> Any:  # noqa: ANN401
    if not isinstance(values, dict):
        raise RecipeError(f"{kind.__name__.lower()} is {values!r}, wanted a table of fields")
    known = {item.name for item in fields(kind)}
    if unknown := set(values) - known:
        raise RecipeError(f"no field {sorted(unknown)} in {kind.__name__}; it has {sorted(known)}")
    hints = get_type_hints(kind)
    for name, value in values.items():
        allowed = _PLAIN.get(hints[name])
        # To Python, true is a number.
        if allowed and (type(value) not in allowed or (type(value) is not bool and _bad(value))):
            raise RecipeError(f"{name} is {value!r}, wanted {_WANTED[hints[name]]}")
    return kind(**values)


def _listed(value: Any) -> Any:  # noqa: ANN401
    return tuple(value) if isinstance(value, list) else value


_PLAIN: dict[Any, tuple[type, ...]] = {
    bool: (bool,), int: (int,), float: (int, float), str: (str,), tuple[str, ...]: (tuple,),
}  # fmt: skip
_WANTED = {
    bool: "true or false",
    int: "a whole number from 0",
    float: "a number from 0",
    str: "text in quotation marks",
    tuple[str, ...]: "a list of texts",
}


def _bad(value: Any) -> bool:  # noqa: ANN401
    """Return whether a number is negative or none, or a list has other things than texts."""
    if isinstance(value, tuple):
        return not all(isinstance(part, str) for part in value)
    return isinstance(value, int | float) and not 0 <= value < float("inf")


def _apply(table: dict[str, Any], change: str) -> None:
    name, sign, value = change.partition("=")
    if not sign:
        raise RecipeError(f"{change!r} is not of the form section.field=value")
    *path, last = name.strip().split(".")
    try:
        value = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        pass  # a bare word is a string
    place: Any = table
    try:
        for part in path:
            place = place[int(part)] if part.isdigit() else place.setdefault(part, {})
        place[last] = value
    except (LookupError, AttributeError, TypeError) as error:
        raise RecipeError(f"{change!r}: the recipe has no {'.'.join(path)}") from error
