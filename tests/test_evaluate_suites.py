"""Target use, behaviour, fairness and attribution, on models whose faults are known."""

import json

import numpy as np
import pytest

from evaluation.attribution import attribute, instructive_errors
from evaluation.behaviour import behaviour, minimal_pairs, read_cases
from evaluation.columns import COLUMNS
from evaluation.data import make_dataset
from evaluation.fairness import KINDS, fairness, read_frames
from evaluation.intervals import GroupBootstrap, share_interval, wilson_interval
from evaluation.label_errors import suspected_errors
from evaluation.targets import target_use
from evaluation.testsets import CHALLENGE
from quotestance.errors import InputFormatError
from training.statements import read_statements


class Keyword:
    """Answers by keywords: `reads(text, target)` gives the label's index for any target."""

    name, kind, probabilistic, answers_any_text = "keyword", "test", True, True

    def __init__(self, reads):
        self.reads = reads

    def ask(self, texts, target):
        return 0.7 * np.eye(3)[[self.reads(text, target) for text in texts]] + 0.1

    def answer(self, texts, ids=None):
        named = {"stance": "side", "stance_nato": "NATO", "stance_ukraine": "Ukraine"}
        answers = {column: self.ask(texts, target) for column, target in named.items()}
        return {**answers, "sentiment": self.ask(texts, "side")}


def by_polarity(text, target):
    return 0 if "good" in text else 1 if "bad" in text else 2


def by_target(text, target):
    return by_polarity(text, target) if target in text else 2


ROWS = [
    {"text": f"{name} is {word}", "stance_nato": nato, "stance_ukraine": ukraine}
    for word, label in (("good", "supportive"), ("bad", "adversarial"), ("here", "neutral"))
    for name, nato, ukraine in (("NATO", label, "neutral"), ("Ukraine", "neutral", label))
]


@pytest.mark.parametrize(
    ("reads", "drop", "both_right"), [(by_polarity, 0, 0), (by_target, 5 / 6, 1)]
)
def test_target_use_tells_polarity_from_stance(reads, drop, both_right):
    data = make_dataset("d", ROWS, source="memory")
    use = target_use(Keyword(reads), data, bootstrap=GroupBootstrap(data.groups, resamples=100))
    # By hand for by_target: right everywhere; exchanged, the answers for and against go to rows
    # that are neutral, and F1 is 0, 0 and 4/8.
    assert use["exchanged_drop"] == pytest.approx(drop)
    assert use["split"] == {"n": 4, "both_right": both_right, "told_apart": both_right}
    assert use["columns"]["stance_nato"]["exchanged"]["same_label"] == (1 / 3 if drop else 1)
    assert (use["masked_drop"] > 0.5) == (drop > 0)


CASES = [
    {"case": "1", "kind": "mft", "capability": "praise", "text": "NATO is good"}
    | {"stance_nato": "supportive", "sentiment": None},
    {"case": "2", "kind": "mft", "capability": "irony", "text": "NATO is good, sure"}
    | {"stance_nato": "adversarial"},
    {"case": "3", "kind": "invariance", "capability": "courtesy", "text": "Please, NATO is good"}
    | {"base_text": "NATO is good"},
    {"case": "4", "kind": "invariance", "capability": "courtesy", "text": "No good! NATO is bad"}
    | {"base_text": "NATO is bad"},
    {"case": "5", "kind": "direction", "capability": "flip", "text": "NATO is bad"}
    | {"base_text": "NATO is good", "stance_nato": "adversarial"},
    {"case": "6", "kind": "direction", "capability": "flip", "text": "NATO is bad"}
    | {"base_text": "NATO is bad too", "stance_nato": "adversarial"},
]


def test_behaviour_counts_failures_per_capability():
    found = {
        (entry["kind"], entry["capability"]): (entry["failures"], entry["n"])
        for entry in behaviour(Keyword(by_polarity), CASES)
    }
    assert found == {
        ("mft", "praise"): (0, 1),
        ("mft", "irony"): (1, 1),
        ("invariance", "courtesy"): (1, 2),
        ("direction", "flip"): (1, 2),
    }


