"""How well a release finds what seeds/gold holds. A release is a folder of <table>.parquet.

Facts are matched one to one within a document; what counts as the same fact stands at each `same_…` function. F1 figures
pool all documents' facts; body_f1 is the mean over documents, so that a long page weighs no more than a short one.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]
Span = tuple[int, int]
Figures = dict[str, tuple[float | None, int]]

# Shares of common words from which two wordings count as the same.
SAME_HEADLINE = 0.8
SAME_BYLINE = 0.5
SAME_QUOTE = 0.7
OVERLAPPING_QUOTE = 0.4  # where the two lie on the same characters, so that a cue left in costs nothing
SAME_COUNT = 0.5

# Of which table a measure is: facts that are pooled, and single answers.
POOLED = {
    "segments": "segments",
    "quotes": "quotes",
    "persons": "mentions",
    "organisations": "mentions",
    "places": "mentions",
    "timexes": "timexes",
    "casualties": "casualties",
    "events": "events",
    "event_actors": "event_actors",
}
ANSWERED = {
    "headline": "articles",
    "published": "articles",
    "published_left_null": "articles",
    "byline": "articles",
    "quote_speaker": "quotes",
    "text_kept_whole": "documents",
}

NAME_TYPES = {"persons": {"PERSON"}, "organisations": {"ORG"}, "places": {"GPE", "LOC", "FAC"}}
READ_TABLES = [
    "documents",
    "articles",
    "segments",
    "sentences",
    "quotes",
    "mentions",
    "timexes",
    "casualties",
    "events",
    "event_actors",
    "event_mentions",
    "entities",
]

# Words that a name may have or lack.
FILLERS = frozenset(
    ["a", "an", "and", "the", "of", "mr", "mrs", "ms", "president", "prime", "foreign", "minister", "general", "gen"]
)
# Last words that two names share without being the same; a shared surname makes them the same.
COMMON_NOUNS = frozenset(
    [
        "agency",
        "army",
        "authorities",
        "bank",
        "border",
        "city",
        "committee",
        "council",
        "court",
        "forces",
        "government",
        "group",
        "leader",
        "leaders",
        "military",
        "militants",
        "minister",
        "ministry",
        "office",
        "officials",
        "party",
        "people",
        "police",
        "president",
        "rebels",
        "region",
        "republic",
        "sides",
        "soldiers",
        "spokesman",
        "spokeswoman",
        "state",
        "states",
        "street",
        "troops",
        "union",
        "university",
    ]
)
# A name with one of these more is another place.
DIRECTIONS = frozenset(["north", "south", "east", "west", "new", "central", "equatorial"])


@dataclass
class Tally:
    """Facts of one kind over all documents."""

    right: int = 0
    found: int = 0
    wanted: int = 0


@dataclass
class Totals:
    """What the documents' scores add up to."""

    pooled: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    answers: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    body: list[tuple[float, float, float]] = field(default_factory=list)  # precision, recall, F1 of a document

    def add(self, kind: str, right: int, found: int, wanted: int) -> None:
        tally = self.pooled[kind]
        tally.right, tally.found, tally.wanted = tally.right + right, tally.found + found, tally.wanted + wanted


def score(release: Path, gold_folder: Path, documents: Path) -> Figures:
    """Measure → (figure in per cent, number of facts or documents that it is of); a figure of nothing is None.

    Args:
        release: folder of <table>.parquet.
        gold_folder: folder of the gold's JSON files.
        documents: folder of the input, for the text files' words.
    """
    return {name: (row["figure"], row["of"]) for name, row in scorecard(release, gold_folder, documents).items()}


def scorecard(release: Path, gold_folder: Path, documents: Path) -> dict[str, Row]:
    """Measure → {table, figure, precision, recall, right, found, of}: of which table it is, in per cent, and the counts behind it.

    `of` is what the gold has, `found` what the release has, `right` what is the same in both. A figure of single answers
    (a headline is right or it is not) has no precision and recall; body text, a mean over documents, has no counts.
    Arguments as for `score`.
    """
    golds = {gold["uri"]: gold for gold in map(_read_json, sorted(gold_folder.glob("*.json")))}
    pages = _pages(release, golds)
    totals = Totals()
    for uri, gold in golds.items():
        _score_page(totals, gold, pages.get(uri, {}), _words_of_input(gold, documents))
    pages_read = len(totals.body)
    precision, recall, f1 = (percent(sum(part), pages_read) for part in zip(*totals.body, strict=True))
    rows = {"body_f1": _row("articles", f1, precision=precision, recall=recall, of=pages_read)}
    for kind, table in POOLED.items():
        tally = totals.pooled[kind]
        rows[f"{kind}_f1"] = _row(
            table,
            percent(2 * tally.right, tally.found + tally.wanted),
            precision=percent(tally.right, tally.found),
            recall=percent(tally.right, tally.wanted),
            right=tally.right,
            found=tally.found,
            of=tally.wanted,
        )
    for kind, table in ANSWERED.items():
        given = totals.answers[kind]
        rows[kind] = _row(table, percent(sum(given), len(given)), right=sum(given), of=len(given))
    return rows


