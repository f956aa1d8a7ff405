"""A run that is killed anywhere goes on with --resume, and its output has the same bytes."""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from quotestance.batch import chunks, parquet, repeats
from quotestance.batch.columns import Layout
from quotestance.batch.formats import parse_format
from quotestance.batch.job import Job, run
from quotestance.batch.journal import Journal
from quotestance.batch.local import LocalEngine
from quotestance.batch.source import InputFile, Source
from quotestance.errors import InputError, OutputError, ResumeError
from quotestance.labels import TARGETS
from quotestance.pipeline import SavedPipeline

OUTPUTS = ["out.csv", "out.csv.gz", "out.jsonl.zst", "out.parquet"]


class Kill(BaseException):
    """The end of the process, as a test can survive it."""


@pytest.fixture(scope="module")
def engine(tiny_model):
    return LocalEngine(SavedPipeline(tiny_model, threads=2), TARGETS)


@pytest.fixture
def job(tmp_path, monkeypatch):
    """Make a job over 400 rows in chunks of 8 and 40, with repeats near and far, and bad rows."""
    monkeypatch.setattr(chunks, "FIRST_CHUNK", 8)
    for module in (chunks, parquet):
        monkeypatch.setattr(module, "CHUNK", 40)
    monkeypatch.setattr(repeats, "WINDOW", 4)
    source = tmp_path / "in.jsonl"
    words = "we stand with ukraine nato is a threat to peace".split()
    draw = random.Random(7)
    lines = [json.dumps({"text": " ".join(draw.choices(words, k=3))}) for _ in range(398)]
    source.write_text("\n".join([*lines[:100], "broken", *lines[100:], '{"text": ""}']) + "\n")

    def make(name, **changes):
        layout = Layout(TARGETS, **changes)
        files = (InputFile(source, source.name),)
        read = Source(files, parse_format(source.name), "text", layout.names())
        return Job(read, layout, tmp_path / name, parse_format(name), "hash of the model")

    return make


@pytest.fixture
def deadly(monkeypatch):
    """Let the n-th call of os.fsync from now be the last."""
    real = os.fsync

    def arm(number, error=None):
        left = [number]

        def fsync(descriptor):
            left[0] -= 1
            if not left[0]:
                raise error or Kill
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)

    return arm


def results(job):
    return [path.read_bytes() for path in (job.output, job.rejects)]


@pytest.mark.parametrize("name", OUTPUTS)
def test_killed_at_every_write_the_output_has_the_same_bytes(job, engine, deadly, name):
    deadly(10**9)
    whole = run(job(f"whole-{name}"), engine)
    killed = job(name)
    for number in range(1, 60):
        deadly(number)
        try:
            summary = run(killed, engine, resume=True)
        except Kill:
            tear(killed)
            assert not killed.output.exists()
        else:
            break
    assert number > 5 and summary.resumed > 0
    assert results(killed) == results(job(f"whole-{name}"))
    assert (summary.rows, summary.rejected, summary.repeated) == (400, 2, whole.repeated)
    assert not killed.output.with_name(f"{name}.partial").exists()


def tear(job):
    """Leave what a write that was cut off leaves: bytes that no journal line vouches for."""
    folder = job.output.with_name(job.output.name + ".partial")
    for name in ("pieces", "rejects"):
        with (folder / name).open("ab") as file:
            file.write(b"half a pie")
    with (folder / "journal").open("ab") as file:
        file.write(b'{"pieces": 12')


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_while_the_output_is_put_in_place(job, engine, monkeypatch, moment, name):
    run(job(f"whole-{name}"), engine)
    real = os.replace

    def replace(source, target):
        if str(target).endswith(f"/{name}"):
            if moment == "after":
                real(source, target)
            raise Kill
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(Kill):
        run(job(name), engine)
    monkeypatch.setattr(os, "replace", real)
    assert run(job(name), engine, resume=True).rows == 400
    assert results(job(name)) == results(job(f"whole-{name}"))