def test_behaviour_shows_what_failed():
    worst = behaviour(Keyword(by_polarity), CASES)[0]
    assert (worst["capability"], worst["failure_rate"]) == ("irony", 1.0)
    assert worst["examples"][0]["failed"] == {
        "stance_nato": {"wanted": "adversarial", "got": "supportive", "base": "supportive"}
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "guess"}, "kind is 'guess'"),
        ({"kind": "direction"}, "base_text is missing"),
        ({"stance": "for"}, "stance is 'for'"),
    ],
)
def test_a_broken_case_is_named(tmp_path, change, message):
    path = tmp_path / "behaviour.jsonl"
    path.write_text(json.dumps({**CASES[0], **change}))
    with pytest.raises(InputFormatError, match=f"case 1: .*{message}"):
        read_cases(path)


def test_minimal_pairs_need_both_members_right():
    rows = [
        {"pair": "p", "text": "NATO is good", "stance_nato": "supportive"},
        {"pair": "p", "text": "NATO is bad", "stance_nato": "adversarial"},
        {"pair": "q", "text": "NATO is good", "stance_nato": "supportive"},
        {"pair": "q", "text": "NATO is good, sure", "stance_nato": "adversarial"},
        {"pair": "alone", "text": "NATO", "stance_nato": "neutral"},
    ]
    for row in rows:
        row |= {"stance_ukraine": "neutral", "capability": row["pair"]}
    data = make_dataset("d", rows, source="memory")
    found = minimal_pairs(data, Keyword(by_target).answer(data.texts))
    assert (found["pairs"], found["both_right"], found["both_right_everywhere"]) == (2, 0.5, 0.5)
    # The labels toward Ukraine are equal in both pairs, so they are no contest.
    assert list(found["columns"]) == ["stance_nato"]
    assert found["capabilities"]["q"]["both_right"] == 0
    assert found["both_right_ci"] == wilson_interval(1, 2)
    assert minimal_pairs(make_dataset("d", ROWS, source="memory"), {}) is None


def test_fairness_finds_a_nationality_that_flips_labels(tmp_path):
    frame = {"frame": "f", "kind": "nationality", "template": "A {} envoy spoke."}
    frame["values"] = [{"value": v, "group": v} for v in ("Polish", "Russian", "Kenyan")]
    path = tmp_path / "fairness.jsonl"
    path.write_text(json.dumps(frame) + "\n" + json.dumps({**frame, "frame": "g"}))
    biased = Keyword(lambda text, target: 1 if "Russian" in text else 2)
    found = fairness(biased, read_frames(path), resamples=100, seed=0)["nationality"]
    stance = found["columns"]["stance"]
    assert (found["frames"], found["variants"]) == (2, 6)
    assert stance["flip_rate"] == pytest.approx(1 / 3)
    assert stance["shift"] == pytest.approx(0.7)  # lean -0.7 for Russian, 0 for the others
    assert stance["groups"]["Russian"]["lean"] == pytest.approx(-0.7 * 2 / 3)
    assert stance["examples"][0]["value"] == "Russian"
    blind = fairness(Keyword(by_polarity), read_frames(path), resamples=100, seed=0)
    assert blind["nationality"]["columns"]["stance"]["flip_rate"] == 0


def test_the_symmetric_suite_asks_about_the_one_that_is_named(tmp_path):
    frame = {"frame": "s", "kind": "symmetric", "template": "{} is good", "expected": "supportive"}
    names = [("NATO", "NATO"), ("Ukraine", "Ukraine"), ("Russia", "Russia"), ("the CSTO", "CSTO")]
    frame["values"] = [{"value": value, "group": target} for value, target in names]
    path = tmp_path / "fairness.jsonl"
    path.write_text(json.dumps(frame))
    fair = fairness(Keyword(by_target), read_frames(path), resamples=100, seed=0)["symmetric"]
    assert {entry["accuracy"] for entry in fair["targets"].values()} == {1.0}
    assert fair["bystander_neutral"]["NATO"]["accuracy"] == 1.0
    partial = Keyword(lambda text, target: 2 if target == "Russia" else 0)
    found = fairness(partial, read_frames(path), resamples=100, seed=0)["symmetric"]
    assert found["targets"]["Russia"]["accuracy"] == 0
    assert found["flip_rate"] == pytest.approx(1 / 4)
    assert found["bystander_neutral"]["Ukraine"]["accuracy"] == 0


