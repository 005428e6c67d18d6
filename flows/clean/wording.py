"""Lines that are known by their words: share buttons, cookie notices, source lines, dates, bylines, photo credits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flows.clean.lines import Line
from flows.text.reference import reference_rows

MAX_START_WORDS = 16  # a longer line that merely begins like a button is prose, unless the phrase overrules prose
SURE_START_WORDS = 7  # as short as a button, it is one even with a full stop
WORDS_A_SEPARATOR = 8  # a menu on one line has a bar, dot or arrow at least this often
MAX_CONTAINS_WORDS = 90  # notices are paragraphs; nothing longer is one
MAX_COPYRIGHT_WORDS = 40
MENU_SEPARATORS = 3  # two bars or dots stand in headlines, too
MAX_GLUED_CHARS = 40  # of a phrase that ends in a colon or bar
MAX_DATE_CHARS = 140
MAX_BYLINE_CHARS = 160
MAX_ROLE_WORDS = 10
# Share of a credit's words that are capitalised. A sentence that begins "By Friday …" has few; "NBC-style" credits of
# desks and "wire services" have half, and are short. Set by hand on the development pages; not swept.
CAPITAL_SHARE = 0.7
SHORT_CREDIT_SHARE, SHORT_CREDIT_NAMES = 0.5, 6
ROLE_CAPITAL_SHARE = 0.6
SURE_NAMES = 4
MAX_BYLINE_WORDS = 16
MAX_DATE_WORDS = 16
LONGEST_PHRASE_WORDS = 20

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december"
WEEKDAYS = "mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
# every word that a line of nothing but date, time and labels may hold
_DATE_WORD = re.compile(
    rf"(?:{MONTHS}|{WEEKDAYS})\.?"
    r"|(?:19|20)\d\d|\d{1,2}(?:st|nd|rd|th)?|\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:am|pm)?|\d{1,2}(?:am|pm)|\d{4}[-/.]\d\d?[-/.]\d\d?(?:t[\d:.+z-]*)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:\d\d){1,2}|\d{1,2}-(?:" + MONTHS + r")-\d{2,4}|(?:19|20)\d\d\d{1,2}"
    r"|a\.?m\.?|p\.?m\.?|am|pm|gmt|utc|est|edt|et|cet|cest|ist|bst|msk|pst|pdt|pt|cst|cdt|mst|eet|local|time|hrs|h|at|on|of|the|and"
    r"|published|updated|posted|modified|last|first|date|dated|created|added|update|publication|release|released|issued|filed|uploaded|upd|edited|changed"
    r"|minutes?|hours?|days?|weeks?|months?|years?|mins?|ago|an?|today|yesterday|just|now|[+-]\d{1,4}",
)
_DATE_EVIDENCE = re.compile(
    rf"\b(?:{MONTHS})\b|\b(?:19|20)\d\d\b|\d[-/.]\d|\bago\b|\b(?:published|updated|posted|date)\b|\b(?:yesterday|today)\b|\b(?:{WEEKDAYS})\b",
    re.IGNORECASE,
)
_CLOCK_RUN = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: ?/ ?\d{1,2}:\d\d)?")
_NUMBERS_ONLY = re.compile(r"[\W\d_]+")
_TWEET = re.compile(
    r"pic\.twitter\.com/|(?:^|\s)https?://t\.co/|^[—–-]+ .{1,60}\(@\w{1,20}\)|^@\w{1,20}$|^#\w+$", re.IGNORECASE
)
_URL = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)
_READ_TIME = re.compile(
    r"\(?(?:est(?:imated|\.)? )?(?:read(?:ing)? time:? ?)?(?:about |~)?\d{1,2}[- ]?min(?:ute)?s?\.?(?: read(?:ing)?)?(?: time)?\)?|read(?:ing)? time:?.{0,20}",
    re.IGNORECASE,
)
_COMMENT_COUNT = re.compile(
    r"\(?(?:\d[\d,.]*|no) ?(?:comments?|replies|responses|likes|reactions)\)?|comments? ?\(?\d+\)?", re.IGNORECASE
)
_SHARE_COUNT = re.compile(
    r"\(?\d[\d,.]*[kKmM]? ?(?:shares?|views?|followers|retweets|tweets)\)?|(?:views?|shares|hits|reads|visits):? ?\d[\d,.]*",
    re.IGNORECASE,
)
_NEWS_ID = re.compile(r"[A-Z]{2,5}_[A-Z]{2,3}_\d{8}\.\d+|[A-Z]{2,6}\d{6,}[-.]\d+")
# a dateline that has a line to itself: place in capitals, day, maybe agency and dash
_DATELINE_LINE = re.compile(
    rf"[A-Z][A-Z.'’ -]{{2,30}}(?:, [A-Z][\w.'’ ]{{1,25}})?,? ?\(?(?:(?:{MONTHS})\.? \d{{1,2}}|\d{{1,2}} (?:{MONTHS})\.?)(?: ?,? ?(?:19|20)\d\d)?\)?,?\s{{0,3}}"
    r"(?:[(/\[][\w .&-]{2,40}[)/\]])? ?(?:-{1,2}|[–—])?",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"^\W{0,3}(?:copyright\b|©|\(c\)\s*(?:19|20)\d\d)|(?:©|\bcopyright\b|\(c\)).{0,6}(?:19|20)\d\d", re.IGNORECASE
)
_SEPARATORS = re.compile(r"\s[|›»>•·/]\s")
_HANDLE_MENU = re.compile(r"[a-z][A-Z]")  # glued menu words: "About UsContact Us"

# Credits at a caption's end or alone: who took the picture. Agencies alone in brackets count, a dateline does not end a line.
_CREDIT = re.compile(
    r"(?:getty images|ap photo|reuters/[A-Z][\w.-]+|afp/[A-Z]|/ ?(?:afp|ap|reuters|tass|epa|getty|anadolu|xinhua|sputnik|shutterstock)\b[^.]{0,25}$|"
    r"\((?:photo|image|picture|credit|file|ap|afp|reuters|epa|getty|tass|courtesy)\b[^()]{0,60}\)\.?$|"
    r"\[(?:[^\[\]]{0,60}/)?(?:file|photo|image|picture|credit|ap|afp|reuters|epa|getty|anadolu|aa|al jazeera|courtesy|handout)\b[^\[\]]{0,60}\]\.?$|"
    r"\[[^\[\]]{1,40}/(?:reuters|ap|afp|epa|getty|al jazeera|anadolu)[^\[\]]{0,30}\]\.?$|"
    r"(?:^|[.\s|(–—-])(?:photo|image|picture|photograph|pictures|photos|credit|source|illustration)(?: ?credit| ?by| ?courtesy(?: of)?)? ?[:/©]|\bphoto by\b|\bphoto courtesy\b|\bimage courtesy\b|"
    r"\bfile (?:photo|picture|image|pic|footage)\b|\bhandout via\b|\bvia (?:ap|reuters|afp|getty|shutterstock)\b|\bscreen ?(?:grab|shot) (?:from|of|via)\b|"
    r"\bview full caption\b|\bshow caption\b|\benlarge (?:this )?image\b|\bpool photo\b|\bagency photo\b)",
    re.IGNORECASE,
)
_CAPTION_START = re.compile(
    r"(?:watch|video|photo|photos|image|picture|caption|above|pictured|file|gallery|graphic|map|infographic|illustration|pictured here)(?: ?\([a-z ,]+\))?:|file photo|file -|file –|file —|photo by|image by|photograph:|in this (?:\w+ ){0,6}(?:photo|picture|image|photograph|frame grab)\b",
    re.IGNORECASE,
)
MAX_CAPTION_WORDS = 80

_NAME = r"[^\W\d_][\w'’.-]*"
_BYLINE = re.compile(
    r"(?:(?:written|reported|reporting|story|text|report|article|posted|published|compiled|edited|words|analysis|author)(?: and \w+)? )?by:?\s?(?=\S)",
    re.IGNORECASE,
)
_BYLINE_ROLE = re.compile(
    r"\b(?:staff (?:writer|reporter|correspondent)|correspondent|our correspondent|(?:news|staff|senior|chief|web|online|foreign|political|general assignment|special|diplomatic|defen[cs]e) (?:desk|reporter|editor|writer|correspondent|staff)|news desk|newsroom|editorial (?:staff|team|board)|the editor|web desk|news agencies|wire reports?|wire services|agencies|special to|contributor|columnist|(?:international|world|national|business|security|europe|africa|asia|deputy|managing) (?:editor|correspondent)|freelance (?:journalist|writer)|reporter|press service|bureau)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Known:
    """What a line's words say it is. `firm`: even where it reads like a sentence of the story."""

    label: str
    firm: bool = False


