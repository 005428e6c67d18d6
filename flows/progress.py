"""How far long work is: stages report here, and whoever watches (the command line) sets a listener."""

from collections.abc import Callable
from typing import Protocol


class Listener(Protocol):
    """Told that `done` of `total` units of a stage are finished, and how many documents those held."""

    def __call__(self, stage: str, done: int, total: int, documents: int) -> None:
        """Show it; must return soon and not raise."""


def silent(stage: str, done: int, total: int, documents: int) -> None:
    """The listener when nobody watches."""
    del stage, done, total, documents


_listener: Listener = silent


def watch(listener: Listener) -> Callable[[], None]:
    """Set the listener of this process; call the result to go back to silence."""
    global _listener  # noqa: PLW0603  # one run a process; Prefect's threads would not see a context variable
    _listener = listener

    def stop() -> None:
        global _listener  # noqa: PLW0603
        _listener = silent

    return stop


def report(stage: str, done: int, total: int, documents: int = 0) -> None:
    """Called by stages."""
    _listener(stage, done, total, documents)
