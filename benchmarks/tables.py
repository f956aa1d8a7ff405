"""What batch prediction costs, from benchmarks/results.json: python -m benchmarks.tables.

Writes the speed, memory and kill figures and the cost table into docs/SCALING.md between its
`<!-- costs:begin -->` and `<!-- costs:end -->`, and the one-line summary into README.md between
`<!-- speed:begin -->` and `<!-- speed:end -->`.
"""

import json
from pathlib import Path
from typing import Any

from evaluation.marked import replace_marked

SIZES = {
    "10,000 (a day's wire)": 10_000,
    "1,000,000": 1_000_000,
    "10,000,000 (an archive)": 10_000_000,
    "1,000,000,000 (a decade)": 1_000_000_000,
}


def main() -> None:
    """Read the measured files and rewrite both documents."""
    results = json.loads(Path("benchmarks/results.json").read_text(encoding="utf-8"))
    kills = json.loads(Path("benchmarks/kills.json").read_text(encoding="utf-8"))
    replace_marked(Path("docs/SCALING.md"), "costs", costs(results, kills))
    replace_marked(Path("README.md"), "speed", speed(results))


def speed(results: dict[str, Any]) -> str:
    """Return one sentence: rates of the two systems and their ratio."""
    rates = {system["name"]: system for system in results["systems"]}
    ours, pipe = rates["quotestance"], rates["transformers.pipeline"]
    times = results["times_transformers_pipeline"]
    return (
        f"{ours['per_second']:.0f} statements a second on {results['machine']['threads']} cores, "
        f"{times['median']:.1f} times ({times['min']:.1f} to {times['max']:.1f} over the rounds) "
        f"`transformers.pipeline` in float32 on the unpruned six-layer encoder "
        f"({pipe['per_second']:.0f}, {pipe['note']}), which answers {pipe['answers']} where "
        f"quotestance answers {ours['answers']}; the first row of a file comes "
        f"{results['start']['first_row']:.1f} s after the start of the command."
    )


def costs(results: dict[str, Any], kills: dict[str, Any]) -> str:
    """Return the measured figures and the cost table."""
    ours = results["systems"][0]
    rate, cores = ours["per_core_second"], results["machine"]["threads"]
    target = results["cost_per_added_target"]
    lines = [
        speed(results),
        f"The int8 products reach {results['int8']['share']:.0%} of the processor's own rate over "
        f"a whole run; a further target costs {target['median']:.1%} ({target['min']:.1%} to "
        f"{target['max']:.1%}) of a run. {kills['kills']} kills of `{kills['model']}` at random "
        f"moments: {kills['identical']} of {kills['finished']} finished outputs identical.",
        f"The driver reads and writes {results['driver_rows_per_core_second']:,.0f} rows of JSON "
        "Lines a core second beside the network.",
        *(
            f"Peak memory of {row['rows']:,} rows ({row['words']} words each): "
            f"{row['peak_mb']:.0f} MB."
            for row in results.get("memory", ())
        ),
        "Memory is of the last run with `--large --large-words 6`, which may be an earlier one.",
        "",
        f"At {rate:.0f} statements a second of one core's time "
        f"({results['statements']['mean_tokens']:.0f} tokens on the mean):",
        "",
        f"| statements | core hours | {cores} cores | 64 cores |",
        "|---:|---:|---:|---:|",
        *(
            f"| {name} | {_hours(number / rate / 3600)} | {_time(number / rate / cores)} | "
            f"{_time(number / rate / 64)} |"
            for name, number in SIZES.items()
        ),
        "",
        f"Written by `python -m benchmarks.tables` from what `{results['command']}` measured.",
    ]
    return "\n".join(lines)


def _hours(hours: float) -> str:
    return f"{hours:,.0f}" if hours >= 10 else f"{hours:.2g}"


def _time(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


if __name__ == "__main__":
    main()
