"""What spans tables: foreign keys, evidence inside its document and equal to it, full coverage, one fate per input, drift."""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from expectations.check import CRITICAL, WARNING, Check, drift_at_most, relation, relation_at_most
from schemas.articles import ARTICLES
from schemas.casualties import CASUALTIES
from schemas.claim_conflicts import CLAIM_CONFLICTS
from schemas.codes import INCIDENT_STATUS, READ_LABELS
from schemas.columns import CORRECTED
from schemas.corrections import CORRECTABLE, CORRECTIONS
from schemas.documents import DOCUMENTS
from schemas.entities import ENTITIES
from schemas.event_actors import EVENT_ACTORS
from schemas.events import EVENTS
from schemas.evidence import broken_evidence, owner_column
from schemas.id_map import ID_MAP
from schemas.incidents import INCIDENTS
from schemas.mentions import MENTIONS
from schemas.quotes import QUOTES
from schemas.registry import RELEASED, table_named
from schemas.segments import SEGMENTS
from schemas.stories import STORIES
from schemas.table import Table

# What Python's str.isspace calls blank, for RE2, whose \s knows ASCII only.
BLANK = r"[\s\x{0B}\x{1C}-\x{1F}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]"

MAX_ROW_CHANGE = 0.5  # of the parent's rows: half as many or half again is a different input or a broken stage
MAX_NULL_CHANGE = 0.2  # of a column's rows: a column that was filled and is empty has lost its source
MAX_CODE_CHANGE = 0.3  # of a column's rows, up or down for one code; random halves of 1,000 real articles differ by up
# to 0.13, one outlet and the rest by up to 0.25 in nearly all columns (dates and time expressions: more)
MAX_REVISED_SHARE = 0.2  # of rows of documents that were there before; with the same code none differ
MAX_EMPTIED_SHARE = (
    0.05  # of documents that had rows of a table; a twentieth without any is a lost part, not a mended rule
)
MAX_MEDIAN_RATIO = 10  # of casualty figures; medians of outlets differ by up to 5
MAX_DAYS_FROM_NEIGHBOUR = 15  # between an article dated by another and that other: a dateline's year is told no further
MAX_LENGTH_RATIO = 3  # of words in a body; outlets differ by up to 4, which is worth a look
MAX_MEDIAN_YEARS = 10  # between the middle article of this release and the parent's
COMMONEST_DAY_SHARE = 0.5  # of dated articles on one day, where the parent had far fewer on any
LEAST_PARENT_ROWS = 50  # below this, shares jump by chance
LEAST_CODED_ROWS = 100  # the same for shares of codes

MAX_AGAINST_WORDS_SHARE = (
    0.1  # of facts that can be compared with their words: no odd page does that, a broken join does
)
MAX_OTHER_SPEAKER_SHARE = 0.2  # 1 % of 2,158 real ones: "the mayor" for a name told elsewhere
MIN_SENTENCE_COVER = 0.9  # of a document's read characters; the least of 1,000 real articles has 0.98
MAX_UNCOVERED_SHARE = 0.02  # of articles below that
LARGE_ARTICLES = 200  # of real news so many have hundreds of rows in each table of facts
LEAST_CONFIDENCES = 200  # rows; real ones spread over a dozen values

# Columns whose values depend on what else is in a release, beside those that link owns.
COMPANY: dict[str, tuple[str, ...]] = {
    "documents": ("uris", "status"),
    "entities": ("name", "entity_type", "aliases", "article_count"),
}

# What these say depends on what else is in a release, from the id on.
GROUPS: frozenset[str] = frozenset(
    {"duplicates", "stories", "incidents", "incident_events", "claim_conflicts", "id_map"}
)

# Nothing need be copied, disagree, be corrected or be replaced, however large the release.
MAY_STAY_EMPTY = frozenset({"duplicates", "claim_conflicts", "corrections", "id_map"})

AUDITED: tuple[Table, ...] = tuple(table for table in RELEASED if table.name != "checks")

# What a person corrected since the parent says nothing of what the stages do: neither this table nor its mark in rows drifts.
DRIFTING: tuple[Table, ...] = tuple(table for table in AUDITED if table is not CORRECTIONS)


