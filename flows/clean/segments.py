"""segments: every line or block gets a label and a confidence. Nothing is deleted.

The way of it: what each line's words say by themselves (wording.py), how much each reads like prose, where the prose
stands densest (the body's extent), then what the lines before, inside and after that extent must be.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flows.clean.lines import Line
from flows.clean.markup import hints, in_story
from flows.clean.wording import Known, known_wording

HEADLINE_TAGS = frozenset(("h1",))
PROSE = 0.5  # from here on a line counts as prose
FUNCTION_SHARE = 0.12  # of words that are a, the, of, …; running English has a third, menus next to none
COLON_WORDS = 8  # a line that ends in a colon introduces what follows, if it is long enough
HEADLINE_WORDS = (3, 30)
SUBHEAD_WORDS = 10
HEADLINE_ZONE = 60  # lines above the body in which a headline is looked for


@dataclass(frozen=True)
class Reading:
    """What is known of the lines when labelling begins.

    Attributes:
        lines: the lines.
        known: what each line's words say, or None.
        prose: how much each reads like a sentence of a story, 0 to 1.
        housed: whether each stands directly in the HTML elements that hold most of the prose; False in plain text.
    """

    lines: tuple[Line, ...]
    known: tuple[Known | None, ...]
    prose: tuple[float, ...]
    housed: tuple[bool, ...]


@dataclass(frozen=True)
class Labelled:
    """The lines with their labels; `headline` is the index of the chosen headline line."""

    lines: tuple[Line, ...]
    labels: tuple[str, ...]
    confidences: tuple[float, ...]
    headline: int | None


def prose_score(line: Line) -> float:
    """How much the line by itself reads like running text.

    >>> from flows.clean.lines import lines_of
    >>> prose_score(lines_of("The two sides agreed on Monday to open the road to the north.")[0]) >= PROSE
    True
    >>> prose_score(lines_of("World Business Sport Culture")[0]) >= PROSE
    False
    """
    words = len(line.words)
    if words < 2 or not line.has_letters:
        return 0.0
    ended = line.ends_sentence
    if words >= 25:
        score = 0.95 if ended or line.sentences else 0.6
        if (line.title_share > 0.85 and not ended) or (line.title_share > 0.6 and line.function_share < FUNCTION_SHARE):
            score = 0.3  # a menu on one line
    elif words >= 12:
        score = 0.9 if ended else (0.6 if line.sentences else 0.4)
    elif words >= 8:
        score = 0.8 if ended else 0.15
    else:
        score = 0.55 if ended else 0.05
    if ended and line.title_share > 0.85 and words < 14 and not line.head.isupper():
        score -= 0.35  # a headline with a full stop
    if line.text.endswith(":") and words >= COLON_WORDS:
        score = max(score, 0.6)
    if line.text[0] in '"“‘«„' and line.text.rstrip()[-1:] in '"”’»“.,?!':
        score += 0.2
    if line.text[0].islower():
        score -= 0.1
    block = line.block
    if block is not None:
        if block.link_share > 0.6:
            score -= 0.6
        elif block.link_share > 0.3:
            score -= 0.2
        if block.main_content:
            score += 0.15 if words >= 5 else 0.0
        else:
            score -= 0.3
        if block.tag in {"h1", "h2", "h3", "h4", "h5", "h6", "button", "label", "th", "figcaption"}:
            score -= 0.6
    return min(1.0, max(0.0, score))


def read_lines(lines: Sequence[Line]) -> Reading:
    """Look at each line on its own, and at hard-wrapped paragraphs as wholes."""
    known = [known_wording(line) for line in lines]
    prose = [prose_score(line) for line in lines]
    for i, hint in enumerate(hints(lines, prose)):
        if hint and not (known[i] and known[i].firm) and lines[i].block and lines[i].block.tag not in HEADLINE_TAGS:
            known[i] = hint
    for i in _unended_runs(lines):
        prose[i] = min(prose[i], 0.3)
    for start, end in _wrapped_paragraphs(lines):
        joined = " ".join(line.text for line in lines[start:end])
        whole = prose_score(Line(0, len(joined), joined, gap=True))
        for i in range(start, end):
            prose[i] = max(prose[i], whole)
            if whole >= PROSE and known[i] and not _stands_alone(known[i]):
                known[i] = None
    return Reading(tuple(lines), tuple(known), tuple(prose), tuple(in_story(lines, prose)))


def _unended_runs(lines: Sequence[Line]) -> list[int]:
    """Long lines without a sentence's end that stand together: headlines of other stories."""
    bare = [
        len(line.words) >= UNENDED_WORDS
        and not line.ends_sentence
        and not line.sentences
        and line.text[-1] not in ":;,"
        for line in lines
    ]
    return [
        i for i, is_bare in enumerate(bare) if is_bare and ((i and bare[i - 1]) or (i + 1 < len(bare) and bare[i + 1]))
    ]


