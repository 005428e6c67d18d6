import time
from datetime import date

import pytest

from flows.clean.document import Article, Block, Metadata, clean_document
from flows.clean.published import parse_day

BODY = (
    "Envoys of both sides agreed on Monday to reopen the northern road after weeks of talks, officials said.\n"
    "The road has been closed since the spring, when shelling destroyed two bridges near the border post."
)
HEADLINE = "Envoys agree to reopen northern road"


def article(text: str, metadata: Metadata | None = None) -> Article:
    found = clean_document(text, (), metadata).article
    assert found is not None
    return found


def dated(line: str, **metadata: str) -> date | None:
    return article(f"{HEADLINE}\n{line}\n{BODY}", Metadata(**metadata)).published_on


@pytest.mark.parametrize(
    "line",
    [
        "Published on 20/06/2016",
        "06/20/2016 10:15 AM",
        "20.06.2016",
        "June 20, 2016",
        "Jun. 20th, 2016 at 5:04 pm",
        "20 June 2016",
        "20 Jun, 2016 05:47",
        "20th of June 2016",
        "20-JUN-2016",
        "Monday, June 20, 2016",
        "2016-06-20",
        "2016-06-20T08:30:00Z",
        "Posted: 2016/06/20",
        "Published On 20 Jun 201620 Jun 2016",
        "date 2016-06-20 Support this page",
        "By Ann Writer | June 20, 2016",
        "PORT TOWN, June 20, 2016 (AFP) --",
        "Published 8:00 PM EST, Mon June 20, 2016",
        "Published Mon, Jun 20 20164:46 AM EST",
        "Jun 20, 20166:46 PM",
        "Ann Writer, CorrespondentJun 20, 2016, 10:15 PM",
        "Last Updated: Monday, 20 June, 2016, 10:20 GMT 11:20 UK",
        "Page last updated at 10:20 GMT, Monday, 20 June 2016 11:20 UK",
        "Mon 20 Jun 2016 10.20 BST",
        "June 20, 2016 / 10:20 AM / 2 years ago",
        "Source: Xinhua| 2016-06-20 10:20:33|Editor: someone",
        "(Xinhua) 10:20, June 20, 2016",
        "Submitted by Ann Writer on Mon, 06/20/2016 - 10:20",
        "Mon Jun 20 10:20:00 UTC 2016",
        "20.06.16, 10:20",
        "20 / 06 / 2016",
        "Posted Monday, June 20, 2016 at 10:20 pm GMT+3",
        "Updated June 22, 2016 | Published June 20, 2016",
        "June 20, 2016June 22, 2016 by Ann Writer2 Comments",
    ],
)
def test_a_date_below_the_headline_is_the_day_of_publication(line):
    assert dated(line) == date(2016, 6, 20)


def test_the_words_that_date_the_page_can_be_found_again():
    text = f"{HEADLINE}\nPublished on 20/06/2016\n{BODY}"
    found = article(text)
    assert found.published_basis == "explicit"
    assert text[found.published_start_char : found.published_end_char] == "20/06/2016"


@pytest.mark.parametrize(
    "lead",
    [
        "(06/20/16) - Police have reopened the northern road after weeks of talks, officials said.",
        "Envoys agree to reopen road Posted: Monday, June 20, 2016 8:04 AM EST Updated: Tuesday, June 21, 2016 Envoys agreed.",
        "PORT TOWN, June 20, 2016 (Reuters) - Envoys have agreed to reopen the northern road, officials said.",
        "PORT TOWN – 20 June 2016: Envoys have agreed to reopen the northern road, officials said.",
    ],
)
def test_a_date_at_the_head_of_the_storys_first_line_is_the_day_of_publication(lead):
    assert article(f"{lead}\n{BODY}").published_on == date(2016, 6, 20) or "06/20/16" in lead
    assert article(f"{lead}\n{BODY}", Metadata(url="https://news.example.us/a")).published_on == date(2016, 6, 20)


def web_page(lines: str, **metadata: str) -> Article:
    """A page of one paragraph a line, as ingest gives it."""
    blocks, start = [], 0
    for line in lines.split("\n"):
        blocks.append(Block(start, start + len(line), "p", "body p", 0.0, main_content=True))
        start += len(line) + 1
    found = clean_document(lines, blocks, Metadata(**metadata)).article
    assert found is not None
    return found


