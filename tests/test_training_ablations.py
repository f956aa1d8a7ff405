"""A plan of ablations: carried out once, tabulated, and refused before training where it is bad."""

import json

import numpy as np
import pytest
import tiny_encoder
import tiny_training
import torch

from training import ablate
from training.plan import read_plan, runs
from training.recipe import RecipeError
from training.score import truth

RECIPE = """
name = "tiny"
kind = "late-attention"
[network]
encoder = "{encoder}"
head_layers = 1
head_width = 32
head_count = 4
max_length = 32
prune_vocabulary = false
[[stages]]
epochs = 1
batch_size = 16
[[stages]]
epochs = 1
batch_size = 8
learning_rate = 1e-3
"""
PLAN = """
recipe = "{folder}/recipe.toml"
set = ["stages.1.augment=0.0"]
stages = [1]
start = "first"
[[runs]]
name = "first"
stages = [0]
start = ""
[[runs]]
name = "focal, twice"
set = ["stages.1.focal=1.0"]
seeds = 2
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a plan and its recipe; every run reads thirty-two statements."""
    tiny_training.use_statements(monkeypatch)
    encoder = tiny_encoder.bert(tmp_path / "encoder")
    (tmp_path / "recipe.toml").write_text(RECIPE.format(encoder=encoder))
    (tmp_path / "plan.toml").write_text(PLAN.format(folder=tmp_path))
    (tmp_path / "notes.md").write_text("before\n<!-- ablations:begin --><!-- ablations:end -->\n")
    return tmp_path


@pytest.fixture
def command(folder, monkeypatch):
    """Call the command on the plan with further options; return its exit status."""

    def call(*options):
        given = [folder / "plan.toml", "-o", folder / "out", "--results", folder / "r/results.json"]
        monkeypatch.setattr("sys.argv", ["ablate", *map(str, (*given, *options))])
        return ablate.main()

    return call


def results(folder):
    return json.loads((folder / "r" / "results.json").read_text())


def counted(monkeypatch):
    """Replace training by a record of the runs that would have been done."""
    done = []

    def run(recipe, directory):
        done.append(directory.name)
        return {"seed": recipe.seed, "seconds": 1.0, "mean": 0.5, "interval": [0.4, 0.6]}

    monkeypatch.setattr(ablate, "run", run)
    return done


def test_a_plan_is_trained_scored_and_tabulated_once(folder, command, monkeypatch):
    assert command("--table", folder / "notes.md") == 0
    found = results(folder)
    assert {name: [r["seed"] for r in rs] for name, rs in found.items()} == {
        "first": [13],
        "focal, twice": [13, 14],
    }
    for entry in found["first"] + found["focal, twice"]:
        assert set(entry) == {"made_of", "seed", "seconds", "authored", "mean", "interval"}
        assert entry["seconds"] > 0
        assert 0 <= entry["interval"][0] <= entry["interval"][1] <= 1
    run = folder / "out" / "focal, twice-14" / "run"
    assert {path.name for path in run.iterdir()} == {"weights.pt", "history.json"}
    judged = json.loads((run / "history.json").read_text())
    assert judged[0][-1]["value"] == pytest.approx(found["focal, twice"][1]["mean"], abs=0.15)
    text = (folder / "notes.md").read_text()
    assert text.startswith("before\n") and "| focal, twice | 2 |" in text
    again = counted(monkeypatch)
    assert command() == 0
    assert not again and results(folder) == found


def test_only_what_has_no_result_is_done(folder, command, monkeypatch):
    done = counted(monkeypatch)
    assert command("--only", "first") == 0
    assert done == ["first-13"]
    assert command("--only", "focal, twice") == 0
    assert done == ["first-13", "focal, twice-13", "focal, twice-14"]
    kept = results(folder)
    kept["focal, twice"].pop(0)
    (folder / "r" / "results.json").write_text(json.dumps(kept))
    assert command() == 0
    assert done[3:] == ["focal, twice-13"]


def test_results_of_another_recipe_are_not_pooled(folder, command, monkeypatch, capsys):
    done = counted(monkeypatch)
    assert command("--only", "first") == 0
    text = (folder / "plan.toml").read_text().replace("focal=1.0", "focal=2.0")
    (folder / "plan.toml").write_text(text)
    assert command("--only", "first") == 0
    kept = results(folder)
    kept["focal, twice"] = [{**kept["first"][0], "made_of": "another"}]
    (folder / "r" / "results.json").write_text(json.dumps(kept))
    assert command() == 2
    assert "give another file with --results" in capsys.readouterr().err
    assert done == ["first-13"] and results(folder) == kept


