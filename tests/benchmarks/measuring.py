"""Wall time, processor time and memory of a command and of all processes that it starts."""

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil

SAMPLE_SECONDS = 0.1
LOOK_FOR_CHILDREN_SECONDS = 0.5  # walking /proc for them takes 5 ms here
# The shared-out size (PSS) is the honest one, since pages of libraries that all processes map count once; but the kernel
# takes about 10 ms to add it up for 400 MB, so ten times a second would cost a quarter of two cores. Resident size costs
# 0.03 ms: it is watched all the time, and PSS read when it has grown, or now and then.
GROWTH_THAT_IS_READ = 1.02
PSS_SECONDS = 2.0


@dataclass(frozen=True)
class Memory:
    """Memory of a tree of processes.

    Attributes:
        peak_bytes: the most at any moment, all processes together.
        basis: what was added up: PSS, or RSS where the system has no PSS (pages that processes share count for each).
        shares: role to its bytes at that moment.
        course: (seconds since the start, bytes) over time, resident size.
    """

    peak_bytes: int = 0
    basis: str = "PSS"
    shares: Mapping[str, int] = field(default_factory=dict)
    course: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True)
class Measured:
    """What a command took. `seconds` is wall time; `cpu_seconds` user and system time of it and its children."""

    seconds: float
    cpu_seconds: float
    returncode: int
    printed: str
    errors: str
    memory: Memory = Memory()
    sampler_cpu_seconds: float = 0.0


class CommandFailed(RuntimeError):
    """A command that is measured did not end well: a time without a result is no measurement."""


class TreeMemory:
    """Samples the memory of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        """Begin now."""
        self._root = psutil.Process(pid)
        self._tree = [self._root]
        self._began = time.monotonic()
        self._looked = self._read = float("-inf")
        self._highest_resident = 0
        self.memory = Memory()

    def sample(self) -> None:
        """Take one sample. Processes that end meanwhile count as nothing."""
        now = time.monotonic() - self._began
        if now - self._looked >= LOOK_FOR_CHILDREN_SECONDS:
            self._looked = now
            try:
                self._tree = [self._root, *self._root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
        resident = sum(_resident(process) for process in self._tree)
        course = (*self.memory.course, (now, resident)) if resident else self.memory.course
        peak, basis, shares = self.memory.peak_bytes, self.memory.basis, self.memory.shares
        if resident > self._highest_resident * GROWTH_THAT_IS_READ or now - self._read >= PSS_SECONDS:
            self._read = now
            self._highest_resident = max(self._highest_resident, resident)
            found, basis = _shares(self._tree, self._root)
            if sum(found.values()) > peak:
                peak, shares = sum(found.values()), found
        self.memory = Memory(peak, basis, shares, course)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _shares(tree: Sequence[psutil.Process], root: psutil.Process) -> tuple[dict[str, int], str]:
    found: dict[str, int] = {}
    basis = "PSS"
    for process in tree:
        try:
            full = process.memory_full_info()
            role = role_of(process.cmdline(), is_root=process == root)
        except psutil.Error:
            continue
        size = getattr(full, "pss", None)
        if size is None:
            size, basis = full.rss, "RSS"
        found[role] = found.get(role, 0) + int(size)
    return found, basis


def role_of(command: Sequence[str], *, is_root: bool) -> str:
    """What a process of a run is for.

    >>> role_of(["python", "-m", "uvicorn", "prefect.server"], is_root=False), role_of(["python", "-m", "flows.server"], is_root=False)
    ("Prefect's server", "Prefect's server")
    """
    if is_root:
        return "main process"
    words = " ".join(command)
    if "uvicorn" in words or "prefect" in words or "flows.server" in words:
        return "Prefect's server"
    return "workers" if "spawn_main" in words or "bare_spacy" in words else "other"


def measure(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, *, limit_seconds: float, memory: bool = True
) -> Measured:
    """Run a command to its end.

    Raises:
        CommandFailed: it did not exit with 0, or not in time.
    """
    before, sampler_before = _children_cpu(), time.process_time()
    began = time.perf_counter()
    # files, not pipes: a process that outlives the command would keep a pipe open, and the clock running
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(command, env=dict(environment), cwd=folder, stdout=out, stderr=err, text=True)
        sampler = TreeMemory(process.pid) if memory else None
        while True:
            try:
                process.wait(timeout=SAMPLE_SECONDS if sampler else limit_seconds)
                break
            except subprocess.TimeoutExpired:
                if time.perf_counter() - began > limit_seconds:
                    stop_tree(process)
                    raise CommandFailed(f"{shown(command)}: no end within {limit_seconds:.0f} s") from None
                if sampler:
                    sampler.sample()
        seconds = time.perf_counter() - began
        printed, errors = (stream.seek(0) or stream.read() for stream in (out, err))
    if process.returncode != 0:
        raise CommandFailed(f"{shown(command)}: exit code {process.returncode}: {(errors or printed).strip()[-600:]}")
    return Measured(
        seconds,
        _children_cpu() - before,
        process.returncode,
        printed,
        errors,
        sampler.memory if sampler else Memory(),
        time.process_time() - sampler_before if sampler else 0.0,
    )


def median_seconds(command: Sequence[str], environment: Mapping[str, str], folder: Path, times: int) -> float:
    """Median wall time of a short command, each time a new process."""
    return median(measure(command, environment, folder, limit_seconds=120, memory=False).seconds for _ in range(times))


def stop_tree(process: subprocess.Popen[str]) -> None:
    """End a process that we started, and what it started."""
    try:
        below = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        below = []
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for one in below:
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue


def shown(command: Sequence[str]) -> str:
    """A command, short enough for a message."""
    words = " ".join(command[1:])
    return words if len(words) < 200 else words[:200] + " …"


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
