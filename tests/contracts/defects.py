"""Defects from the side of the defect: how each comes about in life, and which checks of the gate it runs into.

Each is planted in a week of invented news (week.py) that has a release before it. `caught_by` names every check that then
fails, no more and no fewer; where it is empty, `because` says why nothing sees it. expectations/README.md shows this list.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import pyarrow as pa

from flows.text.ids import content_id
from schemas.registry import table_named
from tests.contracts.sound import STAGED, Rows
from tests.contracts.week import EVERY_FILE, FIRST_DAY, OUTLETS, PAGES_A_DAY, Page, gathered, page_rows, plain_page

Row = dict[str, Any]
Tables = dict[str, pa.Table]


@dataclass(frozen=True)
class Defect:
    """One kind of defect.

    Attributes:
        name: short, as in the README's list.
        comes_about: one sentence of how it comes about in life.
        rows: plants it in the staged rows; `inputs` are among them.
        caught_by: all checks that fail, as "suite: the rest of an id, of another …".
        because: why nothing catches it, if nothing does.
        first: planted in a release without a parent.
        tables: plants it in the Arrow tables, where rows cannot hold it.
    """

    name: str
    comes_about: str
    rows: Callable[[Rows], None]
    caught_by: tuple[str, ...] = ()
    because: str = ""
    first: bool = False
    tables: Callable[[Tables], None] | None = None

    @property
    def check_ids(self) -> tuple[str, ...]:
        """Ids of all checks that fail, sorted."""
        listed = (line.partition(": ") for line in self.caught_by)
        return tuple(sorted(f"{suite}.{rest}" for suite, _, names in listed for rest in names.split()))


# What defects are made of.


def every(
    table: str, change: Callable[[Row], Row], where: Callable[[Row], bool] = lambda _row: True
) -> Callable[[Rows], None]:
    """Set cells in each row of a table that is so."""

    def plant(rows: Rows) -> None:
        for row in rows[table]:
            if where(row):
                row.update(change(row))

    return plant


def setting(table: str, where: Callable[[Row], bool] = lambda _row: True, **cells: Any) -> Callable[[Rows], None]:
    """Set the same cells in each row of a table that is so."""
    return every(table, lambda _row: cells, where)


def one(
    table: str, change: Callable[[Row], Row], where: Callable[[Row], bool] = lambda _row: True
) -> Callable[[Rows], None]:
    """Set cells in the first row of a table that is so."""

    def plant(rows: Rows) -> None:
        row = next(row for row in rows[table] if where(row))
        row.update(change(row))

    return plant


def swapping(table: str, left: str, right: str) -> Callable[[Rows], None]:
    """Two columns under each other's names."""
    return every(table, lambda row: {left: row.get(right), right: row.get(left)})


def shifting(table: str, *columns: str) -> Callable[[Rows], None]:
    """Columns that slid down by one row against the others."""

    def plant(rows: Rows) -> None:
        before = [[row.get(column) for column in columns] for row in rows[table]]
        for row, cells in zip(rows[table], [before[-1], *before[:-1]], strict=True):
            row.update(zip(columns, cells, strict=True))

    return plant


def dropping(table: str, where: Callable[[int, Row], bool]) -> Callable[[Rows], None]:
    """Rows left out."""

    def plant(rows: Rows) -> None:
        rows[table] = [row for number, row in enumerate(rows[table]) if not where(number, row)]

    return plant


def together(*plants: Callable[[Rows], None]) -> Callable[[Rows], None]:
    """One after the other."""

    def plant(rows: Rows) -> None:
        for each in plants:
            each(rows)

    return plant


def rehashed(table: str) -> Callable[[Rows], None]:
    """Ids made anew from what the rows now hold: the defect came before the hash."""

    def plant(rows: Rows) -> None:
        moved = {}
        for row in rows[table]:
            place = (row["document_id"], row["start_char"], row["end_char"])
            parts: dict[str, tuple[str | int, ...]] = {
                "casualties": (*place, row.get("kind", ""), row.get("low") or "", row.get("high") or ""),
                "events": (*place, row.get("plover", ""), row.get("trigger", "")),
                "event_actors": (row.get("event_id", ""), row.get("role", ""), row.get("name", "")),
            }
            key = table_named(table).columns[0].name
            moved[row[key]] = row[key] = content_id(table, *parts.get(table, place))
        if table == "events":
            for other in ("casualties", "event_mentions", "event_actors"):
                for row in rows[other]:
                    row["event_id"] = moved.get(row.get("event_id"), row.get("event_id"))

    return plant


def _owner(row: Row) -> Any:
    return row.get("document_id") or row.get("article_id")


def _number(row: Row) -> int:
    """Of a document: which of the week's pages it is."""
    uri = row["uris"][0]
    return int(uri.partition("#")[2]) if "#" in uri else -1


def _pages(rows: Rows, which: Callable[[int], bool]) -> set[str]:
    return {row["document_id"] for row in rows["documents"] if _number(row) >= 0 and which(_number(row))}


def without_pages(which: Callable[[int], bool], *tables: str, recount: bool = True) -> Callable[[Rows], None]:
    """All rows of some pages left out, in some tables or in all; entities are counted anew."""

    def plant(rows: Rows) -> None:
        gone = _pages(rows, which)
        for table in tables or [name for name in rows if name not in ("entities", "inputs")]:
            rows[table] = [row for row in rows[table] if _owner(row) not in gone]
        if recount and (not tables or "mentions" in tables):
            _recount(rows)

    return plant


def _recount(rows: Rows) -> None:
    seen: dict[str, set[str]] = {}
    for row in rows["mentions"]:
        seen.setdefault(row["entity_id"], set()).add(row["document_id"])
    rows["entities"] = [
        {**row, "article_count": len(seen[row["entity_id"]])} for row in rows["entities"] if row["entity_id"] in seen
    ]


def more_pages(pages: Callable[[], Iterable[Rows]]) -> Callable[[Rows], None]:
    """Further pages, read like the others."""

    def plant(rows: Rows) -> None:
        for page in pages():
            for table, found in page.items():
                rows[table] += found
        rows["entities"] = gathered([rows])["entities"]

    return plant


def _in_text(rows: Rows) -> dict[str, str]:
    return {row["document_id"]: row.get("text") or "" for row in rows["documents"]}


