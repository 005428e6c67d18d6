"""Where an event was: at a place that its own words name, else at the one where the report is at that point."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

from spacy.tokens import Token

from flows.extract.circumstances import (
    GATHERINGS,
    LOCALITIES,
    MAX_CLIMB,
    PLACE_TYPES,
    SITES,
    between,
    clause_of,
    fact_at,
    happening_above,
    head_of,
    is_location,
    paragraph_at,
    where,
    words,
)
from flows.extract.event_merging import Candidate
from flows.extract.event_parties import state_names
from flows.extract.event_setting import Dating
from flows.extract.mentions import Mention
from flows.extract.reading import Paragraph, Reading
from flows.text.gazetteer import lookup

# Acts done by speaking are where the speaker is; a place in what is said is not it.
SPEECH = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT"})
AGREEING = frozenset({"AGREE", "CONCEDE"})
FORCE = frozenset({"ASSAULT", "MOBILIZE", "COERCE", "PROTEST"})
# What is done to a place is done there
STRIKING = words(
    "storm raid enter seize capture take overrun attack shell bomb bombard strike hit besiege surround recapture retake liberate "
    "occupy invade control pound"
)
INVADING = words(
    "invade occupy enter bomb strike"
)  # what is done to a whole state so that it is the place and no party
LEAVING = words("retreat withdraw withdrawal pullout pull evacuate flee leave retire")
FROM = frozenset({"from"})
REGION_WORDS = words("region territory enclave area province")
TOWN_WORDS = words("city town village")
REGION_KINDS = frozenset({"contested region", "region", "area"})

# A noun of talks that has a town of its own anywhere in the report is held there: "the Geneva talks". Not meetings and
# visits, of which a report tells several.
TALKS = words("talk negotiation summit conference dialogue")
ABOUT = frozenset({"on", "about", "over", "regarding", "concerning"})
TOWN_KINDS = frozenset(
    {"city", "capital", "site"}
)  # "the Darfur talks" are about a region, "the Iran talks" with a state

MENTIONS_BACK = 60  # looked through for what "the region" means
GROUPS_AROUND = 60  # events looked at on either side; it keeps very long pages linear
BEFORE_SENTENCES, AFTER_SENTENCES = 8, 4  # in which the report is at the place where it put an event of the same kind


def place_named(reading: Reading, paragraph: Paragraph, head: Token, plover: str) -> Mention | None:
    """The place that the sentence of an event's word `head` gives it; None where it names none of its own."""
    if plover == "ASSAULT":
        struck = _struck(reading, paragraph, head)
        if struck is not None:
            return struck
    start = paragraph.start_char + head.idx
    found = where(
        reading, start, start + len(head), also=FROM if plover == "RETREAT" or head.lemma_ in LEAVING else frozenset()
    )
    if found is None:
        return None
    if plover in SPEECH | AGREEING and not _is_direct(paragraph, found, head):
        return None
    if plover == "CONSULT" and _is_talked_of(paragraph, found):
        return None
    return None if _is_anothers(paragraph, found, head) else found


def _struck(reading: Reading, paragraph: Paragraph, verb: Token) -> Mention | None:
    """The place that is taken or struck: "stormed the Harland Museum", "Kufra was seized"."""
    if verb.lemma_ not in STRIKING:
        return None
    for child in verb.children:
        if child.dep_ not in ("dobj", "nsubjpass"):
            continue
        found = fact_at(reading.mentions, paragraph.start_char + child.idx) or _site_of(reading, paragraph, child)
        if found is None or found.entity_type not in PLACE_TYPES:
            continue
        if found.name not in state_names() or verb.lemma_ in INVADING:
            return found
    return None


def _is_talked_of(paragraph: Paragraph, place: Mention) -> bool:
    """Whether the place is of the matter that talks are about: "talks on the crisis in Darfur", not "on the island of Cyprus".

    A town is where they are held: a parse hangs "in Geneva" of "talks on the war in Geneva" on the war as well.
    """
    if any(entry.kind in TOWN_KINDS for entry in lookup(place.name)[:1]):
        return False
    node = head_of(paragraph, place.start_char, place.end_char)
    for _ in range(MAX_CLIMB):
        if node is None or node.head.i == node.i or node.pos_ == "VERB":
            return False
        about = node.dep_ == "pobj" and node.head.lower_ in ABOUT and node.pos_ == "NOUN"
        if about and node.lemma_.lower() not in LOCALITIES | SITES:
            return True
        node = node.head
    return False


def _site_of(reading: Reading, paragraph: Paragraph, noun: Token) -> Mention | None:
    """The name that a noun of sites has before it: "the Jabalia camp was hit"."""
    if noun.lemma_.lower() not in LOCALITIES | SITES:
        return None
    named = (fact_at(reading.mentions, paragraph.start_char + c.idx) for c in noun.children if c.dep_ == "compound")
    return next((mention for mention in named if mention is not None), None)


