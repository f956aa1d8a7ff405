"""Training that goes on from a saved pipeline, with a labelled table of the user's."""

import csv
import json
import random
import shutil
from dataclasses import replace

import numpy as np
import pytest
import tiny_encoder
import tiny_training
import torch
from test_public_benchmarks import write_tweets

import quotestance
from benchmarks import adapt
from quotestance.errors import (
    ColumnNotFoundError,
    InputFormatError,
    InputNotFoundError,
    ModelIntegrityError,
)
from quotestance.labels import STANCES, TARGETS
from training import baselines, corpus, easy, fit, save, score, train
from training.augmentation import exchange
from training.corpus import UNKNOWN, Example
from training.encoder import open_encoder
from training.network import build
from training.recipe import Data, RecipeError, Stage, read_recipe

SMALL = {"layers": 2, "feed_forward": 40}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return tiny_encoder.bert(tmp_path_factory.mktemp("bert"), layers=3)


@pytest.fixture(scope="module")
def saved(encoder, tmp_path_factory):
    """A saved pipeline as it is shipped: without its run."""
    directory = tmp_path_factory.mktemp("saved") / "m"
    with pytest.MonkeyPatch.context() as patch:
        tiny_training.use_statements(patch)
        train.train(tiny_training.recipe(encoder, SMALL), directory)
    (directory / "run").rename(directory.parent / "run")
    return directory


def opened(recipe):
    encoder, tokenizer = open_encoder(recipe.network)
    return build(encoder, recipe.network, recipe.kind), tokenizer


def test_the_weights_of_a_saved_pipeline_come_back(encoder, saved):
    recipe = replace(tiny_training.recipe(encoder, SMALL), start=str(saved))
    network, tokenizer = opened(recipe)
    train.take_up(network, tokenizer, recipe)
    examples = tiny_training.EXAMPLES
    stance, sentiment = fit.logits(network, tokenizer, examples, recipe.network)
    found = quotestance.load(saved).probabilities([x.text for x in examples], TARGETS)
    wanted = torch.load(saved.parent / "run" / "weights.pt", weights_only=True)
    state = network.state_dict()
    for weights in (state, wanted):
        # The graph holds positions and token type as one sum.
        kind = weights.pop("encoder.embeddings.token_type_embeddings.weight")[0]
        weights["encoder.embeddings.position_embeddings.weight"] += kind
    for name, value in state.items():
        # Within half a step of a channel's int8 grid, smoothed or not.
        assert (value - wanted[name]).abs().max() <= 0.05 * wanted[name].abs().max() + 1e-6, name
    for p, logits in ((found.stance, stance), (found.sentiment, sentiment)):
        second, first = np.sort(logits.numpy(), axis=-1)[..., 1:].transpose(-1, *range(p.ndim - 1))
        clear = first - second > 0.15  # activations are rounded in the graph alone: ties may turn
        assert clear.mean() > 0.6
        assert np.array_equal(p.argmax(-1)[clear], logits.argmax(-1).numpy()[clear])


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({"layers": 1, "feed_forward": 40}, "is not that of .*encoder.encoder.layer.1"),
        ({"layers": 3, "feed_forward": 40}, "another graph than .*no 'encoder.encoder.layer.2"),
        ({"layers": 2, "feed_forward": 44}, "is not that of .*intermediate.dense.weight"),
        ({**SMALL, "head_layers": 2}, "another graph than .*no 'layers.1"),
    ],
)
def test_weights_of_another_shape_are_refused(encoder, saved, shape, words):
    recipe = replace(tiny_training.recipe(encoder, shape), start=str(saved))
    network, tokenizer = opened(recipe)
    with pytest.raises(RecipeError, match=words):
        train.take_up(network, tokenizer, recipe)


def test_another_vocabulary_or_graph_is_refused(encoder, saved, tmp_path):
    recipe = replace(tiny_training.recipe(encoder, SMALL), start=str(saved))
    nowhere = replace(recipe, start=str(tmp_path))
    network, tokenizer = opened(recipe)
    tokenizer.add_tokens(["quotestance"])
    with pytest.raises(RecipeError, match="has not the vocabulary of"):
        train.take_up(network, tokenizer, recipe)
    with pytest.raises(RecipeError, match=r"no weights at .*train that run first"):
        train.take_up(network, tokenizer, nowhere)
    with pytest.raises(RecipeError, match=r"no weights at .*train that run first"):
        train.take_up(network, tokenizer, replace(recipe, kind="cross-encoder"))
    other = tiny_training.recipe(encoder, {"layers": 1, "feed_forward": 40})
    (tmp_path / "run").mkdir()
    torch.save(opened(other)[0].state_dict(), tmp_path / "run" / "weights.pt")
    with pytest.raises(RecipeError, match=r"\[network\] of the recipe is not that of"):
        train.take_up(network, tokenizer, nowhere)


