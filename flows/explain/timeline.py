"""A story or an incident on a terminal: who tells it, what happened when, and each source's figure beside the others.

A text that copies another says nothing of its own: what it has in the same words is shown once, with the number of copies.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from flows.explain.happening import INCIDENT, STORY, Happening
from flows.explain.screen import COLUMNS, safe
from flows.explain.values import figure_in_words, quoted
from flows.store.query import Row

SHOWN_ROWS: Final = 24  # of each table; --json has all
SHOWN_TABLES: Final = 12  # of claims: a long story tells of many incidents
WORDS_ASIDE: Final = 17  # width at most of what stands beside the last column, which holds the words
SHOWN_NAMES: Final = 6  # parties of an incident
SENTENCE_CHARS: Final = 280
HEADLINE_CHARS: Final = 120
HARM: Final = ("killed", "wounded", "missing", "captured", "displaced")
BASIS: Final = {"explicit": "on the page", "metadata": "in metadata", "inferred": "inferred"}
ALL: Final = "all: --json"

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """Rows of events or casualties that texts have in the same words: the first, and how many copies repeat it."""

    row: Row
    again: tuple[Row, ...]

    @property
    def copies(self) -> int:
        """In how many other documents it stands."""
        return len({one["document_id"] for one in self.again} - {self.row["document_id"]})


def happening_shown(happening: Happening, version: str, console: Console) -> RenderableType:
    """Header, articles, timeline and claims, at most 80 columns wide."""
    columns = min(console.width, COLUMNS)
    parts = [*_header(happening, version), *_articles(happening, columns)]
    parts += _reports(happening, columns) if happening.kind == INCIDENT else _incidents(happening, columns)
    parts += _claims(happening, columns)
    return Group(*parts)


def listing_shown(kind: str, rows: Sequence[Row], version: str, console: Console) -> RenderableType:
    """Stories or incidents to look at first, a line or two each."""
    columns = min(console.width, COLUMNS)
    note = f"One of them: dateline {kind} {rows[0][f'{kind}_id']}" if rows else f"Release {version} has none."
    if kind == STORY:
        names: Cells = ("story", "reported", "texts (own)", "headline")
        cells: list[Cells] = [
            (
                str(row["story_id"]),
                _span(row["first_published_on"], row["last_published_on"]),
                _texts(row),
                quoted(row["headline"], HEADLINE_CHARS) or "no headline",
            )
            for row in rows
        ]
    else:
        names = ("incident", "what, when", "texts (own)", "disputes", "where, who")
        cells = [
            (
                str(row["incident_id"]),
                f"{_what(row)}\n{_when(row)}",
                _texts(row),
                f"{row['conflict_count']:,}",
                _where_and_who(row),
            )
            for row in rows
        ]
    return Group(*([_table(names, cells, columns)] if cells else ()), safe(note))


def _header(happening: Happening, version: str) -> Iterator[Text]:
    row = happening.row
    yield safe(f"{happening.kind} {happening.row_id} of release {version}", "bold")
    if happening.replaced is not None:
        old, since = happening.replaced["old_id"], happening.replaced["since_version"]
        yield safe(f"asked for as {old}, which it replaces since release {since}", "yellow")
    sources = f"{_many(row['source_count'], 'independent text')}"
    if happening.kind == STORY:
        if row["headline"]:
            yield safe(quoted(row["headline"]))
        outlets = _many(row["publisher_count"], "outlet")
        days = _span(row["first_published_on"], row["last_published_on"])
        yield safe(f"{days}: {_many(row['article_count'], 'article')}, {outlets}, {sources}")
        return
    yield safe(", ".join((_what(row), _when(row), row["place"] or "no place", *_caveats(row))))
    to_whom = Counter(
        party["name"] for event in happening.events for party in event["parties"] or () if party["role"] == "recipient"
    )
    yield safe(f"who: {_names(row['actors'])}; to whom: {_names([name for name, _ in to_whom.most_common()])}")
    yield safe(f"{_many(row['article_count'], 'article')}, {sources}")
    for kind in ("killed", "wounded"):
        if any(row[f"{kind}_{bound}"] is not None for bound in ("low", "best", "high")):
            yield safe(f"{kind}: {_estimate(row, kind)}", "bold")
    if row["sources_disagree"]:
        yield safe("sources disagree: figures marked ≠ cannot both hold", "bold red")


def _estimate(row: Row, kind: str) -> str:
    """Best estimate with its bounds.

    >>> _estimate({"killed_low": 11, "killed_best": 16, "killed_high": None}, "killed")
    'best 16, low 11, high open'
    """
    told = {bound: row[f"{kind}_{bound}"] for bound in ("best", "low", "high")}
    return ", ".join(f"{bound} {'open' if figure is None else f'{figure:,}'}" for bound, figure in told.items())


def _articles(happening: Happening, columns: int) -> Iterator[RenderableType]:
    numbers = _numbers(happening)
    cells = [
        (
            str(numbers[one["document_id"]]),
            _basis(one, numbers),
            _outlet(one),
            f"{quoted(one['headline'], HEADLINE_CHARS) or 'no headline'}\n{_standing(one, numbers)}, {one['document_id']}",
        )
        for one in happening.articles
    ]
    yield from _section("Told by", ("", "day", "outlet", "headline; whose text; document"), cells, columns)


def _basis(article: Row, numbers: dict[str, int]) -> str:
    """The day of an article, and what gives it."""
    if article["published_on"] is None:
        return _day(article)
    followed = article["published_from_document_id"]
    source = f" from {numbers.get(followed, followed)}" if followed is not None else ""
    return f"{_day(article)}\n{BASIS[article['published_basis']]}{source}"


def _standing(article: Row, numbers: dict[str, int]) -> str:
    """Whose text it is."""
    for relation, other in (("copy of", article["duplicate_of"]), ("later take of", article["later_take_of"])):
        if other is not None:
            return f"{relation} {numbers.get(other, other)}"
    return "its own text"


def _reports(happening: Happening, columns: int) -> Iterator[RenderableType]:
    """What each article says that happened, in the order of the reports."""
    cells: list[Cells] = []
    numbers, articles = _numbers(happening), _by_id(happening)
    before = ""
    for told in _told_once(happening, happening.events, ("sentence",)):
        event = told.row
        article = articles[event["document_id"]]
        new = event["document_id"] != before
        before = event["document_id"]
        source = f"{numbers[before]} {_outlet(article)}" if new else ""
        cells.append((_day(article) if new else "", source, f"{_sentence(event)}{_notes(told)}"))
    yield from _section("Reports", ("day", "outlet", "words"), cells, columns)


def _notes(told: Told) -> str:
    notes = [*_caveats(told.row), *_copies(told)]
    return f" ({'; '.join(notes)})" if notes else ""


def _incidents(happening: Happening, columns: int) -> Iterator[RenderableType]:
    """What happened, by day: the incidents that most of the story's articles tell of, each in the words that tell it first."""
    events: dict[str, list[Row]] = {}
    for event in happening.events:
        events.setdefault(event["incident_id"] or "", []).append(event)
    wide = sorted(
        (one for one in happening.incidents if one["incident_id"] in events),
        key=lambda one: (-len({event["document_id"] for event in events[one["incident_id"]]}), one["incident_id"]),
    )
    kept = {one["incident_id"] for one in wide[:SHOWN_ROWS]}
    cells: list[Cells] = []
    for row in happening.incidents:
        if row["incident_id"] not in kept:
            continue
        here = events[row["incident_id"]]
        figures = [
            f"{row[f'{kind}_best']:,} {kind}" for kind in ("killed", "wounded") if row[f"{kind}_best"] is not None
        ]
        what = [_what(row), *figures, *(["disputed"] if row["sources_disagree"] else [])]
        recalled = " (background)" if all(event["is_background"] for event in here) else ""
        cells.append((_when(row), "\n".join(what), f"{_sentence(here[0])}{recalled}\n{row['incident_id']}"))
    more = len(happening.incidents) - len(kept)
    yield from _section("What happened", ("when", "what", "first words; incident"), cells, columns, more)
    if alone := len(events.get("", ())):
        yield safe(f" {_many(alone, 'event')} in no incident; {ALL}")