@cache
def _phrases() -> Mapping[str, Mapping[str, Known]]:
    """Place in the line (line, start, contains) → phrase → what it says."""
    found: dict[str, dict[str, Known]] = {"line": {}, "start": {}, "contains": {}}
    for row in reference_rows("page_phrases.csv"):
        found[row["where"]].setdefault(row["phrase"], Known(row["label"], row["overrules_prose"] == "yes"))
    return found


@cache
def _contains() -> re.Pattern[str] | None:
    phrases = sorted(_phrases()["contains"], key=lambda p: (-len(p), p))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")\b") if phrases else None


@cache
def _agencies() -> frozenset[str]:
    return frozenset(row["name"].casefold() for row in reference_rows("agencies.csv"))


def known_wording(line: Line) -> Known | None:
    """What the line is if its words alone say so, else None.

    >>> from flows.clean.lines import lines_of
    >>> known_wording(lines_of("Share this article")[0])
    Known(label='promo', firm=True)
    >>> known_wording(lines_of("Soldiers share this view of the border, officers said.")[0]) is None
    True
    """
    folded, count = line.folded, len(line.words)
    if not line.has_letters or _NUMBERS_ONLY.fullmatch(line.head):
        date_like = is_date_line(line)
        return Known("date" if date_like else "other", firm=True)
    exact = _phrases()["line"].get(folded)
    if exact:
        return Known(exact.label, firm=True)
    if count <= MAX_START_WORDS:
        if is_date_line(line):
            return Known("date", firm=True)
        if _READ_TIME.fullmatch(folded):
            return Known("meta", firm=True)
        if _COMMENT_COUNT.fullmatch(folded):
            return Known("comment", firm=True)
        if _SHARE_COUNT.fullmatch(folded):
            return Known("promo", firm=True)
        if _DATELINE_LINE.fullmatch(line.text):
            return Known("date", firm=True)
        if _NEWS_ID.match(line.text):
            return Known("meta", firm=True)
        if _URL.match(line.text):
            return Known("meta", firm=True)
        start = _start_phrase(line)
        if is_byline(line) and not (start and start.firm):
            return Known("byline")
    if count <= MAX_CONTAINS_WORDS and _TWEET.search(line.head):
        return Known("other", firm=True)
    if count <= MAX_COPYRIGHT_WORDS and _COPYRIGHT.search(line.head):
        return Known("meta", firm=True)
    if line.text.startswith("[") and line.text.endswith("]") and not is_caption(line):
        return Known("related", firm=True)
    start = _start_phrase(line)
    if start and start.firm and (count <= MAX_START_WORDS or not line.ends_sentence or start.label == "meta"):
        return start
    if start and count <= SURE_START_WORDS:
        return Known(start.label, firm=True)
    if start and count <= MAX_START_WORDS and not line.ends_sentence:
        return start
    if is_caption(line):
        return Known("caption", firm=True)
    if count <= MAX_CONTAINS_WORDS:
        pattern = _contains()
        hit = pattern.search(folded) if pattern else None
        if hit:
            known = _phrases()["contains"][hit.group()]
            return Known(known.label, firm=known.firm)
    separators = len(_SEPARATORS.findall(line.head)) + line.head.count("|")
    if separators >= MENU_SEPARATORS and separators * WORDS_A_SEPARATOR >= count:
        return Known("nav")
    return None