UNENDED_WORDS = 8


def _stands_alone(known: Known | None) -> bool:
    return known is not None and known.label == "meta"


WRAP_CHARS = (40, 100)  # a hard-wrapped line's length
WRAP_SHARE = 0.3  # of lines that run on into the next, before a text counts as hard-wrapped


def _wrapped_paragraphs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Runs of lines that are one paragraph broken at a column: (first, past the last)."""
    low, high = WRAP_CHARS

    def runs_on(i: int) -> bool:
        line, after = lines[i], lines[i + 1]
        goes_on = after.text[0].islower() or (line.head.isupper() and after.head.isupper())
        return (
            goes_on
            and not after.gap
            and low <= len(line.text) <= high
            and not line.ends_sentence
            and line.block is None
        )

    count = len(lines) - 1
    if count < 2 or sum(runs_on(i) for i in range(count)) < WRAP_SHARE * count:
        return []
    if sum(len(line.text) > high * 1.5 for line in lines) > 0.2 * len(lines):
        return []  # paragraphs on one line: what runs on there is a list of headlines
    runs: list[tuple[int, int]] = []
    start = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or lines[i].gap or (lines[i].indented and not lines[i - 1].indented):
            if i - start > 1:
                runs.append((start, i))
            start = i
    return runs


def label_lines(lines: Sequence[Line], title: str | None = None) -> Labelled:
    """Label every line; `title` is what metadata calls the page."""
    if not lines:
        return Labelled((), (), (), None)
    reading = read_lines(lines)
    first, past = _body_extent(reading)
    headline, first = _headline_and_start(reading, first, past, title)
    foreign, past = _foreign_islands(reading, headline, first, past)
    labels: list[str | None] = [None] * len(lines)
    sure = [0.6] * len(lines)
    _label_head(reading, labels, sure, first, headline)
    _label_middle(reading, labels, sure, (first, past), foreign, headline)
    _label_tail(reading, labels, sure, past)
    return Labelled(reading.lines, tuple(label or "other" for label in labels), tuple(sure), headline)


# ------------------------------------------------------------------ where the body is


def _is_prose(reading: Reading, i: int) -> bool:
    known = reading.known[i]
    if known and (known.firm or known.label in {"byline", "date"}):
        return False
    return reading.prose[i] >= PROSE


def _is_item(line: Line) -> bool:
    """A list's item or a table's row, which tells part of a story without a sentence: "35 wounded", "Killed: 12"."""
    return line.text[0] in "•*–—·-" or (line.text[0].isdigit() and len(line.words) > 1) or ": " in line.text[:60]


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
}
RUN_CAP = 2.5  # what a run of links, buttons and captions may cost: a story goes on after a long one


def _body_extent(reading: Reading) -> tuple[int, int]:
    """The run of lines with the greatest total weight: (first, past the last); empty when there is no prose."""
    best, best_span, total, start, run = 0.0, (0, 0), 0.0, 0, 0.0
    for i, (line, known) in enumerate(zip(reading.lines, reading.known, strict=True)):
        if total <= 0:
            total, start, run = 0.0, i, 0.0
        if _is_prose(reading, i):
            total += min(len(line.words), 60) / 20 * reading.prose[i]
            run = 0.0
        elif known and known.label in {"meta", "comment"}:
            total -= END_WEIGHTS[known.label]
        else:
            cost = (
                END_WEIGHTS.get(known.label, 0.4)
                if known
                else 0.05
                if _is_item(line)
                else 0.15
                if _tells_on(reading, i)
                else 0.5
            )
            total -= min(cost, max(0.0, RUN_CAP - run))
            run += cost
        if total > best:
            best, best_span = total, (start, i + 1)
    if best > 0:
        first, past = best_span
        while first < past and not _is_prose(reading, first):
            first += 1
        return first, past
    return _bodiless_extent(reading)


def _tells_on(reading: Reading, i: int) -> bool:
    """Whether a short line stands like a subhead: what follows at once is prose or a list's item, and what went before too."""
    around = [j for j in (i - 1, i + 1) if 0 <= j < len(reading.lines)]
    return all(_is_prose(reading, j) or (reading.known[j] is None and _is_item(reading.lines[j])) for j in around)