def _byte_offsets(rows: Rows) -> None:
    texts = _in_text(rows)
    for table in ("mentions", "timexes", "quotes", "casualties", "events"):
        for row in rows[table]:
            text = texts[row["document_id"]]
            for side in ("start_char", "end_char"):
                row[side] = len(text[: row[side]].encode())


def _swap_two_texts(rows: Rows) -> None:
    one_, two = rows["documents"][0], rows["documents"][4]
    one_["text"], two["text"] = two["text"], one_["text"]


def _doubled_shard(rows: Rows) -> None:
    chosen = _pages(rows, lambda number: number % 4 == 0)
    for table in rows:
        if table not in ("entities", "inputs"):
            rows[table] += [dict(row) for row in rows[table] if _owner(row) in chosen]


def _cut_ids(rows: Rows) -> None:
    for table in STAGED:
        for row in rows[table.name]:
            for column in ("document_id", "article_id"):
                if column in row:
                    row[column] = row[column][:12]


def _doubled_under_new_ids(rows: Rows) -> None:
    copies = [dict(row) for row in rows["casualties"][:20]]
    for number, row in enumerate(copies):
        row["casualty_id"] = content_id("second delivery", number)
    rows["casualties"] += copies


def _ids_of_the_run(rows: Rows) -> None:
    for number, row in enumerate(rows["quotes"]):
        row["quote_id"] = content_id("run of 3 May", number)


def _other_event(rows: Rows, table: str) -> None:
    events = [row["event_id"] for row in rows["events"]]
    for row in rows[table]:
        if row.get("event_id"):
            row["event_id"] = events[(events.index(row["event_id"]) + 4) % len(events)]


def _quarantine(rows: Rows, share: int, reason: str) -> None:
    gone = _pages(rows, lambda number: number % 100 < share)
    without_pages(
        lambda number: number % 100 < share, *[t for t in rows if t not in ("documents", "entities", "inputs")]
    )(rows)
    for row in rows["documents"]:
        if row["document_id"] in gone:
            row |= {"status": "quarantined", "status_reason": reason}


def _no_persons(rows: Rows) -> None:
    gone = {row["entity_id"] for row in rows["mentions"] if row["entity_type"] == "PERSON"}
    rows["mentions"] = [row for row in rows["mentions"] if row["entity_id"] not in gone]
    for row in rows["quotes"]:
        if row.get("speaker_entity_id") in gone:
            row["speaker_entity_id"] = None
    _recount(rows)


def _no_buildings(rows: Rows) -> None:
    rows["mentions"] = [row for row in rows["mentions"] if row["entity_type"] != "FAC"]
    _recount(rows)


def _typed_one_off(rows: Rows) -> None:
    following = {"PERSON": "ORG", "ORG": "GPE", "GPE": "FAC", "FAC": "PERSON"}
    for row in rows["mentions"]:
        row["entity_type"] = following[row["entity_type"]]


def _other_entity(rows: Rows, table: str, column: str) -> None:
    ids = [row["entity_id"] for row in rows["entities"]]
    for row in rows[table]:
        if row.get(column):
            row[column] = ids[(ids.index(row[column]) + 1) % len(ids)]


def _stale_entity(rows: Rows) -> None:
    stale = {"entity_id": content_id("entities", "GPE", "Old Velmora"), "name": "Old Velmora", "entity_type": "GPE"}
    rows["entities"].append(stale | {"aliases": ["Old Velmora"], "claimed_by": [], "roles": [], "article_count": 3})


def _times(factor: int) -> Callable[[Row], Row]:
    return lambda row: {side: row[side] * factor if row.get(side) else row.get(side) for side in ("low", "high")}


def _later(row: Row, days: int, *columns: str) -> Row:
    return {column: row[column] + timedelta(days=days) for column in columns if row.get(column)}


def _century_back(row: Row, *columns: str) -> Row:
    return {column: row[column].replace(year=row[column].year - 100) for column in columns if row.get(column)}


def _day_as_month(row: Row) -> Row:
    start = row.get("date_start")
    if start is None or start.day > 12:  # months of a year
        return {}
    turned = date(start.year, start.day, start.month)
    value = {"value": turned.isoformat()} if "value" in row else {}
    return {"date_start": turned, "date_end": turned, **value}


def _to_float(tables: Tables) -> None:
    casualties = tables["casualties"]
    place = casualties.column_names.index("low")
    tables["casualties"] = casualties.set_column(place, "low", casualties.column("low").cast(pa.float64()))


def _renamed(tables: Tables) -> None:
    names = ["kind_of_harm" if name == "kind" else name for name in tables["casualties"].column_names]
    tables["casualties"] = tables["casualties"].rename_columns(names)


def _nothing(_rows: Rows) -> None:
    """The rows stay: the defect is planted in the tables."""


LAST_PAGES = 12  # a shard of a twentieth of the pages
GERMAN = (
    "Die Gesandten der beiden Länder haben am Donnerstag erneut über eine Waffenruhe beraten, ohne sich zu einigen. "
    "Sprecher beider Seiten erklärten danach, dass weitere Gespräche folgen sollen, sobald alle Verwundeten versorgt sind. "
    "Beobachter rechnen frühestens nächste Woche mit einem Ergebnis, denn viele Fragen bleiben offen und strittig. "
    "Auch über den Austausch der Gefangenen wurde lange gesprochen."
)
BROKEN = "The cafÃ© by the harbour reopened and the mayor said it would stay open until the end of the year."
TAGGED = (
    'The harbour reopened<br/> and the mayor said <a href="/more">it would stay open</a> until the end of the year.'
)


def _foreign() -> list[Rows]:
    return [plain_page(1_000 + number, GERMAN) for number in range(70)]


def _mojibake() -> list[Rows]:
    return [plain_page(1_000 + number, BROKEN) for number in range(16)]


def _tagged() -> list[Rows]:
    return [plain_page(1_000 + number, TAGGED) for number in range(40)]


def _late_pages(number: int) -> bool:
    return number >= 240 - LAST_PAGES  # pages of the week


def _shard(number: int) -> bool:
    return number % 8 == 0


def _killed(row: Row) -> bool:
    return bool(row["kind"] == "killed")


