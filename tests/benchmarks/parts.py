"""The parts of the benchmark. Each takes a bench (folders, sizes, environment) and returns a section of RESULTS.md."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks import plots
from tests.benchmarks.bare_spacy import AS_EXTRACT
from tests.benchmarks.figures import Figure, Section, table
from tests.benchmarks.measuring import CommandFailed, Measured, cores, measure, median_seconds, stop_tree
from tests.benchmarks.pathological import LEAST_SECONDS, REST, RULES
from tests.benchmarks.samples import ROOT, Article, write_jsonl
from tests.gold.pages import load_pages
from tests.gold.peers import PAGES, PEERS_PYTHON, TURNS, run_extractor, write_pages

PROGRAM = "from flows.cli import main; main()"
RUN_LIMIT_SECONDS = 1500.0
SHORT_LIMIT_SECONDS = 300.0
SERVER_START_SECONDS = 120.0
QUERY = "select kind, count(*) from casualties group by all order by all"
REPEATS = 10  # of a query; the median of ten moves by a few per cent here

# What was asked of the program
ASKED_RUN_RATIO = 1.2
ASKED_GATE_SHARE = 0.10
ASKED_GATE_SECONDS, ASKED_GATE_ROWS = 5.0, 100_000
ASKED_MEMORY_RATIO = 1.10  # "flat": ten times the documents may cost a tenth more, as allocators and caches fill up
ASKED_QUERY_SECONDS = 0.5
ASKED_NO_CHANGE_SECONDS = 3.0
ASKED_ADDED_WITH_SERVER, ASKED_ADDED_ALONE = 12.0, 30.0
ASKED_CLEAN_MILLISECONDS = 0.5  # 2,000 documents a second
ASKED_HTML_RATIO = 1.5
ASKED_EXTRACT_RATIO = 1.0
EXTRACTED = 2_000  # articles
ASKED_GROWTH = 2.0  # times the cost of a character that a text sixteen times as long may have
ADDED = 10  # documents

CURVE_CHARS = (64_000, 128_000, 256_000, 512_000, 1_024_000)
CURVE_KINDS = (
    "prose in one paragraph",
    "no punctuation",
    "straight quote marks",
    "nothing but quote marks",
    "opening quote marks",
    "single quote marks",
    "digits",
    "number words",
    "capitals",
    "one letter",
    "commas",
    "open brackets",
    "days",
    "ever new names",
    "words of saying",
    "short paragraphs",
)
CURVE_LIMIT_SECONDS = 3600.0
ENOUGH_DOCUMENTS = 1_000  # of a whole benchmark; a quick look has a shorter curve
CURVE_TITLE = "Texts that no newspaper prints"

GATE_STAGES = ("stage", "validate", "publish")  # what a run's report calls gate and release
EMPTY_FLOW = "from flows.environment import prefect_environment; prefect_environment(verbose=False)\nfrom prefect import flow\nflow(lambda: None, name='nothing')()"
HASHING = "import hashlib, sys; hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest()"
BARE_QUERY = "import duckdb, sys; duckdb.connect(sys.argv[1], read_only=True).sql(sys.argv[2]).show()"


@dataclass
class Run:
    """A measured run of the program: what it took, its report, its warehouse."""

    documents: int
    measured: Measured
    report: dict[str, Any]
    warehouse: Path

    def stage_seconds(self, *names: str) -> float:
        """Seconds of these stages together."""
        return sum(stage["seconds"] for stage in self.report["stages"] if stage["stage"] in names)

    @property
    def released_rows(self) -> int:
        """Rows in all released tables."""
        manifest = json.loads((self.warehouse / "current" / "manifest.json").read_text(encoding="utf-8"))
        return sum(one["rows"] for one in manifest["tables"].values())


@dataclass
class Bench:
    """What all parts share. Runs are kept, so that a size is run once however many parts want it."""

    folder: Path
    found: list[Article]
    big: int
    sizes: tuple[int, ...]
    runs: dict[int, Run] = field(default_factory=dict)
    accepted: tuple[str, ...] | None = None

    @property
    def small(self) -> int:
        """Documents of the warehouse that the small requests are made of."""
        return self.sizes[0]

    @property
    def environment(self) -> dict[str, str]:
        """The caller's, less what would silence or steer Prefect, with a home of its own."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DATELINE_"))}
        return own | {"PREFECT_HOME": str(self.folder / "prefect"), "PYTHONPATH": str(ROOT)}

    def dateline(self, *arguments: str, memory: bool = False, **more: str) -> Measured:
        """Run the program; a command that fails is no measurement."""
        command = [sys.executable, "-c", PROGRAM, *arguments]
        return measure(command, self.environment | more, ROOT, limit_seconds=RUN_LIMIT_SECONDS, memory=memory)

    def accept(self) -> list[str]:
        """Options that publish whatever the gate finds: it does the same work, and a sample of a corpus may be refused."""
        if self.accepted is None:
            code = (
                "import json; from flows.validate.suites import load_great_expectations; load_great_expectations();"
                "from expectations.registry import all_checks;"
                "print(json.dumps(sorted({c.check_id for p in (True, False) for c in all_checks(with_parent=p) if c.severity == 'critical'})))"
            )
            listed = measure(
                [sys.executable, "-W", "ignore", "-c", code],
                self.environment,
                ROOT,
                limit_seconds=SHORT_LIMIT_SECONDS,
                memory=False,
            )
            self.accepted = tuple(json.loads(listed.printed.strip().splitlines()[-1]))
        return [*(part for check in self.accepted for part in ("--accept", check)), "--reason", "a benchmark"]

    def make(self, inputs: Path, warehouse: Path, *, memory: bool = False, **more: str) -> Measured:
        """`dateline run` with as many processes as there are cores."""
        options = ["--json", "--workers", str(cores()), *self.accept()]
        return self.dateline("run", str(inputs), "-w", str(warehouse), *options, memory=memory, **more)

    def inputs(self, documents: int) -> Path:
        """Folder with one JSON Lines file of the first so many articles."""
        folder = self.folder / f"in-{documents}"
        if not folder.exists():
            write_jsonl(folder / "articles.jsonl", self.found[:documents])
        return folder

    def run(self, documents: int) -> Run:
        """A cold run on so many documents, its memory watched; the first call does it."""
        if documents not in self.runs:
            say(f"dateline run, {documents:,} documents …")
            warehouse = self.folder / f"warehouse-{documents}"
            measured = self.make(self.inputs(documents), warehouse, memory=True)
            self.runs[documents] = Run(documents, measured, last_report(warehouse), warehouse)
            say(f"  {measured.seconds:.1f} s, {measured.memory.peak_bytes / 1e6:,.0f} MB {measured.memory.basis}")
        return self.runs[documents]


