"""Input made to harm: whatever names, ids, metadata and texts hold is data. Nothing of it runs, escapes or is printed raw."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from flows.release.verify import verify_release
from flows.store.warehouse import Warehouse

SQL = "'; drop table documents; --"
SQL_DOUBLE = '"; drop table quotes; --'
SCRIPT = "<script>alert(document.cookie)</script><img src=x onerror=alert(1)>"
TERMINAL = "\x1b[31mred\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil.example\x1b\\link\x9b31m\x7f\x08"
BIDI = "\u202egnp.exe\u202c \u2066hidden\u2069 \u200f"
FORMAT = "{0.__class__.__mro__} %s%n %(name)s ${HOME} $(touch owned) `touch owned`"
MARKUP = "[bold red]bold[/] [link=file:///etc/passwd]link[/link] [/nope]"
MARKDOWN = "| a | b |\n\n# heading\n[click](javascript:alert(1))"
PAYLOADS = (SQL, SQL_DOUBLE, SCRIPT, TERMINAL, BIDI, FORMAT, MARKUP, MARKDOWN)
IDS = ("../../../../outside", "/etc/outside", "..\\..\\outside", *PAYLOADS)

# What a terminal would obey: C0 but tab and newline, DEL, C1, bidirectional and zero-width controls, separators of lines.
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
LIVE_MARKUP = re.compile(r"<script>alert|<img src=x|(?<!\\)\[click\]\(")

WAREHOUSE = "ware 'house' \"quoted\" %20 ${HOME} ; # ünï [bold] {0}"
INPUTS = "news '; drop table inputs; -- [red] {0} %s"


def story(payload: str, place: str) -> str:
    return (
        f"Envoys meet in {place} over the strait\n\n5 March 2019\n\nBy Ann {payload} Example\n\n"
        f"{place.upper()} – Envoys of Norway and Iceland met in {place} on Tuesday to talk about the fishing grounds.\n\n"
        f'"We have agreed on a map {payload} and not yet on a price," said Sigrun Aldan, a spokeswoman for the talks.\n\n'
        f"At least 12 people were killed in an attack on two trawlers off {place} in February, the {payload} coast guard said.\n"
    )


def plant(inputs: Path) -> None:
    """Files whose names, records and pages hold the payloads."""
    towns = (
        "Lisbon Porto Oslo Bergen Vigo Faro Bristol Hull Gdansk Riga Turku Malmo Kiel Brest Genoa Split Varna Izmir Haifa "
        "Tunis Oran Cadiz Nice Bari Odessa Batumi Sochi Tartu Narva Visby"
    )
    places = iter(towns.split())
    inputs.mkdir()
    for payload in PAYLOADS:
        name = payload.replace("/", "∕")[:60]  # no file name holds a slash
        (inputs / f"{name}.txt").write_text(story(payload, next(places)), encoding="utf-8")
    no_utf8 = inputs / os.fsdecode(b"\xff\xfe folder") / os.fsdecode(b"caf\xe9\x1b[31m.txt")
    no_utf8.parent.mkdir()
    no_utf8.write_text(story("", next(places)), encoding="utf-8")
    (inputs / f"refused {TERMINAL.replace('/', '')}{BIDI}.exe").write_bytes(b"MZ")
    rows = [
        {
            "id": own_id,
            "text": story(payload, next(places)),
            "title": f"Envoys meet {payload}",
            "publisher": f"Outlet {payload}",
            "published": f"2019-03-05 {payload}",
            "url": f"javascript:{payload}",
            "language": payload,
        }
        for own_id, payload in zip(IDS, (*PAYLOADS, *PAYLOADS), strict=False)
    ]
    lines = [json.dumps(row) for row in rows] + ['{"id": "' + SQL + '", "text": ', json.dumps({"id": TERMINAL})]
    (inputs / "records; drop table records.jsonl").write_text("\n".join(lines), encoding="utf-8")
    page = (
        f"<html><head><title>{SCRIPT} Envoys meet in Kiel</title><meta property='og:site_name' content=\"{FORMAT}|`{SQL}\">"
        f"<meta name=author content='{MARKUP}'></head><body><h1>Envoys meet in Bari &lt;script&gt;alert(1)&lt;/script&gt;</h1>"
        f"<p class='{SQL_DOUBLE}' id=\"{SQL}\">By &lt;img src=x onerror=alert(1)&gt;</p>"
        + "".join(f"<p>{line}</p>" for line in story("&#27;[31m", "Bari").split("\n") if line)
        + "</body></html>"
    )
    (inputs / "page.html").write_text(page, encoding="utf-8")
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page.encode())}\r\n\r\n{page} "
    warc = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <../../../outside>\r\nWARC-Target-URI: file:///etc/passwd{SQL}\r\n"
        f"WARC-Date: 2019-03-04T10:00:00Z\r\nContent-Type: application/http\r\nContent-Length: {len(http.encode())}\r\n\r\n{http}\r\n\r\n"
    )
    (inputs / "archive.warc").write_text(warc, encoding="utf-8", newline="")


# Commands one after another, each in a fork of one process that has loaded the libraries.
DRIVER = """
import json, os, sys, traceback
import flows.cli, flows.store.query, flows.release.verify, flows.release.export, flows.plan
folder, calls = sys.argv[1], json.load(sys.stdin)
for number, arguments in enumerate(calls):
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    for stream, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{folder}/{number}.{name}", os.O_WRONLY | os.O_CREAT), stream)
    sys.argv = ["dateline", *arguments]
    try:
        flows.cli.main()
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
    finally:  # without Python's farewell: in a fork it waits for threads of Arrow's that only the parent has
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
"""


def listing(*folders: Path, but: Path) -> set[str]:
    return {str(path) for folder in folders for path in folder.rglob("*") if not path.is_relative_to(but)}


@pytest.fixture(scope="module")
def hostile(prefect_server: None, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A warehouse that `dateline run` made of hostile input, how it was called, and what lay around it before and after."""
    from prefect.settings import PREFECT_API_URL

    root = tmp_path_factory.mktemp("hostile")
    inputs, warehouse, home, folder = root / INPUTS, root / WAREHOUSE, root / "home", root / "working folder"
    plant(inputs)
    home.mkdir()
    folder.mkdir()
    environment = os.environ | {"HOME": str(home), "PREFECT_API_URL": str(PREFECT_API_URL.value()), "COLUMNS": "200"}

    def dateline(*arguments: str, code: int | None = 0) -> tuple[str, str]:
        command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
        found = subprocess.run(command, capture_output=True, timeout=300, check=False, cwd=folder, env=environment)
        printed = found.stdout.decode(), found.stderr.decode()
        if code is not None and found.returncode != code:
            pytest.fail(f"{arguments} ended with {found.returncode}: {''.join(printed)[-3000:]!a}")
        return printed

    def dateline_each(calls: list[list[str]], to: Path) -> dict[str, str]:
        command = [sys.executable, "-c", DRIVER, str(to)]
        written = json.dumps(calls).encode()
        subprocess.run(
            command, input=written, check=True, timeout=500, cwd=folder, env=environment, capture_output=True
        )
        return {
            f"{' '.join(arguments)} {name}": (to / f"{number}.{name}").read_bytes().decode()
            for number, arguments in enumerate(calls)
            for name in ("out", "err")
        }

    before = listing(root, but=warehouse)
    accepted = ["--accept", "documents.few_quarantined", "--reason", f"planted {SCRIPT} {TERMINAL} {MARKDOWN}"]
    printed = dateline("run", str(inputs), "-w", str(warehouse), "--workers", "1", "--verbose", *accepted)
    after = listing(root, but=warehouse)
    return SimpleNamespace(
        inputs=inputs,
        warehouse=warehouse,
        dateline=dateline_each,
        printed=printed,
        before=before,
        after=after,
        root=root,
    )