def _row(table: str, figure: float | None, **more: float | None) -> Row:
    return {"table": table, "figure": figure, "precision": None, "recall": None, "right": None, "found": None, **more}


def same_name(one: str | None, other: str | None) -> bool:
    """Equal but for titles and articles, or one within the other, or of the same last word if that is no common noun.

    >>> same_name("President Amara Sesay", "Sesay"), same_name("South Ossetia", "Ossetia")
    (True, False)
    >>> same_name("Defence Ministry", "Interior Ministry")
    False
    """
    a, b = _name_words(one), _name_words(other)
    if not a or not b:
        return False
    if set(a) <= set(b) or set(b) <= set(a):
        return not (set(a) ^ set(b)) & DIRECTIONS
    return a[-1] == b[-1] and a[-1] not in COMMON_NOUNS


def same_quote(found: Row, gold: Row) -> bool:
    """Nearly the same words; a looser likeness will do for words on the same characters."""
    alike = shared_words(found["text"], gold["text"])
    return alike >= SAME_QUOTE or (alike >= OVERLAPPING_QUOTE and _meets(_span(found), gold["at"]))


def same_count(found: Row, gold: Row) -> bool:
    """Kind and both bounds, stated on the same characters or in much the same words."""
    return (found["kind"], found["low"], found["high"]) == (gold["kind"], gold["low"], gold["high"]) and (
        _meets(_span(found), gold["at"]) or shared_words(found["text"], gold["span"]) >= SAME_COUNT
    )


def same_event(found: Row, gold: Row) -> bool:
    """Type, a sentence that tells of it, and one party by name where the gold names any."""
    return (
        found["plover"] == gold["plover"]
        and any(_meets(span, gold["at"]) for span in found["told_at"])
        and (not gold["parties"] or _named_parties(found, gold) > 0)
    )


def same_timex(found: Row, gold: Row) -> bool:
    """The value, a year that only a neighbour gives left open or filled in, and a word in common."""
    return found["value"] in gold["values"] and bool(set(_words(found["text"])) & set(_words(gold["text"])))


def match(
    found: Sequence[Any],
    gold: Sequence[Any],
    same: Callable[[Any, Any], bool],
    likeness: Callable[[Any, Any], Any] = lambda _found, _gold: 0,
) -> list[tuple[int, int]]:
    """Pairs of indices, each used once: every gold fact in turn takes the likeliest of those that are left.

    >>> match(["b", "a", "a"], ["a", "c", "a"], str.__eq__)
    [(1, 0), (2, 2)]
    """
    left = list(range(len(found)))
    pairs: list[tuple[int, int]] = []
    for wanted, fact in enumerate(gold):
        fitting = [index for index in left if same(found[index], fact)]
        if fitting:
            best = max(fitting, key=lambda index: (likeness(found[index], fact), -index))
            left.remove(best)
            pairs.append((best, wanted))
    return pairs


def _score_page(totals: Totals, gold: Row, page: Mapping[str, list[Row]], words_of_input: list[str]) -> None:
    document = page["documents"][0] if page.get("documents") else {}
    text = document.get("text") or ""
    totals.answers["text_kept_whole"].append(_words(text) == words_of_input)
    lines = gold_lines(gold, text)
    totals.body.append(body_figures(lines, page.get("segments", []), text))
    _score_segments(totals, lines, page.get("segments", []), text)
    _score_article(totals, gold, page["articles"][0] if page.get("articles") else {})

    quotes = page.get("quotes", [])
    wanted = [quote | {"at": _places_of(quote["text"], text)} for quote in gold["quotes"]]
    pairs = match(quotes, wanted, same_quote)
    totals.add("quotes", len(pairs), len(quotes), len(wanted))
    for mine, theirs in pairs:
        if wanted[theirs]["speaker"]:
            totals.answers["quote_speaker"].append(same_name(quotes[mine]["speaker"], wanted[theirs]["speaker"]))

    for kind, types in NAME_TYPES.items():
        names = _names(page, types)
        pairs = match(
            names,
            gold[kind],
            lambda mine, name: any(same_name(wording, name) for wording in mine),
            lambda mine, name: any(_words(wording) == _words(name) for wording in mine),
        )
        totals.add(kind, len(pairs), len(names), len(gold[kind]))

    _score_timexes(totals, gold, page, lines)
    _score_casualties(totals, gold, page.get("casualties", []), text)
    _score_events(totals, gold, page, text)


