"""A release in the form of UCDP GED: its columns and codes, what is no row, and how much of a toll is whose."""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from flows.errors import DatelineError, UsageError
from flows.release import ucdp_ged
from flows.release.ucdp_ged import COLUMNS, EMPTY, LEFT_OUT, export_ucdp_ged, ged_rows, mapping_table
from flows.store.parquet import to_arrow
from flows.text.reference import reference_rows
from schemas.registry import table_named
from tests.contracts.sound import sound_rows, write_staged

# As the header of GEDEvent_v25_1.csv has them.
HEADER = (
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,"
    "dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,"
    "source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,"
    "where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,"
    "date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob"
)
ALONIA, BRAVIA, BRIGADE = "a" * 16, "b" * 16, "c" * 16


def value_of(column, **given):
    """A column's value for a row of which only these are known."""
    (expression,) = [one.value for one in COLUMNS if one.name == column]
    row = ", ".join(f"? as {name}" for name in given)
    with duckdb.connect() as connection:
        return connection.execute(f"select {expression} from (select {row})", list(given.values())).fetchone()[0]


def unchanged(_rows):
    """No change."""


def staged(tmp_path, change=unchanged):
    """The sound tables with one change, as Parquet."""
    rows = sound_rows()
    change(rows)
    write_staged(rows, tmp_path / "release")
    return tmp_path / "release"


def exported(tmp_path, change=unchanged):
    """The rows as mappings, and what was left out for which reason."""
    rows, left_out = ged_rows(staged(tmp_path, change), "1.0.0")
    names = [column.name for column in COLUMNS]
    return [dict(zip(names, row, strict=True)) for row in rows], {
        why: count for why, count in left_out.items() if count
    }


def the_incident(rows):
    return next(row for row in rows["incidents"] if row["plover"] == "ASSAULT")


def killed(rows):
    return [row for row in rows["casualties"] if row["kind"] == "killed"]


def between_two_states(rows):
    """Alonia acts on Bravia."""
    event = rows["events"][0]["event_id"]
    blank = {"claimed_by": [], "aliases": [], "roles": [], "article_count": 1}
    for entity_id, name, code in ((ALONIA, "Armenia", "ARM"), (BRAVIA, "Azerbaijan", "AZE")):
        rows["entities"].append(
            {"entity_id": entity_id, "name": name, "entity_type": "GPE", "country_code": code, **blank}
            | {"latitude": 40.0, "longitude": 45.0, "place_precision": "country"}
        )
    document = rows["events"][0]["document_id"]
    rows["event_actors"] += [
        {"event_actor_id": entity_id, "event_id": event, "document_id": document, "role": role}
        | {"name": f"{name} forces", "entity_id": entity_id}
        for entity_id, role, name in ((ALONIA, "actor", "Armenian"), (BRAVIA, "recipient", "Azerbaijani"))
    ]


def test_the_columns_are_those_of_ged_in_their_order():
    assert [column.name for column in COLUMNS] == HEADER.split(",")


def test_an_incident_of_force_is_a_row(tmp_path):
    (row,), left_out = exported(tmp_path)
    assert left_out == {}
    assert row["relid"] == the_incident(sound_rows())["incident_id"]
    assert row["id"] == int(row["relid"], 16) >> 11 < 2**53
    assert (row["low"], row["best"], row["high"]) == (12, 15, 15)
    assert (row["year"], row["date_start"], row["date_prec"]) == (2021, "2021-03-02 00:00:00.000", 1)
    assert (row["where_coordinates"], row["where_prec"], row["event_clarity"]) == ("Velmora", 1, 1)
    assert (row["country"], row["country_id"], row["region"]) == ("Kosovo", 347, "Europe")
    assert row["geom_wkt"] == "POINT (20.25 41.5)"
    assert row["source_article"] == '"The Velmora Ledger,2021-03-04,Envoys meet in Velmora as shelling goes on"'
    assert row["source_original"] == "surgeon"


