"""`quotestance info`: what a saved pipeline is."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from quotestance.config import PipelineConfig


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(info)


def info(
    model: Annotated[
        str, typer.Argument(help="Directory of a saved pipeline; the shipped one if left out.")
    ] = "default",
) -> None:
    """Show a saved pipeline's labels, targets, sizes, hashes and measured scores."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from quotestance.classifier import model_directory
    from quotestance.config import read_config

    directory = model_directory(model)
    config = read_config(directory)
    title = Text(f"{config.name} ({config.kind})")
    table = Table(title=title, show_header=False, title_justify="left")
    for name, value in _rows(directory, config):
        # As Text, since Rich would take "[v2]" in a name for markup.
        table.add_row(Text(name), Text(value))
    Console().print(table)


def _rows(directory: Path, config: "PipelineConfig") -> Iterator[tuple[str, str]]:
    from quotestance.config import FILES

    yield "path", str(directory)
    yield "targets", ", ".join(config.targets) + f"; others: {config.zero_shot}"
    yield "stance", ", ".join(config.labels["stance"])
    yield "sentiment", ", ".join(config.labels["sentiment"])
    yield "windows", f"{config.max_length} tokens, overlap {config.window_overlap}"
    yield "abstention", ", ".join(config.abstention) or "none"
    yield "temperature", _pairs(config.temperature)
    if config.smoothing:
        yield "smoothing", _pairs(config.smoothing)
    for column, factors in config.label_temperature.items():
        labels = config.labels["sentiment" if column == "sentiment" else "stance"]
        yield f"temperature by label, {column}", _pairs(dict(zip(labels, factors, strict=True)))
    for name in FILES:
        size = (directory / name).stat().st_size
        yield name, f"{size:,} bytes, sha256 {config.files[name][:16]}…"
    for name, value in config.training.items():
        yield f"training {name}", str(value)
    for split, scores in config.scores.items():
        yield f"macro-F1 {split}", _pairs(scores)


def _pairs(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in values.items())
