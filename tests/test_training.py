"""Training runs, on a random encoder of a few thousand weights."""

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import tiny_encoder
import torch
from tiny_training import EXAMPLES, assert_same_but_for_ties, recipe, use_statements

import quotestance
from quotestance.config import read_config
from quotestance.labels import TARGETS
from training import corpus, fit, train
from training.augmentation import exchange, misspell, rename
from training.corpus import UNKNOWN, Example
from training.network import LateAttention
from training.plan import read_plan, runs
from training.recipe import Data, RecipeError, Stage, read_recipe


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return tiny_encoder.bert(tmp_path_factory.mktemp("bert"))


@pytest.fixture(autouse=True)
def statements(monkeypatch):
    use_statements(monkeypatch)


def weights(directory):
    return torch.load(directory / "run" / "weights.pt", weights_only=True)


def same(one, other) -> bool:
    return all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_leaves_a_saved_pipeline_and_its_record(encoder, tmp_path):
    metrics = train.train(recipe(encoder, average=0.9), tmp_path / "run")
    classifier = quotestance.load(tmp_path / "run")
    assert classifier.predict_one("Kiev regime criminal").stance["Ukraine"].label
    assert classifier.predict_one("Prices rose", ["Peru"]).stance["Peru"].label
    assert set(metrics["validation"]) == {"authored", "mean"}
    resolved = json.loads((tmp_path / "run" / "run" / "recipe.json").read_text())
    assert resolved["stages"][0]["label_smoothing"] == Stage().label_smoothing
    card = (tmp_path / "run" / "README.md").read_text()
    assert f"{metrics['validation']['authored']['stance']:.3f}" in card


def test_the_same_seed_gives_the_same_weights_and_another_does_not(encoder, tmp_path):
    from dataclasses import replace

    first = recipe(encoder)
    for name, made in (("a", first), ("b", first), ("c", replace(first, seed=14))):
        train.train(made, tmp_path / name)
    assert same(weights(tmp_path / "a"), weights(tmp_path / "b"))
    assert not same(weights(tmp_path / "a"), weights(tmp_path / "c"))


@pytest.mark.parametrize("step", [3, 8])
def test_a_killed_run_resumes_to_the_same_weights(encoder, tmp_path, monkeypatch, step):
    made = recipe(encoder, average=0.9)
    train.train(made, tmp_path / "whole")
    step_end = fit.Choice.on_step_end

    def die(self, args, state, control, **more):
        if state.global_step == step:
            raise KeyboardInterrupt
        step_end(self, args, state, control, **more)

    monkeypatch.setattr(fit.Choice, "on_step_end", die)
    with pytest.raises(KeyboardInterrupt):
        train.train(made, tmp_path / "killed")
    monkeypatch.setattr(fit.Choice, "on_step_end", step_end)
    train.train(made, tmp_path / "killed")
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "killed"))


def test_a_checkpoint_that_was_cut_off_is_passed_over(encoder, tmp_path, monkeypatch):
    made = recipe(encoder, average=0.9)
    train.train(made, tmp_path / "whole")
    save, written = torch.save, []

    def die(content, path):
        save(content, path)
        written.append(path)
        if len(written) == 3:
            path.write_bytes(path.read_bytes()[:1000])
            raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", lambda c, p: die(c, p) if "choice" in str(p) else save(c, p))
    with pytest.raises(KeyboardInterrupt):
        train.train(made, tmp_path / "killed")
    monkeypatch.setattr(torch, "save", save)
    last = fit.last_checkpoint(tmp_path / "killed" / "run" / "stage-0")
    assert last.endswith("checkpoint-4")
    train.train(made, tmp_path / "killed")
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "killed"))