def test_what_has_no_source_is_empty(tmp_path):
    (row,), _ = exported(tmp_path)
    empty = [column.name for column in COLUMNS if column.fit == EMPTY]
    assert "conflict_new_id" in empty
    assert {row[name] for name in empty} == {None}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"plover": "THREATEN"}, "no act of force"),
        ({"status": "planned"}, "only planned"),
        ({"is_background": True}, "history that reports recall"),
        ({"killed_low": 0, "killed_best": 0, "killed_high": 0}, "nobody killed"),
        ({"date_start": None, "date_end": None, "date_precision": None}, "no date"),
        ({"mode": None, "actors": []}, "nobody acts, and no kind of force is told"),
    ],
)
def test_other_incidents_are_left_out_and_counted(tmp_path, change, reason):
    rows, left_out = exported(tmp_path, lambda rows: the_incident(rows).update(change))
    assert (rows, left_out) == ([], {reason: 1})


def test_each_reason_to_leave_out_is_tried_above():
    tried = {case[1] for case in test_other_incidents_are_left_out_and_counted.pytestmark[0].args[1]}
    assert tried == set(LEFT_OUT)


def test_a_happening_that_may_have_killed_is_a_row(tmp_path):
    (row,), _ = exported(
        tmp_path, lambda rows: the_incident(rows).update(killed_low=None, killed_best=0, killed_high=None)
    )
    assert (row["low"], row["best"], row["high"]) == (None, 0, None)


@pytest.mark.parametrize(
    ("latitude", "longitude", "cell"),
    [(10.51, 2.29, 145_085), (-14.8, 26.0, 108_413), (-90, -180, 1), (90, 180, 259_200), (None, None, None)],
)
def test_a_cell_of_prio_grid_is_counted_from_the_south_west(latitude, longitude, cell):
    assert value_of("priogrid_gid", latitude=latitude, longitude=longitude) == cell


@pytest.mark.parametrize(
    ("last", "code"),
    [
        (date(2021, 3, 1), 1),
        (date(2021, 3, 6), 2),
        (date(2021, 3, 7), 3),
        (date(2021, 3, 31), 4),
        (date(2022, 2, 28), 5),
        (date(2022, 3, 2), None),
    ],
)
def test_the_code_of_a_date_is_by_its_days(last, code):
    assert value_of("date_prec", date_start=date(2021, 3, 1), date_end=last) == code


@pytest.mark.parametrize(
    ("precision", "code"),
    [("site", 1), ("city", 1), ("region", 4), ("area", 5), ("country", 6), ("continent", None)],
)
def test_the_code_of_a_place_is_by_what_its_coordinates_stand_for(precision, code):
    assert value_of("where_prec", place_precision=precision) == code


@pytest.mark.parametrize(
    ("number", "region"),
    [(2, "Americas"), (365, "Europe"), (651, "Middle East"), (625, "Africa"), (750, "Asia"), (950, "Asia")],
)
def test_a_region_is_by_the_number_of_the_state(number, region):
    assert value_of("region", country_number=number) == region


def test_every_numbered_state_is_a_country_with_a_region_and_a_number_of_its_own():
    numbered = reference_rows("gleditsch_ward.csv")
    assert {row["country_code"] for row in numbered} <= {row["country_code"] for row in reference_rows("countries.csv")}
    assert len({row["gw_number"] for row in numbered}) == len(numbered)
    (region,) = [one.value for one in COLUMNS if one.name == "region"]
    listed = ", ".join(f"({row['gw_number']})" for row in numbered)
    assert (
        duckdb.sql(
            f"select country_number from (values {listed}) as t(country_number) where ({region}) is null"
        ).fetchall()
        == []
    )


def test_dates_that_span_two_years_have_none(tmp_path):
    across = {"date_start": date(2020, 12, 31), "date_end": date(2021, 1, 2)}
    (row,), _ = exported(tmp_path, lambda rows: the_incident(rows).update(across))
    assert (row["year"], row["date_prec"], row["event_clarity"]) == (None, 2, 2)


def test_two_states_are_two_sides_of_state_based_violence(tmp_path):
    (row,), _ = exported(tmp_path, between_two_states)
    assert (row["side_a"], row["side_b"], row["dyad_name"]) == ("Armenia", "Azerbaijan", "Armenia - Azerbaijan")
    assert (row["gwnoa"], row["gwnob"], row["type_of_violence"]) == (371, 373, 1)


def test_two_that_act_on_each_other_are_two_sides(tmp_path):
    def clash(rows):
        between_two_states(rows)
        rows["event_actors"][-1]["role"] = "actor"

    (row,), _ = exported(tmp_path, clash)
    assert (row["side_a"], row["side_b"]) == ("Armenia", "Azerbaijan")


