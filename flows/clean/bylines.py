"""Who wrote, sent and published a page, and from where: byline, agency, dateline, publisher, in the page's own words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice

from flows.clean.lines import Line
from flows.clean.place import Place
from flows.clean.records import Metadata
from flows.clean.segments import Labelled
from flows.clean.web_address import host_of
from flows.clean.wording import MONTHS, WEEKDAYS
from flows.text.reference import reference_rows

DATELINE_CHARS = 160
CREDIT_CHARS = 160  # of a line that credits somebody
BARE_NAME_CHARS = 60
AFTER_BODY = 8  # lines below the story in which a byline may still be this story's
ABOVE_HEADLINE = 6  # and above the headline
COPYRIGHT_CHARS = 200
SIGNED_LINES = 2  # below the story, in which "With material from AFP" may stand
SIGNATURE_CHARS = 40  # of the story's last line, in which an agency may sign it
SHORTEST_NAME_WORDS, LONGEST_NAME_WORDS = 2, 4
LONGEST_SUFFIX = 4  # "Ph.D.", "Jr." keep their stop
SHORTEST_PLACE = 3  # capitals: U.S., UN and their like begin sentences, too
DATED_SHARE = 0.5  # of a line's characters before its "by": a line of a date and its writer, no sentence
SAID_TWICE = 2  # an outlet's unknown name must stand on the page so often

_BY = re.compile(
    r"(?:(?:written|reported|reporting|story|text|report|article|posted|published|submitted|compiled|words|analysis|author)(?: and \w+)? )?by:?\s+|(?:live )?updates? by:?\s+|by-?lines?:\s*|by:?(?=[A-Z][a-z])|(?:authors?|reporters?|writers?|correspondents?):\s*",
    re.IGNORECASE,
)
_BY_ALONE = re.compile(r"(?:(?:written|reported|story|text|words|posted|published) )?by:?|authors?:?", re.IGNORECASE)
_BY_WITHIN = re.compile(r"(?:^|[\s|,])by:?\s+(?=[A-Z])|\d[/|]\s(?=[A-Z])|\d{4} / (?=[A-Z])", re.IGNORECASE)
# What follows the names on a byline's line. Bounded repetitions: each is tried at every position.
_BYLINE_END = re.compile(
    rf"\s{{0,3}}(?:[|•·@(\[]|\s[–—-]\s|\b(?:published|posted|updated|last updated|follow|on)\b|\b(?:{MONTHS})\.? \d|"
    rf"\b\d{{1,2}}:\d\d|\b\d{{1,2}} (?:{MONTHS})\b|\b(?:{WEEKDAYS}),|\b\d{{4}}\b|\d+ (?:min|hour|day))",
    re.IGNORECASE,
)
# Words that the page lost a blank or an element before
_GLUED = re.compile(
    r"(?<=[a-z])(?:(?:Published|Updated|Posted|Created)\b|(?:Staff|Senior|Contributing|Special) [A-Z]|Correspondent\b|archive page\b|Reporter\b|Associated Press\b|\d)|(?<=[A-Z]{2})Associated Press\b"
)
_SHIFTS = re.compile(r"\s?\((?:now|earlier|until now)\)", re.IGNORECASE)
_WHERE = re.compile(r"\s+in\s+[A-Z][\w.'’-]*(?:(?:\s|,\s|-)[A-Z][\w.'’-]*){0,4}(?=$|\s+and\b|,)")
_FOR_WHOM = re.compile(r"\s+(?:for|special to|of the)\s+(?:the\s+)?[A-Z].*$", re.IGNORECASE)
_ROLE_NAMES = (
    r"(?:Editor|Correspondent|Reporter|Writer|Producer|Analyst|Columnist|Intern|Contributor|Journalist|Bureau Chief)"
)
_ROLE = re.compile(
    r",?\s{1,3}(?:(?:International|Foreign|Diplomatic|Political|Senior|Chief|Staff|Defen[cs]e|Security|General|Assignment|World|News|National|Europe|"
    rf"Africa|Asia|Middle|East|Business|Deputy|Managing|Executive|Washington|Special|Contributing|Freelance|Our|Moscow) ){{1,4}}{_ROLE_NAMES}\b.{{0,60}}$"
)
_ROLE_BEHIND_COMMA = re.compile(rf",\s{{1,3}}(?:[\w.&'’-]{{1,20}}\s){{0,4}}{_ROLE_NAMES}\b.{{0,60}}$", re.IGNORECASE)
_ROLE_ALONE = re.compile(
    rf"(?:[\w.&'’-]{{1,20}}\s){{0,3}}(?:{_ROLE_NAMES}|staff|desk|newsroom|contributors?)\b.{{0,30}}", re.IGNORECASE
)
_SOCIAL = re.compile(r"social links for\s+", re.IGNORECASE)
_AND_AGENCIES = re.compile(r",? (?:and|with) (?:news |wire )?(?:agencies|wires|wire services|staff)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_PARTICLES = frozenset("de da del della der den di du dos das van von bin ibn al el la le ter ten y e and".split())
# Words of menus, sections and desks: a capitalised line that holds one is nobody's name
_NO_NAME = frozenset(
    (
        "about",
        "africa",
        "agencies",
        "agency",
        "all",
        "america",
        "analysis",
        "archive",
        "article",
        "articles",
        "asia",
        "back",
        "breaking",
        "business",
        "by",
        "city",
        "click",
        "comment",
        "comments",
        "contact",
        "correspondent",
        "council",
        "country",
        "culture",
        "daily",
        "day",
        "desk",
        "download",
        "east",
        "economy",
        "edition",
        "editor",
        "email",
        "english",
        "entertainment",
        "europe",
        "events",
        "exclusive",
        "facebook",
        "features",
        "file",
        "follow",
        "from",
        "gallery",
        "government",
        "health",
        "high",
        "home",
        "how",
        "in",
        "instagram",
        "international",
        "latest",
        "letters",
        "life",
        "listen",
        "live",
        "local",
        "log",
        "magazine",
        "main",
        "media",
        "menu",
        "middle",
        "money",
        "more",
        "national",
        "new",
        "news",
        "newsletter",
        "newsletters",
        "newsroom",
        "north",
        "now",
        "of",
        "office",
        "on",
        "opinion",
        "our",
        "page",
        "photo",
        "photos",
        "podcast",
        "police",
        "policy",
        "politics",
        "popular",
        "press",
        "print",
        "privacy",
        "read",
        "register",
        "related",
        "report",
        "reports",
        "republic",
        "russia",
        "school",
        "science",
        "search",
        "see",
        "share",
        "show",
        "sign",
        "sites",
        "skip",
        "society",
        "south",
        "sport",
        "sports",
        "staff",
        "state",
        "states",
        "stories",
        "story",
        "street",
        "studies",
        "style",
        "subscribe",
        "tech",
        "technology",
        "the",
        "this",
        "time",
        "times",
        "to",
        "today",
        "top",
        "topics",
        "travel",
        "trending",
        "tv",
        "twitter",
        "ukraine",
        "united",
        "university",
        "us",
        "video",
        "videos",
        "view",
        "war",
        "watch",
        "weather",
        "week",
        "west",
        "what",
        "whatsapp",
        "why",
        "with",
        "world",
        "you",
        "your",
    )
)
# Last words of outlets' names. With one of these a name behind a comma is where the writer works.
_OUTLET_WORDS = frozenset(
    "news times post press herald tribune journal gazette mirror observer chronicle telegraph standard star sun daily media radio tv "
    "television network magazine agency wire service services bulletin review ledger today online report courier examiner inquirer "
    "dispatch sentinel broadcasting".split()
)
_SOURCE = re.compile(r"\W{0,3}sources?\s?[:\-–]\s?(.{2,60})$", re.IGNORECASE)
_WITH_AGENCY = re.compile(
    r"\b(?:with (?:additional )?(?:material|reporting|input|inputs|files|information|contributions?|reports?) (?:from|by)|(?:quoted|carried|reported|distributed) by|courtesy of|via)\s+(?:the\s+)?(.{2,40})$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"[.?!\"”’]\s?(?:[–—(/\[]|-{1,2})\s?([A-Z][\w .&/-]{1,25}?)\s?[)/\]]?\.?$")
_NEWS_ID = re.compile(r"([A-Z]{3}_[A-Z]{3}|XIE)_?\d{8}\.\d+")
_PLACE = r"[A-Z][\w.'’-]{1,25}(?:[ /-][A-Z][\w.'’-]{1,25}){0,3}(?:, [A-Z][\w.'’ ]{1,25}){0,2}"
_DATELINE_DAY = r"(?:[,.]? ?\(?(?:[A-Z][A-Za-z]{2,8}\.? \d{1,2}|\d{1,2}(?:st|nd|rd|th)? [A-Z][A-Za-z]{2,8}\.?)(?: ?, ?\d{4}| \d{2,4})?\)?\.?,?)?"
_DATELINE_END = r"\s{0,3}(?P<dash>[–—:.]|--?|$|(?<=[)\]/])(?= ?[A-Z\"“]))"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}?)(?: ?\[[A-Z][\w ]{{2,25}}\])?{_DATELINE_DAY}"
    rf"(?:\s{{0,3}}(?:-{{1,2}} ?)?[(/\[](?P<agency>[A-Z][\w .&-]{{1,40}}|dpa|aap)[)/\]])?{_DATELINE_END}"
)
# "Port Town, May 3, IRNA –": an agency without brackets, which must be a known one
_DATELINE_BARE = re.compile(
    rf"(?P<place>{_PLACE}?){_DATELINE_DAY},? (?P<agency>[A-Z][\w-]{{1,20}})(?=\s?[–—:.-]){_DATELINE_END}"
)
# Words in capitals that begin a story and are no place
_NO_PLACE = frozenset(
    "UPDATE UPDATED BREAKING FIRST WATCH EXCLUSIVE OPINION ANALYSIS VIDEO PHOTO PHOTOS FILE CORRECTION CORRECTED EDITOR NOTE "
    "LIVE ALERT NEWS TEXT PRESS STATEMENT MORE READ RELATED LATEST DEVELOPING WARNING FOR THE BRIEF FACTBOX TIMELINE "
    "INTERVIEW SPECIAL REPORT SUMMARY BYLINE AGENCIES".split()
)
_SENDER_MARKS = re.compile("[-(/[–—]")
_LEADING_AGENCY = re.compile(
    r"(?:[A-Z][a-z]{2,8}\.? \d{1,2},? )?[(/\[]?(?P<agency>[A-Z][\w-]{1,20}(?: [A-Z][\w-]{1,20})?)[)/\]]?\s{0,2}(?:[–—]|-{1,2}(?= )|:)"
)
_OWNER = re.compile(
    r"(?i:(?:©|\(c\)|\bcopyright\b|\ball rights reserved\b)[\s,.|]{0,3}(?:©|\(c\))?\s{0,3}(?:by )?(?:(?:19|20)\d\d(?:\s?[-–]\s?(?:\d{4}|\d\d))?)?[\s,.]{0,3}(?:by )?)"
    r"(?P<name>[A-Z][\w&'’-]*(?: (?:[A-Z][\w&'’-]*|of|and|the|for|&)){0,5})",
)
# A year in Roman numerals before the owner's name, and what companies put behind it
_SUFFIX = re.compile(r"^MM[CDILVXM]{0,8} |,? (?:Ltd|Inc|LLC|Limited|AB|GmbH|plc|PLC|Pty)\.?$")
_COMPANY = re.compile(
    r"\b(?:Inc|LLC|Ltd|Limited|Group|Holdings|Media|Company|Co|Corp|Corporation|Interactive|Communications|Enterprises|Ventures)\.?$"
)
_NO_OWNER = re.compile(
    r"^(?:all|rights|the author|by|our|privacy|terms|reserved|powered|copyright|use|designed|notice|compliance|commenting|policy)\b",
    re.IGNORECASE,
)
# Last words that are hardly ever others' than outlets'; and first words of menus that end in one of them ("Local News")
_MASTHEAD_WORDS = frozenset(
    "News Times Post Press Herald Tribune Journal Gazette Mirror Observer Chronicle Telegraph Sentinel Courier Inquirer Examiner "
    "Dispatch Bulletin Ledger Wire".split()
)
_MENU_WORDS = frozenset(
    "All Associated By Breaking Business Crime Daily Education Entertainment Fake Featured Free Google Good Health International Latest Local Media "
    "More Most National Our Political Politics Related Science See Social Sports Tech Technology Top Today Travel Trending US Video "
    "Weather World Your".split()
)
_OUTLET_NAME = re.compile(
    r"(?:[Tt]he )?(?:[A-Z][\w&'’-]* ){1,3}(?:" + "|".join(sorted(_MASTHEAD_WORDS)) + r")\b(?! [A-Z])"
)
_ARTICLE = re.compile(r"^[Tt]he (?=\w+ \w)")
MASTHEAD_LINES = 3  # at the top of the page, where an outlet's name has a line to itself
_HEAD_WORD = re.compile(r"\w+")
_NO_OUTLET = frozenset(("subhead", "headline", "comment", "other"))


@dataclass(frozen=True)
class Credits:
    """Who wrote, sent and published the page, and from where; None where it does not say."""

    byline: str | None
    agency: str | None
    dateline_place: str | None
    publisher: str | None


@cache
def _agency_names() -> Mapping[str, str]:
    return {row["name"].casefold(): row["agency"] for row in reference_rows("agencies.csv")}


@cache
def _word_agencies() -> frozenset[str]:
    """Names of agencies that are common words, too, and name one only where nothing else stands."""
    return frozenset(row["name"].casefold() for row in reference_rows("agencies.csv") if row["common_word"])


@cache
def _long_agency_names() -> re.Pattern[str]:
    """Agencies' names of several words, wherever they stand in a credit."""
    names = sorted(
        (name for name in _agency_names() if " " in name and name not in _word_agencies()), key=lambda n: (-len(n), n)
    )
    return re.compile("|".join(map(re.escape, names)) or r"(?!)", re.IGNORECASE)


