"""A small release in which several papers tell of one shelling: a copy, a later take, a page without a day, a war recalled."""

from collections import defaultdict
from datetime import date

from flows.text.ids import content_id

LEDGER = "Shells hit the market of Velmora on Tuesday, killing 12 people, the mayor said. The shells fell at noon."
HERALD = "Shells hit the market of Velmora on Tuesday, killing 12 people, the mayor said. The shells fell at noon!"
DAILY = (
    "At least 15 people died when rockets struck a market in Velmora, the health ministry said. "
    "A war killed 3,000 people there in 1994."
)
SECOND = "Shells hit the market of Velmora on Tuesday, killing 14 people, the mayor said. Envoys are to meet on Friday."
UNDATED = "The shelling of Velmora wounded 40."

# outlet, day of publication, headline; earliest first
PAGES = {
    LEDGER: ("The Velmora Ledger", date(2021, 3, 3), "Shells hit Velmora"),
    HERALD: ("Port Herald", date(2021, 3, 4), "Shells hit Velmora market"),
    DAILY: ("Ostmark Daily", date(2021, 3, 5), "Rockets strike Velmora"),
    SECOND: ("The Velmora Ledger", date(2021, 3, 6), "Velmora toll rises"),
    UNDATED: (None, None, None),
}
IDS = {text: content_id("documents", text) for text in PAGES}
TUESDAY = {"date_start": date(2021, 3, 2), "date_end": date(2021, 3, 2), "date_precision": "day"}
LAST_WAR = {"date_start": date(1994, 1, 1), "date_end": date(1994, 12, 31), "date_precision": "year"}


def place_of(text, words):
    start = text.index(words)
    return {"document_id": IDS[text], "start_char": start, "end_char": start + len(words)}


def sentence_id(text, words):
    return content_id("sentences", IDS[text], text.rfind(". ", 0, text.index(words)))


def event(text, words, plover="ASSAULT", **columns):
    at = place_of(text, words)
    trigger = words.split()[0]
    return {
        "event_id": content_id("events", IDS[text], words),
        "sentence_id": sentence_id(text, words),
        "plover": plover,
        "trigger": trigger,
        "trigger_start_char": at["start_char"],
        "trigger_end_char": at["start_char"] + len(trigger),
        "rule": "invented",
        "status": "happened",
        "is_background": False,
        "confidence": 0.8,
        "text": words,
        **at,
        **columns,
    }


def claim(text, words, kind, low, high, of, **columns):
    at = place_of(text, words)
    return {
        "casualty_id": content_id("casualties", IDS[text], words),
        "sentence_id": sentence_id(text, words),
        "kind": kind,
        "low": low,
        "high": high,
        "qualifier": "exact" if high is not None else "at_least",
        "trigger_start_char": at["start_char"],
        "trigger_end_char": at["end_char"],
        "rule": "nominal",
        "event_id": of["event_id"],
        "text": words,
        **at,
        **columns,
    }


SHELLED = [
    event(LEDGER, "Shells hit the market", **TUESDAY),
    event(HERALD, "Shells hit the market", **TUESDAY),
    event(DAILY, "rockets struck a market", **TUESDAY),
    event(SECOND, "Shells hit the market", **TUESDAY),
    event(UNDATED, "shelling of Velmora"),
]
WAR = event(DAILY, "war killed", is_background=True, **LAST_WAR)
MEETING = event(SECOND, "meet on Friday", "CONSULT", status="planned")
CLAIMS = [
    claim(LEDGER, "killing 12 people", "killed", 12, 12, SHELLED[0], attributed_to="the mayor"),
    claim(HERALD, "killing 12 people", "killed", 12, 12, SHELLED[1], attributed_to="the mayor"),
    claim(DAILY, "At least 15 people died", "killed", 15, None, SHELLED[2], attributed_to="the health ministry"),
    claim(SECOND, "killing 14 people", "killed", 14, 14, SHELLED[3], attributed_to="the mayor"),
    claim(UNDATED, "wounded 40", "wounded", 40, 40, SHELLED[4]),
    claim(DAILY, "killed 3,000 people", "killed", 3000, 3000, WAR),
]
ABOUT_SHELLING, ABOUT_WAR = "aaaa000000000001", "aaab000000000002"
STORY, OTHER_STORY = "bbbb000000000001", "bbbc000000000002"
GONE, FORMER, OLD_STORY = "cccc000000000001", "cccd000000000002", "ccce000000000003"