def _bodiless_extent(reading: Reading) -> tuple[int, int]:
    """No line reads like prose: a note of a line or two is still a text, a menu is not."""
    free = [i for i, known in enumerate(reading.known) if known is None and len(reading.lines[i].words) >= 3]
    if not free or len(reading.lines) > 3 * len(free) or len(free) > 6:
        return 0, 0
    return free[-1], free[-1] + 1


def _core(reading: Reading, first: int, past: int) -> int:
    """The first line of the extent that is prose and is followed by prose: a banner or a deck above a headline is not."""
    for i in range(first, past):
        if not _is_prose(reading, i):
            continue
        for j in range(i + 1, past):
            if reading.known[j] is None or _is_prose(reading, j):
                if _is_prose(reading, j) or _is_item(reading.lines[j]):
                    return i
                break
    return first


# ------------------------------------------------------------------ headline

_COMMON = frozenset(
    "that this with from have been were will would their they there which about after before over into more than when what where while also said says".split()
)


_CONTENT_WORD = re.compile(r"[^\W_]{4,}")


def _content(text: str) -> frozenset[str]:
    """The words of four letters and more, but for the commonest: what two texts on one matter share."""
    return frozenset(word for word in _CONTENT_WORD.findall(text.casefold()) if word not in _COMMON)


MIN_HEADLINE_SCORE = 0.5
BANNER_WORDS = 4  # distinct content words below which nothing is compared
BANNER_OVERLAP = 0.2  # of a paragraph's words with the story below it; under this it is no part of it


def _headline_and_start(reading: Reading, first: int, past: int, title: str | None) -> tuple[int | None, int]:
    """The headline's line, if any, and the body's first line."""
    if first >= past:
        return None, first
    core = _core(reading, first, past)
    story = _content(
        " ".join(reading.lines[i].head for i in range(core, min(past, core + 12)) if _is_prose(reading, i))
    )
    headline = _find_headline(reading, core, past, story, title)
    above = headline + 1 if headline is not None else first
    for i in range(max(above, first), core):
        # paragraphs between subheads: they are the story's when they speak of the same
        content = _content(reading.lines[i].head)
        if (
            _is_prose(reading, i)
            and len(content) > BANNER_WORDS
            and len(content & story) >= BANNER_OVERLAP * len(content)
        ):
            core = i
            break
    if headline is None:
        return None, core
    return headline, _after_deck(reading, headline, max(core, headline + 1), past)


def _after_deck(reading: Reading, headline: int, start: int, past: int) -> int:
    """The body's first line below the headline: a sentence between headline and date is the deck, not the body."""
    prose = [i for i in range(start, min(start + DECK_REACH, past)) if _is_prose(reading, i)][:2]
    if len(prose) < 2 or start - headline > 2:
        return start
    for i in range(prose[0] + 1, prose[1]):
        known = reading.known[i]
        if (known and known.label in {"date", "byline"}) or reading.lines[i].key == reading.lines[headline].key:
            return prose[1]
    return start