def test_killed_while_the_folder_is_removed(job, engine, monkeypatch):
    run(job("whole.csv"), engine)
    output = job("out.csv").output
    manifest = output.with_name("out.csv.partial") / "manifest.json"
    real = {name: getattr(os, name) for name in ("unlink", "rmdir")}

    def arm(number):
        left = [number]

        def deadly(name):
            def call(*arguments, **options):
                left[0] -= output.exists()
                if output.exists() and not left[0]:
                    raise Kill
                return real[name](*arguments, **options)

            return call

        for name in real:
            monkeypatch.setattr(os, name, deadly(name))

    for number in range(1, 60):
        output.unlink(missing_ok=True)
        arm(number)
        try:
            run(job("out.csv"), engine)
        except Kill:
            arm(10**9)
            assert manifest.exists() is (number == 1)  # without it nothing can be taken for a run
            assert results(job("out.csv")) == results(job("whole.csv"))
            assert run(job("out.csv"), engine, resume=True).rows == 400
            assert results(job("out.csv")) == results(job("whole.csv"))
        else:
            break
        arm(10**9)
    assert number > 5 and not manifest.parent.exists()


def stopped(job, engine, deadly, number=9):
    deadly(number)
    with pytest.raises(Kill):
        run(job, engine)
    deadly(10**9)


def test_a_resumed_run_computes_what_the_uninterrupted_one_does(job, engine, deadly):
    class Watched(LocalEngine):
        def run(self, work):
            for plan, result in super().run(work):
                computed.append(plan.new)
                yield plan, result

    watched = Watched(engine._pipeline, TARGETS)
    computed = []
    run(job("whole.csv"), watched)
    every, computed = computed, []
    stopped(job("out.csv"), engine, deadly, 28)
    run(job("out.csv"), watched, resume=True)
    assert 0 < len(computed) < len(every) - 4  # more than the memory holds were done before
    assert computed == every[-len(computed) :]


@pytest.mark.parametrize("what", ["input", "model", "options"])
def test_a_changed_input_model_or_option_is_refused(job, engine, deadly, what):
    stopped(job("out.csv"), engine, deadly)
    changed = job("out.csv", probabilities=what == "options")
    if what == "model":
        changed = Job(changed.source, changed.layout, changed.output, changed.format, "another")
    path = changed.source.files[0].path
    text = path.read_bytes()
    if what == "input":
        path.write_bytes(text.replace(b"nato", b"NATO"))
    with pytest.raises(ResumeError, match=f"had another {what}"):
        run(changed, engine, resume=True)
    path.write_bytes(text)
    run(job("out.csv"), engine, resume=True)
    run(job("whole.csv"), engine)
    assert results(job("out.csv")) == results(job("whole.csv"))


def test_without_resume_a_run_starts_over(job, engine, deadly):
    stopped(job("out.csv"), engine, deadly)
    assert run(job("out.csv", probabilities=True), engine).resumed == 0