def _score_segments(
    totals: Totals, lines: Sequence[tuple[Span | None, str]], segments: Sequence[Row], text: str
) -> None:
    """Lines of the gold with the label of the segment that covers most of them; a line that none meets is not found."""
    labels = []
    for span, _label in lines:
        ink = {at for at in range(*span) if not text[at].isspace()} if span else set()
        common = (
            {
                index: len(ink & set(range(*_span(row))))
                for index, row in enumerate(segments)
                if _meets(_span(row), [span])
            }
            if span
            else {}
        )
        best = max(common, key=lambda index: (common[index], -index), default=None)
        labels.append(segments[best]["label"] if best is not None else None)
    right = sum(ours == label for ours, (_span_, label) in zip(labels, lines, strict=True))
    totals.add("segments", right, sum(label is not None for label in labels), len(lines))


def _score_article(totals: Totals, gold: Row, article: Row) -> None:
    answers = totals.answers
    if gold["headline"]:
        answers["headline"].append(dice(article.get("headline"), gold["headline"]) >= SAME_HEADLINE)
    day = article["published_on"].isoformat() if article.get("published_on") else None
    right_days = {gold["published"], *gold.get("published_ok", [])}
    answers["published" if gold["published"] else "published_left_null"].append(day in right_days)
    if gold["byline"]:
        credit = f"{article.get('byline') or ''} {article.get('agency') or ''}"
        answers["byline"].append(shared_words(credit, gold["byline"]) >= SAME_BYLINE)


def _score_timexes(
    totals: Totals, gold: Row, page: Mapping[str, list[Row]], lines: Sequence[tuple[Span | None, str]]
) -> None:
    """Calendar values in body lines; durations, sets and clock times are not in the gold."""
    body = [span for span, label in lines if label == "body" and span]
    years = {day[:4] for day in gold.get("published_ok", [])}
    found = [
        row | {"value": _timex_value(row["value"])}
        for row in page.get("timexes", [])
        if row["timex_type"] not in {"DURATION", "SET"}
        and re.match(r"\d|XXXX-\d", row["value"] or "")
        and _meets(_span(row), body)
    ]
    wanted = [
        timex
        | {"values": {_timex_value(timex["value"])} | {_timex_value(timex["value"].replace("XXXX", y)) for y in years}}
        for timex in gold["timexes"]
    ]
    pairs = match(found, wanted, same_timex)
    # With a neighbour's date, more expressions have a value than the page alone gives: those are not held against it.
    totals.add("timexes", len(pairs), len(pairs) if years else len(found), len(wanted))


def _score_casualties(totals: Totals, gold: Row, counts: Sequence[Row], text: str) -> None:
    wanted = [count | {"at": _places_of(count["span"], text)} for count in gold["casualties"]]
    pairs = match(counts, wanted, same_count)
    paired = {mine for mine, _ in pairs}
    unscored = list(gold["casualties_vague"])
    for count in wanted:
        unscored += count.get("also", [])
    free = [span for words in unscored for span in _places_of(words, text)]
    wrong = [i for i, count in enumerate(counts) if i not in paired and not _meets(_span(count), free)]
    totals.add("casualties", len(pairs), len(pairs) + len(wrong), len(wanted))


def _score_events(totals: Totals, gold: Row, page: Mapping[str, list[Row]], text: str) -> None:
    sentences = {row["sentence_id"]: _span(row) for row in page.get("sentences", [])}
    told_at: dict[str, list[Span]] = defaultdict(list)
    for row in [*page.get("events", []), *page.get("event_mentions", [])]:
        told_at[row["event_id"]].append(sentences.get(row["sentence_id"], _span(row)))
    parties: dict[str, list[str]] = defaultdict(list)
    for row in page.get("event_actors", []):
        parties[row["event_id"]].append(row["name"])
    found = [
        row | {"told_at": told_at[row["event_id"]], "parties": parties[row["event_id"]]}
        for row in page.get("events", [])
    ]
    wanted = [
        event | {"at": _places_of(event["span"], text), "parties": event["actors"] + event["recipients"]}
        for event in gold["events"]
    ]
    pairs = match(
        found,
        wanted,
        same_event,
        lambda mine, theirs: (_named_parties(mine, theirs), _meets(_span(mine), theirs["at"])),
    )
    totals.add("events", len(pairs), len(found), len(wanted))
    # parties are compared where both tell of the same event: an event that was not found is counted once, above
    for mine, theirs in pairs:
        named = match(found[mine]["parties"], wanted[theirs]["parties"], same_name)
        totals.add("event_actors", len(named), len(found[mine]["parties"]), len(wanted[theirs]["parties"]))


def _named_parties(found: Row, gold: Row) -> int:
    return sum(any(same_name(mine, theirs) for mine in found["parties"]) for theirs in gold["parties"])