def _start_phrase(line: Line) -> Known | None:
    """The longest known phrase that the line begins with."""
    starts = _phrases()["start"]
    folded = " ".join(line.head.casefold().replace("’", "'").split()[:LONGEST_PHRASE_WORDS])
    words = folded.split(" ")
    for length in range(min(len(words), 8), 0, -1):
        piece = " ".join(words[:length])
        known = starts.get(piece) or starts.get(piece.rstrip(":")) or starts.get(piece.rstrip(",.!?"))
        if known:
            return known
    # a phrase that ends in a sign may be glued to the next word: "READ MORE:Next story"
    for sign in (":", "©", "|", "-"):
        head, found, _ = folded.partition(sign)
        if (
            found
            and len(head) < MAX_GLUED_CHARS
            and (known := starts.get(head + sign) or starts.get(f"{head.rstrip()} {sign}"))
        ):
            return known
    return None


def is_date_line(line: Line) -> bool:
    """Whether it holds nothing but a date or time, with the words that go with one.

    >>> from flows.clean.lines import lines_of
    >>> [is_date_line(lines_of(t)[0]) for t in ("Published on 3/4/2019", "Updated 2 hours ago", "In May 2013 war came")]
    [True, True, False]
    """
    if len(line.text) > MAX_DATE_CHARS or not _DATE_EVIDENCE.search(line.text):
        return False
    words = [w for w in re.split(r"[\s,|()\[\]•·—–]+|:(?!\d)|(?<=\D)-(?=\D)|/(?=\D)", line.text.casefold()) if w]
    return len(words) <= MAX_DATE_WORDS and all(
        _DATE_WORD.fullmatch(w.strip(".:;-")) or not w.strip(".:;-/") for w in words
    )


