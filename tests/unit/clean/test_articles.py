import re

import pytest

from flows.clean.articles import count_words
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


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Oops! That page can’t be found.\nIt looks like nothing is here. Maybe try a search?", "error_page"),
        ("Error 410\nThis content has been removed.", "error_page"),
        ("502 Bad Gateway\nnginx", "error_page"),
        ("Just a moment...\nChecking your browser before you go on.\nThis process is automatic.", "error_page"),
        ("Please verify you are a human\nAccess to this page has been denied.", "error_page"),
        ("Attention Required!\nSorry, you have been blocked", "error_page"),
        ("The article you requested is no longer available.", "error_page"),
        ("Sorry, this page is not available.\nThe link may be broken.", "error_page"),
        ("Enable JavaScript and cookies to continue", "error_page"),
        ("Service Unavailable\nPlease try again later.", "error_page"),
        ("This article is for subscribers only.\nSubscribe now for unlimited access.", "paywall"),
        (f"{HEADLINE}\nTo continue reading this article, please sign in or register.", "paywall"),
        ("You have reached your limit of free articles.\nSubscribe for unlimited access", "paywall"),
        ("Register for free to continue reading\nCreate an account", "paywall"),
        ("Become a member to read this story, and all others.\nSign up\nMember? Sign in", "paywall"),
        ("We value your privacy\nWe store and read information on your device, such as cookies.", "cookie_notice"),
        ("Cookie settings\nWe use cookies to give you a better page.\nI agree", "cookie_notice"),
    ],
)
def test_a_bare_notice_is_no_story(text, reason):
    cleaned = clean_document(text)
    assert (cleaned.article, cleaned.refused) == (None, reason)


@pytest.mark.parametrize(
    "text",
    [
        "Two people died in a fire in Port Town on Monday, police said.",
        "The minister has resigned.",
        "404 people were taken out of the flooded valley on Monday, officials said.",
        "500,000 doses of the vaccine arrived in Port Town on Monday, officials said.",
        "Access denied: farmers kept out of their fields\nFarmers on the border said that soldiers had denied them access to their fields for a third week.",
        "The government will log in to the new border system on Friday, an official said, to view the lists of all travellers.",
        "Viewers must sign in to watch the state broadcaster from May, the ministry said on Monday.",
        "Parliament gave its consent to the treaty on Monday after a night of debate, the speaker said.",
        "Cookies that prisoners bake are sold in the shops of Port Town, the prison service said on Monday.",
        "Not found: the lost archive of the town\nThe archive of the town was not found, its keeper said on Monday after a search of forty houses.",
        "Road reopens\nThe northern road reopened on Monday, officials said.\nSubscribe to continue reading",
        "The road was reopened on Monday, officials said.\nWe use cookies\nAccept all",
    ],
)
def test_a_short_text_is_a_story_whatever_words_it_shares_with_notices(text):
    assert clean_document(text).refused is None


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
        ("Diary: political events of the week", "agenda"),
        ("Energy and guns top young voters' agenda", "article"),
        ("Minister's agenda for the northern road meets doubt", "article"),
        ("Northern road reopens: what happened as it happened", "live_blog"),
        ("They live by the northern road", "article"),
    ],
)
def test_the_headline_tells_what_kind_of_page_it_is(headline, page_type):
    article = clean_document(f"{headline}\n{BODY}").article
    assert article is not None
    assert article.page_type == page_type


LINKS = "\n".join(f"Storm number {number} closes the island airport for a day" for number in range(40))


def test_a_page_of_links_around_a_teaser_is_a_listing():
    article = clean_document(f"Latest news\n{BODY}\nRelated stories\n{LINKS}").article
    assert article is not None
    assert article.page_type == "listing"


def test_a_story_among_many_links_stays_an_article():
    story = "\n".join(
        BODY.replace("Monday", f"day {number}").replace("spring", f"year {number}") for number in range(8)
    )
    article = clean_document(f"{HEADLINE}\n{story}\nRelated stories\n{LINKS}").article
    assert article is not None
    assert article.page_type == "article"


def test_entries_under_times_of_day_make_a_live_blog():
    entries = "\n".join(
        f"{hour}.{hour + 9}\nThe envoys of the {hour} towns met again and said that they would go on talking tonight."
        for hour in range(12, 20)
    )
    article = clean_document(f"{HEADLINE}\n{BODY}\n{entries}\n{BODY}").article
    assert article is not None
    assert article.page_type == "live_blog"


def test_teasers_with_days_of_their_own_make_a_listing():
    teasers = "\n".join(
        f"Road number {number} is to reopen\nThe envoys said that the road to the {number} towns is to be open soon.\n{number} May 2019"
        for number in range(11, 17)
    )
    article = clean_document(
        f"Roads\nAll our stories on the roads of the north and those who use them.\n{teasers}"
    ).article
    assert article is not None
    assert (article.page_type, article.published_on) == ("listing", None)


def test_running_times_of_videos_make_no_live_blog():
    videos = "\n".join(
        f"{time}\nThe envoys of the towns met again at {time} and said that they would go on talking tonight."
        for time in ("1:12", "0:45", "3:08", "2:20", "1:59")
    )
    article = clean_document(f"{HEADLINE}\n{BODY}\n{videos}\n{BODY}").article
    assert article is not None
    assert article.page_type == "article"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It’s a half-hearted 'try' – or so", 6),
        ("élan vital", 2),
        ("a_b c--d -- ' e.f 1,000", 6),
        ("«Да» — x", 2),
        ("", 0),
    ],
)
def test_words_are_runs_of_letters_digits_apostrophes_and_hyphens(text, words):
    assert count_words(text) == words == len(re.findall(r"\w[\w'’-]*", text))


def test_the_title_that_metadata_give_helps_to_find_the_headline():
    text = f"Roads and ports\nA quiet deal in the north\nTalks this week\n{BODY}"
    article = clean_document(text, (), Metadata(title="A quiet deal in the north | Harbour News")).article
    assert article is not None
    assert article.headline == "A quiet deal in the north"


def test_the_language_is_the_metadatas():
    article = clean_document(BODY, (), Metadata(language="en")).article
    assert article is not None
    assert article.language == "en"
