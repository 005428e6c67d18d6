"""entities: which names of different documents are one, and which are not."""

from datetime import date
from itertools import permutations

import pytest

from flows.link.entities import Entities, fold_name, link_entities


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
        pytest.param(("PERSON", "Hassan Ruhani"), ("PERSON", "Hasan Rouhani"), "Hassan Rouhani", id="known-misspelt"),
        pytest.param(("PERSON", "Ada Q. Brandt"), ("PERSON", "Ada Brandt"), "Ada Brandt", id="middle-initial"),
        pytest.param(("ORG", "Al Shabaab"), ("ORG", "al-Shabaab"), "Al-Shabaab", id="body-without-its-mark"),
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


def names_and_countries(*mentions: dict[str, str], published: dict[str, date] | None = None) -> dict[str, tuple]:
    """mention_id → name and country of its entity."""
    rows, of_mention, _ = link_entities(mentions, published)
    known = {row["entity_id"]: (row["name"], row["country_code"]) for row in rows}
    return {mention_id: known[entity_id] for mention_id, entity_id in of_mention.items()}


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(1998, 5, 1), "Heydar Aliyev"),
        (date(2003, 10, 31), None),
        (date(2016, 5, 1), "Ilham Aliyev"),
        (None, None),
    ],
)
def test_a_surname_that_two_presidents_bear_is_the_one_in_office(day, name):
    alone = mention("a", "PERSON", "Aliyev")
    found = names_and_countries(alone, mention("a", "GPE", "Azerbaijan"), published={"a": day} if day else None)
    assert found[alone["mention_id"]] == ((name, "AZE") if name else ("Aliyev", None))


def test_a_known_surname_in_another_country_is_anyone():
    alone = mention("a", "PERSON", "Bayramov")
    assert names_and_countries(alone, mention("a", "GPE", "Peru"))[alone["mention_id"]] == ("Bayramov", None)


@pytest.mark.parametrize(
    ("day", "name"), [(date(1991, 2, 1), "George H. W. Bush"), (date(2005, 2, 1), "George W. Bush")]
)
def test_a_full_name_that_two_presidents_bear_is_the_one_in_office(day, name):
    named = mention("a", "PERSON", "George Bush")
    found = names_and_countries(named, mention("a", "GPE", "United States"), published={"a": day})
    assert found[named["mention_id"]][0] == name


def test_a_common_name_is_the_known_person_only_where_the_country_is_named():
    here, there = mention("a", "PERSON", "John Lee"), mention("b", "PERSON", "John Lee")
    found = names_and_countries(here, there, mention("a", "GPE", "Hong Kong"), mention("b", "GPE", "Jamaica"))
    assert found[here["mention_id"]] == ("John Lee", "HKG")
    assert found[there["mention_id"]] == ("John Lee", None)


def test_an_unknown_surname_alone_is_its_own_documents():
    first, second = mention("a", "PERSON", "Dunmore"), mention("b", "PERSON", "Dunmore")
    assert len(link_entities([first, second])[0]) == 2


@pytest.mark.parametrize(
    ("name", "country", "year", "is_one"),
    [
        ("John Smith", "Jamaica", 2014, True),
        ("John Smith", "Jamaica", 2019, False),
        ("John Smith", "Ghana", 2014, False),
        ("Ada Dunmore", "Ghana", 2019, True),
    ],
)
def test_a_full_name_that_many_bear_is_one_person_in_one_country_and_year(name, country, year, is_one):
    rows = [mention("a", "PERSON", name), mention("a", "GPE", "Jamaica")]
    rows += [mention("b", "PERSON", name), mention("b", "GPE", country)]
    of_mention = link_entities(rows, {"a": date(2014, 3, 1), "b": date(year, 3, 1)})[1]
    assert (of_mention[rows[0]["mention_id"]] == of_mention[rows[2]["mention_id"]]) is is_one


@pytest.mark.parametrize(("second", "is_one"), [("Ghana", True), ("Jamaica", False)])
def test_a_body_that_every_state_has_is_one_in_one_country(second, is_one):
    rows = [mention("a", "ORG", "Supreme Court"), mention("a", "GPE", "Ghana")]
    rows += [mention("b", "ORG", "the Supreme Court"), mention("b", "GPE", second)]
    of_mention = link_entities(rows)[1]
    assert (of_mention[rows[0]["mention_id"]] == of_mention[rows[2]["mention_id"]]) is is_one


