"""`dateline`: the program and its commands. What they import is light; `query` and `show` import nothing heavy at all."""

import sys
import traceback
from types import TracebackType
from typing import Annotated

import typer

from flows import __version__
from flows.commands import copy, diff, gc, history, quality, read, run, share, webhook, withdraw
from flows.commands.common import out
from flows.printable import guard_logs, plain

COMMANDS = (
    run.run,
    read.releases,
    read.show,
    read.explain,
    read.story,
    read.incident,
    read.query,
    read.schema,
    read.status,
    quality.quality,
    copy.verify,
    copy.export,
    diff.diff,
    history.history,
    share.publish,
    share.pull,
    share.upgrade,
    withdraw.yank,
    withdraw.takedown,
    gc.gc,
    run.serve,
    webhook.webhook,
    run.doctor,
)

app = typer.Typer(
    name="dateline",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="News text to a versioned dataset in which every fact points at the words that state it.",
)
for command in COMMANDS:
    app.command()(command)


def main() -> None:
    """Entry point: every expected error becomes a message and an exit code (1 error, 2 usage, 3 refused)."""
    sys.excepthook = _print_exception
    guard_logs()
    app()


def _print_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What no one expected: Python's own traceback, whose message may quote the input."""
    sys.stderr.write(plain("".join(traceback.format_exception(kind, error, trace))))


@app.callback(invoke_without_command=True)
def version_flag(
    version: Annotated[bool, typer.Option("--version", help="Print the version of the program.")] = False,
) -> None:
    """Options of the program itself."""
    if version:
        out.print(f"dateline {__version__}")
        raise typer.Exit
