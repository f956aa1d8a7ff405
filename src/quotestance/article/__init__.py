"""From a news article to attributed quotations: `extract(text)`, `read_article(path)`."""

from quotestance.article.extract import extract
from quotestance.article.quotation import Basis, Kind, Quotation
from quotestance.article.read import Article, read_article

__all__ = ["Article", "Basis", "Kind", "Quotation", "extract", "read_article"]
