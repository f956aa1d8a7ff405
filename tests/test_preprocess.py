"""Preprocessing: what must not change an answer does not reach the tokenizer."""

import pytest

from quotestance.preprocess import preprocess


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("“We stand with Kyiv.”", "We stand with Kiev."),
        ("«We stand with KYIV»", "We stand with Kiev"),
        ('He said "no" and "yes"', 'He said "no" and "yes"'),
        ('"No," he said. "Never"', '"No," he said. "Never"'),
        ("don’t – ever…", "don't - ever..."),
        ("President\u00a0Zelenskyy\n\n spoke", "President Zelensky spoke"),
        ("N.A.T.O. is", "NATO is"),
        ("Odesa, Kharkiv and Lugansk", "Odessa, Kharkov and Luhansk"),
        ("soft\u00adhyphen and\u200b zero", "softhyphen and zero"),
        ("e\u0301lan", "élan"),
        ('"', '"'),
    ],
)
def test_preprocess(raw, clean):
    assert preprocess(raw) == clean


def test_preprocessing_twice_changes_nothing():
    text = "“Kyiv’s ‘partners’ — N.A.T.O. …”"
    assert preprocess(preprocess(text)) == preprocess(text)
