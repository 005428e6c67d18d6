"""Lines that are known by their words: share buttons, cookie notices, source lines, dates, bylines, photo credits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flows.clean.lines import Line, whole_line
from flows.text.reference import reference_rows

MAX_START_WORDS = 16  # a longer line that merely begins like a button is prose, unless the phrase overrules prose
SURE_START_WORDS = 7  # as short as a button, it is one even with a full stop
WORDS_A_SEPARATOR = 8  # a menu on one line has a bar, dot or arrow at least this often
MAX_CONTAINS_WORDS = 90  # notices are paragraphs; nothing longer is one
MAX_COPYRIGHT_WORDS = 40
GLUED_WORDS, SHORT_MENU_WORDS = 4, 6
MENU_SEPARATORS = 3  # two bars or dots stand in headlines, too
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

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december"
WEEKDAYS = "mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
# every word that a line of nothing but date, time and labels may hold
_DATE_WORD = re.compile(
    rf"(?:{MONTHS}|{WEEKDAYS})\.?"
    r"|(?:19|20)\d\d|\d{1,2}(?:st|nd|rd|th)?|\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:am|pm)?|\d{1,2}(?:am|pm)|\d{4}[-/.]\d\d?[-/.]\d\d?(?:t[\d:.+z-]*)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:\d\d){1,2}|\d{1,2}-(?:" + MONTHS + r")-\d{2,4}|(?:19|20)\d\d\d{1,2}"
    r"|a\.?m\.?|p\.?m\.?|am|pm|gmt|utc|est|edt|et|cet|cest|ist|bst|msk|pst|pdt|pt|cst|cdt|mst|eet|uk|eastern|pacific|local|time|hrs|h|at|on|of|the|and"
    r"|published|updated|posted|modified|last|first|date|dated|created|added|update|publication|release|released|issued|filed|uploaded|upd|edited|changed"
    r"|minutes?|hours?|days?|weeks?|months?|years?|mins?|ago|an?|today|yesterday|just|now|[+-]\d{1,4}",
)
_DATE_EVIDENCE = re.compile(
    rf"\b(?:{MONTHS})\b|\b(?:19|20)\d\d\b|\d[-/.]\d|\bago\b|\b(?:published|updated|posted|date)\b|\b(?:yesterday|today)\b|\b(?:{WEEKDAYS})\b"
)
_DATE_PARTS = re.compile(r"[\s,|()\[\]•·—–]+|:(?!\d)|(?<=\D)-(?=\D)|/(?=\D)|(?<=\d{4})/(?=\d+:)")
_DIGIT = re.compile(r"\d")
# Words without one of which a line is no date, time to read, count of comments or shares.
_MONTH_NAMES = frozenset(MONTHS.split("|"))
_READING = frozenset({"read", "reading"})
_COMMENTING = frozenset("comment comments replies responses likes reactions".split())
_SIGNS = (
    _MONTH_NAMES
    | set(WEEKDAYS.split("|"))
    | _READING
    | _COMMENTING
    | {"ago", "published", "updated", "posted", "date", "yesterday", "today"}
)
_TWEET = re.compile(r"pic\.twitter\.com/|(?:^|\s)https?://t\.co/|^[—–-]+ .{1,60}\(@\w{1,20}\)|^@\w{1,20}$|^#\w+$")
_URL = re.compile(r"(?:https?://|www\.)\S+$")
_READ_TIME = re.compile(
    r"\(?(?:est(?:imated|\.)? )?(?:read(?:ing)? time:? ?)?(?:about |~)?\d{1,2}[- ]?min(?:ute)?s?\.?(?: read(?:ing)?)?(?: time)?\)?|read(?:ing)? time:?.{0,20}"
)
_COMMENT_COUNT = re.compile(
    r"\(?(?:\d[\d,.]*|no) ?(?:comments?|replies|responses|likes|reactions)\)?|comments? ?\(?\d+\)?"
)
_SHARE_COUNT = re.compile(
    r"\(?\d[\d,.]*[kKmM]? ?(?:shares?|views?|followers|retweets|tweets)\)?|(?:views?|shares|hits|reads|visits):? ?\d[\d,.]*"
)
_NEWS_ID = re.compile(r"[A-Z]{2,5}_[A-Z]{2,3}_\d{8}\.\d+|[A-Z]{2,6}\d{6,}[-.]\d+")
# a dateline that has a line to itself: place in capitals, day, maybe agency and dash
_DATELINE_LINE = re.compile(
    rf"[A-Z][A-Z.'’ -]{{2,30}}(?:, [A-Z][\w.'’ ]{{1,25}})?,? ?\(?(?:(?:{MONTHS})\.? \d{{1,2}}|\d{{1,2}} (?:{MONTHS})\.?)(?: ?,? ?(?:19|20)\d\d)?\)?,?\s{{0,3}}"
    r"(?:[(/\[][\w .&-]{2,40}[)/\]])? ?(?:-{1,2}|[–—])?",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"^\W{0,3}(?:copyright\b|©|\(c\)\s*(?:19|20)\d\d)|(?:©|\bcopyright\b|\(c\)).{0,6}(?:19|20)\d\d")
_OWNED = re.compile(r"\d|\(c\)|reserved")  # a sentence without these speaks of copyright, it claims none
_SEPARATORS = re.compile(r"\s[|›»>•·/]\s")
_GLUED = re.compile(r"[a-z][A-Z]")  # menu words that lost the blanks between them: "About UsContact Us"
_MENU_SIGN = re.compile(r"[›»>•·/]")
_BULLETS = " •·|*>»«-–—_"
_IN_WORD = frozenset("-'")
START_CHARS = 120  # of a line, in which a phrase that begins it stands
BY_CHARS = 40  # of a line, in which its "by" stands
REPORTED_CHARS = 20  # before a phrase, from which on a report may be speaking of it
CREDIT_CHARS = 160  # at a caption's end, in which its credit stands

_CREDIT_NAMED = r"(?:^|[.\s|(–—-])(?:photo|image|picture|photograph|pictures|photos|credit|source|illustration)(?: ?credit| ?by| ?courtesy(?: of)?)? ?[:/©]"
# Credits at a caption's end or alone: who took the picture. Agencies alone in brackets count, a dateline does not end a line.
# Each pattern is tried only where its sign stands.
_CREDITS = tuple(
    (sign, re.compile(pattern))
    for sign, pattern in (
        ("getty images", "getty images"),
        ("photo", r"\bap photo|\bphoto (?:by|courtesy)\b|\bpool photo\b|\bagency photo\b"),
        ("reuters/", r"reuters/[a-z][\w.-]+"),
        ("afp/", r"afp/[a-z]"),
        ("/", r"/ ?(?:afp|ap|reuters|tass|epa|getty|anadolu|xinhua|sputnik|shutterstock)\b[^.]{0,25}$"),
        (")", r"\((?:photo|image|picture|credit|file|ap|afp|reuters|epa|getty|tass|courtesy)\b[^()]{0,60}\)\.?$"),
        (
            "]",
            r"\[(?:[^\[\]]{0,60}/)?(?:file|photo|image|picture|credit|ap|afp|reuters|epa|getty|anadolu|aa|al jazeera|courtesy|handout)\b[^\[\]]{0,60}\]\.?$",
        ),
        ("photo", _CREDIT_NAMED),
        ("image", _CREDIT_NAMED),
        ("picture", _CREDIT_NAMED),
        ("credit", _CREDIT_NAMED),
        ("source", _CREDIT_NAMED),
        ("illustration", _CREDIT_NAMED),
        ("image", r"\bimage courtesy\b|\benlarge (?:this )?image\b"),
        ("file ", r"\bfile (?:photo|picture|image|pic|footage)\b"),
        ("via ", r"\bhandout via\b|\bvia (?:ap|reuters|afp|getty|shutterstock)\b"),
        ("screen", r"\bscreen ?(?:grab|shot) (?:from|of|via)\b"),
        ("caption", r"\bview full caption\b|\bshow caption\b"),
    )
)
# Without one of these words or signs no credit stands in a line.
_SIGNED = re.compile(r"[.!?][\"']? ?\((?:ap|afp|reuters|epa|tass)\)\.?$")
_REPORTING = frozenset("said says told added according reported".split())
_PICTURING = frozenset(
    "photo photos photograph image picture pictures file via screen screengrab screenshot caption getty credit source illustration".split()
)
_CREDIT_MARK = re.compile(r"[/)\]]")
_CAPTION_FIRST = frozenset(
    "watch video photo photos image picture caption above pictured file gallery graphic map infographic illustration photograph in".split()
)
# Without one of these words or signs, or a phrase's, a line of prose is nothing else.
_TELLING = _PICTURING | _CAPTION_FIRST - {"in"} | {"copyright"}
_MARK = re.compile(r"[©@\[\]()/:|#»›>•·]")
_CAPTION_START = re.compile(
    r"(?:watch|video|photo|photos|image|picture|caption|above|pictured|file|gallery|graphic|map|infographic|illustration|pictured here)(?: ?\([a-z ,]+\))?:|file photo|file -|file –|file —|photo by|image by|photograph:|in this (?:\w+ ){0,6}(?:photo|picture|image|photograph|frame grab)\b"
)
MAX_CAPTION_WORDS = 80

_NAME = r"[^\W\d_][\w'’.-]*"
_BYLINE = re.compile(
    r"(?:(?:written|reported|reporting|story|text|report|article|posted|published|compiled|edited|words|analysis|author)(?: and \w+)? )?by:?\s?(?=\S)",
    re.IGNORECASE,
)
_BYLINE_ROLE = re.compile(
    r"\b(?:staff (?:writer|reporter|correspondent)|correspondent|our correspondent|(?:news|staff|senior|chief|web|online|foreign|political|general assignment|special|diplomatic|defen[cs]e) (?:desk|reporter|editor|writer|correspondent|staff)|news desk|newsroom|editorial (?:staff|team|board)|the editor|web desk|news agencies|wire reports?|wire services|agencies|special to|contributor|columnist|(?:international|world|national|business|security|europe|africa|asia|deputy|managing) (?:editor|correspondent)|freelance (?:journalist|writer)|reporter|press service|bureau)\b"
)
_ROLE_WORDS = frozenset(
    "correspondent writer reporter desk editor staff newsroom team board agencies report reports services special contributor columnist journalist service bureau".split()
)
_NAME_PARTICLES = frozenset("and of the in for with at on de van von al bin el".split())


@dataclass(frozen=True)
class Known:
    """What a line's words say it is. `firm`: even where it reads like a sentence of the story."""

    label: str
    firm: bool = False


