"""A week of invented news as staged tables, large enough that shares and drift are judged, and the release before it.

Every page is written whole and then read by hand-made rules, so each fact is where it says: nothing here breaks a check. Four kinds of page
(a shelling, talks, a march, a reproach) go round sixty towns and two outlets.
"""

import hashlib
from datetime import date, timedelta
from functools import cache
from typing import Any

from flows.link.articles import Article
from flows.link.incidents import Context, find_incidents
from flows.link.stories import story_rows
from flows.text.ids import content_id
from schemas.registry import table_named
from tests.contracts.sound import Rows

PAGES, PARENT_PAGES, UNREADABLE = 240, 200, 4
FIRST_DAY = date(2021, 3, 1)
PAGES_A_DAY = 12
PERSONS = ("Ada Brandt", "Otto Weiss", "Lena Marsh", "Ivo Tanner", "Mina Holt", "Karl Ros")
TOWNS = tuple(f"{head}{tail}" for head in ("Vel", "Ans", "Tor", "Bel", "Kar", "Mor") for tail in (
    "mora", "grad", "minster", "holm", "avik", "burgh", "endorf", "stadt", "ovo", "ista"))  # fmt: skip
OUTLETS = ("The Velmora Ledger", "Ansel Courier")
EVERY_FILE = ("feed-a.jsonl", "feed-b.jsonl", *(f"noise-{number}.bin" for number in range(UNREADABLE)))
TABLES = (
    "documents", "segments", "articles", "sentences", "mentions", "entities", "timexes", "quotes",
    "casualties", "events", "event_mentions", "event_actors",
)  # fmt: skip


def spelled(day: date) -> str:
    """A date as the pages write it: 4 March 2021."""
    return f"{day.day} {day:%B %Y}"


