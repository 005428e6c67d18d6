"""Which line is the headline: candidates above the story, what is seen of each, and weights learnt from labelled pages.

The weights (seeds/reference/headline_weights.csv) are those of a multinomial logit over a page's candidates and the chance that
none of them is it; tests/gold/train_headline.py makes them. The share of the best one is the confidence in it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from math import exp

from flows.clean.lines import Line, whole_line
from flows.clean.prose import LINKED, Reading, content, spoken
from flows.text.reference import reference_rows

HEADLINE_TAG = "h1"
HEADLINE_WORDS = (2, 30)
HEADLINE_ZONE = 60  # lines above the body in which a headline is looked for
STORY_LINES, LEAD_LINES = 12, 3  # paragraphs of the body whose words are compared with a headline's
SHARED_WORDS = 6  # with the story; more say no more
SHORT, SHORTEST, LONG = 6, 4, 18  # words
NEAR_LINES = 3  # below a headline, in which its date or byline stands
LIKELY_SHARE = 0.34  # of a line's words in the story, before it counts as a rival of the lines beside it
# "Photos: …", "Update: …" begin headlines, too: of a text's first line, of which nothing shorter is one. Believed of every
# line, it cost two headlines of 163 pages.
KNOWN_WORDS, MAY_HEAD = 5, frozenset({"caption", "related", "promo", "nav"})
STOPPED_HEADLINE = 14  # words of a headline that ends in a full stop
DECK_DISTANCE = 2
TITLE_CASE = 0.75  # of long words with a capital
HALF = 0.5
DATING = frozenset({"date", "byline"})
TRAILS = ("home ", "you are here", "news /", "world /")  # of sections, at the end of which the headline stands again
BUTTONS = frozenset({"promo", "nav"})
BUTTON_LINES = 24  # between a headline and its byline: sharing in ten ways
_BEGINNINGS = (["caption"], ["date"], ["byline"])
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_VERBS = frozenset(
    "is are was were has have had will to says said over after for in on of as with by at from and into amid".split()
)


@cache
def _weights() -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Weights for plain text, and for blocks of a web page, by feature."""
    rows = reference_rows("headline_weights.csv")
    return (
        {row["feature"]: float(row["text_weight"]) for row in rows},
        {row["feature"]: float(row["page_weight"]) for row in rows},
    )


def find_headline(reading: Reading, core: int, past: int, title: str | None) -> tuple[int, float] | None:
    """The headline's line and the confidence in it (0 to 1); None where it is likelier that there is none.

    Args:
        reading: the lines.
        core: the body's first sure line; headlines stand above it, or are it.
        past: the end of the body.
        title: what metadata call the page.
    """
    candidates = candidate_features(reading, core, past, title)
    if not candidates:
        return None
    weights = _weights()[any(line.block is not None for line in reading.lines[core : core + 1])]
    scored = [(sum(weights.get(name, 0.0) * value for name, value in seen.items()), i) for i, seen in candidates]
    best, chosen = max(scored, key=lambda pair: (pair[0], -pair[1]))
    if best < 0.0:
        return None
    # A second copy of a headline is the same headline.
    key = reading.lines[chosen].key
    same = sum(exp(score - best) for score, i in scored if reading.lines[i].key == key)
    return chosen, same / (sum(exp(score - best) for score, _ in scored) + exp(-best))


def candidate_features(reading: Reading, core: int, past: int, title: str | None) -> list[tuple[int, dict[str, float]]]:
    """Lines that may be the headline, each with what is seen of it, every value from 0 to about 1."""
    lines = reading.lines
    told = [lines[i] for i in range(core, min(past, core + STORY_LINES)) if reading.is_prose[i]]
    story, lead = spoken(told), spoken(told[:LEAD_LINES])
    wanted = content(whole_line(title)) if title else frozenset()
    found: list[tuple[int, dict[str, float]]] = []
    for i in range(max(0, core - HEADLINE_ZONE), core + 1):
        line, known = lines[i], reading.known[i]
        if not HEADLINE_WORDS[0] <= len(line.tokens) <= HEADLINE_WORDS[1] or line.sentences > 1:
            continue
        if known and (i or known.label not in MAY_HEAD or len(line.tokens) < KNOWN_WORDS):
            continue
        if (i == core and not _may_head(reading, i, past)) or line.folded.startswith(TRAILS):
            continue
        words = content(line)
        if words:
            found.append((i, _seen(reading, i, core, words, story, lead, wanted)))
    copies = Counter(lines[i].key for i, _ in found)
    likely = {i for i, seen in found if seen["in_story"] >= LIKELY_SHARE and not seen["shortest"]}
    for i, seen in found:
        seen["told_twice"] = float(copies[lines[i].key] > 1)
        seen["likely_before"] = float(i - 1 in likely or i - 2 in likely)
        seen["likely_after"] = float(i + 1 in likely or i + 2 in likely)
    return found


