"""report.html: self-contained, escaped, accessible, and looked at in a real browser."""

import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evaluation.charts import interval_chart, reliability_chart, risk_coverage_chart
from evaluation.data import make_dataset
from evaluation.provenance import provenance
from evaluation.report import heat, render_report
from evaluation.run import Options, evaluate
from evaluation.scorers import SavedModel
from evaluation.testsets import CHALLENGE

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"


@pytest.fixture(scope="module")
def page(tiny_model) -> str:
    """The report of the small model on statements that it has wrong in part."""
    labels = ("supportive", "adversarial", "neutral")
    rows = [
        {
            "text": f"We thank NATO & <i>Ukraine</i> for number {i}.",
            **dict.fromkeys(("stance", "stance_nato", "stance_ukraine"), labels[i % 3]),
            "sentiment": ("positive", "negative", "neutral")[i % 3],
            "register": f"register {i % 2}",
            "pair": f"p{i // 2}",
        }
        for i in range(24)
    ]
    data, model = make_dataset("made-up", rows, source="memory"), SavedModel(tiny_model, "tiny")
    found = evaluate([model], [data], options=Options(resamples=1000, challenge=CHALLENGE))
    head = provenance([model], [data]) | {"resamples": 1000, "seed": 0, "seconds": 1.0}
    return render_report(head | found.metrics)


class Reader(HTMLParser):
    """Collects what the tests ask about a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.ids, self.links, self.depth = [], set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        self.ids |= {attributes["id"]} if "id" in attributes else set()
        self.links += [attributes[key] for key in ("href", "src", "action") if key in attributes]


def test_the_page_needs_nothing_from_outside(page):
    reader = Reader(page)
    assert not [tag for tag, _ in reader.tags if tag in ("script", "link", "img", "iframe")]
    assert "url(" not in page and "@import" not in page and "http" not in page
    assert all(link.startswith("#") for link in reader.links)
    assert {link[1:] for link in reader.links} <= reader.ids


def test_statements_are_escaped(page):
    assert "<i>Ukraine</i>" not in page
    assert "&lt;i&gt;Ukraine" in page


def test_the_page_can_be_used_by_keyboard_and_screen_reader(page):
    reader = Reader(page)
    tags = [tag for tag, _ in reader.tags]
    assert reader.tags[tags.index("a")][1] == {"class": "skip", "href": "#scores"}
    assert tags.count("table") == tags.count("caption")
    assert tags.count("details") == tags.count("summary")
    charts = [attributes for tag, attributes in reader.tags if tag == "svg"]
    assert all(chart.get("aria-label") or chart.get("aria-hidden") for chart in charts)
    scrolled = [attributes for _, attributes in reader.tags if attributes.get("class") == "scroll"]
    assert all(box["tabindex"] == "0" and box["aria-label"] for box in scrolled)
    assert ":focus-visible" in page and "prefers-color-scheme: dark" in page
    assert '<html lang="en">' in page


def test_every_section_of_the_issue_is_there(page):
    wanted = "scores classes calibration target slices behaviour fairness errors method"
    assert set(wanted.split()) <= Reader(page).ids
    assert 'class="push"' in page


def test_charts_place_their_points():
    bins = [{"confidence": 0.5, "accuracy": 1.0, "n": 3}]
    chart = reliability_chart({"m": bins}, 'R "1"')
    # The plot area is 344 wide from 44 and 248 high from 12: (0.5, 1.0) is (216, 12).
    assert 'points="216.0,12.0"' in chart
    assert 'aria-label="R &quot;1&quot;"' in chart
    flat = risk_coverage_chart({"m": [{"coverage": 1.0, "risk": 0.1}]}, "r")
    assert 'points="388.0,136.0"' in flat  # the axis ends at 20 %, so 10 % is half way up
    bar = interval_chart([("model", 0.5, [0.0, 1.0])], "s")
    assert 'x1="92.0" y1="16" x2="386.0"' in bar


def test_heat_is_the_share_of_the_row():
    assert heat(1, 4) == "--share: 25%"
    assert heat(0, 0) == "--share: 0%"


def browse(*arguments: str, folder: Path) -> str:
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [CHROMIUM, *FLAGS.split(), profile, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=True, cwd=folder
    ).stdout


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
@pytest.mark.parametrize("width", [390, 1200])
def test_the_page_fits_phone_and_desktop(page, tmp_path, width):
    """Nothing wider than the window but the tables that scroll inside their own box."""
    harness = (
        f'<iframe width="{width}" height="900" srcdoc="{html.escape(page, quote=True)}"></iframe>'
        "<p id=out></p><script>document.querySelector('iframe').onload = e => {"
        "const d = e.target.contentDocument; document.getElementById('out').textContent ="
        "JSON.stringify({page: d.documentElement.scrollWidth,"
        "shown: d.querySelector('h1').getBoundingClientRect().height > 0,"
        "charts: d.querySelectorAll('svg.chart').length})}</script>"
    )
    (tmp_path / "harness.html").write_text(harness)
    dom = browse("--dump-dom", f"file://{tmp_path}/harness.html", folder=tmp_path)
    seen = json.loads(html.unescape(re.search(r'<p id="out">(.*?)</p>', dom)[1]))
    assert seen["page"] <= width
    assert seen["shown"] and seen["charts"] >= 12


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
def test_the_screenshot_shows_a_page(page, tmp_path):
    (tmp_path / "report.html").write_text(page)
    size = "--window-size=1200,1600"
    shot = f"--screenshot={tmp_path / 'shot.png'}"
    browse(size, shot, f"file://{tmp_path}/report.html", folder=tmp_path)
    from matplotlib.image import imread

    pixels = imread(tmp_path / "shot.png")[..., :3]
    assert pixels.shape == (1600, 1200, 3)
    # Text and charts: several hundred colours, and rows that are not blank all the way down.
    assert len({tuple(p) for p in (pixels[::4, ::4].reshape(-1, 3) * 255).astype(int)}) > 100
    assert (pixels.std(axis=(1, 2)) > 0.01).mean() > 0.4
