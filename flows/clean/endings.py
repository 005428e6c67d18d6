"""Where a story ends though prose goes on: notes on its writer and on the text, and the next story on the same page."""

import re

from flows.clean.lines import Line
from flows.clean.prose import Reading, content, is_item, spoken

NOTES_LINES = 8  # from the end of the story upwards, in which notes on writer and text stand
MIN_STORY_WORDS = 60  # before anything is believed to end it
NOTE_WORDS = 130  # no writer's life is longer
NEAR_DATE = 3  # lines around a date in which a byline or share buttons show that it heads a story
NAME_WORDS = 4
DATED_STORY_WORDS = 120  # of a story, before another date is believed to head the next
# Of 145 pages' texts, 31 end in such a line that is no part of the story; of these 20 share at most a quarter of their words
# of four letters and more with it, of the 9 that are part of it only one does.
ALONE_OVERLAP = 0.27
LEAST_STORY_LINES, LEAST_FURNITURE_LINES = 4, 5
LIFE_WORDS = 12  # after the name, in which a note on a writer says what he is

# What notes on a writer say of him, and what they are.
_WRITES = frozenset(
    "reporter writer editor journalist correspondent columnist contributor producer author critic fellow professor lecturer analyst freelance "
    "freelancer intern blogger historian covers covering covered writes wrote reports reporting specialises specializes "
    "editor-in-chief co-founder novelist photographer broadcaster presenter host co-host".split()
)
_NO_NAMES = frozenset(
    "The This That A An It He She They We I You In On At As But And If When There Our His Her Their What Who".split()
)
_QUOTES = re.compile('["“”„«»]')
# What parts a story from what follows it; buttons and pictures stand inside stories, too.
_PARTING = frozenset({"related", "nav", "meta", "comment", "byline"})
_LIFE = re.compile(
    r"(?P<name>(?:(?:Dr|Mr|Ms|Mrs|Prof|Professor)\.? )?[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3})(?:,[^,]{2,60},)? "
    r"(?:currently |now |previously |also )?(?P<verb>is|was|has|had|covers?|writes?|reports?|joined|works?|serves?|lives?|hails|edits?|specialises|specializes|teaches|leads)\b"
)
# Of whom the byline does not name, only what he is now: a story ends with what its dead were, too.
_NOW = frozenset("is covers cover writes write reports report edits edit specialises specializes".split())
_STORY = "(?:story|article|post|piece|column|essay|op-ed|interview)"
# A note in the first words of which it says so: on the text's origin, its corrections, its copyright. Reports said and were much else
# than this text, and agreements can be reached: each wording asks for what only a note has.
_ON_THE_TEXT = re.compile(
    r"\W{0,3}(?:this "
    + _STORY
    + r" (?:originally|incorrectly|misstated|misspelled|misidentified|mischaracterized|appeared|appears|first|"
    r"(?:was|is|has been|have been) (?:\w+ly |first |lightly )?(?:published|produced|updated|corrected|translated|edited|written|adapted|republished|reprinted|amended|"
    r"supported|funded|part of|developing|still developing))\b"
    r"|an? (?:earlier|previous|prior|original) ver(?:sion|ison) of this (?:story|article|post|piece|column|essay|report|headline)\b"
    r"|a version of this (?:story|article|post|piece|column|essay|report)\b"
    r"|materials? provided by\b|this document is subject to copyright\b|more information:|citation:|journal reference|story source|reprinted (?:with|by|from)\b"
    r"|republished (?:with|by|from)\b|(?:updated?|corrected|correction|clarification|editor['’]s? note|note to readers)\b.{0,25}[:—–]"
    r"|updated to (?:add|include|reflect|correct|clarify)\b|© ?\d{4}|copyright (?:©|\(c\)|\d{4})"
    r"|(?:follow|email|contact|reach) (?:the (?:author|writer|reporter)\b|(?:him|her|them) (?:on|at|via)\b|(?-i:[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}) (?:on (?:twitter|facebook|instagram|x)\b|(?:at|via):? ?\S*[@\d]))"
    r"|(?-i:(?:He|She|They|(?:[A-Z][\w.'’-]+ ){1,3}[A-Z][\w.'’-]+)) can be (?:reached|followed|contacted) (?:at|on|via|by)\b"
    r"|(?:have|got) (?:a )?(?:news |story )?tips?\?"
    r"|the (?:views|opinions) expressed (?:here|in this|by (?:the )?(?:author|writer|contributor))|.{0,60}\b(?:views|opinions) (?:are|expressed)\b.{0,40}\b(?:author|reflect))",
    re.IGNORECASE,
)


