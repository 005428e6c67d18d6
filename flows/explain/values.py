"""Why each value of an event or a casualty figure is what it is: its own words, or the rule that gives it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flows.explain.fact import Fact
from flows.store.query import Row

# What made rows of releases that are older than the column `rule`.
NOT_ON_RECORD = "not on record: the release is older than this column"

NONE = "none"
SHOWN_CHARS = 60  # of the words of another row, which is explained by itself

STATUS = {
    "happened": "nothing in its clause puts it in the future, asks for it or denies it",
    "ongoing": "its words say that it goes on",
    "planned": "its words put it in the future",
    "called_for": "its words ask for it",
    "denied": "its words deny it",
}

DATE_BASIS = {
    "clause": "in the trigger's own clause",
    "mention": "in the clause of a further mention",
    "sentence": "elsewhere in the trigger's sentence",
    "story": "the day that the report tells of around it",
}

# The codes of schemas.codes.CASUALTY_RULES in words.
CASUALTY_RULES = {
    "active_verb": "someone or something did it to them (killed 12)",
    "passive_verb": "it was done to them (12 were killed)",
    "suffering_verb": "they suffered it (12 died)",
    "loss": "someone lost them (lost 12 men, claimed 12 lives)",
    "state": "they are, or were left, in that state (left 12 dead)",
    "casualty_noun": "the noun counted is itself a casualty (12 fatalities)",
    "nominal": "a noun for the deed has them as its object (the killing of 12)",
    "toll": "a toll is set (the death toll rose to 12)",
    "fate_behind": "the word stands behind the count (12 dead)",
    "fate_before": "the word stands before the count (killing 12)",
    "joined": "the count is joined to one that has its word (and 12 others)",
    "list": "a line of a list whose head has the word (Killed:)",
}


@dataclass(frozen=True)
class Value:
    """A value of a row, and what it rests on."""

    name: str
    value: str
    because: str


def values_of(fact: Fact) -> list[Value]:
    """Every value that is not null, each with what it rests on; in the order in which they are read."""
    read = list(_of_event(fact) if fact.table == "events" else _of_figure(fact))
    return [*read, *(Value("corrected", correction_in_words(one), _corrector(one)) for one in fact.corrections)]


def correction_in_words(one: Row) -> str:
    """A row of `corrections`: what was read, and what stands there instead.

    >>> correction_in_words({"column_name": "high", "expected": "12", "new": None})
    'high: 12 → none'
    """
    return f"{one['column_name']}: {one['expected'] or NONE} → {one['new'] or NONE}"


def _corrector(one: Row) -> str:
    return f"{one['who']}, {one['corrected_on']}: {one['reason']}"


def _of_event(fact: Fact) -> Iterator[Value]:
    row = fact.row
    rule = row.get("rule") or NOT_ON_RECORD
    yield Value("plover", row["plover"], rule)
    if row["mode"]:
        yield Value("mode", row["mode"], "the same rule" if row["mode"] in rule else "the words of a further mention")
    yield Value("status", row["status"], _status(fact))
    for party in fact.parties:
        yield Value(party["role"], _party(party), _naming(fact, party))
    if row.get("separately_with"):
        yield Value("separately_with", row["separately_with"], "its words tell of a meeting with each of several")
    yield from _date(fact)
    yield Value("is_background", "yes" if row["is_background"] else "no", _background(fact))
    yield from _place(fact)
    yield Value("confidence", f"{row['confidence']:.2f}", "estimated chance, 0 to 1, that the row is right")
    if fact.mentions:
        yield Value("told again", f"{len(fact.mentions):,} more", "words marked as “again”")
    for figure in fact.casualties:
        cost = f"{figure_in_words(figure)} {figure['kind']}"
        yield Value("casualties", cost, f"{quoted(figure['text'], SHOWN_CHARS)}: {figure['casualty_id']}")


def _of_figure(fact: Fact) -> Iterator[Value]:
    row = fact.row
    trigger = quoted(fact.words(row.get("trigger_start_char"), row.get("trigger_end_char")))
    rule = f"{row['rule']}: {CASUALTY_RULES[row['rule']]}" if row.get("rule") else NOT_ON_RECORD
    yield Value("kind", row["kind"], f"{trigger}; {rule}" if trigger else rule)
    yield Value("low, high", figure_in_words(row), _count(fact))
    yield Value("qualifier", row["qualifier"], _hedge(fact))
    if row["victims"]:
        yield Value("victims", row["victims"], "as worded")
    if row["side"]:
        yield Value("side", row["side"], "whose they are: by the words for them, who lost them or where they live")
    yield from _date(fact)
    yield from _place(fact)
    said = row["attributed_to"]
    in_words = any(part.label == "claimed by" for part in fact.parts)
    because = "the words marked so" if in_words else "the document's name for who its words say tells it"
    yield Value("attributed_to", said or NONE, because if said else "the text states it as its own")
    if fact.event is not None:
        event = fact.event
        yield Value("event", event["plover"], f"{quoted(event['text'], SHOWN_CHARS)}: {event['event_id']}")


def _status(fact: Fact) -> str:
    start, published = fact.row["date_start"], fact.article.get("published_on")
    if fact.row["status"] == "planned" and start and published and start > published:
        return "its day lies behind that of the report"
    return STATUS[fact.row["status"]]


def figure_in_words(row: Row) -> str:
    """The interval of a figure.

    >>> [figure_in_words({"low": low, "high": high}) for low, high in ((12, 12), (20, 30), (12, None), (None, 50), (None, None))]
    ['12', '20 to 30', '12 or more', 'up to 50', 'not told']
    """
    low, high = row["low"], row["high"]
    if low is None and high is None:
        return "not told"
    if low is None or high is None:
        return f"up to {high:,}" if low is None else f"{low:,} or more"
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _count(fact: Fact) -> str:
    row = fact.row
    count = quoted(fact.words(row.get("count_start_char"), row.get("count_end_char")))
    if count:
        return count
    return "no number: one person is told of" if "count_start_char" in row else NOT_ON_RECORD


def _hedge(fact: Fact) -> str:
    row = fact.row
    hedge = quoted(fact.words(row.get("hedge_start_char"), row.get("hedge_end_char")))
    if hedge:
        return hedge
    if "hedge_start_char" not in row:
        return NOT_ON_RECORD
    own = {"range": "the number's own words span it", "vague": "the number's own words give no figure"}
    return own.get(row["qualifier"], "nothing hedges the number")


def _date(fact: Fact) -> Iterator[Value]:
    row, timex, article = fact.row, fact.timex, fact.article
    if row["date_start"] is None:
        open_days = "; weekdays and the like stay open, as the day of the report is unknown"
        yield Value("date", NONE, "no words date it" + ("" if article.get("published_on") else open_days))
        return
    if timex is None:
        words = fact.words(article.get("published_start_char"), article.get("published_end_char"))
        told = quoted(words) or f"told by the page's {article.get('published_basis') or 'publication'}"
        yield Value("date", _days(row), f"the day of the report ({told})")
        return
    because = quoted(timex["text"])
    if (timex["date_start"], timex["date_end"]) != (row["date_start"], row["date_end"]):
        because += f", alone {_days(timex) if timex['date_start'] else timex['value']}"
    # figures have no date_basis; what stands in another sentence dates the story
    basis = row.get("date_basis") or ("story" if timex["sentence_id"] != row["sentence_id"] else "")
    where = DATE_BASIS.get(basis)
    yield Value("date", _days(row), f"{because}; {where}" if where else because)


def _days(row: Row) -> str:
    start, end = row["date_start"], row["date_end"]
    return (f"{start}" if start == end else f"{start} to {end}") + f" ({row['date_precision']})"


def _background(fact: Fact) -> str:
    published = fact.article.get("published_on")
    if fact.row["date_start"] is None:
        return "it has no date that would make it history"
    if published is None:
        return "by its date alone: the day of the report is unknown"
    return f"its date against the day of the report, {published}"


def _place(fact: Fact) -> Iterator[Value]:
    row, entity = fact.row, fact.place
    if not row["place"]:
        yield Value("place", NONE, "no words place it")
        return
    start = row["place_start_char"]
    told = [row["start_char"], *(mention["start_char"] for mention in fact.mentions)]
    near = any(low <= start < high and any(low <= at < high for at in told) for low, high in fact.sentences)
    because = quoted(fact.words(start, row["place_end_char"]))
    yield Value("place", row["place"], because if near else f"{because}; where the report is at that point")
    if entity is not None:
        known = entity["name"] + (f" ({entity['country_code']})" if entity["country_code"] else "")
        if entity["latitude"] is None:
            yield Value("place_entity", known, f"no coordinates; {entity['entity_id']}")
        else:
            at = f"latitude, longitude {entity['latitude']:.3f}, {entity['longitude']:.3f}"
            listed = f"; GeoNames {entity['geonames_id']}" if entity["geonames_id"] is not None else ""
            yield Value("place_entity", known, at + listed)


def _party(party: Row) -> str:
    country = party["country_code"]
    return f"{party['name']} ({country})" if country else str(party["name"])


def _naming(fact: Fact, party: Row) -> str:
    words = fact.words(party["start_char"], party["end_char"])
    if words is None:
        return "implied: nobody is named here; the document tells of these two sides"
    name, said = party["name"].casefold(), " ".join(words.split()).casefold()
    if name in said or said in name:
        return f"named: {quoted(words)}"
    return f"resolved: {quoted(words)} stands for it"


def quoted(words: str | None, most: int | None = None) -> str:
    """Words of a text in marks, their line breaks as blanks, at most so many characters of them; nothing for none."""
    if not words:
        return ""
    said = " ".join(words.split())
    return f"“{said}”" if most is None or len(said) <= most else f"“{said[: most - 1]}…”"


def as_json(fact: Fact, version: str) -> Mapping[str, Any]:
    """Everything for machines: the row, its document, its marked parts with their offsets, its values."""
    text, document_id = str(fact.document["text"]), fact.document["document_id"]

    def spot(start: int, end: int) -> dict[str, Any]:
        return {"document_id": document_id, "start_char": start, "end_char": end, "text": text[start:end]}

    return {
        "release": version,
        "table": fact.table,
        "row": fact.row,
        "document": {"document_id": document_id, "uris": fact.document["uris"], "article": fact.article},
        "sentences": [spot(*span) for span in fact.sentences],
        "parts": [{"label": part.label, **spot(part.start_char, part.end_char)} for part in fact.parts],
        "values": [{"name": one.name, "value": one.value, "because": one.because} for one in values_of(fact)],
        "event_actors": fact.parties,
        "event_mentions": fact.mentions,
        "casualties": fact.casualties,
        "event": fact.event,
        "timex": fact.timex,
        "place_entity": fact.place,
        "corrections": fact.corrections,
    }
