"""How far long work is: stages report here, and whoever watches (the command line) sets a listener."""

from collections.abc import Callable
from typing import Protocol


class Listener(Protocol):
    """Told that a stage has begun or moved on; must return soon and not raise."""

    def __call__(self, stage: str, *, units: int, of: int | None, documents: int) -> None:
        """`units` more units are finished, which held `documents` documents; `of` is the total, said once at the start."""


def silent(stage: str, *, units: int, of: int | None, documents: int) -> None:
    """The listener when nobody watches."""
    del stage, units, of, documents


_listener: Listener = silent


def watch(listener: Listener) -> Callable[[], None]:
    """Set the listener of this process; call the result to go back to silence."""
    global _listener  # noqa: PLW0603  # one run a process; Prefect's threads would not see a context variable
    _listener = listener

    def stop() -> None:
        global _listener  # noqa: PLW0603
        _listener = silent

    return stop


def begin(stage: str, units: int) -> None:
    """A stage begins and has so many units of work."""
    _listener(stage, units=0, of=units, documents=0)


def advance(stage: str, documents: int = 0) -> None:
    """One unit is finished, which held so many documents."""
    _listener(stage, units=1, of=None, documents=documents)