def _seen(
    reading: Reading,
    i: int,
    core: int,
    words: frozenset[str],
    story: AbstractSet[str],
    lead: AbstractSet[str],
    wanted: frozenset[str],
) -> dict[str, float]:
    line = reading.lines[i]
    count, text = len(line.tokens), line.text
    after = _labels_below(reading, i, core)
    before = [known.label if known else "" for known in reading.known[max(0, i - NEAR_LINES) : i]]
    stopped = line.ends_sentence and text[-1] not in "?!"
    block, shared = line.block, len(words & story)
    return {
        "any": 1.0,
        "shared_words": min(shared, SHARED_WORDS) / SHARED_WORDS,
        "in_story": shared / len(words),
        "in_lead": len(words & lead) / len(words),
        "in_title": len(words & wanted) / len(words | wanted) if wanted else 0.0,
        "shortest": float(count < SHORTEST),
        "short": float(count < SHORT),
        "long": float(count > LONG),
        "full_stop": float(stopped),
        "prose": reading.prose[i],
        "opens_text": float(i == 0 and not _is_button(reading, 1)),
        "lines_above_story": (core - i) / HEADLINE_ZONE,
        "date_or_byline_after": float(not DATING.isdisjoint(after)),
        "date_or_byline_before": float(not DATING.isdisjoint(before)),
        "story_or_picture_next": float(i + 1 < core and (reading.is_prose[i + 1] or after[:1] in _BEGINNINGS)),
        "told_twice": 0.0,  # known when all candidates are
        "title_case": line.title_share,
        "small_words": float(not _VERBS.isdisjoint(line.tokens)),
        "colon": float(":" in text),
        "year_on_it": float(_YEAR.search(line.plain) is not None),
        "begins_small": float(text[0].islower()),
        "known_wording": float(reading.known[i] is not None),
        "h1": float(block is not None and block.tag == HEADLINE_TAG),
        "h2_or_h3": float(block is not None and block.tag in {"h2", "h3"}),
        "linked": float(block is not None and block.link_share > LINKED),
    }


def _is_button(reading: Reading, i: int) -> bool:
    known = reading.known[i] if i < len(reading.known) else None
    return known is not None and known.label in BUTTONS


def _labels_below(reading: Reading, i: int, core: int) -> list[str]:
    """What the words of the next lines say, with buttons left out."""
    labels: list[str] = []
    for known in reading.known[i + 1 : min(i + 1 + BUTTON_LINES, core)]:
        label = known.label if known else ""
        if label not in BUTTONS:
            labels.append(label)
            if len(labels) == NEAR_LINES:
                break
    return labels


def _may_head(reading: Reading, i: int, past: int) -> bool:
    """Whether the body's first line may be a headline that ends in a full stop."""
    line: Line = reading.lines[i]
    if i + 1 >= past or len(line.tokens) > STOPPED_HEADLINE or i > DECK_DISTANCE:
        return False
    below = reading.lines[i + 1]
    if not below.gap and below.text[0].islower():
        return False  # a paragraph that a page's edge broke
    if line.title_share >= TITLE_CASE and len(line.tokens) >= SHORTEST:
        return True
    if i or len(reading.lines[1].tokens) < 1.5 * len(line.tokens):
        return False
    if not line.ends_sentence or line.text[-1] in "?!":
        return True  # a line above a longer one that does not end like a sentence: the weights decide
    return len(content(line) & content(reading.lines[1])) >= HALF * max(1, len(content(line)))