def foreign_keys(tables: Iterable[Table] = AUDITED) -> list[Check]:
    """Every column that references another table finds its row; a fact that belongs to a document, in that document."""
    checks = []
    for table in tables:
        for column in table.columns:
            if column.references is None:
                continue
            other, _, key = column.references.partition(".")
            both = {"document_id"} <= set(table.column_names) & set(table_named(other).column_names)
            own = other != "documents" and both
            same = " and parent.document_id = child.document_id" if own else ""
            query = (
                f'select child."{column.name}", child."{table.key[0]}" from {{batch}} child '
                f'where child."{column.name}" is not null and not exists '
                f'(select 1 from {other} parent where parent."{key}" = child."{column.name}"{same})'
            )
            because = (
                f"{table.name}.{column.name} exists in {column.references}{', in the same document' if own else ''}."
            )
            checks.append(relation(f"{table.name}_exists", table, query, because, column=column.name))
    return checks


def evidence(tables: Iterable[Table] = AUDITED) -> list[Check]:
    """Every span lies inside its document, and the text between is what the row says."""
    checks = []
    for table in tables:
        for span in table.spans:
            query = broken_evidence(table, span, "{batch}")
            words = f" and {span.text} repeats its words." if span.text else "."
            because = f"{table.name}: {span.start} to {span.end} lies in the document{words}"
            checks.append(relation(f"{table.name}_evidence", table, query, because, column=span.start))
    return checks


def coverage() -> list[Check]:
    """Segments are numbered, do not overlap and leave no non-blank character out; bodies and sentences come from them."""
    overlap = (
        "select document_id, start_char, end_char from {batch} "
        "qualify start_char < lag(end_char) over (partition by document_id order by start_char, end_char)"
    )
    # only what lies between segments is looked at: a seventh of the time of looking at all of the text
    uncovered = f"""
        select gap.document_id, gap.begins, gap.ends from (
            select document_id, coalesce(max(end_char) over (
                partition by document_id order by start_char, end_char rows between unbounded preceding and 1 preceding), 0) as begins,
                start_char as ends
            from segments
            union all
            select document.document_id, coalesce(max(segment.end_char), 0), length(any_value(document.text))
            from {{batch}} article join documents document on document.document_id = article.article_id
            left join segments segment using (document_id) group by document.document_id
        ) gap join documents document using (document_id) join {{batch}} article on article.article_id = gap.document_id
        where gap.ends > gap.begins
        and length(regexp_replace(substring(document.text, gap.begins + 1, gap.ends - gap.begins), '{BLANK}', '', 'g')) > 0
    """
    body = """
        select article.article_id, article.word_count from {batch} article left join (
            select segment.document_id, string_agg(
                substring(document.text, segment.start_char + 1, segment.end_char - segment.start_char),
                chr(10) || chr(10) order by segment.start_char) as joined
            from segments segment join documents document using (document_id)
            where segment.label in ('body', 'subhead') group by segment.document_id
        ) told on told.document_id = article.article_id
        where article.body <> coalesce(told.joined, '')
    """
    read = ", ".join(f"'{label}'" for label in READ_LABELS)
    unread = f"""
        select read.document_id from (
            select document_id, sum(end_char - start_char) as chars from segments where label in ({read}) group by document_id
        ) read left join (
            select document_id, sum(end_char - start_char) as chars from sentences group by document_id
        ) told using (document_id) join {{batch}} article on article.article_id = read.document_id
        where coalesce(told.chars, 0) < {MIN_SENTENCE_COVER} * read.chars
    """
    numbered = [
        relation(
            f"{name}_are_numbered",
            table_named(name),
            'select document_id, "index", start_char from {batch} qualify '
            '"index" <> row_number() over (partition by document_id order by start_char, end_char) - 1',
            f"{name} of a document are numbered from 0 in their order: none is missing, none is twice.",
        )
        for name in ("segments", "sentences")
    ]
    return [
        *numbered,
        relation("segments_do_not_overlap", SEGMENTS, overlap, "Segments of a document do not overlap."),
        relation(
            "segments_cover", ARTICLES, uncovered, "Segments leave no non-blank character of an article's document out."
        ),
        relation(
            "body_joins_segments", ARTICLES, body, "body is the body and subhead segments, joined by blank lines."
        ),
        relation_at_most(
            "sentences_cover_what_is_read",
            ARTICLES,
            unread,
            "select article_id from {batch}",
            MAX_UNCOVERED_SHARE,
            "Sentences hold what the read segments hold.",
            least_rows=20,
            severity=WARNING,
        ),
    ]


