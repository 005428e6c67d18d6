import pytest

from flows.clean.document import Metadata, clean_document

BODY = (
    "Envoys of both sides agreed on Monday to reopen the northern road after weeks of talks, officials said.\n"
    "The road has been closed since the spring, when shelling destroyed two bridges near the border post."
)
HEADLINE = "Envoys agree to reopen northern road"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(
            "404 - Page not found\nThe page you requested could not be found on this server.",
            "error_page",
            id="not found",
        ),
        pytest.param("Access denied\nYou have no permission to see this page.", "error_page", id="access denied"),
        pytest.param("Subscribe to continue reading\nAlready a subscriber? Log in", "paywall", id="a bare paywall"),
        pytest.param("We use cookies\nAccept all\nReject all", "cookie_notice", id="a bare cookie notice"),
        pytest.param("Home\nContact us\nPrivacy Policy", "no_body", id="a menu"),
        pytest.param("", "no_body", id="nothing"),
        pytest.param(" \n\t\n", "no_body", id="blanks"),
    ],
)
def test_a_page_without_a_story_is_refused_for_what_it_is(text, reason):
    cleaned = clean_document(text)
    assert (cleaned.article, cleaned.refused) == (None, reason)


def test_a_story_about_an_error_page_is_a_story():
    text = f"{HEADLINE}\n{BODY}\nAccess denied at the border, the minister said, was the reason for the talks."
    assert clean_document(text).refused is None


def test_body_joins_paragraphs_and_subheads_by_blank_lines_and_counts_their_words():
    article = clean_document(
        f"{HEADLINE}\n{BODY.replace(chr(10), chr(10) + 'Slow repairs' + chr(10))}\nShare this article"
    ).article
    assert article is not None
    assert article.body.split("\n\n")[1] == "Slow repairs"
    assert article.word_count == len(article.body.split())
    assert article.headline == HEADLINE


@pytest.mark.parametrize(
    ("headline", "page_type"),
    [
        ("Envoys agree to reopen northern road", "article"),
        ("Northern road talks LIVE: Envoys agree to reopen road", "live_blog"),
        ("Northern road in maps and charts: live tracker", "tracker"),
        ("Week ahead: envoys to sign northern road deal", "agenda"),
    ],
)
def test_the_headline_tells_what_kind_of_page_it_is(headline, page_type):
    article = clean_document(f"{headline}\n{BODY}").article
    assert article is not None
    assert article.page_type == page_type


def test_the_title_that_metadata_give_helps_to_find_the_headline():
    text = f"Roads and ports\nA quiet deal in the north\nTalks this week\n{BODY}"
    article = clean_document(text, (), Metadata(title="A quiet deal in the north | Harbour News")).article
    assert article is not None
    assert article.headline == "A quiet deal in the north"


def test_the_language_is_the_metadatas():
    article = clean_document(BODY, (), Metadata(language="en")).article
    assert article is not None
    assert article.language == "en"