@dataclass(frozen=True)
class _Phrases:
    """page_phrases.csv, made ready to be looked up.

    Attributes:
        line: whole lines.
        start: by their first word, the longest first: the beginnings of lines.
        contains: phrases that stand anywhere, by their longest word.
        longest_line: words of the longest whole line.
    """

    line: Mapping[str, Known]
    start: Mapping[str, tuple[tuple[str, Known], ...]]
    contains: Mapping[str, tuple[tuple[str, Known], ...]]
    longest_line: int


@cache
def _phrases() -> _Phrases:
    found: dict[str, dict[str, Known]] = {"line": {}, "start": {}, "contains": {}}
    for row in reference_rows("page_phrases.csv"):
        found[row["where"]].setdefault(row["phrase"], Known(row["label"], row["overrules_prose"] == "yes"))
    starts: dict[str, list[tuple[str, Known]]] = {}
    for phrase, known in sorted(found["start"].items(), key=lambda item: (-len(item[0]), item[0])):
        starts.setdefault(_first_word(phrase), []).append((phrase, known))
    contains: dict[str, list[tuple[str, Known]]] = {}
    for phrase, known in sorted(found["contains"].items()):
        contains.setdefault(max(whole_line(phrase).tokens, key=len), []).append((phrase, known))
    return _Phrases(
        line=found["line"],
        start={word: tuple(phrases) for word, phrases in starts.items()},
        contains={word: tuple(phrases) for word, phrases in contains.items()},
        longest_line=max((len(whole_line(phrase).tokens) for phrase in found["line"]), default=0),
    )