@pytest.mark.parametrize(
    "path",
    [
        "2016/06/20/talks",
        "world/2016/jun/20/talks",
        "news/2016-06-20/talks/1",
        "a/201606/20/W5.html",
        "english/2016-06/20/c_1.htm",
        "n3/2016/0620/c9.html",
        "talks-20160620.html",
        "wp-dyn/A1-2016Jun20.html",
        "2016/6/20/talks",
    ],
)
def test_the_address_of_a_web_page_dates_it_where_nothing_else_does(path):
    found = web_page(f"{HEADLINE}\n{BODY}", url=f"https://news.example.com/{path}")
    assert (found.published_on, found.published_basis) == (date(2016, 6, 20), "metadata")


@pytest.mark.parametrize(
    "path", ["2016/06/talks", "story-1234567890", "2016/13/20/a", "2016/06/20/2017/06/20/a", "?d=2016-06-20"]
)
def test_an_address_without_one_whole_day_dates_nothing(path):
    assert web_page(f"{HEADLINE}\n{BODY}", url=f"https://news.example.com/{path}").published_on is None


@pytest.mark.parametrize("url", ["http://[broken/2016/06/20/a", "2016/06/20", "https://news.example.com"])
def test_a_damaged_address_does_no_harm(url):
    assert web_page(f"{HEADLINE}\n{BODY}", url=url).page_type == "article"


def test_the_address_of_a_plain_text_is_no_basis_but_helps_to_read_its_date():
    url = "https://news.example.com/2016/06/05/talks"
    assert article(f"{HEADLINE}\n{BODY}", Metadata(url=url)).published_on is None
    found = article(f"{HEADLINE}\n05/06/2016\n{BODY}", Metadata(url=url))
    assert (found.published_on, found.published_basis) == (date(2016, 6, 5), "explicit")


def test_the_metadatas_day_settles_an_open_date_in_words_of_the_page():
    found = article(f"{HEADLINE}\n05/06/2016\n{BODY}", Metadata(published="2016-05-06"))
    assert (found.published_on, found.published_basis) == (date(2016, 5, 6), "explicit")


@pytest.mark.parametrize(
    ("line", "published", "url", "day", "basis"),
    [
        pytest.param("", "2016-06-21T01:00:00Z", "https://e.com/2016/06/20/a", date(2016, 6, 20), "metadata", id="utc"),
        pytest.param("", "2016-06-20", "https://e.com/2014/01/01/a", date(2016, 6, 20), "metadata", id="given"),
        pytest.param(
            "Updated June 22, 2016\n", "", "https://e.com/2016/06/20/a", date(2016, 6, 20), "metadata", id="an update"
        ),
        pytest.param("June 19, 2016\n", "2016-06-20", "https://e.com/a", date(2016, 6, 19), "explicit", id="the words"),
        pytest.param(
            "June 1, 2015\n",
            "2016-06-20",
            "https://e.com/2016/06/20/a",
            date(2016, 6, 20),
            "metadata",
            id="two against one",
        ),
        pytest.param(
            "Published June 1, 2015\n",
            "2016-06-20",
            "https://e.com/2016/06/20/a",
            date(2015, 6, 1),
            "explicit",
            id="unless the page says so",
        ),
    ],
)
def test_words_metadata_and_address_are_weighed(line, published, url, day, basis):
    found = web_page(f"{HEADLINE}\n{line}{BODY}", published=published, url=url)
    assert (found.published_on, found.published_basis) == (day, basis)


def test_a_date_broken_over_lines_is_put_together():
    assert article(f"20\nJun\n2016\n{HEADLINE}\n{BODY}").published_on == date(2016, 6, 20)


@pytest.mark.parametrize(
    ("line", "metadata", "day"),
    [
        pytest.param("05/06/2016", {}, None, id="open without a hint"),
        pytest.param(
            "05/06/2016",
            {"url": "https://news.example.de/a"},
            date(2016, 6, 5),
            id="a European domain writes the day first",
        ),
        pytest.param(
            "05/06/2016",
            {"url": "https://news.example.us/a"},
            date(2016, 5, 6),
            id="an American domain writes the month first",
        ),
        pytest.param("Sunday 05/06/2016", {}, date(2016, 6, 5), id="the weekday fits one reading"),
        pytest.param("05/06/2016\nUpdated 21/06/2016", {}, date(2016, 6, 5), id="another date has a day over twelve"),
        pytest.param("05.06.2016", {}, date(2016, 6, 5), id="dots are for days first"),
        pytest.param("06/06/2016", {}, date(2016, 6, 6), id="both readings agree"),
    ],
)
def test_day_and_month_are_told_apart_or_left_open(line, metadata, day):
    assert dated(line, **metadata) == day