def body_f1(lines: Sequence[tuple[Span | None, str]], segments: Sequence[Row], text: str) -> float:
    """F1 over characters that are no white space; subheads are neither asked for nor held against it."""
    return body_figures(lines, segments, text)[2]


def body_figures(
    lines: Sequence[tuple[Span | None, str]], segments: Sequence[Row], text: str
) -> tuple[float, float, float]:
    """Precision, recall and F1 as in `body_f1`."""
    kept = {at for row in segments if row["label"] == "body" for at in range(*_span(row)) if not text[at].isspace()}
    wanted: set[int] = set()
    for span, label in lines:
        inked = {at for at in range(*span) if not text[at].isspace()} if span else set()
        if label == "body":
            wanted |= inked
        elif label == "subhead":
            kept -= inked
    lost = sum(span is None and label == "body" for span, label in lines)
    if lost or not wanted:
        return 0.0, 0.0, 0.0  # a body line that the document does not have: text_kept_whole says so as well
    both = len(kept & wanted)
    return both / len(kept) if kept else 0.0, both / len(wanted), 2 * both / (len(kept) + len(wanted))


def gold_lines(gold: Row, text: str) -> list[tuple[Span | None, str]]:
    """Every line or block of the gold: where it lies in the document (None if it does not), and its label."""
    if "line_labels" in gold:
        inked = [found.span() for found in re.finditer(r"[^\r\n]*[^\s][^\r\n]*", text)]
        spans: list[Span | None] = list(inked)
        labels = gold["line_labels"]
        return list(zip(spans + [None] * (len(labels) - len(spans)), labels, strict=False))
    lines: list[tuple[Span | None, str]] = []
    at = 0
    for label, words in gold["blocks"]:
        start = text.find(words, at)
        at = start + len(words) if start >= 0 else at
        lines.append(((start, at) if start >= 0 else None, label))
    return lines


def _words_of_input(gold: Row, documents: Path) -> list[str]:
    if "blocks" in gold:
        return _words("\n".join(words for _, words in gold["blocks"]))
    return _words((documents / gold["uri"]).read_text(encoding="utf-8"))


def _names(page: Mapping[str, list[Row]], types: set[str]) -> list[list[str]]:
    """For every entity of the page its name and each wording of it."""
    entity_names = {row["entity_id"]: row["name"] for row in page.get("entities", [])}
    names: dict[str, list[str]] = {}
    for mention in page.get("mentions", []):
        if mention["entity_type"] in types:
            key = mention["entity_id"] or mention["text"]
            first: str = entity_names.get(key) or mention["name"]
            names.setdefault(key, [first]).append(mention["text"])
    return list(names.values())


def _pages(release: Path, golds: Iterable[str]) -> dict[str, dict[str, list[Row]]]:
    """Rows of every table by the gold's uri; entities are the same for all."""
    tables = {name: pq.read_table(release / f"{name}.parquet").to_pylist() for name in READ_TABLES}
    wanted = set(golds)
    uri_of = {row["document_id"]: uri for row in tables["documents"] for uri in row["uris"] if uri in wanted}
    pages: dict[str, dict[str, list[Row]]] = {
        uri: {"entities": tables["entities"]} | {name: [] for name in READ_TABLES if name != "entities"}
        for uri in uri_of.values()
    }
    for name, rows in tables.items():
        if name == "entities":
            continue
        for row in rows:
            uri = uri_of.get(row["article_id"] if name == "articles" else row["document_id"])
            if uri is not None:
                pages[uri][name].append(row)
    return pages


def _timex_value(value: str) -> str:
    """A decade has one spelling."""
    return re.sub(r"^(\d{3})X$", r"\1", value)


def _places_of(words: str, text: str) -> list[Span]:
    return [found.span() for found in re.finditer(re.escape(words), text)]


def _span(row: Row) -> Span:
    return row["start_char"], row["end_char"]


def _meets(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _words(text: str | None) -> list[str]:
    """Words and numbers, without capitals and accents."""
    plain = unicodedata.normalize("NFKD", text or "")
    return re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)).lower())


def _name_words(name: str | None) -> list[str]:
    words = _words(name)
    return [word for word in words if word not in FILLERS] or words


def shared_words(one: str | None, other: str | None) -> float:
    """Words in both, as a share of the words in either."""
    a, b = set(_words(one)), set(_words(other))
    return len(a & b) / len(a | b) if a | b else 0.0


def dice(one: str | None, other: str | None) -> float:
    a, b = set(_words(one)), set(_words(other))
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def percent(part: float, of: int) -> float | None:
    return round(100 * part / of, 1) if of else None


def _read_json(path: Path) -> Row:
    content: Row = json.loads(path.read_text(encoding="utf-8"))
    return content
