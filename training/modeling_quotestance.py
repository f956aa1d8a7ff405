"""A saved pipeline of quotestance as a `transformers` model: the ONNX graph, run on the CPU.

`python -m training.to_transformers` puts this file beside the graph, and `transformers` imports it
from there with `trust_remote_code=True`. So it stands alone: nothing here may import quotestance.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import torch
from transformers import PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput
from transformers.utils.hub import cached_file

GRAPH = "model.onnx"
SENTIMENT = "sentiment"
_HUB_OPTIONS = ("cache_dir", "force_download", "local_files_only", "revision", "subfolder", "token")

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


class QuotestanceConfig(PretrainedConfig):  # type: ignore[no-untyped-call]
    """What the graph needs beside token ids; the values are those of the saved pipeline.

    `target` is one of `targets`, or "sentiment". `calibrations` has for each of these
    its smoothing, its temperature and the factors on it by the greatest label.
    """

    model_type = "quotestance"

    def __init__(
        self,
        target: str = SENTIMENT,
        targets: list[str] | None = None,
        target_width: int = 1,
        stance_labels: list[str] | None = None,
        sentiment_labels: list[str] | None = None,
        calibrations: dict[str, dict[str, Any]] | None = None,
        window_length: int = 192,
        window_overlap: int = 48,
        pad_token_id: int = 0,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        self.target = target
        self.targets = targets or []
        self.target_width = target_width
        self.stance_labels = stance_labels or []
        self.sentiment_labels = sentiment_labels or []
        self.calibrations = calibrations or {}
        self.window_length = window_length
        self.window_overlap = window_overlap
        self.pad_token_id = pad_token_id
        super().__init__(**kwargs)


class QuotestanceForSequenceClassification(PreTrainedModel):  # type: ignore[no-untyped-call]
    """Calibrated log-probabilities of the labels of one target, or of sentiment.

    The graph runs on the CPU, wherever the inputs are. Make one with `from_pretrained`.
    """

    config: QuotestanceConfig
    config_class = QuotestanceConfig
    graph_path: str
    session: onnxruntime.InferenceSession
    # The graph takes float32, whatever dtype the pipeline is opened with.
    _keep_in_fp32_modules_strict = {"target_vectors"}  # noqa: RUF012

    def __init__(self, config: QuotestanceConfig, target: str | None = None) -> None:
        super().__init__(config)
        # The only weights outside the graph; its inputs, for the target to be chosen at any time.
        shape = (len(config.targets), config.target_width)
        self.target_vectors = torch.nn.Parameter(torch.zeros(shape), requires_grad=False)
        self.set_target(target or config.target)
        self.post_init()  # type: ignore[no-untyped-call]

    @classmethod
    def from_pretrained(cls, path: str | os.PathLike[str], *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # noqa: ANN401
        """Open a directory or a Hub repository, of which the graph is one more file."""
        options = {name: kwargs[name] for name in _HUB_OPTIONS if name in kwargs}
        loaded: Any = super().from_pretrained(path, *args, **kwargs)
        model = loaded[0] if isinstance(loaded, tuple) else loaded  # output_loading_info=True
        model.open_graph(str(cached_file(path, GRAPH, **options)))
        return loaded

    def open_graph(self, path: str) -> None:
        """Open the ONNX file with as many threads as torch uses."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        options.log_severity_level = 3
        providers = ["CPUExecutionProvider"]
        self.session = onnxruntime.InferenceSession(path, options, providers=providers)
        self.graph_path = path

    def save_pretrained(self, save_directory: str | os.PathLike[str], **kwargs: Any) -> None:  # type: ignore[override]  # noqa: ANN401
        """Save as any model does, and the graph with it."""
        copy = Path(save_directory) / GRAPH
        copy.parent.mkdir(parents=True, exist_ok=True)
        if copy.resolve() != Path(self.graph_path).resolve():
            shutil.copyfile(self.graph_path, copy)
        super().save_pretrained(save_directory, **kwargs)

    def set_target(self, target: str) -> None:
        """Answer for `target` from now on: a trained one or "sentiment"; else a ValueError."""
        config = self.config
        if target not in (*config.targets, SENTIMENT):
            raise ValueError(f"target {target!r} is not one of {[*config.targets, SENTIMENT]}")
        labels = config.sentiment_labels if target == SENTIMENT else config.stance_labels
        config.target = target
        config.id2label = dict(enumerate(labels))
        config.label2id = {label: number for number, label in enumerate(labels)}

    @torch.no_grad()
    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None
    ) -> SequenceClassifierOutput:
        """Return logits (batch, labels) whose softmax is the calibrated probabilities.

        `input_ids` and `attention_mask` have shape (batch, length). A statement longer than
        `window_length` is read in windows; its answer is their mean, weighted by their tokens.
        """
        ids = input_ids.long().cpu().numpy()
        if attention_mask is None:
            attention_mask = torch.ones_like(input_ids)
        mask = attention_mask.bool().cpu().numpy()
        pad = np.array([self.config.pad_token_id])
        # A text of which nothing is left is one padding token, as in the package.
        rows = [row[kept] if kept.any() else pad for row, kept in zip(ids, mask, strict=True)]
        # In float64, like the package: a probability of zero must not become a NaN.
        p = np.maximum(self._probabilities(rows).astype(np.float64), 1e-12)
        how = self.config.calibrations[self.config.target]
        logits = 2 * np.log(p) - np.log(p + how["smoothing"])  # quotestance.calibration
        logits /= how["temperature"]
        logits /= np.array(how["by_label"])[p.argmax(axis=-1)][:, None]
        logits -= np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        return SequenceClassifierOutput(
            logits=torch.from_numpy(logits.astype(np.float32)).to(input_ids.device)
        )

    def _probabilities(self, rows: list[Ids]) -> Floats:
        """Return the probabilities (rows, labels) as the graph gives them."""
        config = self.config
        windows = [
            (owner, window)
            for owner, row in enumerate(rows)
            for window in split_windows(row, config.window_length, config.window_overlap)
        ]
        total = np.zeros((len(rows), config.num_labels or 0), np.float32)
        weight = np.zeros((len(rows), 1), np.float32)
        # Windows of one length run together, so that the graph sees no padding at all.
        for length in sorted({len(window) for _, window in windows}):
            owners = [owner for owner, window in windows if len(window) == length]
            batch = np.stack([window for _, window in windows if len(window) == length])
            np.add.at(total, owners, self._run(batch) * np.float32(length))
            np.add.at(weight, owners, np.float32(length))
        return total / weight

    def _run(self, batch: Ids) -> Floats:
        target, targets = self.config.target, self.config.targets
        row = targets.index(target) if target in targets else 0
        feed = {
            "input_ids": batch,
            "attention_mask": np.ones_like(batch),
            "target_vectors": self.target_vectors[row : row + 1].float().cpu().numpy(),
        }
        if target == SENTIMENT:
            tones: Floats = self.session.run([SENTIMENT], feed)[0]
            return tones
        stances: Floats = self.session.run(["stance"], feed)[0]
        return stances[:, 0]


def split_windows(ids: Ids, size: int, overlap: int) -> list[Ids]:
    """Split ids into windows of at most `size`, each with the first and last special token.

    The rule of `quotestance.inference.split_windows`.
    """
    if len(ids) <= size:
        return [ids]
    first, body, last = ids[:1], ids[1:-1], ids[-1:]
    room = size - 2
    starts = [*range(0, len(body) - room, room - overlap), len(body) - room]
    return [np.concatenate([first, body[start : start + room], last]) for start in starts]