def test_the_frames_that_ship():
    frames = read_frames(CHALLENGE / "fairness.jsonl")
    assert set(frames) == set(KINDS)
    assert sum(int(variants.frames.max()) + 1 for variants in frames.values()) >= 40
    for variants in frames.values():
        assert len(set(variants.texts)) == len(variants.texts)
    assert set(frames["symmetric"].groups) == {"NATO", "Ukraine", "Russia", "CSTO"}
    assert set(frames["symmetric"].expected) == set(COLUMNS["stance"])


def test_a_broken_frame_is_named(tmp_path):
    path = tmp_path / "fairness.jsonl"
    path.write_text('{"frame": "x", "kind": "outlet", "template": "no slot"}')
    with pytest.raises(InputFormatError, match="frame x: wanted a template"):
        read_frames(path)


def test_errors_name_the_word_that_drove_them():
    rows = [
        {"text": "NATO is good, said nobody", "stance_nato": "adversarial", "group": "a"},
        {"text": "hidden good", "stance_nato": "adversarial", "origin": "annotated"},
        {"text": "all quiet", "stance_nato": "neutral"},
    ]
    data = make_dataset("d", rows, source="memory")
    model = Keyword(by_polarity)
    errors = instructive_errors(data, model.answer(data.texts), {"other": model.answer(data.texts)})
    attribute(model, errors)
    assert [error["text"] for error in errors] == ["NATO is good, said nobody"]
    assert errors[0]["others"] == {"other": "supportive"}
    effects = dict(errors[0]["words"])
    assert effects.pop("good,") == pytest.approx(0.7)
    assert list(effects.values()) == pytest.approx([0] * 4)


def test_errors_are_spread_over_kinds_of_confusion():
    rows = [{"text": f"good {i}", "stance": "neutral"} for i in range(30)]
    rows += [{"text": "bad", "stance": "neutral"}]
    data = make_dataset("d", rows, source="memory")
    errors = instructive_errors(data, Keyword(by_polarity).answer(data.texts), {}, count=4)
    assert len(errors) == 4
    assert "adversarial" in [error["predicted"] for error in errors]


def test_a_swapped_label_is_suspected():
    rows = [
        {"id": f"{word}-{i}", "text": f"{word} {i}", "stance": label}
        for word, label in (("good", "supportive"), ("bad", "adversarial"), ("so", "neutral"))
        for i in range(20)
    ]
    rows[7]["stance"] = "adversarial"
    data = make_dataset("mine", rows, source="memory")
    suspects = suspected_errors(Keyword(by_polarity), data, Keyword(by_polarity).answer(data.texts))
    assert [(s["id"], s["given"], s["suggested"]) for s in suspects] == [
        ("good-7", "adversarial", "supportive")
    ]
    train = make_dataset("authored-train", rows, source="memory")
    first = read_statements()["train"][0]["id"]
    renamed = make_dataset("mine", [{**rows[0], "id": first}], source="memory")
    for learned in (train, renamed):
        with pytest.raises(InputFormatError, match="was trained on"):
            suspected_errors(Keyword(by_polarity), learned, {})


def test_no_flip_in_few_frames_is_no_proof():
    none = np.zeros(60, bool)
    low, high = share_interval(none, np.zeros(500), 20)
    assert (low, high) == (0.0, pytest.approx(0.161, abs=0.001))
    assert share_interval(~none, np.ones(500), 20) == [pytest.approx(1 - high), 1.0]