def is_caption(line: Line) -> bool:
    """Whether it names a photographer, a picture agency or itself as a picture's text.

    >>> from flows.clean.lines import lines_of
    >>> is_caption(lines_of("Soldiers near the bridge. (Photo: A. Person/Agency)")[0])
    True
    """
    if len(line.words) > MAX_CAPTION_WORDS:
        return False
    return bool(_CREDIT.search(line.text[-160:]) or _CAPTION_START.match(line.text))


def is_byline(line: Line) -> bool:
    """Whether it credits writers or an agency, and says nothing else.

    >>> from flows.clean.lines import lines_of
    >>> [is_byline(lines_of(t)[0]) for t in ("By Ann Writer and Bob Reporter", "By Friday the road was open.", "AFP")]
    [True, False, True]
    """
    text = line.text
    if len(line.words) > MAX_BYLINE_WORDS or len(text) > MAX_BYLINE_CHARS or not line.words:
        return False
    bare = line.folded
    if bare in _agencies():
        return True
    by = _BYLINE.match(text)
    rest = text[by.end() :] if by else text
    names = [
        w
        for w in re.findall(_NAME, rest)
        if w.casefold()
        not in {"and", "of", "the", "in", "for", "with", "at", "on", "de", "van", "von", "al", "bin", "el"}
    ]
    capital = sum(w[0].isupper() for w in names)
    if (
        by
        and names
        and rest[:1].isupper()
        and not (line.ends_sentence and len(names) > SURE_NAMES and capital < len(names))
    ):
        return capital >= CAPITAL_SHARE * len(names) or (
            len(names) <= SHORT_CREDIT_NAMES and capital >= SHORT_CREDIT_SHARE * len(names) and not line.ends_sentence
        )
    if _BYLINE_ROLE.search(text) and len(line.words) <= MAX_ROLE_WORDS and not line.ends_sentence:
        return capital >= ROLE_CAPITAL_SHARE * len(names) or len(line.words) <= SURE_NAMES
    return False
