import pytest

from flows.clean.document import Article, Metadata, clean_document

BODY = (
    "Envoys of both sides agreed on Monday to reopen the northern road after weeks of talks, officials said.\n"
    "The road has been closed since the spring, when shelling destroyed two bridges near the border post."
)
HEADLINE = "Envoys agree to reopen northern road"


def article(text: str, metadata: Metadata | None = None) -> Article:
    found = clean_document(text, (), metadata).article
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("line", "byline", "agency"),
    [
        ("By Ann Writer", "Ann Writer", None),
        ("By Ann Writer and Bob Reporter Reuters", "Ann Writer and Bob Reporter", "Reuters"),
        ("Written by: Ann Writer", "Ann Writer", None),
        ("By Ann Writer March 18 at 3:57 PM Follow @annwriter", "Ann Writer", None),
        ("By ANN WRITER | May 3, 2019", "ANN WRITER", None),
        ("By AFP", "AFP", "AFP"),
        ("REUTERS", "REUTERS", "Reuters"),
        ("Ann Writer International Editor", "Ann Writer", None),
        ("The Editor", "The Editor", None),
        ("By\u00a0Ann Writer", "Ann Writer", None),
    ],
)
def test_a_byline_gives_names_and_agency(line, byline, agency):
    found = article(f"{HEADLINE}\n{line}\n{BODY}")
    assert (found.byline, found.agency) == (byline, agency)


def test_a_source_line_names_the_agency():
    assert article(f"{HEADLINE}\n{BODY}\nSOURCE:AFP").agency == "AFP"


def test_the_writer_of_another_story_below_is_not_this_ones():
    text = f"{HEADLINE}\n{BODY}\nExplore\nStorm closes island airport for a day\nBy Carl Other\nFerry sails again in the strait"
    assert article(text).byline is None


@pytest.mark.parametrize(
    ("head", "place", "agency"),
    [
        ("PORT TOWN (Reuters) - ", "PORT TOWN", "Reuters"),
        ("PORT TOWN, May 3 (AFP) -- ", "PORT TOWN", "AFP"),
        ("PORT TOWN — ", "PORT TOWN", None),
        ("PORT TOWN, August 10. /TASS/. ", "PORT TOWN", "TASS"),
        ("Port Town (AFP) - ", "Port Town", "AFP"),
        ("", None, None),
        ("Port Town - ", None, None),
    ],
)
def test_a_dateline_gives_place_and_agency(head, place, agency):
    found = article(f"{HEADLINE}\n{head}{BODY}")
    assert (found.dateline_place, found.agency) == (place, agency)


@pytest.mark.parametrize(
    ("text", "metadata", "publisher"),
    [
        pytest.param(f"{HEADLINE}\n{BODY}", Metadata(publisher="Harbour News"), "Harbour News", id="as metadata say"),
        pytest.param(
            f"{HEADLINE}\n{BODY}",
            Metadata(url="https://www.rferl.org/a/1.html"),
            "Radio Free Europe/Radio Liberty",
            id="by its domain",
        ),
        pytest.param(
            f"Support The Moscow Times!\n{HEADLINE}\n{BODY}", None, "The Moscow Times", id="by its own appeal"
        ),
        pytest.param(
            f"{HEADLINE}\n{BODY}\nCopyright 2017 Harbour News. All rights reserved.",
            None,
            "Harbour News",
            id="by its copyright line",
        ),
        pytest.param(
            f"{HEADLINE}\n{BODY}\nHe spoke to Al Jazeera on the phone about the road.",
            None,
            None,
            id="not by whom it quotes",
        ),
        pytest.param(f"{HEADLINE}\n{BODY}", None, None, id="not without a sign"),
    ],
)
def test_the_outlet_is_the_pages_own(text, metadata, publisher):
    assert article(text, metadata).publisher == publisher
