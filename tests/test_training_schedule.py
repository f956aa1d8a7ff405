"""The order of training: every example once an epoch, variations of a statement side by side."""

import random
from collections import Counter
from itertools import pairwise

import pytest

from quotestance.labels import TARGETS
from training.batches import schedule
from training.corpus import Example
from training.recipe import Stage

TEXT = "NATO is a threat."


def example(name, group, source="authored"):
    return Example(name, TEXT, TARGETS, (1, 1, 2), 1, source, group)


AUTHORED = [example(f"a{i}", f"g{i // 3 if i < 90 else i}") for i in range(200)]
"""Thirty statements of three variations each, and 110 that stand alone."""
ANNOTATED = [example(f"d{i}", f"document {i // 40}", "ungdc") for i in range(120)]
EXAMPLES = AUTHORED + ANNOTATED
LENGTHS = {x.id: random.Random(x.id).randint(5, 60) for x in EXAMPLES}


def order(examples=EXAMPLES, **stage):
    settings = {"epochs": 1, "batch_size": 16, "augment": 0.0, "grouped": True, **stage}
    return schedule(examples, Stage(**settings), 13, LENGTHS)


def places(rows):
    """Return the positions of each group's members in the order of training."""
    found = {}
    for place, row in enumerate(rows):
        found.setdefault(row.group, []).append(place)
    return found


@pytest.mark.parametrize("grouped", [True, False])
def test_every_example_appears_once_an_epoch(grouped):
    rows = order(epochs=3, grouped=grouped)
    epochs = [rows[k * 320 : (k + 1) * 320] for k in range(3)]
    assert all({x.id for x in epoch} == set(LENGTHS) for epoch in epochs)
    assert len(rows) == 3 * len(EXAMPLES)
    assert epochs[0] != epochs[1]
    half = order(epochs=1.5, grouped=grouped)[320:]
    assert 140 <= len(half) <= 180
    assert max(Counter(x.id for x in half).values()) == 1


def test_variations_of_a_statement_stand_side_by_side_and_mostly_in_one_batch():
    rows = order()
    triples = [p for group, p in places(rows).items() if len(p) == 3]
    assert len(triples) == 30
    one_batch = [p for p in triples if len({place // 16 for place in p}) == 1]
    assert len(one_batch) >= 24
    assert all(p == list(range(p[0], p[0] + 3)) for p in one_batch)
    # Where a batch's end parts them, the pieces themselves stay together.
    assert all(sum(b - a == 1 for a, b in pairwise(p)) >= 1 for p in triples)
    alone = [p for p in places(order(grouped=False)).values() if len(p) == 3]
    assert sum(len({place // 16 for place in p}) == 1 for p in alone) < 10


def test_rows_of_a_document_are_not_tied():
    rows = [x.group for x in order() if x.source == "ungdc"]
    neighbours = sum(a == b for a, b in pairwise(rows))
    assert neighbours < len(rows) / 2  # three documents of forty rows: a third by chance


def test_examples_of_like_length_share_a_batch():
    rows = order()
    batches = [rows[i : i + 16] for i in range(0, len(rows), 16)]
    padded = sum(16 * max(LENGTHS[x.id] for x in batch) for batch in batches)
    by_chance = sum(
        16 * max(LENGTHS[x.id] for x in EXAMPLES[i : i + 16]) for i in range(0, len(EXAMPLES), 16)
    )
    assert padded < 0.85 * by_chance


def test_the_order_of_a_seed_is_recorded():
    """So that nobody changes by accident what a recipe's weights follow from."""
    examples = [example(f"x{i}", "one statement") for i in range(10)]
    stage = Stage(epochs=1.5, batch_size=4, augment=0.5, grouped=False)
    lengths = {f"x{i}": 7 * i % 5 for i in range(10)}
    rows = schedule(examples, stage, 13, lengths)
    assert " ".join(x.id for x in rows) == "x6 x1 x4 x9 x5 x0 x3 x8 x0 x6 x1 x4 x7 x2 x7"
    assert [i for i, x in enumerate(rows) if x.text != TEXT] == [1, 2, 4, 6, 7, 8, 10, 12, 13]
    assert rows == schedule(examples, stage, 13, lengths)


def test_every_epoch_starts_with_a_batch_of_its_own():
    """Else the batches of later epochs are cut across lengths, and padding grows by a third."""
    examples = [example(f"y{i}", "one statement") for i in range(16 * 20 + 5)]
    lengths = {x.id: 5 + i % 80 for i, x in enumerate(examples)}
    rows = schedule(examples, Stage(epochs=4, batch_size=16), 13, lengths)
    batches = [[lengths[x.id] for x in rows[i : i + 16]] for i in range(0, len(rows), 16)]
    padding = [16 * max(batch) / sum(batch) for batch in batches[:80]]
    assert len(rows) == 4 * len(examples)
    assert max(sum(padding[k : k + 20]) / 20 for k in (0, 20, 40, 60)) < 1.1


def test_grouping_changes_nothing_where_no_two_share_a_statement():
    alone = [*AUTHORED[90:], *ANNOTATED]
    assert order(alone, augment=0.5, epochs=2) == order(alone, augment=0.5, epochs=2, grouped=False)