@cache
def _publisher_domains() -> Mapping[str, str]:
    """Domain, or the source code that begins a news archive's ids, → outlet."""
    return {row["domain"]: row["name"] for row in reference_rows("publishers.csv")}


@cache
def _telling_names() -> frozenset[str]:
    """Names of outlets that name nothing else."""
    return frozenset(row["name"] for row in reference_rows("publishers.csv") if row["telling"])


@cache
def _publisher_names() -> re.Pattern[str] | None:
    names = sorted(_telling_names(), key=lambda n: (-len(n), n))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)") if names else None


@cache
def _publisher_heads() -> frozenset[str]:
    """The first words of outlets' names: most lines hold none, and need no search."""
    return frozenset(re.split(r"[^\w]", name)[0] for name in _telling_names())


def credits_of(place: Place, metadata: Metadata) -> Credits:
    """Who wrote, sent and published the page, and from where, as its own words say."""
    datelines = _datelines(place)
    agency = _agency(place, datelines)
    return Credits(
        _byline(place) or (None if agency else _source_as_byline(place)),
        agency,
        next((town for match in datelines if (town := _town(match["place"])) and not _is_agency(town)), None),
        publisher_of(place, metadata),
    )


# ------------------------------------------------------------------ byline


def _byline(place: Place) -> str | None:
    """The names of the best credit: between headline and story, else above the headline, else below the story."""
    best: tuple[int, str] | None = None
    for i, zone in _credit_lines(place):
        credit = _credit(place.labelled, i, in_head=zone >= BEFORE_HEADLINE)
        if credit and (best is None or credit[0] + zone > best[0]):
            best = credit[0] + zone, credit[1]
    return best[1] if best else None