def fates() -> list[Check]:
    """Every input has one status, and what follows from the status is there."""
    no_row = """
        select input.uri from inputs input where not exists (
            select 1 from (select unnest(uris) as uri from {batch}) met
            where met.uri = input.uri or starts_with(met.uri, input.uri || '#'))
    """
    no_accepted = "select count(*) as accepted from {batch} where status = 'accepted' having count(*) = 0"
    article = """
        select document.document_id, document.status from {batch} document
        left join articles article on article.article_id = document.document_id
        where (document.status = 'quarantined') = (article.article_id is not null)
    """
    return [
        relation("every_input_is_a_document", DOCUMENTS, no_row, "Every file that went in is a row of documents."),
        relation(
            "some_document_is_accepted", DOCUMENTS, no_accepted, "A release holds at least one accepted document."
        ),
        relation(
            "article_unless_quarantined", DOCUMENTS, article, "A document has an article unless it is quarantined."
        ),
    ]


def facts() -> list[Check]:
    """Facts that point at facts agree with them."""
    sentence = [
        relation(
            f"{table.name}_begin_in_their_sentence",
            table,
            "select fact.document_id, fact.start_char from {batch} fact join sentences sentence using (sentence_id) "
            "where fact.document_id <> sentence.document_id or fact.start_char < sentence.start_char or fact.start_char >= sentence.end_char",
            f"A row of {table.name} begins in the sentence that it names.",
        )
        for table in AUDITED
        if "sentence_id" in table.column_names and table.name != "sentences"
    ]
    # is distinct from: a part without a speaker goes on with one without
    continued = """
        select part.quote_id, part.document_id, part.start_char from {batch} part
        join quotes earlier on earlier.quote_id = part.continues_quote_id
        where earlier.start_char >= part.start_char or earlier.speaker is distinct from part.speaker
    """
    unfounded = """
        select fact.document_id, fact.start_char, fact.date_start from (
            select document_id, start_char, date_start, timex_id from {batch}
            union all select document_id, start_char, date_start, timex_id from casualties
        ) fact left join articles article on article.article_id = fact.document_id
        where fact.date_start is not null and fact.timex_id is null and article.published_on is null
    """
    return [
        *sentence,
        relation(
            "dates_have_words_or_a_report",
            EVENTS,
            unfounded,
            "An event or figure that no time expression dates is dated by the day of the report, which is known.",
        ),
        relation(
            "quotes_continue_earlier_ones",
            QUOTES,
            continued,
            "A part of an utterance goes on with an earlier part by the same speaker.",
        ),
        relation(
            "events_have_actors",
            EVENTS,
            "select event.event_id, event.document_id from {batch} event "
            "where not exists (select 1 from event_actors party where party.event_id = event.event_id)",
            "An event has at least one party.",
            severity=WARNING,
        ),
        relation(
            "happened_is_not_after_publication",
            EVENTS,
            "select event_id, date_start, published_on from {batch} event join articles on article_id = event.document_id "
            "where status = 'happened' and date_start > published_on + 1",
            "What has happened is not dated after the report.",
            severity=WARNING,
        ),
    ]


def links() -> list[Check]:
    """What link fills: entities gather the mentions that point at them, and a fact's entity is named in its document, or its office is."""
    wording = f"""
        select mention.mention_id, mention.entity_id, entity.name from {{batch}} mention join entities entity using (entity_id)
        where not list_contains(entity.aliases, trim(regexp_replace(mention.text, '{BLANK}+', ' ', 'g')))
    """
    counted = """
        select entity.entity_id, entity.article_count, counted.articles from {batch} entity left join (
            select entity_id, count(distinct document_id) as articles from (
                select entity_id, document_id from mentions
                union all select speaker_entity_id, document_id from quotes
                union all select entity_id, document_id from event_actors
            ) named group by entity_id
        ) counted using (entity_id) where entity.article_count is distinct from counted.articles
    """
    linked = [
        f"select '{table.name}' as table_name, document_id, \"{column.name}\" as entity_id from {table.name}"
        for table in AUDITED
        for column in table.columns
        if column.references == "entities.entity_id" and "document_id" in table.column_names and table is not MENTIONS
    ]
    unnamed = f"""
        select fact.table_name, fact.document_id, fact.entity_id from ({" union all ".join(linked)}) fact
        left join entities holder on holder.entity_id = fact.entity_id
        where fact.entity_id is not null and coalesce(len(holder.roles), 0) = 0 and not exists (
            select 1 from {{batch}} mention where mention.document_id = fact.document_id and mention.entity_id = fact.entity_id)
    """
    neighbour = (
        "select article.article_id, article.published_on, article.published_from_document_id, giver.published_on as giver_on "
        "from {batch} article join articles giver on giver.article_id = article.published_from_document_id where "
    )
    return [
        relation(
            "day_follows_from_its_story",
            ARTICLES,
            f"{neighbour} giver.story_id is distinct from article.story_id",
            "The article that gives another its day is of the same story.",
        ),
        relation(
            "day_follows_from_a_day",
            ARTICLES,
            f"{neighbour} giver.published_on is null or giver.published_from_document_id is not null",
            "The article that gives another its day has one of its own.",
        ),
        relation(
            "day_is_near_its_neighbour",
            ARTICLES,
            f"{neighbour} abs(datediff('day', giver.published_on, article.published_on)) > {MAX_DAYS_FROM_NEIGHBOUR}",
            "A day that follows from another article is near that article's.",
        ),
        relation("mentions_wording_is_an_alias", MENTIONS, wording, "An entity's aliases hold every wording met."),
        relation(
            "entities_count_their_articles", ENTITIES, counted, "article_count counts the articles that mention it."
        ),
        relation(
            "linked_entities_are_mentioned",
            MENTIONS,
            unnamed,
            "A fact's entity is mentioned in its document, unless it is told by its office.",
        ),
    ]


