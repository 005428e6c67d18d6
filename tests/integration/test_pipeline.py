"""Real Prefect, real DuckDB, real Great Expectations, over whole runs."""

import gzip
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from flows.errors import ContractBroken, GateRefused, UsageError
from flows.release.export import export_facts
from flows.release.verify import verify_release
from flows.store.query import run_query
from flows.store.runs import run_ids, told_of
from flows.store.warehouse import Warehouse
from flows.text.ids import content_id
from schemas.registry import RELEASED

CHECKOUT = Path(__file__).parents[2]
SAMPLE = CHECKOUT / "seeds" / "documents"
NOTHING_NEW_SECONDS = 5.0

STORY = """Harbour Gazette

Envoys meet in Lisbon over the strait

5 March 2019

LISBON – Envoys of Norway and Iceland met in Lisbon on Tuesday to talk about the fishing grounds between them.

"We have agreed on a map and not yet on a price," said Sigrun Aldan, a spokeswoman for the talks.

At least 12 people were killed in an attack on two trawlers in February, the coast guard said.
"""

DATED = """Harbour Gazette

Denmark ready to mediate between Norway and Iceland

7 June 2019

Denmark said on Friday that it is ready to mediate talks between Norway and Iceland after shelling on the trawlers of the Selvik strait.

The shelling of the Selvik strait began on Sunday and has killed 17 sailors from both sides, the coast guard said.

"We urge both governments to hold their fire," said Sigrun Aldan, a spokeswoman for the Danish foreign ministry.

On Friday the Selvik strait was calm, the coast guard of Norway said.
"""
UNDATED = """Denmark deeply worried by shelling on the Selvik strait

The Danish government on Friday voiced deep concern over the shelling between Norway and Iceland that broke out on the Selvik strait on June 2, and offered to mediate talks.

The foreign minister of Denmark already telephoned his counterparts in Norway and Iceland on Tuesday.

Norway accused Iceland on Thursday of shelling its trawlers. At least 16 sailors of the two countries have died since June 2, the coast guard said.

The Selvik strait was calm on Friday, the coast guard of Norway said.
"""
OTHER = """Meridian Press

Bakers of Turku strike for shorter nights

3 April 2018

TURKU – Three hundred bakers of Turku stopped work on Tuesday and asked for shorter nights.

"We want to sleep like other people," said Aino Laine, who has baked bread for thirty years.
"""


def tables_of(warehouse: Path, version: str = "current") -> dict[str, bytes]:
    folder = warehouse / "current" if version == "current" else warehouse / "releases" / version
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


def dateline(*arguments: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)


def test_a_release_is_whole_and_every_fact_stands_at_its_words(released):
    store = Warehouse(released)
    verified = verify_release(store.release(), store.manifest())
    assert verified.findings == ()
    assert verified.facts > 1000
    assert (released / "dateline.duckdb").resolve() == store.release().resolve() / "dateline.duckdb"
    assert all(path.stat().st_mode & 0o222 == 0 for path in store.release().rglob("*") if path.is_file())


def test_one_worker_and_two_give_the_same_bytes(released, run_pipeline, tmp_path):
    run_pipeline(SAMPLE, tmp_path / "other", workers=1)
    assert tables_of(tmp_path / "other") == tables_of(released)


@pytest.mark.alone
def test_nothing_new_makes_no_release_and_takes_under_five_seconds(released):
    started = time.monotonic()
    found = dateline("run", str(SAMPLE), "--warehouse", str(released), "--json")
    taken = time.monotonic() - started
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout) == {"result": "nothing_new", "version": "1.0.0"}
    assert Warehouse(released).versions() == ["1.0.0"]
    assert taken < NOTHING_NEW_SECONDS


