"""The parts of a public benchmark as examples: train, validation, the publisher's test splits."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import unescape

from quotestance.labels import STANCES
from training import corpus
from training.corpus import UNKNOWN, Example
from training.recipe import Benchmark, Recipe, RecipeError, Stage
from training.sources.rows import AuxiliaryRow

TESTS: dict[str, tuple[str, ...]] = {"newsmtsc": ("rw", "mt"), "ruw": ("test",)}
"""Benchmark -> its official test splits."""

MARKS = ("{ ", " }")
"""Marks around a target: in no NewsMTSC sentence, and one token each of a pruned vocabulary."""


@dataclass(frozen=True)
class Parts:
    """What a run trains on, chooses on, and is scored on, by split.

    `dropped` counts the training labels left out because their text stands in another part.
    """

    train: list[Example]
    validation: list[Example]
    tests: dict[str, list[Example]]
    dropped: int


def read_parts(recipe: Recipe) -> Parts:
    """Return the parts of the recipe's benchmark; RecipeError where it is for none."""
    asked = recipe.benchmark
    if asked is None or asked.corpus not in TESTS:
        raise RecipeError(f"{recipe.name}: benchmark.corpus wants one of {', '.join(TESTS)}")
    tests = {
        split: corpus.auxiliary_rows(asked.corpus, recipe.data, split)
        for split in TESTS[asked.corpus]
    }
    whole = corpus.auxiliary_rows(asked.corpus, recipe.data, "train")
    train = apart(whole, *tests.values())
    if asked.validation:
        validation = [row for row in train if _share(row.group) < asked.validation]
        rest = [row for row in train if _share(row.group) >= asked.validation]
    else:
        validation = corpus.auxiliary_rows(asked.corpus, recipe.data, "validation")
        rest = train
    kept = apart(rest, validation)
    return Parts(
        to_examples(kept, asked, "train"),
        to_examples(validation, asked, "validation"),
        {split: to_examples(rows, asked, split) for split, rows in tests.items()},
        len(whole) - len(train) + len(rest) - len(kept),
    )


def stage_examples(recipe: Recipe, stage: Stage, train: list[Example]) -> list[Example]:
    """Return a stage's examples; the benchmark's own corpus gives its training part only."""
    own = recipe.benchmark.corpus if recipe.benchmark else ""
    found: list[Example] = []
    for source in stage.sources:
        alone = replace(stage, sources=(source,))
        found += train if source == own else corpus.stage_examples(recipe.data, alone)
    return found


def to_examples(rows: Iterable[AuxiliaryRow], asked: Benchmark, split: str) -> list[Example]:
    """Return one example for each text, with all the targets that are asked of it.

    One encoder pass answers them all. Sentences marked differently are different texts.
    """
    texts: dict[tuple[str, str], list[AuxiliaryRow]] = {}
    for row in rows:
        texts.setdefault((row.group, shown(row, asked)), []).append(row)
    return [
        Example(
            f"{asked.corpus}-{split}-{number}",
            text,
            tuple(row.target for row in members),
            tuple(STANCES.index(row.label) for row in members),
            UNKNOWN,
            asked.corpus,
            group,
        )
        for number, ((group, text), members) in enumerate(texts.items())
    ]


def shown(row: AuxiliaryRow, asked: Benchmark) -> str:
    """Return the text as the network reads it: marked, cleaned, as the benchmark asks."""
    text = row.text
    if asked.mark_target and row.start is not None and row.end is not None:
        before, after = MARKS
        text = f"{text[: row.start]}{before}{text[row.start : row.end]}{after}{text[row.end :]}"
    return clean_tweet(text) if asked.clean_tweets else text


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_USER = re.compile(r"(?<!\w)@\w+")
_HASHTAG = re.compile(r"(?<!\w)#(\w+)")
_SEAM = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")


def clean_tweet(text: str) -> str:
    """Return a tweet in words: no addresses, one name for all users, hashtags taken apart.

    >>> clean_tweet("@nexta_tv #RussiaIsANaziState &amp; #ukraine #NAFO https://t.co/x1")
    '@user Russia Is A Nazi State & ukraine NAFO'
    """
    text = _USER.sub("@user", _ADDRESS.sub(" ", unescape(text)))
    text = _HASHTAG.sub(lambda found: _SEAM.sub(" ", found[1]), text)
    return " ".join(text.split())


def apart(rows: list[AuxiliaryRow], *others: list[AuxiliaryRow]) -> list[AuxiliaryRow]:
    """Return the rows whose text, whatever its case and spacing, stands in none of the others."""
    held = {_plain(row.text) for part in others for row in part}
    return [row for row in rows if _plain(row.text) not in held]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _share(group: str) -> float:
    """Return a number in [0, 1) that is the group's own, whatever the seed of the run."""
    return int(hashlib.sha256(f"validation {group}".encode()).hexdigest()[:8], 16) / 16**8
