import pytest

from flows.clean.document import Block, clean_document

LEAD = "Envoys of both sides agreed on Monday to reopen the northern road after weeks of talks, officials said."
SECOND = "The road has been closed since the spring, when shelling destroyed two bridges near the border post."
THIRD = "Officials of the northern province said repairs of the bridges would take at least until the autumn."
HEADLINE = "Envoys agree to reopen northern road"


def labels(text: str) -> list[str]:
    return [segment.label for segment in clean_document(text).segments]


def label_of(text: str, words: str) -> str:
    return next(s.label for s in clean_document(text).segments if words in text[s.start_char : s.end_char])


def page(*middle: str, tail: tuple[str, ...] = ()) -> str:
    return "\n".join((HEADLINE, "By Ann Writer", "May 3, 2019", LEAD, *middle, SECOND, THIRD, *tail))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        pytest.param("READ MORE: Ferry service resumes in the strait", "related", id="a link that says so"),
        pytest.param("[Why the road matters to farmers]", "related", id="a link in square brackets"),
        pytest.param("Advertisement", "promo", id="an advertisement's mark"),
        pytest.param("Story continues below advertisement", "promo", id="an advertisement's mark in a sentence"),
        pytest.param(
            "Sign up for our newsletter and get the day's news in your inbox.", "promo", id="an appeal in a sentence"
        ),
        pytest.param("Slow repairs", "subhead", id="a few words before a paragraph"),
        pytest.param(
            "Trucks wait at the border post. (Photo: B. Person/Agency)", "caption", id="a photographer's credit"
        ),
        pytest.param("1:30", "other", id="a running time"),
        pytest.param("We use cookies to improve your visit to this site.", "nav", id="a cookie notice"),
        pytest.param("35 trucks waited", "body", id="a number at the head of a list's item"),
    ],
)
def test_a_line_between_paragraphs_is_known_for_what_it_is(line, label):
    assert label_of(page(line), line) == label


def test_what_stands_around_a_line_does_not_change_the_paragraphs():
    text = page("READ MORE: Ferry service resumes in the strait", "Advertisement", "1:30")
    assert [label for label in labels(text) if label == "body"] == ["body"] * 3


def test_a_breadcrumb_that_repeats_the_headline_is_not_the_headline():
    text = f"Home News {HEADLINE}\n{HEADLINE}\nPublished on 20/06/2019\n{LEAD}\n{SECOND}"
    assert labels(text) == ["nav", "headline", "date", "body", "body"]


def test_a_second_copy_of_the_headline_is_a_headline_and_the_sentence_between_is_a_deck():
    deck = "The deal ends a blockade that had cut the port off from its farms."
    text = f"{HEADLINE}\n{deck}\n{HEADLINE}\nMay 3, 2019\n{LEAD}\n{SECOND}"
    assert labels(text)[:5] == ["headline", "subhead", "headline", "date", "body"]


def test_a_banner_above_the_headline_is_no_body_though_it_is_a_sentence():
    banner = "Are you travelling this summer? Find hotels and insurance with our partners today."
    assert label_of(f"{banner}\n{page()}", banner) != "body"


def test_headlines_after_the_source_line_are_links_to_other_stories():
    others = ("Dam engineers win national prize", "Minister opens chess tournament", "Storm closes island airport")
    text = page(tail=("SOURCE: AFP", "Explore", *others))
    assert {label_of(text, other) for other in others} == {"related"}
    assert label_of(text, "SOURCE") == "meta"


def test_teasers_with_full_stops_after_the_story_are_not_its_body():
    tail = (
        "Read more about: Chess",
        "Read more",
        "Chess",
        "Minister opens tournament",
        "The tournament brings forty players to the island.",
    )
    assert label_of(page(tail=tail), "forty players") == "related"


def test_readers_comments_are_comments():
    tail = ("Comments", "Road User says:", "I drove there last week and nobody stopped me at all, so what is new?")
    assert label_of(page(tail=tail), "nobody stopped") == "comment"


def test_a_text_without_furniture_is_body_from_end_to_end():
    assert labels(f"{LEAD}\n\n{SECOND}\n\n{THIRD}") == ["body"] * 3


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Two soldiers were killed on Monday", id="a sentence without its full stop"),
        pytest.param("In this May 3 file photo, the envoy leaves the talks.", id="a caption that is all there is"),
        pytest.param("Rebels release hostages", id="three words"),
        pytest.param(f"{LEAD} {SECOND} {THIRD}" * 50, id="a story on one line"),
    ],
)
def test_a_text_of_one_line_is_an_article(text):
    cleaned = clean_document(text)
    assert cleaned.article is not None
    assert cleaned.article.body == text.strip()


def test_paragraphs_broken_at_a_column_are_read_as_wholes():
    text = (
        "   Envoys of both sides agreed on Monday to reopen the\nnorthern road after weeks of talks, officials said, and\n"
        "the first trucks are expected within days.\n\n   The road has been closed since the spring, when\n"
        "shelling destroyed two bridges near the border post of\nthe northern province.\n"
    )
    assert labels(text) == ["body"] * 6


def test_a_menu_alone_has_no_body():
    cleaned = clean_document("Home\nWorld\nSport\nContact us\nPrivacy Policy")
    assert cleaned.refused == "no_body"
    assert len(cleaned.segments) == 5


