"""Telling another program of releases and refusals: an event to Prefect's server, whose automation calls a webhook.

The run only emits the event. The call is the server's, after the run: a receiver that is slow or down costs the run nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flows.errors import ServerFailed, UsageError

NAME = "dateline-webhook"  # of the automation and of the block that holds the address
RESOURCE = {"prefect.resource.id": "dateline.warehouse", "prefect.resource.name": "dateline"}
MESSAGE_CHARS = 2000  # of a refusal's message; results.json has all of it

# A template of Prefect's, filled in by the server; tojson quotes.
BODY = (
    '{"event": {{ event.event | tojson }}, "id": {{ event.id | string | tojson }}, '
    '"occurred": {{ event.occurred.isoformat() | tojson }}, "payload": {{ event.payload | tojson }}}'
)


class Told(StrEnum):
    """Events that a webhook is called for."""

    RELEASED = "dateline.release.published"  # payload: version, parent, checks, warnings
    REFUSED = "dateline.candidate.refused"  # payload: parent, checks, refusing, message, kept


def tell_release(manifest: Mapping[str, Any], checks: int, warnings: Sequence[str]) -> None:
    """Emit that a release was published."""
    payload = {
        "version": manifest["version"],
        "parent": manifest["parent"],
        "checks": checks,
        "warnings": list(warnings),
    }
    _emit(Told.RELEASED, payload)


def tell_refusal(parent: str | None, checks: int, refusing: Sequence[str], message: str, kept: str) -> None:
    """Emit that a candidate was refused, and where it is kept."""
    shown = message if len(message) <= MESSAGE_CHARS else f"{message[: MESSAGE_CHARS - 1]}…"
    payload = {"parent": parent, "checks": checks, "refusing": list(refusing), "message": shown, "kept": kept}
    _emit(Told.REFUSED, payload)


def _emit(event: Told, payload: dict[str, Any]) -> None:
    from prefect.events import emit_event

    emit_event(event=event.value, resource=RESOURCE, payload=payload)


def checked_address(url: str) -> str:
    """The address, if a webhook can be called there.

    Raises:
        UsageError: it is no http or https address. The message does not repeat it: such addresses hold secrets.
    """
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound or any(letter.isspace() or not letter.isprintable() for letter in url):
        raise UsageError("the webhook must be an address such as https://HOST/PATH")
    return url


def set_webhook(url: str) -> None:
    """Make the automation, in place of an earlier one, on the server that Prefect's settings name. The address is kept there as a secret.

    Raises:
        ServerFailed: the server cannot be reached, or refuses.
    """
    from prefect.automations import Automation
    from prefect.blocks.webhook import Webhook
    from prefect.events.actions import CallWebhook
    from prefect.events.schemas.automations import EventTrigger, Posture

    with _server_failures_named():
        make: Any = Webhook  # its types leave out that it turns plain values into secrets
        block: Any = make(url=url, headers={"Content-Type": "application/json"}, method="POST")
        document = block.save(NAME, overwrite=True)
        earlier = _automations()
        Automation(
            name=NAME,
            description="Calls a webhook when dateline has published a release or refused a candidate.",
            trigger=EventTrigger(
                expect={event.value for event in Told},
                match={"prefect.resource.id": RESOURCE["prefect.resource.id"]},
                posture=Posture.Reactive,
                threshold=1,
            ),
            actions=[CallWebhook(block_document_id=document, payload=BODY)],
        ).create()
        _delete(earlier)


def remove_webhook() -> bool:
    """Take the automation and the address away; whether there was one.

    Raises:
        ServerFailed: the server cannot be reached, or refuses.
    """
    from prefect.blocks.webhook import Webhook

    with _server_failures_named():
        earlier = _automations()
        _delete(earlier)
        if earlier:
            Webhook.delete(NAME)
    return bool(earlier)


def _automations() -> list[Any]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return list(client.read_automations_by_name(NAME))


def _delete(automations: Sequence[Any]) -> None:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        for automation in automations:
            client.delete_automation(automation.id)


@contextmanager
def _server_failures_named() -> Iterator[None]:
    import httpx
    from prefect.exceptions import PrefectHTTPStatusError
    from prefect.settings import PREFECT_API_URL

    try:
        yield
    except (httpx.HTTPError, PrefectHTTPStatusError) as error:
        raise ServerFailed(
            f"Prefect's server at {PREFECT_API_URL.value()} did not take the automation ({type(error).__name__}). "
            "Is it running? prefect server start"
        ) from error
