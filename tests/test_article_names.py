"""Where an office ends and a name begins, and whose name it is: invented sentences."""

import pytest

from quotestance.article import extract

NAMES = {
    "minister of": ("Minister of Digital Reconstruction Taras Holub", "Taras Holub"),
    "minister of, unknown name": (
        "Minister of Veterans Affairs Zorian Kvitka",
        "Zorian Kvitka",
    ),
    "president of": ("President of Latvia Egils Bramanis", "Egils Bramanis"),
    "president of, unknown name": ("President of Estonia Ruuben Kask", "Ruuben Kask"),
    "head of the": ("Head of the State Border Service Orest Lypa", "Orest Lypa"),
    "commander of": ("Commander of the Air Force Mykola Drach", "Mykola Drach"),
    "foreign minister": ("Polish Foreign Minister Zbigniew Olszak", "Zbigniew Olszak"),
    "father of": ("Father-of-two Darren Poole", "Darren Poole"),
    "mum of": ("Mum-of-four Kelly Bright", "Kelly Bright"),
    "naval rank": ("Commodore Rasmus Holm", "Rasmus Holm"),
    "police rank": ("Det Con Gemma Farrow", "Gemma Farrow"),
    "police rank with stops": ("Det. Insp. Paul Orme", "Paul Orme"),
    "retired": ("Rear Admiral (Retd) Niall Brannock-Hughes", "Niall Brannock-Hughes"),
    "retired, short": ("Colonel (ret.) Viktor Stanek", "Viktor Stanek"),
    "counsel": ("Miriam Hollis KC", "Miriam Hollis"),
    "order": ("Sir Peter Wrenfield OBE", "Peter Wrenfield"),
    "lord": ("Lord (Alastair) Minto-Grey", "Alastair Minto-Grey"),
    "trade that no list has": ("Bookbinder Ron Hale", "Ron Hale"),
    "trade, small": ("Former bricklayer Simon Croft", "Simon Croft"),
    "country before office": ("US General Howard T. Brill", "Howard T. Brill"),
    "surname that is an office": ("James Baker", "James Baker"),
    "two first names": ("Mary Grace Osei", "Mary Grace Osei"),
    "mouthpiece": ("Kremlin mouthpiece Igor Vetrov", "Igor Vetrov"),
    "particle": ("Prime Minister Pieter van der Meer", "Pieter van der Meer"),
    "compound portfolio": ("Armed Forces Minister Lucy Hart-Dean", "Lucy Hart-Dean"),
}


@pytest.mark.parametrize(("phrase", "name"), NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("shape", ["“We will go at once,” {} said.", "{} said: “We will go.”"])
def test_an_office_is_no_part_of_a_name(shape: str, phrase: str, name: str) -> None:
    (row,) = extract("It rained on Monday.\n\n" + shape.format(phrase))
    assert row.speaker == name


@pytest.mark.parametrize(
    "phrase",
    [
        "The Deputy Chairman of the State Duma Committee",
        "The Secretary General of the Northern Council",
        "New Delhi",
        "The National Security Council",
    ],
)
def test_an_office_or_a_place_alone_is_no_person(phrase: str) -> None:
    (row,) = extract(f"“We will go at once,” {phrase} said. It rained.")
    assert row.speaker == phrase.removeprefix("The ")
    assert row.speaker_role in (None, row.speaker)


def test_the_surname_alone_means_the_person_introduced_with_an_office() -> None:
    text = (
        "Minister of Rural Development Taras Holub arrived.\n\n“We will go at once,” Holub said. "
        "“We go,” the minister added."
    )
    assert {row.speaker for row in extract(text)} == {"Taras Holub"}


@pytest.mark.parametrize("first", ["Jean", "Alexis"])
@pytest.mark.parametrize("pronoun", ["He", "She"])
def test_a_name_that_both_bear_goes_with_either_pronoun(first, pronoun):
    text = (
        f"{first} Castou arrived in Athens on Monday. {pronoun} said that NATO must stop the war."
    )
    assert [row.speaker for row in extract(text)] == [f"{first} Castou"]


def test_a_byte_order_mark_hides_no_quotation():
    text = '\ufeff"We will support Ukraine for years," Jane Doe said on Monday.'
    (row,) = extract(text)
    assert (row.speaker, text[row.start : row.end]) == (
        "Jane Doe",
        "We will support Ukraine for years,",
    )
