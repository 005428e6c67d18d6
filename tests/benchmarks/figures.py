"""What was measured, what beside it, what was asked, and whether that is met: always computed, never typed."""

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes:
        what: what was measured, in words.
        value: the figure.
        unit: such as s, MB, documents/s.
        peer: what it is held against, measured in the same run; empty without one.
        peer_value: the peer's figure, in the same unit.
        asked: the most that the figure (or, `of` being ratio, figure ÷ peer) may be; None if nothing was asked.
        of: which of the two `asked` is about.
        note: what to know when reading it.
    """

    what: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None
    asked: float | None = None
    of: Literal["value", "ratio"] = "value"
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Figure ÷ peer; None without a peer.

        >>> Figure("run", 6.0, "s", "bare", 4.0).ratio
        1.5
        """
        return self.value / self.peer_value if self.peer_value else None

    @property
    def met(self) -> bool | None:
        """Whether what was asked is met; None if nothing was.

        >>> [Figure("run", 6.0, "s", "bare", 4.0, asked=1.2, of="ratio").met, Figure("query", 0.4, "s", asked=0.5).met]
        [False, True]
        """
        judged = self.ratio if self.of == "ratio" else self.value
        return None if self.asked is None or judged is None else judged <= self.asked


@dataclass(frozen=True)
class Section:
    """A part of the benchmark: its figures, tables and plots; `failure` says why there are none."""

    title: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[str, ...] = ()  # Markdown
    plots: tuple[str, ...] = ()  # file names below plots/
    notes: tuple[str, ...] = ()
    failure: str = ""