def test_a_damaged_pipeline_is_no_start(encoder, saved, tmp_path):
    shutil.copytree(saved, tmp_path / "m")
    (tmp_path / "m" / "model.onnx").write_bytes(b"version https://git-lfs")
    recipe = replace(tiny_training.recipe(encoder, SMALL), start=str(tmp_path / "m"))
    with pytest.raises(ModelIntegrityError, match=r"model\.onnx was changed"):
        train.take_up(*opened(recipe), recipe)


def test_a_run_does_not_start_from_where_it_writes(encoder, saved, monkeypatch):
    tiny_training.use_statements(monkeypatch)
    recipe = replace(tiny_training.recipe(encoder, SMALL), start=str(saved))
    with pytest.raises(RecipeError, match="start and output are both"):
        train.train(recipe, saved)
    assert not (saved / "run").exists()


def test_a_run_whose_start_was_replaced_is_another_run(encoder, saved, tmp_path, monkeypatch):
    tiny_training.use_statements(monkeypatch)
    shutil.copytree(saved, tmp_path / "start")
    recipe = replace(tiny_training.recipe(encoder, SMALL), start=str(tmp_path / "start"))
    train.train(recipe, tmp_path / "m")
    record = (tmp_path / "m" / "run" / "recipe.json").read_text()
    (tmp_path / "start" / "model.onnx").write_bytes(b"the next release")
    monkeypatch.setattr(train, "take_up", lambda *_: None)
    with pytest.raises(RecipeError, match="other start_sha256"):
        train.train(recipe, tmp_path / "m")
    with pytest.raises(RecipeError, match="other seed"):
        train.train(replace(recipe, seed=99, start=str(saved)), tmp_path / "m")
    assert (tmp_path / "m" / "run" / "recipe.json").read_text() == record