DECK_REACH = 40  # lines of buttons and pictures that may stand between a deck and the body


def _find_headline(reading: Reading, core: int, past: int, story: frozenset[str], title: str | None) -> int | None:
    """The line above the body that names the story: in its words, doubled, near the date, in the title."""
    lines = reading.lines
    copies = Counter(line.key for line in lines)
    wanted = _content(title) if title else frozenset()
    best: tuple[float, int] | None = None
    for i in range(max(0, core - HEADLINE_ZONE), core + 1):
        line, known = lines[i], reading.known[i]
        if known or not (HEADLINE_WORDS[0] <= len(line.words) <= HEADLINE_WORDS[1]) or line.sentences > 1:
            continue
        if i == core and not _may_head(reading, i, past):
            continue
        words = _content(line.text)
        if not words:
            continue
        score = 2.0 * len(words & story) / len(words)
        if wanted:
            score += 3.0 * len(words & wanted) / len(words | wanted)
        score += 0.5 * (copies[line.key] > 1)
        if line.ends_sentence and line.text[-1] not in "?!":
            score -= 0.8 if line.title_share < 0.7 else 0.2
        if len(line.words) > 18:
            score -= 0.4
        if len(line.words) < 5:
            score -= 0.3
        after = [reading.known[j] for j in range(i + 1, min(i + 4, core))]
        score += 0.5 * any(k and k.label in {"date", "byline"} for k in after)
        below = reading.known[i + 1] if i + 1 < core else None
        score += 0.4 * (
            i + 1 < core
            and (_is_prose(reading, i + 1) or (below is not None and below.label in {"caption", "byline", "date"}))
        )
        score -= 0.01 * (core - i)
        score += 0.4 * (i == 0)
        if line.block is not None:
            score += 1.2 * (line.block.tag == "h1") + 0.3 * (line.block.tag == "h2")
            score -= 1.0 * (line.block.link_share > 0.6)
        if _is_breadcrumb(line):
            score -= 1.0
        if best is None or score > best[0]:
            best = (score, i)
    if best is None or best[0] < MIN_HEADLINE_SCORE:
        return None
    return best[1]


def _is_breadcrumb(line: Line) -> bool:
    return line.folded.startswith(("home ", "you are here", "news /", "world /"))


def _may_head(reading: Reading, i: int, past: int) -> bool:
    """Whether the body's first line may be a headline that ends in a full stop."""
    line = reading.lines[i]
    if i + 1 >= past or len(line.words) > 14 or i > 2:
        return False
    if line.title_share >= 0.75 and len(line.words) >= 4:
        return True
    shared = _content(line.text) & _content(reading.lines[i + 1].head)
    return (
        i == 0
        and len(shared) >= 0.5 * max(1, len(_content(line.text)))
        and len(reading.lines[i + 1].words) >= 1.5 * len(line.words)
    )


# ------------------------------------------------------------------ what is not the story's

MIN_STORY_WORDS = 60  # before a comments' heading or an end mark is believed to end the story
BREAK_LINES = 3  # lines that are not prose, before what follows must show that it is the same story
RESUME_OVERLAP = 0.12  # of the words of what follows with those of the story
_COMMENTER = re.compile(
    r"^.{1,50}?\b(?:[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4},? at \d{1,2}:\d\d.{0,6}|\d+ (?:minutes?|hours?|days?|weeks?|months?|years?) ago)\W{0,3}$|^\S+(?: \S+){0,3} says:$"
)


