"""`--engine ray`: two workers, one killed in the middle, give the bytes of the local engine."""

import random
import subprocess
import sys
import time

import psutil
import pytest

pytest.importorskip("ray.data")

COMMAND = [sys.executable, "-c", "from quotestance.cli import main; main()", "predict", "in.csv"]


def workers_of(process):
    return [p for p in psutil.Process(process.pid).children(recursive=True) if is_worker(p)]


def is_worker(process):
    try:
        return "MapWorker" in " ".join(process.cmdline())
    except psutil.Error:
        return False


@pytest.mark.timeout(600)
def test_a_killed_worker_costs_nothing_but_time(tiny_model, tmp_path):
    draw = random.Random(3)
    words = "we stand with ukraine nato is a threat to peace".split()
    rows = (" ".join(draw.choices(words, k=6)) for _ in range(24_000))
    (tmp_path / "in.csv").write_text("text\n" + "".join(f"{row}\n" for row in rows) + "\n\n,\n")
    command = [*COMMAND, "--model", tiny_model]
    subprocess.run([*command, "-o", "local.csv"], cwd=tmp_path, check=True, timeout=120)

    ray = [*command, "-o", "ray.csv", "--engine", "ray", "--threads", "2"]
    process = subprocess.Popen(ray, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    journal = tmp_path / "ray.csv.partial" / "journal"
    while not (journal.exists() and journal.read_bytes().count(b"\n") > 1):
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.02)
    killed = workers_of(process)[0]
    killed.kill()
    message = process.communicate(timeout=500)[1]

    assert process.returncode == 0, message
    # Ray's core writes lines of its own before ours.
    assert message.splitlines()[-1].startswith("quotestance: 24,000 rows predicted, 3 rejected")
    assert (tmp_path / "ray.csv").read_bytes() == (tmp_path / "local.csv").read_bytes()
    for name in ("local.csv", "ray.csv"):
        assert (tmp_path / f"{name}.rejects.jsonl").read_text().count("\n") == 3
