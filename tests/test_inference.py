"""Windows, batches and calibration: numbers checked by hand, order kept, bits reproducible."""

from itertools import pairwise

import numpy as np
import pytest

from quotestance import inference
from quotestance.inference import Probabilities, batches_by_length, calibrate, infer, split_windows
from quotestance.labels import TARGETS
from quotestance.pipeline import SavedPipeline


@pytest.fixture(scope="module")
def pipeline(tiny_model):
    return SavedPipeline(tiny_model, threads=2)


@pytest.fixture(scope="module")
def vectors(pipeline):
    known = pipeline.config.target_vectors
    return np.array([known[target] for target in TARGETS], np.float32)


@pytest.mark.parametrize("length", [3, 10, 11, 12, 25, 26, 100])
def test_windows_cover_every_token_and_keep_the_special_ones(length):
    ids = [101, *range(1000, 1000 + length), 102]
    windows = split_windows(ids, 12, overlap=4)
    assert all(window[0] == 101 and window[-1] == 102 for window in windows)
    assert {token for window in windows for token in window} == set(ids)
    full = len(windows) > 1
    assert all(len(window) == (12 if full else len(ids)) for window in windows)
    for left, right in pairwise(windows):
        assert len(set(left[1:-1]) & set(right[1:-1])) >= 4


def test_batches_hold_one_length_each_and_every_window_once():
    lengths = np.random.default_rng(0).integers(1, 40, 500)
    windows = [[7] * length for length in lengths]
    batches = list(batches_by_length(windows, 64))
    assert sorted(i for batch in batches for i in batch) == list(range(500))
    for batch in batches:
        assert len({len(windows[i]) for i in batch}) == 1
        assert len(batch) == 1 or sum(len(windows[i]) for i in batch) <= 64


def test_results_stand_in_the_order_of_the_statements(pipeline, vectors):
    texts = [f"We stand with Ukraine {'and NATO ' * (i % 7)}" for i in range(60)]
    together = infer(pipeline, texts, vectors)
    for i, text in enumerate(texts):
        alone = infer(pipeline, [text], vectors)
        np.testing.assert_allclose(together.stance[i], alone.stance[0], atol=1e-6)
        np.testing.assert_allclose(together.sentiment[i], alone.sentiment[0], atol=1e-6)


def test_the_number_of_threads_does_not_change_a_bit(tiny_model, pipeline, vectors):
    texts = [f"NATO is a threat {i} to peace" * (1 + i % 5) for i in range(300)]
    single = infer(SavedPipeline(tiny_model, threads=1), texts, vectors)
    several = infer(pipeline, texts, vectors)
    assert single.stance.tobytes() == several.stance.tobytes()


def test_equal_statements_are_computed_once(pipeline, vectors, monkeypatch):
    rows = []
    monkeypatch.setattr(
        pipeline, "run", lambda b, v: (rows.extend(b), SavedPipeline.run(pipeline, b, v))[1]
    )
    result = infer(pipeline, ["We stand.", "NATO.", "We stand.", "We stand."], vectors)
    assert len(rows) == 2
    assert result.stance[0].tobytes() == result.stance[2].tobytes() == result.stance[3].tobytes()


def test_a_long_statement_is_the_mean_of_its_windows_by_tokens(pipeline, vectors, monkeypatch):
    monkeypatch.setattr(inference, "split_windows", lambda ids, *_, **__: [ids[:3], ids[3:]])
    text = "We stand with Ukraine and we thank NATO"
    ids = pipeline.encode([text])[0]
    parts = [pipeline.run([part], vectors)[0][0] for part in (ids[:3], ids[3:])]
    expected = (3 * parts[0] + (len(ids) - 3) * parts[1]) / len(ids)
    np.testing.assert_allclose(infer(pipeline, [text], vectors).stance[0], expected, atol=1e-6)


def test_temperature_is_applied_as_written(tiny_model):
    pipeline = SavedPipeline(tiny_model)
    pipeline.config.temperature.update({"stance": 2.0, "sentiment": 1.0})
    pipeline.config.smoothing.clear()
    pipeline.config.label_temperature.clear()
    raw = Probabilities(
        np.array([[[0.64, 0.32, 0.04]]], np.float32), np.array([[0.5, 0.3, 0.2]], np.float32)
    )
    soft = calibrate(raw, pipeline, ["NATO/Ukraine"])
    roots = np.sqrt([0.64, 0.32, 0.04])  # p ** (1 / 2), then normalised
    np.testing.assert_allclose(soft.stance[0, 0], roots / roots.sum(), atol=1e-6)
    np.testing.assert_allclose(soft.sentiment, raw.sentiment, atol=1e-6)


def test_smoothing_is_that_of_the_column_and_none_for_other_targets(tiny_model):
    pipeline = SavedPipeline(tiny_model)
    pipeline.config.temperature.update({"stance_nato": 1.0, "zero_shot": 1.0})
    pipeline.config.smoothing.clear()
    pipeline.config.label_temperature.clear()
    pipeline.config.smoothing["stance_nato"] = 0.1
    p = np.array([0.5, 0.3, 0.2], np.float32)
    raw = Probabilities(np.array([[p, p]]), p[None])
    nato, other = calibrate(raw, pipeline, ["NATO", "Brazil"]).stance[0]
    wanted = p**2 / (p + 0.1)
    np.testing.assert_allclose(nato, wanted / wanted.sum(), atol=1e-6)
    np.testing.assert_allclose(other, p, atol=1e-6)


def test_the_temperature_of_the_label_answered_is_that_of_the_column(tiny_model):
    pipeline = SavedPipeline(tiny_model)
    pipeline.config.temperature.update({"stance_nato": 1.0, "zero_shot": 1.0})
    pipeline.config.smoothing.clear()
    pipeline.config.label_temperature.clear()
    pipeline.config.label_temperature["stance_nato"] = [2.0, 1.0, 1.0]
    p = np.array([0.64, 0.32, 0.04], np.float32)
    raw = Probabilities(np.array([[p, p], [p[::-1], p]]), np.stack([p, p]))
    soft = calibrate(raw, pipeline, ["NATO", "Brazil"]).stance
    roots = np.sqrt(p)
    np.testing.assert_allclose(soft[0, 0], roots / roots.sum(), atol=1e-6)
    np.testing.assert_allclose(soft[1, 0], p[::-1], atol=1e-6)
    np.testing.assert_allclose(soft[:, 1], [p, p], atol=1e-6)


def test_a_certain_probability_stays_a_number(pipeline):
    raw = Probabilities(np.array([[[1, 0, 0]]], np.float32), np.array([[0, 0, 1]], np.float32))
    soft = calibrate(raw, pipeline, ["NATO/Ukraine"])
    assert np.isfinite(soft.stance).all() and soft.stance[0, 0, 0] > 0.99


def test_no_statement_gives_empty_arrays(pipeline, vectors):
    result = infer(pipeline, [], vectors)
    assert result.stance.shape == (0, 3, 3) and result.sentiment.shape == (0, 3)