def stories() -> list[Check]:
    """Every article has a story, and a story counts its own."""
    homeless = "select article_id from {batch} article where story_id is null"
    counted = """
        select story.story_id, story.article_count, told.articles from {batch} story left join (
            select story_id, count(*) as articles, count(distinct publisher) as publishers,
                count(distinct coalesce(document.duplicate_of, article_id)) as sources
            from articles join documents document on document.document_id = article_id group by story_id
        ) told using (story_id) where (story.article_count, story.publisher_count, story.source_count)
            is distinct from (told.articles, told.publishers, told.sources)
    """
    return [
        relation("articles_have_a_story", ARTICLES, homeless, "Every article is of one story, alone if need be."),
        relation(
            "stories_count_their_articles",
            STORIES,
            counted,
            "A story counts its articles, their outlets and their independent texts.",
        ),
    ]


def successors() -> list[Check]:
    """What id_map says of ids that are no more."""
    living = "(select story_id as id from stories union all select incident_id from incidents)"
    return [
        relation(
            "replaced_ids_are_gone",
            ID_MAP,
            f"select old_id, kind from {{batch}} mapped where old_id in (select id from {living} alive)",
            "An id that id_map says was replaced is none of this release.",
        ),
        relation(
            "successors_exist",
            ID_MAP,
            f"select old_id, new_id from {{batch}} mapped where new_id is not null and not exists "
            f"(select 1 from {living} alive where alive.id = mapped.new_id)",
            "What stands in place of a replaced id is in this release.",
        ),
    ]


def happenings() -> list[Check]:
    """Incidents say what their events and claims say: none is lost, none counted twice, none made up."""
    statuses = ", ".join(f"'{status}'" for status in INCIDENT_STATUS)
    left_out = f"""
        select event.event_id, event.status from {{batch}} event left join incident_events member using (event_id)
        where (event.status in ({statuses})) = (member.incident_id is null)
    """
    another = """
        select incident.incident_id, event.event_id from {batch} incident
        join incident_events member using (incident_id) join events event using (event_id) where event.plover <> incident.plover
    """
    counted = """
        select incident.incident_id, incident.event_count, incident.article_count, told.events, told.articles from {batch} incident
        left join (
            select incident_id, count(*) as events, count(distinct event.document_id) as articles
            from incident_events join events event using (event_id) group by incident_id
        ) told using (incident_id)
        where incident.event_count is distinct from told.events or incident.article_count is distinct from told.articles
    """
    unnamed = """
        select incident.incident_id from {batch} incident where not exists (
            select 1 from incident_events member where member.incident_id = incident.incident_id
            and incident.incident_id = sha256(concat_ws(chr(31), 'incidents', member.event_id))[1:16])
    """
    unclaimed = """
        select incident.incident_id, kind from {batch} incident,
        lateral (select unnest(['killed', 'wounded']) as kind, unnest([killed_best, wounded_best]) as best) figure
        where figure.best is not null and not exists (
            select 1 from incident_events member join casualties claim using (event_id)
            where member.incident_id = incident.incident_id and claim.kind = figure.kind)
    """
    foreign = """
        select conflict.incident_id, claim.casualty_id from (
            select incident_id, kind, unnest([casualty_id, other_id]) as casualty_id from {batch}
        ) conflict join casualties claim using (casualty_id) left join incident_events member using (event_id)
        where member.incident_id is distinct from conflict.incident_id or claim.kind <> conflict.kind
    """
    agreed = """
        select incident.incident_id, incident.sources_disagree from {batch} incident
        left join (select distinct incident_id, true as conflicts from claim_conflicts) found using (incident_id)
        where incident.sources_disagree <> coalesce(found.conflicts, false)
    """
    return [
        relation(
            "happenings_have_one_incident",
            EVENTS,
            left_out,
            "What happened, goes on or is planned belongs to an incident; what is denied or called for does not.",
        ),
        relation("incidents_have_their_events_root", INCIDENTS, another, "An incident's events are of its root."),
        relation("incidents_count_their_events", INCIDENTS, counted, "event_count and article_count count its events."),
        relation(
            "incidents_are_named_by_an_event", INCIDENTS, unnamed, "incident_id is the hash of one of its events."
        ),
        relation("figures_have_claims", INCIDENTS, unclaimed, "A best figure comes from claims linked to its events."),
        relation(
            "conflicts_lie_in_their_incident",
            CLAIM_CONFLICTS,
            foreign,
            "Both claims of a conflict are of its kind and linked to its incident.",
        ),
        relation(
            "disagreement_has_conflicts",
            INCIDENTS,
            agreed,
            "sources_disagree is true exactly where claim_conflicts has a pair.",
        ),
    ]