def test_a_directory_of_another_run_is_refused_and_left(encoder, tmp_path):
    train.train(recipe(encoder, epochs=1), tmp_path / "m")
    before = weights(tmp_path / "m")
    with pytest.raises(RecipeError, match=r"other stages: .* --fresh"):
        train.train(recipe(encoder, epochs=2), tmp_path / "m")
    with pytest.raises(RecipeError, match="other seed"):
        train.train(replace(recipe(encoder, epochs=1), seed=14), tmp_path / "m")
    assert same(before, weights(tmp_path / "m"))


def test_a_new_export_keeps_what_the_weights_come_from(encoder, tmp_path, monkeypatch):
    made = recipe(encoder, epochs=1)
    train.train(made, tmp_path / "m")
    first = read_config(tmp_path / "m")
    assert first.max_length == made.network.max_length
    monkeypatch.setattr("training.save._commit", lambda: "another")
    train.train(replace(made, export_only=True), tmp_path / "m")
    again = read_config(tmp_path / "m")
    assert again.training == first.training and again.files.keys() == first.files.keys()


@pytest.mark.parametrize("make", [tiny_encoder.multilingual, tiny_encoder.bert])
def test_any_encoder_trains_exports_and_loads(make, tmp_path):
    """Multilingual and large encoders differ from MiniLM in what the exporter meets."""
    options = {"width": 96, "layers": 4} if make is tiny_encoder.bert else {}
    path = make(tmp_path / "encoder", **options)
    train.train(recipe(path, epochs=1), tmp_path / "model")
    answer = quotestance.load(tmp_path / "model").predict(
        ["we stand with Ukraine", "not one dollar"]
    )
    assert len(answer) == 2


@pytest.mark.parametrize(
    "settings",
    [
        {"r_drop": 0.5}, {"adversarial": 0.5}, {"focal": 2.0}, {"contrast": 0.3},
        {"layer_decay": 0.5}, {"class_balance": 1.0, "label_smoothing": 0.2}, {"average": 0.9},
    ],
    ids=lambda settings: next(iter(settings)),
)  # fmt: skip
def test_each_technique_changes_the_weights_and_keeps_them_finite(encoder, tmp_path, settings):
    train.train(recipe(encoder, epochs=1, save_every=100), tmp_path / "plain")
    train.train(recipe(encoder, epochs=1, save_every=100, **settings), tmp_path / "with")
    plain, made = weights(tmp_path / "plain"), weights(tmp_path / "with")
    assert all(torch.isfinite(value).all() for value in made.values())
    assert not same(plain, made)


def test_torch_onnx_and_int8_agree(encoder, tmp_path):
    made = recipe(encoder)
    train.train(made, tmp_path / "m")
    from training.encoder import open_encoder

    loaded, tokenizer = open_encoder(made.network)
    network = LateAttention(loaded, made.network)
    network.load_state_dict(weights(tmp_path / "m"))
    stance, sentiment = fit.logits(network, tokenizer, EXAMPLES, made.network)
    pipeline = quotestance.load(tmp_path / "m").pipeline
    vectors = np.array([pipeline.config.target_vectors[t] for t in TARGETS], np.float32)
    ids = pipeline.encode([x.text for x in EXAMPLES])
    feed = pipeline._feed(ids, vectors)
    for name, tolerance in (("float.onnx", 1e-4), ("fused.onnx", 1e-4)):
        session = onnxruntime.InferenceSession(tmp_path / "m" / "run" / name)
        got = session.run(["stance", "sentiment"], feed)
        assert np.abs(got[0] - stance.softmax(-1).numpy()).max() < tolerance
        assert np.abs(got[1] - sentiment.softmax(-1).numpy()).max() < tolerance
    int8 = pipeline.run(ids, vectors)[0]
    assert_same_but_for_ties(int8, stance.softmax(-1).numpy())


def test_a_target_does_not_depend_on_the_other_targets(encoder, tmp_path):
    train.train(recipe(encoder, epochs=1), tmp_path / "m")
    classifier = quotestance.load(tmp_path / "m")
    text = ["We stand with Ukraine"]
    alone = classifier.probabilities(text, ["NATO"]).stance[0, 0]
    among = classifier.probabilities(text, ["Peru", "NATO", "Ukraine"]).stance[0, 1]
    assert np.allclose(alone, among, atol=0.02)  # int8 activations are quantised per run


