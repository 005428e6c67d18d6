"""The parts of a web address. Pure; addresses come from pages and records, and many are damaged."""

from urllib.parse import urlsplit


def host_of(url: str | None) -> str:
    """The host's name in lower case; empty where there is no address or it cannot be read.

    >>> host_of("https://www.News.example/a"), host_of("http://[broken"), host_of(None)
    ('www.news.example', '', '')
    """
    try:
        return (urlsplit(url).hostname or "") if url else ""
    except ValueError:
        return ""