def say(line: str) -> None:
    """Progress, on stderr."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stderr.flush()


def last_report(warehouse: Path) -> dict[str, Any]:
    """The report of the warehouse's last run."""
    path = max((warehouse / "runs").glob("*/report.json"))
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def whole_run(bench: Bench) -> Section:
    """A cold run beside the bare spaCy components over the text that it reads."""
    bench.run(bench.small)  # makes Prefect's database, which is there from then on
    run = bench.run(bench.big)
    texts, components = read_paragraphs(bench, run)
    say("bare spaCy …")
    peer = [sys.executable, "-m", "tests.benchmarks.bare_spacy", str(texts), str(cores())]
    bare = measure([*peer, ",".join(components)], bench.environment, ROOT, limit_seconds=RUN_LIMIT_SECONDS)
    say("the same components as extract runs them …")
    ours = measure([*peer, AS_EXTRACT], bench.environment, ROOT, limit_seconds=RUN_LIMIT_SECONDS)
    each = [json.loads(line) for line in bare.printed.splitlines()]
    load = max(one["load_seconds"] for one in each)
    tokens = sum(one["tokens"] for one in each)
    seconds, took = run.measured.seconds, run.report["stages"]
    rows = [(one["stage"], one["seconds"], one["seconds"] / seconds) for one in took]
    outside = seconds - sum(one["seconds"] for one in took)
    rows.append(("start of Python and Prefect, and end", outside, outside / seconds))
    gate = run.stage_seconds(*GATE_STAGES)
    return Section(
        f"A whole run: {run.documents:,} documents, {cores()} processes",
        (
            Figure(
                "cold run, wall time",
                seconds,
                "s",
                "bare spaCy, as many processes, each its share",
                bare.seconds,
                ASKED_RUN_RATIO,
                "ratio",
            ),
            Figure("the same, less loading the model once", seconds - load, "s", "bare spaCy", bare.seconds - load),
            Figure(
                "extract alone",
                run.stage_seconds("extract"),
                "s",
                "bare spaCy, less loading",
                max(one["parse_seconds"] for one in each),
            ),
            Figure("the same components as extract runs them", ours.seconds, "s", "bare spaCy", bare.seconds),
            Figure("cold run, processor time", run.measured.cpu_seconds, "s", "bare spaCy", bare.cpu_seconds),
            Figure("gate and release", gate, "s", "the whole run", seconds, ASKED_GATE_SHARE, "ratio"),
            Figure(
                "documents a second", run.documents / seconds, "documents/s", "bare spaCy", run.documents / bare.seconds
            ),
        ),
        (table(("stage", "seconds", "share of the run"), rows),),
        (plots.run_bars(run.report["stages"], outside, bare.seconds, run.documents),),
        (
            (
                f"bare spaCy: {', '.join(components)} of the same model over the {sum(int(one['documents']) for one in each):,} documents' "
                f"paragraphs that extract reads, {tokens:,} tokens; each process takes its share and drops each Doc. Loading took {load:.1f} s."
            ),
            f"memory was sampled during the run; the sampler took {run.measured.sampler_cpu_seconds:.1f} s of processor time, which count against it.",
            (
                "every critical check was accepted in advance, so that no sample is refused: the gate does all its work. "
                f"Accepted and failed here: {', '.join(accepted_failures(run)) or 'none'}."
            ),
        ),
    )


