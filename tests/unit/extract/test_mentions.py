"""mentions: where names stand, of what type, and under which name."""

import time
from dataclasses import replace

import pytest

from flows.extract.credits import credit_span
from flows.extract.mentions import Mention, find_mentions
from flows.extract.reading import Page, Reading, parse_paragraphs
from flows.extract.sentences import find_sentences


def reading_of(*lines: str, labels: str | None = None, dateline: str | None = None) -> Reading:
    """A page of these lines (labels: a letter a line; h headline, c caption, d date, b body), read up to its sentences."""
    names = {"h": "headline", "c": "caption", "d": "date", "b": "body"}
    text = "\n".join(lines)
    segments = []
    at = 0
    for i, line in enumerate(lines):
        segments.append((at, at + len(line), names[labels[i]] if labels else "body"))
        at += len(line) + 1
    page = Page("0" * 16, text, None, tuple(segments), dateline)
    reading = Reading(page, paragraphs=parse_paragraphs(page))
    return replace(reading, sentences=tuple(find_sentences(reading)))


def mentions_of(*lines: str, labels: str | None = None, dateline: str | None = None) -> list[tuple[str, Mention]]:
    reading = reading_of(*lines, labels=labels, dateline=dateline)
    return [(reading.page.text[m.start_char : m.end_char], m) for m in find_mentions(reading)]


def types_of(*lines: str, **options: str) -> dict[str, str]:
    return {text: mention.entity_type for text, mention in mentions_of(*lines, **options)}


def names_of(*lines: str, **options: str) -> dict[str, str]:
    return {text: mention.name for text, mention in mentions_of(*lines, **options)}


@pytest.mark.parametrize(
    ("sentence", "name", "entity_type"),
    [
        pytest.param("Shelling was heard in Nagorny Karabakh.", "Nagorny Karabakh", "GPE", id="contested-region"),
        pytest.param("Artsakh called up its reserves.", "Artsakh", "GPE", id="contested-region-under-its-own-name"),
        pytest.param("Talks in Stepanakert went on.", "Stepanakert", "GPE", id="town-of-a-contested-region"),
        pytest.param("An Azeri post was hit.", "Azeri", "NORP", id="short-demonym"),
        pytest.param("The OSCE Minsk Group met.", "OSCE Minsk Group", "ORG", id="format-of-mediation"),
        pytest.param("Fighters of al-Shabaab withdrew.", "al-Shabaab", "ORG", id="armed-group"),
        pytest.param("Russia's envoy arrived.", "Russia", "GPE", id="possessive-left-out"),
        pytest.param("The Black Sea fleet sailed.", "Black Sea", "LOC", id="water"),
        pytest.param("A U.S. drone fell.", "U.S.", "GPE", id="acronym-with-points"),
        pytest.param("She studied at the University of Khartoum.", "University of Khartoum", "ORG", id="larger-name"),
    ],
)
def test_names_of_the_field_are_found(sentence, name, entity_type):
    assert types_of(sentence).get(name) == entity_type


def test_a_title_is_not_part_of_the_name():
    assert "Ilham Aliyev" in types_of("President Ilham Aliyev spoke to Gen. Oskar Velin.")
    assert "Oskar Velin" in types_of("President Ilham Aliyev spoke to Gen. Oskar Velin.")


def test_a_surname_is_the_person_named_before():
    names = names_of(
        "Marta Hollande-Brik arrived on Monday.", "Later Hollande-Brik left.", "Erik Dunmore stayed.", "Dunmore slept."
    )
    assert names["Dunmore"] == "Erik Dunmore"


def test_a_surname_of_two_persons_stays_a_surname():
    names = names_of("Laurent Kabila met Joseph Kabila.", "Kabila said nothing more.")
    assert names["Kabila"] == "Kabila"


def test_a_headline_is_read_with_what_the_body_says():
    types = types_of("Dunmore Says Talks Will Go On In Capital", "Erik Dunmore said talks go on.", labels="hb")
    assert types["Dunmore"] == "PERSON"


def test_joined_surnames_are_two_persons():
    mentions = mentions_of("Ilham Aliyev met Serzh Sarkisian.", "The Aliyev-Sarkisian talks ended.")
    assert [m.name for text, m in mentions if text in ("Aliyev", "Sarkisian")] == ["Ilham Aliyev", "Serzh Sarkisian"]


def test_joined_nationalities_are_two_peoples():
    found = [text for text, m in mentions_of("A Russian-Armenian force patrols.") if m.entity_type == "NORP"]
    assert found == ["Russian", "Armenian"]


def test_transliterations_share_a_name():
    names = names_of("Nikol Pashinyan flew to Sochi.", "Pashinian returned.")
    assert names["Pashinian"] == "Nikol Pashinyan"


def test_a_country_has_one_name():
    names = names_of("The United States protested.", "The U.S. envoy left. US officials agreed.")
    assert {names["U.S."], names["US"], names["United States"]} == {"United States"}


def test_an_acronym_has_the_name_that_the_document_spells_out():
    names = names_of("The Velmar Relief Committee sent food.", "The VRC said roads were shut, a VRC driver added.")
    assert names.get("VRC", "Velmar Relief Committee") == "Velmar Relief Committee"


def test_a_ministry_keeps_its_country_in_its_name():
    mentions = mentions_of("Armenia's defense ministry denied it.")
    assert [(text, m.name) for text, m in mentions] == [
        ("Armenia", "Armenia"),
        ("defense ministry", "Armenia's defense ministry"),
    ]


def test_a_list_of_villages_is_a_list_of_places():
    types = types_of("Rebels took the villages of Asrum, Bel Korem and Tirval on Friday.")
    assert types["Asrum"] == types["Bel Korem"] == types["Tirval"] == "GPE"


def test_a_photo_credit_names_nobody():
    assert "Ana Belo" not in types_of("Smoke over Aden on Monday. Ana Belo/AFP/Getty Images", labels="c")


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        pytest.param("Tanks in a field. (AP Photo/Jon Marsh)", "(AP Photo/Jon Marsh)", id="brackets"),
        pytest.param("Tanks in a field [File: Reuters]", "[File: Reuters]", id="square-brackets"),
        pytest.param("Tanks in a field. © Reuters / Jon Marsh", "© Reuters / Jon Marsh", id="copyright-sign"),
        pytest.param("Tanks in a field. Photo: Jon Marsh", "Photo: Jon Marsh", id="photo-colon"),
    ],
)
def test_credits_are_known_by_their_marks(caption, credit):
    start, end = credit_span(caption)
    assert caption[start:end].strip() == credit


def test_a_caption_without_credit_is_read_whole():
    assert credit_span("Tanks roll through a field near Aden on Monday.") is None


def test_the_place_of_a_dateline_of_its_own_is_a_mention():
    mentions = mentions_of("KAMPALA, Nov. 3 (Xyz)", "The army spoke.", labels="db", dateline="KAMPALA")
    assert [(text, m.entity_type, m.name) for text, m in mentions] == [("KAMPALA", "GPE", "Kampala")]


def test_no_names_no_mentions():
    assert mentions_of("they went home and slept.") == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Aliyev " * 3_000, id="one-name-throughout"),
        pytest.param("in Xyr, " * 2_500, id="one-long-list"),
        pytest.param("(" * 15_000, id="brackets"),
    ],
)
def test_odd_text_takes_linear_time(text):
    reading = reading_of(text)
    begun = time.perf_counter()
    find_mentions(reading)
    assert time.perf_counter() - begun < 20
