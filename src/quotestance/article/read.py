"""Articles from files: plain text as it stands, HTML through an extractor."""

import re
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from quotestance.article.paragraphs import FRONT_MATTER
from quotestance.errors import InputFormatError, InputNotFoundError, MissingExtraError

TEXT_SUFFIXES = frozenset((".txt", ".text", ".md", ".markdown"))
HTML_SUFFIXES = frozenset((".html", ".htm", ".xhtml"))
STDIN = "-"
_TABLES = frozenset((".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".xlsx"))
_TEXTS = (".jsonl.texts", ".ndjson.texts")
"""Ends of the names of folders with texts extracted from HTML (`output.text_folder`)."""
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = re.compile(
    r"\b(?P<y1>(?:19|20)\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)\b"
    r"|\b(?P<M2>[A-Z][a-z]{2,8})\.? (?P<d2>\d{1,2})(?:st|nd|rd|th)?,? (?P<y2>(?:19|20)\d\d)\b"
    r"|\b(?P<d3>\d{1,2})(?:st|nd|rd|th)? (?P<M3>[A-Z][a-z]{2,8})\.?,? (?P<y3>(?:19|20)\d\d)\b"
)
_DATE_WITHIN = 1500


@dataclass(frozen=True, slots=True)
class Article:
    """An article's text, and what is known of it.

    `text` is what spans count in: the file's own text (line ends as they are), or what the
    extractor took from an HTML page, where `extracted` is True.
    """

    file: str
    text: str
    title: str | None = None
    published: date | None = None
    extracted: bool = False


def read_article(path: str | Path, *, encoding: str = "utf-8") -> Article:
    """Read a plain text or HTML article; "-" is standard input.

    Raises InputNotFoundError, InputFormatError (not text, wrong encoding, an HTML page with no
    article in it), MissingExtraError (HTML without the `html` extra).
    """
    if Path(path).suffix.lower() in _TABLES:
        raise InputFormatError(f"{path} is a table by its name: 'quotestance predict' reads these")
    text = _decode(_read_bytes(path), str(path), encoding)
    if _is_html(str(path), text):
        return _from_html(str(path), text)
    if not text.strip():
        raise InputFormatError(f"{path} is blank, wanted an article's text")
    matter = FRONT_MATTER.match(text)
    head = matter.group(1) if matter else ""
    when = _date_in(head) or _date_in(text[:_DATE_WITHIN])
    return Article(str(path), text, _title(text, head), when)


def find_files(paths: list[str]) -> list[str]:
    """Return the files named, and the articles in the folders named, sorted, none twice.

    Texts that an earlier run extracted from HTML (folders `*.jsonl.texts`) are no articles.
    Raises InputNotFoundError for a folder with no article in it.
    """
    found: dict[str, None] = {}
    for path in paths:
        if path == STDIN or not Path(path).is_dir():
            found[path] = None
            continue
        inside = sorted(
            str(file)
            for file in Path(path).rglob("*")
            if file.suffix.lower() in TEXT_SUFFIXES | HTML_SUFFIXES
            and file.is_file()
            and not any(part.name.endswith(_TEXTS) for part in file.parents)
        )
        if not inside:
            wanted = ", ".join(sorted(TEXT_SUFFIXES | HTML_SUFFIXES))
            raise InputNotFoundError(f"no article in the folder {path}: wanted files {wanted}")
        found.update(dict.fromkeys(inside))
    return list(found)


def _read_bytes(path: str | Path) -> bytes:
    if str(path) == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except FileNotFoundError as error:
        raise InputNotFoundError(f"no file {path}: check the path") from error
    except IsADirectoryError as error:
        raise InputFormatError(f"{path} is a folder, wanted a file") from error


def _decode(data: bytes, path: str, encoding: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputFormatError(
            f"{path} is not {encoding} at byte {error.start}: name its --encoding, "
            "for example cp1252"
        ) from error
    except LookupError as error:
        raise InputFormatError(
            f"no encoding is called {encoding!r}; try utf-8 or cp1252"
        ) from error
    if "\0" in text:
        raise InputFormatError(f"{path} holds null bytes: it is no text file")
    return text


def _is_html(path: str, text: str) -> bool:
    return Path(path).suffix.lower() in HTML_SUFFIXES or bool(_HTML.match(text[:2000]))


def _from_html(path: str, page: str) -> Article:
    try:
        import trafilatura
    except ImportError as error:
        raise MissingExtraError(
            f"{path} is HTML, which needs an extractor: pip install 'quotestance[html]'"
        ) from error
    text = trafilatura.extract(page, include_comments=False, include_tables=False)
    if not text or not text.strip():
        raise InputFormatError(f"no article text was found in the HTML page {path}")
    known = trafilatura.extract_metadata(page)
    title = known.title if known else None
    when = _date_in(known.date or "") if known else None
    return Article(path, text, title, when or _date_in(text[:_DATE_WITHIN]), extracted=True)


def _title(text: str, head: str) -> str | None:
    named = re.search(r"^title:\s*['\"]?(.{1,300}?)['\"]?\s*$", head, re.MULTILINE)
    if named:
        return named.group(1)
    matter = FRONT_MATTER.match(text)
    for line in text[matter.end() if matter else 0 :].splitlines()[:5]:
        if line.strip():
            return line.strip().lstrip("\ufeff# ")[:200]
    return None


def _date_in(text: str) -> date | None:
    for match in _DATE.finditer(text):
        part = match.groupdict()
        year = part["y1"] or part["y2"] or part["y3"]
        day = part["d1"] or part["d2"] or part["d3"]
        name = (part["M2"] or part["M3"] or "")[:3].lower()
        month = int(part["m1"]) if part["m1"] else _MONTHS.index(name) + 1 if name in _MONTHS else 0
        try:
            return date(int(year), month, int(day))
        except ValueError:
            continue  # "May 45, 2023" is no date
    return None