def test_the_cross_encoder_reference_trains(encoder, tmp_path):
    from dataclasses import replace

    train.train(replace(recipe(encoder, epochs=1), kind="cross-encoder"), tmp_path / "m")
    scores = json.loads((tmp_path / "m" / "run" / "metrics.json").read_text())
    assert set(scores["mean"]) == {"stance", "stance_nato", "stance_ukraine", "sentiment"}


def test_a_teacher_teaches(encoder, tmp_path):
    train.train(recipe(encoder, epochs=1), tmp_path / "teacher")
    taught = recipe(encoder, epochs=1, distil=0.5, teacher=str(tmp_path / "teacher"))
    train.train(taught, tmp_path / "pupil")
    assert not same(weights(tmp_path / "teacher"), weights(tmp_path / "pupil"))
    with pytest.raises(RecipeError, match="train it first"):
        train.train(recipe(encoder, distil=0.5, teacher="nowhere"), tmp_path / "x")


def test_exchange_moves_the_label_with_the_name():
    of_nato = Example("a", "NATO is a threat.", TARGETS, (1, 1, 2), 1, "authored", "a")
    moved = exchange(of_nato, random.Random(1))
    assert "NATO" not in moved.text
    assert moved.stances == (2, 2, 2, 1)
    assert moved.targets[3] in moved.text
    other = Example("b", "Prices rose.", TARGETS, (2, 2, 2), UNKNOWN, "authored", "b")
    assert exchange(other, random.Random(1)).stances[3] == 2


def test_said_of_the_enemy_the_label_moves_and_leaves_the_old_targets_open():
    text = "Ukraine has our full support."
    for_ukraine = Example("a", text, TARGETS, (0, 2, 0), 0, "authored", "a")
    chance = random.Random(5)
    moved = {
        found.targets[3]: found for found in (exchange(for_ukraine, chance) for _ in range(99))
    }
    assert moved["Russia"].text == "Russia has our full support."
    assert moved["Russia"].stances == (UNKNOWN, 2, UNKNOWN, 0)
    assert moved["Georgia"].stances == (2, 2, 2, 0)
    for enemy in ("Russia", "The Kremlin", "The aggressor"):
        named = Example("b", f"{enemy} hit Ukraine.", TARGETS, (0, 2, 0), 1, "authored", "b")
        assert not any("Russia" in exchange(named, chance).targets for _ in range(99))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("NATO is lying, and NATO's friends lie.", "{}{} is lying, and {}'s friends lie."),
        ("A NATO base, the NATO summit and every NATO state.", None),
        ("Leave NATO-led missions and non-NATO states.", None),
        ("Nobody named it.", None),
    ],
)
def test_rename_keeps_labels_and_grammar(text, wanted):
    row = Example("a", text, TARGETS, (1, 1, 2), 1, "authored", "a")
    for seed in range(20):
        renamed = rename(row, random.Random(seed))
        assert replace(renamed, text=text) == row
        if wanted is None:
            assert renamed.text == text
        else:
            alias = renamed.text.split("friends")[0].split("and ")[1].removesuffix("'s ")
            assert "NATO" not in renamed.text
            assert renamed.text == wanted.format(alias[0].upper(), alias[1:], alias)


def test_misspell_slips_in_one_word_of_ten_and_keeps_the_rest():
    text = "We will keep sending ambulances to Ukraine until they tell us to stop, he said. " * 2
    row = Example("a", text, TARGETS, (1, 1, 2), 1, "authored", "a")
    seen = set()
    for seed in range(50):
        slipped = misspell(row, random.Random(seed))
        assert replace(slipped, text=text) == row
        pairs = list(zip(text.split(), slipped.text.split(), strict=True))
        changed = [(a, b) for a, b in pairs if a != b]
        assert len(changed) <= 2
        assert all(a[0] == b[0] and abs(len(a) - len(b)) <= 1 for a, b in changed)
        seen |= {len(b) - len(a) for a, b in changed}
    assert seen == {-1, 0, 1}
    short = replace(row, text="No. It is so.")
    assert misspell(short, random.Random(1)) == short


