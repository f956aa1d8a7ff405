"""One loader per public corpus; `training.fetch` brings the corpora, none of their text is kept.

Corpora with stand-off labels offer `documents(folder) -> Mapping[str, str]`, from a document's
key to its whole text. Auxiliary corpora offer a function named like the corpus that yields rows.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from training.sources import euvsdisinfo, kremlin, ungdc, whitehouse

DOCUMENTS: Mapping[str, Callable[[Path], Mapping[str, str]]] = {
    "ungdc": ungdc.documents,
    "kremlin": kremlin.documents,
    "whitehouse": whitehouse.documents,
    "euvsdisinfo": euvsdisinfo.documents,
}
"""The annotated corpora, in the order in which their rows are joined."""

DOCUMENT_FIELD: Mapping[str, str] = {
    "ungdc": "file",
    "kremlin": "link",
    "whitehouse": "file",
    "euvsdisinfo": "link",
}
"""The field of an annotation row that names the document."""
