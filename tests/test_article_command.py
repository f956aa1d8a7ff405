"""`quotestance article` as users run it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quotestance.article.output import open_jsonl
from quotestance.article.read import Article, find_files
from quotestance.article.report import write_report
from quotestance.cli import app, main
from quotestance.errors import OutputError

SEED = Path(__file__).parent / "articles" / "seed-article.txt"
COLUMNS = [
    "file", "start", "end", "kind", "quotation", "statement", "cue", "speaker_mention", "speaker",
    "group",
]  # fmt: skip
LAST = ["speaker_role", "statement_from", "text_file"]
PREDICTED = [
    "stance", "stance_score", "stance_nato", "stance_nato_score", "stance_ukraine",
    "stance_ukraine_score", "sentiment", "sentiment_score",
]  # fmt: skip


def run(*arguments: object, stdin: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["article", *map(str, arguments)], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_jsonl_has_the_columns_in_order(tmp_path: Path, tiny_model: Path) -> None:
    out = tmp_path / "out.jsonl"
    status, shown, _ = run(SEED, "-o", out, "--model", tiny_model)
    assert (status, shown) == (0, "")
    rows = rows_of(out)
    text = SEED.read_text("utf-8")
    assert list(rows[0]) == COLUMNS + PREDICTED + LAST
    assert all(text[int(r["start"]) : int(r["end"])] == r["quotation"] for r in rows)  # type: ignore[call-overload]
    assert {row["kind"] for row in rows} == {"direct", "indirect"}
    # Parts of one utterance were classified once, together.
    by_group: dict[object, set[object]] = {}
    for row in rows:
        by_group.setdefault(row["group"], set()).add((row["statement"], row["stance_score"]))
    assert all(len(found) == 1 for found in by_group.values())


def test_targets_probabilities_and_standard_streams(tiny_model: Path) -> None:
    status, shown, _ = run(
        "-", "-o", "-", "--model", tiny_model, "--target", "NATO", "--probabilities",
        stdin="“NATO is a threat to us all,” Ann Reeve said.",
    )  # fmt: skip
    (row,) = [json.loads(line) for line in shown.splitlines()]
    assert status == 0
    assert (row["file"], row["speaker"]) == ("-", "Ann Reeve")
    names = ["stance_nato_supportive", "stance_nato_adversarial", "stance_nato_neutral"]
    assert sum(row[name] for name in names) == pytest.approx(1, abs=1e-5)
    assert "stance" not in row


def test_the_table_is_shown_by_default(tiny_model: Path) -> None:
    status, shown, _ = run(SEED, "--model", tiny_model)
    assert status == 0
    for words in ("Dmitry Peskov", "Antony", "statements by", "Ukraine"):
        assert words in shown
    _, bare, _ = run(SEED, "--no-stance")
    assert "sentiment" not in bare


def test_a_broken_file_is_reported_and_the_rest_done(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    shutil.copy(SEED, folder / "a.txt")
    (folder / "b.txt").write_bytes(b"caf\xe9")
    shutil.copy(SEED, folder / "c.txt")
    out = tmp_path / "out.jsonl"
    status, _, errors = run(folder, "--no-stance", "-o", out)
    assert status == 3
    assert "b.txt is not utf-8" in errors
    assert "1 of 3 articles could not be read" in errors
    assert {Path(str(row["file"])).name for row in rows_of(out)} == {"a.txt", "c.txt"}


def test_html_text_is_written_beside_the_output(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    from test_article_read import PAGE

    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    out = tmp_path / "out.jsonl"
    assert run(tmp_path / "page.html", "--no-stance", "-o", out)[0] == 0
    for row in rows_of(out):
        text = Path(str(row["text_file"])).read_text("utf-8")
        assert text[int(row["start"]) : int(row["end"])] == row["quotation"]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.txt", "--no-stance"], "no file none.txt"),
        ([str(SEED), "--model", "nowhere"], "nowhere"),
        ([str(SEED), "--no-stance", "-o", "out.csv"], "written as JSONL"),
        ([str(SEED), "--no-stance", "-o", str(SEED)], "is one of the inputs"),
        ([str(SEED), "--no-stance", "-o", "no/such/out.jsonl"], "make it first"),
        ([str(SEED), "--no-stance", "--html", "no/such/r.html"], "make it first"),
        ([str(SEED), "--no-stance", "--html", "."], "is a folder"),
        ([str(SEED), "--no-stance", "-o", "x.jsonl", "--html", "x.jsonl"], "name two files"),
    ],
)
def test_bad_calls_are_one_line_and_status_three(
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["quotestance", "article", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    error = capsys.readouterr().err
    assert stopped.value.code == 3
    assert message in error
    assert "Traceback" not in error


@pytest.mark.parametrize("options", [["--target", "!"], ["--abstain", "12%"]])
def test_a_wrong_option_is_status_two(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["quotestance", "article", str(SEED), *options])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_full_disk_names_the_file_and_leaves_nothing(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    (tmp_path / "out.jsonl.partial").symlink_to(full)
    (tmp_path / "page.html.partial").symlink_to(full)
    out, page = tmp_path / "out.jsonl", tmp_path / "page.html"
    with pytest.raises(OutputError, match=r"cannot write .*out\.jsonl"):
        with open_jsonl(str(out)) as write:
            for number in range(100_000):
                write({"number": number})
    with pytest.raises(OutputError, match=r"cannot write .*page\.html: No space"):
        write_report([(Article("a", "text"), [])], ("NATO",), page)
    assert list(tmp_path.iterdir()) == []


def test_texts_of_an_earlier_run_are_no_articles(tmp_path: Path) -> None:
    shutil.copy(SEED, tmp_path / "a.txt")
    kept = tmp_path / "out.jsonl.texts"
    kept.mkdir()
    shutil.copy(SEED, kept / "page.html.txt")
    assert find_files([str(tmp_path)]) == [str(tmp_path / "a.txt")]


def test_nothing_is_left_of_a_run_that_failed(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert run(tmp_path / "none.txt", "--no-stance", "-o", out)[0] == 3
    assert list(tmp_path.iterdir()) == []


def test_the_command_loads_nothing_heavy_to_extract() -> None:
    code = (
        "import sys; from quotestance.article import extract; extract('x');"
        "print([m for m in ('torch', 'trafilatura', 'rich', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
