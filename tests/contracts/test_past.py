"""Releases of every past contract are read, checked, compared and followed by today's code."""

import json
from collections import Counter
from copy import deepcopy
from itertools import pairwise

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.release.contract import contract_changes, contract_today
from flows.release.history import build_history
from flows.release.verify import verify_release
from flows.release.version import decide_version
from flows.store.parquet import file_sha256
from flows.store.query import run_query
from tests.contracts import past
from tests.contracts.past import PAST, archives, contract_of, kept_manifest, recorded, unpack, version_of
from tests.unit.release.made import make_release

VERSIONS = [version_of(archive) for archive in archives()]
KEPT = pytest.mark.parametrize("version", VERSIONS)
NOT_YET = {"1.0.0", "1.1.0", "1.2.0"}  # releases made before there were stories and incidents
HOW = f"See {PAST.name}/README.md"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return unpack(tmp_path_factory.mktemp("past"))


def said(store, *command, exit_code=0):
    ran = CliRunner().invoke(app, [*command, "-w", str(store.root)])
    assert ran.exit_code == exit_code, ran.output
    return ran.output


def test_the_contract_is_the_recorded_one():
    changes = [change.sentence for change in contract_changes(recorded(), contract_today())]
    assert recorded() == contract_today(), (
        f"The contract has changed: {'; '.join(changes)}. Was the one before it on main? Then keep a release of it first. {HOW}"
    )


def test_every_contract_is_kept_once():
    contracts = [json.dumps(contract_of(kept_manifest(archive)), sort_keys=True) for archive in archives()]
    assert len(contracts) >= 4  # as many as there were when this was written
    assert len(set(contracts)) == len(contracts)


def test_a_contract_is_not_recorded_before_a_release_of_the_last_one_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(past, "CURRENT", tmp_path / "current.json")
    before = contract_today()
    before["quotes"]["schema"]["verb"] = "VARCHAR"
    past.CURRENT.write_text(json.dumps(before))
    monkeypatch.setattr("sys.argv", ["past", "record"])
    assert "quotes.verb is gone" in str(past.main())
    assert recorded() == before
    kept = contract_of(kept_manifest(archives()[-1]))
    past.CURRENT.write_text(json.dumps(kept))
    assert past.main() is None
    assert recorded() == contract_today()


def test_a_release_is_kept_whole(store, tmp_path, monkeypatch):
    monkeypatch.setattr(past, "PAST", tmp_path)
    archive = past.keep(store.release("1.3.0"), "again")
    assert archive.read_bytes() == next(PAST.glob("1.3.0-*")).read_bytes()


@KEPT
def test_it_is_whole_and_its_facts_stand_at_their_words(store, version):
    verified = verify_release(store.release(version), store.manifest(version))
    assert verified.findings == ()
    assert verified.facts > 90  # 96 to 116
    assert "is whole" in said(store, "verify", version)


@KEPT
def test_verify_sees_a_fact_of_it_that_does_not_stand_at_its_words(store, version, tmp_path):
    folder = unpack(tmp_path / "other").release(version)
    quotes = folder / "quotes.parquet"
    quotes.chmod(0o644)
    rows = pq.read_table(quotes)
    shifted = [row | {"start_char": row["start_char"] + 1} for row in rows.to_pylist()]
    pq.write_table(pa.Table.from_pylist(shifted, rows.schema), quotes)
    manifest = deepcopy(store.manifest(version))
    manifest["files"]["quotes.parquet"] |= {"bytes": quotes.stat().st_size, "sha256": file_sha256(quotes)}
    found = {finding.where for finding in verify_release(folder, manifest).findings}
    assert found == {"quotes.start_char"}


@KEPT
def test_it_is_shown_queried_and_explained(store, version):
    assert version in said(store, "releases")
    assert "casualties" in said(store, "show", version)
    assert json.loads(said(store, "show", version, "--json"))["version"] == version
    _, ((casualty, words),) = run_query(store, "select casualty_id, text from casualties order by all limit 1", version)
    assert words.split()[0] in said(store, "explain", casualty, "--version", version)
    for command in ("story", "incident"):
        told = said(store, command, "--version", version, exit_code=2 if version in NOT_YET else 0)
        assert ("made before there were" in told) is (version in NOT_YET)


@KEPT
def test_its_facts_are_exported_without_its_text_and_checked_with_the_originals(store, version, tmp_path):
    said(store, "export", version, "--facts", "--to", str(tmp_path / "facts"))
    said(store, "verify", "--folder", str(tmp_path / "facts"), "--against", str(PAST / "pages"))


@KEPT
def test_what_this_code_makes_after_it_is_a_minor_version_that_names_what_is_new(version, tmp_path):
    store = unpack(tmp_path / "warehouse", version)
    manifest = make_release(store)
    major, minor, _ = version.split(".")
    assert (manifest["version"], manifest["parent"]) == (f"{major}.{int(minor) + 1}.0", version)
    assert not any(change["breaks"] for change in manifest["version_because"]["contract_changes"])
    assert "checks.headroom is new" in manifest["version_because"]["because"]
    assert ("stories is new" in manifest["version_because"]["because"]) is (version in NOT_YET)


@KEPT
def test_what_breaks_its_contract_is_a_major_version(store, version):
    after = {name: {**table, "row_digest": ""} for name, table in contract_today().items()}
    del after["quotes"]["schema"]["cue"]
    decided = decide_version(store.manifest(version), after)
    assert (decided.version, decided.because) == ("2.0.0", ["quotes.cue is gone"])


@pytest.mark.parametrize("pair", list(pairwise(VERSIONS)), ids="-".join)
def test_neighbours_are_compared(store, pair):
    assert said(store, "diff", *pair)
    assert said(store, "diff", *pair, "--json")


def test_history_tells_of_all_of_them_what_they_said(store, tmp_path):
    file = tmp_path / "history.duckdb"
    history = build_history(store, file)
    assert history.releases == len(VERSIONS)
    known = {column for table in contract_today().values() for column in table["schema"]}
    with duckdb.connect(str(file), read_only=True) as connection:
        for version in VERSIONS:
            for name in store.manifest(version)["tables"]:
                released = pq.read_table(store.release(version) / f"{name}.parquet").to_pylist()
                told = connection.execute(f"from {name}_at('{version}')").to_arrow_table().to_pylist()
                has = released[0].keys() if released else known
                assert Counter(map(str, ({key: row[key] for key in has} for row in told))) == Counter(
                    map(str, released)
                )
