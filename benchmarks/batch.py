"""Batch prediction against its peers, interleaved, over the same real statements.

    python -m benchmarks.batch --model models/default --linear models/linear

Writes benchmarks/results.json and docs/benchmark.svg. Every rate is the median over rounds in which
the systems take turns, so that other load on the machine meets all of them. `--large` adds peak
memory at 60,000 and 600,000 rows. Whole statements take the network 40 minutes; `--large-words 6`
cuts them to their first words, which leaves rows, outputs and journal as many.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

import quotestance
from benchmarks import peers
from quotestance.batch.job import Work, run
from quotestance.batch.repeats import Plan
from quotestance.batch.setup import Options, prepare
from quotestance.inference import Probabilities
from quotestance.labels import STANCES, TARGETS
from training.corpus import annotated_rows, authored_rows
from training.recipe import Data

MORE_TARGETS = ["European Union", "Russia", "Poland", "sanctions", "the grain deal"]
PREDICT = [sys.executable, "-c", "from quotestance.cli import main; main()", "predict"]


def main() -> None:
    """Run the benchmark and write its results."""
    options = _options()
    test, train = (
        _sample(_rows(split), n) for split, n in (("test", options.rows), ("train", 1500))
    )
    systems = _systems(options, train)
    texts = [row["text"] for row in test]
    rates, core_rates, labels = _take_turns(systems, texts, options.rounds)
    truth = [row["stance"] for row in test]
    results: dict[str, Any] = {
        "command": "python -m benchmarks.batch " + " ".join(sys.argv[1:]),
        "machine": {"processor": platform.processor() or platform.machine(),
                    "threads": options.threads, "load_at_start": os.getloadavg()[0]},
        "statements": {"number": len(texts), "source": test[0]["origin"],
                       "mean_tokens": _mean_tokens(options.model, texts)},
        "systems": [
            _row(s, rates[s.name], labels[s.name], truth)
            | {"per_core_second": median(core_rates[s.name])}
            for s in systems
        ],
    }  # fmt: skip
    ours, pipe = (rates[name] for name in ("quotestance", "transformers.pipeline"))
    pairs = [a / b for a, b in zip(ours, pipe, strict=True)]
    results["times_transformers_pipeline"] = {
        "median": median(pairs), "min": min(pairs), "max": max(pairs),
    }  # fmt: skip
    tokens = results["statements"]["mean_tokens"]
    results["int8"] = _int8_share(options, median(ours) * tokens)
    results["cost_per_added_target"] = _target_cost(options, texts)
    results["start"] = _start(options)
    results["driver_rows_per_core_second"] = _driver_rate(options, texts)
    if options.large:
        results["memory"] = [_memory(options, texts, n) for n in (60_000, 600_000)]
    elif Path(options.output).is_file():  # an earlier run's stay
        before = json.loads(Path(options.output).read_text(encoding="utf-8"))
        results["memory"] = before.get("memory", [])
    Path(options.output).write_text(json.dumps(results, indent=1) + "\n")
    _chart(results["systems"], Path(options.chart))
    print(json.dumps(results, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="models/default")
    parser.add_argument("--linear", default="", help="a saved pipeline of the `linear` recipe")
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--large-model", default="")
    parser.add_argument("--large-words", type=int, default=0, help="0 keeps statements whole")
    parser.add_argument("-o", "--output", default="benchmarks/results.json")
    parser.add_argument("--chart", default="docs/benchmark.svg")
    return parser.parse_args()


def _rows(split: str) -> list[dict[str, Any]]:
    """Return real statements where the corpora are there, else the authored ones."""
    return annotated_rows(Data(), split) or authored_rows(Path("data/statements"), split)


def _sample(rows: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """Return `number` rows of all sources, always the same: files keep one source together."""
    return random.Random(0).sample(rows, min(number, len(rows)))


def _systems(options: argparse.Namespace, train: list[dict[str, Any]]) -> list[peers.Peer]:
    texts, labels = [row["text"] for row in train], [row["stance"] for row in train]
    systems = [
        peers.saved("quotestance", options.model, options.threads),
        peers.transformers_pipeline(texts, labels, options.threads),
        peers.sentence_transformers(texts, labels, options.threads),
    ]
    if options.linear:
        systems.append(peers.saved("quotestance linear", options.linear, options.threads))
    return systems


def _take_turns(
    systems: list[peers.Peer], texts: list[str], rounds: int
) -> tuple[dict[str, list[float]], dict[str, list[float]], dict[str, list[str]]]:
    """Return statements per second and per core second of each round, and the last labels."""
    rates: dict[str, list[float]] = {system.name: [] for system in systems}
    core_rates: dict[str, list[float]] = {system.name: [] for system in systems}
    labels = {}
    for system in systems:
        system.label(texts[:32])  # warm
    for _ in range(rounds):
        for system in systems:
            began, used = perf_counter(), process_time()
            labels[system.name] = system.label(texts)
            rates[system.name].append(len(texts) / (perf_counter() - began))
            core_rates[system.name].append(len(texts) / (process_time() - used))
    return rates, core_rates, labels


def _row(
    system: peers.Peer, rates: list[float], labels: list[str], truth: list[str]
) -> dict[str, Any]:
    f1 = f1_score(truth, labels, labels=list(STANCES), average="macro")
    return {
        "name": system.name, "answers": system.answers, "note": system.note,
        "per_second": median(rates), "min": min(rates), "max": max(rates), "macro_f1": f1,
    }  # fmt: skip


def _mean_tokens(model: str, texts: list[str]) -> float:
    return float(np.mean([len(ids) for ids in quotestance.load(model).pipeline.encode(texts)]))


def _int8_share(options: argparse.Namespace, rate: float) -> dict[str, float]:
    """Return int8 operations done at `rate` tokens per second, and the kernel's own peak."""
    peak = _int8_peak(options.threads)
    each = _operations(quotestance.load(options.model).pipeline.directory / "model.onnx")
    return {
        "operations_per_token": each, "done_per_second": rate * each,
        "peak_per_second": peak, "share": rate * each / peak,
    }  # fmt: skip


