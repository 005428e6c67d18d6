"""Runs in processes of their own that tests can kill, stop and let go on, without paying for the imports each time."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LONGEST_RUN_SECONDS = 300


@dataclass
class Run:
    """One run under way. `status` is what os.waitpid said, None while it runs."""

    result: Path
    pid: int = 0
    status: int | None = None
    cpu_seconds: float = 0.0
    begun: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def outcome(self) -> dict[str, Any]:
        """What flows.pipeline.dateline returned, or {error, message, trace}; {} if it was killed before that."""
        assert self.ended.wait(LONGEST_RUN_SECONDS), f"no end: {self.log()}"
        return json.loads(self.result.read_text()) if self.result.is_file() else {}

    def killed(self) -> bool:
        """Whether it ended by SIGKILL."""
        assert self.ended.wait(LONGEST_RUN_SECONDS), f"no end: {self.log()}"
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL

    def signal(self, number: int) -> None:
        """Send a signal to the run alone; nothing if it has ended."""
        assert self.begun.wait(10)
        if not self.ended.is_set():
            with contextlib.suppress(ProcessLookupError):  # it ended this moment
                os.kill(self.pid, number)

    def log(self) -> str:
        """What it printed."""
        file = Path(f"{self.result}.log")
        return file.read_text(errors="replace")[-2000:] if file.is_file() else ""


class ManyRuns:
    """The process of run_server.py and the runs that it was asked for."""

    def __init__(self, folder: Path, prefect_url: str) -> None:
        self._folder = folder
        environment = {**os.environ, "PREFECT_API_URL": prefect_url, "PREFECT_HOME": str(folder / "prefect")}
        checkout = Path(__file__).parents[2]
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("run_server.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**environment, "PYTHONPATH": str(checkout)},
        )
        assert json.loads(self._process.stdout.readline()) == {"ready": True}
        self._runs: list[Run] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._process.stdout:
            said = json.loads(line)
            run = self._runs[said["id"]]
            if "pid" in said:
                run.pid = said["pid"]
                run.begun.set()
            else:
                run.status, run.cpu_seconds = said["status"], said["cpu"]
                run.ended.set()

    def start(
        self,
        inputs: Path,
        warehouse: Path,
        *,
        fault: str = "",
        environment: dict[str, str] | None = None,
        few_checks: bool = True,
        without_rights: bool = False,
        **arguments: Any,
    ) -> Run:
        """Begin a run; `fault` is one of flows/store/steps.py. `few_checks`: the gate asks of `documents` alone."""
        run = Run(self._folder / f"run-{len(self._runs)}.json")
        request = {
            "id": len(self._runs),
            "arguments": {"inputs": [str(inputs)], "warehouse": str(warehouse), "workers": 1, **arguments},
            "environment": {"DATELINE_FAULT": fault, **(environment or {})},
            "result": str(run.result),
            "few_checks": few_checks,
            "without_rights": without_rights,
        }
        self._runs.append(run)
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        assert run.begun.wait(30)
        return run

    def outcome(self, inputs: Path, warehouse: Path, **options: Any) -> dict[str, Any]:
        """A run from beginning to end."""
        return self.start(inputs, warehouse, **options).outcome()

    def close(self) -> None:
        """End the process and what it still runs."""
        for run in self._runs:
            if run.pid:
                run.signal(signal.SIGKILL)
        self._process.stdin.close()
        self._process.wait(10)