# A credit by its form, and by where it stands
SAYS_BY, CALLED_BYLINE, BARE_NAME, ROLE = 40, 20, 8, 4
BEFORE_STORY, BEFORE_HEADLINE, IN_STORY, BELOW = 16, 8, 2, 0
_NOT_ITS_OWN = frozenset(("related", "comment"))
_CREDITING = frozenset(("meta", "byline", "other", "subhead", "promo", "nav"))


def _credit_lines(place: Place) -> Iterator[tuple[int, int]]:
    """Lines that may credit this story's writer, and how well they stand for it."""
    labels, top = place.labelled.labels, place.labelled.headline
    if top is None or top > place.first:
        top = 0
    for i in place.outside:
        label = labels[i]
        if i > place.last:
            if label in _NOT_ITS_OWN or i > place.last + AFTER_BODY:
                return
            if label == "byline":
                yield i, BELOW
        elif i > place.first:
            if label == "byline":
                yield i, IN_STORY
        elif i >= top:
            if label != "headline":
                yield i, BEFORE_STORY
        elif label == "byline" and i >= top - ABOVE_HEADLINE:
            yield i, BEFORE_HEADLINE


def _credit(labelled: Labelled, i: int, *, in_head: bool) -> tuple[int, str] | None:
    """How surely line `i` credits somebody, and whom."""
    line, label = labelled.lines[i], labelled.labels[i]
    text = line.text
    if len(text) > CREDIT_CHARS:
        return None
    by = _BY.match(text)
    called = label in {"byline", "date"}
    if by and by.end() < len(text):
        names = cleaned_names(text[by.end() :])
        if _reads_as_names(names, strict=not called):
            return SAYS_BY, names
        return None
    previous = labelled.lines[i - 1].text if i else ""
    if previous and len(previous) < LONGEST_BY_CHARS and _BY_ALONE.fullmatch(previous.strip()):
        names = cleaned_names(text)
        if _reads_as_names(names, strict=True) or _is_agency(names):
            return SAYS_BY, _with_second(labelled, i, names)
        return None
    within = _BY_WITHIN.search(text) if called or text[0].isdigit() or text[:3].casefold() in _DATE_WORDS else None
    if within and any(map(str.isdigit, text[: within.start() + 1])):
        names = cleaned_names(text[within.end() :])
        return (CALLED_BYLINE, names) if _reads_as_names(names, strict=True) else None
    if label == "date":  # "Ann Writer | May 3, 2019"
        names = cleaned_names(text)
        return (CALLED_BYLINE, names) if _is_person(names) and text.startswith(names) and names != text else None
    if label == "byline":
        return _called_byline(text, in_head=in_head)
    bare = label in {"nav", "related", "meta", "other", "subhead"} or (label == "caption" and _SHIFTS.search(text))
    if bare and len(text) <= BARE_NAME_CHARS:
        return _bare_name(labelled, i)
    return None


