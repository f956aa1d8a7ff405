"""Who said it, where a sentence has two speakers, or gives words to somebody else."""

import pytest

from quotestance.article import Basis, Kind, Quotation, extract


def said(text: str) -> list[tuple[str, str | None]]:
    return [(row.quotation, row.speaker) for row in extract(text)]


def statements(text: str) -> dict[str | None, str]:
    return {row.speaker: row.statement for row in extract(text)}


def test_two_opposed_speakers_are_two_statements() -> None:
    text = (
        "Ann Reeve called Ukraine “a future member of NATO”, but Ilya Orlov dismissed this as "
        "“the hysteria of a dying alliance”."
    )
    rows = extract(text)
    assert [row.speaker for row in rows] == ["Ann Reeve", "Ilya Orlov"]
    assert rows[0].group != rows[1].group
    assert rows[0].statement == "Ann Reeve called Ukraine a future member of NATO"
    assert rows[1].statement.startswith("Ilya Orlov dismissed this")


def test_a_reported_clause_ends_where_another_speaker_begins() -> None:
    rows = extract(
        "Ann Reeve said the future of Ukraine “lies in NATO”, and Ilya Orlov said it “never will”."
    )
    reported = [row for row in rows if row.kind == Kind.INDIRECT]
    assert reported[0].speaker == "Ann Reeve"
    assert "never" not in reported[0].quotation
    assert {row.speaker for row in rows if "never" in row.quotation} == {"Ilya Orlov"}


SPEAKERS = {
    "owned claim": (
        "Responding to Ilya Orlov's claim that “NATO began this war”, Ann Reeve said: “Nonsense.”",
        [("NATO began this war", "Ilya Orlov"), ("Nonsense.", "Ann Reeve")],
    ),
    "claim by": (
        "She rejected the claim by Ilya Orlov that “Ukraine is a Nazi state”.",
        [("Ukraine is a Nazi state", "Ilya Orlov")],
    ),
    "never said": (
        "Ann Reeve never said that “Ukraine must surrender now”.",
        [("Ukraine must surrender now", None)],
    ),
    "nobody": (
        "Nobody in Brussels has ever said “Ukraine must surrender its land”.",
        [("Ukraine must surrender its land", None)],
    ),
    "said, replied": (
        "Ilya Orlov said “NATO is the enemy”, Ann Reeve replied “Russia started this war”.",
        [("NATO is the enemy", "Ilya Orlov"), ("Russia started this war", "Ann Reeve")],
    ),
    "slogan": (
        "“No NATO in Ukraine,” Ann Reeve told reporters.",
        [("No NATO in Ukraine,", "Ann Reeve")],
    ),
    "slogan after": (
        "Ann Reeve answered: “Only With Patriots.”",
        [("Only With Patriots.", "Ann Reeve")],
    ),
    "party and state": (
        "“Ukraine needs more jets,” Sen. Ann Reeve, R-S.C., said.",
        [("Ukraine needs more jets,", "Ann Reeve")],
    ),
    "adding": (
        "Washington will send no troops, Ann Reeve said on Thursday, adding that Europe must lead.",
        [("Washington will send no troops", "Ann Reeve"), ("Europe must lead", "Ann Reeve")],
    ),
    "a member": (
        "“It is capitulation,” said a Labour MP.",
        [("It is capitulation,", "a Labour MP")],
    ),
    "list": (
        "The foreign ministers of Estonia, Latvia and Lithuania said: “We will not wait.”",
        [("We will not wait.", "foreign ministers of Estonia, Latvia and Lithuania")],
    ),
    "words of": (
        "It was, in the words of Ann Reeve, “a very long goodbye”.",
        [("a very long goodbye", "Ann Reeve")],
    ),
    "another's leader": (
        "Ilya Orlov flew to Minsk on Friday. The Belarusian leader said “NATO is at our gates”.",
        [("NATO is at our gates", "Belarusian leader")],
    ),
}


def test_another_countrys_minister_is_another_person() -> None:
    rows = extract(
        "Russian Foreign Minister Ilya Orlov came. “NATO began this war,” Orlov said.\n\n"
        "“Russia is destroying our cities,” said the Ukrainian foreign minister. "
        "“We need help,” Ukraine's foreign minister said."
    )
    assert [row.speaker for row in rows] == ["Ilya Orlov", *["Ukrainian foreign minister"] * 2]


def test_what_is_denied_is_read_with_its_denial() -> None:
    (row,) = extract("Ann Reeve denied on Friday that NATO was preparing an attack.")
    assert row.quotation == "NATO was preparing an attack"
    assert row.statement == "Ann Reeve denied on Friday that NATO was preparing an attack"


def test_a_statement_is_by_whom_it_names() -> None:
    text = (
        "Orlov said it was ready. “This is our land,” according to a statement by the Sarn Council."
    )
    assert said(text)[-1] == ("This is our land,", "Sarn Council")
    assert not [row for row in extract(text) if row.quotation.startswith("by")]


@pytest.mark.parametrize(("text", "wanted"), SPEAKERS.values(), ids=SPEAKERS)
def test_the_words_go_to_who_said_them(text: str, wanted: list[tuple[str, str | None]]) -> None:
    def plain(name: str | None) -> str | None:
        return name and name.removeprefix("the ").removeprefix("The ")

    got = [(words, plain(name)) for words, name in said(text)]
    assert got == [(words, plain(name)) for words, name in wanted]


def test_what_is_only_rejected_is_read_with_its_rejection() -> None:
    (row,) = extract("Ann Reeve rejected the claim that “Ukraine is a Nazi state”.")
    assert row.basis == Basis.SENTENCE
    assert row.statement.startswith("Ann Reeve rejected the claim")


def test_a_label_with_a_bracket_is_a_name_and_no_clause() -> None:
    row = extract("Sen. Ann Reeve (D-Conn.) was scathing: “They have sold a friend for nothing.”")[
        0
    ]
    assert row.speaker == "Ann Reeve"


def test_one_question_is_no_part_of_the_answer() -> None:
    rows: list[Quotation] = extract(
        "MS. REEVE: We stand with Ukraine, and we will go on.\n\nQUESTION: For how long?\n\n"
        "MS. REEVE: As long as it takes, as we have said before."
    )
    assert "REEVE" in (rows[0].speaker or "").upper()
    assert all("QUESTION" not in row.quotation for row in rows)


def test_an_unknown_speaker_goes_on() -> None:
    one, other = extract("“The regime is a tool,” the diplomat noted. “It will be gone soon.”")
    assert one.speaker_mention == other.speaker_mention == "the diplomat"
    assert one.group == other.group