def number(value: float | None) -> str:
    """A figure as read by people: about three digits that count.

    >>> [number(one) for one in (1234.5, 61.27, 0.4213, None)]
    ['1,234', '61.3', '0.421', '–']
    """
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def figure_table(figures: tuple[Figure, ...]) -> str:
    """Figures as a Markdown table."""
    lines = ["| what | figure | beside it | ratio | asked | met |", "| --- | ---: | --- | ---: | ---: | :---: |"]
    for one in figures:
        beside = f"{one.peer}: {number(one.peer_value)} {one.unit}" if one.peer else ""
        asked = "" if one.asked is None else f"≤ {number(one.asked)} {'×' if one.of == 'ratio' else one.unit}"
        met = {None: "", True: "yes", False: "**no**"}[one.met]
        ratio = "" if one.ratio is None else number(one.ratio)
        lines.append(f"| {one.what} | {number(one.value)} {one.unit} | {beside} | {ratio} | {asked} | {met} |")
    return "\n".join(lines)


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Rows as a Markdown table; numbers to the right.

    >>> print(table(("stage", "s"), [("clean", 1.5)]))
    | stage | s |
    | --- | ---: |
    | clean | 1.5 |
    """
    right = [bool(rows) and isinstance(cell, int | float) for cell in (rows[0] if rows else head)]
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---:' if one else '---' for one in right)} |"]
    for row in rows:
        cells = [
            f"{cell:,}" if isinstance(cell, int) else number(cell) if isinstance(cell, float) else str(cell)
            for cell in row
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def with_timing(readme: str, sections: list[Section], said: str) -> str:
    """README.md with a sentence and what was asked and measured between its timing marks.

    >>> run = Section("Run", (Figure("run", 6.0, "s", asked=7.0),))
    >>> marks = "<!-- timing:begin -->{}<!-- timing:end -->"
    >>> print(with_timing(marks.format("old"), [run], "Measured on two cores."))
    <!-- timing:begin -->
    Measured on two cores.
    <BLANKLINE>
    | what | figure | beside it | ratio | asked | met |
    | --- | ---: | --- | ---: | ---: | :---: |
    | run | 6 s |  |  | ≤ 7 s | yes |
    <!-- timing:end -->
    """
    begin, end = "<!-- timing:begin -->", "<!-- timing:end -->"
    before, _, rest = readme.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{said}\n\n{figure_table(_asked(sections))}\n{end}{after}"


def with_rows(readme: str, sections: list[Section]) -> str:
    """README.md with only these figures put in place of their old rows, or added to the timing table's end.

    >>> marks = "<!-- timing:begin -->\\nMeasured.\\n\\n| what |\\n| --- |\\n{}<!-- timing:end -->"
    >>> before = marks.format("| run | 9 s |\\n| query | 1 s |\\n")
    >>> print(with_rows(before, [Section("Run", (Figure("run", 6.0, "s", asked=7.0),))]))
    <!-- timing:begin -->
    Measured.
    <BLANKLINE>
    | what |
    | --- |
    | run | 6 s |  |  | ≤ 7 s | yes |
    | query | 1 s |
    <!-- timing:end -->
    """
    begin, end = "<!-- timing:begin -->", "<!-- timing:end -->"
    before, _, rest = readme.partition(begin)
    shown, _, after = rest.partition(end)
    lines = shown.rstrip("\n").split("\n")
    for row in figure_table(_asked(sections)).split("\n")[2:]:
        what = row.split(" | ", 1)[0] + " | "
        at = next((index for index, line in enumerate(lines) if line.startswith(what)), len(lines))
        lines[at : at + 1] = [row]
    return f"{before}{begin}{chr(10).join(lines)}\n{end}{after}"


def _asked(sections: list[Section]) -> tuple[Figure, ...]:
    return tuple(one for section in sections for one in section.figures if one.met is not None)


def results(sections: list[Section], machine: dict[str, str], command: str, label: str) -> str:
    """RESULTS.md."""
    head = [
        "# Time and memory",
        "",
        f"Written by `{command}`; nothing here is typed. Each figure stands beside a peer that was measured in the same run.",
        *(["", f"**{label}**"] if label else []),
        "",
        table(("machine", ""), list(machine.items())),
    ]
    if asked := _asked(sections):
        head += ["", f"{sum(bool(one.met) for one in asked)} of {len(asked)} requests are met."]
    return _tidy([*head, *(line for section in sections for line in _section_lines(section))])


def with_sections(written: str, sections: list[Section], said: str) -> str:
    """RESULTS.md with only these sections put in place of their old ones, or added to the end, each saying how it came.

    >>> old = "# Time\\n\\n## Run\\n\\nold\\n\\n## Query\\n\\nkept\\n"
    >>> print(with_sections(old, [Section("Run", notes=("new",))], "Measured by itself."))
    # Time
    <BLANKLINE>
    ## Run
    <BLANKLINE>
    Measured by itself.
    <BLANKLINE>
    - new
    <BLANKLINE>
    ## Query
    <BLANKLINE>
    kept
    <BLANKLINE>
    """
    head, *parts = written.split("\n## ")
    for section in sections:
        heading, *lines = _tidy(_section_lines(section)).strip().removeprefix("## ").split("\n")
        part = "\n".join([heading, "", said, *lines]) + "\n"
        at = next((index for index, old in enumerate(parts) if old.split("\n", 1)[0] == section.title), len(parts))
        parts[at : at + 1] = [part]
    text = _tidy(["\n## ".join([head, *parts]).rstrip("\n")])
    met, unmet = (sum(line.endswith(f"| {answer} |") for line in text.split("\n")) for answer in ("yes", "**no**"))
    return re.sub(
        r"^\d+ of \d+ requests are met\.$", f"{met} of {met + unmet} requests are met.", text, flags=re.MULTILINE
    )


def _section_lines(section: Section) -> list[str]:
    lines = ["", f"## {section.title}", ""]
    if section.failure:
        lines += [f"**Not measured**: {section.failure}", ""]
    if section.figures:
        lines += [figure_table(section.figures), ""]
        lines += [f"- {one.what}: {one.note}" for one in section.figures if one.note]
    for part in section.tables:
        lines += ["", part]
    lines += ["", *(f"- {note}" for note in section.notes)] if section.notes else []
    for plot in section.plots:
        lines += ["", f"![{section.title}](plots/{plot})"]
    return lines


def _tidy(lines: list[str]) -> str:
    text = "\n".join(lines) + "\n"
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text
