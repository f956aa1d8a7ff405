"""What agencies, interviews and features write: who speaks, and the whole of what is said."""

import pytest

from quotestance.article import extract

Rows = list[tuple[str | None, str]]


def told(text: str) -> Rows:
    """Return speaker and statement of every utterance, in order."""
    seen: dict[int, tuple[str | None, str]] = {}
    for row in extract(text):
        seen.setdefault(row.group, (row.speaker and plain(row.speaker), row.statement))
    return list(seen.values())


def plain(name: str) -> str:
    return name.removeprefix("the ").removeprefix("The ")


REPORTED: dict[str, tuple[str, Rows]] = {
    "relative that": (
        "Officials said on Sunday the ship that left Odesa had arrived.",
        [("Officials", "the ship that left Odesa had arrived")],
    ),
    "in May": (
        "In May, he said that Ukraine would need more shells.",
        [(None, "Ukraine would need more shells")],
    ),
    "Jan": (
        "Jan Kowal, a farmer, spoke to us. “The border stays shut,” Jan said.",
        [("Jan Kowal", "The border stays shut")],
    ),
    "after … said": (
        "The talks come after Ilya Orlov said NATO was at war with Russia.",
        [("Ilya Orlov", "NATO was at war with Russia")],
    ),
    "assessed that": (
        "The institute assessed that Russia will attack again in spring.",
        [("institute", "Russia will attack again in spring")],
    ),
    "in which he said": (
        "Ilya Orlov gave a speech in which he said that Ukraine would never join NATO.",
        [("Ilya Orlov", "Ukraine would never join NATO")],
    ),
    "back in": (
        "Back in March, the mayor of Sarn was blunter: “Kyiv can hold.”",
        [("mayor of Sarn", "Kyiv can hold.")],
    ),
    "dateline": (
        "(Newswire) — Russia has lost the town, Ann Reeve said on Monday.",
        [("Ann Reeve", "Russia has lost the town")],
    ),
    "another said, some say": (
        "Another said Moscow had won nothing. Some say Kyiv will never join NATO.",
        [("Another", "Moscow had won nothing"), ("Some", "Kyiv will never join NATO")],
    ),
    "urged, saying": (
        "Ann Reeve urged the allies to send jets, saying: “Ukraine cannot wait any longer.”",
        [
            ("Ann Reeve", "Ann Reeve urged the allies to send jets"),
            ("Ann Reeve", "Ukraine cannot wait any longer."),
        ],
    ),
    "denied, saying": (
        "Ilya Orlov denied that Russia had shelled the port, saying: “Our forces were far away.”",
        [
            ("Ilya Orlov", "Ilya Orlov denied that Russia had shelled the port"),
            ("Ilya Orlov", "Our forces were far away."),
        ],
    ),
}

HALVES: dict[str, tuple[str, Rows]] = {
    "subject before the tag": (
        "The alliance, Ilya Orlov said, “is dragging Europe into war”.",
        [("Ilya Orlov", "The alliance, Ilya Orlov said, is dragging Europe into war.")],
    ),
    "subject before another verb": (
        "The war, Ann Reeve insisted on Monday, “can still be won”.",
        [("Ann Reeve", "The war, Ann Reeve insisted on Monday, can still be won.")],
    ),
    "short second half": (
        "“No,” Ann Reeve said, “never.”",
        [("Ann Reeve", "No, never.")],
    ),
    "name after the comma": (
        "“If we falter,” Ann Reeve said, “Ukraine falls.”",
        [("Ann Reeve", "If we falter, Ukraine falls.")],
    ),
    "new paragraph": (
        "“We stand with Kyiv,” Ann Reeve said.\n\nThe mood was grim. “It is a long war.”",
        [("Ann Reeve", "We stand with Kyiv"), ("Ann Reeve", "It is a long war.")],
    ),
    "full stop within": (
        'Tom Hale said it was a "gift." The mayor, Ann Reeve, said Moscow was behind it.',
        [("Tom Hale", 'it was a "gift."'), ("Ann Reeve", "Moscow was behind it")],
    ),
}

