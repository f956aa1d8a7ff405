"""The engine for a cluster: the same chunks through Ray Data, the same bytes out.

One task, beside the driver, reads the input and yields a row per chunk; a pool of workers, each
with the model opened once, answers them; the driver writes. The driver reads the input a second
time for the rows themselves: cheap beside inference, and nothing but statements and probabilities
travels. A killed worker is started again by Ray, and its chunk is computed again. The workers need
no shared file system: the model's files are sent to them.
"""

import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from quotestance.batch.job import Work
from quotestance.batch.local import target_vectors
from quotestance.batch.repeats import Plan
from quotestance.config import FILES
from quotestance.errors import MissingExtraError
from quotestance.inference import Probabilities, calibrate, infer
from quotestance.pipeline import SavedPipeline


class RayEngine:
    """Runs a saved pipeline on a Ray cluster; without an address, on a local one of its own."""

    def __init__(
        self, model: Path, targets: Sequence[str], *, workers: int | None, address: str | None
    ) -> None:
        self._targets, self._workers, self._address = tuple(targets), workers, address
        SavedPipeline(model)  # so that a faulty model is refused here, not on a worker
        self._files = {name: (model / name).read_bytes() for name in ("config.json", *FILES)}

    def run(self, work: Work) -> Iterator[tuple[Plan, Probabilities]]:
        """Yield each plan with the calibrated probabilities of its new statements."""
        ray = _import_ray()
        _start(ray, self._address, self._workers)
        try:
            rows = iter(self._dataset(ray, work).iter_rows())
            for plan in work.plans():
                yield plan, self._result(plan, next(rows))
        finally:
            ray.shutdown()

    def _dataset(self, ray: Any, work: Work) -> Any:  # noqa: ANN401
        # Reading is tied to the driver's node, the only one that needs to see the input.
        here = f"node:{ray.util.get_node_ip_address()}"
        workers = self._workers or max(1, int(ray.cluster_resources()["CPU"]))
        return ray.data.read_datasource(
            _datasource(work),
            num_cpus=0,
            resources={here: 0.001},
            override_num_blocks=1,
        ).map_batches(
            Worker,
            fn_constructor_args=([ray.put(self._files)], self._targets),
            batch_size=1,
            batch_format="pyarrow",
            compute=ray.data.ActorPoolStrategy(size=workers),
            num_cpus=1,
        )

    def _result(self, plan: Plan, row: dict[str, Any]) -> Probabilities:
        if row["chunk"] != plan.chunk.index:
            raise RuntimeError(f"chunk {row['chunk']} came in place of {plan.chunk.index}")
        stance = np.frombuffer(row["stance"], np.float32).reshape(-1, len(self._targets), 3)
        return Probabilities(stance, np.frombuffer(row["sentiment"], np.float32).reshape(-1, 3))


class Worker:
    """One process of the pool: the model, opened once, on one core."""

    def __init__(self, files: list[Any], targets: tuple[str, ...]) -> None:
        import ray

        self._folder = tempfile.TemporaryDirectory(prefix="quotestance-")
        for name, data in ray.get(files[0]).items():
            (Path(self._folder.name) / name).write_bytes(data)
        self._pipeline = SavedPipeline(Path(self._folder.name), threads=1)
        self._targets = targets
        self._vectors = target_vectors(self._pipeline, targets)

    def __call__(self, batch: Any) -> Any:  # noqa: ANN401
        """Answer a chunk: a table of one row in, one row out."""
        import pyarrow as pa

        texts = batch.column("texts")[0].as_py()
        result = calibrate(
            infer(self._pipeline, texts, self._vectors), self._pipeline, self._targets
        )
        columns = {"stance": [result.stance.tobytes()], "sentiment": [result.sentiment.tobytes()]}
        return pa.table({"chunk": batch.column("chunk"), **columns})


def _import_ray() -> Any:  # noqa: ANN401
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtraError("--engine ray needs Ray: pip install 'quotestance[ray]'") from error
    return ray


def _start(ray: Any, address: str | None, workers: int | None) -> None:  # noqa: ANN401
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # no network unless it was asked for
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address is None:
        options |= {"num_cpus": workers, "include_dashboard": False}
    ray.init(address or "local", **options)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    # A block for each chunk: the unit that is sent, computed and, after a death, computed again.
    context.target_max_block_size = 1


def _datasource(work: Work) -> Any:  # noqa: ANN401
    from ray.data import Datasource, ReadTask
    from ray.data.block import BlockMetadata

    class Chunks(Datasource):
        """One task that yields a block of one row for each chunk."""

        def estimate_inmemory_data_size(self) -> int | None:
            return None

        def get_read_tasks(self, parallelism: int, *_: Any, **__: Any) -> list[Any]:  # noqa: ANN401
            metadata = BlockMetadata(
                num_rows=None, size_bytes=None, input_files=None, exec_stats=None
            )
            return [ReadTask(lambda: _blocks(work), metadata)]

    source: Any = Chunks
    return source()


def _blocks(work: Work) -> Iterator[Any]:
    import pyarrow as pa

    for plan in work.plans():
        texts = pa.array([plan.new], pa.list_(pa.string()))
        yield pa.table({"chunk": pa.array([plan.chunk.index]), "texts": texts})
