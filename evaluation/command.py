"""The command line of `evaluate.py`."""

import json
import re
import sys
import time
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer

from evaluation.baselines import Majority, Vader
from evaluation.data import Dataset, make_dataset
from evaluation.gates import parse_gate
from evaluation.intervals import RESAMPLES, SEED
from evaluation.label_errors import write_suspects
from evaluation.predictions import PredictionTable
from evaluation.provenance import provenance
from evaluation.run import Options, evaluate
from evaluation.scorers import SavedModel, Scorer
from evaluation.terminal import show
from evaluation.testsets import CHALLENGE, open_test_set, open_test_sets
from quotestance.errors import (
    InputNotFoundError,
    MissingExtraError,
    OutputError,
    QuotestanceError,
)

EXIT_FAILED_LIMIT, EXIT_BAD_INPUT = 1, 3

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def run(
    models: Annotated[
        list[str] | None,
        typer.Argument(help="Saved pipelines, 'majority' or 'vader'; the shipped model if none."),
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(help="Labelled file, authored-test, annotated-test, challenge; repeatable."),
    ] = None,
    predictions: Annotated[
        list[Path] | None, typer.Option(help="Table of another tool's predictions; repeatable.")
    ] = None,
    prefix: Annotated[
        str, typer.Option(help="Of the predictions' columns, as predict --prefix writes them.")
    ] = "",
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the results.")] = Path(
        "evaluation-results"
    ),
    corpora: Annotated[Path | None, typer.Option(help="Folder of the public corpora.")] = None,
    fail_under: Annotated[
        list[str] | None, typer.Option(help="[DATA:][COLUMN.]SCORE=LIMIT; exit 1 below it.")
    ] = None,
    fail_over: Annotated[
        list[str] | None, typer.Option(help="The same for ece, brier, aurc; exit 1 above it.")
    ] = None,
    label_errors: Annotated[
        Path | None, typer.Option(help="Write suspected label errors to this JSONL file.")
    ] = None,
    resamples: Annotated[int, typer.Option(min=1000, help="Bootstrap resamples.")] = RESAMPLES,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = SEED,
    suites: Annotated[bool, typer.Option(help="Run the behaviour and fairness suites.")] = True,
    debug: Annotated[bool, typer.Option("--debug", help="Show an error's traceback.")] = False,
) -> None:
    """Score models side by side: intervals, calibration, target use, slices, suites, a report."""
    started = time.perf_counter()
    gates = [parse_gate(text) for text in fail_under or []]
    gates += [parse_gate(text, over=True) for text in fail_over or []]
    sets = open_test_sets(data or [], corpora)
    scorers = open_scorers(models or [], predictions or [], sets=sets, prefix=prefix)
    challenge = CHALLENGE if suites else None
    options = Options(resamples, seed, challenge, label_errors=label_errors is not None)
    found = evaluate(scorers, sets, options=options, progress=_progress)
    metrics = provenance(scorers, sets) | {"resamples": resamples, "seed": seed} | found.metrics
    metrics["seconds"] = round(time.perf_counter() - started, 2)
    _progress("")
    write_results(metrics, output)
    if label_errors is not None:
        write_suspects(found.suspects, label_errors)
    show(metrics)
    failures = [line for gate in gates for line in gate.failures(metrics)]
    for line in failures:
        typer.echo(f"evaluate: {line}", err=True)
    if failures:
        raise typer.Exit(EXIT_FAILED_LIMIT)


def open_scorers(
    models: list[str], predictions: list[Path], *, sets: list[Dataset], prefix: str = ""
) -> list[Scorer]:
    """Return the models in the order given, then the tables of predictions."""
    if not models and not predictions:
        models = ["default"]
    scorers: list[Scorer] = [_open_model(name, sets) for name in dict.fromkeys(models)]
    scorers += [PredictionTable(path, prefix=prefix) for path in predictions]
    names = [scorer.name for scorer in scorers]
    for scorer, given in zip(scorers, [*dict.fromkeys(models), *predictions], strict=True):
        if names.count(scorer.name) > 1:
            scorer.name = str(given)
    return scorers


def _open_model(name: str, sets: list[Dataset]) -> Scorer:
    if name == "vader":
        return Vader()
    if name == "majority" and not Path(name).exists():
        return Majority(_training_labels(sets))
    return SavedModel(name)


def _training_labels(sets: list[Dataset]) -> Dataset:
    try:
        return open_test_set("authored-train", None)
    except InputNotFoundError:
        rows = [row for data in sets for row in data.rows]
        return make_dataset("evaluated data", rows, source="the evaluated data itself")


def write_results(metrics: dict[str, Any], output: Path) -> None:
    """Write metrics.json and report.html; raise OutputError where that is not possible."""
    metrics = rounded(metrics)
    text = as_json(metrics)
    page = _page(metrics)
    try:
        output.mkdir(parents=True, exist_ok=True)
        (output / "metrics.json").write_text(text + "\n", encoding="utf-8")
        (output / "report.html").write_text(page, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write to {output}: {error}") from error


def as_json(metrics: dict[str, Any]) -> str:
    """Return indented JSON with lists of numbers on one line: half the size, better to read."""
    text = json.dumps(metrics, indent=1, ensure_ascii=False, allow_nan=False)
    # No string of JSON holds a line break, so this meets lists only.
    return re.sub(r"\[\n[\s\d.,e+-]+\]", lambda found: "".join(found[0].split()), text)


def _page(metrics: dict[str, Any]) -> str:
    try:
        from evaluation.report import render_report
    except ImportError as error:
        raise MissingExtraError(
            "report.html needs jinja2: pip install 'quotestance[train]'"
        ) from error
    return render_report(metrics)


def rounded(value: Any) -> Any:  # noqa: ANN401
    """Return nested metrics with floats of six decimals: what the data can carry, and readable."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return round(value, 6) if isinstance(value, float) else value


def _progress(step: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r\x1b[2K{step}", err=True, nl=False)


def main() -> None:
    """Run the command; every expected fault is one line and exit status 3."""
    try:
        app(prog_name="evaluate.py")
    except (QuotestanceError, OSError) as error:
        if "--debug" in sys.argv:
            traceback.print_exc()
        typer.echo(f"evaluate: {' '.join(str(error).split())}", err=True)
        sys.exit(EXIT_BAD_INPUT)
    except KeyboardInterrupt:
        typer.echo("evaluate: interrupted", err=True)
        sys.exit(130)
