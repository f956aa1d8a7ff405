"""The Python call: what it answers, and what bad input gets."""

import io
import json
import multiprocessing
import subprocess
import sys
import threading
from dataclasses import asdict

import numpy as np
import pytest
from rich.console import Console

import quotestance
from quotestance import errors
from quotestance.labels import SENTIMENTS, STANCES, TARGETS, stance_column
from quotestance.show import predictions_table

SUPPORT = "We stand with Ukraine and we thank NATO."


@pytest.fixture(scope="module")
def classifier(tiny_model):
    return quotestance.load(tiny_model)


def test_a_statement_gets_every_decision(classifier):
    prediction = classifier.predict_one(SUPPORT)
    assert tuple(prediction.stance) == TARGETS
    assert prediction.stance["NATO/Ukraine"].label == "supportive"
    assert prediction.sentiment.label == "positive"
    for decision in (*prediction.stance.values(), prediction.sentiment):
        assert sum(decision.probabilities.values()) == pytest.approx(1, abs=1e-5)
        assert decision.score == decision.probabilities[decision.label]
        assert decision.abstained is False
    assert asdict(prediction) == prediction.as_dict()


def test_columns_are_the_output_schema(classifier):
    columns = classifier.predict_one(SUPPORT, ["NATO/Ukraine", "European Union"]).columns()
    assert list(columns) == [
        "stance", "stance_score", "stance_european_union", "stance_european_union_score",
        "sentiment", "sentiment_score",
    ]  # fmt: skip
    wide = classifier.predict_one(SUPPORT).columns(probabilities=True)
    assert {f"stance_nato_{label}" for label in STANCES} < set(wide)
    assert {f"sentiment_{label}" for label in SENTIMENTS} < set(wide)


def test_order_and_number_are_the_inputs(classifier):
    texts = [SUPPORT, "The regime in Kiev is criminal.", SUPPORT, "The train to Kyiv."] * 9
    many = classifier.predict(texts)
    assert [p.text for p in many] == texts
    single = [classifier.predict_one(text) for text in texts[:4]]
    for one, other in zip(single, many, strict=False):
        assert one.sentiment.label == other.sentiment.label
        assert one.stance["NATO"].score == pytest.approx(other.stance["NATO"].score, abs=1e-5)


def test_nothing_in_nothing_out(classifier):
    assert classifier.predict([]) == []


@pytest.mark.parametrize(
    ("statements", "error", "words"),
    [
        (["fine", ""], errors.InvalidStatementError, "statement 1 is blank"),
        (["fine", "\u200b\ufeff \u00ad"], errors.InvalidStatementError, "statement 1 is blank"),
        (["fine", " \n\t"], errors.InvalidStatementError, "statement 1 is blank"),
        ([None], errors.InvalidStatementError, "statement 0 is NoneType"),
        ([SUPPORT, 7], errors.InvalidStatementError, "statement 1 is int"),
        ([b"bytes"], errors.InvalidStatementError, "statement 0 is bytes"),
        ("a bare string", TypeError, "pass a list"),
    ],
)
def test_bad_statements(classifier, statements, error, words):
    with pytest.raises(error, match=words):
        classifier.predict(statements)


@pytest.mark.parametrize("statement", ["", None, 7, float("nan")])
def test_bad_single_statement(classifier, statement):
    with pytest.raises(ValueError, match="statement 0"):
        classifier.predict_one(statement)


@pytest.mark.parametrize(
    "targets",
    [[], "NATO", [""], ["?!"], [None], ["NATO", "nato"], ["European Union", "european-union"]],
)
def test_bad_targets(classifier, targets):
    with pytest.raises(errors.InvalidTargetError):
        classifier.predict([SUPPORT], targets)


