"""What the commands share: how options are written, what is printed where, who is warned, and how an error ends."""

import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from flows import SETTINGS_FILE
from flows.errors import DatelineError, UsageError
from flows.printable import plain, plain_json
from flows.store.warehouse import Warehouse
from flows.store.withdrawn import Yank, anything_yanked, successor_of, yanks_of

if TYPE_CHECKING:
    from flows.settings import Settings

LOCK_FILE = "dateline.lock"  # of the release that a project pins (flows/share/lock.py)

out = Console(highlight=False, soft_wrap=False, emoji=False)  # ":bomb:" in a text is no picture
err = Console(stderr=True, highlight=False, emoji=False)

WarehouseOption = Annotated[
    Path | None, typer.Option("--warehouse", "-w", help="Folder of releases.", show_default="warehouse")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings file.", show_default="dateline.toml")]
InputsArgument = Annotated[
    list[Path] | None, typer.Argument(help="Files, folders and patterns to read.", show_default="from dateline.toml")
]
WorkersOption = Annotated[int | None, typer.Option("--workers", help="Processes.", show_default="one a core")]
WaitOption = Annotated[
    float | None,
    typer.Option("--wait", metavar="SECONDS", help="Wait for another run that is writing.", show_default="0: refuse"),
]
KeepOption = Annotated[
    bool | None, typer.Option("--keep/--no-keep", help="Carry over documents that the inputs no longer hold.")
]
MapOption = Annotated[
    list[str] | None, typer.Option("--map", help="Record field: ours=theirs, such as published=when.")
]
CorrectionsOption = Annotated[
    Path | None, typer.Option("--corrections", metavar="FILE", help="CSV of values to put right after extraction.")
]
ReleaseOption = Annotated[str | None, typer.Option("--version", help="A release other than the current one.")]
VersionArgument = Annotated[str | None, typer.Argument(help="A version.", show_default="current")]


VERSION = re.compile(r"\d+\.\d+\.\d+")


def guarded(command: Callable[..., None], *, warns: bool = True) -> Callable[..., None]:
    """The command, whose expected errors become a message and an exit code (1 error, 2 usage, 3 refused).

    Before it begins, whoever reads a yanked release is told so on stderr, once a release.

    Args:
        command: a function whose parameters are the command's options.
        warns: whether it is so; not for commands that withdraw, which tell by themselves.
    """

    @wraps(command)
    def run_it(*args: Any, **kwargs: Any) -> None:
        try:
            for warning in warnings_of(kwargs) if warns else ():
                err.print(f"[bold yellow]dateline:[/] {warning}", soft_wrap=True)
            command(*args, **kwargs)
        except DatelineError as error:
            err.print(f"[bold red]dateline:[/] {shown(error)}", soft_wrap=True)
            raise typer.Exit(error.exit_code) from error
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(0) from None
        except OSError as error:
            if error.strerror is None:
                raise
            where = f"{error.filename}: " if error.filename else ""
            err.print(f"[bold red]dateline:[/] {shown(where + error.strerror)}", soft_wrap=True)
            raise typer.Exit(1) from error

    return run_it


def warnings_of(arguments: Mapping[str, Any]) -> list[str]:
    """What to say of a yanked release that dateline.lock pins, that a command names in any argument, or that it reads as the current one.

    As Rich markup. Where nothing was ever pinned or yanked it costs a look for one file and one folder.
    """
    pinned = []
    if Path(LOCK_FILE).is_file():
        from flows.share.pinned import pinned_warning

        pinned = [shown(said) for said in (pinned_warning(Path(), datetime.now(UTC).date()),) if said]
    if "warehouse" not in arguments:
        return pinned
    store = store_of(arguments.get("config"), arguments["warehouse"])
    if not anything_yanked(store):
        return pinned
    named = {value for value in arguments.values() if isinstance(value, str) and VERSION.fullmatch(value)}
    asked = named or {store.current.readlink().name if store.current.is_symlink() else ""}
    yanks = yanks_of(store)
    return pinned + [yank_told(yanks, version) for version in sorted(asked & yanks.keys())]


def yank_told(yanks: Mapping[str, Yank], version: str) -> str:
    """That a release is yanked, why, and what to do, as Rich markup."""
    yank, instead = yanks[version], successor_of(yanks, version)
    advice = f"Use release {instead} in its place." if instead else "Use another: dateline releases"
    return shown(f"release {version} is yanked since {yank.yanked_on}: {yank.reason.rstrip('.')}. {advice}")


def shown(value: object) -> str:
    r"""A value from anywhere, for Rich to print as it is: no markup, and nothing that a terminal would obey.

    >>> print(shown("[red]a\x1b[31m"))
    \[red]a\x1b[31m
    """
    return escape(plain(str(value)))


def print_json(value: Any) -> None:
    """A value to stdout, for machines."""
    sys.stdout.write(plain_json(value) + "\n")


def settings_of(config: Path | None, warehouse: Path | None, **more: Any) -> "Settings":
    """The settings of a command: from its file, then its options."""
    from flows.settings import load_settings

    return load_settings(config, warehouse=warehouse, **more)


def store_of(config: Path | None, warehouse: Path | None) -> Warehouse:
    """The warehouse that a command reads."""
    if config is None and not Path(SETTINGS_FILE).exists():  # what reads settings is a tenth of a query
        return Warehouse(warehouse or Path("warehouse"))
    return Warehouse(settings_of(config, warehouse).warehouse)


def pairs_of(items: list[str] | None, what: str) -> dict[str, str] | None:
    """Options of the form ours=theirs, as a mapping; None if there are none."""
    if not items:
        return None
    pairs = dict(item.partition("=")[::2] for item in items)
    if bad := [name for name, value in pairs.items() if not name or not value]:
        raise UsageError(f"{what} must be written ours=theirs; {bad[0]!r} is not")
    return pairs