def _is_direct(paragraph: Paragraph, place: Mention, told: Token) -> bool:
    """Whether the place hangs on the clause's verb and on no noun in it: "In Oslo she condemned the raid"."""
    node = head_of(paragraph, place.start_char, place.end_char)
    clause, led = clause_of(told), False
    for _ in range(MAX_CLIMB):
        if node is None or node.head.i == node.i:
            return False
        led = node.dep_ == "prep" or (led and node.dep_ == "xcomp")
        node = node.head
        if node.i in (told.i, clause.i):
            return led
        if node.pos_ in ("VERB", "AUX") and node.dep_ != "xcomp":  # "agreed to meet in Oslo"
            return False
        if node.pos_ == "NOUN" and node.lemma_.lower() not in LOCALITIES | SITES | GATHERINGS:
            return False
    return False


def _is_anothers(paragraph: Paragraph, place: Mention, told: Token) -> bool:
    """Whether the place is another clause's or happening's than the noun told of: "the summit comes amid the war in Ukraine"."""
    head = head_of(paragraph, place.start_char, place.end_char)
    if head is None or told.pos_ != "NOUN":
        return False
    if clause_of(head).i != clause_of(told).i:
        return True
    other = happening_above(head)
    if other is None or other.i == told.i:
        return False
    return all(ancestor.i != told.i for ancestor in other.ancestors) and all(a.i != other.i for a in told.ancestors)


def places_of(
    reading: Reading, groups: Sequence[Sequence[Candidate]], dates: Sequence[Dating | None]
) -> list[Mention | None]:
    """The place of each event, whose mentions are a group: by one of its mentions, else by the report around it."""
    named = [_own_place(group) for group in groups]
    if all(place is not None for place in named):
        return named
    dateline, most_named, talks = _dateline(reading), _most_named(reading), _towns_of_talks(reading)
    places: list[Mention | None] = []
    for at, place in enumerate(named):
        first = groups[at][0]
        if place is None and first.plover in SPEECH:
            # what its own words leave open
            place = _of_the_talks(first, talks) or (dateline if first.leads else None)  # noqa: PLW2901
        elif place is None and (first.plover == "CONSULT" or _is_of_force(first)):
            place = _of_the_report(reading, at, groups, dates, named)  # noqa: PLW2901 - as above
            if place is None:
                place = most_named if _is_of_force(first) else _of_the_talks(first, talks)  # noqa: PLW2901 - as above
        places.append(place)
    return places


def _towns_of_talks(reading: Reading) -> dict[str, Mention | None]:
    """Where each noun of talks is held by the report, its lemma to the first mention of the town; None where it names several."""
    towns: dict[str, Mention | None] = {}
    for paragraph in reading.paragraphs:
        for place in between(reading.mentions, paragraph.start_char, paragraph.end_char):
            if place.entity_type not in PLACE_TYPES or not is_location(paragraph, place.start_char, place.end_char):
                continue
            head = head_of(paragraph, place.start_char, place.end_char)
            held = None if head is None else happening_above(head)
            if (
                held is None
                or held.lemma_ not in TALKS
                or not any(e.kind in TOWN_KINDS for e in lookup(place.name)[:1])
            ):
                continue
            known = towns.setdefault(held.lemma_, place)
            if known is None or known.name != place.name:
                towns[held.lemma_] = None
    return towns


def _of_the_talks(first: Candidate, towns: Mapping[str, Mention | None]) -> Mention | None:
    """The town of the talks that the event's words name, which another sentence tells: "is mediating the talks"."""
    named = (word.lemma_ for word in first.match.words if word.pos_ == "NOUN" and not _is_one_of_several(word))
    return next((towns[lemma] for lemma in named if towns.get(lemma) is not None), None)


def _is_one_of_several(noun: Token) -> bool:
    """Whether the noun may be of other talks than those that were named: "talks were held", "a new round of talks"."""
    return any(child.lower_ in ("a", "an", "another", "new", "earlier", "previous", "last") for child in noun.children)


def _own_place(group: Sequence[Candidate]) -> Mention | None:
    """A place that a mention gives, if it is no party's name; a town before a state."""
    first = group[0]
    places = [c.place for c in group if c.place is not None and not _is_party(first, c.place)]
    fine = [place for place in places if place.name not in state_names()]
    return next(iter(fine or places), None)


def _is_party(first: Candidate, place: Mention) -> bool:
    """Whether the place's words are those that name a party, which was not struck there: "between Mali and Niger"."""
    if first.plover == "RETREAT":
        return False
    if first.plover == "ASSAULT" and first.match.head.lemma_ in STRIKING and place.name not in state_names():
        return False
    return any(
        party.start_char == place.start_char or party.name == place.name for party in (*first.actors, *first.recipients)
    )


