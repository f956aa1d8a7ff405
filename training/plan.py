"""The plan of an ablation: one recipe, and the runs that each change something in it."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args, get_origin

from training.recipe import Recipe, RecipeError, read_recipe

FIRST_SEED = 13
SHARED = {"set": list[str], "stages": list[int], "start": str}
PLAN = {**SHARED, "recipe": str, "runs": list[dict[str, Any]]}
RUN = {**SHARED, "name": str, "seeds": int}


def read_plan(path: Path) -> dict[str, Any]:
    """Return a plan; raise RecipeError for a file that is none."""
    try:
        plan = tomllib.loads(path.read_text(encoding="utf-8"))
        _check(plan, PLAN, ("recipe", "runs"))
        for entry in plan["runs"]:
            _check(entry, RUN, ("name",))
    except FileNotFoundError as error:
        raise RecipeError(f"no plan at {path}; see training/recipes/ablations.toml") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecipeError) as error:
        raise RecipeError(f"{path}: {error}") from error
    return plan


def _check(table: dict[str, Any], known: Mapping[str, Any], needed: tuple[str, ...]) -> None:
    if missing := [key for key in needed if key not in table]:
        raise RecipeError(f"no field {', '.join(missing)} in {table}")
    for key, value in table.items():
        if key not in known:
            raise RecipeError(f"no field {key!r} in a plan; it has {', '.join(known)}")
        kind = known[key]
        if not _fits(value, kind):
            wanted = kind if get_origin(kind) else kind.__name__
            raise RecipeError(f"{key} is {value!r}, wanted {wanted}")


def _fits(value: object, kind: Any) -> bool:  # noqa: ANN401
    if get_origin(kind) is not list:
        return isinstance(value, kind)
    (inner,) = get_args(kind)
    return isinstance(value, list) and all(_fits(x, get_origin(inner) or inner) for x in value)


def runs(plan: dict[str, Any], folder: Path) -> Iterator[tuple[str, Recipe, Path]]:
    """Yield name, recipe and directory (in `folder`) of every run of a plan, one for each seed.

    Raises RecipeError for a name used twice, and for a change, stage or start that does not exist.
    """
    names: set[str] = set()
    for entry in plan["runs"]:
        name = entry["name"]
        if name in names:
            raise RecipeError(f"two runs are named {name!r}")
        start = _start(entry.get("start", plan.get("start", "")), names, folder)
        names.add(name)
        changes = (*plan.get("set", ()), *entry.get("set", ()))
        for seed in range(FIRST_SEED, FIRST_SEED + entry.get("seeds", 1)):
            recipe = read_recipe(Path(plan["recipe"]), (*changes, f"seed={seed}"))
            recipe = _through(recipe, entry.get("stages", plan.get("stages")))
            yield name, replace(recipe, start=start or recipe.start), folder / f"{name}-{seed}"


def _start(name: str, earlier: set[str], folder: Path) -> str:
    """Return the directory of the run to start from, of this plan or done by another."""
    directory = folder / f"{name}-{FIRST_SEED}"
    if name and name not in earlier and not (directory / "run" / "weights.pt").is_file():
        raise RecipeError(f"start is {name!r}: no run before it has this name, nor has {folder}")
    return str(directory) if name else ""


def _through(recipe: Recipe, stages: list[int] | None) -> Recipe:
    count = len(recipe.stages)
    if stages is None:
        return recipe
    if not all(0 <= k < count for k in stages):
        raise RecipeError(f"stages are {stages}; the recipe has {count}, counted from 0")
    return replace(recipe, stages=tuple(recipe.stages[k] for k in stages))
