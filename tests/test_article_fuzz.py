"""No text makes extraction fail, hang or be off by one."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotestance.article import extract

PIECES = [
    *"“”„«»\"'‘’‹›`,.;:!?—–-()[]<>\n\r\t …",
    *("\n\n", "''", "``", "\ue000", "\ue001", "\ufeff", "\u2028", "@", "> ", "Q: ", "REEVE: "),
    *("He said ", "said ", "Ann Reeve ", "the minister ", "that ", "according to ", "Mr. "),
    *("and ", "we will go ", "NATO ", "adding that ", "of the ", "who ", "1.5 ", "é", "𝒳", "🙂"),
]


def check(text: str) -> None:
    rows = extract(text)
    for row in rows:
        assert text[row.start : row.end] == row.quotation
        assert row.quotation == row.quotation.strip() != ""
        assert row.statement.strip()
    groups = {row.group: row.statement for row in rows}
    assert all(groups[row.group] == row.statement for row in rows)
    assert sorted(groups) == list(range(len(groups)))


@settings(max_examples=400, deadline=5000)
@given(st.lists(st.sampled_from(PIECES), max_size=120).map("".join))
def test_any_mixture_of_marks_and_cues(text: str) -> None:
    check(text)


@settings(max_examples=200, deadline=5000)
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    check(text)


HARD = {
    "openers": "“a b c ",
    "closers": "c” b ",
    "straight": '"a b c ',
    "single": "'a b c ",
    "he said": "he said ",
    "names": "Ann Reeve ",
    "commas": "Reeve, ",
    "brackets": "( ",
    "half quotes": "He said “we will go” and ",
    "labels": "Q: a\n",
    "quotations": "“We go now,” Ann Reeve, 45, said. He left. ",
    "block quotes": "> a b c.\n",
    "dashes": "— ",
}


@pytest.mark.parametrize("unit", HARD.values(), ids=HARD)
def test_time_is_linear_in_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        best = 60.0
        for _ in range(2):
            start = time.process_time()
            extract(text)
            best = min(best, time.process_time() - start)
        return best

    # Eight times the text: linear gives 8, quadratic 64.
    assert seconds(64_000) < 24 * max(seconds(8_000), 0.002)
