"""The export for `transformers.pipeline`: the package's own probabilities, from another door."""

import json
import random

import numpy as np
import pytest

import quotestance
from quotestance.errors import InvalidTargetError
from quotestance.preprocess import QUOTES, preprocess
from training.modeling_quotestance import split_windows
from training.to_transformers import main, normaliser, to_transformers

LONG = "The alliance has kept its word, and Kharkiv’s defenders know it. " * 25
STATEMENTS = [
    "We must and we will continue to support Ukraine.",
    "“We stand with Kyiv.”",
    "«The regime in KYIV, and Zelenskyy’s clique, are criminals»",
    "NATO was created as an instrument of confrontation.",
    "N.A.T.O. – a ‘defensive’ bloc… so they say",
    "Odesa, Kharkiv and Lugansk will be rebuilt;\n\n we shall help, whatever it takes.",
    "Not one more dollar for Ukraine.",
    "No.",
    "The meeting will take place in Brussels on 14 December.",
    '"No," he said. "Never"',
    "Both sides should talk about the grain, about the ports, about the ships that wait in the "
    "Black Sea, and about the people who wait for them; nobody is served by silence.",
    "☃",
    LONG,
]
HEADS = ["NATO/Ukraine", "NATO", "Ukraine", "sentiment"]


@pytest.fixture(scope="module")
def predictions():
    return quotestance.load().predict(STATEMENTS)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Return a function that opens a directory in `transformers.pipeline`."""
    import transformers
    from transformers import dynamic_module_utils

    transformers.utils.logging.disable_progress_bar()
    with pytest.MonkeyPatch.context() as patch:
        # Where the custom code is copied to, else in the user's home.
        cache = str(tmp_path_factory.mktemp("modules"))
        patch.setattr(dynamic_module_utils, "HF_MODULES_CACHE", cache)
        yield lambda directory, **options: transformers.pipeline(
            "text-classification",
            model=str(directory),
            trust_remote_code=True,
            device="cpu",
            **options,
        )


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    directory = tmp_path_factory.mktemp("exports") / "default"
    assert main(["default", "-o", str(directory)]) == 0
    return directory


@pytest.fixture(scope="module")
def shipped(exported, opened):
    return opened(exported)


def decisions(predictions, head):
    return [p.sentiment if head == "sentiment" else p.stance[head] for p in predictions]


def check(answers, wanted):
    for answer, decision in zip(answers, wanted, strict=True):
        assert answer[0]["label"] == decision.label
        found = {entry["label"]: entry["score"] for entry in answer}
        assert found == pytest.approx(decision.probabilities, abs=1e-5)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("size", [1, len(STATEMENTS)])
def test_it_answers_what_the_package_answers(shipped, predictions, head, size):
    shipped.model.set_target(head)
    answers = shipped(STATEMENTS, batch_size=size, top_k=None)
    check(answers, decisions(predictions, head))


def test_the_tokens_are_those_of_the_package(shipped):
    wanted = quotestance.load().pipeline.encode(STATEMENTS)
    assert shipped.tokenizer(STATEMENTS)["input_ids"] == wanted


def test_padding_on_the_left_and_no_mask(shipped, predictions):
    shipped.model.set_target("NATO")
    wanted = [decision.score for decision in decisions(predictions, "NATO")[:4]]
    shipped.tokenizer.padding_side = "left"
    padded = shipped.tokenizer(STATEMENTS[:4], padding=True, return_tensors="pt")
    shipped.tokenizer.padding_side = "right"
    scores = shipped.model(**padded).logits.softmax(-1).max(-1).values
    assert scores.tolist() == pytest.approx(wanted, abs=1e-5)
    single = shipped.tokenizer(STATEMENTS[0], return_tensors="pt")["input_ids"]
    assert shipped.model(single).logits.exp().max().item() == pytest.approx(wanted[0], abs=1e-5)


def test_the_target_of_the_export_and_of_the_call(exported, opened, tmp_path):
    to_transformers("default", tmp_path / "tone", "sentiment")
    assert opened(tmp_path / "tone")("What a disgrace.")[0]["label"] == "negative"
    assert opened(exported).model.config.target == "NATO/Ukraine"
    chosen = opened(exported, model_kwargs={"target": "sentiment"})
    assert chosen("What a disgrace.")[0]["label"] == "negative"
    with pytest.raises(ValueError, match="'Mars' is not one of"):
        chosen.model.set_target("Mars")


def test_it_can_be_saved_again(shipped, opened, predictions, tmp_path):
    shipped.model.set_target("Ukraine")
    shipped.save_pretrained(tmp_path)
    answers = opened(tmp_path)(STATEMENTS[:3], top_k=None)
    check(answers, decisions(predictions, "Ukraine")[:3])


def test_another_kind_of_model(tiny_model, opened, tmp_path):
    to_transformers(tiny_model, tmp_path / "tiny")
    answers = opened(tmp_path / "tiny")(STATEMENTS, batch_size=4, top_k=None)
    predictions = quotestance.load(tiny_model).predict(STATEMENTS)
    check(answers, decisions(predictions, "NATO/Ukraine"))


def test_nothing_of_it_is_a_pickle(exported):
    suffixes = {path.suffix for path in exported.iterdir()}
    assert suffixes == {".json", ".onnx", ".py", ".safetensors"}


def test_the_normaliser_does_what_preprocess_does():
    pieces = [
        *map(chr, QUOTES), *'" .\n_1²éж', "\u00a0", "\x1c", "e\u0301", "\u0301", "\ufe0f",
        "Kyiv", "KYIVs", "kyiv's", "Zelenskyy", "Kharkiv", "Odesa", "Donbass", "Lugansk", "Lvov",
        "Mykolaiv", "Zaporizhzhia", "Chernihiv", "Dnipro", "N.A.T.O.", "n.a.t.o",
    ]  # fmt: skip
    generator = random.Random(0)
    normalise = normaliser(None).normalize_str
    for _ in range(5000):
        text = "".join(generator.choices(pieces, k=generator.randint(1, 8)))
        assert normalise(text) == preprocess(text), ascii(text)
        quoted = f"“{text}”"
        assert normalise(quoted) == preprocess(quoted), ascii(quoted)


@pytest.mark.parametrize("length", range(1, 40))
def test_windows_are_those_of_the_package(length):
    from quotestance.inference import split_windows as reference

    ids = list(range(length))
    found = split_windows(np.array(ids), 10, 3)
    assert [window.tolist() for window in found] == reference(ids, 10, overlap=3)


@pytest.mark.parametrize(
    ("model", "options", "words"),
    [
        ("none", [], "no saved pipeline at"),
        ("default", ["--target", "Mars"], "'Mars' was not trained; name one of NATO/Ukraine, NATO"),
        ("default", ["--target", ""], "'' was not trained"),
    ],
)
def test_bad_input_is_one_line_and_status_3(tmp_path, capsys, model, options, words):
    model = model if model == "default" else str(tmp_path / model)
    assert main([model, "-o", str(tmp_path / "out"), *options]) == 3
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_it_overwrites_an_earlier_export_and_nothing_else(tiny_model, tmp_path, capsys):
    output = tmp_path / "out"
    assert main([str(tiny_model), "-o", str(output), "--target", "NATO"]) == 0
    assert main([str(tiny_model), "-o", str(output), "--target", "Ukraine"]) == 0
    assert json.loads((output / "config.json").read_text())["target"] == "Ukraine"
    before = (tiny_model / "config.json").read_bytes()
    assert main([str(tiny_model), "-o", str(tiny_model)]) == 3
    assert "holds other files" in capsys.readouterr().err
    assert (tiny_model / "config.json").read_bytes() == before
    with pytest.raises(InvalidTargetError):
        to_transformers(tiny_model, output, "Mars")