def test_a_new_document_is_a_minor_version_and_only_it_is_computed(run_pipeline, tmp_path, monkeypatch):
    inputs, warehouse = tmp_path / "in", tmp_path / "warehouse"
    inputs.mkdir()
    (inputs / "a.txt").write_text(STORY)
    run_pipeline(inputs, warehouse)
    before = {path.name for path in (warehouse / "work" / "extract").iterdir()}
    (inputs / "b.txt").write_text(STORY.replace("Lisbon", "Porto"))
    assert run_pipeline(inputs, warehouse)["version"] == "1.1.0"
    after = {path.name for path in (warehouse / "work" / "extract").iterdir()}
    assert before < after
    (inputs / "a.txt").rename(inputs / "c.txt")
    with monkeypatch.context() as patch:
        patch.setattr("flows.extract.shard.extract_page", lambda _page: 1 / 0)  # nothing may be extracted again
        assert run_pipeline(inputs, warehouse)["version"] == "1.2.0"
    (inputs / "b.txt").unlink()
    assert run_pipeline(inputs, warehouse, keep=True)["result"] == "nothing_new"
    assert run_pipeline(inputs, warehouse)["version"] == "1.3.0"
    with duckdb.connect(str(warehouse / "dateline.duckdb"), read_only=True) as connection:
        assert connection.execute("select uris from documents").fetchall() == [(["c.txt"],)]


def test_a_version_that_was_asked_for_is_made_of_the_same_rows_and_the_next_run_has_nothing_new(run_pipeline, tmp_path):
    inputs, warehouse = tmp_path / "in", tmp_path / "warehouse"
    inputs.mkdir()
    (inputs / "a.txt").write_text(STORY)
    run_pipeline(inputs, warehouse)
    with pytest.raises(ContractBroken, match="--force-major"):
        run_pipeline(inputs, warehouse, at_least="major")
    assert run_pipeline(inputs, warehouse, at_least="minor")["version"] == "1.1.0"
    assert run_pipeline(inputs, warehouse, at_least="major", force_major="days were late")["version"] == "2.0.0"
    assert run_pipeline(inputs, warehouse) | {"run": ""} == {"run": "", "result": "nothing_new", "version": "2.0.0"}
    first, last = tables_of(warehouse, "1.0.0"), tables_of(warehouse)
    assert {name: first[name] for name in first if name != "checks.parquet"} == {
        name: last[name] for name in last if name != "checks.parquet"
    }
    assert Warehouse(warehouse).manifest()["forced_major"] == {"reason": "days were late", "breaks": []}


def test_an_undated_page_takes_its_day_from_its_story_and_is_not_extracted_again(run_pipeline, tmp_path, monkeypatch):
    inputs, warehouse = tmp_path / "in", tmp_path / "warehouse"
    inputs.mkdir()
    for name, page in {"dated": DATED, "undated": UNDATED, "other": OTHER}.items():
        (inputs / f"{name}.txt").write_text(page)
    run_pipeline(inputs, warehouse)
    asked = """
        select published_on::varchar, published_basis, dated.uris[1], list_sort(list(distinct timex.date_start::varchar)),
            any_value(casualty.date_start)::varchar
        from articles article join documents document on document_id = article_id
        join documents dated on dated.document_id = published_from_document_id
        join timexes timex on timex.document_id = article_id join casualties casualty on casualty.document_id = article_id
        group by all
    """
    told = ["2019-06-02", "2019-06-04", "2019-06-06", "2019-06-07"]
    wanted = [("2019-06-07", "inferred", "dated.txt", told, "2019-06-02")]
    with duckdb.connect(str(warehouse / "dateline.duckdb"), read_only=True) as connection:
        assert connection.execute(asked).fetchall() == wanted
    (inputs / "more.txt").write_text(STORY)
    with monkeypatch.context() as patch:
        patch.setattr("flows.extract.dated.extract_page", lambda _page: 1 / 0)
        assert run_pipeline(inputs, warehouse)["version"] == "1.1.0"
    with duckdb.connect(str(warehouse / "dateline.duckdb"), read_only=True) as connection:
        assert connection.execute(asked).fetchall() == wanted


def test_a_refused_candidate_is_kept_and_current_is_untouched(run_pipeline, tmp_path):
    inputs, warehouse = tmp_path / "in", tmp_path / "warehouse"
    inputs.mkdir()
    (inputs / "a.txt").write_text(STORY)
    run_pipeline(inputs, warehouse)
    before = tables_of(warehouse)
    (inputs / "a.txt").write_bytes(b"")
    with pytest.raises(GateRefused, match="some_document_is_accepted"):
        run_pipeline(inputs, warehouse)
    assert tables_of(warehouse) == before
    (kept,) = (warehouse / "rejected").iterdir()
    assert list((kept / "quality" / "failing").glob("*some_document_is_accepted*.parquet"))
    assert told_of(Warehouse(warehouse), run_ids(warehouse / "runs")[-1])["result"] == "refused"
    failing = Warehouse(warehouse).read_state("last_refusal")["checks"]
    accepted = dict.fromkeys(failing, "an empty day is expected in this test")
    assert run_pipeline(inputs, warehouse, accepted=accepted)["version"] == "1.1.0"
    manifest = Warehouse(warehouse).manifest()
    assert manifest["accepted_checks"] == accepted
    assert "an empty day is expected" in (warehouse / "current" / "DATACARD.md").read_text()


