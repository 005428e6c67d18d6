"""A Prefect server for one run, started beside the work that comes before it and gone with the run, however that ends.

Prefect would start one itself, but only when the first flow begins, and after importing the whole server into the run's
own process. Started here it comes up while Prefect is imported and the workers load their model. It is the same program
with the same database (PREFECT_HOME), so that the history of runs is there for `prefect server start`.

Whoever has a server configured (PREFECT_API_URL, a profile, prefect.toml, pyproject.toml, .env) keeps it: none is started.

Run as `python -m flows.server FD`, this module is that server. It listens on the socket that it is given and stops
when its standard input ends: the kernel closes that pipe however the run ended.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.errors import ServerFailed

START_SECONDS = (
    120  # 4 s of processor time here; the first start of all makes the database, 12 s; a busy machine needs more
)
STOP_SECONDS = 5  # it stops in a fifth of a second; one that hangs is killed
LOCAL = "127.0.0.1"
API_URL = "PREFECT_API_URL"
ADVICE = (
    "dateline runs its stages with Prefect, which needs a server on this machine's loopback. "
    "Let 127.0.0.1 be used, or name a server that runs: export PREFECT_API_URL=http://HOST:4200/api"
)


class Server:
    """The server of this run: starting since it was made, ready after `wait`."""

    def __init__(self) -> None:
        """Begin to start it.

        Raises:
            ServerFailed: this machine gives no port on its loopback, or no process.
        """
        try:
            self._said = tempfile.TemporaryFile()  # noqa: SIM115  # closed in stop
            with socket.socket() as listening:
                listening.bind((LOCAL, 0))
                listening.listen()  # from here on connections wait instead of being refused
                self.url = f"http://{LOCAL}:{listening.getsockname()[1]}/api"
                self._process = subprocess.Popen(  # noqa: S603  # our own module
                    [sys.executable, "-P", "-m", __name__, str(listening.fileno())],
                    stdin=subprocess.PIPE,
                    stdout=self._said,
                    stderr=self._said,
                    pass_fds=[listening.fileno()],
                    start_new_session=True,  # Ctrl-C is for the run, which then has something to tell it
                    env={**SERVER_DEFAULTS, **os.environ, **SERVER_ENVIRONMENT},
                )
        except OSError as error:
            raise ServerFailed(f"Prefect's server could not be started: {error}. {ADVICE}") from error

    def wait(self) -> None:
        """Until it answers.

        Raises:
            ServerFailed: it ended, or did not answer in time.
        """
        try:
            # no proxy: the address is this machine's own
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            opener.open(f"{self.url}/health", timeout=START_SECONDS).close()
        except (OSError, urllib.error.URLError) as error:
            self.stop(keep_words=True)
            self._said.seek(0)
            words = self._said.read().decode(errors="replace").strip().splitlines()
            self._said.close()
            last = f" It said: {words[-1]}" if words else ""
            raise ServerFailed(f"Prefect's server did not start ({error}).{last} {ADVICE}") from error

    def stop(self, *, keep_words: bool = False) -> None:
        """End it; kill it if it does not."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if not keep_words:
            self._said.close()


# A fifth of what the server computes for a run is its feed of events and the automations that look at it: nobody reads
# either in a server that lives for one run. States of flows and tasks are kept. The environment may say otherwise.
SERVER_DEFAULTS: Mapping[str, str] = {
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
}
SERVER_ENVIRONMENT: Mapping[str, str] = {
    # what Prefect sets for a server that it starts itself: no pages, no services but those that keep its database
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
}


@contextmanager
def server_for_run() -> Iterator[Server | None]:
    """A server that starts now, with PREFECT_API_URL pointing at it; None if one is configured. Stopped at the end.

    Raises:
        ServerFailed: it could not be started.
    """
    if server_configured(os.environ, Path.cwd()):
        yield None
        return
    server = Server()
    os.environ[API_URL] = server.url
    try:
        yield server
    finally:
        del os.environ[API_URL]
        server.stop()


def server_configured(environment: Mapping[str, str], folder: Path) -> bool:
    """Whether Prefect would find an address of a server, or is told to start none: where it looks, told without importing it."""
    told = {name.upper(): value for name, value in environment.items()}
    if told.get(API_URL):
        return True
    if any(told.get(name, "").lower() in {"0", "false", "no", "off"} for name in NEVER_START):
        return True
    home = Path(told.get("PREFECT_HOME") or Path.home() / ".prefect").expanduser()
    profiles = _toml(Path(told.get("PREFECT_PROFILES_PATH") or home / "profiles.toml"))
    active = told.get("PREFECT_PROFILE") or profiles.get("active")
    profile = profiles.get("profiles", {}).get(active, {})
    project = _toml(folder / "pyproject.toml").get("tool", {}).get("prefect", {})
    return bool(
        profile.get(API_URL)
        or _toml(folder / "prefect.toml").get("api", {}).get("url")
        or project.get("api", {}).get("url")
        or API_URL in _text(folder / ".env").upper()
    )


NEVER_START = ("PREFECT_SERVER_ALLOW_EPHEMERAL_MODE", "PREFECT_SERVER_EPHEMERAL_ENABLED")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _toml(path: Path) -> dict[str, Any]:
    """Prefect itself complains of a file that cannot be read: here it only names no server."""
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError:
        return {}


def serve(descriptor: int) -> None:
    """Be the server, on a listening socket, until standard input ends."""
    import uvicorn

    listening = socket.socket(fileno=descriptor)
    app = "prefect.server.api.server:create_app"
    server = uvicorn.Server(uvicorn.Config(app, factory=True, log_level="error", lifespan="on"))

    def watch() -> None:
        sys.stdin.buffer.read()
        server.should_exit = True
        threading.Event().wait(STOP_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="end with the run", daemon=True).start()
    server.run(sockets=[listening])
    os._exit(0)  # all is written; threads of its services would keep the process for seconds more


if __name__ == "__main__":
    serve(int(sys.argv[1]))
