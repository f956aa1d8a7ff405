"""One loader per public corpus; `training.fetch` brings the corpora, none of their text is kept.

Corpora with stand-off labels offer `documents(folder) -> Mapping[str, str]`, from a document's
key to its whole text. Auxiliary corpora offer a function named like the corpus,
`newsmtsc(folder, split)`, that yields `AuxiliaryRow`s: text, target, label.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from training.sources import euvsdisinfo, kremlin, ungdc, whitehouse
from training.sources.newsmtsc import newsmtsc
from training.sources.perspectrum import perspectrum
from training.sources.rows import AuxiliaryRow
from training.sources.ruw import ruw

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

AUXILIARY: Mapping[str, Callable[[Path, str], Iterator[AuxiliaryRow]]] = {
    "newsmtsc": newsmtsc,
    "perspectrum": perspectrum,
    "ruw": ruw,
}
"""The corpora with another task's labels, read as stance toward a target."""
