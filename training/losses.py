"""The losses of a stage, from logits and a collated batch."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from training.corpus import UNKNOWN, Example
from training.recipe import Stage


def class_weights(examples: list[Example], power: float) -> dict[str, Tensor]:
    """Return weights by class, (frequency / mean)^-power, for stance and sentiment."""
    stances = [s for x in examples for s in x.stances if s != UNKNOWN]
    tones = [x.sentiment for x in examples if x.sentiment != UNKNOWN]
    return {
        name: torch.tensor(_weights(labels, power), dtype=torch.float32)
        for name, labels in (("stance", stances), ("sentiment", tones))
    }


def _weights(labels: list[int], power: float) -> list[float]:
    counts = np.bincount(np.array(labels, dtype=np.int64), minlength=3) + 1.0
    return [float(weight) for weight in (counts / counts.mean()) ** -power]


def total(
    logits: tuple[Tensor, Tensor],
    batch: dict[str, Tensor],
    stage: Stage,
    weights: dict[str, Tensor],
) -> Tensor:
    """Return the stance loss plus `sentiment_weight` times the sentiment loss, both distilled."""
    stance, sentiment = logits
    hard = _hard(stance.flatten(0, 1), batch["stance"].flatten(), stage, weights["stance"])
    tone = _hard(sentiment, batch["sentiment"], stage, weights["sentiment"])
    loss = hard + stage.sentiment_weight * tone
    if "soft" not in batch or not stage.distil:
        return loss
    soft = batch["soft"]
    taught = _divergence(stance, soft[:, :-1]) + stage.sentiment_weight * _divergence(
        sentiment, soft[:, -1]
    )
    return (1 - stage.distil) * loss + stage.distil * taught


def _hard(logits: Tensor, labels: Tensor, stage: Stage, weights: Tensor) -> Tensor:
    """Cross-entropy over known labels, or focal loss (Lin et al., 2017) where `focal` is set."""
    known = labels != UNKNOWN
    if not known.any():
        return logits.sum() * 0.0
    logits, labels = logits[known].float(), labels[known]
    weights = weights.to(logits.device)
    loss = F.cross_entropy(
        logits, labels, weight=weights, label_smoothing=stage.label_smoothing, reduction="none"
    )
    if stage.focal:
        chance = logits.softmax(-1).gather(1, labels[:, None])[:, 0]
        loss = loss * (1 - chance.detach()) ** stage.focal
    return loss.sum() / weights[labels].sum()


def _divergence(logits: Tensor, soft: Tensor) -> Tensor:
    """Cross-entropy to a teacher's probabilities (Hinton et al., 2015), where there are any."""
    known = ~soft.isnan().any(-1)
    if not known.any():
        return logits.sum() * 0.0
    return -(soft[known] * logits[known].float().log_softmax(-1)).sum(-1).mean()


def r_drop(first: tuple[Tensor, Tensor], second: tuple[Tensor, Tensor]) -> Tensor:
    """Symmetric KL between two passes with different dropout (Liang et al., NeurIPS 2021)."""
    loss = torch.zeros((), device=first[0].device)
    for one, two in zip(first, second, strict=True):
        p, q = one.float().log_softmax(-1), two.float().log_softmax(-1)
        loss = loss + 0.5 * (
            F.kl_div(p, q, log_target=True, reduction="none").sum(-1).mean()
            + F.kl_div(q, p, log_target=True, reduction="none").sum(-1).mean()
        )
    return loss


def contrast(stance: Tensor, batch: dict[str, Tensor], temperature: float = 0.2) -> Tensor:
    """Supervised contrastive loss (Khosla et al., 2020) over the joint stance's logits."""
    labels = batch["stance"][:, 0]
    keep = labels != UNKNOWN
    vectors = F.normalize(stance[keep, 0].float(), dim=-1)
    labels = labels[keep]
    if len(labels) < 2:
        return stance.sum() * 0.0
    likeness = vectors @ vectors.T / temperature
    itself = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    likeness = likeness.masked_fill(itself, -1e4)
    same = (labels[:, None] == labels[None, :]) & ~itself
    terms = (likeness.log_softmax(-1) * same).sum(-1) / same.sum(-1).clamp(min=1)
    return -terms.mean()
