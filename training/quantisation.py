"""Where int8 gives another label than float32: python -m training.quantisation RUN [FILE].

RUN is a training run's directory; its `run/fused.onnx` is the float32 graph. Without FILE, the real
(annotated) and authored validation statements are compared.
"""

import copy
import json
import sys
from pathlib import Path

import numpy as np

from quotestance.inference import infer
from quotestance.labels import TARGETS
from quotestance.pipeline import SavedPipeline, _open_session
from training import corpus
from training.corpus import Example
from training.recipe import Data
from training.score import COLUMNS


def label_agreement(directory: Path, statements: list[str]) -> dict[str, float]:
    """Return the share of statements with the same label in int8 and float32, by column.

    `all` is the share over all columns together.
    """
    int8 = SavedPipeline(directory)
    plain = copy.copy(int8)
    plain._session = _open_session(directory / "run" / "fused.onnx")
    vectors = np.array([int8.config.target_vectors[target] for target in TARGETS], np.float32)
    labels = []
    for pipeline in (int8, plain):
        found = infer(pipeline, statements, vectors)
        labels.append(np.concatenate([found.stance, found.sentiment[:, None]], 1).argmax(-1))
    same = labels[0] == labels[1]
    shares = {column: float(same[:, k].mean()) for k, column in enumerate(COLUMNS)}
    return {**shares, "all": float(same.mean())}


def by_origin(directory: Path, examples: list[Example]) -> dict[str, dict[str, float]]:
    """Return the agreement on each origin of statements, with their number."""
    texts: dict[str, list[str]] = {}
    for x in examples:
        texts.setdefault(corpus.origin(x), []).append(x.text)
    return {
        origin: {"statements": len(found), **label_agreement(directory, found)}
        for origin, found in sorted(texts.items())
    }


def main() -> int:
    """Print the agreement as JSON."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    directory, *file = map(Path, sys.argv[1:])
    if file:
        lines = file[0].read_text(encoding="utf-8").splitlines()
        texts = [json.loads(line)["text"] for line in lines]
        result: object = {"statements": len(texts), **label_agreement(directory, texts)}
    else:
        result = by_origin(directory, corpus.statements(Data(), "validation"))
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
