"""The whole evaluation: every model on every test set, the comparisons, then the suites."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluation.attribution import attribute, instructive_errors
from evaluation.behaviour import behaviour, read_cases
from evaluation.comparison import correct_comparisons
from evaluation.data import Dataset
from evaluation.fairness import fairness, read_frames
from evaluation.intervals import RESAMPLES, SEED, GroupBootstrap
from evaluation.label_errors import suspected_errors
from evaluation.one_set import compare_models, model_slices, score_model
from evaluation.scorers import Answers, SavedModel, Scorer
from evaluation.targets import ASKED
from quotestance.errors import InputFormatError

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How an evaluation runs. `challenge` is the folder of the suites; None leaves them out."""

    resamples: int = RESAMPLES
    seed: int = SEED
    challenge: Path | None = None
    label_errors: bool = False


@dataclass
class Findings:
    """What an evaluation found: the measured part of metrics.json, and rows for review."""

    metrics: dict[str, Any]
    suspects: list[dict[str, Any]] = field(default_factory=list)


def evaluate(
    scorers: Sequence[Scorer],
    sets: Sequence[Dataset],
    *,
    options: Options,
    progress: Progress = lambda step: None,
) -> Findings:
    """Score every model on every test set.

    The first model is the one that the report is about: the others are compared with it, and
    slices, errors and suspected label errors are its own.
    """
    tables = ("results", "conformal", "target_use", "minimal_pairs", "slices")
    metrics: dict[str, Any] = {name: {} for name in tables} | {"comparisons": [], "errors": []}
    findings = Findings(metrics)
    for data in sets:
        answers = _answers(scorers, data, progress)
        bootstrap = GroupBootstrap(data.groups, resamples=options.resamples, seed=options.seed)
        for scorer in scorers:
            if scorer.name in answers:
                progress(f"scoring {scorer.name} on {data.name}")
                part = score_model(scorer, data, answers[scorer.name], bootstrap=bootstrap)
                for name, value in part.items():
                    metrics[name].setdefault(data.name, {})[scorer.name] = value
        about = scorers[0].name
        metrics["slices"][data.name] = model_slices(
            data, about, answers=answers, bootstrap=bootstrap
        )
        metrics["comparisons"] += compare_models(data, about, answers=answers, bootstrap=bootstrap)
        _look_closer(findings, scorers[0], data, answers=answers, options=options)
    _check_all_answered(scorers, metrics["results"])
    correct_comparisons(metrics["comparisons"])
    progress("finding the words behind the errors")
    metrics["errors"] = _take_turns(metrics["errors"])
    attribute(scorers[0], metrics["errors"])
    return Findings(metrics | _suites(scorers, options, progress), findings.suspects)


def _check_all_answered(scorers: Sequence[Scorer], results: dict[str, Any]) -> None:
    for scorer in scorers:
        if not any(scorer.name in models for models in results.values()):
            raise InputFormatError(
                f"{scorer.name} has no prediction for any row of the test sets: "
                "its id or text must be theirs"
            )


def _answers(scorers: Sequence[Scorer], data: Dataset, progress: Progress) -> dict[str, Answers]:
    answers = {}
    for scorer in scorers:
        progress(f"{scorer.name} reads {data.name}")
        if isinstance(scorer, SavedModel):
            # All targets of the evaluation in one pass: an added target costs next to nothing.
            scorer.prepare(data.texts, ASKED)
        answer = scorer.answer(data.texts, data.ids)
        if answer is not None:
            answers[scorer.name] = answer
    return answers


def _look_closer(
    findings: Findings,
    scorer: Scorer,
    data: Dataset,
    *,
    answers: dict[str, Answers],
    options: Options,
) -> None:
    """Add the first model's errors on a test set, and the labels that it disputes."""
    if scorer.name not in answers:
        return
    others = {name: answer for name, answer in answers.items() if name != scorer.name}
    own = answers[scorer.name]
    findings.metrics["errors"].append(instructive_errors(data, own, others))
    if options.label_errors:
        findings.suspects += suspected_errors(scorer, data, own)


def _take_turns(per_set: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Take errors from each test set in turn, as many as one set alone would give."""
    most = max(map(len, per_set), default=0)
    turns = [errors[i] for i in range(most) for errors in per_set if i < len(errors)]
    return turns[:most]


def _suites(scorers: Sequence[Scorer], options: Options, progress: Progress) -> dict[str, Any]:
    """Return behaviour and fairness per model; empty where their files are not there."""
    suites: dict[str, Any] = {"behaviour": {}, "fairness": {}}
    if options.challenge is None:
        return suites
    cases = options.challenge / "behaviour.jsonl"
    frames = options.challenge / "fairness.jsonl"
    for scorer in scorers:
        progress(f"suites of {scorer.name}")
        if cases.is_file():
            suites["behaviour"][scorer.name] = behaviour(scorer, read_cases(cases))
        if frames.is_file():
            suites["fairness"][scorer.name] = fairness(
                scorer,
                read_frames(frames),
                resamples=options.resamples,
                seed=options.seed,
            )
    return suites