def words() -> list[Check]:
    """Facts against their own words. By share: an odd page must not stop a release, a shifted column must."""
    said = "substring(document.text, {0}_start_char + 1, {0}_end_char - {0}_start_char)"
    published = f"""
        select article_id, published_on, {said.format("published")} as words from {{batch}} article
        join documents document on document.document_id = article.article_id
        where published_basis = 'explicit' and published_start_char is not null
    """
    # a day's number stands in its date however that is written; a year does where four digits are
    other_day = f"""
        select article_id, published_on, words from ({published}) stated where regexp_matches(words, '\\d') and (
            not list_contains(list_transform(regexp_extract_all(words, '\\d+'), lambda part: try_cast(part as integer)), day(published_on))
            and not contains(words, strftime(published_on, '%Y%m%d'))
            or regexp_matches(words, '\\d{{4}}') and not contains(words, year(published_on)::varchar))
    """
    dated = (
        "select fact.document_id, fact.start_char, fact.date_start, fact.date_end, timex.date_start as timex_start, "
        "timex.date_end as timex_end from (select document_id, start_char, date_start, date_end, timex_id from {batch} "
        "union all select document_id, start_char, date_start, date_end, timex_id from casualties) fact "
        "join timexes timex using (timex_id) where fact.date_start is not null and timex.date_start is not null"
    )
    pronouns = "('he', 'she', 'they', 'it', 'who', 'i', 'we', 'him', 'her', 'them', 'his')"
    speaker = f"""
        select quote_id, speaker, lower({said.format("speaker")}) as words from {{batch}} quote
        join documents document using (document_id) where speaker_start_char is not null
    """
    other_speaker = f"""
        select quote_id, speaker, words from ({speaker}) told where words not in {pronouns}
        and len(list_filter(regexp_extract_all(words, '[\\pL\\pN]+'), lambda word: contains(lower(speaker), word))) = 0
    """
    at = "coalesce(nullif(instr(lower(event.text), lower(event.trigger)), 0), 1) - 1 + event.start_char"
    turned = f"""
        select * from (
            select count(*) filter (role = 'actor' and party.start_char < {at}) / count(*) filter (role = 'actor') as actors_first,
            count(*) filter (role = 'recipient' and party.start_char < {at}) / count(*) filter (role = 'recipient') as recipients_first,
            count(*) filter (role = 'actor') as actors, count(*) filter (role = 'recipient') as recipients
            from {{batch}} party join events event using (event_id) where party.start_char is not null
        ) counted where least(actors, recipients) >= {LEAST_PARENT_ROWS} and actors_first < recipients_first
    """
    return [
        relation_at_most(
            "published_in_words",
            ARTICLES,
            other_day,
            published,
            MAX_AGAINST_WORDS_SHARE,
            "The day and year of a stated publication date are those of its words.",
            least_rows=20,
            severity=CRITICAL,
        ),
        relation_at_most(
            "dates_are_of_their_timex",
            EVENTS,
            f"select * from ({dated}) dated where date_start > timex_end or date_end < timex_start",
            dated,
            MAX_AGAINST_WORDS_SHARE,
            "The dates of events and casualties meet those of the time expression that dates them.",
            least_rows=20,
            severity=CRITICAL,
        ),
        relation_at_most(
            "speakers_in_words",
            QUOTES,
            other_speaker,
            speaker,
            MAX_OTHER_SPEAKER_SHARE,
            "A speaker has a word in common with the words that name them.",
            least_rows=50,
            severity=WARNING,
        ),
        relation(
            "actors_come_first",
            EVENT_ACTORS,
            turned,
            "Who acts is more often named before the deed than who suffers it (on real news 74 % and 29 %).",
            severity=WARNING,
        ),
    ]