def test_a_market_that_was_hit_is_no_side(tmp_path):
    (row,), _ = exported(tmp_path)
    assert (row["side_a"], row["side_b"], row["dyad_name"], row["type_of_violence"]) == (None, None, None, None)


@pytest.mark.parametrize(
    ("claim", "whose"),
    [
        pytest.param({}, "deaths_unknown", id="no-word-of-whose"),
        pytest.param({"side": "Armenia", "victims": "soldiers"}, "deaths_a", id="of-side-a"),
        pytest.param({"side": "Azerbaijan", "victims": "soldiers"}, "deaths_b", id="of-side-b"),
        pytest.param({"side": "Georgia"}, "deaths_unknown", id="of-a-third"),
        pytest.param({"side": "Azerbaijan", "victims": "Azerbaijani civilians"}, "deaths_civilians", id="civilians"),
    ],
)
def test_a_toll_is_whose_the_claims_of_that_number_say(tmp_path, claim, whose):
    def change(rows):
        between_two_states(rows)
        next(row for row in killed(rows) if row["low"] == 15).update(claim)

    (row,), _ = exported(tmp_path, change)
    parts = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
    assert {part: row[part] for part in parts} == dict.fromkeys(parts, 0) | {whose: 15}


def test_claims_of_one_number_that_differ_in_whose_leave_it_unknown(tmp_path):
    def change(rows):
        between_two_states(rows)
        for row, side in zip(killed(rows), ("Armenia", None), strict=True):
            row.update(low=15, high=15, side=side)

    (row,), _ = exported(tmp_path, change)
    assert (row["deaths_a"], row["deaths_unknown"]) == (0, 15)


def test_lists_of_sources_have_one_length_whatever_the_headlines_hold(tmp_path):
    def change(rows):
        rows["incident_events"][1]["incident_id"] = the_incident(rows)["incident_id"]
        rows["articles"][0].update(headline='One; "two"')

    (row,), _ = exported(tmp_path, change)
    assert row["source_headline"] == "One, 'two';"  # the second article has none
    assert len({row[name].count(";") for name in ("source_article", "source_office", "source_date")}) == 1


def test_the_table_of_columns_in_the_docs_is_the_programs_own():
    written = Path(ucdp_ged.__file__).with_suffix(".md").read_text(encoding="utf-8")
    assert written == mapping_table()


def test_a_file_that_is_there_is_left_alone(tmp_path):
    release = staged(tmp_path)
    (tmp_path / "ged.mapping.md").write_text("mine")
    with pytest.raises(UsageError, match=r"mapping\.md exists already"):
        export_ucdp_ged(release, "1.0.0", tmp_path / "ged.csv")
    assert not (tmp_path / "ged.csv").exists()
    assert (tmp_path / "ged.mapping.md").read_text() == "mine"


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UsageError, match="nowhere is no folder"):
        export_ucdp_ged(staged(tmp_path), "1.0.0", tmp_path / "nowhere" / "ged.csv")


def test_a_disk_that_fills_up_leaves_neither_file(tmp_path, monkeypatch):
    def write(path, content):
        if path.suffix == ".md":
            raise OSError(28, "No space left on device", str(path))
        path.write_text(content)

    monkeypatch.setattr(ucdp_ged, "write_whole", write)
    with pytest.raises(OSError, match="No space"):
        export_ucdp_ged(staged(tmp_path), "1.0.0", tmp_path / "ged.csv")
    assert list(tmp_path.glob("ged*")) == []


@pytest.mark.parametrize("damage", ["gone", "older", "cut"])
def test_a_release_without_all_that_is_read_is_named(tmp_path, damage):
    release = staged(tmp_path)
    entities = release / "entities.parquet"
    if damage == "older":
        rows = to_arrow(table_named("entities"), sound_rows()["entities"]).drop_columns(["place_precision"])
        pq.write_table(rows, entities)
    elif damage == "cut":
        entities.write_bytes(entities.read_bytes()[:100])
    else:
        entities.unlink()
    with pytest.raises(DatelineError, match=r"release 1\.0\.0 has not all that the table is made of.*dateline verify"):
        ged_rows(release, "1.0.0")
