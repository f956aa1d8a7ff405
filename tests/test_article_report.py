"""The HTML report: self-contained, escaped, and right in a real browser."""

import re
import shutil
import subprocess
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from quotestance.article import Article, extract
from quotestance.article.report import render, write_report
from quotestance.article.rows import Judged
from quotestance.labels import TARGETS
from quotestance.prediction import Decision, Prediction

SEED = (Path(__file__).parent / "articles" / "seed-article.txt").read_text("utf-8")
LABELS = ("supportive", "adversarial", "neutral")
BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
GREEN, RED, OUTLINE = (20, 102, 58), (156, 31, 31), (26, 79, 139)


def decision(k: int, *, abstained: bool = False) -> Decision:
    chances = {label: 0.8 if i == k else 0.1 for i, label in enumerate(LABELS)}
    return Decision(LABELS[k], 0.8, chances, "at 90%" if abstained else False)


def judged(text: str) -> list[Judged]:
    rows = []
    for row in extract(text):
        k = row.group % 3
        stance = {target: decision(k, abstained=row.group == 5) for target in TARGETS}
        mood = Decision("neutral", 0.9, {"positive": 0.05, "negative": 0.05, "neutral": 0.9})
        rows.append(Judged(row, Prediction(row.statement, stance, mood)))
    return rows


def page(*texts: str) -> str:
    done = [
        (Article(f"{k}.txt", text, f"Title {k}", date(2024, 5, 1 + k)), judged(text))
        for k, text in enumerate(texts)
    ]
    return render(done, TARGETS)


class Outline(HTMLParser):
    """Collects what a reader of the page gets: visible text, ids, open tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_page_is_self_contained_and_well_formed() -> None:
    html = page(SEED, SEED)
    outline = Outline(html)
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#)", html)
    assert "<script" not in html
    assert "url(" not in html
    assert "default-src 'none'" in html


def test_text_is_escaped_everywhere() -> None:
    evil = '“<script>alert(1)</script> & we go,” Ann "<b>" Reeve said. <img src=x onerror=y>'
    html = page(evil)
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; we go," in html


def test_each_statement_counts_once_in_who_stands_where() -> None:
    html = page(SEED)
    row = re.search(r"<tr><th scope=\"row\">Dmytro Kuleba.*?</tr>", html)
    assert row is not None
    assert sum(map(int, re.findall(r">(\d+)</td>", row.group()))) == 1
    assert "Ukrainian Foreign Minister" in row.group()


def test_marks_have_sign_class_and_details_for_keyboard_and_reader() -> None:
    html = page(SEED)
    first = re.search(r'<span class="m supportive" id="q0-0".*?</p>', html, re.DOTALL)
    assert first is not None
    for part in ('tabindex="0"', 'aria-describedby="q0-0c"', "NATO: supportive", ">+<",
                 "supportive, probability 0.80", 'role="tooltip"'):  # fmt: skip
        assert part in first.group()
    assert "unsure" in html


def test_several_articles_have_a_timeline_one_has_none() -> None:
    both, single = page(SEED, SEED), page(SEED)
    assert "Timeline" in both
    assert "2024-05-01" in both
    assert "<svg" in both
    assert "Quotations of 2 articles" in both
    assert "Timeline" not in single


def test_without_a_model_quotations_are_marked_without_stance(tmp_path: Path) -> None:
    rows = [Judged(row, None) for row in extract(SEED)]
    write_report([(Article("a.txt", SEED), rows)], TARGETS, tmp_path / "r.html")
    html = (tmp_path / "r.html").read_text("utf-8")
    assert 'class="m quoted' in html
    assert 'class="m supportive' not in html
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]


def pixels(path: Path) -> set[tuple[int, int, int]]:
    image = pytest.importorskip("PIL.Image").open(path).convert("RGB")
    return {colour for _, colour in image.getcolors(image.width * image.height)}


def screenshot(html: str, folder: Path, width: int) -> set[tuple[int, int, int]]:
    source, image = folder / "page.html", folder / "page.png"
    source.write_text(html, "utf-8")
    subprocess.run(
        [
            str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--hide-scrollbars",
            f"--user-data-dir={folder / 'profile'}", f"--window-size={width},1500",
            f"--screenshot={image}", source.as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return pixels(image)


@pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")
@pytest.mark.parametrize("width", [500, 900], ids=["phone", "desk"])
def test_a_browser_shows_marks_and_the_details_on_focus(tmp_path: Path, width: int) -> None:
    text = "“We go now,” Ann Reeve said. “We stay,” Bob Hale said. It rained all day.\n"
    html = page(text)
    plain = screenshot(html, tmp_path, width)
    assert {GREEN, RED} <= plain
    assert OUTLINE not in plain
    focused = screenshot(html.replace('tabindex="0"', 'tabindex="0" autofocus', 1), tmp_path, width)
    assert {GREEN, RED, OUTLINE} <= focused
    assert len(focused) > len(plain)