def _claims(happening: Happening, columns: int) -> Iterator[RenderableType]:
    """A table for each incident and kind of harm: the figures side by side."""
    incidents = {one["incident_id"]: one for one in happening.incidents}
    groups: dict[tuple[str, str], list[Row]] = {}
    for claim in happening.claims:
        groups.setdefault((claim["incident_id"] or "", claim["kind"]), []).append(claim)

    def first(key: tuple[str, str]) -> tuple[bool, int, str, int]:
        """Incidents that most articles count the dead of before others, claims of no incident last."""
        incident, kind = key
        sizes = (
            len({claim["document_id"] for claim in groups[incident, one]}) for one in HARM if (incident, one) in groups
        )
        return not incident, -max(sizes), incident, HARM.index(kind)

    ordered = sorted(groups, key=first)
    for incident, kind in ordered[:SHOWN_TABLES]:
        of = ""
        if happening.kind == STORY:
            row = incidents.get(incident)
            of = f", {_what(row)} {_when(row)}, {row['place'] or 'no place'}" if row else ", of no incident"
        yield from _claims_table(happening, f"{kind.capitalize()}, as claimed{of}", groups[incident, kind], columns)
    if len(ordered) > SHOWN_TABLES:
        yield safe(f" {_many(len(ordered) - SHOWN_TABLES, 'more table')} of claims; {ALL}")


