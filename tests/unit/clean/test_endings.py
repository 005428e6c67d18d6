"""endings: notes on writers and texts, the next story on the page, and lone teasers are not the story."""

import pytest

from flows.clean.document import clean_document

HEADLINE = "Envoys agree to reopen the northern road"
STORY = [
    "The two sides agreed on Monday to reopen the northern road, officials in the capital said after three days of talks.",
    "“We will keep our word and clear the mines before winter,” the deputy minister told reporters at the border post.",
    "Traders on both banks of the river have waited for the road since the bridge was blown up by retreating troops last spring.",
    "The agreement names a joint commission of twelve officers, who will meet every week until the first lorries have passed.",
]
THIRD = "Farmers of the upper valley fear for their orchards, since the road to the north will cross them on a new dam of gravel."
FOURTH = "A first convoy of the joint commission is due to leave the border post at dawn and to return before the curfew begins."
NEXT_HEADLINE = "Ferry strike leaves islands without bread"
NEXT_STORY = [
    "Dock workers in the harbour walked out on Sunday over unpaid wages, leaving three islands without flour and diesel.",
    "The union's chairwoman said nobody would load a ship before the company paid what it owes for the autumn season.",
]


def labels(*lines: str) -> list[tuple[str, str]]:
    text = "\n".join(lines)
    return [(text[s.start_char : s.end_char], s.label) for s in clean_document(text).segments]


def label_of(wanted: str, *lines: str) -> str:
    return dict(labels(*lines))[wanted]


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("Ann Writer covers the border provinces for the Valley Courier.", id="who is on the byline"),
        pytest.param("Ann was born in the port and has lived in the capital since 2009.", id="her first name alone"),
        pytest.param(
            "Bo Lind is a freelance journalist based in the capital.", id="a writer whom the story never names"
        ),
        pytest.param("This article was originally published by the Valley Courier.", id="where the text is from"),
        pytest.param("An earlier version of this story misstated the number of officers.", id="a correction"),
        pytest.param("This document is subject to copyright and may not be sold by others.", id="whose the text is"),
    ],
)
def test_notes_on_the_writer_and_the_text_close_the_story(note):
    page = (HEADLINE, "By Ann Writer", "March 3, 2019", *STORY, note)
    assert label_of(note, *page) == "meta"
    assert all(label_of(paragraph, *page) == "body" for paragraph in STORY)


@pytest.mark.parametrize(
    "paragraph",
    [
        pytest.param("Bo Lind is a farmer whose fields lie between the two posts.", id="who is no writer"),
        pytest.param("The ministry has said nothing about the editor who was arrested.", id="no name of a person"),
        pytest.param(
            "The report said that forty people had died on the road since the spring.", id="a report of others"
        ),
        pytest.param("An agreement can be reached before the winter, the envoys believe.", id="what can be reached"),
        pytest.param("Contact was lost at noon with the two lorries that had gone ahead.", id="lost contact"),
        pytest.param("Jonas Pell was a journalist who was shot at the bridge in the spring.", id="a dead journalist"),
        pytest.param("Copyright lawyers have no say in the quarrel over the old maps.", id="copyright as a subject"),
        pytest.param("Families sign up to receive flour at the border post every morning.", id="signing up for aid"),
        pytest.param("Witnesses may send tips to the police post beside the bridge.", id="tips for the police"),
    ],
)
def test_people_of_the_story_are_no_notes(paragraph):
    assert label_of(paragraph, HEADLINE, "By Ann Writer", *STORY, paragraph) == "body"


def test_who_was_named_before_is_no_note_though_he_writes():
    said = "“Nobody asked us,” said Bo Lind, who has edited the valley's newspaper for thirty years and lost two vans to the mines."
    life = "Bo Lind is an editor and the author of three books on the road."
    assert label_of(life, HEADLINE, *STORY, said, life) == "body"


def test_a_text_of_notes_alone_keeps_its_body():
    text = "Bo Lind is a freelance journalist based in the capital."
    assert [label for _, label in labels(text)] == ["body"]


def test_the_next_story_on_the_page_is_not_this_one():
    page = (
        HEADLINE, "By Ann Writer", "March 3, 2019", *STORY, THIRD, FOURTH, "Share this story", NEXT_HEADLINE, "Bo Lind/",
        "March 2, 2019/5:53 p.m. ET", "Read", *NEXT_STORY,
    )  # fmt: skip
    told = labels(*page)
    assert all((line, "body") in told for line in STORY)
    assert all(dict(told)[line] == "related" for line in NEXT_STORY)


def test_a_date_below_the_lead_is_the_page_s_own():
    page = (HEADLINE, *STORY, "By Ann Writer", "March 3, 2019", "Share this story", *NEXT_STORY)
    assert all(label_of(line, *page) == "body" for line in (*STORY, *NEXT_STORY))


def test_dated_paragraphs_of_a_chronicle_stay_the_story_s():
    page = (HEADLINE, "January 9, 2019", *STORY, "March 2, 2019", NEXT_STORY[0], "March 3, 2019", NEXT_STORY[1])
    assert all(label_of(line, *page) == "body" for line in (*STORY, *NEXT_STORY))


FURNITURE = ("Home", "Subscribe", "Share this article", "Leave a comment", "Privacy policy")


def test_a_lone_line_on_something_else_below_a_break_is_no_part_of_the_story():
    alone = "Watch our cooking programme tonight and learn how pumpkins become soup."
    page = (*FURNITURE, HEADLINE, *STORY, "Related stories", alone)
    assert label_of(alone, *page) == "related"


def test_a_lone_last_paragraph_on_the_same_matter_is_the_story_s():
    alone = (
        "The commission of officers will count the mines on the northern road before the first lorries cross the river."
    )
    page = (*FURNITURE, HEADLINE, *STORY, "Share this article", alone)
    assert label_of(alone, *page) == "body"
