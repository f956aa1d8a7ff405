"""Whose words they are where the name stands elsewhere: one or two invented texts a rule."""

import pytest

from quotestance.article import Kind, extract

SPEAKERS = [
    (
        "His barrister, Gerald Penrose-Hay, told the court it was “a cruel trick on us”.",
        "Gerald Penrose-Hay",
    ),
    (
        "Chile's consul general in Narva, Benicio Laverde, called it “a gift to smugglers”.",
        "Benicio Laverde",
    ),
    ("One of them, pensioner Ilie Rotaru, said: “I have nothing left.”", "Ilie Rotaru"),
    ("In Sarn, Ann Reeve, the mayor, said: “We will go at once.”", "Ann Reeve"),
    ("Another survivor, Olha Petrenko, 43, said: “We will go at once.”", "Olha Petrenko"),
    ("Lenny Marsh, 17, was on the bus. “I ran and ran,” the teenager said.", "Lenny Marsh"),
    ("Ivo Teal lives here. “I lost forty cows,” the 56-year-old farmer said.", "Ivo Teal"),
    ("Sigurd Lie stood there. “They never swear,” said the former trawlerman.", "Sigurd Lie"),
    ("Minister Sigurd Lie stood there. “They never swear,” said the trawlerman.", None),
    ("Peru's envoy in Sarn, Oles Tym, was glad.\n\n“We've waited,” the envoy told us.", "Oles Tym"),
    (
        "“We go,” she said. Vytenis Grabas was calm. “In a family you shout,” he said.",
        "Vytenis Grabas",
    ),
    ("The Kremlin was quick to answer. “They count our tanks,” it said.", "Kremlin"),
    (
        "Ann Reeve spoke.\n\nHer rival Bob Hale was angry.\n\n“She has promised that four times.”",
        "Bob Hale",
    ),
    (
        "Holger Stein spoke. Stein's ministry clarified that he had meant “a choice, no plan”.",
        "Stein's ministry",
    ),
    (
        "Callum Reid was asked. “A proper number,” he said. And again: “Proper, Verity.”",
        "Callum Reid",
    ),
    ("A boy called Artem holds a torch. “Physics at last!” he shouts.", "Artem"),
    ("The General Staff met. “The worst is in the south,” the report said.", "General Staff"),
    ("Storm\n\nPhotography by Ivo Lantz\n\nA man gets up. “We go on,” he says.", "A man"),
    ("New Delhi, Mar 4 (PTI) Arun Nair met the press. “We are glad of it,” he said.", "Arun Nair"),
    ("NEW DELHI: The minister, Arun Nair, came. “We are glad of it,” he said.", "Arun Nair"),
    ("“We grow corn,” Bob Hale said. “Corn.”", "Bob Hale"),
    ("Ann Reeve went on to call the line “a channel for surrender”.", "Ann Reeve"),
    ("Ann Reeve said the episode “would be funny if nobody died of it.”", "Ann Reeve"),
    ("“We go,” said Ann Reeve. “I have come to talk.\n\nThey asked her anyway.", "Ann Reeve"),
    ("‘He said “no” to us, and then he said “never”,’ Ann Reeve said.", "Ann Reeve"),
]


@pytest.mark.parametrize(("text", "speaker"), SPEAKERS)
def test_the_last_quotation_is_whose_the_text_tells(text: str, speaker: str | None) -> None:
    assert [row.speaker for row in extract(text) if row.kind == Kind.DIRECT][-1] == speaker


@pytest.mark.parametrize(
    "text",
    [
        "Owners were angry.\n\n'A TAX ON BREAD'\n\nIt rained.",
        "It rained.\n\n- 'Not a bus service' -\n\nIt snowed.",
        "It rained.\n\nMore stories\n\n“I saw it all”: a nurse speaks",
    ],
)
def test_headings_and_other_stories_are_no_quotations(text: str) -> None:
    assert extract(text) == []


def test_a_single_surname_labels_the_turns_of_an_interview() -> None:
    turns = (
        "Raudsepp-Lill: We went there.",
        "Host: And then?",
        "Raudsepp-Lill: We came back.",
        "Host: Good.",
    )
    rows = extract("\n\n".join(turns))
    assert [row.speaker for row in rows] == ["Raudsepp-Lill", None, "Raudsepp-Lill", None]


CLAUSES = [
    ("Colonel Ann Hordy said jamming had tripled since May.", "jamming had tripled since May"),
    (
        "Four diplomats told POLITICO at least three states would object.",
        "at least three states would object",
    ),
    ("Her publisher says the ministry asked for it.", "the ministry asked for it"),
    ("Ann Reeve wrote on X that the road was closed.", "the road was closed"),
    ("Ann Reeve said earlier that the road was closed.", "the road was closed"),
    ("Ann Reeve asked people to avoid the bridge.", "people to avoid the bridge"),
    ("Moscow accuses Ukraine of shelling its own towns.", "Ukraine of shelling its own towns"),
    ("Bob Hale leads it. In his opinion, the strike would last.", "the strike would last"),
    ("As the Kremlin noted, the talks would go on.", "the talks would go on"),
    ("The road is long, Guo Min said, noting that it rained.", "The road is long"),
    ("“We will go,” Ann Reeve said, adding that the town would pay.", "the town would pay"),
    ("Ann Reeve told Reuters Warsaw was open to it.", "Warsaw was open to it"),
    ("Mayor Ann Reeve replied that nothing was lost.", "nothing was lost"),
]


@pytest.mark.parametrize(("text", "clause"), CLAUSES)
def test_a_clause_is_reported(text: str, clause: str) -> None:
    first = next(row for row in extract(text) if row.kind == Kind.INDIRECT)
    assert first.quotation == clause
    assert first.speaker is not None


@pytest.mark.parametrize(
    "text",
    [
        "The president announced this on Telegram, Wire reports.",
        "Ann Reeve believes that the road is closed.",
        "Ann Reeve asked not to be named.",
    ],
)
def test_a_source_a_belief_and_a_condition_are_not_reported(text: str) -> None:
    assert extract(text) == []