def corrections() -> list[Check]:
    """Every correction stands in its row, which is marked; every mark has its correction."""
    marked = " union all ".join(_corrected_values(table, columns) for table, columns in CORRECTABLE.items())
    lost = f"""
        select correction_id, table_name, row_id, column_name from {{batch}} told where not exists (
            select 1 from ({marked}) marked
            where marked.table_name = told.table_name and marked.row_id = told.row_id and marked.document_id = told.document_id
            and marked.column_name = told.column_name and list_contains(marked.corrected, told.column_name)
            and marked.value is not distinct from told.new
        )
    """
    marks = " union all ".join(
        f"select '{table}' as table_name, {table_named(table).columns[0].name} as row_id, unnest(corrected) as column_name from {table}"
        for table in CORRECTABLE
    )
    untold = f"select table_name, row_id, column_name from ({marks}) marks anti join {{batch}} using (table_name, row_id, column_name)"
    empty = " union all ".join(
        f"select '{table}' as table_name, {table_named(table).columns[0].name} as row_id from {table} where len(corrected) = 0"
        for table in CORRECTABLE
    )
    return [
        relation(
            "corrections_stand",
            CORRECTIONS,
            lost,
            "The row that a correction names is there, in its document, has the new value and says that it was corrected.",
        ),
        relation(
            "corrections_are_told",
            CORRECTIONS,
            f"{untold} union all select table_name, row_id, null from ({empty}) empty",
            "What a row says was corrected is told in corrections.",
        ),
    ]


def _corrected_values(table: str, columns: Sequence[str]) -> str:
    """Every column that may be corrected, and its value as text, of the table's rows that say they were corrected."""
    names = ", ".join(f"'{column}'" for column in columns)
    values = ", ".join(f'"{column}"::varchar' for column in columns)
    return (
        f"select '{table}' as table_name, {table_named(table).columns[0].name} as row_id, document_id, corrected, "
        f"unnest([{names}]) as column_name, unnest([{values}]) as value from {table} where corrected is not null"
    )


def breadth() -> list[Check]:
    """A large release has rows in every table of facts, and scores that differ."""
    counted = " union all ".join(
        f"select '{table.name}' as empty_table, (select count(*) from {table.name}) as rows"
        for table in AUDITED
        if table.may_be_empty and table.name not in MAY_STAY_EMPTY
    )
    scored = " union all ".join(
        f"select '{table.name}' as table_name, count(*) as rows, count(distinct confidence) as values from {table.name}"
        for table in AUDITED
        if "confidence" in table.column_names
    )
    empty = f"select empty_table from ({counted}) counted where rows = 0 and (select count(*) from {{batch}}) >= {LARGE_ARTICLES}"
    constant = (
        f"select table_name, rows from ({scored}) scored where rows >= {LEAST_CONFIDENCES} and values = 1 "
        "and (select count(*) from {batch}) >= 0"
    )
    return [
        relation(
            "large_release_has_facts", ARTICLES, empty, "Many articles have facts of every table.", severity=WARNING
        ),
        relation(
            "confidence_varies",
            EVENTS,
            constant,
            "A confidence that is always the same tells nothing.",
            severity=WARNING,
        ),
    ]


def drift() -> list[Check]:
    """Against the parent release: tables that shrink, codes that move, columns that empty, days that go back, old facts that change.

    Run only when there is a parent, whose tables are then visible as parent_<table>.
    """
    counted = " union all ".join(
        f"select '{table.name}' as table_name, (select count(*) from parent_{table.name}) as before, "
        f"(select count(*) from {table.name}) as after"
        for table in DRIFTING
    )
    rows = (
        f"select table_name, before, after, abs(after - before) / before as observed, {MAX_ROW_CHANGE}::double as threshold "
        f"from ({counted}) counted where before >= {LEAST_PARENT_ROWS} and (select count(*) from {{batch}}) >= 0"
    )
    checks = [
        drift_at_most("rows_like_parent", DOCUMENTS, rows, MAX_ROW_CHANGE, "Tables have about as many rows as before.")
    ]
    for table in DRIFTING:
        checks += [*_codes_like_parent(table), *_nulls_like_parent(table)]
        if table.name not in GROUPS:
            checks.append(_stands_as_in_parent(table))
    gone = (
        "select publisher, count(*) as before from parent_articles parent where publisher is not null "
        "and not exists (select 1 from {batch} article where article.publisher = parent.publisher) "
        f"group by publisher having count(*) >= {LEAST_PARENT_ROWS}"
    )
    return [
        *checks,
        relation(
            "no_publisher_vanishes", ARTICLES, gone, "No publisher with many articles vanishes.", severity=WARNING
        ),
        _days_like_parent(),
        _figures_like_parent(),
    ]


