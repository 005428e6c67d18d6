"""What the benchmark measures with: a clock and a scale that are wrong would make every figure wrong."""

import json
import subprocess
import sys
import time

import psutil
import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import plots
from tests.benchmarks.figures import Figure, Section, results, with_sections
from tests.benchmarks.measuring import CommandFailed, Memory, measure
from tests.benchmarks.parts import PARTS
from tests.benchmarks.samples import ROOT, articles, drawn, generated, write_jsonl

MEGABYTE = 1_000_000
HOLD = "import time; held = bytearray(b'x') * {bytes}; time.sleep(1.5)"
HOLD_BOTH = (
    "import subprocess, sys, time; held = bytearray(b'x') * {bytes};"
    f"subprocess.run([sys.executable, '-c', {HOLD!r}.format(bytes={{bytes}})], check=True)"
)
PYTHON_BYTES = 40 * MEGABYTE  # a bare interpreter has 7 to 12


def python(code, tmp_path, **options):
    return measure([sys.executable, "-c", code], {}, tmp_path, **{"limit_seconds": 60, **options})


def test_the_peak_is_what_a_process_holds(tmp_path):
    found = python(HOLD.format(bytes=150 * MEGABYTE), tmp_path).memory
    assert 150 * MEGABYTE < found.peak_bytes < 150 * MEGABYTE + PYTHON_BYTES
    assert set(found.shares) == {"main process"}
    assert max(size for _, size in found.course) > 150 * MEGABYTE


def test_the_peak_counts_what_all_processes_hold_at_once(tmp_path):
    found = python(HOLD_BOTH.format(bytes=100 * MEGABYTE), tmp_path).memory
    assert 200 * MEGABYTE < found.peak_bytes < 200 * MEGABYTE + 2 * PYTHON_BYTES


def test_wall_time_and_processor_time_are_told_apart(tmp_path):
    asleep = python("import time; time.sleep(1)", tmp_path, memory=False)
    assert asleep.seconds >= 1
    assert asleep.cpu_seconds < asleep.seconds / 2
    busy = python("import time\nwhile time.process_time() < 0.5: pass", tmp_path, memory=False)
    assert busy.cpu_seconds >= 0.5


def test_a_command_that_fails_is_no_measurement(tmp_path):
    with pytest.raises(CommandFailed, match=r"exit code 3: .*no such thing"):
        python("import sys; sys.stderr.write('no such thing'); sys.exit(3)", tmp_path)


def test_a_command_that_does_not_end_is_ended_with_all_it_started(tmp_path):
    waiting = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(77)', '{tmp_path}'])"
    )
    with pytest.raises(CommandFailed, match="no end within 1 s"):
        python(waiting, tmp_path, limit_seconds=1)
    time.sleep(0.2)
    left = [one.info["cmdline"] or [] for one in psutil.process_iter(["cmdline"])]
    assert [command for command in left if str(tmp_path) in command] == []


def test_a_process_that_outlives_the_command_does_not_keep_the_clock_running(tmp_path):
    leaves = (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(9)']); print('done')"
    )
    found = python(leaves, tmp_path)
    assert found.printed == "done\n"
    assert found.seconds < 8


def test_a_smaller_draw_is_part_of_a_larger_one_and_neither_depends_on_order(tmp_path):
    found = list(generated(40))
    one, other = (tmp_path / name for name in ("a.jsonl", "b.jsonl"))
    write_jsonl(one, found)
    write_jsonl(other, found[::-1])
    assert drawn(one, 10) == drawn(other, 30)[:10]
    with pytest.raises(ValueError, match="has 40 articles with text; 41 are wanted"):
        drawn(one, 41)


def test_without_a_corpus_the_text_is_generated_and_says_so():
    found, source = articles(None, 3)
    assert found == list(generated(3))
    assert "generated text" in source
    given = bench.argparse.Namespace(documents=None, only=None)
    assert "no measure of news" in bench.labels(given, None, load=0.0)


def test_figures_from_a_busy_machine_or_a_quick_look_say_so(tmp_path):
    given = bench.argparse.Namespace(documents=300, only="query")
    label = bench.labels(given, tmp_path, load=3.0)
    assert "quick look at 300 documents" in label
    assert "Only query" in label
    assert "busy (load 3.0)" in label


def test_results_count_what_is_met_and_name_what_failed():
    sections = [
        Section(
            "Query", (Figure("query", 0.4, "s", "bare", 0.2, 0.5), Figure("run", 6.0, "s", "bare", 4.0, 1.2, "ratio"))
        ),
        Section("memory", failure="CommandFailed: no disk"),
    ]
    text = results(sections, {"Python": "3"}, "make bench", "")
    assert "1 of 2 requests are met." in text
    assert "| query | 0.4 s | bare: 0.2 s | 2 | ≤ 0.5 s | yes |" in text
    assert "| run | 6 s | bare: 4 s | 1.5 | ≤ 1.2 × | **no** |" in text
    assert "**Not measured**: CommandFailed: no disk" in text


