"""The command line: `quotestance predict | article | info`."""

import importlib
import sys
import traceback
from typing import Annotated

import typer

from quotestance import __version__
from quotestance.errors import InvalidAbstentionError, InvalidTargetError, QuotestanceError

EXIT_USAGE, EXIT_BAD_INPUT = 2, 3

app = typer.Typer(
    name="quotestance",
    help="Stance of quoted statements toward NATO and Ukraine, and their sentiment.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"quotestance {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Stance of quoted statements toward NATO and Ukraine, and their sentiment."""


for _command in ("predict", "article", "info"):
    importlib.import_module(f"quotestance.commands.{_command}").register(app)


def main() -> None:
    """Run the command line; every expected fault is one line and an exit status."""
    debug = "--debug" in sys.argv
    # `--debug` is taken anywhere on the line, as users type it last.
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(args=arguments, prog_name="quotestance")
    except (QuotestanceError, OSError) as error:
        if debug:
            traceback.print_exc()
        typer.echo(f"quotestance: {_one_line(error)}", err=True)
        usage = isinstance(error, InvalidTargetError | InvalidAbstentionError)
        sys.exit(EXIT_USAGE if usage else EXIT_BAD_INPUT)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


if __name__ == "__main__":
    main()
