"""Where on a page its story stands: the body's extent, the headline, and what inside the extent is not the story's."""

import re

from flows.clean.endings import DATED_STORY_WORDS, MIN_STORY_WORDS, begins_another
from flows.clean.headline import DECK_DISTANCE, HEADLINE_TAG, STORY_LINES, find_headline
from flows.clean.lines import Line
from flows.clean.prose import Reading, content, is_item, prose_ahead, spoken

# ------------------------------------------------------------------ where the body is

# What a line of known wording takes from the case that the body spans it; prose adds a point for every 20 words.
# Set by hand on half of the development pages; not swept.
END_WEIGHTS = {
    "meta": 2.5,
    "comment": 2.0,
    "related": 0.8,
    "promo": 0.3,
    "nav": 0.5,
    "date": 0.5,
    "byline": 0.5,
    "caption": 0.2,
    "other": 0.2,
    "subhead": 0.1,
    "headline": 0.5,
}
LONE_LINK = 0.3  # what one such line between two paragraphs takes: "READ MORE: …" stands inside stories
WORDS_A_POINT, LONG_WORDS = 20, 60
RUN_CAP = 2.5  # what a run of links, buttons and captions may cost: a story goes on after a long one


def body_extent(reading: Reading) -> tuple[int, int]:
    """The run of lines with the greatest total weight: (first, past the last); empty when there is no prose."""
    best, best_span, total, start, run = 0.0, (0, 0), 0.0, 0, 0.0
    for i, (line, known) in enumerate(zip(reading.lines, reading.known, strict=True)):
        if total <= 0:
            total, start, run = 0.0, i, 0.0
        if reading.is_prose[i]:
            total += min(len(line.tokens), LONG_WORDS) / WORDS_A_POINT * reading.prose[i]
            run = 0.0
        elif known and known.label in {"meta", "comment"}:
            total -= END_WEIGHTS[known.label]
        else:
            cost = _cost(reading, i)
            total -= min(cost, max(0.0, RUN_CAP - run))
            run += cost
        if total > best:
            best, best_span = total, (start, i + 1)
    if best > 0:
        first, past = best_span
        while first < past and not reading.is_prose[first]:
            first += 1
        return first, past
    return 0, 0


def with_housed(reading: Reading, first: int, past: int) -> tuple[int, int]:
    """The extent with all the prose that stands in the same HTML elements as most of it."""
    housed = [i for i, inside in enumerate(reading.housed) if inside and reading.is_prose[i]]
    if not housed or first >= past:
        return first, past
    return min(first, housed[0]), max(past, housed[-1] + 1)


def _between_prose(reading: Reading, i: int) -> bool:
    """Whether the lines above and below are paragraphs."""
    return 0 < i < len(reading.lines) - 1 and reading.is_prose[i - 1] and reading.is_prose[i + 1]


def _cost(reading: Reading, i: int) -> float:
    """What a line that is no prose takes from the case that the body spans it."""
    known = reading.known[i]
    if known:
        return min(END_WEIGHTS[known.label], LONE_LINK) if _between_prose(reading, i) else END_WEIGHTS[known.label]
    if is_item(reading.lines[i]):
        return 0.05
    return 0.15 if _tells_on(reading, i) else 0.5


def _tells_on(reading: Reading, i: int) -> bool:
    """Whether a short line stands like a subhead: what follows at once is prose or a list's item, and what went before too."""
    around = [j for j in (i - 1, i + 1) if 0 <= j < len(reading.lines)]
    return all(reading.is_prose[j] or (reading.known[j] is None and is_item(reading.lines[j])) for j in around)


def core_of(reading: Reading, first: int, past: int) -> int:
    """The first line of the extent that is prose and is followed by prose: a banner or a deck above a headline is not."""
    for i in range(first, past):
        if not reading.is_prose[i]:
            continue
        for j in range(i + 1, past):
            if reading.known[j] is None or reading.is_prose[j]:
                if reading.is_prose[j] or is_item(reading.lines[j]):
                    return i
                break
    return first


# ------------------------------------------------------------------ headline

DECK_REACH = 40  # lines of buttons and pictures that may stand between a deck and the body
BANNER_WORDS = 4  # distinct content words below which nothing is compared
LEAD_WORDS = 7  # the same above the extent, where a long break stands between
BANNER_OVERLAP = 0.2  # of a paragraph's words with the story below it; under this it is no part of it


def headline_and_start(
    reading: Reading, first: int, past: int, title: str | None
) -> tuple[tuple[int, float] | None, int]:
    """The headline's line with the confidence in it, if any, and the body's first line."""
    if first >= past:
        return None, first
    core = core_of(reading, first, past)
    found = find_headline(reading, core, past, title)
    above = found[0] + 1 if found else first
    told = (reading.lines[i] for i in range(core, min(past, core + STORY_LINES)) if reading.is_prose[i])
    story = spoken(told) if above < core else set()
    for i in range(above, core):
        # paragraphs between subheads: they are the story's when they speak of the same
        own = content(reading.lines[i])
        enough = len(own) > (BANNER_WORDS if i >= first else LEAD_WORDS)
        if reading.is_prose[i] and enough and len(own & story) >= BANNER_OVERLAP * len(own):
            core = i
            break
    if found is None:
        return None, core
    return found, _after_deck(reading, found[0], max(core, found[0] + 1), past)