LONGEST_BY_CHARS = 14
_BETWEEN_NAMES = re.compile(r"\s+and\s+|,\s+")
NAME_REACH = 2  # lines between a bare name and its date
DATELINE_LINES = 3  # a story's first lines, before which a deck may be taken for its beginning


def _called_byline(text: str, *, in_head: bool) -> tuple[int, str] | None:
    """Whom a line names that its words or its element call a byline. Inside and below the story only a name will do."""
    if text[0] in "[(" or text[0].isdigit() or _BY_ALONE.fullmatch(text.strip()):
        return None
    names = cleaned_names(text)
    if not any(map(str.isalpha, names)) or names.casefold().split()[0] in _DATE_WORDS:
        return None
    role = bool(_ROLE_ALONE.fullmatch(names)) and names.replace(" ", "").isalpha()
    if not (in_head or role or _is_person(names) or _is_agency(names) or _credits_agencies(names)):
        return None
    return (ROLE if role else CALLED_BYLINE), names


def _credits_agencies(names: str) -> bool:
    """Whether a credit names outlets: "Harbour Post and agencies"."""
    return any(word.strip(",./").casefold() in _OUTLET_WORDS for word in names.split()) or bool(
        _AND_AGENCIES.search(names)
    )


_DATE_WORDS = frozenset(f"{MONTHS}|{WEEKDAYS}".split("|"))


