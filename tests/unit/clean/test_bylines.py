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
        ("By Ann Writer in Port Town", "Ann Writer", None),
        ("By Ann Writer in Port Town and Bob Reporter in Hill Town", "Ann Writer and Bob Reporter", None),
        ("By Ann Writer, Harbour Mirror, Abuja", "Ann Writer", None),
        ("By Ann Writer, Associated Press", "Ann Writer", "AP"),
        ("By Ann Writer and agencies", "Ann Writer", None),
        ("By Ann Writer for the Harbour Post", "Ann Writer", None),
        ("Ann Writer, staff writer", "Ann Writer", None),
        ("By Ann WriterPublished: Oct 26, 2023", "Ann Writer", None),
        ("BYLINE: Ann Writer.", "Ann Writer", None),
        ("Dec 19, 2023 by Ann Writer", "Ann Writer", None),
        ("Ann Writer | December 22, 2023 2:30 PM", "Ann Writer", None),
        ("By Ann Writer on December 21, 2023", "Ann Writer", None),
        ("By\nAnn Writer", "Ann Writer", None),
        ("By\nAnn Writer\nand\nBob Reporter", "Ann Writer and Bob Reporter", None),
        ("Ann Writer\nMay 3, 2019", "Ann Writer", None),
        ("March 7, 2019March 9, 2019 by Ann Writer2 Comments", "Ann Writer", None),
        ("Updates by Ann Writer in Port Town and Bob Reporter", "Ann Writer and Bob Reporter", None),
        ("Getty Images", None, None),
        ("May 3, 2019\nWorld News", None, None),
    ],
)
def test_a_byline_gives_names_and_agency(line, byline, agency):
    found = article(f"{HEADLINE}\n{line}\n{BODY}")
    assert (found.byline, found.agency) == (byline, agency)


def test_a_source_line_names_the_agency():
    assert article(f"{HEADLINE}\n{BODY}\nSOURCE:AFP").agency == "AFP"


@pytest.mark.parametrize(
    ("ending", "agency"),
    [
        ("The road is to be open by June, he said. (AFP)", "AFP"),
        (
            "The road is to be open by June, when both of the bridges that were hit have been rebuilt, he said. – Bernama",
            "Bernama",
        ),
        ("The road is to be open by June, the report said. (Report)", None),
        ("The road is to be open by June, he told the AP", None),
        ("The road is to be open by June, he said.\nWith material from AFP", "AFP"),
        ("The road is to be open by June, he said.\nSource: Harbour News and Reuters", "Reuters"),
    ],
)
def test_an_agency_may_sign_at_the_end(ending, agency):
    assert article(f"{HEADLINE}\n{BODY}\n{ending}").agency == agency


def test_a_source_line_is_the_byline_where_nobody_else_is_named():
    assert (
        article(f"{HEADLINE}\n{BODY}\nSOURCE: Harbour Observer and agencies").byline == "Harbour Observer and agencies"
    )


def test_the_source_of_a_figure_is_nobodys_byline():
    assert article(f"{HEADLINE}\n{BODY}\nSource: Ministry of Roads\n{BODY.replace('road', 'bridge')}").byline is None


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
        ("Port Town [Harbourland], May 3 (ANI): ", "Port Town", "ANI"),
        ("Port Town, May 3, IRNA – ", "Port Town", "IRNA"),
        ("Port Town, May 3 (PTI) ", "Port Town", "PTI"),
        ("PORT TOWN, 17th July, 2020 (WAM) -- ", "PORT TOWN", "WAM"),
        ("HARBOUR. July 17 (Interfax) - ", "HARBOUR", "Interfax"),
        ("Port Town (dpa) - ", "Port Town", "DPA"),
        ("(AFP) - ", None, "AFP"),
        ("PORT TOWN, Harbourland — ", "PORT TOWN, Harbourland", None),
        ("PORT TOWN (Harbour Press) - ", "PORT TOWN", "Harbour Press"),
        ("PORT TOWN (WXYZ) - ", "PORT TOWN", None),
        ("UPDATE - ", None, None),
        ("Trend - ", None, None),
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
            f"{HEADLINE}\n{BODY}\n© MMXVII Harbour Chronicle Ltd",
            None,
            "Harbour Chronicle",
            id="without year and company",
        ),
        pytest.param(
            f"{HEADLINE}\n{BODY}\nHe spoke to Al Jazeera on the phone about the road.",
            None,
            None,
            id="not by whom it quotes",
        ),
        pytest.param(f"{HEADLINE}\n{BODY}", None, None, id="not without a sign"),
        pytest.param(
            f"Support the Harbour Gazette\n{HEADLINE}\n{BODY}\nWrite to the Harbour Gazette!",
            None,
            "Harbour Gazette",
            id="by a name of an outlet's form that it repeats",
        ),
        pytest.param(f"Harbour Ledger\nMenu\n{HEADLINE}\n{BODY}", None, "Harbour Ledger", id="by its masthead"),
        pytest.param(f"Local News\nMenu\n{HEADLINE}\n{BODY}\nLocal News", None, None, id="not by a menu"),
        pytest.param(f"{HEADLINE}\n{BODY}", Metadata(url="http://[broken"), None, id="not by a broken address"),
    ],
)
def test_the_outlet_is_the_pages_own(text, metadata, publisher):
    assert article(text, metadata).publisher == publisher
