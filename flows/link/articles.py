"""An article as link sees it: what tells which others it belongs with."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Article:
    """One row of `articles`, before link.

    Attributes:
        document_id: its document.
        headline: as on the page; None without one.
        body: body and subheads, joined by blank lines.
        published_on: as clean found it: link's own inferences are never read here.
        publisher: the outlet, if known.
        agency: the news agency credited with the text, if one is.
        text: the whole document: what to fall back on where clean took part of an article for something else. None: the body.
    """

    document_id: str
    headline: str | None
    body: str
    published_on: date | None
    publisher: str | None
    agency: str | None
    text: str | None = None
