"""The table of runs on different data, from a metrics.json of two models."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation.growth import app, growth_table

ROOT = Path(__file__).parents[1]


def scores(*values):
    columns = ("stance", "stance_nato", "stance_ukraine", "sentiment")
    return {
        column: {"macro_f1": value, "ci": [value - 0.02, value + 0.03]}
        for column, value in zip(columns, values, strict=False)
    }


METRICS = {
    "schema_version": 1,
    "date": "2026-11-24T10:00:00Z",
    "command": "python evaluate.py half whole",
    "models": {"half": {}, "whole": {}},
    "results": {
        "pairs": {"whole": scores(0.6, 0.7, 0.65, 0.5), "half": scores(0.5, 0.6, 0.55, 0.4)},
        "mine": {"half": scores(0.711)},
    },
    "minimal_pairs": {
        "pairs": {
            "half": {"both_right": 0.25, "both_right_ci": [0.2, 0.3]},
            "whole": {"both_right": 0.4, "both_right_ci": None},
        },
        "mine": {"half": None},
    },
}
MARKERS = "before\n<!-- growth:begin -->\nold\n<!-- growth:end -->\nafter\n"


@pytest.fixture
def measured(tmp_path):
    (tmp_path / "metrics.json").write_text(json.dumps(METRICS))
    return tmp_path / "metrics.json"


def test_a_row_for_each_model_and_test_set_that_it_was_asked():
    lines = growth_table(METRICS).splitlines()
    assert (
        lines[0] == "| trained on | test set | NATO/Ukraine | NATO | Ukraine | Sentiment | pairs |"
    )
    assert lines[1].count("---") == 7
    assert lines[2:5] == [
        "| half | pairs | 50.0 (48.0–53.0) | 60.0 (58.0–63.0) | 55.0 (53.0–58.0) "
        "| 40.0 (38.0–43.0) | 25.0 (20.0–30.0) |",
        "| half | mine | 71.1 (69.1–74.1) | – | – | – | – |",
        "| whole | pairs | 60.0 (58.0–63.0) | 70.0 (68.0–73.0) | 65.0 (63.0–68.0) "
        "| 50.0 (48.0–53.0) | 40.0 |",
    ]
    assert lines[-1] == "Measured on 2026-11-24 by `python evaluate.py half whole`."


def test_the_command_writes_between_the_markers(tmp_path, measured):
    document = tmp_path / "notes.md"
    document.write_text(MARKERS)
    done = CliRunner().invoke(app, [str(document), str(measured)])
    assert done.exit_code == 0, done.output
    text = document.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert growth_table(METRICS) in text


@pytest.mark.parametrize(
    ("text", "metrics", "message"),
    [
        ("no markers", json.dumps(METRICS), "notes.md wants exactly one pair of <!-- growth:begin"),
        (MARKERS + MARKERS, json.dumps(METRICS), "wants exactly one pair"),
        (None, json.dumps(METRICS), "no file notes.md: name a Markdown file with growth markers"),
        (MARKERS, None, "no file metrics.json: write it with 'python evaluate.py -o DIR'"),
        (MARKERS, "{}", "metrics.json is not a metrics.json of evaluate.py"),
    ],
    ids=("no markers", "markers twice", "no document", "no metrics", "other metrics"),
)
def test_bad_input_is_one_line_and_status_3(tmp_path, text, metrics, message):
    for name, content in (("notes.md", text), ("metrics.json", metrics)):
        if content is not None:
            (tmp_path / name).write_text(content)
    done = subprocess.run(
        [sys.executable, "-m", "evaluation.growth", "notes.md", "metrics.json"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert message in done.stderr
    assert done.stderr.startswith("growth: ") and done.stderr.count("\n") == 1
    assert text is None or (tmp_path / "notes.md").read_text() == text