def _foreign_islands(reading: Reading, headline: int | None, first: int, past: int) -> tuple[frozenset[int], int]:
    """Prose inside the extent that is not this story's (teasers, appeals, readers' comments), and the extent's new end."""
    lines = reading.lines
    story: set[str] = set()
    words, quiet, headed, ended, last = 0, 0, False, False, first
    foreign: set[int] = set()
    inside_foreign = False
    for i in range(first, past):
        line, known = lines[i], reading.known[i]
        if not _is_prose(reading, i):
            if words >= MIN_STORY_WORDS and headline is not None and _is_next_story(reading, headline, i):
                break
            if words >= MIN_STORY_WORDS and ((known and known.label == "comment") or _is_commenter(reading, i)):
                break
            quiet += (
                1
                if (known is None and not _is_item(line)) or (known and known.label in {"related", "nav", "promo"})
                else 0
            )
            headed = headed or bool(known and known.label in {"related", "promo"})
            ended = ended or bool(known and known.label == "meta" and words >= MIN_STORY_WORDS)
            continue
        if not reading.housed[i] and ((quiet >= BREAK_LINES and headed) or ended or inside_foreign):
            ahead = [j for j in range(i, min(i + 6, past)) if _is_prose(reading, j)][:3]
            content = _content(" ".join(lines[j].head for j in ahead))
            same = len(content & story) >= (2 if ended else 1) * RESUME_OVERLAP * max(1, len(content))
            if words >= MIN_STORY_WORDS and not (same and (not ended or _prose_ahead(reading, i, past))):
                foreign.add(i)
                inside_foreign = True
                continue
        inside_foreign = False
        quiet, headed, ended = 0, False, False
        if words < 5_000:
            story |= _content(line.head)
        words += len(line.words)
        last = i
    else:
        return frozenset(foreign), max(last + 1, _trailing_items(reading, last + 1, past))
    return frozenset(foreign), last + 1


def _is_next_story(reading: Reading, headline: int, i: int) -> bool:
    """Whether another headline of the same make begins another story: pages that load the next one below the first."""
    mine, other = reading.lines[headline].block, reading.lines[i].block
    same = mine is not None and other is not None and mine.tag in HEADLINE_TAGS and mine.path == other.path
    return same and reading.lines[i].key != reading.lines[headline].key


def _trailing_items(reading: Reading, start: int, past: int) -> int:
    """List items directly after the last sentence still belong to it."""
    i = start
    while i < past and reading.known[i] is None and _is_item(reading.lines[i]):
        i += 1
    return i


def _is_commenter(reading: Reading, i: int) -> bool:
    line = reading.lines[i]
    known = reading.known[i]
    if (known and known.label != "byline") or len(line.words) > 12 or not _COMMENTER.match(line.text):
        return False
    following = [reading.known[j] for j in range(i + 1, min(i + 3, len(reading.lines)))]
    return any(k is None for k in following)


def _prose_ahead(reading: Reading, i: int, past: int) -> bool:
    """Whether the story goes on from here: most words of the next few lines are prose."""
    window = range(i, min(i + 5, past))
    prose = sum(len(reading.lines[j].words) for j in window if _is_prose(reading, j))
    free = sum(len(reading.lines[j].words) for j in window if not _is_prose(reading, j) and reading.known[j] is None)
    return prose > 2 * free


# ------------------------------------------------------------------ labels


def _label_head(
    reading: Reading, labels: list[str | None], sure: list[float], first: int, headline: int | None
) -> None:
    """Lines above the body."""
    lines = reading.lines
    copies = Counter(line.key for line in lines)
    for i in range(first):
        line, known = lines[i], reading.known[i]
        if i == headline or (headline is not None and line.key == lines[headline].key):
            labels[i], sure[i] = "headline", 0.9
        elif known:
            labels[i], sure[i] = known.label, 0.85
        elif headline is None or i < headline:
            labels[i] = "date" if _holds_date(line) else "nav"
        elif _is_prose(reading, i):
            # between headline and body: a deck, or a picture's text told twice
            labels[i] = "caption" if copies[line.key] > 1 else "subhead"
        elif _holds_date(line):
            labels[i] = "date"
        elif len(line.words) >= 6:
            labels[i] = "subhead" if i == headline + 1 else "caption"
        else:
            labels[i] = "caption" if copies[line.key] > 1 and len(line.words) > 3 else "nav"