class Page:
    """A page that is written block by block; facts are then found in its text."""

    def __init__(self, number: int, *, html: bool = False) -> None:
        """An empty page, the number-th of its feed."""
        self.number, self.html = number, html
        self.blocks: list[tuple[str, tuple[str, ...]]] = []
        self.rows: Rows = {name: [] for name in TABLES}

    def write(self, label: str, *sentences: str) -> None:
        """Add a block of sentences."""
        self.blocks.append((label, sentences))

    @property
    def text(self) -> str:
        """The document's text."""
        return "\n\n".join(" ".join(sentences) for _, sentences in self.blocks)

    @property
    def raw(self) -> bytes:
        """What the scraper saved: the text, or a page around it."""
        return f"<html><p>{self.text}</p></html>".encode() if self.html else self.text.encode()

    @property
    def document_id(self) -> str:
        """Its id, from the raw bytes."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    def at(self, words: str, after: str = "") -> tuple[int, int]:
        """Where words stand."""
        start = self.text.index(words, self.text.index(after))
        return start, start + len(words)

    def part(self, name: str, words: str, after: str = "") -> dict[str, int]:
        """The columns that say where a part of a fact stands."""
        start, end = self.at(words, after)
        return {f"{name}_start_char": start, f"{name}_end_char": end}

    def fact(self, table: str, words: str, *more: str | int, after: str = "", **columns: Any) -> dict[str, Any]:
        """Add a fact with its evidence, its sentence, and an id made of these and `more`."""
        start, end = self.at(words, after)
        sentence = next(row for row in self.sentences() if row["start_char"] <= start < row["end_char"])
        own = content_id(table, self.document_id, start, end, *more)
        row = {
            table_named(table).columns[0].name: own,
            "document_id": self.document_id,
            "sentence_id": sentence["sentence_id"],
            "start_char": start,
            "end_char": end,
            "text": words,
            **columns,
        }
        self.rows[table].append(row)
        return row

    def event(self, words: str, plover: str, trigger: str, after: str = "", **columns: Any) -> dict[str, Any]:
        """Add an event whose trigger stands in its words, dated by its own clause."""
        row = self.fact("events", words, plover, trigger, after=after, plover=plover, trigger=trigger, **columns)
        start = row["start_char"] + words.index(trigger)
        row |= {"trigger_start_char": start, "trigger_end_char": start + len(trigger)}
        row |= {"rule": f"lexicon: {trigger} -> {plover}", "date_basis": "clause"}
        return row

    def named(self, words: str, kind: str, after: str = "") -> str:
        """Add a mention of a name; its entity."""
        entity = content_id("entities", kind, words)
        self.fact("mentions", words, after=after, entity_type=kind, name=words, entity_id=entity)
        return entity

    def party(self, event: dict[str, Any], role: str, words: str, entity: str | None = None, after: str = "") -> None:
        """Add a party of an event."""
        start, end = self.at(words, after)
        own = content_id("event_actors", event["event_id"], role, words)
        owner = {"event_actor_id": own, "event_id": event["event_id"], "document_id": self.document_id}
        self.rows["event_actors"].append(
            owner | {"role": role, "name": words, "start_char": start, "end_char": end, "entity_id": entity}
        )

    def segments(self) -> list[dict[str, Any]]:
        """One row a block."""
        rows, start = [], 0
        for index, (label, sentences) in enumerate(self.blocks):
            end = start + len(" ".join(sentences))
            own = content_id("segments", self.document_id, start, end)
            score = 0.9 if label == "body" else 0.6
            place = {"document_id": self.document_id, "index": index, "start_char": start, "end_char": end}
            rows.append({"segment_id": own, **place, "label": label, "confidence": score})
            start = end + 2
        return rows

    def sentences(self) -> list[dict[str, Any]]:
        """One row a sentence of what is read."""
        rows: list[dict[str, Any]] = []
        for (label, sentences), segment in zip(self.blocks, self.segments(), strict=True):
            start = segment["start_char"]
            for text in sentences if label in {"headline", "body"} else ():
                end = start + len(text)
                own = content_id("sentences", self.document_id, start, end)
                place = {"document_id": self.document_id, "index": len(rows), "start_char": start, "end_char": end}
                rows.append({"sentence_id": own, **place, "text": text})
                start = end + 1
        return rows

    def finish(self, day: date, outlet: str, uri: str) -> Rows:
        """All rows of the page."""
        body = "\n\n".join(" ".join(sentences) for label, sentences in self.blocks if label == "body")
        headline = " ".join(next(sentences for label, sentences in self.blocks if label == "headline"))
        stated = self.at(spelled(day)) if ("date", (spelled(day),)) in self.blocks else (None, None)
        start, end = self.at(headline)
        kind = "text/html" if self.html else "text/plain"
        digest = hashlib.sha256(self.raw).hexdigest()
        self.rows["documents"] = [
            {"document_id": self.document_id, "uris": [uri], "media_type": kind, "byte_length": len(self.raw)}
            | {"sha256": digest, "encoding": "utf-8", "language": "en", "status": "accepted", "text": self.text}
            | {"text_repaired": False}
        ]
        self.rows["articles"] = [
            {
                "article_id": self.document_id,
                "headline": headline,
                "headline_start_char": start,
                "headline_end_char": end,
            }
            | {"published_on": day, "published_basis": "metadata" if stated == (None, None) else "explicit"}
            | {"published_start_char": stated[0], "published_end_char": stated[1], "publisher": outlet}
            | {"byline": "Mina Holt", "language": "en", "page_type": "article", "body": body}
            | {"word_count": len(body.split())}
        ]
        self.rows["segments"], self.rows["sentences"] = self.segments(), self.sentences()
        return self.rows


def _shelling(page: Page, town: str, person: str, day: date) -> None:
    killed, low = 3 + page.number % 17, 5 + page.number % 23
    page.write(
        "body",
        f"At least {killed} people were killed when Northern Brigade shells hit the market of {town} on {spelled(day)}.",
        f"Between {low} and {low + 4} people were wounded, {person} said.",
    )
    page.write("body", f"“We will not leave our homes,” {person} said.", "The shelling lasted until dawn.")
    brigade, place = page.named("Northern Brigade", "ORG"), page.named(town, "GPE", after="market")
    who = page.named(person, "PERSON", after="wounded")
    when = page.fact("timexes", spelled(day), timex_type="DATE", value=day.isoformat(), after="market", **_on(day))
    start, end = page.at(town, after="market")
    where = {"place": town, "place_start_char": start, "place_end_char": end, "place_entity_id": place}
    event = page.event(
        "shells hit the market",
        "ASSAULT",
        "shells",
        mode="heavy-weapons",
        status="happened",
        is_background=False,
        timex_id=when["timex_id"],
        confidence=0.5 + page.number % 7 / 20,
        **_on(day),
        **where,
    )
    page.party(event, "actor", "Northern Brigade", brigade)
    page.party(event, "recipient", f"the market of {town}", place)
    page.fact("event_mentions", "The shelling", event_id=event["event_id"])
    dated = {"timex_id": when["timex_id"], "event_id": event["event_id"], **_on(day), **where}
    page.fact(
        *("casualties", f"At least {killed} people were killed", "killed", killed, ""),
        kind="killed",
        low=killed,
        high=None,
        qualifier="at_least",
        victims="people",
        rule="passive_verb",
        **page.part("count", str(killed), after="At least"),
        **page.part("hedge", "At least"),
        **page.part("trigger", "killed"),
        **dated,
    )
    page.fact(
        *("casualties", f"Between {low} and {low + 4} people were wounded", "wounded", low, low + 4),
        kind="wounded",
        low=low,
        high=low + 4,
        qualifier="range",
        victims="people",
        rule="passive_verb",
        **page.part("count", f"Between {low} and {low + 4}"),
        **page.part("trigger", "wounded"),
        **dated | {"attributed_to": person},
    )
    start, end = page.at(person, after="homes")
    speaker = {"speaker": person, "speaker_start_char": start, "speaker_end_char": end, "speaker_entity_id": who}
    page.fact("quotes", "We will not leave our homes,", form="speech", cue="said", **speaker)


def _talks(page: Page, town: str, person: str, day: date) -> None:
    page.write(
        "body",
        f"Varland and Ostmark met in {town} on {spelled(day)} and spoke for three days.",
        f"“The truce will hold through the spring,” {person} said.",
    )
    ours, theirs, place = page.named("Varland", "GPE"), page.named("Ostmark", "GPE"), page.named(town, "GPE", "met in")
    who = page.named(person, "PERSON", after="spring")
    when = page.fact("timexes", spelled(day), timex_type="DATE", value=day.isoformat(), after="met in", **_on(day))
    page.fact("timexes", "three days", timex_type="DURATION", value="P3D")
    start, end = page.at(town, after="met in")
    where = {"place": town, "place_start_char": start, "place_end_char": end, "place_entity_id": place}
    event = page.event(
        "met",
        "CONSULT",
        "met",
        status="happened",
        is_background=page.number % 2 == 0,
        timex_id=when["timex_id"],
        confidence=0.5 + page.number % 7 / 20,
        after="and Ostmark",
        **_on(day),
        **where,
    )
    page.party(event, "actor", "Varland", ours)
    page.party(event, "actor", "Ostmark", theirs)
    start, end = page.at(person, after="spring")
    speaker = {"speaker": person, "speaker_start_char": start, "speaker_end_char": end, "speaker_entity_id": who}
    page.fact("quotes", "The truce will hold through the spring,", form="speech", cue="said", **speaker)


def _march(page: Page, town: str, _person: str, day: date) -> None:
    later, moved = day + timedelta(days=4), 1_000 + 10 * page.number
    page.write(
        "body",
        f"Dock workers will march through {town} on {spelled(later)}.",
        f"About {moved:,} people were displaced by the flood of the river, and to the workers the help came too\u200b late.",
    )
    if page.number % 20 == 2:  # a rare kind of name
        page.write("body", f"They will pass the Old Mill of {town}.")
    place = page.named(town, "GPE", after="through")
    page.fact("casualties", f"About {moved:,} people were displaced", "displaced", moved, moved,
        kind="displaced", low=moved, high=moved, qualifier="about", victims="people", rule="passive_verb",
        **page.part("count", f"{moved:,}"), **page.part("hedge", "About"), **page.part("trigger", "displaced"))  # fmt: skip
    when = page.fact(
        "timexes", spelled(later), timex_type="DATE", value=later.isoformat(), after="through", **_on(later)
    )
    start, end = page.at(town, after="through")
    where = {"place": town, "place_start_char": start, "place_end_char": end, "place_entity_id": place}
    event = page.event(
        "march",
        "PROTEST",
        "march",
        status="planned",
        is_background=False,
        timex_id=when["timex_id"],
        confidence=0.5 + page.number % 7 / 20,
        after="Dock workers",
        **_on(later),
        **where,
    )
    page.party(event, "actor", "Dock workers")
    if page.number % 20 == 2:
        page.named("Old Mill", "FAC")


def _reproach(page: Page, town: str, _person: str, day: date) -> None:
    page.write(
        "body",
        f"In {town} the minister of Varland accused Ostmark of “a breach of faith” on {spelled(day)}.",
        "Ostmark denied it.",
    )
    place = page.named(town, "GPE", after="In ")
    ours, theirs = page.named("Varland", "GPE", after="minister"), page.named("Ostmark", "GPE", after="accused")
    when = page.fact("timexes", spelled(day), timex_type="DATE", value=day.isoformat(), after="breach", **_on(day))
    start, end = page.at(town, after="In ")
    where = {"place": town, "place_start_char": start, "place_end_char": end, "place_entity_id": place}
    event = page.event(
        "accused",
        "ACCUSE",
        "accused",
        status="happened",
        is_background=page.number % 8 == 3,
        timex_id=when["timex_id"],
        confidence=0.5 + page.number % 7 / 20,
        **_on(day),
        **where,
    )
    page.party(event, "actor", "the minister of Varland", ours)
    page.party(event, "recipient", "Ostmark", theirs, after="accused")
    page.fact("quotes", "a breach of faith", form="fragment")


def _on(day: date) -> dict[str, Any]:
    return {"date_start": day, "date_end": day, "date_precision": "day"}


KINDS = (
    (_shelling, "Shells hit a market"),
    (_talks, "Envoys meet"),
    (_march, "Dockers to march"),
    (_reproach, "A reproach"),
)


def page_rows(number: int, *, saved_again: bool = False) -> Rows:
    """The rows of one page; a page in forty is HTML, as is one that was saved again under another address."""
    tell, headline = KINDS[number % len(KINDS)]
    town, person = TOWNS[number % len(TOWNS)], PERSONS[number % len(PERSONS)]
    day = FIRST_DAY + timedelta(days=number // PAGES_A_DAY)
    page = Page(number, html=saved_again or number % 40 == 1)
    page.write("headline", f"{headline} in the {number}th report")
    if number % 2:
        page.write("date", spelled(day))
    page.write("promo", "Subscribe to our newsletter for more of this")
    tell(page, town, person, day)
    side = number // len(KINDS) % 2
    return page.finish(day, OUTLETS[side], f"{EVERY_FILE[side]}#{number + PAGES if saved_again else number}")


def plain_page(number: int, *paragraphs: str) -> Rows:
    """The rows of a page without facts, of the last day."""
    page = Page(number)
    page.write("headline", f"Report {number}")
    for paragraph in paragraphs:
        page.write("body", paragraph)
    return page.finish(FIRST_DAY + timedelta(days=19), OUTLETS[number % 2], f"{EVERY_FILE[number % 2]}#{number}")


def gathered(pages: list[Rows]) -> Rows:
    """The tables of some pages, with the entities that their mentions make and a few inputs that nobody could read."""
    rows: Rows = {name: [row for page in pages for row in page[name]] for name in TABLES}
    for number in range(UNREADABLE):
        raw = bytes((0, 1, number))
        digest = hashlib.sha256(raw).hexdigest()
        rows["documents"].append(
            {"document_id": digest[:16], "uris": [f"noise-{number}.bin"], "media_type": "application/octet-stream"}
            | {"byte_length": len(raw), "sha256": digest, "status": "quarantined", "status_reason": "binary"}
            | {"text_repaired": False}
        )
    found: dict[str, dict[str, Any]] = {}
    seen: dict[str, set[str]] = {}
    for mention in rows["mentions"]:
        name, kind = mention["text"], mention["entity_type"]
        seen.setdefault(mention["entity_id"], set()).add(mention["document_id"])
        town = TOWNS.index(name) if name in TOWNS else None
        place = (
            {}
            if town is None
            else {
                "latitude": 20.0 + town / 2,
                "longitude": 30.0 + town,
                "geonames_id": town + 1,
                "place_precision": "city",
            }
        )
        found[mention["entity_id"]] = {
            "entity_id": mention["entity_id"],
            "name": name,
            "entity_type": kind,
            "aliases": [name],
            "claimed_by": [],
            "roles": [],
            **place | ({"country_code": "XVA" if town % 2 else "XOS"} if town is not None else {}),
        }
    rows["entities"] = [row | {"article_count": len(seen[key])} for key, row in sorted(found.items())]
    return rows | linked(rows)


def linked(rows: Rows) -> Rows:
    """The tables of groups as link makes them of these rows, each article a story of its own; fills its `story_id`."""
    for article in rows["articles"]:
        article["story_id"] = content_id("stories", article["article_id"])
    articles = [
        Article(
            row["article_id"], row.get("headline"), row["body"], row.get("published_on"), row.get("publisher"), None
        )
        for row in rows["articles"]
    ]
    stories = {row["article_id"]: row["story_id"] for row in rows["articles"]}
    contexts = {a.document_id: Context(stories[a.document_id], a.document_id, a.published_on) for a in articles}
    entities = {row["entity_id"]: dict.fromkeys(table_named("entities").column_names) | row for row in rows["entities"]}

    def facts(name: str) -> list[dict[str, Any]]:
        """Rows with every column; entities that are lost are no one's."""
        whole = [dict.fromkeys(table_named(name).column_names) | row for row in rows[name]]
        for row in whole:
            row |= {c: None for c in ("entity_id", "place_entity_id") if c in row and row[c] not in entities}
        return whole

    found = find_incidents(facts("events"), facts("event_actors"), facts("casualties"), contexts, entities)
    return {
        "corrections": [],
        "duplicates": [],
        "stories": story_rows(articles, stories, {}),
        **found,
        "id_map": [],
    }


@cache
def _all_pages() -> tuple[Rows, ...]:
    return tuple(page_rows(number) for number in range(PAGES))


def copied(rows: Rows) -> Rows:
    """Fresh rows, whose cells may be set."""
    return {name: [dict(row) for row in table] for name, table in rows.items()}


def this_week() -> Rows:
    """What is staged: all pages."""
    return copied(gathered(list(_all_pages())))


def week_before() -> Rows:
    """The parent: all but the newest pages, and some that the feeds no longer hold."""
    gone = [page_rows(number) for number in range(-8, 0)]
    return copied(gathered([*gone, *_all_pages()[:PARENT_PAGES]]))