def _first_word(phrase: str) -> str:
    """The first word, or sign, by which a phrase is found."""
    return next(iter(whole_line(phrase).tokens), phrase[:1])


@cache
def _agencies() -> frozenset[str]:
    return frozenset(row["name"].casefold() for row in reference_rows("agencies.csv"))


def known_wording(line: Line) -> Known | None:
    """What the line is if its words alone say so, else None.

    Every pattern is tried only on lines that hold one of the words or signs without which it cannot fit.

    >>> from flows.clean.lines import lines_of
    >>> known_wording(lines_of("Share this article")[0])
    Known(label='promo', firm=True)
    >>> known_wording(lines_of("Soldiers share this view of the border, officers said.")[0]) is None
    True
    """
    tokens, plain = line.tokens, line.plain
    count = len(tokens)
    if not count or not line.has_letters:
        return Known("date" if is_date_line(line) else "other", firm=True)
    if count <= MAX_START_WORDS and (known := _short_wording(line)):
        return known
    phrases = _phrases()
    told = _contained(line) if count <= MAX_CONTAINS_WORDS else None
    if not told and tokens[0] not in phrases.start and _TELLING.isdisjoint(tokens) and not _MARK.search(plain):
        return _menu(line) if count <= GLUED_WORDS else None
    if count <= MAX_CONTAINS_WORDS and _is_post(plain):
        return Known("other", firm=True)
    if (
        count <= MAX_COPYRIGHT_WORDS
        and ("©" in plain or "(c)" in plain or "copyright" in plain)
        and _COPYRIGHT.search(plain)
        and not (line.ends_sentence and count > SURE_START_WORDS and plain.isascii() and not _OWNED.search(plain))
    ):
        return Known("meta", firm=True)
    bracketed = plain[0] == "[" and plain[-1] == "]"
    if bracketed and not is_caption(line):
        return Known("related", firm=True)
    start = _start_phrase(line)
    if start:
        unended = not line.ends_sentence
        if start.firm and (count <= MAX_START_WORDS or unended or start.label == "meta"):
            return start
        if count <= SURE_START_WORDS:
            return Known(start.label, firm=True)
        if count <= MAX_START_WORDS and unended:
            return start
    if is_caption(line):
        return Known("caption", firm=True)
    if told:
        at, known = told
        if at > REPORTED_CHARS and line.ends_sentence and not _REPORTING.isdisjoint(tokens):
            return None  # furniture reports nothing: "…, the company said of its use of cookies."
        return known
    return _menu(line)