def test_a_part_measured_by_itself_takes_the_place_of_its_old_figures_alone():
    query = Section("Query", (Figure("query", 0.4, "s", "bare", 0.2, 0.5),))
    run = Section("Run", (Figure("run", 6.0, "s", "bare", 4.0, 1.2, "ratio"),))
    written = results([query, run], {"Python": "3"}, "make bench", "")
    faster = Section("Run", (Figure("run", 4.4, "s", "bare", 4.0, 1.2, "ratio"),))
    text = with_sections(written, [faster, Section("New", notes=("added",))], "Measured by itself.")
    assert "2 of 2 requests are met." in text
    assert "| run | 4.4 s |" in text
    assert "| run | 6 s |" not in text
    assert text.index("## Query") < text.index("## Run") < text.index("Measured by itself.") < text.index("## New")


def test_plots_are_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(plots, "PLOTS", tmp_path / "plots")
    names = [
        plots.run_bars([{"stage": "clean", "seconds": 1.0}], 0.5, 1.2, 10),
        plots.memory_lines({10: Memory(5 * MEGABYTE, "PSS", {}, ((0.0, MEGABYTE), (1.0, 5 * MEGABYTE)))}),
        plots.asked_bars("asked.png", [Figure("query", 0.4, "s", "bare", 0.2, 0.5)]),
    ]
    assert all((tmp_path / "plots" / name).read_bytes().startswith(b"\x89PNG") for name in names)


def test_the_peer_parses_every_document_once_whatever_the_number_of_processes(tmp_path):
    texts = tmp_path / "texts.jsonl"
    texts.write_text("".join(json.dumps([f"Envoy {n} met.", "They spoke."]) + "\n" for n in range(3)))
    command = [sys.executable, "-m", "tests.benchmarks.bare_spacy", str(texts), "2", "tok2vec,tagger"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=300)
    parts = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(part["documents"] for part in parts) == [1, 2]
    assert sum(part["tokens"] for part in parts) == 3 * (4 + 3)


def test_a_part_that_is_not_there_is_named_with_those_that_are(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench", "--only", "query,speed"])
    with pytest.raises(SystemExit, match="2"):
        bench.main()
    said = capsys.readouterr().err
    assert "no such part: speed" in said
    assert all(name in said for name in PARTS)


def test_a_failed_part_is_written_down_and_the_others_go_on(monkeypatch, tmp_path, capsys):
    def fails(_bench):
        raise CommandFailed("no disk")

    monkeypatch.setattr(bench, "PARTS", {"one": fails, "two": lambda _bench: Section("Second", notes=("measured",))})
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(bench, "README", tmp_path / "README.md")
    (tmp_path / "README.md").write_text("<!-- timing:begin -->old<!-- timing:end -->")
    monkeypatch.setattr(bench, "BESIDE", tmp_path / "none")
    monkeypatch.setattr(sys, "argv", ["bench", "--documents", "100", "--write"])
    assert bench.main() == 1
    written = (tmp_path / "RESULTS.md").read_text()
    assert written == capsys.readouterr().out
    assert "**Not measured**: CommandFailed: no disk" in written
    assert "## Second" in written
    assert "no measure of news" in written
    assert "no measure of news" in (tmp_path / "README.md").read_text()


def test_a_part_by_itself_is_written_beside_what_was_measured_before(monkeypatch, tmp_path):
    monkeypatch.setattr(bench, "PARTS", {"two": lambda _bench: Section("Two", (Figure("two", 0.4, "s", asked=0.5),))})
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(bench, "README", tmp_path / "README.md")
    monkeypatch.setattr(bench, "BESIDE", tmp_path / "none")
    monkeypatch.setattr(sys, "argv", ["bench", "--only", "two", "--documents", "100", "--write"])
    (tmp_path / "RESULTS.md").write_text("# Time and memory\n\n## One\n\nkept\n")
    (tmp_path / "README.md").write_text("<!-- timing:begin -->\n| one | 3 s |\n<!-- timing:end -->")
    assert bench.main() == 0
    written = (tmp_path / "RESULTS.md").read_text()
    assert written.index("## One\n\nkept") < written.index("## Two\n\nMeasured by itself, with `make bench")
    assert "| one | 3 s |\n| two | 0.4 s |" in (tmp_path / "README.md").read_text()