def _of_the_report(
    reading: Reading,
    at: int,
    groups: Sequence[Sequence[Candidate]],
    dates: Sequence[Dating | None],
    named: Sequence[Mention | None],
) -> Mention | None:
    """The place that the words mean by "the region", else where the report put the nearest event of the kind and the time."""
    first = groups[at][0]
    meant = _meant(reading, first)
    if meant is not None:
        return meant
    best: tuple[bool, bool, int, Mention] | None = None
    for other in range(max(at - GROUPS_AROUND, 0), min(at + GROUPS_AROUND, len(groups))):
        place = named[other]
        if place is None or not _is_like(first, groups[other][0]) or not _meet(dates[at], dates[other]):
            continue
        away = first.sentence - groups[other][0].sentence
        if -AFTER_SENTENCES <= away <= BEFORE_SENTENCES:
            key = (place.name in state_names(), away < 0, abs(away))
            if best is None or key < best[:3]:
                best = (*key, place)
    return best[3] if best else None


def _most_named(reading: Reading) -> Mention | None:
    """The place at which the report puts most of what it tells: the first mention of it as one."""
    counts: Counter[str] = Counter()
    located: dict[str, Mention] = {}
    for paragraph in reading.paragraphs:
        for place in between(reading.mentions, paragraph.start_char, paragraph.end_char):
            if place.entity_type in PLACE_TYPES and is_location(paragraph, place.start_char, place.end_char):
                counts[place.name] += 1
                located.setdefault(place.name, place)
    if not counts:
        return None
    # of several named as often the one named first
    return located[max(counts, key=lambda name: counts[name])]


def _is_like(one: Candidate, other: Candidate) -> bool:
    if one.plover == "CONSULT":
        return other.plover == "CONSULT"
    return _is_of_force(other)


def _is_of_force(candidate: Candidate) -> bool:
    """Whether forces or crowds move or strike; of what is given up ("cede", "swap hostages") only the leaving of a place."""
    return candidate.plover in FORCE or (candidate.plover == "RETREAT" and candidate.match.head.lemma_ in LEAVING)


def _meet(one: Dating | None, other: Dating | None) -> bool:
    if one is None or other is None:
        return True
    return one.days.start <= other.days.end and other.days.start <= one.days.end


def _meant(reading: Reading, first: Candidate) -> Mention | None:
    """The place that the sentence calls "the region" or "the town": the last one of that kind named before it."""
    paragraph = paragraph_at(reading, first.head_char)
    if paragraph is None:
        return None
    for word in first.match.head.sent:
        if word.lemma_ in REGION_WORDS | TOWN_WORDS and word.pos_ == "NOUN" and _is_definite(word):
            start = paragraph.start_char + word.idx
            end = bisect_left(reading.mentions, start, key=lambda m: m.start_char)
            before = reversed(reading.mentions[max(end - MENTIONS_BACK, 0) : end])
            return next((m for m in before if _is_of_kind(m, word.lemma_)), None)
        if word.lemma_ in TOWN_WORDS and any(c.lower_ in ("a", "an") for c in word.children):
            return _named_later(reading, first, word.lemma_)
    return None


def _named_later(reading: Reading, first: Candidate, kind: str) -> Mention | None:
    """What "a rebel-held town" is called soon after: "in the town of Kufra"."""
    last = min(first.sentence + AFTER_SENTENCES, len(reading.sentences) - 1)
    text = reading.page.text
    for place in between(
        reading.mentions, reading.sentences[first.sentence].end_char, reading.sentences[last].end_char
    ):
        if place.entity_type in PLACE_TYPES and text.endswith(f"{kind} of ", 0, place.start_char):
            return place
    return None


def _is_of_kind(place: Mention, word: str) -> bool:
    """Whether the mention names a region, or a town, as the word says."""
    if place.entity_type not in PLACE_TYPES:
        return False
    kinds = {entry.kind for entry in lookup(place.name)[:1]}
    if word in REGION_WORDS:
        return bool(kinds & REGION_KINDS) or (not kinds and place.entity_type == "LOC")
    return place.entity_type == "GPE" and not kinds & (REGION_KINDS | {"country"})


def _is_definite(noun: Token) -> bool:
    """Whether "the" or "this" stands before the noun, and no name."""
    children = list(noun.children)
    return any(c.lower_ in ("the", "this", "that") for c in children) and not any(
        c.pos_ == "PROPN" or c.lower_ == "of" for c in children
    )


def _dateline(reading: Reading) -> Mention | None:
    """The place of the dateline, where it is a mention."""
    place = reading.page.dateline_place
    if not place:
        return None
    return next(
        (m for m in reading.mentions if reading.page.text[m.start_char : m.end_char].casefold() == place.casefold()),
        None,
    )