def test_the_release_of_hostile_input_verifies(hostile):
    store = Warehouse(hostile.warehouse)
    assert verify_release(store.release(), store.manifest()).findings == ()
    with duckdb.connect(str(hostile.warehouse / "dateline.duckdb"), read_only=True) as connection:
        fates = connection.execute("select status, status_reason, count(*) from documents group by all").fetchall()
        uris = {row[0] for row in connection.execute("select unnest(uris) from documents").fetchall()}
    assert {(status, reason) for status, reason, _ in fates if status != "duplicate"} == {  # some are copies of others
        ("accepted", None),
        ("quarantined", "malformed_json"),
        ("quarantined", "no_text_field"),
        ("quarantined", "unknown_extension"),
    }
    assert {f"records; drop table records.jsonl#{own_id}" for own_id in IDS} <= uris  # data stays as it is
    assert r"\xff\xfe folder/caf\xe9" + "\x1b[31m.txt" in uris


def test_nothing_is_written_outside_the_warehouse(hostile):
    assert hostile.after == hostile.before  # in the folder around it, the working folder and HOME
    inside = {path.name for path in hostile.warehouse.rglob("*")}
    assert not [name for name in inside if "outside" in name or "owned" in name or "drop table" in name]


def test_no_command_prints_what_a_terminal_would_obey(hostile, tmp_path):
    with duckdb.connect(str(hostile.warehouse / "dateline.duckdb"), read_only=True) as connection:
        ids = [
            row[0]
            for row in connection.execute(
                "(select document_id from documents order by 1 limit 6) union all (select quote_id from quotes order by 1 limit 3) "
                "union all (select casualty_id from casualties order by 1 limit 3)"
            ).fetchall()
        ]
        explained = [
            row[0]
            for row in connection.execute(
                "(select casualty_id from casualties order by 1 limit 3) union all (select event_id from events order by 1 limit 3)"
            ).fetchall()
        ]
    queries = (
        "select * from documents",
        "select * from articles",
        'select uris as "[bold]\x1b[31m", text from documents',
        "select text from quotes",
    )
    facts = hostile.warehouse / f"facts {MARKUP.replace('/', '')} {TERMINAL.replace('/', '')}"
    works = [
        *(["releases"], ["releases", "--json"], ["show", "1.0.0"], ["show", "1.0.0", "--json"]),
        *(["show", one] for one in ids),
        *(["show", one, "--json"] for one in ids[::4]),
        *(["explain", one, *form] for one in explained for form in ([], ["--json"])),
        *(["query", sql, "--format", form] for sql in queries for form in ("table", "json")),
        ["query", queries[0], "--output", str(hostile.warehouse / f"rows {TERMINAL.replace('/', '')}.csv")],
        *(["status"], ["status", "--json"], ["verify"], ["verify", "--json"], ["doctor"], ["doctor", "--json"]),
        ["export", "1.0.0", "--facts", "--to", str(facts)],
        ["verify", "--folder", str(facts), "--against", str(hostile.inputs)],
        ["run", str(hostile.inputs)],
        ["run", str(hostile.inputs), "--json"],
    ]
    hurts = [
        *(
            ["explain", TERMINAL + MARKUP + BIDI],
            ["show", TERMINAL + MARKUP + BIDI],
            ["show", "1.0.\x1b[31m"],
            ["schema", TERMINAL + MARKUP],
        ),
        *(
            ["query", sql]
            for sql in (f"select {TERMINAL}", f"select '{TERMINAL}'::int", "select error(text) from documents")
        ),
        *(["query", "select 1", option, TERMINAL + MARKUP] for option in ("--version", "--format", "--output")),
        *(["run", TERMINAL + MARKUP], ["run", str(hostile.inputs), "--map", f"{TERMINAL}=x"]),
        *(
            ["verify", "--folder", TERMINAL + MARKUP],
            ["verify", TERMINAL + MARKUP],
            ["status", "--config", TERMINAL + MARKUP],
        ),
    ]
    no_warehouse = {"schema"}
    calls = [[*one, *([] if one[0] in no_warehouse else ["-w", str(hostile.warehouse)])] for one in (*works, *hurts)]
    said = hostile.dateline(calls, tmp_path)
    said |= dict(zip(("run out", "run err"), hostile.printed, strict=True))
    assert {name: RAW.findall(text) for name, text in said.items() if RAW.search(text)} == {}
    printed = [(said[f"{' '.join(call)} out"], said[f"{' '.join(call)} err"]) for call in calls]
    failed = [call for call, (_, err) in zip(calls, printed, strict=True) if "dateline: " in err or "Traceback" in err]
    assert failed == calls[len(works) :]
    assert all(out or err.startswith("Written: ") for out, err in printed[: len(works)])
    (everything,) = (said[f"{' '.join(call)} out"] for call in calls if call[1] == queries[0] and call[3] == "json")
    uris = {uri for row in json.loads(everything) for uri in row["uris"]}
    assert {f"records; drop table records.jsonl#{own_id}" for own_id in IDS} <= uris  # JSON says what is there


def test_documents_for_people_hold_no_live_markup_of_the_input(hostile):
    release = Warehouse(hostile.warehouse).release()
    pages = [*release.rglob("*.html"), *release.rglob("*.md")]
    assert len(pages) > 3
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not LIVE_MARKUP.search(text), path
        assert not RAW.search(text), path
