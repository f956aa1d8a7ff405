"""Write a saved pipeline as a directory that `transformers.pipeline` opens.

python -m training.to_transformers default -o build/transformers --target NATO/Ukraine

The graph goes over as it is, with a file of custom code that runs it on onnxruntime; what
`quotestance.preprocess` does to a statement becomes the tokenizer's normaliser. See
docs/TRANSFORMERS.md.
"""

import argparse
import json
import re
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save
from tokenizers import Regex, Tokenizer, normalizers

from quotestance import load
from quotestance.config import PipelineConfig
from quotestance.errors import InvalidTargetError, OutputError, QuotestanceError
from quotestance.labels import SIDE, stance_column
from quotestance.preprocess import QUOTES, SPELLINGS

CODE = Path(__file__).with_name("modeling_quotestance.py")
MODEL_TYPE = "quotestance"
SENTIMENT = "sentiment"

_BLANKS = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace())
# Python's \b: Oniguruma's also counts combining marks as part of a word.
_WORD = r"[\p{L}\p{N}_]"
_BOUNDARY = rf"(?:(?<!{_WORD})(?={_WORD})|(?<={_WORD})(?!{_WORD}))"


def to_transformers(model: str | Path, output: Path, target: str = SIDE) -> None:
    """Write the saved pipeline `model` into `output`; it answers for `target`, or sentiment.

    Raises a ModelError, InvalidTargetError for a target that was not trained, and OutputError where
    `output` holds anything but an earlier export.
    """
    pipeline = load(model).pipeline
    config = pipeline.config
    if target not in (*config.targets, SENTIMENT):
        names = ", ".join([*config.targets, SENTIMENT])
        raise InvalidTargetError(f"target {target!r} was not trained; name one of {names}")
    _make_directory(output)
    shutil.copyfile(pipeline.directory / "model.onnx", output / "model.onnx")
    shutil.copyfile(CODE, output / CODE.name)
    vectors = [config.target_vectors[name] for name in config.targets]
    # transformers refuses weights that do not say "pt".
    weights = save({"target_vectors": np.array(vectors, np.float32)}, metadata={"format": "pt"})
    (output / "model.safetensors").write_bytes(weights)
    tokenizer = Tokenizer.from_file(str(pipeline.directory / "tokenizer.json"))
    tokenizer.normalizer = normaliser(tokenizer.normalizer)
    tokenizer.save(str(output / "tokenizer.json"), pretty=False)
    _write_json(output / "tokenizer_config.json", tokenizer_config(tokenizer, config.pad_id))
    # Last, since nothing opens a directory without it: half an export is none.
    _write_json(output / "config.json", model_config(config, target))


def normaliser(last: normalizers.Normalizer | None) -> normalizers.Normalizer:
    """Return `quotestance.preprocess.preprocess` as a normaliser, followed by `last`."""
    replace = normalizers.Replace
    steps: list[normalizers.Normalizer] = [normalizers.NFC()]
    for plain in dict.fromkeys(QUOTES.values()):
        marks = "".join(re.escape(chr(code)) for code, to in QUOTES.items() if to == plain)
        steps.append(replace(Regex(f"[{marks}]"), plain or ""))
    steps += [
        replace(Regex(f"[{_BLANKS}]+"), " "),
        normalizers.Strip(),
        # The marks around the whole statement, each where the other is and none is between.
        replace(Regex(r'\A"(?=[^"]+"\z)|(?<=\A"[^"]+)"\z'), ""),
        normalizers.Strip(),
    ]
    for pattern, spelling in SPELLINGS:
        translated = pattern.pattern.replace(r"\b", _BOUNDARY)
        steps.append(replace(Regex(f"(?i){translated}"), spelling))
    return normalizers.Sequence(steps if last is None else [*steps, last])


def tokenizer_config(tokenizer: Tokenizer, pad_id: int) -> dict[str, Any]:
    """Return `tokenizer_config.json`: no maximum length, since the model reads in windows."""
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_input_names": ["input_ids", "attention_mask"],
        "pad_token": tokenizer.id_to_token(pad_id),
        "clean_up_tokenization_spaces": False,
    }


def model_config(config: PipelineConfig, target: str) -> dict[str, Any]:
    """Return the `config.json` of `transformers` for a saved pipeline and a target."""
    columns = {name: stance_column(name) for name in config.targets} | {SENTIMENT: SENTIMENT}
    labels = config.labels[SENTIMENT if target == SENTIMENT else "stance"]
    module = CODE.stem
    return {
        "model_type": MODEL_TYPE,
        "architectures": ["QuotestanceForSequenceClassification"],
        "auto_map": {
            "AutoConfig": f"{module}.QuotestanceConfig",
            "AutoModelForSequenceClassification": f"{module}.QuotestanceForSequenceClassification",
        },
        "dtype": "float32",
        "problem_type": "single_label_classification",
        "id2label": dict(enumerate(labels)),
        "label2id": {label: number for number, label in enumerate(labels)},
        "target": target,
        "targets": config.targets,
        "target_width": config.target_width,
        "stance_labels": config.labels["stance"],
        "sentiment_labels": config.labels[SENTIMENT],
        "calibrations": {
            name: asdict(config.calibration(column)) for name, column in columns.items()
        },
        "window_length": config.max_length,
        "window_overlap": config.window_overlap,
        "pad_token_id": config.pad_id,
    }


def _make_directory(output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    if any(output.iterdir()) and not _is_export(output):
        raise OutputError(f"{output} holds other files: name a new or an empty directory")


def _is_export(directory: Path) -> bool:
    try:
        document = json.loads((directory / "config.json").read_text(encoding="utf-8"))
        return bool(document["model_type"] == MODEL_TYPE)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write_json(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Export; return 0, or 3 after a one-line error."""
    parser = argparse.ArgumentParser(prog="training.to_transformers", description=__doc__)
    parser.add_argument("model", help='a saved pipeline, or "default" for the one that ships')
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--target", default=SIDE, help='a trained target, or "sentiment"')
    options = parser.parse_args(arguments)
    try:
        to_transformers(options.model, options.output, options.target)
    except (QuotestanceError, OSError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 3
    print(f"{options.output}: open it with transformers.pipeline and trust_remote_code=True")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
