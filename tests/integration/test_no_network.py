"""At run time nothing asks for another machine: not the program, not a process that it starts, not telemetry.

Two nets under each run. An audit hook in every Python process (no_network/sitecustomize.py) refuses what is not loopback
and names who asked. Where Linux lets us, the run is also in a network namespace of its own, where the kernel counts what
found no route, whatever language it was written in. Runs have a terminal: Prefect sends nothing without one.
"""

import os
import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SAMPLE = CHECKOUT / "seeds" / "documents"
NETS = Path(__file__).with_name("no_network")
PROGRAM = "from flows.cli import main; main()"

# Prefect keeps quiet in CI, and our own setting is what is tested: neither may come from outside
SILENCING = {"CI", "GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "DO_NOT_TRACK", "GX_ANALYTICS_ENABLED"}
IMPORT_PREFECT = "import time, prefect; time.sleep(3)"  # its messages leave from a thread


def namespaces_work() -> bool:
    try:
        made = subprocess.run(["unshare", "--map-root-user", "--net", "true"], check=False, capture_output=True)
    except OSError:
        return False
    return made.returncode == 0


NAMESPACES = namespaces_work()
needs_namespaces = pytest.mark.skipif(not NAMESPACES, reason="this system lets us make no network namespace (unshare)")


@dataclass(frozen=True)
class CutOff:
    """What a command did without network; `attempts` is None where no namespace could be made."""

    returncode: int
    printed: str
    refused: str
    attempts: int | None


def cut_off(folder: Path, *arguments: str, hooked: bool = True) -> CutOff:
    folder.mkdir(parents=True, exist_ok=True)
    refused, counted, home = folder / "refused.txt", folder / "counted.txt", folder / "home"
    home.mkdir(exist_ok=True)
    inherited = {
        name: value for name, value in os.environ.items() if name not in SILENCING and not name.startswith("PREFECT_")
    }
    environment = inherited | {
        "HOME": str(home),
        "TERM": "xterm",
        "PYTHONPATH": f"{NETS}{os.pathsep}{CHECKOUT}",
        **({"DATELINE_REFUSED_CONNECTIONS": str(refused)} if hooked else {}),
    }
    command = [sys.executable, *arguments]
    if NAMESPACES:
        launcher = [sys.executable, str(NETS / "empty_network.py"), str(counted)]
        command = ["unshare", "--map-root-user", "--net", *launcher, *command]
    returncode, printed = in_terminal(command, environment, folder)
    return CutOff(
        returncode,
        printed,
        refused.read_text() if refused.exists() else "",
        int(counted.read_text()) if NAMESPACES else None,
    )


def in_terminal(command: list[str], environment: dict[str, str], folder: Path) -> tuple[int, str]:
    ours, theirs = os.openpty()
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=folder)
    os.close(theirs)
    printed = b""
    try:
        while process.poll() is None or select.select([ours], [], [], 0)[0]:
            if select.select([ours], [], [], 0.2)[0]:
                try:
                    printed += os.read(ours, 65536)
                except OSError:  # how Linux says that nobody has the other end open any more
                    break
        return process.wait(timeout=60), printed.decode(errors="replace")
    finally:
        process.kill()
        os.close(ours)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cut off") / "warehouse"


@pytest.fixture(scope="module")
def cold_run(warehouse: Path) -> CutOff:
    return cut_off(warehouse.parent / "run", "-c", PROGRAM, "run", str(SAMPLE), "-w", str(warehouse), "--workers", "2")


def test_a_cold_run_without_network_makes_a_release_and_asks_for_no_other_machine(cold_run, warehouse):
    assert cold_run.returncode == 0, cold_run.printed
    assert (warehouse / "current" / "manifest.json").is_file()
    assert cold_run.refused == ""


@needs_namespaces
def test_nothing_compiled_asks_for_another_machine_either(cold_run):
    assert cold_run.attempts == 0


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("query", "select count(*) from documents"), id="query"),
        pytest.param(("verify",), id="verify"),
        pytest.param(("status",), id="status"),
        pytest.param(("doctor",), id="doctor"),
    ],
)
def test_commands_on_a_release_ask_for_no_other_machine(cold_run, warehouse, tmp_path, command):
    found = cut_off(tmp_path, "-c", PROGRAM, *command, "-w", str(warehouse))
    assert (found.returncode, found.refused, found.attempts or 0) == (0, "", 0), found.printed


# That the two nets hold, and that there is something to catch


@pytest.mark.parametrize(
    ("code", "event"),
    [
        pytest.param("import socket; socket.create_connection(('192.0.2.1', 9), 1)", "192.0.2.1", id="number"),
        pytest.param("import socket; socket.getaddrinfo('dateline.invalid', 80)", "dateline.invalid", id="name"),
        pytest.param(
            "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 9))",
            "sendto",
            id="datagram",
        ),
        pytest.param(
            "import asyncio; asyncio.run(asyncio.open_connection('192.0.2.1', 9))", "socket.connect", id="asyncio"
        ),
        pytest.param(
            "import subprocess, sys; subprocess.run([sys.executable, '-c', "
            "'import socket; socket.gethostbyname(\"dateline.invalid\")'], check=True)",
            "gethostbyname",
            id="child process",
        ),
    ],
)
def test_who_asks_for_another_machine_is_refused_and_named(tmp_path, code, event):
    found = cut_off(tmp_path, "-c", code)
    assert found.returncode != 0
    assert event in found.refused


@needs_namespaces
def test_the_kernel_counts_what_the_hook_does_not_see(tmp_path):
    found = cut_off(tmp_path, "-c", "import socket; socket.create_connection(('192.0.2.1', 9), 1)", hooked=False)
    assert found.refused == ""
    assert found.attempts == 1


def test_this_machine_may_be_asked(tmp_path):
    code = (
        "import socket; server = socket.create_server(('127.0.0.1', 0)); "
        "socket.create_connection(('localhost', server.getsockname()[1]), 5)"
    )
    found = cut_off(tmp_path, "-c", code)
    assert (found.returncode, found.refused) == (0, ""), found.printed


def test_prefect_left_to_itself_would_send_telemetry(tmp_path):
    assert "amplitude" in cut_off(tmp_path, "-c", IMPORT_PREFECT).refused


@pytest.mark.parametrize(
    "servers_own",  # the two settings cover for each other in most cases, so each is tried alone
    [
        pytest.param("", id="as we set it up"),
        pytest.param("import os; os.environ['PREFECT_SERVER_ANALYTICS_ENABLED'] = 'true'; ", id="server's turned on"),
    ],
)
def test_prefect_as_we_set_it_up_sends_none(tmp_path, servers_own):
    ours = f"from flows.environment import prefect_environment; prefect_environment(verbose=False); {IMPORT_PREFECT}"
    found = cut_off(tmp_path, "-c", servers_own + ours)
    assert (found.returncode, found.refused) == (0, ""), found.printed


def test_the_servers_heartbeat_is_off(tmp_path):
    asked = (
        "from prefect.settings import get_current_settings as now; print('heartbeat', now().server.analytics_enabled)"
    )
    code = f"from flows.environment import prefect_environment; prefect_environment(verbose=False); {asked}"
    assert "heartbeat False" in cut_off(tmp_path, "-c", code).printed
