"""What counts as a quotation and who speaks, one small text for each rule."""

import re
from pathlib import Path

import pytest

from quotestance.article import Kind, Quotation, extract


def direct(text: str) -> list[tuple[str, str | None]]:
    return [(row.quotation, row.speaker) for row in extract(text) if row.kind == Kind.DIRECT]


def reported(text: str) -> list[tuple[str, str | None]]:
    return [(row.quotation, row.speaker) for row in extract(text) if row.kind == Kind.INDIRECT]


MARKS = {
    "curly": "“We will not go,” Ann Reeve said.",
    "straight": '"We will not go," Ann Reeve said.',
    "low": "„We will not go“, Ann Reeve said.",
    "reversed": "»We will not go«, Ann Reeve said.",
    "French": "« We will not go », said Ann Reeve.",
    "doubled": "``We will not go,'' Ann Reeve said.",
    "mixed": '“We will not go," Ann Reeve said.',
    "wrong way": "”We will not go,” Ann Reeve said.",
    "British": "‘We will not go,’ Ann Reeve said.",
    "single straight": "'We will not go,' Ann Reeve said.",
    "brackets and dots": "“We … will not [go],” Ann Reeve said.",
}


@pytest.mark.parametrize("text", MARKS.values(), ids=MARKS)
def test_every_kind_of_mark(text: str) -> None:
    ((words, speaker),) = direct(text)
    assert words.rstrip(",").startswith("We ")
    assert words.rstrip(",").endswith(("go", "[go]"))
    assert speaker == "Ann Reeve"


SPEAKERS = {
    "after": ("“We will go,” Ann Reeve said.", "Ann Reeve"),
    "inverted": ("“We will go,” said Ann Reeve, a nurse.", "Ann Reeve"),
    "before": ("Ann Reeve said: “We will go.”", "Ann Reeve"),
    "between": ("“We will go,” Ann Reeve said, “if we must.”", "Ann Reeve"),
    "role first": ("The mayor of Sarn, Ann Reeve, told reporters: “We go.”", "Ann Reeve"),
    "role last": ("Ann Reeve, the mayor of Sarn, said “we will go”.", "Ann Reeve"),
    "age": ("“We will go,” Reeve, 54, said. Ann Reeve has been mayor.", "Ann Reeve"),
    "abbreviations": ("“We will go,” U.S. Sen. Ann T. Reeve, R-Ohio, said.", "Ann T. Reeve"),
    "institution": ("“We will go,” the Kremlin said in a statement.", "Kremlin"),
    "document": ("According to the NATO statement, the allies “will go on for years”.", "NATO"),
    "unnamed": ("“We will go,” a senior official said.", "a senior official"),
    "quoted by": ("A paper quoted Ann Reeve as saying “we will not go”.", "Ann Reeve"),
    "passive": ("The plan was called “a leap in the dark” by Ann Reeve.", "Ann Reeve"),
    "signature": ("“We will go.” — Ann Reeve (@annreeve) June 3, 2023", "Ann Reeve"),
    "label": ("Mayor Ann Reeve: “We will go.”", "Ann Reeve"),
    "words": ("Ann Reeve was blunt. In her words, “we will go now”.", "Ann Reeve"),
    "nobody": ("“We will go.”", None),
    "unknown he": ("“We will go,” he said.", None),
}


@pytest.mark.parametrize(("text", "speaker"), SPEAKERS.values(), ids=SPEAKERS)
def test_where_the_speaker_stands(text: str, speaker: str | None) -> None:
    rows = direct(text)
    assert rows
    assert {name for _, name in rows} == {speaker}


LATER = "Kremlin spokesman Gleb Orlin met Finance Minister Ann Reeve on Monday. "


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (LATER + "“We talked for hours,” she said.", "Ann Reeve"),
        (LATER + "“We talked for hours,” he said.", "Gleb Orlin"),
        (LATER + "“We talked for hours,” the Kremlin spokesman said.", "Gleb Orlin"),
        (LATER + "“We talked for hours,” the minister said.", "Ann Reeve"),
        (LATER + "“We talked for hours,” Reeve said.", "Ann Reeve"),
        (LATER + "Reeve smiled. “We talked for hours.”", "Ann Reeve"),
        (LATER + "“We talked for hours,” the general said.", None),
    ],
)
def test_later_mentions_are_resolved_or_left_open(text: str, speaker: str | None) -> None:
    assert direct(text) == [
        ("We talked for hours," if "said" in text else "We talked for hours.", speaker)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Her film “The Last Train From Sarn” opened on Monday.",
        "The so-called “experts” arrived late.",
        "Yurko “the Bear” Bilyk lost a leg.",
        "It doesn't matter what the farmers' lawyers' clerks' think.",
        "In the '90s and '00s the allies' planes flew rock 'n' roll bands.",
        "The word “historic” was used by everyone.",
        "A banner reading “Stop the war” hung there.",
        "",
        "\n \n",
    ],
)
def test_titles_nicknames_scare_quotes_and_apostrophes_are_none(text: str) -> None:
    assert direct(text) == []


