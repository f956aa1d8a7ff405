"""Reading articles: encodings, HTML, dates, folders, and what bad input gets."""

import builtins
import io
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quotestance.article import extract, read_article
from quotestance.article.read import find_files
from quotestance.errors import InputFormatError, InputNotFoundError, MissingExtraError

PAGE = """<!doctype html><html><head><title>Road closed</title>
<meta property="article:published_time" content="2024-05-03T10:00:00Z"></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Road closed</h1>
<p>The road to Sarn is closed after heavy snow, and nobody knows for how long it will be.</p>
<p>&ldquo;We will open it when it is safe &amp; not before,&rdquo; mayor Ann Reeve told reporters on
Monday, standing in front of the town hall with a shovel in her hand.</p>
<p>Reeve said that the army would help, if it was asked in time and if the roads allowed it.</p>
</article><footer>Copyright</footer></body></html>"""


def test_plain_text_keeps_every_code_point(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffLine one.\r\n“We go now,” Ann Reeve said. 🙂\r\n".encode())
    article = read_article(path)
    assert article.text == "\ufeffLine one.\r\n“We go now,” Ann Reeve said. 🙂\r\n"
    (row,) = extract(article.text)
    assert path.read_bytes().decode()[row.start : row.end] == "We go now,"


@pytest.mark.parametrize(
    ("text", "published", "title"),
    [
        ("Headline here\n\nMay 3, 2024 - Text.", date(2024, 5, 3), "Headline here"),
        ("By A B | 3 May 2024\nText.", date(2024, 5, 3), "By A B | 3 May 2024"),
        ("---\ntitle: 'Named'\ndate: '2024-05-03'\n---\nText.", date(2024, 5, 3), "Named"),
        ("No date, May 45, 2024.", None, "No date, May 45, 2024."),
    ],
)
def test_date_and_title(tmp_path: Path, text: str, published: date | None, title: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(text, "utf-8")
    article = read_article(path)
    assert (article.published, article.title) == (published, title)


def test_html_is_extracted_and_spans_count_in_its_text(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    path = tmp_path / "a.html"
    path.write_text(PAGE, "utf-8")
    article = read_article(path)
    assert article.extracted
    assert (article.title, article.published) == ("Road closed", date(2024, 5, 3))
    rows = extract(article.text)
    assert rows[0].quotation == "We will open it when it is safe & not before,"
    assert {row.speaker for row in rows} == {"Ann Reeve"}
    assert all(article.text[r.start : r.end] == r.quotation for r in rows)


def test_html_without_the_extra_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "trafilatura":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    path = tmp_path / "a.txt"
    path.write_text(PAGE, "utf-8")
    with pytest.raises(MissingExtraError, match=r"quotestance\[html\]"):
        read_article(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"caf\xe9 said", "not utf-8 at byte 3: name its --encoding"),
        (b"\x00\x01\x02", "null bytes"),
        (b" \n", "is blank"),
        (b"", "is blank"),
    ],
)
def test_bad_bytes(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(InputFormatError, match=message):
        read_article(path)


def test_other_encodings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("“Café,” she said.".encode("cp1252"))
    assert read_article(path, encoding="cp1252").text == "“Café,” she said."
    path.write_bytes("“Café,” she said.".encode("utf-16"))
    assert read_article(path).text == "“Café,” she said."
    with pytest.raises(InputFormatError, match="no encoding is called 'klingon'"):
        path.write_bytes(b"x")
        read_article(path, encoding="klingon")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Text “é”.".encode())))
    assert read_article("-").text == "Text “é”."


def test_missing_file_folder_and_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(InputNotFoundError, match="check the path"):
        read_article(tmp_path / "none.txt")
    with pytest.raises(InputFormatError, match="is a folder"):
        read_article(tmp_path)
    with pytest.raises(InputNotFoundError, match="no article in the folder"):
        find_files([str(tmp_path)])


def test_folders_are_walked_and_nothing_comes_twice(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("b.txt", "in/a.html", "in/c.md", "d.png"):
        (tmp_path / name).write_text("x", "utf-8")
    found = find_files([str(tmp_path / "b.txt"), str(tmp_path)])
    assert [Path(name).name for name in found] == ["b.txt", "a.html", "c.md"]
