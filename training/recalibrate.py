"""Calibrate a pipeline anew: python -m training.recalibrate DIRECTORY -o OUTPUT [--table FILE].

OUTPUT is a copy of the pipeline whose calibrations and abstention thresholds are fitted on FILE, a
labelled table as `evaluate.py --data` reads it, or without one on the project's calibration split.
The weights and so the labels stay what they are. Text of another kind than the project's wants
this: elsewhere the confidences, and what `abstain` promises, are off. Keep a table apart to check.
"""

import argparse
import shutil
import sys
from pathlib import Path

from quotestance import load
from quotestance.classifier import model_directory
from quotestance.config import FILES, read_config
from quotestance.errors import InputFormatError, QuotestanceError
from training import corpus, save
from training.card import renew_calibration
from training.corpus import Example
from training.recipe import Data

FEWEST = 100
"""Fewest labelled statements that a calibration is fitted on."""


def recalibrate(directory: Path, output: Path, examples: list[Example], rows: str) -> None:
    """Write to `output` the pipeline in `directory`, calibrated on `examples`; `rows` says which.

    Raises InputFormatError for too few examples, FileExistsError where `output` is there.
    """
    if len(examples) < FEWEST:
        raise InputFormatError(
            f"{len(examples)} labelled statements are too few to calibrate on, wanted {FEWEST}"
        )
    if output.exists():
        raise FileExistsError(f"{output} is there already: name a new directory")
    config = read_config(directory)
    partial = output.with_name(output.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        for name in FILES:
            shutil.copyfile(directory / name, partial / name)
        save.write_config(partial, save.uncalibrated(config))
        save.write_config(partial, save.with_calibration(config, load(partial), examples))
        renew_calibration(partial, rows)
        partial.rename(output)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def main(arguments: list[str] | None = None) -> int:
    """Recalibrate; exit status 3 for bad data or a bad pipeline."""
    parser = argparse.ArgumentParser(
        prog="python -m training.recalibrate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", help="saved pipeline; default is the one that ships")
    parser.add_argument("-o", "--output", type=Path, required=True, help="new directory")
    parser.add_argument("--table", type=Path, help="labelled CSV, TSV, JSONL or Parquet")
    options = parser.parse_args(arguments)
    try:
        if options.table:
            examples = corpus.own_statements(options.table)
            rows = f"{len(examples):,} labelled statements of the user's"
        else:
            examples, rows = corpus.statements(Data(), "calibration"), "the calibration split"
        recalibrate(model_directory(options.directory), options.output, examples, rows)
    except (QuotestanceError, OSError) as error:
        print(f"recalibrate: {error}", file=sys.stderr)
        return 3
    print(f"{options.output}: calibrated on {len(examples):,} statements")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