def accepted_failures(run: Run) -> list[str]:
    """Critical checks that failed and were accepted."""
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute(
            "select check_id from read_parquet(?) where accepted_reason is not null order by 1",
            [str(run.warehouse / "current" / "checks.parquet")],
        ).fetchall()
    return [row[0] for row in found]


def read_paragraphs(bench: Bench, run: Run) -> tuple[Path, list[str]]:
    """A file of what extract gives spaCy, a line a document, the longest first; and the components that it uses."""
    import duckdb

    from flows.extract.model import language_model
    from flows.extract.reading import PARSED_CHARS, READ_LABELS

    current = run.warehouse / "current"
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select document_id, documents.text[start_char + 1 : end_char] "
            "from read_parquet(?) as segments join read_parquet(?) as documents using (document_id) "
            "where label in (select unnest(?)) order by document_id, start_char",
            [str(current / "segments.parquet"), str(current / "documents.parquet"), list(READ_LABELS)],
        ).fetchall()
    documents: dict[str, list[str]] = {}
    for document_id, text in rows:
        documents.setdefault(document_id, []).extend(
            text[start : start + PARSED_CHARS] for start in range(0, len(text), PARSED_CHARS)
        )
    longest_first = sorted(documents.values(), key=lambda paragraphs: -sum(map(len, paragraphs)))
    path = bench.folder / "paragraphs.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in longest_first), encoding="utf-8")
    return path, list(language_model().pipe_names)


def gate_and_release(bench: Bench) -> Section:
    """Seconds of gate and release by rows."""
    runs = [bench.run(size) for size in bench.sizes]
    rows: list[tuple[object, ...]] = [
        (
            run.documents,
            run.released_rows,
            *(run.stage_seconds(name) for name in GATE_STAGES),
            run.stage_seconds(*GATE_STAGES),
        )
        for run in runs
    ]
    enough = [run for run in runs if run.released_rows >= ASKED_GATE_ROWS]
    judged = min(enough, key=lambda run: run.released_rows) if enough else runs[-1]
    return Section(
        "Gate and release",
        (
            Figure(
                f"gate and release of {judged.released_rows:,} rows in all tables",
                judged.stage_seconds(*GATE_STAGES),
                "s",
                asked=ASKED_GATE_SECONDS if enough else None,
                note="" if enough else f"no run of this benchmark has {ASKED_GATE_ROWS:,} rows: not judged",
            ),
        ),
        (table(("documents", "rows", *GATE_STAGES, "together, s"), rows),),
    )


