"""Statements in other languages than English: told, counted, and said."""

import json

import pytest
from typer.testing import CliRunner

from quotestance.cli import app
from quotestance.language import FEWEST, is_foreign
from training.statements import read_statements

FOREIGN = [
    "Wir werden die Ukraine so lange unterstützen, wie es nötig ist, sagte der Minister.",
    "L'OTAN a été créée comme un instrument de confrontation, et rien n'a changé depuis.",
    "La OTAN es una amenaza para la paz y nosotros no vamos a enviar más armas a Ucrania.",
    "Nós vamos continuar a apoiar a Ucrânia enquanto for necessário, disse o ministro.",
    "L'Ucraina ha il diritto di difendersi e noi continueremo ad aiutarla in ogni modo.",
    "Sojusz musi wspierać Ukrainę tak długo, jak to konieczne, powiedział minister obrony.",
    "De NAVO zal Oekraïne blijven steunen zolang dat nodig is, zei de minister in Den Haag.",
    "Мы против НАТО.",
    "Ми переможемо",
    "北约是对抗的工具",
]
ENGLISH = [
    "We must and we will continue to support Ukraine.",
    "NATO raus!",  # too short to be told
    "Putin said: «Россия» and nothing more, and then he left the room.",
    "",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_are_told(text):
    assert is_foreign(text)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_and_what_cannot_be_told_are_not(text):
    assert not is_foreign(text)


def test_few_english_statements_are_taken_for_another_language():
    rows = [row["text"] for row in read_statements()["test"]]
    assert sum(map(is_foreign, rows)) < 0.01 * len(rows)
    assert not any(is_foreign(text) for text in rows if len(text.split()) < FEWEST // 2)


def predicted(tmp_path, texts):
    table = tmp_path / "in.jsonl"
    table.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    done = CliRunner().invoke(app, ["predict", str(table), "-o", str(tmp_path / "out.csv")])
    assert done.exit_code == 0
    return done.stderr


def test_predict_says_how_many_rows_are_foreign(tmp_path):
    assert "3 of 5 rows look like another language" in predicted(
        tmp_path, [*FOREIGN[:3], *ENGLISH[:2]]
    )


def test_predict_is_silent_about_a_stray_one(tmp_path):
    texts = [f"We must stand with Ukraine, for the {k}th time." for k in range(99)]
    assert "language" not in predicted(tmp_path, [*texts, FOREIGN[0]])


def test_article_says_that_it_is_foreign(tmp_path):
    for text, said in ((FOREIGN[0], True), (ENGLISH[0], False)):
        (tmp_path / "a.txt").write_text(f'"{text}" {text}\n', encoding="utf-8")
        out = str(tmp_path / "out.jsonl")
        done = CliRunner().invoke(app, ["article", str(tmp_path / "a.txt"), "-o", out])
        assert ("another language" in done.stderr) is said