def html(*parts: tuple[str, str, str, float]) -> tuple[str, list[Block]]:
    """(text, tag, path, link share) of each block → the page's text and blocks."""
    blocks, texts, start = [], [], 0
    for text, tag, path, share in parts:
        blocks.append(
            Block(start, start + len(text), tag, f"{path} {tag}".strip(), share, main_content=path == "body div.story")
        )
        texts.append(text)
        start += len(text) + 1
    return "\n".join(texts), blocks


def test_what_an_element_is_called_decides_over_how_its_words_read():
    text, blocks = html(
        (HEADLINE, "h1", "body div.story", 0.0),
        (LEAD, "p", "body div.story", 0.0),
        ("The ferry sails again after a storm that closed the strait.", "p", "body div.story aside.related", 0.0),
        ("I drove there last week and nobody stopped me at all.", "p", "body div#comments", 0.0),
        (SECOND, "p", "body div.story", 0.0),
    )
    found = [segment.label for segment in clean_document(text, blocks).segments]
    assert found == ["headline", "body", "related", "comment", "body"]


def test_the_next_story_that_a_page_loads_below_is_not_part_of_this_one():
    text, blocks = html(
        (HEADLINE, "h1", "body div.story", 0.0),
        *((line, "p", "body div.story", 0.0) for line in (LEAD, SECOND, THIRD, LEAD.replace("Monday", "Friday"))),
        ("Island airport closed by storm", "h1", "body div.story", 0.0),
        ("Passengers slept on benches while the storm passed over the island.", "p", "body div.story", 0.0),
    )
    article = clean_document(text, blocks).article
    assert article is not None
    assert "Passengers" not in article.body
    assert article.headline == HEADLINE


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(
            "The commission will meet again before the first snow, the deputy minister said. (AFP)",
            id="an agency in brackets",
        ),
        pytest.param(
            "The commission will meet again before the first snow, the deputy minister said. – Bernama",
            id="an agency after a dash",
        ),
        pytest.param(
            "The firm will end its use of cookies that follow readers from page to page, it said.",
            id="a report on furniture",
        ),
    ],
)
def test_a_report_s_last_sentence_is_body_whatever_signs_it(last):
    assert label_of(page(last), last) == "body"


def test_an_agency_behind_a_picture_s_text_is_its_credit():
    text = "Trucks wait at the border post. (AFP)"
    assert label_of(page(text), text) == "caption"


def test_a_short_last_paragraph_below_a_link_is_body():
    last = "Both sides will meet again in the port next week."
    text = f"{HEADLINE}\n{LEAD}\nREAD MORE: Ferry service resumes in the strait\n{last}\nShare this article"
    assert labels(text) == ["headline", "body", "related", "body", "promo"]


UNSEEN_PAGE = "\n".join(
    (
        HEADLINE,
        "By Ann Writer",
        "3 March 2019",
        "PORT TOWN, March 3 (AFP) - " + LEAD,
        "READ MORE: Ferry service resumes",
        SECOND,
    )
)


@pytest.mark.parametrize(
    "dress",
    [
        pytest.param(lambda page: page.replace(" ", "\u00a0"), id="no-break spaces"),
        pytest.param(lambda page: page.replace(" ", "\u2009"), id="thin spaces"),
        pytest.param(lambda page: page.replace(" ", " \u2060"), id="word joiners"),
        pytest.param(lambda page: page.replace("a", "a\u00ad"), id="soft hyphens"),
        pytest.param(lambda page: page.replace("e", "\u200be"), id="zero-width spaces"),
        pytest.param(lambda page: page.replace("\n", "\u200e\n"), id="direction marks at the ends of lines"),
        pytest.param(lambda page: page.replace("\n", "\n\ufeff"), id="byte order marks at their beginnings"),
        pytest.param(
            lambda page: "\n".join(f"\u202b{line}\u202c" for line in page.split("\n")), id="embeddings around lines"
        ),
    ],
)
def test_what_shows_nothing_changes_no_label_and_no_field_and_stays_in_what_is_quoted(dress):
    text, plain = dress(UNSEEN_PAGE), clean_document(UNSEEN_PAGE)
    cleaned = clean_document(text)
    assert [s.label for s in cleaned.segments] == [s.label for s in plain.segments]
    ours, theirs = cleaned.article, plain.article
    assert (ours.published_on, ours.byline, ours.agency, ours.dateline_place) == (
        theirs.published_on,
        theirs.byline,
        theirs.agency,
        theirs.dateline_place,
    )
    assert text[ours.headline_start_char : ours.headline_end_char] == ours.headline
    evidence = text[ours.published_start_char : ours.published_end_char]
    assert "".join(c for c in evidence if c.isdigit()) == "32019"
    assert cleaned.segments[0].start_char == 0
    assert cleaned.segments[-1].end_char == len(text)


def test_a_line_of_nothing_that_shows_parts_paragraphs_as_a_blank_one_does():
    first = "The two sides agreed on Monday to reopen the northern\nroad after weeks of talks, officials said."
    second = "Soldiers of the northern province began to clear the\nmines below the bridge, a spokesman said."
    text = f"{HEADLINE}\n\n{first}\n\u200b\n{second}"
    assert labels(text) == ["headline", "body", "body", "other", "body", "body"]