def test_of_two_bodies_of_one_acronym_the_documents_country_has_its_own():
    named = mention("a", "ORG", "RSF")
    assert names_and_countries(named, mention("a", "GPE", "Sudan"))[named["mention_id"]][1] == "SDN"


@pytest.mark.parametrize(
    ("beside", "code"),
    [
        ([("GPE", "Tbilisi")], "GEO"),
        ([("GPE", "Atlanta")], "USA"),
        ([("GPE", "Alabama"), ("GPE", "U.S.")], "USA"),
        ([("NORP", "Russian"), ("GPE", "Abkhazia"), ("GPE", "New York")], "GEO"),
        ([], "GEO"),
    ],
)
def test_the_two_georgias_are_told_apart_by_what_is_near(beside, code):
    named = mention("a", "GPE", "Georgia")
    rows = [named, *(mention("a", kind, name) for kind, name in beside)]
    assert names_and_countries(*rows)[named["mention_id"]] == ("Georgia", code)


def test_a_place_in_dispute_has_a_neutral_code_and_its_claimants():
    found = entities_of(mention("a", "GPE", "Crimea"), mention("a", "GPE", "Kherson"))
    assert (found["Crimea"]["country_code"], found["Crimea"]["claimed_by"]) == ("XCM", ["RUS", "UKR"])
    assert (found["Kherson"]["country_code"], found["Kherson"]["claimed_by"]) == ("UKR", [])


@pytest.mark.parametrize(
    ("name", "precision"),
    [("Armenia", "country"), ("Syunik", "region"), ("Gyumri", "city"), ("Red Sea", "area"), ("Camp David", "site")],
)
def test_coordinates_say_what_they_stand_for(name, precision):
    assert entities_of(mention("a", "GPE", name))[name]["place_precision"] == precision


def test_an_unknown_place_has_no_precision():
    assert entities_of(mention("a", "GPE", "Dunmore Ridge"))["Dunmore Ridge"]["place_precision"] is None


def test_a_village_that_no_country_speaks_for_is_not_the_known_town():
    refused, known = mention("a", "GPE", "Bath"), mention("b", "GPE", "Bath")
    rows = [refused, mention("a", "GPE", "Sudan"), known, mention("b", "GPE", "United Kingdom")]
    of_mention = link_entities(rows)[1]
    assert of_mention[refused["mention_id"]] != of_mention[known["mention_id"]]
    assert link_entities(rows) == link_entities(rows[::-1])


@pytest.mark.parametrize(
    ("words", "first", "last", "name"),
    [
        ("the Armenian president", date(2014, 8, 12), date(2014, 8, 12), "Serzh Sargsyan"),
        ("the President of Armenia", date(2022, 8, 12), date(2022, 8, 12), "Vahagn Khachaturyan"),
        ("Armenia's President", date(2014, 8, 12), date(2022, 8, 12), None),
        ("the U.N. secretary-general", date(2015, 1, 1), date(2015, 1, 1), "Ban Ki-moon"),
        ("the former Armenian president", date(2014, 8, 12), date(2014, 8, 12), None),
        ("the chief Russian diplomat", date(2014, 8, 12), date(2014, 8, 12), "Sergei Lavrov"),
        ("the president", date(2014, 8, 12), date(2014, 8, 12), None),
    ],
)
def test_an_office_alone_is_whoever_held_it_all_the_time(words, first, last, name):
    entities = Entities()
    entity_id = entities.add_described("a", words, (first, last))
    assert [(row["entity_id"], row["name"]) for row in entities.rows()] == ([(entity_id, name)] if name else [])


def test_an_office_without_a_day_is_no_ones():
    assert Entities().add_described("a", "the Armenian president", None) is None


def test_an_office_and_a_name_are_one_entity():
    entities = Entities()
    of_mention, _ = entities.add([mention("a", "PERSON", "Serzh Sargsyan")], {"a": date(2014, 8, 12)})
    day = date(2014, 8, 12)
    assert entities.add_described("b", "the Armenian president", (day, day)) in of_mention.values()
    (row,) = entities.rows()
    assert (row["article_count"], row["aliases"]) == (2, ["Serzh Sargsyan", "the Armenian president"])
    assert "president ARM 2008-04-09/2018-04-09" in row["roles"]


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
