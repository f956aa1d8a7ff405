"""`quotestance info`: what a saved pipeline is."""

from typing import Annotated

import typer


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

    from quotestance.classifier import model_directory
    from quotestance.config import FILES, read_config

    directory = model_directory(model)
    config = read_config(directory)
    table = Table(title=f"{config.name} ({config.kind})", show_header=False, title_justify="left")
    table.add_row("path", str(directory))
    table.add_row("targets", ", ".join(config.targets) + f"; others: {config.zero_shot}")
    table.add_row("stance", ", ".join(config.labels["stance"]))
    table.add_row("sentiment", ", ".join(config.labels["sentiment"]))
    table.add_row("windows", f"{config.max_length} tokens, overlap {config.window_overlap}")
    table.add_row("abstention", ", ".join(config.abstention) or "none")
    table.add_row("temperature", _pairs(config.temperature))
    if config.smoothing:
        table.add_row("smoothing", _pairs(config.smoothing))
    for column, factors in config.label_temperature.items():
        stances = config.labels["sentiment" if column == "sentiment" else "stance"]
        table.add_row(
            f"temperature by label, {column}", _pairs(dict(zip(stances, factors, strict=True)))
        )
    for name in FILES:
        size = (directory / name).stat().st_size
        table.add_row(name, f"{size:,} bytes, sha256 {config.files[name][:16]}…")
    for name, value in config.training.items():
        table.add_row(f"training {name}", str(value))
    for split, scores in config.scores.items():
        table.add_row(f"macro-F1 {split}", _pairs(scores))
    Console().print(table)


def _pairs(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in values.items())
