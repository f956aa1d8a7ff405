"""A saved pipeline opened for inference: tokenizer, graph and config, checked at the door."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from quotestance.config import PipelineConfig, read_config
from quotestance.errors import ModelConfigError, ModelGraphError
from quotestance.preprocess import preprocess

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]
TokenIds = list[int]

_INPUTS = ["input_ids", "attention_mask", "target_vectors"]
_OUTPUTS = ["stance", "sentiment"]


class SavedPipeline:
    """The files of `models/<name>/`, opened: token ids in, uncalibrated probabilities out.

    Thread-safe: ONNX Runtime sessions may run from several threads, and nothing else is shared.
    """

    def __init__(self, directory: Path, *, threads: int | None = None) -> None:
        if threads is not None and (not isinstance(threads, int) or threads < 1):
            raise ValueError(f"threads is {threads!r}, wanted a number of cores, 1 or more")
        self.directory = directory
        self.config: PipelineConfig = read_config(directory)
        self._tokenizer = _open_tokenizer(directory / "tokenizer.json")
        self._session = _open_session(directory / "model.onnx")
        self.threads = threads or _cores()
        self._executor: tuple[int, ThreadPoolExecutor] | None = None
        self._check_graph()

    @property
    def executor(self) -> ThreadPoolExecutor:
        """The threads on which batches run, one core each; a forked process gets its own."""
        # Threads do not survive a fork, and work given to a parent's executor would wait for ever.
        if self._executor is None or self._executor[0] != os.getpid():
            pool = ThreadPoolExecutor(self.threads, thread_name_prefix="quotestance")
            self._executor = (os.getpid(), pool)
        return self._executor[1]

    def encode(self, statements: list[str]) -> list[TokenIds]:
        """Return the token ids of each statement, with special tokens, not cut, not padded."""
        encodings = self._tokenizer.encode_batch_fast([preprocess(text) for text in statements])
        # A text of which nothing is left (symbols that no token covers) is one padding token.
        return [encoding.ids or [self.config.pad_id] for encoding in encodings]

    def run(self, batch: list[TokenIds], target_vectors: Floats) -> tuple[Floats, Floats]:
        """Run the graph once over `batch`, padded to its longest member.

        `target_vectors` has shape (targets, width). Returns stance (batch, targets, 3) and
        sentiment (batch, 3) as probabilities, not calibrated.
        """
        stance, sentiment = self._session.run(_OUTPUTS, self._feed(batch, target_vectors))
        return stance, sentiment

    def embed_targets(self, targets: list[str]) -> Floats:
        """Return the vectors (targets, width) of target names that were not trained."""
        if self.config.zero_shot == "none":
            return np.zeros((len(targets), self.config.target_width), np.float32)
        dummy = np.zeros((1, self.config.target_width), np.float32)
        # One name a run: the vector must not depend on what it was padded with.
        rows = [
            self._session.run(["pooled"], self._feed([ids], dummy))[0]
            for ids in self.encode(targets)
        ]
        return np.concatenate(rows).astype(np.float32)

    def _feed(self, batch: list[TokenIds], target_vectors: Floats) -> dict[str, npt.NDArray]:  # type: ignore[type-arg]
        lengths = np.fromiter(map(len, batch), np.int64, len(batch))
        mask = np.arange(lengths.max()) < lengths[:, None]
        ids = np.full(mask.shape, self.config.pad_id, np.int64)
        ids[mask] = np.concatenate(batch)
        return {
            "input_ids": ids,
            "attention_mask": mask.astype(np.int64),
            "target_vectors": np.ascontiguousarray(target_vectors, np.float32),
        }

    def _check_graph(self) -> None:
        path = self.directory / "model.onnx"
        inputs = {node.name: node.shape for node in self._session.get_inputs()}
        outputs = {node.name: node.shape for node in self._session.get_outputs()}
        wanted = _OUTPUTS + (["pooled"] if self.config.zero_shot == "encoder" else [])
        if sorted(inputs) != sorted(_INPUTS) or not set(wanted) <= set(outputs):
            raise ModelGraphError(
                f"{path} takes {sorted(inputs)} and gives {sorted(outputs)}, "
                f"wanted {_INPUTS} and {wanted}"
            )
        widths = (inputs["target_vectors"][-1], outputs["stance"][-1], outputs["sentiment"][-1])
        if widths != (self.config.target_width, 3, 3):
            raise ModelGraphError(
                f"{path} has widths {widths} (target vector, stance, sentiment), "
                f"wanted {(self.config.target_width, 3, 3)}"
            )


def _open_tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises bare Exception
        raise ModelConfigError(f"{path} is not a tokenizer: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _open_session(path: Path) -> "onnxruntime.InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # batches run side by side; see SavedPipeline.executor
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no public base
        raise ModelGraphError(f"{path} does not open: {error}") from error


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
