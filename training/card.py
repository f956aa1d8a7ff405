"""The model card, written by the run from its own numbers."""

from pathlib import Path
from typing import Any

from quotestance.config import PipelineConfig, read_config
from training.corpus import COLUMNS
from training.save import rehash

TEMPLATE = """# {name}: stance of quoted statements toward NATO and Ukraine

{kind} model, saved pipeline of quotestance {schema}: `model.onnx` (token ids to probabilities),
`tokenizer.json`, `config.json`. Written by `python -m training.train`; do not edit by hand.

## What it answers
Stance (supportive, adversarial, neutral) toward NATO/Ukraine, NATO and Ukraine, and sentiment
(positive, negative, neutral) of one quoted English statement, after `data/CODEBOOK.md`. Other
targets: {zero_shot}.

## What it was made from
{statements:,} training statements (SHA-256 of ids, texts and labels `{data}`), recipe `{recipe}`,
{start}seed {seed}, commit `{commit}`, {machine}; {seconds:,.0f} s. Authored statements were written
for the dataset; annotated ones are passages of public corpora labelled by language-model
annotators.

## Validation (the run chose on this split; the test splits are below, where they were scored)
| macro-F1 | stance | NATO | Ukraine | sentiment |
|---|---|---|---|---|
{validation}

<!-- scores:begin -->
<!-- scores:end -->

## Calibration and abstention
{calibration}

## Size and int8
`model.onnx` has {size:,} bytes. {int8}

## Limits
English only; short statements of one to five sentences; the labels say what the words say, not
what the speaker thinks. The annotated corpora tie style to side; see `docs/report.html` for slices,
behaviour and symmetric tests before relying on it.
"""

CALIBRATION = """Smoothing / temperature (times a factor by the label answered, in the labels'
order), fitted on {rows}: {numbers}; zero_shot is the mean over the stances, not fitted. `abstain`
levels: {levels}."""


def write_card(directory: Path, metrics: dict[str, Any]) -> None:
    """Write `README.md` of a saved pipeline from its config and the run's metrics."""
    config = read_config(directory)
    training = config.training
    rows = [
        "| " + " | ".join([origin, *(_score(columns.get(column)) for column in COLUMNS)]) + " |"
        for origin, columns in metrics["validation"].items()
    ]
    text = TEMPLATE.format(
        name=config.name,
        kind=config.kind.capitalize(),
        schema=f"schema {config.schema_version}",
        zero_shot="zero-shot, uncalibrated" if config.zero_shot == "encoder" else "not trained for",
        statements=training["statements"],
        data=training["data_sha256"],
        recipe=training["recipe"],
        start=_start(training),
        seed=training["seed"],
        commit=training["commit"],
        machine=training["machine"],
        seconds=metrics["seconds"],
        validation="\n".join(rows),
        calibration=_calibrations(config, "the calibration split"),
        size=(directory / "model.onnx").stat().st_size,
        int8=_int8(metrics),
    )
    (directory / "README.md").write_text(text, encoding="utf-8")
    rehash(directory)


def renew_calibration(directory: Path, rows: str) -> None:
    """Write in the card how the pipeline is calibrated now: fitted on `rows`."""
    card = directory / "README.md"
    before, heading, rest = card.read_text(encoding="utf-8").partition(
        "## Calibration and abstention\n"
    )
    after = rest[rest.index("\n\n") :] if heading else ""
    heading = heading or "\n## Calibration and abstention\n"
    new = _calibrations(read_config(directory), rows)
    card.write_text(before + heading + new + (after or "\n"), encoding="utf-8")
    rehash(directory)


def _calibrations(config: PipelineConfig, rows: str) -> str:
    return CALIBRATION.format(
        rows=rows,
        numbers=", ".join(_calibration(config, name) for name in config.temperature),
        levels=", ".join(config.abstention) or "none",
    )


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _start(training: dict[str, Any]) -> str:
    """Return what a run says of the weights that it went on from, and of the user's own rows."""
    said = ""
    if "start" in training:
        said = f"from the weights of `{training['start']}` (`{training['start_sha256'][:12]}`),\n"
    if "own" in training:
        said += f"with {training['own']:,} labelled statements of the user's,\n"
    return said


def _calibration(config: PipelineConfig, column: str) -> str:
    how = config.calibration(column)
    factors = ", ".join(f"{factor:.2f}" for factor in how.by_label)
    return f"{column} {how.smoothing:.3f} / {how.temperature:.2f} ({factors})"


def _int8(metrics: dict[str, Any]) -> str:
    origins = metrics.get("int8_agreement")
    if not origins:
        return "The graph is float32."
    parts = [
        f"{shares['all']:.2%} of all decisions on the {shares['statements']:,} {origin} validation "
        f"statements (stance {shares['stance']:.2%}, sentiment {shares['sentiment']:.2%})"
        for origin, shares in origins.items()
    ]
    return f"Its labels are those of the float32 graph in {' and in '.join(parts)}."
