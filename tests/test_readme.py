"""The README's examples give what they say, on the model that ships."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_python_examples():
    found = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert found.attempted >= 5
    assert found.failed == 0


@pytest.mark.parametrize("document", sorted(ROOT.glob("**/README.md"), key=str), ids=str)
def test_links_lead_somewhere(document):
    if any(part.startswith((".venv", "build")) for part in document.relative_to(ROOT).parts):
        pytest.skip("not ours")
    for link in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if not link.startswith("http"):
            assert (document.parent / link).exists(), f"{document}: {link}"