def test_fraction_keeps_whole_groups(tmp_path):
    rows = [
        {"id": str(i), "text": f"t{i}", "origin": "authored", "source": "a", "group": f"g{i % 50}",
         "stance": "neutral", "stance_nato": "neutral", "stance_ukraine": "neutral",
         "sentiment": "neutral"}
        for i in range(400)
    ]  # fmt: skip
    (tmp_path / "train.jsonl").write_text("\n".join(map(json.dumps, rows)))
    data = Data(annotated=False, statements=str(tmp_path), fraction=0.5)
    kept = {x.group for x in corpus.statements(data, "train")}
    assert 10 < len(kept) < 40
    assert len(corpus.statements(data, "train")) == 8 * len(kept)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind = 'quantum'", "kind is 'quantum'"),
        ("name = 'x'\nkind = 'linear'\n[network]\ndepth = 3", "depth"),
        ("name = ", "Invalid value"),
        ("kind = 'linear'", "name"),
        ("name = 'x'\nkind = 'linear'\n[[stages]]\nsources = ['teacher']", "no source 'teacher'"),
    ],
)
def test_a_bad_recipe_is_refused(tmp_path, text, words):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=words):
        read_recipe(path)


def test_a_recipe_can_be_changed_on_the_command_line(tmp_path):
    path = tmp_path / "r.toml"
    path.write_text("name = 'x'\nkind = 'linear'\n[[stages]]\nepochs = 1")
    made = read_recipe(path, ("stages.0.epochs=2.5", "seed=7", "data.corpora=/x"))
    assert (made.stages[0].epochs, made.seed, made.data.corpora) == (2.5, 7, "/x")
    with pytest.raises(RecipeError, match=r"section\.field=value"):
        read_recipe(path, ("seed",))
    for change in ("stages.1.epochs=2", "name.first=x", "stages.first=2"):
        with pytest.raises(RecipeError, match="the recipe has no"):
            read_recipe(path, (change,))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("stages.0.epochs=many", "epochs is 'many', wanted a number from 0"),
        ("stages.0.epochs=0", "epochs or batch_size of a stage is 0"),
        ("stages.0.learning_rate=nan", "learning_rate is nan, wanted a number"),
        ("stages.0.batch_size=2.5", "batch_size is 2.5, wanted a whole number"),
        ("stages.0.grouped=1", "grouped is 1, wanted true or false"),
        ("stages.0.sources=newsmtsc", "sources is 'newsmtsc', wanted a list of texts"),
        ("seed=true", "seed is True, wanted a whole number"),
        ("network.layers=-1", "layers is -1, wanted a whole number from 0"),
        ("start=3", "start is 3, wanted text"),
        ("stages=3", r"stages is 3, wanted \[\[stages\]\]"),
        ("data=3", "data is 3, wanted a table of fields"),
    ],
)
def test_a_value_of_another_kind_is_refused_when_the_recipe_is_read(change, words):
    with pytest.raises(RecipeError, match=words):
        read_recipe(Path("training/recipes/default.toml"), (change,))


def test_every_shipped_recipe_and_plan_reads(tmp_path):
    for path in sorted(Path("training/recipes").glob("*.toml")):
        if "[[runs]]" in path.read_text():
            assert all(recipe.stages for _, recipe, _ in runs(read_plan(path), tmp_path))
        else:
            assert read_recipe(path).name


def test_command_line_says_what_is_wrong(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["train", "none.toml", "-o", str(tmp_path / "m")])
    assert train.main() == 2
    assert "no recipe at none.toml" in capsys.readouterr().err