def memory(bench: Bench) -> Section:
    """Peak memory of all processes together by documents."""
    runs = [bench.run(size) for size in bench.sizes]
    peaks = {run.documents: run.measured.memory.peak_bytes / 1e6 for run in runs}
    least, most = runs[0], runs[-1]
    roles = sorted({role for run in runs for role in run.measured.memory.shares})
    rows: list[tuple[object, ...]] = [
        (
            run.documents,
            peaks[run.documents],
            *(run.measured.memory.shares.get(role, 0) / 1e6 for role in roles),
            (run.report["memory"].get("main_peak_bytes") or 0) / 1e6,
        )
        for run in runs
    ]
    basis = most.measured.memory.basis
    return Section(
        "Memory",
        (
            Figure(
                f"peak of all processes, {most.documents:,} documents",
                peaks[most.documents],
                "MB",
                f"{least.documents:,} documents",
                peaks[least.documents],
                ASKED_MEMORY_RATIO,
                "ratio",
            ),
        ),
        (table(("documents", f"peak {basis}, MB", *roles, "the main process by its own report"), rows),),
        (plots.memory_lines({run.documents: run.measured.memory for run in runs}),),
        (
            (
                f"{basis} of the program and all that it starts, Prefect's server among them. The kernel needs 10 ms for each "
                "process, so it is read when the resident size has grown by 2 %, and every 2 s; the resident size is read ten times a second."
            ),
            "the roles' shares are those at the moment of the peak.",
        ),
    )


def queries(bench: Bench) -> Section:
    """A query from a cold start."""
    store = bench.run(bench.small).warehouse
    say("queries …")
    database = str(store / "dateline.duckdb")
    ours = [sys.executable, "-c", PROGRAM, "query", QUERY, "-w", str(store)]
    bare = [sys.executable, "-c", BARE_QUERY, database, QUERY]
    python = [sys.executable, "-c", "pass"]
    taken, peer, start = (median_seconds(command, bench.environment, ROOT, REPEATS) for command in (ours, bare, python))
    return Section(
        "A query from a cold start",
        (
            Figure("dateline query", taken, "s", "duckdb in Python, the same query", peer, ASKED_QUERY_SECONDS),
            Figure("the same", taken, "s", "starting Python", start),
        ),
        notes=(f"medians of {REPEATS} new processes; the files are in the system's cache.",),
    )


def no_change(bench: Bench) -> Section:
    """A run that finds nothing new."""
    run = bench.run(bench.small)
    say("no change …")
    inputs = bench.inputs(bench.small)
    again = [bench.make(inputs, run.warehouse) for _ in range(3)]
    if any(json.loads(one.printed)["result"] != "nothing_new" for one in again):
        raise CommandFailed("the run on the same input found something new")
    reading = [sys.executable, "-c", HASHING, str(inputs / "articles.jsonl")]
    return Section(
        "No change",
        (
            Figure(
                f"a second run on the same {run.documents:,} documents",
                sorted(one.seconds for one in again)[1],
                "s",
                "Python that hashes the input",
                median_seconds(reading, bench.environment, ROOT, 3),
                ASKED_NO_CHANGE_SECONDS,
            ),
        ),
        notes=("medians of 3.",),
    )


def added(bench: Bench) -> Section:
    """Ten documents more, with a Prefect server and without."""
    inputs, warehouse = bench.folder / "growing", bench.folder / "warehouse-growing"
    write_jsonl(inputs / "articles.jsonl", bench.found[: bench.small])
    say(f"a warehouse of {bench.small:,} to add to …")
    bench.make(inputs, warehouse)
    more = bench.found[bench.small : bench.small + 2 * ADDED]
    write_jsonl(inputs / "more-1.jsonl", more[:ADDED])
    say(f"{ADDED} documents more, without a server …")
    alone, alone_report = released(bench.make(inputs, warehouse)), last_report(warehouse)
    nothing = [sys.executable, "-c", EMPTY_FLOW]
    start_alone = median_seconds(nothing, bench.environment, ROOT, 3)
    write_jsonl(inputs / "more-2.jsonl", more[ADDED:])
    say(f"{ADDED} documents more, with a server …")
    with prefect_server(bench) as address:
        served = {"PREFECT_API_URL": address}
        start_served = median_seconds(nothing, bench.environment | served, ROOT, 3)
        beside, beside_report = released(bench.make(inputs, warehouse, **served)), last_report(warehouse)
    rows: list[tuple[object, ...]] = [
        (name, one["seconds"], other["seconds"])
        for name, one, other in (
            (one["stage"], one, other)
            for one, other in zip(alone_report["stages"], beside_report["stages"], strict=True)
        )
    ]
    figures = (
        Figure(
            "with a Prefect server running",
            beside.seconds,
            "s",
            "an empty Prefect flow",
            start_served,
            ASKED_ADDED_WITH_SERVER,
        ),
        Figure("with none", alone.seconds, "s", "an empty Prefect flow", start_alone, ASKED_ADDED_ALONE),
    )
    return Section(
        f"{ADDED} documents added to {bench.small:,}",
        figures,
        (table(("stage", "with none, s", "with a server, s"), rows),),
        (plots.asked_bars("added.png", figures),),
        (
            (
                f"an empty flow is Prefect's own share: {start_alone / alone.seconds:.0%} of the run without a server, where it starts one "
                f"for the run, {start_served / beside.seconds:.0%} with one. dateline starts it beside the work where it can, so the shares need not add up."
            ),
        ),
    )