def _bare_name(labelled: Labelled, i: int) -> tuple[int, str] | None:
    """A name alone between headline and story, beside its date or a writer's post."""
    around = labelled.labels[max(0, i - NAME_REACH) : i + NAME_REACH + 1]
    if "date" not in around and "byline" not in around:
        return None
    names = cleaned_names(labelled.lines[i].text)
    return (BARE_NAME, names) if all(map(_is_person, _BETWEEN_NAMES.split(names))) else None


def _with_second(labelled: Labelled, i: int, names: str) -> str:
    """A writer on the next line but one, where "and" stands between."""
    lines = labelled.lines
    if i + 2 < len(lines) and lines[i + 1].text.casefold() in {"and", "&", ","}:
        second = cleaned_names(lines[i + 2].text)
        if _is_person(second):
            return f"{names} and {second}"
    return names


def cleaned_names(text: str) -> str:
    """The names on a credit, without "By", posts, places, the outlet behind a comma, and the date that follows.

    >>> [cleaned_names(t) for t in ("Ann Writer in Port Town", "Ann Writer, Harbour News, Abuja", "Ann Writer, staff writer")]
    ['Ann Writer', 'Ann Writer', 'Ann Writer']
    """
    rest = _SHIFTS.sub("", _SOCIAL.sub("", text))
    if glued := _GLUED.search(rest):
        rest = rest[: glued.start()]
    end = _BYLINE_END.search(rest)
    if end and end.start():
        rest = rest[: end.start()]
    rest = _ROLE.sub("", rest)
    rest = _ROLE_BEHIND_COMMA.sub("", rest)
    rest = _FOR_WHOM.sub("", _WHERE.sub("", rest)).strip(" ,;:|/·•-–—\u00a0")
    pieces = rest.split(", ")
    while len(pieces) > 1 and _is_workplace(pieces[-1]):
        pieces.pop()
    rest = ", ".join(pieces)
    bare = _AND_AGENCIES.sub("", rest)
    if bare != rest and _is_person(bare):
        rest = bare
    words = rest.split()
    # "Ann Writer Reuters": the agency behind the names has a column of its own
    if (
        len(words) > SHORTEST_NAME_WORDS
        and _is_agency(words[-1])
        and words[-2].casefold() not in {"and", "with", "for"}
    ):
        rest = " ".join(words[:-1]).rstrip(" ,;|-–—/")
    if rest.endswith(".") and len(rest.split()[-1]) > LONGEST_SUFFIX:
        rest = rest[:-1]
    # "Will Writer Editor"
    if (
        len(words) > SHORTEST_NAME_WORDS
        and words[-1] in {"Editor", "Correspondent"}
        and _is_person(" ".join(words[:-1]))
    ):
        rest = " ".join(words[:-1])
    return rest