def table(path, count=200, **columns):
    """Write a table of `count` rows; `columns` are name -> label of row i."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", *columns])
        for i in range(count):
            writer.writerow([f"statement {i} nine", *(label(i) for label in columns.values())])
    return path


@pytest.fixture
def own(tmp_path):
    return table(
        tmp_path / "mine.csv",
        stance_ukraine=lambda i: STANCES[i % 3] if i % 4 else "",
        sentiment=lambda i: "positive" if i % 5 == 0 else "",
    )


def test_own_rows_are_parted_and_an_absent_label_is_unknown(own):
    parts = {s: corpus.own_statements(own, s) for s in ("train", "validation", "calibration")}
    labelled = sum(1 for i in range(200) if i % 4 or i % 5 == 0)
    assert sum(map(len, parts.values())) == labelled
    assert 15 <= len(parts["validation"]) <= 50 and 15 <= len(parts["calibration"]) <= 50
    assert len({x.text for rows in parts.values() for x in rows}) == labelled
    for x in parts["train"]:
        i = int(x.id.removeprefix("own-"))
        assert x.stances == (UNKNOWN, UNKNOWN, i % 3 if i % 4 else UNKNOWN)
        assert x.sentiment == (0 if i % 5 == 0 else UNKNOWN)
    assert parts == {s: corpus.own_statements(own, s) for s in parts}


def test_group_0_is_a_group(tmp_path):
    rows = [{"text": f"t{i}", "stance": "neutral", "group": i // 20} for i in range(60)]
    (tmp_path / "g.jsonl").write_text("\n".join(map(json.dumps, rows)))
    parts = [corpus.own_statements(tmp_path / "g.jsonl", s) for s in ("train", "validation")]
    parts.append(corpus.own_statements(tmp_path / "g.jsonl", "calibration"))
    assert sorted(len(part) % 20 for part in parts) == [0, 0, 0]


def test_rows_of_one_group_or_text_stay_together(tmp_path):
    path = table(tmp_path / "g.csv", group=lambda i: f"g{i % 40}", stance=lambda i: "neutral")
    parts = [
        {x.group for x in corpus.own_statements(path, split)}
        for split in ("train", "validation", "calibration")
    ]
    assert all(parts) and len(set.union(*parts)) == sum(map(len, parts)) == 40


def test_what_the_start_answers_surely_right_is_left_out(saved, monkeypatch):
    examples = [
        replace(x, stances=(UNKNOWN, *x.stances[1:])) if i % 3 == 0 else x
        for i, x in enumerate(tiny_training.EXAMPLES)
    ]
    table = quotestance.load(saved).probabilities([x.text for x in examples], TARGETS)
    least = [  # the least probability of a known label
        min(
            p[label]
            for p, label in zip([*stance, tone], [*x.stances, x.sentiment], strict=True)
            if label != UNKNOWN
        )
        for x, stance, tone in zip(examples, table.stance, table.sentiment, strict=True)
    ]
    monkeypatch.setattr(easy, "SURE", float(np.median(least)))
    hard = [x for x, p in zip(examples, least, strict=True) if p < easy.SURE]
    assert 0 < len(hard) < len(examples)
    assert easy.without_easy(examples, saved, 0.0) == hard
    assert easy.without_easy(examples, saved, 1.0) == examples
    half = easy.without_easy(examples, saved, 0.5)
    assert len(hard) < len(half) < len(examples)
    assert [x for x in half if x in hard] == hard
    other = Example("n", "A good man.", ("Smith",), (0,), UNKNOWN, "newsmtsc", "n")
    assert easy.without_easy([other, *examples], saved, 0.0) == [*hard, other]


def test_a_share_of_easy_statements_needs_a_start(tmp_path):
    path = tmp_path / "r.toml"
    for line in ("easy = 0.3", "easy = 1.2"):
        path.write_text(f'name = "r"\nkind = "late-attention"\n[data]\n{line}\n')
        with pytest.raises(RecipeError, match="wanted 1, or a share with a start"):
            read_recipe(path)
    assert read_recipe(path, ("data.easy=0.3", "start=models/default")).data.easy == 0.3


def test_own_rows_come_whole_and_repeated_beside_a_fraction(own, tmp_path):
    rows = [
        {"id": str(i), "text": f"t{i}", "origin": "authored", "source": "a", "group": f"g{i}",
         "stance": "neutral", "stance_nato": "neutral", "stance_ukraine": "neutral",
         "sentiment": "neutral"}
        for i in range(300)
    ]  # fmt: skip
    (tmp_path / "train.jsonl").write_text("\n".join(map(json.dumps, rows)))
    data = Data(annotated=False, statements=str(tmp_path), fraction=0.2, own=str(own), own_times=3)
    once = corpus.statements(data, "train")
    appearing = corpus.stage_examples(data, Stage())
    mine = corpus.own_statements(own, "train")
    assert 30 < len(once) - len(mine) < 100
    assert len(appearing) == len(once) + 2 * len(mine)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("text,label\na,b\n", ColumnNotFoundError, "no label column"),
        ("text,stance\na,against\n", InputFormatError, "row 1: stance is 'against'"),
        ("[]", InputFormatError, "row 1: stance is \\['neutral'\\]"),
        ("", InputNotFoundError, "no file .*mine.csv"),
    ],
)
def test_a_bad_table_is_refused(tmp_path, text, error, words):
    path = tmp_path / "mine.csv"
    if text == "[]":
        path = tmp_path / "mine.jsonl"
        path.write_text('{"text": "a", "stance": ["neutral"]}')
    elif text:
        path.write_text(text)
    with pytest.raises(error, match=words):
        corpus.own_statements(path, "train")


def test_scores_and_baselines_pass_over_unknown_labels():
    labels = [(0, UNKNOWN), (1, UNKNOWN), (2, UNKNOWN), (UNKNOWN, 1)] * 5
    examples = [
        Example(f"own-{i}", "x", TARGETS, (UNKNOWN, UNKNOWN, stance), tone, "own", f"g{i}")
        for i, (stance, tone) in enumerate(labels)
    ]
    predicted = np.array([[0, 0, max(stance, 0), 1] for stance, _ in labels])
    scores = score.by_origin(examples + tiny_training.EXAMPLES, np.vstack(
        [predicted, score.truth(tiny_training.EXAMPLES)]
    ))  # fmt: skip
    assert scores["own"] == {"stance_ukraine": 1.0, "sentiment": pytest.approx(1 / 1)}
    assert set(scores["mean"]) == set(scores["authored"]) == set(corpus.COLUMNS)
    mixed = examples + tiny_training.EXAMPLES
    weights = baselines.majority(mixed)
    rates = np.exp(weights.own_bias[2])
    counts = np.bincount([x.stances[2] for x in mixed if x.stances[2] != UNKNOWN], minlength=3)
    np.testing.assert_allclose(rates, (counts + 0.5) / (counts + 0.5).sum())
    features = np.random.default_rng(0).normal(size=(len(mixed), 4))
    fitted = baselines.fit_linear(features, mixed, strength=1.0, seed=1)
    assert np.isfinite(fitted.own).all() and np.isfinite(fitted.sentiment).all()


def test_a_name_is_not_exchanged_where_a_label_is_unknown():
    row = Example("own-1", "NATO must help.", TARGETS, (UNKNOWN, 0, UNKNOWN), 2, "own", "g")
    for seed in range(20):
        changed = exchange(row, random.Random(seed))
        assert changed.text == row.text and changed.stances[:3] == row.stances


def test_a_run_goes_on_from_a_pipeline_with_own_rows(encoder, saved, own, tmp_path, monkeypatch):
    rows = {
        split: [*getattr(tiny_training.SPLITS, split), *corpus.own_statements(own, split)]
        for split in ("train", "validation", "calibration")
    }
    monkeypatch.setattr(train, "read_splits", lambda recipe: save.Splits(**rows))
    monkeypatch.setattr(corpus, "stage_examples", lambda data, stage: rows["train"])
    path = tmp_path / "adapt.toml"
    path.write_text(
        f"name = 'adapted'\nkind = 'late-attention'\nstart = '{saved}'\n[network]\n"
        f"encoder = '{encoder}'\nprune_vocabulary = false\nhead_layers = 1\nhead_width = 32\n"
        "head_count = 4\nmax_length = 32\nlayers = 2\nfeed_forward = 40\n"
        "[[stages]]\nepochs = 1\nbatch_size = 8\nr_drop = 1.0\nlearning_rate = 1e-12\n"
    )
    recipe = read_recipe(path)
    metrics = train.train(recipe, tmp_path / "m")
    # At so low a rate the weights are those that it started from.
    network, tokenizer = opened(recipe)
    train.take_up(network, tokenizer, recipe)
    after = torch.load(tmp_path / "m" / "run" / "weights.pt", weights_only=True)
    for name, value in network.state_dict().items():
        torch.testing.assert_close(after[name], value, atol=1e-5, rtol=0)
    assert set(metrics["validation"]) == {"authored", "own", "mean"}
    assert set(metrics["validation"]["own"]) == {"stance_ukraine", "sentiment"}
    assert "own" in metrics["int8_agreement"]
    card = (tmp_path / "m" / "README.md").read_text()
    assert "| own | – | – |" in card and str(saved) in card
    assert quotestance.load(tmp_path / "m").predict_one("Prices rose").sentiment.label


def test_the_benchmark_trains_on_tweets_and_compares_with_the_start(
    encoder, saved, tmp_path, monkeypatch, capsys
):
    corpora = tmp_path / "corpora"
    (corpora / "ruw").mkdir(parents=True)
    for name, start, count in (("train", 0, 90), ("val", 200, 9), ("test", 300, 30)):
        write_tweets(corpora / "ruw" / f"{name}.csv", start, count)
    page, output = tmp_path / "page.md", tmp_path / "adapt.json"
    page.write_text("<!-- adapt:begin -->\n<!-- adapt:end -->\n")
    settings = [
        f"start='{saved}'", "data.authored=false", "data.annotated=false",
        f"data.corpora='{corpora}'", f"network.encoder='{encoder}'", "network.layers=2",
        "network.feed_forward=40", "network.prune_vocabulary=false", "network.head_layers=1",
        "network.head_width=32", "network.head_count=4", "network.max_length=32",
        "stages.0.learning_rate=1e-3", "stages.0.epochs=4", "stages.0.misspell=0.0",
    ]  # fmt: skip
    given = ["--rows", "80", "-o", str(output), "--table", str(page)]
    arguments = [*given, *(part for one in settings for part in ("--set", one))]
    assert adapt.main(arguments) == 0
    before, after = json.loads(output.read_text())["results"]
    assert (before["rows"], after["rows"]) == (0, 80)
    assert after["macro_f1"] > before["macro_f1"]  # each kind has a word of its own
    low, high = after["gain_interval"]
    assert low < after["macro_f1"] - before["macro_f1"] < high
    assert set(after["validation"]) == {"own", "mean"}
    assert "| 80 | " in page.read_text()
    assert "| 80 | " in capsys.readouterr().out
    assert adapt.main(["--set", "start='nowhere'", "-o", str(output)]) == 3
    assert "adapt: " in capsys.readouterr().err
