"""PNG plots of what was measured, below plots/."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure
from tests.benchmarks.measuring import Memory

PLOTS = Path(__file__).with_name("plots")
WIDE = (9.0, 3.2)  # inches


def run_bars(stages: Sequence[Mapping[str, Any]], outside: float, bare_seconds: float, documents: int) -> str:
    """The run's stages end to end, over bare spaCy's bar."""
    figure, axes = _axes()
    left = 0.0
    parts = [*((one["stage"], one["seconds"]) for one in stages), ("start and end", outside)]
    for index, (name, seconds) in enumerate(parts):
        axes.barh("dateline run", seconds, left=left, label=f"{name} {seconds:.1f} s", color=f"C{index % 10}")
        left += seconds
    axes.barh("bare spaCy", bare_seconds, color="0.6", label=f"bare spaCy {bare_seconds:.1f} s")
    axes.set_xlabel("seconds, wall time")
    axes.set_title(f"{documents:,} documents")
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return _saved(figure, "run.png")


def memory_lines(memories: Mapping[int, Memory]) -> str:
    """Resident size of all processes over time, a line a size, and each run's peak."""
    figure, axes = _axes()
    for documents, memory in sorted(memories.items()):
        times = [at for at, _ in memory.course]
        sizes = [size / 1e6 for _, size in memory.course]
        label = f"{documents:,} documents: peak {memory.peak_bytes / 1e6:,.0f} MB {memory.basis}"
        axes.plot(times, sizes, label=label, linewidth=1)
    axes.set_xlabel("seconds since the start")
    axes.set_ylabel("MB resident, all processes")
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=7)
    return _saved(figure, "memory.png")


def asked_bars(name: str, figures: Sequence[Figure]) -> str:
    """Each figure's bar, its peer's, and a line where the limit is."""
    figure, axes = _axes()
    for row, one in enumerate(figures):
        axes.barh(row, one.value, height=0.5, color="C0", label="dateline" if row == 0 else None)
        if one.peer_value is not None:
            axes.barh(row, one.peer_value, height=0.2, color="C1", label=one.peer if row == 0 else None)
        if one.asked is not None:
            axes.plot([one.asked] * 2, [row - 0.35, row + 0.35], color="black", label="asked" if row == 0 else None)
    axes.set_yticks(range(len(figures)), [one.what for one in figures])
    axes.set_xlabel(figures[0].unit)
    axes.legend(fontsize=7)
    return _saved(figure, name)


def _axes() -> tuple[Any, Any]:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    return plt.subplots(figsize=WIDE, layout="constrained")


def _saved(figure: Any, name: str) -> str:
    from matplotlib import pyplot as plt

    PLOTS.mkdir(exist_ok=True)
    figure.savefig(PLOTS / name, dpi=110)
    plt.close(figure)
    return name
