"""`python evaluate.py` from end to end, on the small saved pipeline of conftest."""

import doctest
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation.abstention import abstention_table
from evaluation.abstention import app as abstention_app
from evaluation.card import app as card_app
from evaluation.card import model_table, read_metrics, scores_table, within_sources
from evaluation.command import app, as_json
from evaluation.marked import replace_marked
from evaluation.schema import KEYS, table, undocumented
from evaluation.scorers import identity
from quotestance.errors import InputFormatError, InputNotFoundError

ROOT = Path(__file__).parents[1]
ROWS = [
    ("We stand with Ukraine today and tomorrow.", "supportive", "neutral", "supportive"),
    ("NATO keeps the peace and we thank it.", "supportive", "supportive", "neutral"),
    ("The regime in Kiev is a criminal one.", "adversarial", "neutral", "adversarial"),
    ("NATO is a threat to us all.", "adversarial", "adversarial", "neutral"),
    ("The meeting starts at ten.", "neutral", "neutral", "neutral"),
    ("Prices rose by three per cent <script>alert(1)</script>.", "neutral", "neutral", "neutral"),
]


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """Thirty labelled statements in ten groups."""
    path = tmp_path_factory.mktemp("data") / "mine.jsonl"
    rows = [
        {"id": f"r{i}", "text": f"{text} ({i})", "group": f"g{i % 10}", "register": f"x{i % 2}"}
        | dict(zip(("stance", "stance_nato", "stance_ukraine"), labels, strict=True))
        | {"sentiment": "neutral" if i % 3 else "negative"}
        for i, (text, *labels) in enumerate(ROWS * 5)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def evaluated(tiny_model, labelled, tmp_path_factory):
    """Folder of an evaluation of the small model beside both baselines."""
    output = tmp_path_factory.mktemp("evaluated")
    arguments = (tiny_model, "vader", "majority", "--data", labelled, "-o", output)
    suspects = output / "new" / "suspects.jsonl"
    result = run(*arguments, "--resamples", 1000, "--label-errors", suspects)
    assert result.exit_code == 0, result.output
    assert "macro-F1 in %" in result.output
    return output


@pytest.fixture(scope="module")
def metrics(evaluated):
    return read_metrics(evaluated / "metrics.json")


def test_macro_f1_is_that_of_the_predictions(metrics, tiny_model, labelled):
    """The number in metrics.json, recomputed from the Python call and scikit-learn."""
    from sklearn.metrics import f1_score

    import quotestance

    rows = [json.loads(line) for line in labelled.read_text().splitlines()]
    predictions = quotestance.load(tiny_model).predict([row["text"] for row in rows])
    for column, target in (("stance", "NATO/Ukraine"), ("stance_nato", "NATO")):
        entry = metrics["results"]["mine"]["tiny"][column]
        wanted = f1_score(
            [row[column] for row in rows],
            [prediction.stance[target].label for prediction in predictions],
            average="macro",
        )
        assert entry["macro_f1"] == pytest.approx(wanted, abs=1e-6)
        assert entry["ci"][0] <= entry["macro_f1"] <= entry["ci"][1]
        assert sum(map(sum, entry["confusion"])) == entry["n"] == 30


def test_every_key_is_documented_and_every_documented_key_occurs(metrics):
    assert undocumented(metrics) == []
    assert undocumented({"surprise": 1}) == ["surprise"]
    document = (ROOT / "docs" / "EVALUATION.md").read_text()
    assert table() in document, "run python -m evaluation.schema docs/EVALUATION.md"
    heads = {path.split(".")[0] for path in KEYS}
    assert heads == set(metrics)


def test_lists_of_numbers_stand_on_one_line():
    nested = {"ci": [0.5, -1e-06], "text": "[ 1 ]", "rows": [[1, 2], [3]], "none": []}
    assert '"ci": [0.5,-1e-06]' in as_json(nested)
    assert json.loads(as_json(nested)) == nested


def test_provenance_names_model_and_data(metrics, tiny_model):
    assert metrics["schema_version"] == 1
    assert metrics["models"]["tiny"]["sha256"] == identity(tiny_model)
    assert metrics["data"]["mine"]["rows"] == 30
    assert metrics["data"]["mine"]["groups"] == 10
    assert metrics["data"]["mine"]["labels"]["stance"]["supportive"] == 10
    assert list(metrics["models"]) == ["tiny", "vader", "majority"]


def test_what_is_published_is_measured_on_the_model_that_ships():
    measured, shipped = read_metrics(ROOT / "docs" / "metrics.json"), ROOT / "models" / "default"
    assert measured["models"]["default"]["sha256"] == identity(shipped)
    assert scores_table(measured) in (ROOT / "README.md").read_text("utf-8")
    assert model_table(measured, "default") in (shipped / "README.md").read_text("utf-8")


def test_baselines_lack_what_they_cannot_have(metrics):
    results, use = metrics["results"]["mine"], metrics["target_use"]["mine"]
    assert results["vader"]["stance"]["ece"] is None
    assert results["tiny"]["stance"]["ece"] is not None
    assert use["vader"]["exchanged_drop"] == 0
    assert use["majority"] is None
    assert metrics["conformal"]["mine"]["tiny"]["90%"]["stance"]["coverage"] <= 1
    assert metrics["conformal"]["mine"]["vader"] is None


def test_comparisons_are_corrected_over_all(metrics):
    entries = metrics["comparisons"]
    assert len(entries) == 2 * 4
    assert {entry["first"] for entry in entries} == {"tiny"}
    smallest = min(entries, key=lambda entry: entry["p_mcnemar"])
    assert smallest["p_mcnemar_holm"] == pytest.approx(min(1, 8 * smallest["p_mcnemar"]), abs=1e-5)


def test_the_fairness_suite_runs_on_every_model(metrics):
    assert set(metrics["fairness"]) == {"tiny", "vader", "majority"}
    # VADER reads the surname of Zoltan Kiss as praise: the suite must notice.
    vader = metrics["fairness"]["vader"]["speaker_name"]["columns"]["stance"]
    assert vader["groups"]["Hungarian"]["lean"] > 0.5


def test_the_same_command_gives_the_same_numbers(metrics, tiny_model, labelled, tmp_path):
    run(tiny_model, "--data", labelled, "-o", tmp_path, "--resamples", 1000, "--no-suites")
    again = read_metrics(tmp_path / "metrics.json")
    assert again["results"]["mine"]["tiny"] == metrics["results"]["mine"]["tiny"]
    assert again["fairness"] == {}


def test_suspected_label_errors_are_listed(evaluated):
    lines = (evaluated / "new" / "suspects.jsonl").read_text().splitlines()
    for entry in map(json.loads, lines):
        assert entry["given"] != entry["suggested"]
        assert entry["data"] == "mine"


def test_another_tools_predictions_beside_a_model(tiny_model, labelled, tmp_path):
    rows = [json.loads(line) for line in labelled.read_text().splitlines()]
    theirs = tmp_path / "theirs.jsonl"
    kept = [{"id": row["id"], "stance": row["stance"]} for row in rows]
    theirs.write_text("".join(json.dumps(row) + "\n" for row in kept))
    result = run(tiny_model, "--predictions", theirs, "--data", labelled, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    results = read_metrics(tmp_path / "out" / "metrics.json")["results"]["mine"]
    assert results["theirs"]["stance"]["macro_f1"] == 1
    assert list(results["theirs"]) == ["stance"]


def test_predictions_behind_a_prefix_are_not_taken_for_the_labels(labelled, tmp_path):
    rows = [json.loads(line) for line in labelled.read_text().splitlines()]
    theirs = tmp_path / "theirs.jsonl"
    wrong = {"supportive": "adversarial", "adversarial": "neutral", "neutral": "supportive"}
    told = [row | {"m_stance": wrong[row["stance"]], "m_stance_score": 0.5} for row in rows]
    theirs.write_text("".join(json.dumps(row) + "\n" for row in told))
    options = ("--predictions", theirs, "--data", labelled, "-o", tmp_path / "out")
    result = run(*options)
    assert "say so with --prefix m_" in str(result.exception)
    result = run(*options, "--prefix", "m_")
    assert result.exit_code == 0, result.output
    results = read_metrics(tmp_path / "out" / "metrics.json")["results"]["mine"]
    assert results["theirs"]["stance"]["macro_f1"] == 0


def test_one_group_alone_is_scored_without_intervals(tiny_model, labelled, tmp_path):
    rows = [json.loads(line) | {"group": "one"} for line in labelled.read_text().splitlines()]
    path = tmp_path / "one.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    result = run(tiny_model, "majority", "--data", path, "-o", tmp_path, "--resamples", 1000)
    assert result.exit_code == 0, result.output
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    stance = metrics["results"]["one"][tiny_model.name]["stance"]
    assert stance["macro_f1"] is not None
    assert stance["ci"] is stance["accuracy_ci"] is stance["per_class"]["neutral"]["f1_ci"] is None
    assert {entry["ci"] for entry in metrics["comparisons"]} == {None}
    assert {entry["ci"] for entry in metrics["slices"]["one"]["stance"]} == {None}


def test_comparisons_and_slices_are_the_first_models_of_the_run(labelled, tmp_path):
    rows = [json.loads(line) for line in labelled.read_text().splitlines()]
    sets = {"x": rows[:15], "y": rows[15:]}
    for name, part in sets.items():
        text = "".join(json.dumps(row) + "\n" for row in part)
        (tmp_path / f"{name}.jsonl").write_text(text)
    for name, part in {"ya": sets["x"], "yb": rows, "yc": rows}.items():
        answers = [{"id": row["id"], "stance": row["stance"]} for row in part]
        text = "".join(json.dumps(row) + "\n" for row in answers)
        (tmp_path / f"{name}.jsonl").write_text(text)
    given = [f"--predictions={tmp_path / name}.jsonl" for name in ("ya", "yb", "yc")]
    data = [f"--data={tmp_path / name}.jsonl" for name in sets]
    result = run(*given, *data, "-o", tmp_path, "--resamples", 1000)
    assert result.exit_code == 0, result.output
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert {(e["data"], e["first"]) for e in metrics["comparisons"]} == {("x", "ya")}
    assert metrics["slices"]["x"]
    assert not metrics["slices"]["y"]


def test_predictions_of_other_statements_are_refused(labelled, tmp_path):
    theirs = tmp_path / "theirs.csv"
    theirs.write_text("text,stance\nsomething else,neutral\n")
    done = run("--predictions", theirs, "--data", labelled, "-o", tmp_path)
    assert isinstance(done.exception, InputFormatError)
    assert "theirs has no prediction for any row" in str(done.exception)


def test_a_pooled_score_has_those_within_its_sources_below_it():
    measured = read_metrics(ROOT / "docs" / "metrics.json")
    line = within_sources(measured, "annotated-test")
    assert line in scores_table(measured)
    rows = measured["slices"]["annotated-test"]["stance_nato"]
    kremlin = next(x for x in rows if (x["field"], x["value"]) == ("source", "kremlin"))
    assert f"kremlin {100 * kremlin['macro_f1']:.1f}" in line
    assert not within_sources(measured, "minimal-pairs")
    both = measured["minimal_pairs"]["minimal-pairs"]["default"]["both_right"]
    assert f"right in {100 * both:.1f} (" in scores_table(measured)
    flips = measured["fairness"]["default"]["outlet"]["columns"]["stance"]["flip_rate"]
    assert f"outlet {100 * flips:.1f} (" in scores_table(measured)


def test_what_abstaining_keeps_is_the_files(metrics, tmp_path):
    document = tmp_path / "CALIBRATION.md"
    document.write_text("<!-- abstention:begin -->\n<!-- abstention:end -->\n")
    (tmp_path / "metrics.json").write_text(json.dumps(metrics))
    done = CliRunner().invoke(abstention_app, [str(document), str(tmp_path / "metrics.json")])
    assert done.exit_code == 0, done.output
    entry = metrics["conformal"]["mine"]["tiny"]["90%"]["sentiment"]
    kept, right, covered = (entry[key] for key in ("single", "single_accuracy", "coverage"))
    cell = f"{100 * kept:.1f} / {100 * right:.1f} ({100 * covered:.1f})"
    line = next(x for x in document.read_text().splitlines() if x.startswith("| mine | 90% |"))
    assert line.split(" | ")[-1].rstrip(" |") == cell
    assert metrics["command"] in document.read_text()
    measured = read_metrics(ROOT / "docs" / "metrics.json")
    assert abstention_table(measured) in (ROOT / "docs" / "CALIBRATION.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("limit", "status"),
    [
        (("--fail-under", "macro_f1=0"), 0),
        (("--fail-under", "macro_f1=1.01"), 1),
        (("--fail-under", "mine:stance.macro_f1=1.01"), 1),
        (("--fail-over", "stance.ece=0"), 1),
        (("--fail-under", "other:macro_f1=0"), 1),
    ],
)
def test_limits_set_the_exit_status(tiny_model, labelled, tmp_path, limit, status):
    arguments = (tiny_model, "--data", labelled, "-o", tmp_path, "--no-suites", *limit)
    result = run(*arguments, "--resamples", 1000)
    assert result.exit_code == status, result.output


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["nowhere"], 3, "no saved pipeline at nowhere"),
        (["--data", "nowhere.csv", "majority"], 3, "no file nowhere.csv"),
        (["--predictions", "nowhere.csv"], 3, "no file nowhere.csv"),
        (["majority", "--fail-under", "f1"], 3, "limit 'f1': wanted"),
        (["--resamples", "10"], 2, "resamples"),
    ],
)
def test_bad_input_is_one_line_and_its_exit_status(tmp_path, arguments, status, message):
    command = [sys.executable, str(ROOT / "evaluate.py"), *arguments]
    data = [] if "--data" in arguments else ["--data", str(ROOT / "data/statements/test.jsonl")]
    done = subprocess.run([*command, *data], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    assert message in done.stderr
    if status == 3:
        assert done.stderr.startswith("evaluate: ")
        assert done.stderr.count("\n") == 1


def test_readme_table_has_the_numbers_of_the_file(metrics, evaluated, tmp_path):
    entry = metrics["results"]["mine"]["tiny"]["stance_nato"]
    low, high = entry["ci"]
    cell = f"{100 * entry['macro_f1']:.1f} ({100 * low:.1f}–{100 * high:.1f})"
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- scores:begin -->\nold\n<!-- scores:end -->\nafter\n")
    done = CliRunner().invoke(card_app, [str(readme), str(evaluated / "metrics.json")])
    assert done.exit_code == 0, done.output
    text = readme.read_text()
    row = next(line for line in text.splitlines() if line.startswith("| tiny"))
    assert row.split(" | ")[2] == cell
    assert metrics["command"] in text
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert scores_table(metrics) in text


def test_model_card_table_has_the_numbers_of_the_file(metrics):
    entry = metrics["results"]["mine"]["tiny"]["stance"]
    row = next(line for line in model_table(metrics, "tiny").splitlines() if "| NATO/Uk" in line)
    cells = row.strip("| ").split(" | ")
    assert cells[5] == f"{100 * entry['ece']:.1f}"
    drop = metrics["target_use"]["mine"]["tiny"]["columns"]["stance"]["masked"]["drop"]
    assert cells[6] == f"{100 * entry['ece_floor']:.1f}"
    assert cells[8] == f"{100 * drop:.1f}"
    with pytest.raises(InputFormatError, match="no model 'x'"):
        model_table(metrics, "x")


@pytest.mark.parametrize(
    "module", ["card", "comparison", "gates", "intervals", "terminal"], ids="evaluation.{}".format
)
def test_docstring_examples_hold(module):
    tried = doctest.testmod(importlib.import_module(f"evaluation.{module}"))
    assert tried.attempted and not tried.failed


def test_markers_and_metrics_must_be_there(tmp_path):
    with pytest.raises(InputNotFoundError, match="no file"):
        replace_marked(tmp_path / "none.md", "scores", "")
    with pytest.raises(InputNotFoundError, match=r"evaluate\.py -o DIR"):
        read_metrics(tmp_path / "metrics.json")
    for text in ("", "<!-- scores:begin -->", "<!-- scores:end --><!-- scores:begin -->"):
        (tmp_path / "a.md").write_text(text)
        with pytest.raises(InputFormatError, match="exactly one pair"):
            replace_marked(tmp_path / "a.md", "scores", "")
    (tmp_path / "metrics.json").write_text('{"schema_version": 9}')
    with pytest.raises(InputFormatError, match="schema_version is 9"):
        read_metrics(tmp_path / "metrics.json")