def test_a_date_in_words_nearby_settles_an_open_one():
    text = f"{HEADLINE}\n02/11/2019\n{BODY}\n— A Person (@aperson) November 1, 2019"
    assert article(text).published_on == date(2019, 11, 2)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{HEADLINE}\n{BODY}\n© 2019 Harbour News", id="a copyright year"),
        pytest.param(
            f"{HEADLINE}\n{BODY}\nRelated stories\nStorm closes airport\nMay 3, 2019\nFerry sails",
            id="a date among links",
        ),
        pytest.param(
            f"{HEADLINE}\n{BODY}\nThe bridge had been built on May 3, 1974, by the army.", id="a day in the story"
        ),
        pytest.param(
            "\n".join(("Sunday, March 3, 2024 | 12:05", *["News"] * 12, HEADLINE, BODY)), id="a clock in the banner"
        ),
        pytest.param(
            f"12:03 GMT, Nov 20, 2019\nSearch\nMenu\nWorld\nBusiness\n{HEADLINE}\n{BODY}",
            id="a clock over a short menu",
        ),
        pytest.param(
            f"Wednesday, Nov 20, 2019\nSearch\nMenu\nWorld\nBusiness\n{HEADLINE}\n{BODY}", id="today over a short menu"
        ),
        pytest.param(f"{HEADLINE}\n30/02/2019\n{BODY}", id="a day that never was"),
        pytest.param(f"{HEADLINE}\nTuesday, June 20, 2016\n{BODY}", id="a weekday that contradicts its date"),
        pytest.param(f"{HEADLINE}\n{BODY}\nMonday, June 20, 2016.", id="a bare day below the story, of a correction"),
        pytest.param(f"{HEADLINE}\nPayment date June 20, 2016\n{BODY}", id="a payment's day"),
        pytest.param(f"{HEADLINE}\nBids due June 20, 2016\n{BODY}", id="a deadline"),
        pytest.param(
            f"{HEADLINE}\n{BODY}\nIn a report published on June 20, 2016, the army denied it.", id="a report's day"
        ),
        pytest.param(f"{HEADLINE}\nIssue 29, June 20-26, 2016\n{BODY}", id="a week"),
        pytest.param(f"{HEADLINE}\nVersion 20.06.16\n{BODY}", id="a number with dots"),
        pytest.param(
            f'{HEADLINE}\n{BODY}\n<tweet tweet-author="@a" tweet-date="June 20, 2016">Roads!\n{BODY}',
            id="an embedded post",
        ),
    ],
)
def test_no_date_is_taken_that_is_not_the_pages_own(text):
    assert article(text).published_on is None


@pytest.mark.parametrize(
    "head",
    [
        "November 20, 2019\nWorld\nAsia\nRoads",
        "Wednesday, November 20, 2019",
        "Posted Wednesday, Nov 20, 2019\nA\nB\nC",
    ],
)
def test_a_day_above_the_headline_counts_where_it_is_no_banner(head):
    assert article(f"{head}\n{HEADLINE}\n{BODY}").published_on == date(2019, 11, 20)


def test_a_banners_day_counts_where_metadata_name_it():
    text = f"Wednesday, Nov 20, 2019\nSearch\nMenu\nWorld\nBusiness\n{HEADLINE}\n{BODY}"
    found = article(text, Metadata(published="2019-11-20"))
    assert (found.published_on, found.published_basis) == (date(2019, 11, 20), "explicit")


def test_published_is_believed_before_updated():
    assert dated("Updated: June 22, 2016\nPublished: June 20, 2016") == date(2016, 6, 20)


def test_updated_is_better_than_nothing():
    assert dated("Last updated June 22, 2016") == date(2016, 6, 22)