def _after_deck(reading: Reading, headline: int, start: int, past: int) -> int:
    """The body's first line below the headline: a sentence between headline and date is the deck, not the body."""
    prose = [i for i in range(start, min(start + DECK_REACH, past)) if reading.is_prose[i]][:2]
    if len(prose) <= 1 or start - headline > DECK_DISTANCE:
        return start
    for i in range(prose[0] + 1, prose[1]):
        known = reading.known[i]
        if (known and known.label in {"date", "byline"}) or reading.lines[i].key == reading.lines[headline].key:
            return prose[1]
    return start


# ------------------------------------------------------------------ what is not the story's

STORY_WORDS = 5_000  # of a story, with which what follows is compared
MAX_COMMENTER_WORDS = 12
_INTRODUCING = frozenset({"date", "byline"})
# of a story, before an appeal alone is believed to part it from other stories: young stories share few words with what follows
APPEAL_WORDS = 200
BREAK_LINES = 3  # lines that are not prose, before what follows must show that it is the same story
RESUME_OVERLAP = 0.12  # of the words of what follows with those of the story,
# once so much of it was told; of a shorter beginning so much less (swept over 150 to 400: recall .961 to .965 on texts)
TOLD_WORDS = 300
_COMMENTER = re.compile(
    r"^.{1,50}?\b(?:[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4},? at \d{1,2}:\d\d.{0,6}|\d+ (?:minutes?|hours?|days?|weeks?|months?|years?) ago)\W{0,3}$|^\S+(?: \S+){0,3} says:$"
)


def foreign_islands(reading: Reading, headline: int | None, first: int, past: int) -> tuple[frozenset[int], int]:
    """Prose inside the extent that is not this story's (teasers, appeals, readers' comments), and the extent's new end."""
    lines = reading.lines
    story: set[str] = set()
    told: list[Line] = []  # whose words are not in `story` yet: most texts never need them
    words, quiet, headed, ended, last = 0, 0, False, False, first
    foreign: set[int] = set()
    inside_foreign = False
    introduced = any(known and known.label in _INTRODUCING for known in reading.known[:first])
    dated = any(known and known.label == "date" for known in reading.known[:first])
    for i in range(first, past):
        line, known = lines[i], reading.known[i]
        if not reading.is_prose[i]:
            if not introduced and known and known.label in _INTRODUCING:
                # the page's own date or byline, below a lead or a picture's text: the story begins here
                introduced, words = True, 0
            if words >= MIN_STORY_WORDS and headline is not None and _is_next_story(reading, headline, i):
                break
            if words >= MIN_STORY_WORDS and ((known and known.label == "comment") or is_commenter(reading, i)):
                break
            if dated and words >= DATED_STORY_WORDS and begins_another(reading, i, first, past):
                break
            if i == first or line.plain != lines[i - 1].plain:  # "Advertisement" four times is one break
                quiet += known.label in {"related", "nav", "promo"} if known else not is_item(line)
            if known:
                headed |= known.label == "related" or (known.label == "promo" and words >= APPEAL_WORDS)
            ended = ended or bool(known and known.label == "meta" and words >= MIN_STORY_WORDS)
            continue
        if not reading.housed[i] and ((quiet >= BREAK_LINES and headed) or ended or inside_foreign):
            ahead = [j for j in range(i, min(i + 6, past)) if reading.is_prose[j]][:3]
            own = content(*(lines[j] for j in ahead))
            story |= spoken(told)
            told.clear()
            asked = (2 if ended else 1) * RESUME_OVERLAP * min(1.0, words / TOLD_WORDS)
            same = len(own & story) >= asked * max(1, len(own))
            if words >= MIN_STORY_WORDS and not (same and (not ended or prose_ahead(reading, i, past))):
                foreign.add(i)
                inside_foreign = True
                continue
        inside_foreign = False
        quiet, headed, ended = 0, False, False
        if words < STORY_WORDS:
            told.append(line)
        words += len(line.tokens)
        last = i
    else:
        return frozenset(foreign), max(last + 1, _trailing_items(reading, last + 1, past))
    return frozenset(foreign), last + 1


def _is_next_story(reading: Reading, headline: int, i: int) -> bool:
    """Whether another headline of the same make begins another story: pages that load the next one below the first."""
    mine, other = reading.lines[headline].block, reading.lines[i].block
    same = mine is not None and other is not None and mine.tag == HEADLINE_TAG and mine.path == other.path
    return same and reading.lines[i].key != reading.lines[headline].key


def _trailing_items(reading: Reading, start: int, past: int) -> int:
    """List items directly after the last sentence still belong to it."""
    i = start
    while i < past and reading.known[i] is None and is_item(reading.lines[i]):
        i += 1
    return i


def is_commenter(reading: Reading, i: int) -> bool:
    """Whether the line names a reader who comments below: a name with a time, "someone says:"."""
    line = reading.lines[i]
    known = reading.known[i]
    if (known and known.label != "byline") or len(line.tokens) > MAX_COMMENTER_WORDS or not _COMMENTER.match(line.text):
        return False
    following = [reading.known[j] for j in range(i + 1, min(i + 3, len(reading.lines)))]
    return any(k is None for k in following)