def closing_notes(reading: Reading, first: int, past: int) -> frozenset[int]:
    """The lines at the end of the story that speak of its writer or of the text itself.

    A life is one when its bearer is on the byline, or is met nowhere else in the story: who is quoted as "a professor"
    was named before.
    """
    lines = reading.lines
    notes: set[int] = set()
    looked_at = words = 0
    for i in range(past - 1, first, -1):
        if not reading.is_prose[i]:
            continue
        looked_at += 1
        if looked_at > NOTES_LINES:
            break
        if _ON_THE_TEXT.match(lines[i].text) or _is_life(reading, i, first):
            notes.add(i)
        elif len(notes) < looked_at - 1:
            break  # two lines of the story in a row from below: what stands above is the story
    if notes:
        words = sum(len(lines[i].tokens) for i in range(first, past) if reading.is_prose[i] and i not in notes)
    return frozenset(notes) if words >= MIN_STORY_WORDS else frozenset()


def stragglers(reading: Reading, first: int, past: int, apart: frozenset[int]) -> frozenset[int]:
    """The last line of a plain text's prose, if it stands alone below a break and shares next to no words with the story.

    It is a teaser or an appeal. `apart` are lines that are known not to be the story's. In web pages the markup tells
    better: there this cost as much as it brought.
    """
    if sum(said is not None for said in reading.known) < LEAST_FURNITURE_LINES:
        return frozenset()  # a text that others cleaned
    prose = [i for i in range(first, past) if reading.is_prose[i] and i not in apart]
    found: set[int] = set()
    while len(prose) >= LEAST_STORY_LINES and len(found) < NOTES_LINES:
        last, before = prose[-1], prose[-2]
        line = reading.lines[last]
        if line.block is not None or is_item(line) or _QUOTES.search(line.text):
            break
        if not any(said and said.label in _PARTING for said in reading.known[before + 1 : last]):
            break
        own = content(line)
        if len(own & spoken(reading.lines[i] for i in prose[:-1])) > ALONE_OVERLAP * len(own):
            break
        found.add(last)
        prose.pop()
    return frozenset(found)


def _is_life(reading: Reading, i: int, first: int) -> bool:
    line = reading.lines[i]
    life = _LIFE.match(line.text) if len(line.tokens) <= NOTE_WORDS else None
    if not life or life["name"].split()[0] in _NO_NAMES or _QUOTES.search(line.text):
        return False  # who quotes reports
    names = [name.strip(".") for name in life["name"].lower().replace("’", "'").split()]
    if any(
        known and known.label == "byline" and _are_on(names, reading.lines[j]) for j, known in enumerate(reading.known)
    ):
        return True
    told = line.text[life.end("name") :].lower().replace(",", "").split()[:LIFE_WORDS]
    if len(names) == 1 or life["verb"] not in _NOW or _WRITES.isdisjoint([life["verb"], *told]):
        return False
    return not any(names[-1] in reading.lines[j].tokens for j in range(first, i) if reading.is_prose[j])


def _are_on(names: list[str], byline: Line) -> bool:
    return all(name in byline.tokens for name in names)


def begins_another(reading: Reading, i: int, first: int, past: int) -> bool:
    """Whether line `i`, below the story, is the date of another one that follows: a whole date with a byline or buttons around it.

    The caller knows that the story had its own date above. Chronicles date their paragraphs, too, but with nothing else between these;
    what stands in the story's own elements is never another's.
    """
    known = reading.known[i]
    if not known or known.label != "date" or not _has_year(reading.lines[i]):
        return False
    around = [j for j in range(max(first, i - NEAR_DATE), min(past, i + NEAR_DATE + 1)) if j != i]
    signs = [said for j in around if (said := reading.known[j]) and said.label in {"byline", "promo", "comment"}]
    names = any(_is_name(reading.lines[j]) for j in (i - 1, i + 1) if first <= j < past)
    follows = [j for j in range(i + 1, min(past, i + 2 * NEAR_DATE)) if reading.is_prose[j]]
    return bool(signs or names) and bool(follows) and not any(reading.housed[j] for j in follows)


def _has_year(line: Line) -> bool:
    return re.search(r"\b(?:19|20)\d\d\b", line.plain) is not None


def _is_name(line: Line) -> bool:
    """Whether nothing but two to four words with capitals stand there: a writer's name without "by"."""
    words = line.text.rstrip("/|,").split()
    return 1 < len(words) <= NAME_WORDS and all(
        word[0].isupper() and word.strip(".-'’").replace("-", "").isalpha() for word in words
    )