def _contained(line: Line) -> tuple[int, Known] | None:
    """The first known phrase that stands in the line (of those that begin together the longest), and where."""
    contains = _phrases().contains
    if contains.keys().isdisjoint(line.tokens):
        return None
    plain = line.plain if "  " not in line.plain else " ".join(line.plain.split())
    found: list[tuple[int, int, Known]] = []
    for word in contains.keys() & set(line.tokens):
        for phrase, known in contains[word]:
            at = _find_whole(plain, phrase)
            if at >= 0:
                found.append((at, -len(phrase), known))
    if not found:
        return None
    at, _, known = min(found, key=lambda one: one[:2])
    return at, known


def _find_whole(plain: str, phrase: str) -> int:
    """Where the phrase stands, not within longer words; -1 where it does not."""
    at = plain.find(phrase)
    while at >= 0:
        past = at + len(phrase)
        if not (at and plain[at - 1].isalnum() and phrase[0].isalnum()) and not (
            plain[past : past + 1].isalnum() and phrase[-1].isalnum()
        ):
            return at
        at = plain.find(phrase, past)
    return -1


def _menu(line: Line) -> Known | None:
    """A menu on one line: bars, dots or arrows between few words each."""
    separators, words = line.plain.count("|"), len(line.tokens)
    if words <= GLUED_WORDS and not line.ends_sentence and len(_GLUED.findall(line.text)) >= max(2, words):
        return Known("nav")
    if not separators and not _MENU_SIGN.search(line.plain):
        return None
    separators += len(_SEPARATORS.findall(line.plain))
    if separators >= MENU_SEPARATORS and separators * WORDS_A_SEPARATOR >= words:
        return Known("nav")
    if separators == MENU_SEPARATORS - 1 and words <= SHORT_MENU_WORDS and not line.ends_sentence:
        return Known("nav")
    return None


def _short_wording(line: Line) -> Known | None:
    """What a line of a few words is by the whole of it."""
    phrases, tokens = _phrases(), line.tokens
    if len(tokens) <= phrases.longest_line and (exact := phrases.line.get(line.folded)):
        return Known(exact.label, firm=True)
    signs = _SIGNS.intersection(tokens)
    has_digit = _DIGIT.search(line.plain) is not None
    if (has_digit or signs) and (label := _counted(line, signs, has_digit=has_digit)):
        return Known(label, firm=True)
    if line.plain.startswith(("http://", "https://", "www.")) and _URL.match(line.plain):
        return Known("meta", firm=True)
    if is_byline(line):
        start = _start_phrase(line)
        if not (start and start.firm):
            return Known("byline")
    return None


def _counted(line: Line, signs: frozenset[str], *, has_digit: bool) -> str | None:
    """A date, a time to read, a count of comments or shares, an archive's id: the label, or None."""
    if is_date_line(line):
        return "date"
    folded = line.folded
    if (not signs.isdisjoint(_READING) or "min" in folded) and _READ_TIME.fullmatch(folded):
        return "meta"
    if (signs or has_digit) and _COMMENT_COUNT.fullmatch(folded):
        return "comment"
    if has_digit:
        if _SHARE_COUNT.fullmatch(folded):
            return "promo"
        if not signs.isdisjoint(_MONTH_NAMES) and not folded.startswith("by ") and _DATELINE_LINE.fullmatch(line.text):
            return "date"
        if _NEWS_ID.match(line.text):
            return "meta"
    return None


