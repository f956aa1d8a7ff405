"""What the classifier answers: frozen records, one schema for every output."""

from dataclasses import asdict, dataclass
from typing import Any

from quotestance.labels import stance_column


@dataclass(frozen=True, slots=True)
class Decision:
    """One label with its calibrated probabilities.

    `score` is the label's probability; `probabilities` maps every label to its own and sums to 1.
    `abstained` is False, or the reason why the label should not be used.
    """

    label: str
    score: float
    probabilities: dict[str, float]
    abstained: bool | str = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """The stance of one statement toward each target, and its sentiment."""

    text: str
    stance: dict[str, Decision]
    sentiment: Decision

    def as_dict(self) -> dict[str, Any]:
        """Return the record as plain dicts; the same as `dataclasses.asdict`."""
        return asdict(self)

    def columns(self, *, probabilities: bool = False) -> dict[str, Any]:
        """Return the flat output columns: label and score per decision, in output order.

        A decision that abstains has the label `None` and keeps its score.
        """
        flat: dict[str, Any] = {}
        named = {stance_column(target): decision for target, decision in self.stance.items()}
        for name, decision in {**named, "sentiment": self.sentiment}.items():
            flat[name] = None if decision.abstained else decision.label
            flat[f"{name}_score"] = decision.score
            if probabilities:
                flat |= {f"{name}_{label}": p for label, p in decision.probabilities.items()}
        return flat