def test_a_full_disk_is_one_clear_error_and_resume_works(job, engine, deadly):
    deadly(12, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(OutputError, match=r"No space left on device.*--resume"):
        run(job("out.jsonl"), engine)
    assert not job("out.jsonl").output.exists()
    deadly(10**9)
    assert run(job("out.jsonl"), engine, resume=True).resumed > 0
    run(job("whole.jsonl"), engine)
    assert results(job("out.jsonl")) == results(job("whole.jsonl"))


@pytest.mark.parametrize("change", ["removed", "grown"])
def test_an_input_that_changes_under_the_run_is_noticed(job, engine, change):
    path = job("out.csv").source.files[0].path
    text = path.read_bytes()

    def meddle(rows):
        if rows == 48:
            path.unlink() if change == "removed" else path.write_bytes(text + b'{"text": "We"}\n')

    with pytest.raises(InputError, match="changed or removed"):
        run(job("out.csv"), engine, progress=meddle)
    path.write_bytes(text)
    run(job("out.csv"), engine, resume=True)
    run(job("whole.csv"), engine)
    assert results(job("out.csv")) == results(job("whole.csv"))


def test_two_runs_on_one_output_are_kept_apart(job, engine):
    with Journal(job("out.csv").output) as other:
        other.open({}, start=b"", resume=False)
        with pytest.raises(OutputError, match="another run is writing"):
            run(job("out.csv"), engine)


def test_the_lock_holds_until_the_output_is_in_place(job, engine, monkeypatch):
    real, tried = os.replace, []

    def replace(source, target):
        real(source, target)
        if str(target).endswith(("/out.csv", "/out.csv.rejects.jsonl")):
            tried.append(target)
            with Journal(job("out.csv").output) as other:
                with pytest.raises(OutputError, match="another run is writing"):
                    other.open({}, start=b"", resume=True)

    monkeypatch.setattr(os, "replace", replace)
    assert run(job("out.csv"), engine).rows == 400 and len(tried) == 2


def test_the_lock_of_a_run_that_just_ended_is_none(job, monkeypatch):
    import fcntl

    output, real = job("out.csv").output, fcntl.flock

    def flock(file, flags):
        shutil.rmtree(output.with_name("out.csv.partial"))
        real(file, flags)

    monkeypatch.setattr(fcntl, "flock", flock)
    with Journal(output) as journal, pytest.raises(OutputError, match="another run is writing"):
        journal.open({}, start=b"", resume=False)


@pytest.mark.parametrize("line", [b"nonsense\n", b"{}\n", b"[1]\n", b"\xff\n"])
@pytest.mark.parametrize("name", ["journal", "manifest.json"])
def test_a_damaged_journal_is_one_clear_error(job, engine, deadly, name, line):
    stopped(job("out.csv"), engine, deadly)
    folder = job("out.csv").output.with_name("out.csv.partial")
    (folder / name).write_bytes(line)
    with pytest.raises(ResumeError, match="without --resume"):
        run(job("out.csv"), engine, resume=True)
    assert run(job("out.csv"), engine).rows == 400


@pytest.mark.parametrize("harm", ["gone", "cut off"])
def test_a_damaged_memory_is_one_clear_error(job, engine, deadly, harm):
    stopped(job("out.csv"), engine, deadly)
    kept = sorted((job("out.csv").output.with_name("out.csv.partial") / "known").glob("*.npz"))
    for path in kept:
        if harm == "gone":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:50])
    assert kept
    with pytest.raises(ResumeError, match="without --resume"):
        run(job("out.csv"), engine, resume=True)
    assert run(job("out.csv"), engine).rows == 400


def test_packages_of_another_name_or_none_do(job, monkeypatch):
    def found(name):
        if name in ("quotestance", "onnxruntime"):
            raise PackageNotFoundError(name)
        return version(name)

    before = job("out.csv").manifest()
    monkeypatch.setattr("quotestance.batch.job.version", found)
    assert job("out.csv").manifest() == before and before["software"]["onnxruntime"]


@pytest.mark.parametrize(
    "end, status", [(signal.SIGKILL, -9), (signal.SIGINT, 130), (signal.SIGTERM, 130)]
)
def test_a_killed_process_resumes(tiny_model, tmp_path, end, status):
    rows = (f"{i},We stand with Ukraine {i % 9000}\n" for i in range(12000))
    (tmp_path / "in.csv").write_text("id,text\n" + "".join(rows))
    start_main = [sys.executable, "-c", "from quotestance.cli import main; main()"]
    command = [*start_main, "predict", "in.csv", "--model", tiny_model]

    def start(*more):
        # A shell's background job, such as `make test &`, hands on a SIGINT that is ignored.
        return subprocess.Popen(
            [*command, *more], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip

    assert start("-o", "whole.csv").wait(60) == 0
    process = start("-o", "out.csv")
    journal = tmp_path / "out.csv.partial" / "journal"
    while not journal.exists() or journal.read_bytes().count(b"\n") < 3:
        time.sleep(0.002)
        assert process.poll() is None
    process.send_signal(end)
    message = process.communicate(timeout=60)[1]
    assert process.returncode == status and "Traceback" not in message
    assert ("--resume" in message) is (end != signal.SIGKILL)
    assert not Path(tmp_path / "out.csv").exists()
    assert start("-o", "out.csv", "--resume").wait(60) == 0
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