def test_a_very_long_statement_is_read_to_its_end(classifier):
    filler = "The meeting starts at nine in Brussels. " * 2500
    assert len(filler) == 100_000
    ending = "The regime in Kiev is criminal. " * 400
    plain = classifier.predict_one(filler).stance["Ukraine"].probabilities["adversarial"]
    ended = classifier.predict_one(filler + ending).stance["Ukraine"].probabilities["adversarial"]
    assert ended > 10 * plain


@pytest.mark.parametrize("text", ["a\x00", "🪖🇺🇦", "\ud83d", "a" * 5000, "Ü" * 300, "«?", "١٢٣"])
def test_odd_characters_are_answered(classifier, text):
    assert classifier.predict_one(text).sentiment.label in SENTIMENTS


def test_abstention_gives_its_reason(classifier):
    with pytest.raises(errors.InvalidAbstentionError, match="90%"):
        classifier.predict([SUPPORT], abstain="91%")
    decided = classifier.predict_one(SUPPORT, abstain="90%").stance["NATO"]
    assert decided.abstained is False or isinstance(decided.abstained, str)
    unknown = classifier.predict_one(SUPPORT, ["Peru"], abstain="90%").stance["Peru"]
    assert "no threshold" in unknown.abstained


def test_threads_get_the_same_answers(classifier):
    texts = [SUPPORT, "Not one more dollar for Ukraine.", "Prices rose by four per cent."]
    want = classifier.probabilities(texts).stance
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(classifier.probabilities(texts).stance))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(np.allclose(one, want, atol=1e-6) for one in found)


def test_import_brings_nothing_heavy():
    code = (
        "import sys, quotestance; before = set(sys.modules);"
        "heavy = {'torch', 'transformers', 'sklearn', 'onnxruntime', 'pyarrow', 'rich'};"
        "print(sorted(heavy & before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_stance_column():
    assert [stance_column(t) for t in (*TARGETS, "European Union")] == [
        "stance", "stance_nato", "stance_ukraine", "stance_european_union",
    ]  # fmt: skip


def _answer(classifier, results):
    results.put(classifier.predict_one(SUPPORT).stance["NATO"].label)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_answers_too(classifier):
    expected = classifier.predict_one(SUPPORT).stance["NATO"].label
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    child = context.Process(target=_answer, args=(classifier, results))
    child.start()
    try:
        assert results.get(timeout=30) == expected
    finally:
        child.kill()
        child.join()


def test_a_shown_table_keeps_brackets_in_statements(tmp_path):
    path = tmp_path / "out.csv"
    names = ["text", *(f"{c}{end}" for c in (*map(stance_column, TARGETS), "sentiment")
                       for end in ("", "_score"))]  # fmt: skip
    row = ["We will stop [the alliance] here [/b]."] + ["neutral", "0.9"] * 4
    path.write_text(",".join(names) + "\n" + ",".join(row) + "\n")
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(predictions_table(path))
    assert "We will stop [the alliance] here [/b]." in console.export_text()


def test_a_prefix_and_the_rows_of_an_article_are_shown(tmp_path):
    def shown(rows, *options):
        path = tmp_path / "out.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        console = Console(width=200, record=True, file=io.StringIO())
        console.print(predictions_table(path, *options))
        return console.export_text()

    own = {"text": "We stand by them.", "stance": "mine", "stance_score": 1}
    added = {"m_stance": "supportive", "m_stance_score": 0.91, "m_sentiment": "neutral",
             "m_sentiment_score": 0.8}  # fmt: skip
    assert "+ supportive 0.91" in shown([own | added], "", "m_")
    assert "mine" not in shown([own | added], "", "m_")
    with pytest.raises(errors.InputFormatError, match="after 'x_'"):
        shown([own | added], "", "x_")
    quoted = {"statement": "Not an inch.", "speaker": "the minister", "stance": "adversarial",
              "stance_score": 0.7, "speaker_role": None}  # fmt: skip
    page = shown([quoted, quoted | {"speaker": None}])
    assert "the minister" in page and "None" not in page and "− adversarial 0.70" in page
