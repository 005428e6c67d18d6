"""Command that has a webhook called: `webhook`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.common import ConfigOption, JsonOption, guarded, out, print_json, settings_of
from flows.environment import prefect_environment
from flows.errors import UsageError


@guarded
def webhook(
    url: Annotated[
        str | None,
        typer.Argument(
            help="Address to call; better in a settings file, out of the shell's history.",
            show_default="from dateline.toml",
        ),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Call it no longer.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Have Prefect call a webhook on each release and refusal: makes an automation on the server that PREFECT_API_URL names.

    Example: `dateline webhook https://HOST/PATH` or `dateline webhook --remove`
    """
    from flows.server import server_configured
    from flows.webhook import NAME, checked_address, remove_webhook, set_webhook

    told = settings_of(config, None, webhook=url).webhook
    if remove and url:
        raise UsageError("--remove takes no address: there is one webhook")
    if not remove and told is None:
        raise UsageError('no webhook: name its address, or set `webhook = "https://…"` in dateline.toml')
    address = checked_address(told.get_secret_value()) if told is not None and not remove else ""
    if not server_configured(os.environ, Path.cwd()):
        raise UsageError(
            "automations belong to a Prefect server that stays up; that of a single run ends with it. Start one "
            "(prefect server start) and name it: export PREFECT_API_URL=http://127.0.0.1:4200/api"
        )
    prefect_environment(verbose=False)
    if remove:
        was_there = remove_webhook()
        said = "The webhook is no longer called." if was_there else "There was no webhook."
    else:
        set_webhook(address)
        said = f"Automation {NAME} calls the webhook on each release and refusal of runs that use this server."
    if as_json:
        print_json({"automation": NAME, "set": not remove, "removed": remove and was_there})
    else:
        out.print(said)
