"""A process that has imported everything and forks a child a run, so that a test can kill hundreds of runs.

Reads one JSON object a line: {"id", "arguments" of flows.pipeline.dateline, "environment", "result" (a file), "few_checks", "without_rights"}.
Writes {"id", "pid"} when the run begins, {"id", "status"} when it has ended (as os.waitpid gives it).
"""

import json
import os
import select
import sys
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


def main() -> None:
    """Import, say so, then serve until the input ends."""
    import expectations.registry
    import flows.pipeline  # noqa: F401  # the point is that it is loaded
    from flows.extract.model import language_model
    from flows.validate import gate

    language_model()
    expectations.registry.all_checks(with_parent=True)
    gate.warm_up() if hasattr(gate, "warm_up") else __import__("great_expectations")
    running: dict[int, int] = {}
    print(json.dumps({"ready": True}), flush=True)
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
            print(json.dumps({"id": request["id"], "pid": pid}), flush=True)
        while running:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                break
            print(json.dumps({"id": running.pop(pid), "status": status, "cpu": usage.ru_utime + usage.ru_stime}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