def _codes_like_parent(table: Table) -> list[Check]:
    """No common code is gone, none takes over: all coded columns of a table in one query."""
    columns = [column for column in table.columns if column.codes is not None or column.type == pa.bool_()]
    if not columns:
        return []
    values = ", ".join(f'"{column.name}"::varchar' for column in columns)
    names = ", ".join(f"'{column.name}'" for column in columns)

    def shares(rows: str) -> str:
        return (
            "select name, value, count(*) as rows, sum(count(*)) over (partition by name) as total from ("
            f"select unnest([{names}]) as name, unnest([{values}]) as value from {rows}) listed where value is not null group by name, value"
        )

    query = f"""
        select name, value, before, after, unnest([
            case when after = 0 then before::double end,
            case when least(total, parent_total) >= {LEAST_CODED_ROWS} then abs(after / total - before / parent_total) end
        ]) as observed, unnest([{LEAST_PARENT_ROWS - 1}::double, {MAX_CODE_CHANGE}::double]) as threshold from (
            select name, value, coalesce(parent.rows, 0) as before, coalesce(now.rows, 0) as after,
                max(parent.total) over (partition by name) as parent_total, max(now.total) over (partition by name) as total
            from ({shares(f"parent_{table.name}")}) parent full join ({shares("{batch}")}) now using (name, value)
        ) counted
    """
    because = f"No code of {table.name} that was common is gone, and none has a share far from before."
    return [drift_at_most(f"{table.name}_codes_like_parent", table, query, MAX_CODE_CHANGE, because)]


def _nulls_like_parent(table: Table) -> list[Check]:
    """Columns are null about as often: all of a table in one query."""
    columns = [
        column.name
        for column in table.columns
        if column.nullable and column.name not in (*table.link_owned, CORRECTED.name)
    ]
    if not columns:
        return []
    names = ", ".join(f"'{name}'" for name in columns)
    nulls = ", ".join(f'count(*) filter (where "{name}" is null) / greatest(count(*), 1)' for name in columns)
    query = f"""
        select name, round(before, 4) as before, round(after, 4) as after, abs(after - before) as observed, {MAX_NULL_CHANGE}::double as threshold from (
            select unnest([{names}]) as name, unnest(parent.shares) as before, unnest(now.shares) as after
            from (select [{nulls}] as shares, count(*) as total from {{batch}}) now,
            (select [{nulls}] as shares, count(*) as total from parent_{table.name}) parent
            where least(now.total, parent.total) >= {LEAST_PARENT_ROWS}
        ) shared
    """
    because = f"Columns of {table.name} are null about as often as before."
    return [drift_at_most(f"{table.name}_nulls_like_parent", table, query, MAX_NULL_CHANGE, because)]


def compared_columns(table: Table) -> tuple[str, ...]:
    """Columns that another release of the same document holds unchanged; the words of facts are compared as evidence already."""
    words = table.article_text if table.name != "documents" else ()
    left_out = {
        CORRECTED.name,
        owner_column(table),
        *_identity(table),
        *table.link_owned,
        *COMPANY.get(table.name, ()),
        *words,
    }
    return tuple(name for name in table.column_names if name not in left_out)


def _identity(table: Table) -> tuple[str, ...]:
    """What makes a row the same row in another release: its own id, or the key of a table without one."""
    first = table.columns[0]
    return table.key if first.references and table.key != (first.name,) else (first.name,)