SPEAKERS: dict[str, tuple[str, Rows]] = {
    "quoted as saying": (
        "“NATO must leave the Baltic,” Newswire quoted Ilya Orlov as saying.",
        [("Ilya Orlov", "NATO must leave the Baltic")],
    ),
    "quoted him as saying": (
        "Ilya Orlov spoke in Sarn. The agency quoted him as saying: “Kyiv will not hold out.”",
        [("Ilya Orlov", "Kyiv will not hold out.")],
    ),
    "one name": (
        "Olvia, 34, lost her house in the shelling. “We only want peace,” she said.",
        [("Olvia", "We only want peace")],
    ),
    "other minister": (
        "Dutch Foreign Minister Piet Vos met reporters. “The road is long,” Vos said.\n\n"
        "“We will send tanks to Kyiv,” the Dutch defence minister said.",
        [
            ("Piet Vos", "The road is long"),
            ("Dutch defence minister", "We will send tanks to Kyiv"),
        ],
    ),
    "former minister": (
        "Former Dutch defence minister Piet Vos met reporters. “The road is long,” Vos said.\n\n"
        "“We will send tanks to Kyiv,” the Dutch defence minister said.",
        [
            ("Piet Vos", "The road is long"),
            ("Dutch defence minister", "We will send tanks to Kyiv"),
        ],
    ),
    "particles": (
        "Greta von der Aue arrived early. “Europe stands by Ukraine,” von der Aue said.",
        [("Greta von der Aue", "Europe stands by Ukraine")],
    ),
    "one wrote": (
        "Many wrote to us. One wrote: “Moscow has won nothing.”",
        [("One", "Moscow has won nothing.")],
    ),
    "some say": (
        "Villagers are divided. Some say: “The Russians will be back by winter.”",
        [("Some", "The Russians will be back by winter.")],
    ),
    "asked if": (
        "Asked if Tom Hale said it first, Ann Reeve was clear: “Nobody believes that.”",
        [("Ann Reeve", "Nobody believes that.")],
    ),
    "gesture": (
        "Ann Reeve met the press. “They have abandoned Ukraine!” she stormed.",
        [("Ann Reeve", "They have abandoned Ukraine!")],
    ),
    "answer": (
        "Ann Reeve spoke to reporters. Her answer was short: “Ukraine will join NATO one day.”",
        [("Ann Reeve", "Ukraine will join NATO one day.")],
    ),
    "owner of an answer": (
        "Ann Reeve's verdict was damning: “Moscow has learned nothing.”",
        [("Ann Reeve", "Moscow has learned nothing.")],
    ),
    "capitals": (
        "Tom Hale was furious in his message on the matter: “NO MORE WEAPONS FOR UKRAINE”.",
        [("Tom Hale", "NO MORE WEAPONS FOR UKRAINE")],
    ),
    "the group": (
        "Sarn Watch Organisation said the camp was full. The group said: “People are freezing.”",
        [
            ("Sarn Watch Organisation", "the camp was full"),
            ("Sarn Watch Organisation", "People are freezing."),
        ],
    ),
    "epithet": (
        "Helen Brandt came to Sarn. Defiant Brandt said: “We will never give in to Russia.”",
        [("Helen Brandt", "We will never give in to Russia.")],
    ),
    "think tank": (
        "Ann Reeve, who leads a Sarn think tank, was blunt: “Russia has lost the war at sea.”",
        [("Ann Reeve", "Russia has lost the war at sea.")],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), REPORTED.values(), ids=REPORTED)
def test_reported_speech_is_the_clause_said(text: str, wanted: Rows) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), HALVES.values(), ids=HALVES)
def test_a_statement_has_its_subject_and_its_verb(text: str, wanted: Rows) -> None:
    assert told(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), SPEAKERS.values(), ids=SPEAKERS)
def test_the_speaker_is_who_is_meant(text: str, wanted: Rows) -> None:
    assert told(text) == wanted


def test_an_interview_has_short_labels_and_ends_with_its_last_answer() -> None:
    text = (
        "Ann Reeve: I have seen the front, and Ukraine can hold it.\n\n"
        "Question: For how long can it hold?\n\n"
        "Reeve: For as long as its friends send shells.\n\n"
        "Question: Will they go on sending them?\n\n"
        "Ann Reeve: They have promised to, and I believe them.\n\n"
        "This interview has been edited for length and clarity."
    )
    statements = [row.statement for row in extract(text)]
    assert "For as long as its friends send shells." in statements
    assert not any("edited for length" in statement for statement in statements)
