"""Training by several processes, started by `accelerate launch` or `torchrun`; one is the usual.

The main process alone judges, writes and prints; the others only help with the gradients.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import TypeVar

from accelerate import utils  # type: ignore[import-untyped]

from training.recipe import Recipe, RecipeError

T = TypeVar("T")
# Set by torchrun and accelerate, or by one of the MPIs that accelerate can be run under.
_RANK = ("RANK", "PMI_RANK", "OMPI_COMM_WORLD_RANK", "MV2_COMM_WORLD_RANK")
_COUNT = ("WORLD_SIZE", "PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "MV2_COMM_WORLD_SIZE")


def rank() -> int:
    """Return this process's number, from 0."""
    return int(utils.get_int_from_env(_RANK, 0))


def count() -> int:
    """Return the number of processes."""
    return int(utils.get_int_from_env(_COUNT, 1))


def is_main() -> bool:
    """Return whether this process is the one that judges, writes and prints."""
    return rank() == 0


def wants_cpu() -> bool:
    """Return whether the launcher was told to leave the GPUs alone."""
    return bool(utils.parse_flag_from_env("ACCELERATE_USE_CPU"))


def missing() -> str:
    """Return what to tell a user who asked accelerate for several processes and got one; or ""."""
    # accelerate sets the address for several processes, but without GPUs or mpirun starts only one.
    if "ACCELERATE_USE_CPU" not in os.environ or "MASTER_ADDR" not in os.environ or count() > 1:
        return ""
    return (
        "accelerate started one process only; for several on CPUs: "
        "accelerate launch --multi_gpu --num_processes N -m training.train ..."
    )


@contextlib.contextmanager
def one_voice() -> Iterator[None]:
    """Drop what any but the main process prints to standard output; errors stay."""
    if is_main():
        yield
        return
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


def check(recipe: Recipe) -> None:
    """Raise RecipeError where a stage's batch cannot be cut into one equal piece per process."""
    for number, stage in enumerate(recipe.stages):
        if stage.batch_size % count():
            raise RecipeError(
                f"stages.{number}.batch_size is {stage.batch_size}, wanted a multiple of the "
                f"{count()} processes; --set stages.{number}.batch_size=N changes it"
            )


def pieces(length: int, size: int, rank: int, count: int) -> list[list[int]]:
    """Return the positions of a schedule that process `rank` of `count` trains on, step by step.

    Each batch of `size` positions is cut into `count` pieces of equal size, so that a step of all
    processes is the step of one. Neighbours stay together, for they were put together on purpose.
    Where the last, shorter batch cannot be cut evenly, up to `count - 1` positions at its end are
    left out, so that each counts the same in the mean gradient and none is seen twice.
    """
    found = []
    for start in range(0, length, size):
        share = min(size, length - start) // count
        if share:
            first = start + rank * share
            found.append(list(range(first, first + share)))
    return found


def agreed(value: T) -> T:
    """Return the main process's value, on every process; they must all call this."""
    if count() == 1:
        return value
    shared: T = utils.broadcast_object_list([value])[0]
    return shared