def released(measured: Measured) -> Measured:
    """The same, if it made a release."""
    if json.loads(measured.printed)["result"] != "released":
        raise CommandFailed(f"no release was made: {measured.printed[:300]}")
    return measured


@contextmanager
def prefect_server(bench: Bench) -> Iterator[str]:
    """A Prefect server on a free port of 127.0.0.1, stopped at the end; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = "from flows.environment import prefect_environment; prefect_environment(verbose=False)\nfrom prefect.cli import app; app()"
    command = [sys.executable, "-c", code, "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        command, env=bench.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    )
    address = f"http://127.0.0.1:{port}/api"
    try:
        wait_for(f"{address}/health", process)
        yield address
    finally:
        stop_tree(process)


def wait_for(address: str, process: subprocess.Popen[str]) -> None:
    """Until a server on this machine answers."""
    limit = time.monotonic() + SERVER_START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310  # http on 127.0.0.1
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CommandFailed(f"Prefect's server did not answer at {address}")


def one_core(bench: Bench) -> Section:
    """Ingest and clean on one core: text beside plain reading, HTML beside trafilatura."""
    say("ingest and clean on one core …")
    file = bench.inputs(bench.big) / "articles.jsonl"
    module = [sys.executable, "-m", "tests.benchmarks.one_core"]
    found = []
    for arguments in (
        ["functions", str(file)],
        ["tables", str(file), str(bench.folder / "core")],
        ["reading", str(file)],
    ):
        done = measure([*module, *arguments], bench.environment, ROOT, limit_seconds=RUN_LIMIT_SECONDS, memory=False)
        found.append(json.loads(done.printed.splitlines()[-1]))
    functions, tables, reading = found

    def milliseconds(seconds: float, documents: float) -> float:
        return 1000 * seconds / documents

    ingest, clean = (milliseconds(functions[f"{name}_seconds"], functions["documents"]) for name in ("ingest", "clean"))
    least = "reading, parsing JSON, hashing", milliseconds(reading["seconds"], reading["documents"])
    figures = [
        Figure("clean, a text", clean, "ms", *least, ASKED_CLEAN_MILLISECONDS, note=f"{1000 / clean:,.0f} documents/s"),
        Figure("ingest, a text", ingest, "ms", *least, note=f"{1000 / ingest:,.0f} documents/s"),
        Figure(
            "both, with the writing of their tables",
            milliseconds(tables["seconds"], tables["documents"]),
            "ms",
            *least,
            note=f"in {tables['shards']} shards; the fewer documents, the more of it is the shards'",
        ),
    ]
    notes = [
        "processor time a document, without Prefect and without what a process does once: imports, the code's fingerprint, reference tables."
    ]
    pages = html_pages(bench)
    if isinstance(pages, Figure):
        figures.append(pages)
    else:
        notes.append(pages)
    return Section("Ingest and clean on one core", tuple(figures), notes=tuple(notes))


def html_pages(bench: Bench) -> Figure | str:
    """Ingest and clean of news pages beside trafilatura's default, or why they were not measured. The least of three turns each."""
    if not (PAGES / "gold.jsonl").is_file():
        return "HTML was not measured: no news pages lie beside the checkout."
    if not PEERS_PYTHON.is_file():
        return "HTML was not measured: trafilatura is not there; make peers installs it."
    pages = load_pages(PAGES)
    file = write_pages(pages, bench.folder / "pages.jsonl")
    seconds: dict[str, float] = {}
    for _ in range(TURNS):
        for name, python in (("dateline", Path(sys.executable)), ("trafilatura", PEERS_PYTHON)):
            taken = run_extractor(name, file, python).cpu_seconds
            seconds[name] = min(taken, seconds.get(name, taken))
    return Figure(
        f"ingest and clean, {len(pages)} news pages (HTML)",
        seconds["dateline"],
        "s",
        "trafilatura, its default",
        seconds["trafilatura"],
        ASKED_HTML_RATIO,
        "ratio",
        note=f"{len(pages) / seconds['dateline']:,.0f} pages/s",
    )


