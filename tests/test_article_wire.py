"""What wires, features and transcripts write: tags inside clauses, resumed sentences, labels."""

import pytest

from quotestance.article import Kind, extract

Rows = list[tuple[str | None, str]]


def spans(text: str) -> Rows:
    """Return speaker and quotation of every row, in order."""
    return [(row.speaker, row.quotation) for row in extract(text)]


def speakers(text: str) -> list[str | None]:
    return [row.speaker for row in extract(text)]


INSIDE: dict[str, tuple[str, Rows]] = {
    "according to": (
        "The attack, according to the ministry, killed four people and wounded nine.",
        [("ministry", "killed four people and wounded nine")],
    ),
    "according to, passive": (
        "The strikes, according to Ivan Koval, were aimed at the port.",
        [("Ivan Koval", "were aimed at the port")],
    ),
    "according to, two parts": (
        "Russia has lost 2,000 tanks, according to Koval, and cannot replace them.",
        [
            (
                "Koval",
                "Russia has lost 2,000 tanks, according to Koval, and cannot replace them",
            )
        ],
    ),
    "which according to": (
        "The shells, which according to two officers were fired on Tuesday, came from Kursk.",
        [("two officers", "were fired on Tuesday")],
    ),
    "which, according to": (
        "The shells, which, according to Ivan Koval, were fired on Tuesday, came from Kursk.",
        [("Ivan Koval", "were fired on Tuesday")],
    ),
    "told an agency": (
        "The decision, officials told Reuters, was taken on Sunday.",
        [("officials", "was taken on Sunday")],
    ),
    "told the paper": (
        "Ivan Koval was blunt. The plan, he told the paper, would never work.",
        [("Ivan Koval", "would never work")],
    ),
    "officials in a place": (
        "The attack, officials in Kyiv said, killed four people.",
        [("officials", "killed four people")],
    ),
    "told reporters": (
        "The missiles, spokesman Yevhen Rudenko told reporters, were harder to stop.",
        [("Yevhen Rudenko", "were harder to stop")],
    ),
}

HEADS: dict[str, tuple[str, Rows]] = {
    "two officers": (
        "According to two officers, the shells never came.",
        [("two officers", "the shells never came")],
    ),
    "two officers after": (
        "The shells never came, according to two officers.",
        [("two officers", "The shells never came")],
    ),
    "three soldiers": (
        "Three soldiers close to the front said the shells never came.",
        [("Three soldiers", "the shells never came")],
    ),
    "a person familiar": (
        "The talks have stalled, according to a person familiar with the talks.",
        [("a person", "The talks have stalled")],
    ),
    "two alone": ("“We stayed at home,” said two.", [("two", "We stayed at home,")]),
    "the other": (
        'Two men spoke. "We will not go back to that table," said the other.',
        [("the other", "We will not go back to that table,")],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), INSIDE.values(), ids=INSIDE)
def test_a_clause_goes_on_after_a_tag_inside_it(text: str, wanted: Rows) -> None:
    assert spans(text) == wanted
    assert all(row.kind is Kind.INDIRECT for row in extract(text))


def test_the_statement_of_a_clause_with_a_tag_inside_is_the_sentence() -> None:
    text = "The attack, according to the ministry, killed four people and wounded nine."
    assert extract(text)[0].statement == text.rstrip(".")


@pytest.mark.parametrize(("text", "wanted"), HEADS.values(), ids=HEADS)
def test_an_unnamed_speaker_has_a_head(text: str, wanted: Rows) -> None:
    assert spans(text) == wanted


@pytest.mark.parametrize("verb", ["smiled", "shrugged", "grinned", "scoffed", "beamed", "said"])
@pytest.mark.parametrize("who", ["Oleh Didenko", "the driver"])
def test_a_verb_of_manner_stands_before_its_speaker(verb: str, who: str) -> None:
    text = f"“We are still here and we will stay,” {verb} {who}. “This is our street.”"
    assert {row.speaker_mention for row in extract(text)} == {who}
    assert len({row.group for row in extract(text)}) == 1


def test_a_gesture_gives_its_sentence_no_words() -> None:
    rows = extract("The colonel smiled at the children. “It holds,” said Ivan Koval.")
    assert [row.speaker for row in rows] == ["Ivan Koval"]
