"""A webhook is called on a release and on a refusal, by the automation of a real Prefect server, and costs a run nothing."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

START_SECONDS = 180  # a server's first start makes its database; a busy machine needs more
CALL_SECONDS = 60  # an event is a second or two on its way
HIDDEN = "PathThatNobodyPrints"  # such addresses are keys
TEXT = "MARLAND, 4 March 2021\n\nTwo soldiers were killed in Marland on Thursday, the army said.\n"

pytestmark = pytest.mark.timeout(900)


class Receiver(ThreadingHTTPServer):
    """Takes POSTs and keeps what they say."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.types: list[str | None] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{HIDDEN}"

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        end = time.monotonic() + CALL_SECONDS
        while len(self.said) < count and time.monotonic() < end:
            time.sleep(0.1)
        return self.said


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Receiver)
        self.server.types.append(self.headers["Content-Type"])
        self.server.said.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))) | {"path": self.path})
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def place(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A running Prefect server, and an environment that names it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    environment = kept | {
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_UI_ENABLED": "0",
    }
    said = (tmp_path / "server.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        env=environment,
        stdout=said,
        stderr=said,
    )
    try:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5).close()
                break
            except (OSError, urllib.error.URLError):
                assert server.poll() is None, (tmp_path / "server.log").read_text(errors="replace")[-2000:]
                assert time.monotonic() < end, "the server did not start"
                time.sleep(0.2)
        yield SimpleNamespace(folder=tmp_path, environment=environment)
    finally:
        server.terminate()
        server.wait(30)
        said.close()


def dateline(place: SimpleNamespace, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = "import sys; from flows.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=place.environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=place.folder,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def write_input(place: SimpleNamespace, name: str, content: bytes) -> str:
    folder = place.folder / name
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.txt").write_bytes(content)
    return str(folder)


def test_a_release_and_a_refusal_are_told_and_a_receiver_that_is_down_costs_nothing(place: SimpleNamespace) -> None:
    receiver = Receiver()
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    (place.folder / "dateline.toml").write_text(f'webhook = "{receiver.url}"\n')
    done = [dateline(place, "webhook", "--json"), dateline(place, "webhook")]  # the second takes the first one's place
    assert [one.returncode for one in done] == [0, 0], done

    good, bad = write_input(place, "good", TEXT.encode()), write_input(place, "bad", bytes(range(256)) * 8)
    done.append(dateline(place, "run", good, "--workers", "1", "--json"))
    assert done[-1].returncode == 0, done[-1]
    (released,) = receiver.wait_for(1)
    assert released["event"] == "dateline.release.published"
    assert released["payload"] == {
        "version": "1.0.0", "parent": None, "checks": json.loads(done[-1].stdout)["checks"], "warnings": json.loads(done[-1].stdout)["warnings"],
    }  # fmt: skip

    done.append(dateline(place, "run", bad, "--workers", "1", "--json"))
    assert done[-1].returncode == 3, done[-1]
    refused = receiver.wait_for(2)[1]
    assert refused["event"] == "dateline.candidate.refused"
    assert refused["payload"]["parent"] == "1.0.0"
    assert "relations.some_document_is_accepted" in refused["payload"]["refusing"]
    assert Path(place.folder, refused["payload"]["kept"], "quality", "index.html").is_file()
    assert "the gate refused the candidate" in refused["payload"]["message"]
    assert {one["path"] for one in receiver.said} == {f"/{HIDDEN}"}
    assert receiver.types == ["application/json"] * 2

    receiver.shutdown()
    receiver.server_close()
    write_input(place, "good", TEXT.replace("Two", "Three").encode())
    done.append(dateline(place, "run", good, "--workers", "1", "--json"))
    assert done[-1].returncode == 0, done[-1]
    assert json.loads(done[-1].stdout)["version"] == "1.1.0"
    done.append(dateline(place, "webhook", "--remove"))
    assert done[-1].stdout == "The webhook is no longer called.\n"
    assert len(receiver.said) == 2
    assert [one for one in done if HIDDEN in one.stdout + one.stderr] == []
    told = [
        path
        for path in (place.folder / "warehouse").rglob("*")
        if path.is_file() and HIDDEN.encode() in path.read_bytes()
    ]
    assert told == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("https://HOST/PATH",), "export PREFECT_API_URL=", id="no-server-that-stays-up"),
        pytest.param((), "no webhook: name its address", id="no-address"),
        pytest.param((f"ftp://{HIDDEN}",), "must be an address such as https://", id="no-http"),
        pytest.param((f"https://a b/{HIDDEN}",), "must be an address such as https://", id="blank"),
        pytest.param(("https://HOST/PATH", "--remove"), "--remove takes no address", id="both"),
    ],
)
def test_what_cannot_be_set_up_is_said_without_repeating_the_address(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    environment = kept | {"PREFECT_HOME": str(tmp_path / "prefect")}
    done = dateline(SimpleNamespace(folder=tmp_path, environment=environment), "webhook", *arguments)
    assert done.returncode == 2, done
    assert said in done.stderr
    assert HIDDEN not in done.stderr


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    environment = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES": "0"}
    done = dateline(SimpleNamespace(folder=tmp_path, environment=environment), "webhook", f"https://HOST/{HIDDEN}")
    assert done.returncode == 1, done
    assert "Prefect's server at http://127.0.0.1:9/api" in done.stderr
    assert HIDDEN not in done.stderr