def _operations(path: Path) -> int:
    """Return the operations per token of a hand-built graph: its int8 products that read tokens.

    Products that read the few queries (names with `layers.` in front) are left out.
    """
    import onnx

    graph = onnx.load(str(path)).graph
    shapes = {tensor.name: tensor.dims for tensor in graph.initializer}
    weights = [node.input[1] for node in graph.node if node.op_type == "MatMulIntegerToFloat"]
    read = [name for name in weights if not name.startswith("layers.")]
    return sum(2 * int(np.prod(shapes[name])) for name in read)


def _int8_peak(threads: int) -> float:
    """Return operations per second of one large int8 product, the best of many runs."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    rows, inner, columns = 1024, 384, 1536
    weight = np.random.default_rng(0).integers(-127, 127, (inner, columns)).astype(np.int8)
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["a", "w"], ["y"])],
        "peak",
        [value("a", TensorProto.UINT8, [rows, inner])],
        [value("y", TensorProto.INT32, [rows, columns])],
        [numpy_helper.from_array(weight, "w")],
    )
    model = onnx.helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 10
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    data = np.random.default_rng(1).integers(0, 255, (rows, inner)).astype(np.uint8)
    times = []
    for _ in range(60):
        began = perf_counter()
        session.run(None, {"a": data})
        times.append(perf_counter() - began)
    return 2.0 * rows * inner * columns / min(times)


def _target_cost(options: argparse.Namespace, texts: list[str]) -> dict[str, float]:
    """Return how much longer a run takes per target beyond the three, measured in turns."""
    classifier = quotestance.load(options.model, threads=options.threads)
    shares = []
    for _ in range(options.rounds):
        times = []
        for targets in (TARGETS, [*TARGETS, *MORE_TARGETS]):
            classifier.probabilities(texts[:8], targets)
            began = perf_counter()
            classifier.probabilities(texts, targets)
            times.append(perf_counter() - began)
        shares.append((times[1] / times[0] - 1) / len(MORE_TARGETS))
    return {"median": median(shares), "min": min(shares), "max": max(shares)}


def _start(options: argparse.Namespace) -> dict[str, float]:
    """Return seconds of whole processes: the import, and a file of one row."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "one.csv"
        source.write_text("text\nWe must and we will continue to support Ukraine.\n")
        command = [*PREDICT, str(source), "-o", f"{folder}/out.csv", "--model", options.model]
        bare = [sys.executable, "-c", "pass"]
        importing = [sys.executable, "-c", "import quotestance; quotestance.load"]
        names = {"python": bare, "import": importing, "first_row": command}
        return {name: min(_seconds(line) for _ in range(5)) for name, line in names.items()}


