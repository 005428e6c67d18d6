"""A process that has imported everything and forks a child a run, so that a test can kill hundreds of runs.

Reads one JSON object a line: {"id", "arguments" of flows.pipeline.dateline, "environment", "result" (a file), "few_checks", "without_rights"}.
Writes {"id", "pid"} when the run begins, {"id", "status"} when it has ended (as os.waitpid gives it).
"""

import contextlib
import gc
import importlib
import json
import os
import select
import sys
import tempfile
import traceback
from pathlib import Path

CAPABILITIES = 0b110  # DAC_OVERRIDE and DAC_READ_SEARCH: what lets root write where rights forbid it


def give_up_roots_rights() -> None:
    """Make this process mind the rights of files even as root, so that tests of rights mean something in a container."""
    if os.geteuid() != 0:
        return
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, data) == 0
    data[0] &= ~CAPABILITIES
    data[1] &= ~CAPABILITIES
    assert libc.capset(header, data) == 0


def tell(**said: object) -> None:
    """A line to the test."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def judge_by_few() -> None:
    """Leave the gate the checks of `documents` alone: a killed run should spend its time where files are written."""
    from expectations import registry

    whole = registry.all_checks
    registry.all_checks = lambda *, with_parent: tuple(
        check for check in whole(with_parent=with_parent) if check.table == "documents"
    )


def one_run(request: dict) -> None:
    """The child: a whole run, its outcome in a file."""
    os.setpgid(0, 0)
    log = os.open(f"{request['result']}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (0, 1, 2):
        os.dup2(log, stream)
    os.environ.update(request["environment"])
    outcome: dict
    try:
        from flows.pipeline import dateline

        if request["few_checks"]:
            judge_by_few()
        if request["without_rights"]:
            give_up_roots_rights()
        outcome = dateline(**request["arguments"])
    except BaseException as error:  # noqa: BLE001  # whatever it is, the test is told
        outcome = {"error": type(error).__name__, "message": str(error), "trace": traceback.format_exc()}
    Path(request["result"]).write_text(json.dumps(outcome, default=str), encoding="utf-8")


def import_what_a_run_imports() -> None:
    """Let a child make one run and tell which modules it needed. Running here would start threads, which no fork survives."""
    with tempfile.TemporaryDirectory() as folder:
        inputs, told = Path(folder) / "in", Path(folder) / "modules.json"
        inputs.mkdir()
        (inputs / "a.txt").write_text("Envoys of Norway and Iceland met in Lisbon on Tuesday to talk about fish.\n")
        pid = os.fork()
        if pid == 0:
            arguments = {"inputs": [str(inputs)], "warehouse": f"{folder}/warehouse", "workers": 1}
            one_run(
                {
                    "arguments": arguments,
                    "environment": {},
                    "result": f"{folder}/result",
                    "few_checks": False,
                    "without_rights": False,
                }
            )
            told.write_text(json.dumps(sorted(sys.modules)), encoding="utf-8")
            os._exit(0)
        os.waitpid(pid, 0)
        for name in json.loads(told.read_text(encoding="utf-8")):
            with contextlib.suppress(ImportError):  # names that are made by their parents
                importlib.import_module(name)


def main() -> None:
    """Import, say so, then serve until the input ends."""
    import flows.pipeline  # noqa: F401  # the point is that it is loaded
    from expectations.registry import all_checks
    from flows.extract.model import language_model
    from flows.plan import STAGE_ROOTS
    from flows.store.fingerprint import fingerprint
    from flows.text.gazetteer import gazetteer

    language_model()
    gazetteer()
    for roots in STAGE_ROOTS.values():
        fingerprint(*roots)
    all_checks(with_parent=True)
    import_what_a_run_imports()
    gc.freeze()  # a collection in a child would copy all that it shares with this process
    running: dict[int, int] = {}
    tell(ready=True)
    waiting = b""
    while True:
        readable, _, _ = select.select([0], [], [], 0.005)
        if readable:
            chunk = os.read(0, 1 << 16)
            if not chunk:
                break
            waiting += chunk
        while b"\n" in waiting:
            line, waiting = waiting.split(b"\n", 1)
            request = json.loads(line)
            pid = os.fork()
            if pid == 0:
                one_run(request)
                os._exit(0)
            running[pid] = request["id"]
            tell(id=request["id"], pid=pid)
        while running:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                break
            tell(id=running.pop(pid), status=status, cpu=usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    sys.exit(main())