DEFECTS: tuple[Defect, ...] = (
    # what goes in
    Defect(
        "text cut off",
        "A read ends early after the bytes were hashed: the text of one document is half of it.",
        one("documents", lambda row: {"text": row["text"][: len(row["text"]) // 2]}),
        caught_by=(
            "documents: text_is_its_digest.text",
            "relations: body_joins_segments casualties_evidence.count_start_char",
            "relations: casualties_evidence.place_start_char casualties_evidence.start_char",
            "relations: casualties_evidence.trigger_start_char",
            "relations: event_actors_evidence.start_char event_mentions_evidence.start_char",
            "relations: events_evidence.place_start_char mentions_evidence.start_char",
            "relations: quotes_evidence.speaker_start_char quotes_evidence.start_char segments_evidence.start_char",
            "relations: sentences_evidence.start_char timexes_evidence.start_char",
        ),
    ),
    Defect(
        "texts swapped",
        "A join by position, not by id, gives two documents each other's text.",
        _swap_two_texts,
        caught_by=(
            "documents: text_is_its_digest.text",
            "relations: articles_evidence.headline_start_char body_joins_segments",
            "relations: casualties_evidence.place_start_char casualties_evidence.start_char",
            "relations: event_mentions_evidence.start_char events_evidence.place_start_char",
            "relations: mentions_evidence.start_char segments_cover segments_evidence.start_char",
            "relations: sentences_evidence.start_char",
        ),
    ),
    Defect(
        "line ends rewritten",
        "A tool on the way writes Windows line ends into the texts, after offsets were taken.",
        every("documents", lambda row: {"text": (row.get("text") or "").replace("\n", "\r\n") or None}),
        caught_by=(
            "documents: text_is_its_digest.text",
            "relations: body_joins_segments casualties_evidence.place_start_char casualties_evidence.start_char",
            "relations: documents_stand_as_in_parent event_mentions_evidence.start_char",
            "relations: events_evidence.place_start_char events_evidence.start_char mentions_evidence.start_char",
            "relations: quotes_evidence.start_char segments_cover sentences_evidence.start_char",
            "relations: timexes_evidence.start_char",
        ),
    ),
    Defect(
        "quotation marks straightened",
        "A tidy-up replaces curly marks by straight ones: as long as before, so that offsets still fit.",
        every("documents", lambda row: {"text": (row.get("text") or "").replace("“", '"').replace("”", '"') or None}),
        caught_by=(
            "documents: text_is_its_digest.text",
            "relations: body_joins_segments documents_stand_as_in_parent sentences_evidence.start_char",
        ),
    ),
    Defect(
        "zero-width characters removed",
        "Invisible characters are taken out of the texts after offsets were taken.",
        every("documents", lambda row: {"text": (row.get("text") or "").replace("\u200b", "") or None}),
        caught_by=(
            "documents: text_is_its_digest.text",
            "relations: body_joins_segments documents_stand_as_in_parent mentions_evidence.start_char",
            "relations: segments_cover segments_evidence.start_char sentences_evidence.start_char",
        ),
    ),
    Defect(
        "language passed through",
        "The detector names another language and the branch that quarantines it is lost in a merge.",
        setting("documents", lambda row: row["status"] == "accepted" and _number(row) % 10 == 0, language="de"),
        caught_by=("documents: language_is_read.language",),
    ),
    Defect(
        "German taken for English",
        "The detector's model is swapped for one that says English to everything.",
        more_pages(_foreign),
        caught_by=("articles: mostly_english_words",),
    ),
    Defect(
        "mojibake",
        "A scraper decodes UTF-8 pages as Windows-1252 before it saves them.",
        more_pages(_mojibake),
        caught_by=("articles: few_mojibake",),
    ),
    Defect(
        "HTML left in text",
        "A scraper hands over markup in the field that should hold text.",
        more_pages(_tagged),
        caught_by=("articles: few_markup",),
    ),
    Defect(
        "paths of the machine",
        "A refactoring resolves paths before it makes addresses of them.",
        every("documents", lambda row: {"uris": ["/srv/crawl/" + row["uris"][0]]}),
        caught_by=(
            "documents: uri_is_relative.uris",
            "relations: every_input_is_a_document",
        ),
    ),
    Defect(
        "ids cut short",
        "A column of fixed width cuts document ids to twelve digits, everywhere.",
        _cut_ids,
        caught_by=(
            "articles: has_shape.article_id",
            "casualties: has_shape.document_id id_is_hash.casualty_id",
            "documents: has_shape.document_id id_is_digest",
            "event_actors: has_shape.document_id",
            "event_mentions: has_shape.document_id",
            "events: has_shape.document_id id_is_hash.event_id",
            "mentions: has_shape.document_id id_is_hash.mention_id",
            "quotes: has_shape.document_id id_is_hash.quote_id",
            "segments: has_shape.document_id id_is_hash.segment_id",
            "sentences: has_shape.document_id id_is_hash.sentence_id",
            "timexes: has_shape.document_id id_is_hash.timex_id",
        ),
    ),
    Defect(
        "ids in capitals",
        "A database hands hashes back in capitals.",
        every("quotes", lambda row: {"quote_id": row["quote_id"].upper()}),
        caught_by=(
            "quotes: has_shape.quote_id id_is_hash.quote_id",
            "relations: quotes_stand_as_in_parent",
        ),
    ),
    Defect(
        "a file forgotten",
        "A worker dies and the shards of one input file never arrive.",
        without_pages(lambda number: number // 4 % 2 == 1),
        caught_by=("relations: every_input_is_a_document no_publisher_vanishes",),
    ),
    Defect(
        "records of a file lost",
        "A reader stops at the first bad line: a third of one file's records are missing, and new ones too.",
        without_pages(lambda number: number // 4 % 2 == 0 and 60 <= number < 140),
        because="feeds drop old pages every day, and fewer than half of all rows are gone; the release's changelog counts them",
    ),
    Defect(
        "a shard doubled",
        "A retry writes a shard a second time beside the first.",
        _doubled_shard,
        caught_by=(
            "relations: incidents_count_their_events stories_count_their_articles",
            "articles: key_is_unique",
            "casualties: id_is_unique.casualty_id key_is_unique",
            "documents: key_is_unique",
            "event_actors: id_is_unique.event_actor_id key_is_unique",
            "event_mentions: key_is_unique",
            "events: id_is_unique.event_id key_is_unique",
            "mentions: id_is_unique.mention_id key_is_unique",
            "quotes: id_is_unique.quote_id key_is_unique",
            "relations: body_joins_segments rows_like_parent segments_are_numbered segments_do_not_overlap",
            "relations: sentences_are_numbered",
            "segments: id_is_unique.segment_id key_is_unique",
            "sentences: id_is_unique.sentence_id key_is_unique",
            "timexes: id_is_unique.timex_id key_is_unique",
        ),
    ),
    Defect(
        "pages saved twice",
        "Two scrapers save the same pages, one as text and one as HTML: other bytes, so other ids.",
        more_pages(lambda: [page_rows(4 * number, saved_again=True) for number in range(12)]),
        because="near-copies are lawful input; telling them apart is the link stage's work, not the gate's",
    ),
    Defect(
        "a third quarantined",
        "A stricter rule for empty pages takes a third of all pages for empty.",
        partial(_quarantine, share=33, reason="empty"),
        caught_by=(
            "documents: few_quarantined",
            "relations: documents_codes_like_parent documents_nulls_like_parent",
        ),
    ),
    Defect(
        "nearly all quarantined",
        "The field map names a field that the records lack.",
        partial(_quarantine, share=90, reason="empty"),
        caught_by=(
            "documents: few_quarantined not_mostly_quarantined",
            "relations: documents_codes_like_parent documents_nulls_like_parent rows_like_parent",
        ),
    ),
    Defect(
        "our own code trips",
        "A new rule raises on pages of one kind.",
        partial(_quarantine, share=3, reason="extract_failed"),
        caught_by=("documents: code_never_fails code_rarely_fails",),
    ),
    Defect(
        "accepted without text",
        "A record's text is null and passes as empty.",
        one("documents", lambda _row: {"text": None}, lambda row: row["media_type"] == "text/html"),
        caught_by=(
            "documents: read_has_text",
            "relations: articles_evidence.headline_start_char articles_evidence.published_start_char",
            "relations: body_joins_segments event_actors_evidence.start_char events_evidence.place_start_char",
            "relations: events_evidence.start_char events_evidence.trigger_start_char mentions_evidence.start_char",
            "relations: quotes_evidence.speaker_start_char quotes_evidence.start_char segments_evidence.start_char",
            "relations: sentences_evidence.start_char timexes_evidence.start_char",
        ),
    ),
    Defect(
        "stale input",
        "The scraper's disk is full, so that last week's folder is read again.",
        without_pages(lambda number: number >= 12 * PAGES_A_DAY),
        caught_by=("relations: days_like_parent",),
    ),
    # clean
    Defect(
        "publication days one early",
        "Times are read as UTC and cut to days in New York.",
        every("articles", lambda row: _later(row, -1, "published_on")),
        caught_by=("relations: articles_stand_as_in_parent published_in_words",),
    ),
    Defect(
        "publication a century early",
        "Two-digit years are read as 19xx.",
        every("articles", lambda row: _century_back(row, "published_on")),
        caught_by=(
            "relations: articles_stand_as_in_parent days_like_parent happened_is_not_after_publication",
            "relations: published_in_words",
        ),
    ),
    Defect(
        "published on the day of the scrape",
        "The date of the file is taken where the page's own should be.",
        setting("articles", published_on=FIRST_DAY + timedelta(days=30), published_basis="metadata"),
        caught_by=("relations: articles_codes_like_parent articles_stand_as_in_parent days_like_parent",),
    ),
    Defect(
        "published in the future",
        "A page gives its copyright's last year.",
        one(
            "articles",
            lambda _row: {"published_on": date(2199, 1, 1)},
            lambda row: row["published_basis"] == "metadata",
        ),
        caught_by=("articles: not_from_the_future.published_on",),
    ),
    Defect(
        "publication a century late",
        "Two-digit years are read as 21xx.",
        every("articles", lambda row: {"published_on": row["published_on"].replace(year=2121)}),
        caught_by=(
            "articles: few_from_the_future not_from_the_future.published_on",
            "relations: articles_stand_as_in_parent days_like_parent published_in_words",
        ),
    ),
    Defect(
        "outlet's name replaced",
        "The feed's name is written where the outlet's belongs.",
        setting("articles", publisher="feed"),
        caught_by=("relations: articles_stand_as_in_parent no_publisher_vanishes",),
    ),
    Defect(
        "an outlet vanished",
        "An outlet blocks the scraper; its file is no longer an input.",
        together(
            without_pages(lambda number: number // 4 % 2 == 1),
            lambda rows: rows.update(inputs=[row for row in rows["inputs"] if row["uri"] != "feed-b.jsonl"]),
        ),
        caught_by=("relations: no_publisher_vanishes",),
    ),
    Defect(
        "outlets emptied",
        "The pages' metadata moved to another tag.",
        setting("articles", publisher=None),
        caught_by=("relations: articles_nulls_like_parent articles_stand_as_in_parent no_publisher_vanishes",),
    ),
    Defect(
        "headline and byline swapped",
        "Two columns change places in a rewrite.",
        swapping("articles", "headline", "byline"),
        caught_by=("relations: articles_evidence.headline_start_char articles_stand_as_in_parent",),
    ),
    Defect(
        "headlines lost",
        "A new page layout has its headline in another element.",
        setting("articles", headline=None, headline_start_char=None, headline_end_char=None),
        caught_by=(
            "relations: stories_nulls_like_parent",
            "relations: articles_nulls_like_parent articles_stand_as_in_parent",
        ),
    ),
    Defect(
        "promotion taken for body",
        "The rule for newsletters no longer matches, and labels are changed after bodies were joined.",
        setting("segments", lambda row: row["label"] == "promo", label="body"),
        caught_by=(
            "relations: body_joins_segments segments_codes_like_parent segments_stand_as_in_parent",
            "relations: sentences_cover_what_is_read",
        ),
    ),
    Defect(
        "labels lost",
        "The labeller's fallback takes over for all blocks.",
        setting("segments", label="other", confidence=0.1),
        caught_by=(
            "relations: body_joins_segments confidence_varies segments_codes_like_parent",
            "relations: segments_stand_as_in_parent",
            "segments: few_unlabelled",
        ),
    ),
    Defect(
        "last segment dropped",
        "A loop stops one early: the last block of each page has no row.",
        dropping("segments", lambda number, row: row["index"] == 3 and number % 2 == 0),
        caught_by=("relations: body_joins_segments segments_cover",),
    ),
    Defect(
        "segments one character long",
        "An off-by-one makes each block end one character late.",
        every("segments", lambda row: {"end_char": row["end_char"] + 1}),
        caught_by=(
            "relations: body_joins_segments segments_evidence.start_char segments_stand_as_in_parent",
            "segments: id_is_hash.segment_id",
        ),
    ),
    Defect(
        "bodies cut",
        "A column of fixed width cuts bodies at a hundred characters.",
        every("articles", lambda row: {"body": row["body"][:100]}),
        caught_by=("relations: body_joins_segments",),
    ),
    Defect(
        "articles slid by one row",
        "A column is joined by position after a filter.",
        shifting("articles", "article_id"),
        caught_by=(
            "relations: articles_evidence.headline_start_char articles_stand_as_in_parent body_joins_segments",
            "relations: happened_is_not_after_publication",
        ),
    ),
    Defect(
        "confidence always 1",
        "A default takes the place of the score.",
        together(setting("segments", confidence=1.0), setting("events", confidence=1.0)),
        caught_by=("relations: confidence_varies events_stand_as_in_parent segments_stand_as_in_parent",),
    ),
    Defect(
        "confidence in per cent",
        "A unit slip.",
        every("segments", lambda row: {"confidence": row["confidence"] * 100}),
        caught_by=(
            "relations: segments_stand_as_in_parent",
            "segments: in_bounds.confidence",
        ),
    ),
    # extract
    Defect(
        "every tenth sentence dropped",
        "A filter for short sentences is turned round.",
        dropping("sentences", lambda number, _row: number % 10 == 9),
        caught_by=(
            "relations: casualties_exists.sentence_id event_mentions_exists.sentence_id events_exists.sentence_id",
            "relations: mentions_exists.sentence_id quotes_exists.sentence_id sentences_are_numbered",
            "relations: sentences_cover_what_is_read timexes_exists.sentence_id",
        ),
    ),
    Defect(
        "facts of a shard lost",
        "A shard's extract is written half: its pages have segments and articles, but no sentences and no facts.",
        without_pages(
            _late_pages,
            "sentences",
            "mentions",
            "timexes",
            "quotes",
            "casualties",
            "events",
            "event_mentions",
            "event_actors",
        ),
        caught_by=("relations: sentences_cover_what_is_read",),
    ),
    Defect(
        "half of the quotes lost",
        "One of two workers writes an empty file of quotes.",
        dropping("quotes", lambda number, _row: number % 2 == 0),
        caught_by=("relations: quotes_stand_as_in_parent",),
    ),
    Defect(
        "quotes of an eighth of the pages lost",
        "One shard's file of quotes is empty.",
        without_pages(_shard, "quotes"),
        caught_by=("relations: quotes_stand_as_in_parent",),
    ),
    Defect(
        "every thirtieth quote lost",
        "A rule for short quotes becomes a little stricter.",
        dropping("quotes", lambda number, _row: number % 30 == 0),
        because="less than a fifth of the old rows, spread over pages: a mended rule does as much",
    ),
    Defect(
        "quotes all lost",
        "The extractor swallows an error and returns nothing.",
        lambda rows: rows["quotes"].clear(),
        caught_by=(
            "relations: large_release_has_facts quotes_codes_like_parent quotes_stand_as_in_parent rows_like_parent",
        ),
    ),
    Defect(
        "quotes all lost in a first release",
        "The same, with nothing to compare with.",
        lambda rows: rows["quotes"].clear(),
        first=True,
        caught_by=("relations: large_release_has_facts",),
    ),
    Defect(
        "offsets in bytes",
        "An encoder counts bytes where code points are promised.",
        _byte_offsets,
        caught_by=(
            "mentions: id_is_hash.mention_id",
            "quotes: id_is_hash.quote_id",
            "relations: mentions_evidence.start_char quotes_evidence.start_char quotes_stand_as_in_parent",
            "relations: timexes_evidence.start_char",
            "timexes: id_is_hash.timex_id",
        ),
    ),
    Defect(
        "offsets one late",
        "An off-by-one in the mapping from tokens to characters.",
        every("mentions", lambda row: {"start_char": row["start_char"] + 1, "end_char": row["end_char"] + 1}),
        caught_by=(
            "mentions: id_is_hash.mention_id",
            "relations: mentions_evidence.start_char mentions_stand_as_in_parent",
        ),
    ),
    Defect(
        "start and end swapped",
        "Two arguments change places.",
        swapping("timexes", "start_char", "end_char"),
        caught_by=(
            "relations: timexes_stand_as_in_parent",
            "timexes: id_is_hash.timex_id span_is_forward.start_char",
        ),
    ),
    Defect(
        "quotes with their marks",
        "The text is taken with the marks, the offsets without.",
        every("quotes", lambda row: {"text": f"“{row['text']}”"}),
        caught_by=("relations: quotes_evidence.start_char",),
    ),
    Defect(
        "a label that the model no longer gives",
        "Another model has no PERSON among its labels.",
        _no_persons,
        caught_by=("relations: mentions_codes_like_parent",),
    ),
    Defect(
        "a rare label lost",
        "Another model has no FAC among its labels.",
        _no_buildings,
        because="twelve rows: below fifty, a code comes and goes by chance",
    ),
    Defect(
        "labels one off",
        "The model's labels are counted from 1, ours from 0.",
        _typed_one_off,
        caught_by=("relations: mentions_codes_like_parent mentions_stand_as_in_parent",),
    ),
    Defect(
        "time expressions a century early",
        "Two-digit years are read as 19xx.",
        every(
            "timexes",
            lambda row: (
                _century_back(row, "date_start", "date_end")
                | ({"value": f"19{row['value'][2:]}"} if row["timex_type"] == "DATE" else {})
            ),
        ),
        caught_by=(
            "relations: dates_are_of_their_timex timexes_stand_as_in_parent",
            "timexes: dates_in_words",
        ),
    ),
    Defect(
        "time expressions one day late in a first release",
        "A day is added for a time zone, before events take their dates from them.",
        together(
            every("timexes", lambda row: _later(row, 1, "date_start", "date_end")),
            every("timexes", lambda row: {"value": row["date_start"].isoformat()} if row.get("date_start") else {}),
            every("events", lambda row: _later(row, 1, "date_start", "date_end")),
            every("casualties", lambda row: _later(row, 1, "date_start", "date_end")),
        ),
        first=True,
        caught_by=("timexes: dates_in_words",),
    ),
    Defect(
        "days read as months",
        "A parser is set to American dates.",
        every("timexes", _day_as_month),
        caught_by=(
            "relations: dates_are_of_their_timex timexes_stand_as_in_parent",
            "timexes: dates_in_words",
        ),
    ),
    Defect(
        "days read as months in a first release",
        "The same, with nothing to compare with, and events dated alike.",
        together(*(every(table, _day_as_month) for table in ("timexes", "events", "casualties"))),
        first=True,
        caught_by=(
            "relations: happened_is_not_after_publication",
            "timexes: dates_in_words",
        ),
    ),
    Defect(
        "event days one late",
        "A day is added for a time zone, to events only.",
        every("events", lambda row: _later(row, 1, "date_start", "date_end")),
        caught_by=("relations: dates_are_of_their_timex events_stand_as_in_parent",),
    ),
    Defect(
        "dates without an end",
        "A rename leaves one column of a pair behind.",
        setting("casualties", date_end=None),
        caught_by=(
            "casualties: date_is_whole.date_start",
            "relations: casualties_nulls_like_parent casualties_stand_as_in_parent",
        ),
    ),
    Defect(
        "one figure times 1,000",
        "A figure in thousands is multiplied twice.",
        together(one("casualties", _times(1_000), _killed), rehashed("casualties")),
        caught_by=("casualties: figure_in_words.low",),
    ),
    Defect(
        "figures times 1,000",
        "Figures are taken for thousands.",
        together(every("casualties", _times(1_000)), rehashed("casualties")),
        caught_by=(
            "casualties: figure_in_words.low figures_in_words",
            "relations: casualties_stand_as_in_parent figures_like_parent",
        ),
    ),
    Defect(
        "a figure misread",
        "“At least 13” is read as 1.",
        together(
            one("casualties", lambda _row: {"low": 1}, lambda row: _killed(row) and row["low"] >= 10),
            rehashed("casualties"),
        ),
        because="one wrong reading in good form: the scorecard's matter",
    ),
    Defect(
        "killed and wounded swapped",
        "A map of kinds is written in the wrong order.",
        together(
            every(
                "casualties",
                lambda row: {"kind": {"killed": "wounded", "wounded": "killed"}.get(row["kind"], row["kind"])},
            ),
            rehashed("casualties"),
        ),
        caught_by=(
            "relations: incidents_nulls_like_parent",
            "casualties: kinds_in_words",
            "relations: casualties_stand_as_in_parent",
        ),
    ),
    Defect(
        "low and high swapped",
        "Two columns change places.",
        swapping("casualties", "low", "high"),
        caught_by=(
            "relations: incidents_nulls_like_parent",
            "casualties: id_is_hash.casualty_id interval_is_forward.low open_above.high",
            "relations: casualties_nulls_like_parent casualties_stand_as_in_parent",
        ),
    ),
    Defect(
        "hedges lost",
        "A default takes the place of the qualifier.",
        setting("casualties", qualifier="exact"),
        caught_by=(
            "casualties: closed.low hedge_in_words.hedge_start_char",
            "relations: casualties_codes_like_parent casualties_stand_as_in_parent",
        ),
    ),
    Defect(
        "victims and side swapped",
        "Two columns change places.",
        swapping("casualties", "victims", "side"),
        caught_by=("relations: casualties_nulls_like_parent casualties_stand_as_in_parent",),
    ),
    Defect(
        "victims and side swapped in a first release",
        "The same, with nothing to compare with.",
        swapping("casualties", "victims", "side"),
        first=True,
        because="both hold free words and may be null: nothing in one row contradicts it",
    ),
    Defect(
        "claims doubled under new ids",
        "A second delivery is appended, its rows numbered anew.",
        _doubled_under_new_ids,
        caught_by=("casualties: id_is_hash.casualty_id",),
    ),
    Defect(
        "ids that depend on the run",
        "Ids are drawn, or counted, when rows are written.",
        _ids_of_the_run,
        caught_by=(
            "quotes: id_is_hash.quote_id",
            "relations: quotes_stand_as_in_parent",
        ),
    ),
    Defect(
        "a figure that no war has cost",
        "Francs are taken for people.",
        together(one("casualties", lambda _row: {"low": 2_990_000_000}, _killed), rehashed("casualties")),
        caught_by=("casualties: figure_in_words.low possible.low usual.low",),
    ),
    Defect(
        "actor and recipient swapped",
        "Two roles change places.",
        together(
            every("event_actors", lambda row: {"role": "actor" if row["role"] == "recipient" else "recipient"}),
            rehashed("event_actors"),
        ),
        caught_by=("relations: actors_come_first event_actors_codes_like_parent event_actors_stand_as_in_parent",),
    ),
    Defect(
        "parties of a shard lost",
        "One shard's file of parties is empty.",
        without_pages(_shard, "event_actors"),
        caught_by=("relations: event_actors_stand_as_in_parent events_have_actors",),
    ),
    Defect(
        "all events of one type",
        "A default takes the place of the type.",
        together(setting("events", plover="CONSULT"), rehashed("events"), rehashed("event_actors")),
        caught_by=(
            "relations: incidents_codes_like_parent",
            "events: not_all_consult",
            "relations: casualties_stand_as_in_parent event_actors_stand_as_in_parent",
            "relations: event_mentions_stand_as_in_parent events_codes_like_parent events_stand_as_in_parent",
        ),
    ),
    Defect(
        "status always happened",
        "The rules for plans are not loaded.",
        setting("events", status="happened"),
        caught_by=(
            "relations: incidents_codes_like_parent",
            "relations: events_codes_like_parent events_stand_as_in_parent happened_is_not_after_publication",
        ),
    ),
    Defect(
        "a denial lost",
        "One event that the text denies is filed as happened.",
        one(
            "events",
            lambda _row: {"is_background": True},
            lambda row: not row["is_background"] and row["status"] == "happened",
        ),
        because="one wrong reading in good form: the scorecard's matter",
    ),
    Defect(
        "further mentions of another page's event",
        "A join by position after a sort.",
        partial(_other_event, table="event_mentions"),
        caught_by=("relations: event_mentions_exists.event_id event_mentions_stand_as_in_parent",),
    ),
    Defect(
        "parties of another page's event",
        "The same, for parties, whose ids are made after.",
        together(partial(_other_event, table="event_actors"), rehashed("event_actors")),
        caught_by=("relations: event_actors_exists.event_id event_actors_stand_as_in_parent",),
    ),
    Defect(
        "casualties of another page's event",
        "The same, for casualties.",
        partial(_other_event, table="casualties"),
        caught_by=("relations: casualties_exists.event_id casualties_stand_as_in_parent",),
    ),
    Defect(
        "time expressions of another page",
        "The same, for the expressions that date events.",
        shifting("events", "timex_id"),
        caught_by=("relations: dates_are_of_their_timex events_exists.timex_id events_stand_as_in_parent",),
    ),
    Defect(
        "triggers slid by one row",
        "A column is joined by position after a filter.",
        shifting("events", "trigger"),
        caught_by=(
            "events: id_is_hash.event_id trigger_is_evidence.trigger trigger_stands_there.trigger_start_char",
            "relations: events_stand_as_in_parent",
        ),
    ),
    Defect(
        "triggers counted from their event",
        "Offsets within the evidence are written as if they were offsets in the text.",
        every(
            "events",
            lambda row: {side: row[side] - row["start_char"] for side in ("trigger_start_char", "trigger_end_char")},
        ),
        caught_by=("events: trigger_stands_there.trigger_start_char", "relations: events_stand_as_in_parent"),
    ),
    Defect(
        "speakers slid by one row",
        "The same, for the names of speakers.",
        shifting("quotes", "speaker"),
        caught_by=(
            "quotes: speaker_with_place.speaker",
            "relations: quotes_stand_as_in_parent speakers_in_words",
        ),
    ),
    Defect(
        "speakers lost",
        "The rule that finds speakers no longer runs.",
        setting(
            "quotes", speaker=None, speaker_start_char=None, speaker_end_char=None, speaker_entity_id=None, cue=None
        ),
        caught_by=(
            "quotes: mostly_with_speaker",
            "relations: quotes_nulls_like_parent quotes_stand_as_in_parent",
        ),
    ),
    Defect(
        "one speaker in fifteen wrong",
        "“She” is given to the wrong woman.",
        every("quotes", lambda _row: {"speaker": "Greta Lund"}, lambda row: row.get("speaker") == "Ivo Tanner"),
        because="fewer than a fifth of the speakers: no more than pronouns and titles explain",
    ),
    Defect(
        "places slid by one row",
        "A column is joined by position after a filter.",
        shifting("events", "place"),
        caught_by=("relations: events_evidence.place_start_char events_stand_as_in_parent",),
    ),
    # link
    Defect(
        "latitude and longitude swapped",
        "GeoJSON puts longitude first.",
        swapping("entities", "latitude", "longitude"),
        caught_by=("relations: entities_stand_as_in_parent",),
    ),
    Defect(
        "latitude and longitude swapped in a first release",
        "The same, with nothing to compare with.",
        swapping("entities", "latitude", "longitude"),
        first=True,
        because="both are degrees, and no map is at hand; places beyond 90° east or west would be refused",
    ),
    Defect(
        "impossible coordinates",
        "Degrees are taken for tenths.",
        every("entities", lambda row: {"latitude": row["latitude"] * 10} if row.get("latitude") else {}),
        caught_by=(
            "entities: in_bounds.latitude",
            "relations: entities_stand_as_in_parent",
        ),
    ),
    Defect(
        "places at (0, 0)",
        "Unknown is written as zero.",
        every("entities", lambda row: {"latitude": 0.0, "longitude": 0.0} if row.get("latitude") else {}),
        caught_by=(
            "entities: not_null_island.latitude",
            "relations: entities_stand_as_in_parent",
        ),
    ),
    Defect(
        "GeoNames ids lost",
        "A join to the gazetteer finds nothing.",
        setting("entities", geonames_id=None),
        caught_by=("relations: entities_nulls_like_parent entities_stand_as_in_parent",),
    ),
    Defect(
        "country codes of two letters",
        "The gazetteer's column for ISO 3166-1 alpha-2 is read.",
        every("entities", lambda row: {"country_code": row["country_code"][:2]} if row.get("country_code") else {}),
        caught_by=(
            "entities: has_shape.country_code",
            "relations: entities_stand_as_in_parent",
        ),
    ),
    Defect(
        "mentions of the wrong entity",
        "A stale map from names to entities is joined.",
        partial(_other_entity, table="mentions", column="entity_id"),
        caught_by=(
            "relations: entities_count_their_articles linked_entities_are_mentioned mentions_wording_is_an_alias",
        ),
    ),
    Defect(
        "speakers of the wrong entity",
        "The same, for speakers.",
        partial(_other_entity, table="quotes", column="speaker_entity_id"),
        caught_by=(
            "relations: entities_count_their_articles",
            "relations: linked_entities_are_mentioned",
        ),
    ),
    Defect(
        "an entity that nobody mentions",
        "Entities of an earlier run are kept.",
        _stale_entity,
        caught_by=("relations: entities_count_their_articles",),
    ),
    Defect(
        "entity rows doubled",
        "Two shards each add the same entity.",
        lambda rows: rows["entities"].append(dict(rows["entities"][0])),
        caught_by=("entities: key_is_unique",),
    ),
    Defect(
        "entities lost",
        "A filter on country drops entities that have none.",
        dropping("entities", lambda _number, row: not row.get("country_code")),
        caught_by=(
            "relations: event_actors_exists.entity_id mentions_exists.entity_id quotes_exists.speaker_entity_id",
        ),
    ),
    Defect(
        "copies without an original",
        "Link marks copies and the map to their originals is lost.",
        setting("documents", lambda row: _number(row) % 10 == 5, status="duplicate"),
        caught_by=("documents: original_with_duplicate",),
    ),
    # the file
    Defect(
        "figures as fractions",
        "A trip through pandas makes floats of integers with nulls.",
        _nothing,
        tables=_to_float,
        caught_by=("casualties: id_is_hash.casualty_id types_match",),
    ),
    Defect(
        "a column renamed",
        "A schema is changed in one place.",
        _nothing,
        tables=_renamed,
        caught_by=(
            "relations: conflicts_lie_in_their_incident corrections_stand figures_have_claims",
            "casualties: closed.low columns_match date_is_whole.date_start figure_in_words.low",
            "casualties: has_shape.casualty_id has_shape.document_id has_shape.event_id has_shape.place_entity_id",
            "casualties: has_shape.sentence_id has_shape.timex_id hedge_in_words.hedge_start_char",
            "casualties: id_is_hash.casualty_id id_is_unique.casualty_id in_bounds.count_end_char",
            "casualties: in_bounds.count_start_char in_bounds.end_char in_bounds.hedge_end_char",
            "casualties: in_bounds.hedge_start_char in_bounds.high in_bounds.low in_bounds.place_end_char",
            "casualties: in_bounds.place_start_char in_bounds.start_char in_bounds.trigger_end_char",
            "casualties: in_bounds.trigger_start_char in_codes.date_precision in_codes.kind in_codes.qualifier",
            "casualties: in_codes.rule interval_is_forward.date_start interval_is_forward.low key_is_unique",
            "casualties: kinds_in_words not_null.casualty_id not_null.document_id not_null.end_char not_null.kind",
            "casualties: not_null.qualifier not_null.rule not_null.sentence_id not_null.start_char not_null.text",
            "casualties: not_null.trigger_end_char not_null.trigger_start_char open_above.high open_below.low",
            "casualties: possible.low range_is_closed.low span_is_forward.count_start_char",
            "casualties: span_is_forward.hedge_start_char span_is_forward.place_start_char",
            "casualties: span_is_forward.start_char span_is_forward.trigger_start_char",
            "casualties: span_is_whole.count_start_char span_is_whole.hedge_start_char",
            "casualties: span_is_whole.place_start_char span_is_whole.start_char span_is_whole.trigger_start_char",
            "casualties: number_or_single.count_start_char types_match usual.low vague_has_no_figure.low",
            "casualties: victims_in_words.victims",
            "relations: casualties_codes_like_parent casualties_stand_as_in_parent figures_like_parent",
        ),
    ),
)


def _odd_quote() -> list[Rows]:
    page = Page(1_000)
    page.write("headline", "A report with no-break spaces")
    page.write("body", "“No\u00a0more\u200bwar,” he said.")
    page.fact("quotes", "No\u00a0more\u200bwar,", form="speech", cue="said")
    return [page.finish(FIRST_DAY, OUTLETS[0], f"{EVERY_FILE[0]}#1000")]


def _page_without_words() -> list[Rows]:
    page = plain_page(1_000, "* * *")
    page["articles"][0]["word_count"] = 0
    return [page]


# Single odd pages, as real feeds hold them: whatever they say, they must not keep the others from release.
ODD_PAGES: Mapping[str, Callable[[Rows], None]] = {
    "a page from the future": one(
        "articles",
        lambda _row: {"published_on": date(2099, 1, 1)},
        lambda row: row["published_basis"] == "metadata",
    ),
    "a page whose date contradicts its words": one(
        "articles",
        lambda _row: {"published_on": date(2020, 12, 31)},
        lambda row: row["published_basis"] == "explicit",
    ),
    "a quote between spaces that do not break": more_pages(_odd_quote),
    "a body of asterisks": more_pages(_page_without_words),
    "a page that our code trips over": together(
        without_pages(lambda number: number == 8),
        lambda rows: rows["documents"].append(
            next(row for row in page_rows(8)["documents"])
            | {"status": "quarantined", "status_reason": "extract_failed", "duplicate_of": None}
        ),
    ),
    "a page that our code trips over, of twelve": together(
        without_pages(lambda number: number >= 8),
        lambda rows: rows["documents"].append(
            next(row for row in page_rows(8)["documents"])
            | {"status": "quarantined", "status_reason": "extract_failed", "duplicate_of": None}
        ),
    ),
    "a figure above its digits": together(one("casualties", _times(50), _killed), rehashed("casualties")),
    "killed, told in words of wounds": together(
        one("casualties", lambda _row: {"kind": "wounded"}, _killed), rehashed("casualties")
    ),
    "a time expression of another year": one(
        "timexes", lambda row: _century_back(row, "date_start", "date_end") | {"value": f"19{row['value'][2:]}"}
    ),
    "a speaker by another name": one("quotes", lambda _row: {"speaker": "Greta Lund"}),
}


LEAST_OF_A_FAMILY = 3  # ids that differ in table and column alone are named as one from so many


def brief(check_ids: Iterable[str]) -> str:
    """Ids for a table's cell: many of one kind under one name.

    >>> brief(["quotes.id_is_hash.quote_id", "relations.events_evidence.start_char"])
    '`quotes.id_is_hash.quote_id`, `relations.events_evidence.start_char`'
    >>> brief(f"{table}.id_is_hash.{table[:-1]}_id" for table in ("events", "quotes", "timexes"))
    '`*.id_is_hash` (3)'
    """
    families: dict[str, list[str]] = {}
    for check_id in check_ids:
        suite, name, *_column = check_id.split(".")
        if suite == "relations":
            table = next((table.name for table in STAGED if name.startswith(f"{table.name}_")), None)
            family = f"relations.*{name.removeprefix(table)}" if table else check_id
        else:
            family = f"*.{name}"
        families.setdefault(family, []).append(check_id)
    shown = []
    for family, members in families.items():
        shown += (
            [f"`{family}` ({len(members)})"] if len(members) >= LEAST_OF_A_FAMILY else [f"`{one}`" for one in members]
        )
    return ", ".join(shown)


def list_of_defects(severities: Mapping[str, str]) -> str:
    """What expectations/README.md shows between its marks: what is not caught, and what catches the rest."""
    lines = ["| defect | how it comes about | refused by | warned of by |", "| --- | --- | --- | --- |"]
    for defect in (defect for defect in DEFECTS if defect.caught_by):
        by = {level: brief(i for i in defect.check_ids if severities[i] == level) for level in ("critical", "warning")}
        lines.append(f"| {defect.name} | {defect.comes_about} | {by['critical'] or '-'} | {by['warning'] or '-'} |")
    missed = [f"- **{d.name}.** {d.comes_about} Not caught: {d.because}." for d in DEFECTS if not d.caught_by]
    return "\n".join([*missed, "", *lines])