def _seconds(command: list[str]) -> float:
    began = perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return perf_counter() - began


class _Instant:
    """An engine that answers at once: what is left is reading, looking up and writing."""

    def run(self, work: Work) -> Iterator[tuple[Plan, Probabilities]]:
        """Yield each plan with equal probabilities."""
        for plan in work.plans():
            third = np.full((len(plan.new), len(TARGETS), 3), 1 / 3, np.float32)
            yield plan, Probabilities(third, third[:, 0])


def _driver_rate(options: argparse.Namespace, texts: list[str], number: int = 40_000) -> float:
    """Return rows of JSON Lines per core second without inference."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "many.jsonl"
        _write_rows(source, texts, number)
        setup = Options([str(source)], Path(folder) / "out.jsonl", model=options.model)
        with prepare(setup) as job:
            began = process_time()
            run(job, _Instant())
            return number / (process_time() - began)


def _write_rows(path: Path, texts: list[str], number: int) -> None:
    with path.open("w") as file:
        for i in range(number):
            file.write(json.dumps({"id": i, "text": f"{texts[i % len(texts)]} ({i})"}) + "\n")


def _memory(options: argparse.Namespace, texts: list[str], number: int) -> dict[str, Any]:
    """Return the peak memory of the command over `number` different statements, in MB."""
    words = options.large_words or None
    texts = [" ".join(text.split()[:words]) for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "many.jsonl"
        _write_rows(source, texts, number)
        model = options.large_model or options.model
        command = [*PREDICT, str(source), "-o", f"{folder}/out.jsonl", "--model", model]
        measured = f"import resource, subprocess, sys; subprocess.run({command!r}, check=True); "
        measured += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        began = perf_counter()
        found = subprocess.run([sys.executable, "-c", measured], check=True, capture_output=True)
        seconds = perf_counter() - began
        size = os.path.getsize(f"{folder}/out.jsonl") / 1e6
    peak = int(found.stdout) * 1024 / 1e6
    return {
        "rows": number, "model": model, "words": options.large_words or "all", "peak_mb": peak,
        "seconds": seconds, "output_mb": size,
    }  # fmt: skip


def _chart(systems: list[dict[str, Any]], path: Path) -> None:
    """Draw statements per second against macro-F1."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "quotestance"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4))
    for number, row in enumerate(systems):
        axes.scatter(row["per_second"], row["macro_f1"], s=70, marker="oDs^"[number % 4])
        label = f"{row['name']}\n{row['per_second']:,.0f}/s, {row['answers']}"
        axes.annotate(label, (row["per_second"], row["macro_f1"]), xytext=(8, -4),
                      textcoords="offset points", fontsize=8)  # fmt: skip
    axes.set_xscale("log")
    axes.margins(0.25)
    axes.set_xlabel("statements per second, two cores (logarithmic)")
    axes.set_ylabel("macro-F1, joint stance, real test split")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