def incident(incident_id, **columns):
    row = {
        "incident_id": incident_id,
        "plover": "ASSAULT",
        "status": "happened",
        "is_background": False,
        "place": "Velmora",
        "actors": [],
        "event_count": 1,
        "article_count": 1,
        "source_count": 1,
        "sources_disagree": False,
    }
    return row | columns


def told_rows():
    """Fresh rows of every staged table."""
    rows = defaultdict(list)
    for text, (outlet, day, headline) in PAGES.items():
        own = IDS[text]
        copied = IDS[LEDGER] if text == HERALD else None
        rows["documents"].append(
            {
                "document_id": own,
                "uris": [f"{own[:4]}.txt"],
                "media_type": "text/plain",
                "byte_length": len(text),
                "sha256": "0" * 64,
                "encoding": "utf-8",
                "language": "en",
                "status": "duplicate" if copied else "accepted",
                "duplicate_of": copied,
                "text": text,
                "text_repaired": False,
            }
        )
        rows["articles"].append(
            {
                "article_id": own,
                "headline": headline,
                "published_on": day,
                "published_basis": day and ("inferred" if text == SECOND else "metadata"),
                "published_from_document_id": IDS[DAILY] if text == SECOND else None,
                "publisher": outlet,
                "language": "en",
                "page_type": "article",
                "body": text,
                "word_count": len(text.split()),
                "story_id": OTHER_STORY if text == UNDATED else STORY,
            }
        )
        start = 0
        for index, part in enumerate(text.split(". ")):
            rows["sentences"].append(
                {
                    "sentence_id": content_id("sentences", own, start - 2 if index else -1),
                    "document_id": own,
                    "index": index,
                    "start_char": start,
                    "end_char": start + len(part),
                    "text": part,
                }
            )
            start += len(part) + 2
    rows["events"] = [dict(one) for one in (*SHELLED, WAR, MEETING)]
    rows["casualties"] = [dict(one) for one in CLAIMS]
    rows["event_actors"] = [
        {"event_actor_id": content_id("event_actors", one["event_id"]), "event_id": one["event_id"]}
        | {"role": "recipient", "name": "the market of Velmora", **place_of(text, "the market of Velmora")}
        for one, text in zip(SHELLED, (LEDGER, HERALD), strict=False)
    ]
    rows["stories"] = [
        {"story_id": STORY, "headline": "Shells hit Velmora", "first_published_on": date(2021, 3, 3)}
        | {"last_published_on": date(2021, 3, 6), "article_count": 4, "publisher_count": 3, "source_count": 3},
        {"story_id": OTHER_STORY, "article_count": 1, "publisher_count": 0, "source_count": 1},
    ]
    estimate = {"killed_low": 12, "killed_best": 15, "killed_high": 20}
    estimate |= {f"wounded_{bound}": 40 for bound in ("low", "best", "high")}
    rows["incidents"] = [
        incident(
            ABOUT_SHELLING,
            mode="heavy-weapons",
            event_count=5,
            article_count=5,
            source_count=4,
            sources_disagree=True,
            **estimate,
            **TUESDAY,
        )
        | {"actors": ["Ostmark", "Velmora"]},
        incident(ABOUT_WAR, is_background=True, killed_low=3000, killed_best=3000, killed_high=3000, **LAST_WAR),
    ]
    rows["incident_events"] = [
        {"incident_id": of, "event_id": one["event_id"]}
        for of, events in ((ABOUT_SHELLING, SHELLED), (ABOUT_WAR, [WAR]))
        for one in events
    ]
    rows["claim_conflicts"] = [
        {"incident_id": ABOUT_SHELLING, "casualty_id": CLAIMS[at]["casualty_id"]}
        | {"other_id": CLAIMS[2]["casualty_id"], "kind": "killed"}
        for at in (0, 1, 3)
    ]
    rows["duplicates"] = [
        {"document_id": min(pair), "other_id": max(pair), "kind": kind, "similarity": 0.9} | {"method": "invented"}
        for pair, kind in (((IDS[LEDGER], IDS[HERALD]), "near"), ((IDS[LEDGER], IDS[SECOND]), "later_take"))
    ]
    rows["id_map"] = [
        {"old_id": FORMER, "new_id": ABOUT_SHELLING, "kind": "incident", "since_version": "1.2.0"},
        {"old_id": OLD_STORY, "new_id": STORY, "kind": "story", "since_version": "1.1.0"},
        {"old_id": GONE, "new_id": None, "kind": "incident", "since_version": "1.1.0"},
    ]
    return rows
