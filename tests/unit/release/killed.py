"""A function of a test in a process of its own, killed at a named step. Not forked: libraries of this one have threads, which no fork survives."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows.store.steps import FAULT

ROOT = Path(__file__).parents[3]


def killed_at(step: str, function: Callable[..., Any], *arguments: str) -> bool:
    """Whether the process was killed there; `function` is one at the top of a module."""
    program = f"from {function.__module__} import {function.__name__} as act; act(*{arguments!r})"
    environment = {**os.environ, FAULT: f"{step}=kill", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, cwd=ROOT, check=False, timeout=120)
    return ran.returncode == -signal.SIGKILL
