"""entities: which names of different documents are one, and which are not."""

from itertools import permutations

import pytest

from flows.link.entities import fold_name, link_entities


def mention(document: str, entity_type: str, name: str, text: str | None = None) -> dict[str, str]:
    text = text or name
    return {
        "mention_id": f"{document}-{name}-{text}-{entity_type}",
        "document_id": document,
        "entity_type": entity_type,
        "name": name,
        "text": text,
    }


def entities_of(*mentions: dict[str, str]) -> dict[str, dict]:
    return {row["name"]: row for row in link_entities(mentions)[0]}


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        pytest.param(("GPE", "U.S."), ("GPE", "United States"), "United States", id="country-by-acronym"),
        pytest.param(
            ("PERSON", "Serzh Sarkisian"), ("PERSON", "Serzh Sargsyan"), "Serzh Sargsyan", id="known-transliteration"
        ),
        pytest.param(("PERSON", "Putin"), ("PERSON", "Vladimir Putin"), "Vladimir Putin", id="known-surname"),
        pytest.param(("ORG", "UN"), ("ORG", "United Nations"), "United Nations", id="body-by-acronym"),
        pytest.param(
            ("LOC", "Artsakh"), ("GPE", "Nagorno-Karabakh"), "Nagorno-Karabakh", id="places-are-one-type-group"
        ),
        pytest.param(("PERSON", "Aziz Karymi"), ("PERSON", "Aziz Karimi"), "Aziz Karimi", id="unknown-transliteration"),
        pytest.param(("NORP", "Russians"), ("NORP", "Russian"), "Russian", id="people-in-the-plural"),
    ],
)
def test_two_names_of_one_thing_are_one_entity(first, second, name):
    found = entities_of(mention("a", *first), mention("b", *second))
    assert list(found) == [name]
    assert found[name]["article_count"] == 2
    assert found[name]["aliases"] == sorted({first[1], second[1]})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(("PERSON", "Jordan"), ("GPE", "Jordan"), id="person-and-country"),
        pytest.param(("PERSON", "Dunmore"), ("PERSON", "Erik Dunmore"), id="unknown-surname-alone"),
        pytest.param(("GPE", "Sudan"), ("GPE", "South Sudan"), id="two-countries"),
    ],
)
def test_two_things_stay_two(first, second):
    assert len(link_entities([mention("a", *first), mention("b", *second)])[0]) == 2


def test_a_town_is_the_one_in_a_country_that_the_document_names():
    entities, of_mention, _ = link_entities(
        [
            mention("a", "GPE", "Tripoli"),
            mention("a", "GPE", "Lebanon"),
            mention("b", "GPE", "Tripoli"),
            mention("b", "NORP", "Libyan"),
        ]
    )
    country = {row["entity_id"]: row["country_code"] for row in entities}
    assert country[of_mention["a-Tripoli-Tripoli-GPE"]] == "LBN"
    assert country[of_mention["b-Tripoli-Tripoli-GPE"]] == "LBY"


def test_places_have_coordinates_and_persons_a_country():
    found = entities_of(mention("a", "GPE", "Aleppo"), mention("a", "PERSON", "Emmanuel Macron"))
    assert found["Aleppo"]["geonames_id"] == 170063
    assert found["Aleppo"]["latitude"] == pytest.approx(36.2, abs=0.1)
    assert found["Emmanuel Macron"]["country_code"] == "FRA"
    assert found["Emmanuel Macron"]["latitude"] is None


def test_an_unknown_village_with_the_name_of_a_distant_town_has_no_coordinates():
    found = entities_of(mention("a", "GPE", "Bath"), mention("a", "GPE", "Sudan"))
    assert found["Bath"]["latitude"] is None


def test_names_and_wordings_of_a_document_lead_to_the_entity():
    _, of_mention, of_name = link_entities([mention("a", "PERSON", "Erik Dunmore", "Dunmore")])
    expected = of_mention["a-Erik Dunmore-Dunmore-PERSON"]
    assert of_name["a", fold_name("Erik Dunmore")] == expected
    assert of_name["a", fold_name("DUNMORE")] == expected
    assert ("b", fold_name("Dunmore")) not in of_name


def test_the_order_of_mentions_changes_nothing():
    rows = [
        mention("a", "PERSON", "Aziz Karimi"),
        mention("b", "PERSON", "Aziz Karymi"),
        mention("c", "GPE", "Karabakh"),
        mention("d", "LOC", "Nagorny Karabakh", "Karabakh"),
    ]
    results = [link_entities(order) for order in permutations(rows)]
    assert all(result == results[0] for result in results)


def test_further_documents_do_not_change_an_id():
    alone = link_entities([mention("a", "PERSON", "Aziz Karimi")])[1]
    together = link_entities([mention("b", "PERSON", "Aziz Karymi"), mention("a", "PERSON", "Aziz Karimi")])[1]
    assert together["a-Aziz Karimi-Aziz Karimi-PERSON"] == alone["a-Aziz Karimi-Aziz Karimi-PERSON"]


def test_no_mentions_no_entities():
    assert link_entities([]) == ([], {}, {})