def _stands_as_in_parent(table: Table) -> Check:
    """Of documents that the parent had too: rows that are gone, documents left without any, columns that now say something else.

    The ids are hashes of what they name, so the same id is the same words of the same document. With the same code all
    is equal; a mended rule changes some; a broken one, or a part that was lost, changes most.
    """
    keys = ", ".join(f'"{name}"' for name in _identity(table))
    joined = " and ".join(f'now."{name}" = parent."{name}"' for name in _identity(table))
    first = f'now."{_identity(table)[0]}"'
    kept = f"{first} is not null"
    compared = [
        (
            name,
            f'count(*) filter (where {kept} and now."{name}" is distinct from parent."{name}")',
            f'count(*) filter (where {kept} and coalesce(now."{name}", parent."{name}") is not null)',
            MAX_REVISED_SHARE,
        )
        for name in compared_columns(table)
    ]
    stays = ""
    if table is not ENTITIES:  # those come and go with the documents that name them
        owner = owner_column(table)
        stays = (
            f"semi join (select article_id from articles semi join parent_articles using (article_id)) stays on stays.article_id = parent.{owner} "
            f"left join (select distinct {owner} as owner from {{batch}}) filled on filled.owner = parent.{owner} "
        )
        documents = f"count(distinct parent.{owner})"
        compared += [
            ("rows that are gone", f"count(*) filter (where {first} is null)", "count(*)", MAX_REVISED_SHARE),
            ("documents left without", f"{documents} filter (where owner is null)", documents, MAX_EMPTIED_SHARE),
        ]
    what, changed, total, limit = (
        ", ".join(parts) for parts in zip(*((f"'{w}'", c, t, str(m)) for w, c, t, m in compared), strict=True)
    )
    query = f"""
        select what, changed, total, changed / total as observed, threshold from (
            select unnest([{what}]) as what, unnest([{changed}]) as changed, unnest([{total}]) as total, unnest([{limit}]::double[]) as threshold
            from parent_{table.name} parent {stays}left join {{batch}} now on {joined}
        ) counted where total >= {LEAST_PARENT_ROWS}
    """
    because = f"Rows of {table.name} that the parent had too ({keys}) say what they said."
    return drift_at_most(f"{table.name}_stand_as_in_parent", table, query, MAX_REVISED_SHARE, because.replace('"', ""))


def _days_like_parent() -> Check:
    """Publication goes on: the newest articles are no older, the middle one is near, no day takes over."""

    def days(rows: str) -> str:
        return (
            "select quantile_disc(published_on, 0.99) as newest, quantile_disc(published_on, 0.5) as middle, "
            f"count(published_on) as dated, (select max(n) from (select count(*) as n from {rows} where published_on is not null "
            f"group by published_on) by_day) / count(published_on) as commonest from {rows}"
        )

    query = f"""
        select unnest(['newest articles are older', 'middle article is years away', 'one day has most articles']) as what,
            unnest([parent.newest::varchar, parent.middle::varchar, parent.commonest::varchar]) as before,
            unnest([now.newest::varchar, now.middle::varchar, now.commonest::varchar]) as after,
            unnest([greatest(datediff('day', now.newest, parent.newest), 0), abs(datediff('year', parent.middle, now.middle)),
                case when parent.commonest < now.commonest / 2 then now.commonest else 0 end]::double[]) as observed,
            unnest([0, {MAX_MEDIAN_YEARS}, {COMMONEST_DAY_SHARE}]::double[]) as threshold
        from ({days("{batch}")}) now, ({days("parent_articles")}) parent
        where least(now.dated, parent.dated) >= {LEAST_PARENT_ROWS}
    """
    return drift_at_most(
        "days_like_parent",
        ARTICLES,
        query,
        MAX_MEDIAN_YEARS,
        "Publication days go on from the parent's: input that is stale, or dates that are not its own, go back or gather on one day.",
    )


def _figures_like_parent() -> Check:
    """The middle casualty figure of each kind, and the middle length of a body, are of the parent's order."""

    def middles(casualties: str, articles: str) -> str:
        return (
            "select kind as what, median(coalesce(low, high)) as middle, count(coalesce(low, high)) as rows, "
            f"{MAX_MEDIAN_RATIO} as ratio from {casualties} group by kind union all "
            f"select 'words in a body', median(word_count), count(*), {MAX_LENGTH_RATIO} from {articles}"
        )

    query = f"""
        select what, parent.middle as before, now.middle as after,
            greatest(now.middle, parent.middle) / greatest(least(now.middle, parent.middle), 1) as observed,
            now.ratio::double as threshold
        from ({middles("{batch}", "articles")}) now join ({middles("parent_casualties", "parent_articles")}) parent using (what)
        where least(now.rows, parent.rows) >= {LEAST_PARENT_ROWS}
    """
    return drift_at_most(
        "figures_like_parent",
        CASUALTIES,
        query,
        MAX_MEDIAN_RATIO,
        "Figures and lengths are of the parent's order of magnitude.",
    )


def relations(*, with_parent: bool) -> tuple[Check, ...]:
    """Every check that spans tables; drift only when there is a parent to drift from."""
    always = (
        *foreign_keys(),
        *evidence(),
        *coverage(),
        *fates(),
        *facts(),
        *links(),
        *stories(),
        *successors(),
        *happenings(),
        *words(),
        *corrections(),
        *breadth(),
    )
    return (*always, *(drift() if with_parent else ()))