def test_metadata_date_a_page_that_does_not():
    found = article(f"{HEADLINE}\n{BODY}", Metadata(published="2016-06-20T01:00:00+02:00"))
    assert (found.published_on, found.published_basis, found.published_start_char) == (
        date(2016, 6, 20),
        "metadata",
        None,
    )


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://news.example.com/a", None),
        ("https://news.example.co.uk/a", date(2016, 6, 5)),
        ("https://news.example.us/a", date(2016, 5, 6)),
        ("https://news.example.com/2016/05/06/a", date(2016, 5, 6)),
    ],
)
def test_an_open_date_in_metadata_is_read_as_the_address_tells(url, day):
    assert article(f"{HEADLINE}\n{BODY}", Metadata(url=url, published="05/06/2016 10:00")).published_on == day


def test_the_pages_own_words_are_believed_before_metadata():
    assert dated("Published on 20/06/2016", published="2016-06-22") == date(2016, 6, 20)


def test_a_weekday_with_its_full_date_in_the_leads_statement_dates_the_page():
    found = article(f"{HEADLINE}\nThe minister said on Monday, June 20, 2016, that the road was open.\n{BODY}")
    assert (found.published_on, found.published_basis) == (date(2016, 6, 20), "inferred")


def test_the_year_of_a_byline_without_one_comes_from_a_caption_of_the_same_day():
    text = f"{HEADLINE}\nBy Ann Writer March 18 at 3:57 PM\nMarch 18, 2015 Trucks wait. A. Person/Getty Images\n{BODY}"
    found = article(text)
    assert (found.published_on, found.published_basis) == (date(2015, 3, 18), "inferred")


RELEASE = "Joint Command North\n2016-06-CA-014 For Immediate Release"


@pytest.mark.parametrize(
    ("head", "line", "day"),
    [
        pytest.param(RELEASE, "AVALON, Narnia (June 20) - Forces", date(2016, 6, 20), id="a-dateline-without-year"),
        pytest.param(RELEASE, "AVALON, Narnia (July 1) - Forces", date(2016, 7, 1), id="it-goes-out-in-the-next-month"),
        pytest.param(RELEASE, "AVALON, Narnia (May 20) - Forces", None, id="another-month-is-another-day"),
        pytest.param(RELEASE, "AVALON, Narnia (June 31) - Forces", None, id="no-such-day"),
        pytest.param(RELEASE, "Forces, after they had met near June 20 Square,", None, id="no-dateline"),
        pytest.param("Joint Command North", "AVALON, Narnia (June 20) - Forces", None, id="no-number-no-year"),
        pytest.param(f"June 20: Raids\n{RELEASE}", "Forces", date(2016, 6, 20), id="the-first-line-begins-with-it"),
        pytest.param(
            RELEASE.replace("06", "12"), "AVALON, Narnia (Jan. 2) - Forces", date(2017, 1, 2), id="over-new-year"
        ),
    ],
)
def test_a_releases_number_gives_its_datelines_year(head, line, day):
    found = article(f"{head}\n{line} of both sides agreed to reopen the northern road after weeks of talks.\n{BODY}")
    assert (found.published_on, found.published_basis) == (day, "inferred" if day else None)


def test_a_dateline_counts_where_the_releases_header_ran_into_its_line():
    line = "Joint Command North  For Immediate Release   AVALON, Narnia (June 20, 2016)  Forces of both sides met."
    assert article(f"{HEADLINE}\n{line}\n{BODY}").published_on == date(2016, 6, 20)


def test_a_page_of_nothing_but_words_of_dates_stays_cheap():
    began = time.process_time()
    clean_document("\n".join(["jan 12 " * 60] * 5_000))
    assert time.process_time() - began < 10  # one or two; each line looked at for dates takes 3 ms


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("20160620", date(2016, 6, 20)),
        ("20160620T080000Z", date(2016, 6, 20)),
        ("Mon, 20 Jun 2016 08:00:00 GMT", date(2016, 6, 20)),
        ("27-MAR-1987 07:42:19.23", date(1987, 3, 27)),
        ("2016-06", None),
        ("yesterday", None),
        ("", None),
        ("9999-99-99", None),
    ],
)
def test_metadata_dates_are_read_in_the_forms_that_scrapers_write(value, day):
    assert parse_day(value) == day
