"""What a record's fields are called: by scrapers, extractors, news services and schema.org. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from flows.ingest.raw import metadata_value

# Our field to the names in which it is looked for, best first, in lower case and of letters and digits alone: `date_publish`,
# `datePublish` and `Date-Publish` are one name. A name given by `--map` replaces them and is taken to the letter.
# The names are those that news-please, newspaper, trafilatura, CC-News, Media Cloud, webz.io, Event Registry, NewsAPI, GDELT,
# schema.org, Zyte, Diffbot and The Guardian write, and the corpora "All the news", RealNews, CNN/Daily Mail and XSum.
# Left out on purpose: when a page was fetched, seen or changed (date_download, crawled, seendate, timestamp, date_modify), and what
# is not the article (description, summary, excerpt).
FIELD_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "uuid", "guid", "articleid", "storyid", "storiesid", "docid", "documentid"),
    "text": (
        "text",
        "maintext",
        "articletext",
        "articlebody",
        "storytext",
        "bodytext",
        "fulltext",
        "plaintext",
        "body",
        "content",
        "article",
        "story",
        "document",
    ),
    "html": ("html", "rawhtml", "pagehtml", "articlehtml", "htmlcontent", "contenthtml", "bodyhtml", "articlebodyhtml"),
    "url": ("url", "link", "weburl", "pageurl", "articleurl", "canonicalurl", "permalink", "documentidentifier"),
    "title": ("title", "headline", "articletitle", "webtitle", "titlepage"),
    "published": (
        "published",
        "publishedat",
        "publishedon",
        "publisheddate",
        "publisheddatetime",
        "publishedtime",
        "publishdate",
        "publishtime",
        "datepublished",
        "datepublish",
        "datetimepub",
        "publicationdate",
        "pubdate",
        "webpublicationdate",
        "firstpublished",
        "postdate",
        "dateposted",
        "articledate",
        "date",
        "datetime",
    ),
    "publisher": (
        "publisher",
        "publishername",
        "publication",
        "sitename",
        "medianame",
        "sourcename",
        "outlet",
        "newspaper",
        "source",
        "sourcecommonname",
    ),
    "language": ("language", "lang", "languagecode", "inlanguage", "humanlanguage"),
}
_RANKS: Final = {name: (ours, rank) for ours, names in FIELD_NAMES.items() for rank, name in enumerate(names)}
# An outlet's domain names it only where no address does: clean knows outlets by their addresses.
DOMAIN_NAMES: Final = ("sourcedomain", "sourcehostname", "domain", "hostname", "site")
# Names under which some give text and some markup; a value that begins with a tag and closes one is a page.
EITHER_NAMES: Final = frozenset(("body", "content", "article", "story", "document", "articlebody"))
# Where the value is an object: its name (NewsAPI's source, schema.org's publisher), its headline (the New York Times'), MongoDB's exports.
NESTED_NAMES: Final = ("name", "title", "main", "$oid", "$date")
MAX_NAME_CHARS = 64

_MARKUP = re.compile(
    r"\s{0,100}<(?:!doctype|html|body|article|section|div|p|h[1-6]|ul|figure)\b[\s\S]{0,5000}?</", re.IGNORECASE
)
_ADDRESS = re.compile("https?://", re.IGNORECASE)


@lru_cache(maxsize=1024)
def plain_name(name: str) -> str:
    """A field's name as it is looked for; nothing for one that is absurdly long.

    >>> plain_name("date_publish"), plain_name("Source-Hostname"), plain_name("_id")
    ('datepublish', 'sourcehostname', 'id')
    """
    return "".join(filter(str.isalnum, name.lower())) if len(name) <= MAX_NAME_CHARS else ""


class Fields:
    """A record's fields under our names.

    >>> fields = Fields({"maintext": "Talks resume.", "source_domain": "e.org", "date_publish": "2019-03-04"}, {})
    >>> fields.content(), fields.metadata("published"), fields.metadata("publisher")
    (('Talks resume.', 'text/plain'), '2019-03-04', 'e.org')
    """

    def __init__(self, named: Mapping[str, Any], field_map: Mapping[str, str]) -> None:
        """Take the record's fields and what `--map` says: our name to the record's."""
        self._named, self._field_map = named, field_map
        self._plain: dict[str, Any] = {}
        self._ranked: dict[str, list[tuple[int, str]]] = {}  # our name to the names under which the record holds it
        for name, value in named.items():
            plain = plain_name(name)
            if value is not None and plain not in self._plain:
                self._plain[plain] = value
                if plain in _RANKS:
                    ours, rank = _RANKS[plain]
                    self._ranked.setdefault(ours, []).append((rank, plain))

    def content(self) -> tuple[Any, str]:
        """The text or page, and its media type; (None, "text/plain") if there is neither.

        The text where there are both: its offsets are what the record's maker sees. A blank text goes after a page.
        """
        blank: tuple[Any, str] = None, "text/plain"
        for ours, media_type in (("text", "text/plain"), ("html", "text/html")):
            for name, value in self._values(ours):
                if not isinstance(value, str | bytes):
                    continue
                if not value or value.isspace():
                    blank = (value, media_type) if blank[0] is None else blank
                elif name in EITHER_NAMES and isinstance(value, str) and _MARKUP.match(value):
                    return value, "text/html"
                else:
                    return value, media_type
        return blank

    def metadata(self, ours: str) -> str | None:
        """A field as text; None if the record says nothing that could be one."""
        for name, value in self._values(ours):
            found = _as_text(value)
            if found is None or (name == "source" and _ADDRESS.match(found)):
                continue
            return found
        if ours == "url" and "url" not in self._field_map:  # trafilatura's source
            found = _as_text(self._plain.get("source"))
            return found if found and _ADDRESS.match(found) else None
        if ours == "publisher" and "publisher" not in self._field_map and self.metadata("url") is None:
            return next(filter(None, (_as_text(self._plain.get(name)) for name in DOMAIN_NAMES)), None)
        return None

    def _values(self, ours: str) -> list[tuple[str, Any]]:
        """What the record holds under our field's names, best first, each with its name ("" if `--map` gave it)."""
        if ours in self._field_map:
            return [("", self._named.get(self._field_map[ours]))]
        return [(name, self._plain[name]) for _, name in sorted(self._ranked.get(ours, ()))]


def _as_text(value: Any) -> str | None:
    if isinstance(value, dict):
        value = next((value[name] for name in NESTED_NAMES if isinstance(value.get(name), str | int)), None)
    if isinstance(value, date):  # Parquet has dates and bytes; JSON has none
        value = value.isoformat()
    elif isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return metadata_value(value if isinstance(value, str) else str(value))
