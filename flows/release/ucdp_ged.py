"""A release as a table in the form of UCDP GED, for scripts written for that: one row an incident of force that cost lives.

UCDP GED is the Georeferenced Event Dataset of the Uppsala Conflict Data Program (Sundberg and Melander 2013); names, order and codes of
the columns are those of its global versions 22.1 to 25.1. The rows are ours: what news texts claim, read by a program and checked by no coder.
`COLUMNS` says of each column where it comes from, or that it has no source here and stays empty: a null beats a guess.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from flows.errors import DatelineError, UsageError
from flows.store.durable import write_whole
from flows.text.reference import reference_rows

SAME, NEAR, EMPTY = (
    "same",
    "near",
    "empty",
)  # how a column fits: means the same; is the nearest we have; has no source here


@dataclass(frozen=True)
class GedColumn:
    """One column of UCDP GED.

    Attributes:
        name: theirs.
        fit: SAME, NEAR or EMPTY.
        value: SQL over the rows of `HAPPENINGS`.
        source: where the value comes from, or why there is none, as a sentence for readers.
    """

    name: str
    fit: str
    value: str
    source: str


def _empty(name: str, why: str) -> GedColumn:
    return GedColumn(name, EMPTY, "null", why)


_CODED = "UCDP gives it to conflicts, dyads and actors by hand; ours would be taken for theirs."
_DAYS = "date_end - date_start + 1"
_DATE_PREC = (
    f"case when {_DAYS} = 1 then 1 when {_DAYS} < 7 then 2 when {_DAYS} = 7 then 3 when {_DAYS} <= 31 then 4 "
    f"when {_DAYS} <= 366 then 5 end"
)
_WHERE_PREC = (
    "case place_precision when 'site' then 1 when 'city' then 1 when 'region' then 4 when 'area' then 5 "
    "when 'country' then 6 end"
)
# PRIO-GRID counts half-degree cells from 1 at 90° S, 180° W, 720 to a row, eastward, then northward (Tollefsen et al. 2012).
_PRIO_GRID = (
    "case when latitude is not null then "  # DuckDB's least() passes over nulls
    "least(floor((latitude + 90) * 2), 359)::integer * 720 + least(floor((longitude + 180) * 2), 719)::integer + 1 end"
)
# Of UCDP's regions by number of state (UCDP/PRIO Armed Conflict Dataset codebook).
_REGION = (
    "case when country_number between 2 and 165 then 'Americas' when country_number between 200 and 395 then 'Europe' "
    "when country_number between 402 and 626 then 'Africa' when country_number between 630 and 698 then 'Middle East' "
    "when country_number between 700 and 990 then 'Asia' end"
)
_TOLL_OF = "case when {} then killed_best else 0 end"
_CIVILIANS = "coalesce(toll_of_civilians, false)"
_OF_A = f"not {_CIVILIANS} and side_a is not null and toll_side is not distinct from side_a"
_OF_B = f"not {_CIVILIANS} and side_b is not null and toll_side is not distinct from side_b"

COLUMNS: Final = (
    GedColumn(
        *("id", NEAR, "('0x' || incident_id)::ubigint >> 11"),
        "A number below 2^53 from incident_id (its first 53 bits), stable as that is; not UCDP's.",
    ),
    GedColumn("relid", NEAR, "incident_id", "incidents.incident_id: the way back to events, claims and words."),
    GedColumn(
        *("year", SAME, "case when year(date_start) = year(date_end) then year(date_start) end"),
        "Of the dates; empty without a date and where they span two years.",
    ),
    _empty("active_year", "Whether the dyad reaches 25 deaths in the year: there are no coded dyads here."),
    _empty("code_status", "Tells how far UCDP's coders have checked a row; none has checked these."),
    GedColumn(
        *("type_of_violence", NEAR, "case when number_a is not null and number_b is not null then 1 end"),
        "1 (state-based) where both sides are states; empty otherwise, as nothing tells organised groups from others.",
    ),
    _empty("conflict_dset_id", _CODED),
    _empty("conflict_new_id", _CODED),
    _empty("conflict_name", _CODED),
    _empty("dyad_dset_id", _CODED),
    _empty("dyad_new_id", _CODED),
    GedColumn("dyad_name", NEAR, "side_a || ' - ' || side_b", "The two sides' names, where both are known."),
    _empty("side_a_dset_id", _CODED),
    _empty("side_a_new_id", _CODED),
    GedColumn(
        *("side_a", NEAR, "side_a"),
        "Who acts, as most articles name them: a state, organisation or group, by our name; not always the government, as with UCDP. "
        "Persons and descriptions (“gunmen”) are none.",
    ),
    _empty("side_b_dset_id", _CODED),
    _empty("side_b_new_id", _CODED),
    GedColumn(
        *("side_b", NEAR, "side_b"),
        "Whom it meets, likewise; the second of two who act on each other. Never “Civilians”.",
    ),
    GedColumn("number_of_sources", NEAR, "source_count", "incidents.source_count: independent texts, copies counted once."),
    GedColumn(
        *("source_article", SAME, "source_article"),
        "“outlet,day,headline” of each article that reports it, copies left out; joined by semicolons, as the next three are.",
    ),
    GedColumn("source_office", SAME, "source_office", "articles.publisher, in the order of source_article."),
    GedColumn("source_date", SAME, "source_date", "articles.published_on."),
    GedColumn("source_headline", SAME, "source_headline", "articles.headline."),
    GedColumn("source_original", SAME, "source_original", "Who claims the number of killed: casualties.attributed_to."),
    GedColumn(
        *("where_prec", NEAR, _WHERE_PREC),
        "From entities.place_precision: site and city 1, region 4, area 5, country 6. 2 (near a place), 3 (district) and 7 (at sea) are not told apart.",
    ),
    GedColumn("where_coordinates", SAME, "place_name", "Name of the place that the coordinates stand for."),
    GedColumn("where_description", NEAR, "where_description", "Where, in the words of the reports."),
    GedColumn(
        *("adm_1", NEAR, "case when place_precision = 'region' then place_name end"),
        "The place itself where it is a region; no place below knows its region.",
    ),
    _empty("adm_2", "Districts are not known."),
    GedColumn("latitude", SAME, "latitude", "Of the place, WGS 84."),
    GedColumn("longitude", SAME, "longitude", "Of the place, WGS 84."),
    GedColumn("geom_wkt", SAME, "'POINT (' || longitude || ' ' || latitude || ')'", "From the coordinates."),
    GedColumn("priogrid_gid", SAME, _PRIO_GRID, "Computed from the coordinates: floor((lat + 90) × 2) × 720 + floor((lon + 180) × 2) + 1."),
    GedColumn(
        *("country", NEAR, "country"),
        "Today's country of the place, by our name; empty for places in dispute. Match on country_id: UCDP spells some names otherwise.",
    ),
    GedColumn("country_id", SAME, "country_number", "Gleditsch and Ward's number of today's state; the smallest states have none here."),
    GedColumn("region", SAME, _REGION, "UCDP's five regions, by country_id."),
    GedColumn(
        *("event_clarity", NEAR, f"case when ({_DATE_PREC}) = 1 and ({_WHERE_PREC}) = 1 then 1 else 2 end"),
        "1 where the day and the town or site are known, else 2. No coder has judged it.",
    ),
    GedColumn(
        *("date_prec", SAME, _DATE_PREC),
        "From the days that the dates span: one 1, up to six 2, a week 3, up to a month 4, up to a year 5, more none.",
    ),
    GedColumn("date_start", SAME, "strftime(date_start, '%Y-%m-%d 00:00:00.000')", "incidents.date_start."),
    GedColumn("date_end", SAME, "strftime(date_end, '%Y-%m-%d 00:00:00.000')", "incidents.date_end."),
    GedColumn(
        *("deaths_a", NEAR, _TOLL_OF.format(_OF_A)),
        "`best` where every claim of that number says that they were of side A (casualties.side), else 0. The four add up to `best`.",
    ),
    GedColumn("deaths_b", NEAR, _TOLL_OF.format(_OF_B), "Likewise for side B."),
    GedColumn(
        *("deaths_civilians", NEAR, _TOLL_OF.format(_CIVILIANS)),
        "`best` where every claim of that number calls them civilians (casualties.victims), else 0.",
    ),
    GedColumn(
        *("deaths_unknown", NEAR, _TOLL_OF.format(f"not ({_CIVILIANS} or ({_OF_A}) or ({_OF_B}))")),
        "`best` where the claims say none of this, or not all the same: most rows.",
    ),
    GedColumn("best", SAME, "killed_best", "incidents.killed_best: the latest total that most independent texts give."),
    GedColumn("high", NEAR, "killed_high", "incidents.killed_high; empty where the claims are open above (“at least 50”): UCDP would give `best`."),
    GedColumn("low", NEAR, "killed_low", "incidents.killed_low; empty where the claims are open below (“up to 50”)."),
    GedColumn("gwnoa", SAME, "number_a", "Gleditsch and Ward's number of side A, where it is a state."),
    GedColumn("gwnob", SAME, "number_b", "Likewise of side B."),
)  # fmt: skip

# Why incidents with a number of killed are no rows: reason → condition, the first that holds counts.
LEFT_OUT: Final[Mapping[str, str]] = {
    "no act of force": "plover <> 'ASSAULT'",  # accidents, and talks about a war's dead
    "only planned": "status not in ('happened', 'ongoing')",
    "history that reports recall": "is_background",  # “a war that killed 30,000”: no event of one place and time
    "nobody killed": "killed_best = 0 and killed_high = 0",
    "no date": "date_start is null",
    # “432 people were killed” is ASSAULT to the lexicon, in an earthquake too
    "nobody acts, and no kind of force is told": "len(actors) = 0 and mode is null",
}

# A row an incident with a number of killed: its own columns, its place, its two sides, its sources, and whom the best figure counts.
HAPPENINGS: Final = """
with reports as (  -- an article that reports an incident
    select distinct incident_id, document_id from incident_events join events using (event_id)
),
originals as (  -- no copies; their words without what separates them in the lists, and present, so that the lists have one length
    select document_id, coalesce(replace(publisher, ';', ','), '') as outlet, coalesce(published_on::varchar, '') as day,
        coalesce(translate(headline, ';"', ',' || chr(39)), '') as title
    from documents join articles on article_id = document_id where documents.status = 'accepted'
),
listed as (
    select incident_id,
        string_agg('"' || outlet || ',' || day || ',' || title || '"', ';' order by day, document_id) as source_article,
        string_agg(outlet, ';' order by day, document_id) as source_office,
        string_agg(day, ';' order by day, document_id) as source_date,
        string_agg(title, ';' order by day, document_id) as source_headline
    from reports join originals using (document_id)
    group by incident_id
),
worded as (
    select incident_id, string_agg(distinct place, '; ' order by place) as where_description
    from incident_events join events using (event_id) where place is not null group by incident_id
),
claims as (
    select incident_id, claim.* from incident_events join casualties as claim using (event_id) where kind = 'killed'
),
claimants as (
    select incident_id, string_agg(distinct attributed_to, ';' order by attributed_to) as source_original
    from claims where attributed_to is not null group by incident_id
),
counted as (  -- whom the claims of the best figure count
    select incident_id,
        case when count(*) = count(side) and count(distinct side) = 1 then min(side) end as toll_side,
        bool_and(coalesce(victims ilike '%civilian%', false)) as toll_of_civilians
    from claims join incidents using (incident_id) where coalesce(claims.low, claims.high) = killed_best group by incident_id
),
parties as (  -- named states, organisations and groups
    select incident_id, role, entity.name, any_value(number.gw_number) filter (where place_precision = 'country') as number,
        count(distinct document_id) as named_by
    from incident_events join event_actors using (event_id) join entities as entity using (entity_id)
    left join numbers as number on number.country_code = entity.country_code
    where place_precision = 'country' or (place_precision is null and entity_type in ('ORG', 'NORP', 'GPE'))
    group by all
),
ranked as (
    select *, row_number() over (partition by incident_id, role order by named_by desc, name) as place_in_role from parties
),
acting as (select * from ranked where role = 'actor' and place_in_role = 1),
met as (
    select ranked.* from ranked left join acting using (incident_id)
    where (ranked.role = 'recipient' or acting.name is not null) and ranked.name is distinct from acting.name
    qualify row_number() over (partition by incident_id order by ranked.role = 'actor', ranked.named_by desc, ranked.name) = 1
)
select incidents.*, entity.name as place_name, entity.latitude, entity.longitude, entity.place_precision,
    country.name as country, number.gw_number as country_number, acting.name as side_a, acting.number as number_a,
    met.name as side_b, met.number as number_b, listed.* exclude (incident_id), where_description, source_original,
    toll_side, toll_of_civilians
