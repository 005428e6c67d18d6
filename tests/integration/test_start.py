"""How a run starts: Prefect's server beside the work, gone with the run however it ends; what is not needed is not loaded."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from flows.errors import ServerFailed
from flows.server import LOCAL, STOP_SECONDS, Server, server_configured, server_for_run

CHECKOUT = Path(__file__).parents[2]
START = "import sys, time; from flows.server import Server; s = Server(); print(s._process.pid, flush=True); time.sleep(600)"
TEXT = "The envoy Ada Brandt met ministers in Velmora on Thursday. At least 12 people were killed, officials said.\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PREFECT_HOME of the tests' own."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(home))
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        started = Server()
    try:
        started.wait()
        yield started
    finally:
        started.stop()


def asked(server: Server, path: str, question: Mapping[str, object]) -> object:
    body = json.dumps(question).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.url}/{path}", body, headers)  # noqa: S310  # our own server
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  # as above
        return json.load(answer)


def is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_the_server_ends_with_a_run_that_is_killed() -> None:
    run = subprocess.Popen([sys.executable, "-c", START], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    pid = int(run.stdout.readline())
    assert is_there(pid)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    deadline = time.monotonic() + 60 + STOP_SECONDS
    while is_there(pid) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not is_there(pid)


def test_the_server_answers_on_the_loopback_alone_and_ends_when_it_is_told(server: Server) -> None:
    assert server.url.startswith(f"http://{LOCAL}:")
    port = int(server.url.split(":")[2].split("/")[0])
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text(encoding="utf-8").splitlines()[1:]]
    assert [
        address for address in listening if address.endswith(f":{port:04X}") and address != f"0100007F:{port:04X}"
    ] == []


def test_a_run_uses_the_server_that_is_configured_and_the_next_with_nothing_new_loads_none(
    server: Server, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "talks.txt").write_text(TEXT, encoding="utf-8")
    arguments = ["dateline", "run", str(tmp_path / "news"), "--warehouse", str(tmp_path / "w"), "--workers", "1"]
    program = (
        f"import sys; sys.argv = {arguments!r}\nfrom flows.cli import main\n"
        "try:\n    main()\nfinally:\n    print('LOADED', *sorted(sys.modules))"
    )
    environment = {**os.environ, "PREFECT_HOME": str(home), "PREFECT_API_URL": server.url}

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program]
        return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)

    first = run()
    assert (first.returncode, "Released 1.0.0" in first.stdout) == (0, True), first.stderr
    loaded = first.stdout.partition("LOADED")[2].split()
    assert "prefect" in loaded
    assert "prefect.server.api.server" not in loaded, "the run imports a server although one is running"
    flows = asked(server, "flows/filter", {})
    assert isinstance(flows, list)
    assert {"dateline", "ingest", "clean", "extract", "link", "validate", "publish"} <= {flow["name"] for flow in flows}

    tasks = asked(server, "task_runs/count", {"task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}})
    assert isinstance(tasks, int)
    assert tasks > 0, "the history of tasks is kept"

    again = run()
    assert "Nothing new" in again.stdout, again.stderr
    loaded = again.stdout.partition("LOADED")[2].split()
    assert {"prefect", "great_expectations", "spacy", "flows.server"} & set(loaded) == set()


def test_a_server_that_ends_at_once_is_told_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "nonsense://nowhere")
    started = Server()
    with pytest.raises(ServerFailed, match=r"did not start .* It said: .*\S.* PREFECT_API_URL"):
        started.wait()
    assert started._process.poll() is not None


def test_a_machine_without_a_loopback_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(99, "Cannot assign requested address")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(ServerFailed, match=r"Cannot assign requested address.*export PREFECT_API_URL="):
        Server()


@pytest.mark.parametrize(
    ("environment", "files", "configured"),
    [
        pytest.param({}, {}, False, id="nothing-is-said"),
        pytest.param({"PREFECT_API_URL": "http://127.0.0.1:4200/api"}, {}, True, id="the-environment-names-one"),
        pytest.param({"PREFECT_API_URL": ""}, {}, False, id="an-empty-address-is-none"),
        pytest.param({"PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false"}, {}, True, id="starting-one-is-forbidden"),
        pytest.param(
            {},
            {"profiles.toml": 'active = "a"\n[profiles.a]\nPREFECT_API_URL = "http://127.0.0.1:4200/api"\n'},
            True,
            id="the-active-profile-names-one",
        ),
        pytest.param(
            {},
            {
                "profiles.toml": 'active = "b"\n[profiles.b]\n[profiles.a]\nPREFECT_API_URL = "http://127.0.0.1:4200/api"\n'
            },
            False,
            id="another-profile-names-one",
        ),
        pytest.param({}, {"profiles.toml": "no toml ["}, False, id="a-broken-file-names-none"),
        pytest.param({}, {"prefect.toml": '[api]\nurl = "http://127.0.0.1:4200/api"\n'}, True, id="prefect.toml"),
        pytest.param({}, {"pyproject.toml": '[tool.prefect.api]\nurl = "http://h/api"\n'}, True, id="pyproject.toml"),
        pytest.param({}, {".env": "PREFECT_API_URL=http://127.0.0.1:4200/api\n"}, True, id=".env"),
    ],
)
def test_a_configured_server_is_found_where_prefect_looks(
    environment: Mapping[str, str], files: Mapping[str, str], configured: bool, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert server_configured({"PREFECT_HOME": str(tmp_path), **environment}, tmp_path) is configured


def test_no_server_is_started_where_one_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    with server_for_run() as started:
        assert started is None
    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
