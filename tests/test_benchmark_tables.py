"""The figures in README and docs/SCALING.md are those of the committed measurements."""

import json
from pathlib import Path

from benchmarks.tables import _time, costs, speed

RESULTS = json.loads(Path("benchmarks/results.json").read_text(encoding="utf-8"))
KILLS = json.loads(Path("benchmarks/kills.json").read_text(encoding="utf-8"))


def test_the_documents_have_the_measured_figures():
    assert speed(RESULTS) in Path("README.md").read_text(encoding="utf-8")
    assert costs(RESULTS, KILLS) in Path("docs/SCALING.md").read_text(encoding="utf-8")


def test_costs_follow_from_the_rate():
    results = RESULTS | {"systems": [{**RESULTS["systems"][0], "per_core_second": 100.0}]}
    rest = RESULTS["systems"][1:]
    text = costs(results | {"systems": results["systems"] + rest}, KILLS)
    assert "| 1,000,000 | 2.8 | 83.3 min |" in text


def test_times_are_in_the_unit_that_reads_best():
    assert [_time(x) for x in (0.5, 80, 600, 36_000, 864_000)] == [
        "0.5 s", "80 s", "10 min", "10 h", "10 days",
    ]  # fmt: skip