def _is_workplace(piece: str) -> bool:
    """Whether what stands behind a comma is where the writer works: an outlet, an agency, one word, or no name."""
    words = piece.split()
    if not words or piece.startswith(("and ", "& ")):
        return False
    return (
        len(words) < SHORTEST_NAME_WORDS
        or not piece[0].isupper()
        or _is_agency(piece)
        or piece in _telling_names()
        or words[-1].casefold() in _OUTLET_WORDS
        or words[-1].casefold().endswith((".com", ".org", ".net"))
    )


def _is_person(text: str) -> bool:
    """Whether it may be a person's name: two to four capitalised words, none of a menu's or a desk's.

    >>> [_is_person(t) for t in ("Ann Writer", "J. P. van der Berg", "World News", "Ann says no", "Ann")]
    [True, True, False, False, False]
    """
    words = text.split()
    names = [w for w in words if w.casefold() not in _PARTICLES]
    return (
        SHORTEST_NAME_WORDS <= len(names) <= LONGEST_NAME_WORDS
        and all(_WORD.fullmatch(w) and w[0].isupper() for w in names)
        and _NO_NAME.isdisjoint(w.casefold().strip(".'’") for w in words)
        and not text.endswith(".")
    )


def _reads_as_names(names: str, *, strict: bool) -> bool:
    """Whether what follows "By" is a credit. `strict`: in a line that nothing else takes for a byline."""
    words = _WORD.findall(names)
    if not words or not names[0].isupper():
        return bool(words) and not strict
    if not strict:
        return True
    capital = sum(w[0].isupper() or w.casefold() in _PARTICLES for w in words)
    return (
        capital == len(words) <= 2 * LONGEST_NAME_WORDS
        and not names.endswith(".")
        and words[0].casefold() not in _DATE_WORDS
    )


def _source_as_byline(place: Place) -> str | None:
    """What a source line names, where no writer or agency is: "Source: Harbour Post and agencies".

    It names outlets and stands before or after the story: inside it, figures and pictures have sources.
    """
    for i in place.outside:
        if place.labelled.labels[i] in {"meta", "byline"} and not place.first < i < place.last:
            source = _SOURCE.match(place.labelled.lines[i].text[:CREDIT_CHARS])
            named = source[1].strip(" .") if source else ""
            if named[:1].isupper() and "http" not in named and (_credits_agencies(named) or named in _telling_names()):
                return named
    return None


# ------------------------------------------------------------------ agency


def _is_agency(name: str) -> bool:
    return name.casefold() in _agency_names()