def test_a_run_starts_from_the_weights_of_another(folder):
    planned = list(runs(read_plan(folder / "plan.toml"), folder / "out"))
    assert [(name, recipe.seed, recipe.start) for name, recipe, _ in planned] == [
        ("first", 13, ""),
        ("focal, twice", 13, str(folder / "out" / "first-13")),
        ("focal, twice", 14, str(folder / "out" / "first-13")),
    ]
    first, second = planned[0][1], planned[1][1]
    assert [len(recipe.stages) for recipe in (first, second)] == [1, 1]
    assert (first.stages[0].batch_size, second.stages[0].batch_size) == (16, 8)
    assert (first.stages[0].focal, second.stages[0].focal) == (0.0, 1.0)
    with pytest.raises(RecipeError, match=r"no weights at .*first-13.*; train that run first"):
        ablate.run(second, planned[1][2])


def test_a_run_may_start_from_one_of_another_plan(folder):
    text = (folder / "plan.toml").read_text().replace('"first"\nstages = [0]', '"other"')
    (folder / "plan.toml").write_text(text)
    with pytest.raises(RecipeError, match="start is 'first'"):
        list(runs(read_plan(folder / "plan.toml"), folder))
    (folder / "first-13" / "run").mkdir(parents=True)
    torch.save({}, folder / "first-13" / "run" / "weights.pt")
    assert len(list(runs(read_plan(folder / "plan.toml"), folder))) == 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("recipe =", "recepe =", "no field recipe"),
        ("[[runs]]", "[[run]]", "no field runs"),
        ('name = "first"', "", "no field name"),
        ('name = "first"', 'name = "focal, twice"', "two runs are named"),
        ("seeds = 2", "seeds = '2'", "seeds is '2', wanted int"),
        ("seeds = 2", "sedes = 2", "no field 'sedes'"),
        ("stages = [0]", "stages = [2]", r"stages are [2]; the recipe has 2"),
        ("stages = [0]", "stages = 0", "stages is 0, wanted list[int]"),
        ('start = ""', 'start = "focal, twice"', "start is 'focal, twice'"),
        ("stages.1.focal=1.0", "stages.7.focal=1.0", "the recipe has no stages.7"),
        ("stages.1.focal=1.0", "stages.1.vocal=1.0", "no field ['vocal'] in Stage"),
        ("stages.1.focal=1.0", "quick", "section.field=value"),
        ("/recipe.toml", "/none.toml", "no recipe at"),
        ("stages = [1]", "stages = [1", "plan.toml: "),
    ],
    ids=lambda value: value.replace("\n", " ") if isinstance(value, str) else None,
)
def test_a_bad_plan_is_one_line_and_status_2(
    folder, command, capsys, monkeypatch, old, new, message
):
    path = folder / "plan.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    done = counted(monkeypatch)
    assert command() == 2
    said = capsys.readouterr().err
    assert message in said and said.startswith("ablate: ") and said.count("\n") == 1
    assert not done


def test_other_faults_show_before_training(folder, command, capsys, monkeypatch):
    done = counted(monkeypatch)
    assert command("--only", "first,frist") == 2
    assert "the plan has no run frist" in capsys.readouterr().err
    (folder / "notes.md").write_text("no markers")
    assert command("--table", folder / "notes.md") == 3
    assert "wants exactly one pair" in capsys.readouterr().err
    (folder / "r").mkdir()
    (folder / "r" / "results.json").write_text("{")
    assert command() == 2
    assert "does not hold results" in capsys.readouterr().err
    (folder / "plan.toml").unlink()
    assert command() == 2
    assert "no plan at" in capsys.readouterr().err
    assert not done


def test_the_table_pools_seeds():
    parts = {"authored": 0.5, "interval": [0.4, 0.6], "seconds": 10.4}
    pooled = [
        {**parts, "seed": 13, "mean": 0.50, "annotated": 0.6},
        {**parts, "seed": 14, "mean": 0.52, "annotated": 0.8, "interval": [0.5, 0.7]},
    ]
    lines = ablate.table({"a": pooled, "b": [{**parts, "seed": 13, "mean": 0.5}]}, "x").splitlines()
    assert lines[2] == "| a | 2 | 51.0 ± 1.4 | 45.0–65.0 | 50.0 | 70.0 | 10 |"
    assert lines[3] == "| b | 1 | 50.0 | 40.0–60.0 | 50.0 | – | 10 |"
    assert lines[-1] == "Written by `x`."


def test_the_interval_is_of_resampled_groups():
    examples = tiny_training.EXAMPLES
    right = truth(examples)
    assert ablate._interval(examples, right) == [1.0, 1.0]
    some = right.copy()
    some[::5] = (some[::5] + 1) % 3
    low, high = ablate._interval(examples, some)
    mean = np.mean(list(ablate.by_origin(examples, some)["mean"].values()))
    assert low < mean < high
    assert ablate._interval(examples, some) == [low, high]
