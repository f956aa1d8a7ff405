"""`quotestance article`: the quotations of articles, who said each, and its stance."""

import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from quotestance.commands.predict import warn_foreign, warn_untrained
from quotestance.labels import TARGETS
from quotestance.language import is_foreign

if TYPE_CHECKING:
    from quotestance.article.read import Article
    from quotestance.article.rows import Judged
    from quotestance.classifier import Classifier

Judgements = list[tuple["Article", list["Judged"]]]
_EXIT_BAD_INPUT = 3


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(article)


def article(
    files: Annotated[
        list[str], typer.Argument(help="Text or HTML files, folders of them, or - for stdin.")
    ],
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="JSONL file to write; - for stdout.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Report to write, one page.")] = None,
    texts: Annotated[
        Path | None,
        typer.Option("--texts", help="Folder for the text extracted from HTML [OUTPUT.texts]."),
    ] = None,
    target: Annotated[
        list[str] | None, typer.Option("--target", help="Target of the stance (repeatable).")
    ] = None,
    model: Annotated[str, typer.Option("--model", help="Directory of a saved pipeline.")] = (
        "default"
    ),
    stance: Annotated[
        bool, typer.Option("--stance/--no-stance", help="Classify, or extract only.")
    ] = True,
    probabilities: Annotated[
        bool, typer.Option("--probabilities", help="One more column for each label.")
    ] = False,
    abstain: Annotated[
        str | None, typer.Option("--abstain", help='Coverage to keep, for example "90%".')
    ] = None,
    encoding: Annotated[str, typer.Option("--encoding", help="Encoding of the files.")] = "utf-8",
) -> None:
    """Find every quotation in news articles: its speaker, place, stance and sentiment."""
    from quotestance.article.output import check_outputs, open_jsonl, text_folder
    from quotestance.article.read import find_files
    from quotestance.article.rows import as_row
    from quotestance.classifier import check_targets, load

    names = find_files(files)
    check_outputs(names, output, html)
    targets = check_targets(target or TARGETS)
    classifier = load(model) if stance else None
    if classifier:
        warn_untrained(targets, classifier.pipeline.config.target_vectors)
    failures: list[str] = []
    done: Judgements = []
    with open_jsonl(output) as write:
        for item, judged in _judge_all(names, classifier, targets, abstain, encoding, failures):
            kept = text_folder(output, texts)
            if classifier and is_foreign(item.text):
                warn_foreign(f"{item.file} looks")
            if item.extracted and output == "-" and not kept:
                note = "spans count in the text extracted from it; --texts DIR keeps that"
                typer.echo(f"quotestance: {item.file}: {note}", err=True)
            copy = _keep_text(item, kept) if item.extracted and kept else None
            for one in judged:
                write(as_row(item.file, one, probabilities=probabilities) | {"text_file": copy})
            if html is not None or output is None:
                done.append((item, judged))
        if failures and len(failures) == len(names):
            raise typer.Exit(_EXIT_BAD_INPUT)
    _show(done, targets, output=output, html=html)
    _close(len(names), failures)


def _judge_all(
    names: list[str],
    classifier: "Classifier | None",
    targets: tuple[str, ...],
    abstain: str | None,
    encoding: str,
    failures: list[str],
) -> "Iterator[tuple[Article, list[Judged]]]":
    """Read and judge file after file; one that fails is reported, and the rest is done."""
    from quotestance.article.read import read_article
    from quotestance.article.rows import judge
    from quotestance.errors import InputError, MissingExtraError

    with _progress(len(names)) as advance:
        for name in names:
            try:
                item = read_article(name, encoding=encoding)
                yield item, judge(item, classifier, targets=targets, abstain=abstain)
            except (InputError, MissingExtraError, OSError) as error:
                failures.append(name)
                typer.echo(f"quotestance: {' '.join(str(error).split())}", err=True)
            advance()


def _progress(total: int) -> AbstractContextManager[Any]:
    if total < 2 or not sys.stderr.isatty():
        return nullcontext(lambda: None)
    from quotestance.article.output import progress

    return progress(total)


def _keep_text(item: "Article", folder: Path) -> str:
    from quotestance.article.output import keep_text

    return keep_text(item, folder)


def _show(
    done: Judgements, targets: tuple[str, ...], *, output: str | None, html: Path | None
) -> None:
    if html is not None:
        from quotestance.article.report import write_report

        write_report(done, targets, html)
    if output is None:
        from quotestance.article.table import print_tables

        print_tables(done, targets)


def _close(total: int, failures: list[str]) -> None:
    if failures:
        message = f"quotestance: {len(failures)} of {total} articles could not be read"
        typer.echo(f"{message}: {json.dumps(failures[:5], ensure_ascii=False)}", err=True)
        raise typer.Exit(_EXIT_BAD_INPUT)