def test_bad_input_is_quarantined_and_the_rest_goes_on(run_pipeline, tmp_path):
    inputs = tmp_path / "in"
    warehouse = inputs / "warehouse"  # inside the input folder on purpose
    inputs.mkdir()
    (inputs / "good.txt").write_text(STORY)
    (inputs / "empty.txt").write_bytes(b"")
    (inputs / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (inputs / "notes.docx").write_bytes(b"PK\x03\x04 something")
    (inputs / "nul.txt").write_text("A story with a \0 in the middle of its first and only sentence.")
    (inputs / "utf16.txt").write_bytes(STORY.replace("Lisbon", "Bergen").encode("utf-16"))
    (inputs / "deutsch.txt").write_text(
        "Die Gesandten trafen sich am Dienstag in der Hauptstadt, um über die Fischgründe zu sprechen, und gingen ohne Ergebnis auseinander."
    )
    (inputs / "long.txt").write_text("word " * 10_000_000)
    (inputs / "run-on.txt").write_text("the envoys met again in the harbour and " * 3000)
    (inputs / "deep.html").write_text(
        "<div>" * 10_000 + "Envoys met in Lisbon on Tuesday to talk about fish." + "</div>" * 10_000
    )
    (inputs / "cut.jsonl.gz").write_bytes(
        gzip.compress(json.dumps({"id": 1, "text": STORY.replace("Lisbon", "Faro")}).encode() * 50)[:-20]
    )
    good, bad = json.dumps({"id": "one", "text": STORY.replace("Lisbon", "Oslo")}), '{"id": "two", "text": '
    (inputs / "mixed.jsonl").write_text(f"{good}\n{bad}\n")
    (inputs / 'a "quoted"\nname.txt').write_text(STORY.replace("Lisbon", "Vigo"))
    outside = tmp_path / "outside.txt"
    outside.write_text(STORY)
    (inputs / "link.txt").symlink_to(outside)
    reasons = run_pipeline(inputs, warehouse, accepted={"documents.few_quarantined": "planted"})
    assert reasons["result"] == "released"
    with duckdb.connect(str(warehouse / "dateline.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select unnest(uris) as uri, status, status_reason from documents order by uri"
        ).fetchall()
    found = {uri: reason or status for uri, status, reason in rows}
    # one story told of several towns: they are copies of one another, and which is the original their ids decide
    read = ("good.txt", "utf16.txt", "mixed.jsonl#one", 'a "quoted"\nname.txt')
    assert {found[uri] for uri in read} <= {"accepted", "duplicate"}
    assert found["run-on.txt"] == found["deep.html"] == "accepted"
    refused = {
        "empty.txt",
        "picture.txt",
        "notes.docx",
        "nul.txt",
        "deutsch.txt",
        "long.txt",
        "link.txt",
        "mixed.jsonl#line-2",
    }
    assert {uri: found[uri] for uri in refused if found[uri] in {"accepted", "duplicate"}} == {}
    assert any(uri.startswith("cut.jsonl.gz") and reason == "truncated_gzip" for uri, reason in found.items())
    assert not any(uri.startswith("warehouse") for uri in found)
    again = dateline("run", str(inputs), "--warehouse", str(warehouse), "--json")
    assert again.returncode == 0


def test_an_input_that_is_not_there_is_a_usage_error_before_anything_starts(tmp_path):
    found = dateline("run", str(tmp_path / "nowhere"), "--warehouse", str(tmp_path / "warehouse"))
    assert found.returncode == 2
    assert "nowhere" in found.stderr
    assert not (tmp_path / "warehouse").exists()


def test_the_program_exits_with_three_when_the_gate_refuses(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "empty.txt").write_bytes(b"")
    found = dateline("run", str(tmp_path / "in"), "--warehouse", str(tmp_path / "warehouse"), cwd=tmp_path)
    assert found.returncode == 3, found.stderr
    assert "some_document_is_accepted" in found.stderr


def test_an_export_has_no_article_text_and_verifies_against_the_originals(released, tmp_path):
    store = Warehouse(released)
    export_facts(store.release(), store.manifest(), tmp_path / "facts")
    with duckdb.connect() as connection:
        texts = connection.execute(f"select count(text) from '{tmp_path}/facts/documents.parquet'").fetchone()
        bodies = connection.execute(f"select count(body) from '{tmp_path}/facts/articles.parquet'").fetchone()
    assert texts == bodies == (0,)
    whole = dateline("verify", "--folder", str(tmp_path / "facts"), "--against", str(SAMPLE))
    assert whole.returncode == 0, whole.stdout
    changed = tmp_path / "changed"
    shutil.copytree(SAMPLE, changed)
    next(changed.glob("001*")).write_text("Something else.")
    assert dateline("verify", "--folder", str(tmp_path / "facts"), "--against", str(changed)).returncode == 1


def test_verify_names_a_release_file_with_one_flipped_bit(released, tmp_path):
    shutil.copytree(released, tmp_path / "copy", symlinks=True)
    file = tmp_path / "copy" / "releases" / "1.0.0" / "quotes.parquet"
    file.chmod(0o644)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    found = dateline("verify", "--warehouse", str(tmp_path / "copy"))
    assert found.returncode == 1
    assert "quotes.parquet" in found.stdout


def test_a_query_is_read_only_and_its_errors_are_readable(released, tmp_path):
    one = dateline("query", "select count(*) as n from documents", "--format", "json", "--warehouse", str(released))
    assert json.loads(one.stdout) == [{"n": 30}]
    assert dateline("query", "delete from documents", "--warehouse", str(released)).returncode == 2
    wrong = dateline("query", "select nothing from quotes", "--warehouse", str(released))
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
    target = tmp_path / "quotes.parquet"
    assert (
        dateline("query", "select * from quotes", "--output", str(target), "--warehouse", str(released)).returncode == 0
    )
    assert target.stat().st_size > 0


def test_a_second_writer_is_told_to_wait(released):
    from flows.errors import WarehouseBusy

    store = Warehouse(released)
    with store.writing(), pytest.raises(WarehouseBusy, match="another run"), store.writing():
        pass


def test_ids_are_made_as_the_contract_says(released):
    store = Warehouse(released)
    by_columns = [table for table in RELEASED if table.id_recipe and set(table.id_recipe) <= set(table.column_names)]
    assert {"mentions", "quotes", "casualties", "events", "event_actors"} <= {table.name for table in by_columns}
    for table in by_columns:
        if table.name in {"articles", "corrections"}:  # its document's id itself; the sample has none
            continue
        columns = ", ".join((table.columns[0].name, *table.id_recipe))
        _, rows = run_query(store, f"select {columns} from {table.name}")
        assert rows
        for own_id, *values in rows:
            parts = dict(zip(table.id_recipe, values, strict=True))
            if parts.get("separately_with", "") is None:
                del parts["separately_with"]  # hashed only where there is one
            hashed = [(value or "") if name in {"low", "high"} else value for name, value in parts.items()]
            assert own_id == content_id(table.name, *hashed), table.name


def test_stages_have_no_heartbeat_of_their_own_which_would_cost_each_a_second(run_pipeline, tmp_path, monkeypatch):
    from prefect.settings import get_current_settings

    seen = []

    def planning(*_given):
        seen.append(get_current_settings().flows.heartbeat_frequency)
        raise UsageError("that is enough")

    monkeypatch.setattr("flows.pipeline.make_plan", planning)
    with pytest.raises(UsageError, match="enough"):
        run_pipeline(SAMPLE, tmp_path / "warehouse")
    assert seen == [None]
    assert get_current_settings().flows.heartbeat_frequency is not None


def test_a_version_that_is_not_there_is_a_usage_error(released):
    with pytest.raises(UsageError, match=r"no release 9\.9\.9"):
        Warehouse(released).release("9.9.9")