_FULL_DATE = re.compile(
    r"\b(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?\b|\b\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2} ?, ?(?:19|20)\d\d\b|"
    r"\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6},? (?:19|20)\d\d\b",
    re.IGNORECASE,
)
MAX_DATED_WORDS = 9  # a line above the body that holds a whole date and little else is there for the date


def _holds_date(line: Line) -> bool:
    return len(line.words) <= MAX_DATED_WORDS and bool(_FULL_DATE.search(line.text))


def _label_middle(
    reading: Reading,
    labels: list[str | None],
    sure: list[float],
    extent: tuple[int, int],
    foreign: frozenset[int],
    headline: int | None,
) -> None:
    """Lines of the body's extent."""
    lines = reading.lines
    first, past = extent
    head_key = lines[headline].key if headline is not None else None
    seen: set[str] = set()
    in_related = False
    for i in range(first, past):
        line, known = lines[i], reading.known[i]
        if i in foreign:
            labels[i], in_related = "related", True
        elif _is_prose(reading, i):
            twice = line.key in seen and len(line.words) > 5
            labels[i], sure[i] = ("caption" if twice else "body"), 0.6 + 0.38 * reading.prose[i]
            in_related = False
            seen.add(line.key)
        elif line.key and line.key == head_key:
            labels[i], sure[i] = "headline", 0.8
        elif (
            known
            and known.label == "nav"
            and labels[i - 1] in {"body", "subhead"}
            and not in_related
            and _prose_follows(reading, i, past)
        ):
            labels[i] = "subhead"  # a country's or a section's name alone, between paragraphs
        elif known:
            labels[i], sure[i] = known.label, 0.85
            in_related = in_related or (known.label == "related" and len(line.words) <= 5)
        elif in_related:
            labels[i] = "related"
        else:
            labels[i] = _short_inside(reading, labels, i, past)


def _short_inside(reading: Reading, labels: list[str | None], i: int, past: int) -> str:
    """A line of the body's extent that is neither prose nor known wording."""
    lines = reading.lines
    line, words = lines[i], len(lines[i].words)
    before = lines[i - 1] if i else None
    after = lines[i + 1] if i + 1 < len(lines) else None
    if (before and before.key == line.key) or (after and after.key == line.key):
        return "caption"
    if before and reading.known[i - 1] and labels[i - 1] == "other" and ":" in before.text and words > 3:
        return "caption"  # a video's title under its running time
    listed = before is not None and labels[i - 1] == "body" and (before.text.endswith((":", ";")) or _is_item(before))
    if line.text.endswith(":") and words <= 4 and not line.text[0].isdigit():
        return "subhead"
    if _is_item(line) or line.text.endswith((":", ";", ",")):
        return "body"
    if (
        words <= SUBHEAD_WORDS
        and _prose_follows(reading, i, past)
        and not (listed and before and before.text.endswith(":"))
    ):
        return "subhead"
    if words >= 14 or listed:
        return "body"
    return "related"


def _prose_follows(reading: Reading, i: int, past: int) -> bool:
    for j in range(i + 1, min(i + 4, past)):
        if _is_prose(reading, j):
            return True
        if reading.known[j] is None:
            return _is_item(reading.lines[j])
    return False


def _label_tail(reading: Reading, labels: list[str | None], sure: list[float], past: int) -> None:
    """Lines below the body."""
    lines = reading.lines
    section: str | None = None
    for i in range(past, len(lines)):
        line, known = lines[i], reading.known[i]
        if known and not (section == "meta" and known.label == "nav" and labels[i - 1] == "meta"):
            labels[i], sure[i] = known.label, 0.85
            if known.label in {"related", "comment", "promo"} and len(line.words) <= 5:
                section = known.label
            elif known.label == "meta":
                section = "meta"
        elif section == "comment" or _is_commenter(reading, i):
            labels[i] = section = "comment"
        elif section == "meta" and len(line.words) <= 3:
            labels[i] = "meta"
        elif len(line.words) <= 3 and section != "related":
            labels[i] = "nav"
        elif section == "promo" and _is_prose(reading, i):
            labels[i] = "promo"
        else:
            labels[i], section = "related", "related"