def _agency(place: Place, datelines: list[re.Match[str]]) -> str | None:
    """The agency credited in a source line, the byline, the dateline, or by a signature under the story."""
    names = _agency_names()
    lines, labels = place.labelled.lines, place.labelled.labels
    for i in place.outside:
        if labels[i] in _CREDITING and len(lines[i].text) <= CREDIT_CHARS:
            credit = _SOURCE.match(lines[i].text) or _WITH_AGENCY.search(lines[i].text)
            if credit and (agency := _first_agency(credit[1])):
                return agency
        elif place.last < i <= place.last + SIGNED_LINES:
            credit = _WITH_AGENCY.match(lines[i].text)
            if credit and (agency := _first_agency(credit[1])):
                return agency
    for i, _ in _credit_lines(place):
        if labels[i] == "byline" and (agency := _agency_on(lines[i])):
            return agency
    for match in datelines:
        sender = (match["agency"] or "").strip()
        if agency := names.get(sender.casefold()) or (sender if _is_press(sender) else None):
            return agency
    if place.first < len(lines):
        leading = _LEADING_AGENCY.match(lines[place.first].text[:DATELINE_CHARS])
        if (
            leading
            and (agency := names.get(leading["agency"].casefold()))
            and leading["agency"].casefold() not in _word_agencies()
        ):
            return agency
        # A last line that ends with an agency may be taken for a picture's text or a link; a sentence's stop stands before it.
        ends = [
            i for i in (place.last, place.last + 1) if i < len(lines) and labels[i] in {"body", "caption", "related"}
        ]
        return next((agency for i in ends if (agency := _signed(lines[i]))), None)
    return None


def _is_press(sender: str) -> bool:
    """Whether a dateline's sender that the list lacks is an agency by its name: "Highland Press", "Delta News Agency"."""
    words = sender.split()
    return len(words) > 1 and words[-1].casefold() in {"press", "agency", "newswire"}


def _first_agency(credit: str) -> str | None:
    """The agency that a credit names: the whole of it, or its first piece that is one."""
    names = _agency_names()
    whole = credit.strip(" .)]/")
    if whole.casefold() in names:
        return names[whole.casefold()]
    for piece in re.split(r"\s?[,|/()&;]\s?| and ", whole):
        folded = piece.strip(" .").casefold().removeprefix("the ")
        if folded in names and folded not in _word_agencies():
            return names[folded]
    return None


def _agency_on(line: Line) -> str | None:
    """The agency on a byline's line."""
    names = _agency_names()
    bare = line.folded.removeprefix("by ")
    if bare in names:
        return names[bare]
    if agency := _first_agency(line.text):
        return agency
    if long := _long_agency_names().search(line.text):
        return names[long.group().casefold()]
    for word in re.split(r"[\s,|/()]+", line.text):
        folded = word.casefold()
        if len(word) > 1 and word[0].isupper() and folded in names and folded not in _word_agencies():
            return names[folded]
    return None


def _signed(line: Line) -> str | None:
    """The agency that signs a story at the end of its last line: "… he said. (AFP)", "… the ministry said. – Bernama"."""
    tail = line.text[-SIGNATURE_CHARS:]
    match = _SIGNATURE.search(tail) if _SENDER_MARKS.search(tail) else None
    if not match:
        return None
    folded = match[1].casefold()
    return None if folded in _word_agencies() else _agency_names().get(folded) or _first_agency(match[1])


# ------------------------------------------------------------------ dateline


def _datelines(place: Place) -> list[re.Match[str]]:
    """The dateline at the head of the story, or on a line of its own above it."""
    lines, labels = place.labelled.lines, place.labelled.labels
    found: list[re.Match[str]] = []
    body = (i for i in range(place.first, len(lines)) if labels[i] == "body")
    for i in islice(body, DATELINE_LINES):
        if match := dateline_match(lines[i].text, own_line=False):
            found.append(match)
            break
    for i in place.outside:
        if labels[i] == "date" and (match := dateline_match(lines[i].text, own_line=True)):
            found.append(match)
    return found


