"""genders: what tells whether a person is he or she, and when nothing does."""

import pytest

from flows.extract.genders import genders_of, given_names
from flows.extract.mentions import Mention


def gender(text: str, name: str) -> str | None:
    at = text.index(name)
    return genders_of([Mention(at, at + len(name), "PERSON", name)], text).get(name)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        pytest.param("Mrs. Velin spoke.", "Velin", "f", id="title"),
        pytest.param("The party spokeswoman Robin Velin spoke.", "Robin Velin", "f", id="spokeswoman-is-no-man"),
        pytest.param("A German Robin Velin spoke.", "Robin Velin", None, id="german-is-no-man"),
        pytest.param("Robin Velin, the victim's mother, wept.", "Robin Velin", "f", id="described-after-the-comma"),
        pytest.param("Robin Velin, who met his mother, wept.", "Robin Velin", None, id="someone-elses-mother"),
        pytest.param("Velin himself was away.", "Velin", "m", id="himself"),
        pytest.param("Marta Velin spoke.", "Marta Velin", "f", id="given-name"),
        pytest.param("Marta was calm.", "Marta", None, id="one-name-may-be-a-surname"),
        pytest.param("Abdel-Karim Velin spoke.", "Abdel-Karim Velin", "m", id="given-name-of-two-parts"),
        pytest.param("Xyra Kostrikova spoke.", "Xyra Kostrikova", "f", id="womans-form-of-a-surname"),
        pytest.param("Xyra Velin spoke.", "Xyra Velin", None, id="nothing-tells"),
        pytest.param("Mr. Marta Velin spoke.", "Marta Velin", "m", id="title-before-given-name"),
    ],
)
def test_gender_of_a_person(text, name, expected):
    assert gender(text, name) == expected


def test_given_names_are_one_genders_and_folded():
    names = given_names()
    assert set(names.values()) == {"m", "f"}
    assert all(name == name.lower() and name.isascii() for name in names)
    assert "karen" not in names


def test_bodies_have_no_gender():
    assert genders_of([Mention(0, 11, "ORG", "Marta Velin")], "Marta Velin") == {}
