"""Every table, in the order of the data's path."""

from typing import Final

from schemas.article_links import ARTICLE_LINKS
from schemas.articles import ARTICLES
from schemas.blocks import BLOCKS
from schemas.casualties import CASUALTIES
from schemas.checks import CHECKS
from schemas.claim_conflicts import CLAIM_CONFLICTS
from schemas.corrections import CORRECTIONS
from schemas.documents import DOCUMENTS
from schemas.duplicates import DUPLICATES
from schemas.entities import ENTITIES
from schemas.entity_links import ENTITY_LINKS
from schemas.event_actors import EVENT_ACTORS
from schemas.event_mentions import EVENT_MENTIONS
from schemas.events import EVENTS
from schemas.id_map import ID_MAP
from schemas.incident_events import INCIDENT_EVENTS
from schemas.incidents import INCIDENTS
from schemas.mentions import MENTIONS
from schemas.quotes import QUOTES
from schemas.records import RECORDS
from schemas.refusals import REFUSALS
from schemas.segments import SEGMENTS
from schemas.sentences import SENTENCES
from schemas.stories import STORIES
from schemas.table import Table
from schemas.timexes import TIMEXES

ALL_TABLES: Final[tuple[Table, ...]] = (
    DOCUMENTS,
    RECORDS,
    BLOCKS,
    REFUSALS,
    SEGMENTS,
    ARTICLES,
    SENTENCES,
    MENTIONS,
    ENTITIES,
    ENTITY_LINKS,
    DUPLICATES,
    STORIES,
    ARTICLE_LINKS,
    TIMEXES,
    QUOTES,
    CASUALTIES,
    EVENTS,
    EVENT_MENTIONS,
    EVENT_ACTORS,
    CORRECTIONS,
    INCIDENTS,
    INCIDENT_EVENTS,
    CLAIM_CONFLICTS,
    ID_MAP,
    CHECKS,
)
RELEASED: Final[tuple[Table, ...]] = tuple(table for table in ALL_TABLES if table.released)


def table_named(name: str) -> Table:
    """The table of that name; KeyError that lists the names if there is none."""
    for table in ALL_TABLES:
        if table.name == name:
            return table
    raise KeyError(f"no table {name!r}; there are {', '.join(table.name for table in ALL_TABLES)}")


def made_by(stage: str) -> tuple[Table, ...]:
    """The tables that a stage makes."""
    return tuple(table for table in ALL_TABLES if table.stage == stage)