def _is_post(plain: str) -> bool:
    """Whether it is part of a post on a social network."""
    if "t.co/" in plain or "pic.twitter" in plain or "@" in plain or plain[0] == "#":
        return _TWEET.search(plain) is not None
    return False


def _start_phrase(line: Line) -> Known | None:
    """The longest known phrase that the line begins with."""
    starts = _phrases().start
    found = starts.get(line.tokens[0]) or starts.get(line.plain[0])
    if not found:
        return None
    folded = " ".join(line.plain[:START_CHARS].split())
    bare = folded.lstrip(_BULLETS)
    for phrase, known in found:
        if folded.startswith(phrase):
            after = folded[len(phrase) : len(phrase) + 1]
        elif bare.startswith(phrase):
            after = bare[len(phrase) : len(phrase) + 1]
        else:
            continue
        # a phrase that ends in a sign may be glued to the next word: "READ MORE:Next story"
        if not (after.isalnum() or after in _IN_WORD) or not phrase[-1].isalnum():
            return known
    return None


def is_date_line(line: Line) -> bool:
    """Whether it holds nothing but a date or time, with the words that go with one.

    >>> from flows.clean.lines import lines_of
    >>> [is_date_line(lines_of(t)[0]) for t in ("Published on 3/4/2019", "Updated 2 hours ago", "In May 2013 war came")]
    [True, True, False]
    """
    plain = line.plain
    first = line.tokens[0] if line.tokens else ""
    if len(plain) > MAX_DATE_CHARS or (first.isalpha() and not _DATE_WORD.fullmatch(first)):
        return False
    if not _DATE_EVIDENCE.search(plain):
        return False
    words = [w for w in _DATE_PARTS.split(plain) if w]
    return len(words) <= MAX_DATE_WORDS and all(
        _DATE_WORD.fullmatch(w.strip(".:;-")) or not w.strip(".:;-/") for w in words
    )


def is_caption(line: Line) -> bool:
    """Whether it names a photographer, a picture agency or itself as a picture's text.

    >>> from flows.clean.lines import lines_of
    >>> is_caption(lines_of("Soldiers near the bridge. (Photo: A. Person/Agency)")[0])
    True
    """
    if len(line.tokens) > MAX_CAPTION_WORDS:
        return False
    plain = line.plain
    if line.tokens[0] in _CAPTION_FIRST and _CAPTION_START.match(plain):
        return True
    if _PICTURING.isdisjoint(line.tokens) and not _CREDIT_MARK.search(plain, max(0, len(plain) - CREDIT_CHARS)):
        return False
    if _SIGNED.search(plain) and not _REPORTING.isdisjoint(line.tokens):
        return False  # "…, he said. (AFP)": the agency signs its report
    tail = plain[-CREDIT_CHARS:]
    return any(sign in tail and pattern.search(tail) for sign, pattern in _CREDITS)


def is_byline(line: Line) -> bool:
    """Whether it credits writers or an agency, and says nothing else.

    >>> from flows.clean.lines import lines_of
    >>> [is_byline(lines_of(t)[0]) for t in ("By Ann Writer and Bob Reporter", "By Friday the road was open.", "AFP")]
    [True, False, True]
    """
    count = len(line.tokens)
    if count > MAX_BYLINE_WORDS or len(line.text) > MAX_BYLINE_CHARS or not count:
        return False
    if line.folded in _agencies():
        return True
    by = _BYLINE.match(line.text) if "by" in line.plain[:BY_CHARS] else None
    role = not by and not line.ends_sentence and count <= MAX_ROLE_WORDS and not _ROLE_WORDS.isdisjoint(line.tokens)
    if not by and not role:
        return False
    if role and line.folded.endswith((" and agencies", " with agencies")):
        return True
    rest = line.text[by.end() :] if by else line.text
    names = [w for w in re.findall(_NAME, rest) if w.lower() not in _NAME_PARTICLES]
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
    if not line.ends_sentence and count <= MAX_ROLE_WORDS and _BYLINE_ROLE.search(line.plain):
        return capital >= ROLE_CAPITAL_SHARE * len(names) or count <= SURE_NAMES
    return False
