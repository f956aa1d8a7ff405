"""The article that the project starts from: every direct quotation, every speaker."""

from pathlib import Path

import pytest

from quotestance.article import Kind, extract

TEXT = (Path(__file__).parent / "articles" / "seed-article.txt").read_text("utf-8")

DIRECT = [
    ("as Long as It Takes", "NATO"),
    (
        "remain steadfast in their commitment to further step up political and practical support "
        "to Ukraine",
        "NATO allies",
    ),
    ("will continue their support for as long as it takes,", "NATO allies"),
    ("We are increasing our interoperability with NATO,", "Dmytro Kuleba"),
    (
        "We are pretty much becoming a de facto NATO army, in terms of our technical capacity, "
        "management approaches and principles of running an army.",
        "Dmytro Kuleba",
    ),
    (
        "are already working and taking decisions together, as equals, on a broad range of issues, "
        "including interoperability, energy security, innovation, cyber defence, and resilience. "
        "We will further develop these work strands.",
        "NATO",
    ),
    (
        "help rebuild the Ukrainian security and defence sector and to support Ukraine’s "
        "deterrence and defence in the long term.",
        "NATO",
    ),
    ("an instrument of confrontation,", "Dmitry Peskov"),
    (
        "NATO views Russia as an adversary. NATO is an alliance that was created as an instrument "
        "of confrontation,",
        "Dmitry Peskov",
    ),
    (
        "Some are questioning whether the United States and other NATO allies in truth continue "
        "to stand with Ukraine as we enter the second winter,",
        "Antony Blinken",
    ),
    (
        "But the answer here today at NATO is clear and it’s unwavering. We must and we will "
        "continue to support Ukraine.",
        "Antony Blinken",
    ),
    (
        "an official request for allied support in the face of a hybrid attack on the Finnish "
        "border",
        "Jacek Siewiera",
    ),
    (
        "A team of military advisers will provide on-site knowledge on border security, also in "
        "operational terms,",
        "Jacek Siewiera",
    ),
]

REPORTED = [
    ("hasn’t abandoned its plans", "He", "Dmitry Peskov"),
    ("Moscow fully understands the current situation", "He", "Dmitry Peskov"),
    ("NATO was originally established to contain Russia", "Peskov", "Dmitry Peskov"),
    ("to continue backing Ukraine", "NATO chief Jens Stoltenberg", "Jens Stoltenberg"),
    (
        "Washington and its allies remained steadfast",
        "U.S. Secretary of State Antony Blinken",
        "Antony Blinken",
    ),
    ("any decision by Finland", "The Kremlin", "Kremlin"),
    (
        "Poland would send military advisers to its NATO ally",
        "The head of the Polish National Security Bureau, Jacek Siewiera",
        "Jacek Siewiera",
    ),
    ("it was unaware of the Polish offer", "Finland", "Finland"),
]


def test_every_direct_quotation_is_exact_and_has_its_speaker() -> None:
    direct = [row for row in extract(TEXT) if row.kind == Kind.DIRECT]
    assert [(row.quotation, row.speaker) for row in direct] == DIRECT
    assert all(TEXT[row.start : row.end] == row.quotation for row in direct)


@pytest.mark.parametrize(("words", "mention", "speaker"), REPORTED)
def test_clear_reported_speech_has_its_speaker(words: str, mention: str, speaker: str) -> None:
    (row,) = [r for r in extract(TEXT) if r.kind == Kind.INDIRECT and words in r.quotation]
    assert (row.speaker_mention, row.speaker) == (mention, speaker)


def test_scare_quotes_are_no_quotations() -> None:
    spans = [row.quotation for row in extract(TEXT)]
    assert "concentration" not in spans
    assert "hybrid attack" not in spans


def test_a_split_quotation_is_one_statement() -> None:
    one, two = [row for row in extract(TEXT) if row.speaker == "Dmytro Kuleba"]
    assert one.group == two.group
    assert one.statement == two.statement
    assert one.statement.startswith("We are increasing our interoperability with NATO. We are")
    assert one.basis == "parts"


def test_a_half_quote_is_classified_in_its_clause() -> None:
    (row,) = [r for r in extract(TEXT) if r.quotation == "an instrument of confrontation,"]
    assert row.basis == "clause"
    assert row.statement == (
        "NATO was originally created as an instrument of confrontation, and the bloc is actively "
        "seeking to contain Russia"
    )


def test_a_wish_is_classified_with_who_wishes() -> None:
    (row,) = [r for r in extract(TEXT) if r.cue == "urged"]
    assert row.basis == "sentence"
    assert row.statement.startswith("NATO chief Jens Stoltenberg also has urged members")
    assert row.speaker_role == "NATO chief"