def dateline_match(text: str, *, own_line: bool) -> re.Match[str] | None:
    """A dateline at the head of a text: "KHARTOUM, May 3 (Agency) -", "Geneva (Agency) -", "CAIRO —"; else None.

    A place in capitals, or an agency in brackets, makes it one. On a line of its own nothing need follow, but a date or
    an agency must.

    >>> dateline_match("KHARTOUM, May 3 (AFP) - Fighting went on.", own_line=False)["place"]
    'KHARTOUM'
    >>> dateline_match("Fighting went on - and on.", own_line=False) is None
    True
    """
    head = text[:DATELINE_CHARS]
    if not (head[:SHORTEST_PLACE].isupper() or _SENDER_MARKS.search(head)):
        return None  # most first lines: neither capitals, nor a bracket, slash or dash
    match = _DATELINE_BARE.match(head)
    if not (match and _sender(match)):
        match = _DATELINE.match(head)
    if not match:
        return None
    place, dash = match["place"], match["dash"]
    first = re.split(r"[ ,/-]", place)[0]
    known = bool(_sender(match))
    capital = first.isupper() and len(first) >= SHORTEST_PLACE and first not in _NO_PLACE
    if own_line:
        return match if (match.end() == len(head) and capital and match.end("place") < len(head)) else None
    dated = match.end("place") < match.start("dash") and any(
        map(str.isdigit, head[match.end("place") : match.start("dash")])
    )
    if dash in {"", ".", ":"} and not known and not (capital and dated and dash):
        return None
    return match if known or capital else None


def _town(place: str) -> str:
    """The place without the stop of "MOSCOW. July 17"; abbreviations ("D.C.", "Va.") keep theirs."""
    bare = place.strip(" ,")
    return bare[:-1] if bare.endswith(".") and "," not in bare and "." not in bare[:-1] else bare


def _sender(match: re.Match[str]) -> str | None:
    """The agency that a dateline names, if it is a known one and no word of another meaning."""
    folded = (match["agency"] or "").strip().casefold()
    return None if folded in _word_agencies() else _agency_names().get(folded)


# ------------------------------------------------------------------ publisher


def publisher_of(place: Place, metadata: Metadata) -> str | None:
    """The outlet: from metadata, its own domain, an archive's id, or the page's own words.

    Of the page's words those around the story count (menus, appeals, source lines), not the story's: an outlet quoted
    there is not this one. A known name must stand out from all others; else a copyright line's owner is taken, or rather,
    where that is a company, a name of an outlet's form ("… Gazette") that stands there more than once.
    """
    if metadata.publisher:
        return metadata.publisher
    host = host_of(metadata.url)
    domains = _publisher_domains()
    while host:
        if host in domains:
            return domains[host]
        host = host.partition(".")[2]
    pattern, heads = _publisher_names(), _publisher_heads()
    seen: dict[str, int] = {}
    formed: dict[str, int] = {}
    owner: str | None = None
    for i in place.outside:
        line, label = place.labelled.lines[i], place.labelled.labels[i]
        if label in _NO_OUTLET:
            continue
        text = line.text[:COPYRIGHT_CHARS]
        words = _HEAD_WORD.findall(text)
        if not _MASTHEAD_WORDS.isdisjoint(words):
            for match in _OUTLET_NAME.finditer(text):
                name = _ARTICLE.sub("", match.group())
                if name.split()[0] in _MENU_WORDS:
                    continue
                masthead = i < min(place.first, MASTHEAD_LINES) and match.group() == text
                formed[name] = formed.get(name, 0) + (SAID_TWICE if masthead else 1)
        if label == "caption":
            continue
        code = _NEWS_ID.match(text)
        if code and code[1].casefold() in domains:
            return domains[code[1].casefold()]
        if label == "meta" and owner is None and (match_ := _OWNER.search(text)):
            name = _SUFFIX.sub("", match_["name"]).strip(" .,")
            owner = None if _NO_OWNER.match(name) else name
        if pattern and not heads.isdisjoint(words):
            for name in dict.fromkeys(pattern.findall(text)):
                if label != "related" or line.folded.startswith(("more from", "more on", "latest from")):
                    seen[name] = seen.get(name, 0) + 1
    known = _standing_out(seen, 1)
    if owner and _COMPANY.search(owner):
        return known or _standing_out(formed, SAID_TWICE) or owner
    return known or owner or _standing_out(formed, SAID_TWICE)


def _standing_out(seen: Mapping[str, int], least: int) -> str | None:
    """The name that stands on the page most often; None where two do, or none does `least` times."""
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    if ranked and ranked[0][1] >= least and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        return ranked[0][0]
    return None
