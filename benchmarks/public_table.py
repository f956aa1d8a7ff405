"""The table of the public benchmarks: what was measured here beside what was published."""

from statistics import fmean, stdev
from typing import Any

from evaluation.card import row, share

Results = dict[str, Any]

COLUMNS: dict[tuple[str, str], str] = {
    ("newsmtsc", "rw"): "NewsMTSC rw",
    ("newsmtsc", "mt"): "NewsMTSC mt",
    ("ruw", "test"): "RUW",
}
"""(benchmark, split) -> heading."""

PUBLISHED: tuple[tuple[str, dict[tuple[str, str], float]], ...] = (
    # Hamborg and Donnay, EACL 2021.
    ("BERT-base, sentence pair", {("newsmtsc", "rw"): 80.1, ("newsmtsc", "mt"): 73.7}),
    ("RoBERTa-base, sentence pair", {("newsmtsc", "rw"): 81.1, ("newsmtsc", "mt"): 79.4}),
    ("GRU-TSC on RoBERTa-base", {("newsmtsc", "rw"): 83.1, ("newsmtsc", "mt"): 82.5}),
    # README of github multi-target/RUW, which does not name its measure.
    ("BERT", {("ruw", "test"): 54.13}),
    ("BERT-A", {("ruw", "test"): 56.40}),
    ("CKD", {("ruw", "test"): 58.74}),
    ("KDCL (no code, unverified)", {("ruw", "test"): 78.21}),
)
"""System -> published macro-F1 in %."""


def table(results: Results) -> str:
    """Return the Markdown table of all results, published ones first, and the lines below it."""
    lines = [row(["system", *COLUMNS.values()]), "|---|" + "---:|" * len(COLUMNS)]
    for name, scores in PUBLISHED:
        cells = [f"{scores[c]:.1f}" if c in scores else "" for c in COLUMNS]
        lines.append(row([name, *cells]))
    for entry in results.values():
        cells = [
            _cell(entry, split) if name == entry["benchmark"] else "" for name, split in COLUMNS
        ]
        lines.append(row([_name(entry), *cells]))
    return "\n".join([*lines, "", _below(results)])


def _name(entry: Results) -> str:
    """Return what a network is: "late attention, six layers", and what its recipe changed."""
    recipe = entry["recipe"]
    layers = {0: "six", 5: "five"}.get(recipe["network"]["layers"], recipe["network"]["layers"])
    started = ", from the model that ships" if recipe["start"] else ""
    name = f"{recipe['kind'].replace('late-', 'late ')}, {layers} layers{started}"
    changes = "".join(f", `{change}`" for change in entry["changes"])
    return name + changes if changes else f"**{name}**"


def _cell(entry: Results, split: str) -> str:
    """Return the mean over seeds, its standard deviation, and the mean bounds of the interval."""
    found = [run["tests"][split] for run in entry["runs"]]
    values = [score["macro_f1"] for score in found]
    interval = [fmean(score["interval"][k] for score in found) for k in (0, 1)]
    spread = f" ± {100 * stdev(values):.1f}" if len(values) > 1 else ""
    mean, _, bounds = share(fmean(values), interval).partition(" ")
    return f"{mean}{spread} {bounds}"


def _below(results: Results) -> str:
    runs = []
    for key, entry in results.items():
        seconds = fmean(run["seconds"] for run in entry["runs"])
        machine = entry["runs"][-1]["machine"]
        where = machine["accelerator"] or f"{machine['threads']} threads of {machine['processor']}"
        count = len(entry["runs"])
        seeds = f"{count} seed{'s' if count > 1 else ''}"
        runs.append(f"{key}: {seeds}, {seconds:.0f} s each on {where}, `{entry['command']}`")
    return (
        "Macro-F1 over the three classes in %, for RUW over both targets pooled; mean over seeds ± "
        "standard deviation, and the 95 % interval over whole articles (NewsMTSC) or tweets (RUW). "
        "Published figures are their authors'; RUW's do not name their measure.\n\n"
        + "\n".join(f"- {line}" for line in runs)
    )
