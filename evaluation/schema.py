"""The schema of metrics.json: every key with its meaning, the source of docs/EVALUATION.md's table.

`python -m evaluation.schema docs/EVALUATION.md` writes the table between its markers. A part in
angle brackets stands for any name, `[]` for the entries of a list.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evaluation.marked import replace_marked

_RESULT = "results.<data>.<model>.<column>"
_USE = "target_use.<data>.<model>"
_SLICE = "slices.<data>.<column>.[]"
_FAIR = "fairness.<model>.<kind>"
_PAIRS = "minimal_pairs.<data>.<model>"

KEYS: dict[str, str] = {
    "schema_version": "1; rises when a key changes its name or meaning",
    "command": "the command that wrote the file",
    "date": "UTC time of the run",
    "seconds": "wall time of the run",
    "resamples": "bootstrap resamples",
    "seed": "seed of the bootstrap",
    "machine": "system, architecture, processor, cores, Python version",
    "versions.<package>": "version of the package, null where it is not installed",
    "models.<model>": "kind, path and SHA-256 of each model; `sha256` is that of its config, which "
    "holds the hashes of its files, but for the card's, which is written later; the first model is "
    "the one reported on",
    "data.<data>.source": "file, or stand-off annotations with the passages not found",
    "data.<data>.sha256": "hash of ids, texts and labels, the same for any file format",
    "data.<data>.rows": "statements",
    "data.<data>.groups": "groups that the bootstrap draws",
    "data.<data>.labels.<column>": "gold labels counted",
    f"{_RESULT}.n": "statements with a gold label",
    f"{_RESULT}.groups": "groups among them",
    f"{_RESULT}.macro_f1": "mean F1 of the labels that occur in gold",
    f"{_RESULT}.ci": "95 % interval of `macro_f1` (group bootstrap, percentile): [low, high]",
    f"{_RESULT}.accuracy": "share of right labels",
    f"{_RESULT}.accuracy_ci": "its 95 % interval",
    f"{_RESULT}.f_avg": "mean F1 of the first two labels, for and against (SemEval-2016 Task 6)",
    f"{_RESULT}.f_avg_ci": "its 95 % interval",
    f"{_RESULT}.per_class.<label>": "support, precision, recall, f1, each with its interval `_ci`",
    f"{_RESULT}.labels": "label order of `confusion`",
    f"{_RESULT}.confusion": "counts, rows gold, columns answers",
    f"{_RESULT}.ece": "expected calibration error of the answer, 15 bins of equal mass; null for "
    "models that give labels only, as all keys below",
    f"{_RESULT}.ece_floor": "about what a perfectly calibrated model of these confidences would "
    "show on so many rows",
    f"{_RESULT}.ece_ci": "its 95 % interval (basic bootstrap: resampling biases the ECE upward)",
    f"{_RESULT}.brier": "Brier score, summed over the labels: 0 to 2",
    f"{_RESULT}.brier_ci": "its 95 % interval",
    f"{_RESULT}.aurc": "area under the risk-coverage curve, lower is better",
    f"{_RESULT}.aurc_ci": "its 95 % interval",
    f"{_RESULT}.reliability": "per bin: confidence, accuracy, n",
    f"{_RESULT}.risk_coverage": "error rate among the surest share of statements",
    f"{_RESULT}.calibration_per_class": "per label: ece and brier of the label's own probability, "
    "aurc of the answers that gave it",
    "conformal.<data>.<model>": "null without thresholds; else level -> column -> coverage, "
    "set_size, single (share answered with one label), single_accuracy, per_class",
    f"{_USE}.exchanged_drop": "macro-F1 lost when NATO is asked for Ukraine and the reverse, mean "
    "of both; the headline target gap",
    f"{_USE}.masked_drop": "macro-F1 lost when a name that is no target is asked, mean of columns",
    f"{_USE}.split.n": "statements whose NATO and Ukraine labels differ",
    f"{_USE}.split.both_right": "share of them with both labels right",
    f"{_USE}.split.told_apart": "share of them that get two different labels",
    f"{_USE}.columns.<column>.<kind>.macro_f1": "macro-F1 with the target `exchanged` or `masked`",
    f"{_USE}.columns.<column>.<kind>.drop": "what it is below the plain one",
    f"{_USE}.columns.<column>.<kind>.drop_ci": "its 95 % interval",
    f"{_USE}.columns.<column>.<kind>.same_label": "share of answers that did not change",
    f"{_PAIRS}.pairs": "minimal pairs; the entry is null where a set has none",
    f"{_PAIRS}.both_right": "share of pairs, per column whose labels differ, with both right",
    f"{_PAIRS}.both_right_ci": "its 95 % interval (Wilson, over pairs)",
    f"{_PAIRS}.both_right_everywhere": "share of pairs right in every differing column",
    f"{_PAIRS}.both_right_everywhere_ci": "its 95 % interval (Wilson)",
    f"{_PAIRS}.columns": "the same per column",
    f"{_PAIRS}.capabilities": "the same per capability",
    f"{_SLICE}.field": "what the slice is by: origin, source, phenomena, length, year, ...",
    f"{_SLICE}.value": "its value; the slices are the first model's, the worst first",
    f"{_SLICE}.n": "statements",
    f"{_SLICE}.groups": "groups among them",
    f"{_SLICE}.classes": "gold labels that occur; `macro_f1` averages over these",
    f"{_SLICE}.macro_f1": "macro-F1 on the slice",
    f"{_SLICE}.ci": "its 95 % interval",
    f"{_SLICE}.accuracy": "share of right labels",
    f"{_SLICE}.small": "true under 30 statements; under 5 a slice is left out",
    f"{_SLICE}.others.<model>": "macro-F1 of the other models on the slice",
    "comparisons.[].data": "test set of a paired comparison",
    "comparisons.[].column": "its column",
    "comparisons.[].first": "the first model",
    "comparisons.[].second": "the model it is compared with",
    "comparisons.[].difference": "macro-F1 of the first minus the second",
    "comparisons.[].ci": "its 95 % interval (both models on the same resamples)",
    "comparisons.[].p_bootstrap": "two-sided p of the difference over its bootstrap error",
    "comparisons.[].p_bootstrap_holm": "corrected by Holm over all comparisons of the file",
    "comparisons.[].only_first_right": "statements that only the first model has right",
    "comparisons.[].only_second_right": "statements that only the second has right",
    "comparisons.[].p_mcnemar": "exact McNemar test on these two counts",
    "comparisons.[].p_mcnemar_holm": "corrected by Holm over all comparisons of the file",
    "errors.[]": "the first model's surest wrong answers: data, id, text, column, gold, predicted, "
    "probability, phenomena, others, and `words`: [word, fall of the probability without it]",
    "behaviour.<model>.[]": "kind, capability, n, failures, failure_rate, ci (Wilson), examples",
    f"{_FAIR}.frames": "sentences with a slot; <kind> is speaker_name, nationality, outlet, "
    "spelling or symmetric",
    f"{_FAIR}.variants": "sentences with the slot filled",
    f"{_FAIR}.columns.<column>": "flip_rate (labels unlike the frame's usual one), shift (widest "
    "gap in lean within a frame), groups (lean against the frame's mean), examples; with `_ci`",
    "fairness.<model>.symmetric.asked": "false where the model cannot be asked about other targets",
    "fairness.<model>.symmetric.flip_rate": "labels unlike the usual one of the same sentence",
    "fairness.<model>.symmetric.flip_rate_ci": "its 95 % interval (bootstrap over sentences)",
    "fairness.<model>.symmetric.shift": "widest gap in lean among the targets of one sentence",
    "fairness.<model>.symmetric.shift_ci": "its 95 % interval",
    "fairness.<model>.symmetric.targets.<target>": "n, accuracy, lean, with intervals",
    "fairness.<model>.symmetric.bystander_neutral.<target>": "of sentences about the CSTO, the "
    "share that is neutral toward NATO and toward Ukraine",
    "fairness.<model>.symmetric.examples": "sentences whose label flips",
}
"""Path of every key -> what it holds."""


def undocumented(metrics: dict[str, Any]) -> list[str]:
    """Return the paths in `metrics` that no entry of `KEYS` covers."""
    return [path for path, known in _walk(metrics, ()) if not known]


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, bool]]:  # noqa: ANN401
    dotted = "\0".join(path)
    if any(pattern.fullmatch(dotted) for pattern in _PATTERNS):
        yield dotted, True
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*path, str(key)))
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, (*path, "[]"))
    elif value is not None:
        yield ".".join(path), False


def _pattern(path: str) -> re.Pattern[str]:
    parts = ("[^\0]+" if part.startswith("<") else re.escape(part) for part in path.split("."))
    return re.compile("\0".join(parts))


_PATTERNS = [_pattern(path) for path in KEYS]


def table() -> str:
    """Return the schema as a Markdown table."""
    rows = [f"| `{path}` | {meaning} |" for path, meaning in KEYS.items()]
    return "\n".join(["| key | meaning |", "|---|---|", *rows])


if __name__ == "__main__":
    replace_marked(Path(sys.argv[1]), "schema", table())
