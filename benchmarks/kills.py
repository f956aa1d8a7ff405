"""Kill `quotestance predict` at random moments until it is done, and compare the bytes.

    python -m benchmarks.kills --kills 100 --model models/default

Each run of the command is killed (SIGKILL) after a random time, and resumed, over every output
format in turn, until that many kills have hit. Writes benchmarks/kills.json.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PREDICT = [sys.executable, "-c", "from quotestance.cli import main; main()", "predict"]
FORMATS = ("csv", "tsv.zst", "jsonl", "jsonl.gz", "parquet")


def main() -> None:
    """Run the test and write what it found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rows", type=int, default=9000)
    parser.add_argument("--model", default="models/default")
    parser.add_argument("-o", "--output", default="benchmarks/kills.json")
    options = parser.parse_args()
    counts = {"kills": 0, "finished": 0, "identical": 0}
    draw = random.Random(11)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_input(folder / "in.jsonl", options.rows, draw)
        while counts["kills"] < options.kills:
            for suffix in FORMATS:
                _one(folder, suffix, options, counts=counts, draw=draw)
    result = {"model": options.model, "rows": options.rows, **counts}
    Path(options.output).write_text(json.dumps(result, indent=1) + "\n")
    print(result)
    sys.exit(counts["identical"] != counts["finished"])


def _write_input(path: Path, rows: int, draw: random.Random) -> None:
    words = "we stand with ukraine nato is a threat to peace and the alliance must stop".split()
    with path.open("w") as file:
        for i in range(rows):
            text = " ".join(draw.choices(words, k=draw.randint(2, 9)))
            file.write(json.dumps({"id": i, "text": text if i % 97 else ""}) + "\n")


def _one(
    folder: Path, suffix: str, options: argparse.Namespace, *, counts: dict[str, int],
    draw: random.Random,
) -> None:  # fmt: skip
    whole, output = folder / f"whole.{suffix}", folder / f"out.{suffix}"
    command = [*PREDICT, str(folder / "in.jsonl"), "--model", options.model]
    if not whole.exists():
        began = time.perf_counter()
        subprocess.run([*command, "-o", str(whole)], check=True, capture_output=True)
        (folder / f"{suffix}.seconds").write_text(str(time.perf_counter() - began))
    limit = float((folder / f"{suffix}.seconds").read_text())
    output.unlink(missing_ok=True)
    while counts["kills"] < options.kills:
        process = subprocess.Popen(
            [*command, "-o", str(output), "--resume"], stderr=subprocess.PIPE, text=True
        )
        try:
            process.wait(draw.uniform(0.1, 0.8 * limit))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            counts["kills"] += 1
            continue
        if process.returncode:
            sys.exit(f"{suffix}, after {counts}: {process.communicate()[1]}")
        break
    else:
        subprocess.run([*command, "-o", str(output), "--resume"], check=True, capture_output=True)
    counts["finished"] += 1
    rejects = [Path(f"{path}.rejects.jsonl").read_bytes() for path in (whole, output)]
    same = whole.read_bytes() == output.read_bytes() and rejects[0] == rejects[1]
    counts["identical"] += same


if __name__ == "__main__":
    main()