def _claims_table(happening: Happening, title: str, claims: Sequence[Row], columns: int) -> Iterator[RenderableType]:
    same = ("kind", "low", "high", "qualifier", "victims", "side", "attributed_to", "text")
    told_once = _told_once(happening, claims, same)
    row_of = {one["casualty_id"]: at for at, told in enumerate(told_once, 1) for one in (told.row, *told.again)}
    articles, numbers = _by_id(happening), _numbers(happening)
    cells: list[Cells] = []
    for at, told in enumerate(told_once, 1):
        claim, article = told.row, articles[told.row["document_id"]]
        against = sorted({row_of[pair["other_id"]] for pair in claim["conflicts"] if pair["other_id"] in row_of} - {at})
        figure = [figure_in_words(claim), claim["qualifier"], *([claim["side"]] if claim["side"] else [])]
        figure += ["corrected"] if claim.get("corrected") else []
        figure += [f"≠ {', '.join(map(str, against))}"] if against else []
        source = [f"{numbers[claim['document_id']]} {_outlet(article)}", _day(article), *_copies(told)]
        words = quoted(claim["text"], SENTENCE_CHARS)
        cells.append((str(at), "\n".join(figure), claim["attributed_to"] or "the text's own", "\n".join(source), words))
    yield from _section(title, ("", "figure", "who claims it", "outlet, day", "words"), cells, columns)


def _told_once(happening: Happening, rows: Sequence[Row], same: Sequence[str]) -> list[Told]:
    """The rows without those that the same text, or a copy of it, has in the same words already."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        key = (happening.original_of(row["document_id"]), *(row[name] for name in same))
        groups.setdefault(key, []).append(row)
    return [Told(found[0], tuple(found[1:])) for found in groups.values()]


def _copies(told: Told) -> list[str]:
    return [f"also in {_many(told.copies, 'copy', 'copies')}"] if told.copies else []


def _sentence(event: Row) -> str:
    return quoted(event["sentence"] or event["text"], SENTENCE_CHARS)


def _numbers(happening: Happening) -> dict[str, int]:
    """The articles' numbers in the first table, by which the others name them."""
    return {one["document_id"]: at for at, one in enumerate(happening.articles, 1)}


def _by_id(happening: Happening) -> dict[str, Row]:
    return {one["document_id"]: one for one in happening.articles}


def _outlet(article: Row) -> str:
    """Who publishes it; else the agency, else the file's name."""
    file = PurePosixPath((article["uris"] or [""])[0]).name
    return str(article["publisher"] or article["agency"] or file)


def _day(article: Row) -> str:
    return str(article["published_on"] or "no day")


def _span(start: object, end: object) -> str:
    if start is None:
        return "no day"
    return str(start) if start == end else f"{start} to {end}"


def _when(row: Row) -> str:
    return _span(row["date_start"], row["date_end"])


def _texts(row: Row) -> str:
    """How many articles, and how many of them are independent texts."""
    return f"{row['article_count']:,} ({row['source_count']:,})"


def _where_and_who(row: Row) -> str:
    return "\n".join(filter(None, (row["place"], _names(row["actors"]))))


def _names(names: Sequence[str] | None) -> str:
    """The first of several names.

    >>> _names(["Peru", "Chile"]), _names([])
    ('Peru, Chile', 'nobody named')
    """
    if not names:
        return "nobody named"
    more = f" and {len(names) - SHOWN_NAMES:,} more" if len(names) > SHOWN_NAMES else ""
    return ", ".join(names[:SHOWN_NAMES]) + more


def _what(row: Row) -> str:
    return str(row["plover"]) + (f" ({row['mode']})" if row["mode"] else "")


def _caveats(row: Row) -> list[str]:
    """What must be known of an event or incident that did not simply happen in the news."""
    status = [] if row["status"] == "happened" else [str(row["status"])]
    return [*status, *(["background"] if row["is_background"] else [])]


def _many(count: int, one: str, several: str = "") -> str:
    """A count with its noun.

    >>> _many(1, "article"), _many(1200, "article"), _many(2, "copy", "copies")
    ('1 article', '1,200 articles', '2 copies')
    """
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def _section(
    title: str, names: Sequence[str], cells: Sequence[Cells], columns: int, more: int = 0
) -> Iterator[RenderableType]:
    """A titled table of the first rows, and how many more there are; nothing if there are none."""
    if not cells:
        return
    yield Text()
    yield safe(title, "bold")
    yield _table(names, cells[:SHOWN_ROWS], columns)
    if more := more + max(0, len(cells) - SHOWN_ROWS):
        yield safe(f" {more:,} more; {ALL}")


def _table(names: Sequence[str], cells: Sequence[Cells], columns: int) -> RichTable:
    table = RichTable(box=SIMPLE_HEAD, pad_edge=False, width=columns)
    for at, name in enumerate(names):
        last = at == len(names) - 1
        table.add_column(name, overflow="fold", ratio=1 if last else None, max_width=None if last else WORDS_ASIDE)
    for row in cells:
        table.add_row(*(Text("\n").join(safe(line) for line in cell.split("\n")) for cell in row))
    return table