def extract(bench: Bench) -> Section:
    """The whole of extract beside the bare spaCy pipeline, over the same articles, in one process each."""
    file = bench.inputs(min(EXTRACTED, bench.big)) / "articles.jsonl"
    module = [sys.executable, "-m", "tests.benchmarks.extract_core"]
    found = []
    for name in ("extract", "bare"):
        say(f"{name} in one process …")
        done = measure(
            [*module, name, str(file)], bench.environment, ROOT, limit_seconds=RUN_LIMIT_SECONDS, memory=False
        )
        found.append(json.loads(done.printed.splitlines()[-1]))
    ours, bare = found
    peer = "en_core_web_md, all components"
    return Section(
        f"Extract alone: {ours['articles']:,} articles, one process",
        (
            Figure(
                "extract, all tables, processor time",
                ours["processor_seconds"],
                "s",
                peer,
                bare["processor_seconds"],
                ASKED_EXTRACT_RATIO,
                "ratio",
                note=f"{bare['processor_seconds'] / ours['processor_seconds']:.2f} times as fast",
            ),
            Figure("extract, all tables, wall time", ours["wall_seconds"], "s", peer, bare["wall_seconds"]),
        ),
        notes=(
            "without what a process does once: imports, loading the model, reference tables; rows are made and dropped. spaCy parses each article's whole text.",
        ),
    )


def linear(bench: Bench) -> Section:
    """Extract's time on texts without marks, paragraphs or sense, by their length; the model's is not in it."""
    say("texts that no newspaper prints …")
    lengths = CURVE_CHARS if bench.big >= ENOUGH_DOCUMENTS else CURVE_CHARS[:3]
    command = [sys.executable, "-m", "tests.benchmarks.pathological", ",".join(map(str, lengths)), *CURVE_KINDS]
    done = measure(command, bench.environment, ROOT, limit_seconds=CURVE_LIMIT_SECONDS, memory=False)
    found = [json.loads(line) for line in done.printed.splitlines()]
    seconds = {(one["kind"], one["chars"]): one for one in found}
    least, most = lengths[0], lengths[-1]

    def growth(kind: str) -> float:
        return seconds[kind, most][REST] / max(seconds[kind, least][REST], LEAST_SECONDS) * least / most

    worst = max(CURVE_KINDS, key=growth)
    curve: list[tuple[object, ...]] = [
        (kind, *(float(seconds[kind, chars][REST]) for chars in lengths), growth(kind)) for kind in CURVE_KINDS
    ]
    by_step: list[tuple[object, ...]] = [
        (kind, *(float(seconds[kind, most][step]) for step in RULES)) for kind in CURVE_KINDS
    ]
    return Section(
        CURVE_TITLE,
        (
            Figure(
                f"cost of a character in {most // 1000:,} KB against {least // 1000} KB, the worst kind",
                growth(worst),
                "×",
                asked=ASKED_GROWTH,
                note=worst,
            ),
        ),
        (
            table(("seconds for", *(f"{chars // 1000:,} KB" for chars in lengths), "a character, last ÷ first"), curve),
            table((f"{most // 1000:,} KB", *(step.partition("_")[2] for step in RULES)), by_step),
        ),
        notes=(
            (
                "processor seconds of all that extract does but the model, whose time is linear because it is given pieces of at most "
                "20,000 characters, one after another. The page is one paragraph, but for the short paragraphs."
            ),
        ),
    )


PARTS = {
    "memory": memory,
    "gate": gate_and_release,
    "run": whole_run,
    "query": queries,
    "no_change": no_change,
    "added": added,
    "one_core": one_core,
    "linear": linear,
    "extract": extract,
}