REPORTED = {
    "that": ("Ann Reeve said that the road was closed.", "the road was closed"),
    "no that": ("Ann Reeve said on Monday the road was closed.", "the road was closed"),
    "told": ("Ann Reeve told reporters in Sarn that the road was shut.", "the road was shut"),
    "according": ("According to Ann Reeve, the road was closed.", "the road was closed"),
    "at the end": ("The road was closed, Ann Reeve said.", "The road was closed"),
    "inverted": ("The road was closed, said Ann Reeve.", "The road was closed"),
    "urged": ("Ann Reeve has urged members to close the road.", "members to close the road"),
    "accused": ("Ann Reeve accused Sarn of closing it.", "Sarn of closing it"),
    "called for": ("Ann Reeve called for a closed road.", "a closed road"),
    "in a post": (
        "Ann Reeve said in a post on X late on Monday that the road was closed.",
        "the road was closed",
    ),
}


@pytest.mark.parametrize(("text", "clause"), REPORTED.values(), ids=REPORTED)
def test_reported_speech(text: str, clause: str) -> None:
    assert reported(text) == [(clause, "Ann Reeve")]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Reeve did not say that the road was closed.",
        "Ann Reeve would not say whether she would go.",
        "I said that the road was closed.",
        "The road was closed on Monday.",
        "The three Baltic states report to nobody.",
    ],
)
def test_what_nobody_said_is_not_reported(text: str) -> None:
    assert reported(text) == []


def test_adding_starts_a_second_clause_of_the_same_speaker() -> None:
    assert reported("Ann Reeve said that it rained, adding that the road was closed.") == [
        ("it rained", "Ann Reeve"),
        ("the road was closed", "Ann Reeve"),
    ]


def groups(rows: list[Quotation]) -> list[int]:
    return [row.group for row in rows]


def test_a_running_quotation_is_one_utterance_told_at_its_end() -> None:
    rows = extract("“One is here.\n\n“Two is here.\n\n“Three is here,” Ann Reeve said.")
    assert groups(rows) == [0, 0, 0]
    assert {row.speaker for row in rows} == {"Ann Reeve"}
    assert {row.statement for row in rows} == {"One is here. Two is here. Three is here"}


def test_two_attributions_are_two_utterances() -> None:
    rows = extract("“We will go,” Ann Reeve said. “We will stay,” Bob Hale said.")
    assert groups(rows) == [0, 1]
    assert [row.speaker for row in rows] == ["Ann Reeve", "Bob Hale"]


def test_a_nested_quotation_is_part_of_the_outer_one() -> None:
    rows = direct("“He told me ‘stay where you are’ and left,” Ann Reeve said.")
    assert rows == [("He told me ‘stay where you are’ and left,", "Ann Reeve")]


def test_an_open_mark_never_costs_the_rest() -> None:
    text = (
        'A stray “ mark here.\n\n“We will go,” Ann Reeve said.\n\nAnother " one.\n\n“No,” she said.'
    )
    assert direct(text) == [("We will go,", "Ann Reeve"), ("No,", "Ann Reeve")]


def test_a_transcript_is_its_turns() -> None:
    text = (
        "Interview with Minister Ann Reeve\n\nHOST: Will you go?\n\nMS. REEVE: We will.\n\n"
        "And we will be quick about it.\n\nHOST: Thank you.\n\n(Laughter.)"
    )
    rows = extract(text)
    assert [(row.quotation, row.speaker) for row in rows] == [
        ("Will you go?", None),
        ("We will.", "Ann Reeve"),
        ("And we will be quick about it.", "Ann Reeve"),
        ("Thank you.", None),
    ]


def test_block_quotes_and_announced_posts_need_no_marks() -> None:
    text = (
        "Ann Reeve wrote on Facebook:\n\nWe said no, and we will say it again.\n\nIt rained.\n\n"
        "> We, the officers, warn against it."
    )
    assert direct(text) == [
        ("We said no, and we will say it again.", "Ann Reeve"),
        ("We, the officers, warn against it.", None),
    ]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The minister of defence arrived at the port shortly before the sun had\n"
        "risen and left it again within the hour. “We have seen what there is to\n"
        "see and we will not forget it for a long time,” Ann Reeve said, before a\n"
        "car took her away to the station.\n"
    )
    (row,) = extract(text)
    assert row.quotation.replace("\n", " ").endswith("for a long time,")
    assert "\n" not in row.statement


def test_front_matter_and_datelines_are_not_speech() -> None:
    text = (
        "---\ntitle: \"We will not be moved at all\"\ndate: '2024-05-01'\n---\n"
        "SARN, May 1 (Wire) - Ann Reeve vowed to “keep the road open for good”."
    )
    (row,) = [r for r in extract(text) if r.kind == Kind.DIRECT]
    assert row.statement == "Ann Reeve vowed to keep the road open for good"


def test_text_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="got bytes, wanted the article's text"):
        extract(b"text")  # type: ignore[arg-type]


def test_the_example_of_the_documentation_is_true(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[1] / "docs" / "ARTICLES.md").read_text("utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code is not None
    exec(code.group(1), {})
    shown = re.findall(r"^# (.*)$", code.group(1), re.MULTILINE)
    assert capsys.readouterr().out.splitlines() == shown