from incidents
left join entities as entity on entity.entity_id = incidents.place_entity_id
left join countries as country on country.country_code = entity.country_code
left join numbers as number on number.country_code = entity.country_code
left join acting using (incident_id) left join met using (incident_id)
left join listed using (incident_id) left join worded using (incident_id)
left join claimants using (incident_id) left join counted using (incident_id)
where killed_best is not null
"""
READS: Final = (
    *("documents", "articles", "entities", "casualties", "events", "event_actors", "incidents", "incident_events"),
)


@dataclass(frozen=True)
class Exported:
    """What was written: the file beside the table, its rows, and incidents with a number of killed that are none, by reason."""

    mapping: Path
    rows: int
    left_out: Mapping[str, int]


def export_ucdp_ged(release: Path, version: str, target: Path) -> Exported:
    """Write the table as CSV (UTF-8, empty for null), ordered by day and id, and `mapping_table` beside it as <name>.mapping.md.

    Raises:
        UsageError: the CSV or the file beside it is there already, or their folder is not.
        DatelineError: the release lacks a table or column that is read: it is older, or no longer whole.
    """
    beside = target.with_suffix(".mapping.md")
    for path in (target, beside):
        if path.exists():
            raise UsageError(f"{path} exists already. Name a new file: --to FILE.csv")
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} is no folder. Make it first, or name a file elsewhere: --to FILE.csv")
    rows, left_out = ged_rows(release, version)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(column.name for column in COLUMNS)
    writer.writerows(rows)
    heading = f"# dateline {version} in the form of UCDP GED\n\n{len(rows):,} rows. Incidents with a number of killed that are none:\n"
    reasons = "".join(f"- {reason}: {count:,}\n" for reason, count in left_out.items())
    write_whole(target, table.getvalue())
    try:
        write_whole(beside, f"{heading}\n{reasons}\n{mapping_table()}")
    except OSError:
        target.unlink()  # both or none: what is there already would be in the way of the next try
        raise
    return Exported(beside, len(rows), left_out)


def ged_rows(release: Path, version: str) -> tuple[list[tuple[Any, ...]], dict[str, int]]:
    """The rows, with the values of `COLUMNS`, and how many incidents with a number of killed are left out for what reason.

    Raises:
        DatelineError: the release lacks a table or column that is read.
    """
    reasons = " ".join(f"when {condition} then '{reason}'" for reason, condition in LEFT_OUT.items())
    values = ", ".join(f"{column.value} as {column.name}" for column in COLUMNS)
    with duckdb.connect() as connection:
        try:
            for name in READS:
                path = str(release / f"{name}.parquet").replace("'", "''")
                connection.execute(f"create view {name} as select * from read_parquet('{path}')")
            _load_countries(connection)
            connection.execute(f"create table happenings as select *, case {reasons} end as reason from ({HAPPENINGS})")
        except (duckdb.BinderException, duckdb.IOException, duckdb.InvalidInputException) as error:
            raise DatelineError(
                f"release {version} has not all that the table is made of: {str(error).splitlines()[0]}. "
                f"Look at it with dateline verify {version}, or export a newer release."
            ) from error
        rows = connection.execute(
            f"select {values} from happenings where reason is null order by happenings.date_start nulls last, incident_id"
        ).fetchall()
        counted = connection.execute(
            "select reason, count(*) from happenings where reason is not null group by reason"
        ).fetchall()
    found = dict(counted)
    return rows, {reason: found.get(reason, 0) for reason in LEFT_OUT}


def _load_countries(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables `countries` (country_code, name) and `numbers` (country_code, gw_number) of the reference."""
    connection.execute("create table countries (country_code varchar, name varchar)")
    connection.execute("create table numbers (country_code varchar, gw_number integer)")
    named = [[row["country_code"], row["name"]] for row in reference_rows("countries.csv")]
    numbered = [[row["country_code"], row["gw_number"]] for row in reference_rows("gleditsch_ward.csv")]
    connection.executemany("insert into countries values (?, ?)", named)
    connection.executemany("insert into numbers values (?, ?)", numbered)


def mapping_table() -> str:
    """What each column of UCDP GED comes from, and which have no source here, in Markdown: flows/release/ucdp_ged.md."""
    lines = [
        "Rows are incidents of force (`incidents.plover` ASSAULT, with somebody who acts or a mode) that happened, that have a date and are no history",
        "to the reports, and that cost a life by some claim.",
        "",
        "| column | fits | where it comes from |",
        "| --- | --- | --- |",
        *(f"| `{column.name}` | {column.fit} | {column.source.replace('|', chr(92) + '|')} |" for column in COLUMNS),
        "",
        f"*same*: means the same; *near*: the nearest that there is, read how it differs; *empty*: no source here. {_tally()}",
    ]
    return "\n".join(lines) + "\n"


def _tally() -> str:
    fits = [column.fit for column in COLUMNS]
    return (
        f"Of {len(fits)} columns {fits.count(SAME)} are the same, {fits.count(NEAR)} near, {fits.count(EMPTY)} empty."
    )
