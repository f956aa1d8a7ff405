"""The gold articles keep their measured scores; the floors are the project's own."""

import pytest

from benchmarks.article import plain_regex, read_sets, score
from benchmarks.article_gold import Gold, is_right, parse
from quotestance.article import Kind, extract

SETS = read_sets()
REPORTED = {"later even": 0.55}
"""Floors for reported speech under the usual one: articles that no rule was written on."""


@pytest.mark.parametrize("folder", SETS)
def test_gold_articles_score_above_the_floors(folder: str) -> None:
    measures = score(SETS[folder], extract).measures()
    assert measures["direct_f1"] >= 0.95
    assert measures["speaker_accuracy"] >= 0.85
    assert measures["reported_recall"] >= REPORTED.get(folder, 0.65)


def test_there_are_at_least_forty_and_a_plain_pattern_does_far_worse() -> None:
    articles = [article for articles in SETS.values() for article in articles]
    assert len(articles) >= 40
    baseline = score(articles, plain_regex).measures()
    ours = score(articles, extract).measures()
    assert ours["direct_f1"] > baseline["direct_f1"] + 0.1
    assert ours["speaker_accuracy"] > baseline["speaker_accuracy"] + 0.3


def test_markup_is_taken_out_and_spans_are_exact() -> None:
    article = parse("x", "A {{i Ann|b {{d Ann/-|“c d”}} e}} f.")
    assert article.text == "A b “c d” e f."
    assert [(article.text[g.start : g.end], g.kind, g.speakers) for g in article.gold] == [
        ("b “c d” e", Kind.INDIRECT, ("Ann",)),
        ("c d", Kind.DIRECT, ("Ann", "-")),
    ]


def test_a_speaker_is_right_but_for_case_and_an_article() -> None:
    gold = Gold(0, 1, Kind.DIRECT, ("a senior official", "-"))
    assert is_right("The senior official", gold)
    assert is_right(None, gold)
    assert not is_right("senior", gold)
