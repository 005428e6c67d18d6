"""event_roles: who plays which part in what a sentence tells. All sentences are made up."""

from datetime import date

import pytest

from flows.extract.document import read_page
from flows.extract.events import Event
from flows.extract.reading import Page


def events_of(text: str, plover: str) -> list[Event]:
    page = Page("0" * 16, text, date(2019, 5, 16), ((0, len(text), "body"),))
    return [event for event in read_page(page)[1] if event.plover == plover]


def names(event: Event, role: str) -> set[str]:
    return {party.name for party in event.parties if party.role == role}


@pytest.mark.parametrize(
    ("sentence", "plover", "actor", "recipient"),
    [
        pytest.param(
            "The Peruvian government accused Chile of theft.", "ACCUSE", "Peruvian government", "Chile", id="government"
        ),
        pytest.param(
            "A spokesman for the harbour guild accused Chile of theft.",
            "ACCUSE",
            "spokesman for the harbour guild",
            "Chile",
            id="description-with-its-complement",
        ),
        pytest.param(
            "Turkish troops attacked the rebels. Turkey is at war.",
            "ASSAULT",
            "Turkey",
            "rebels",
            id="troops-are-the-state",
        ),
        pytest.param(
            "Turkish troops attacked the rebels.",
            "ASSAULT",
            "Turkish troops",
            "rebels",
            id="of-a-state-without-a-name-they-are-themselves",
        ),
        pytest.param(
            "Peruvian warplanes bombed the rebels.",
            "ASSAULT",
            "Peruvian warplanes",
            "rebels",
            id="so-are-its-arms",
        ),
        pytest.param(
            "Chad rejected a request from Libya to reopen the road.",
            "REJECT",
            "Chad",
            "Libya",
            id="who-asked-is-refused",
        ),
        pytest.param(
            "Chad rejected curbs imposed on Libya by the council.",
            "REJECT",
            "Chad",
            "Libya",
            id="who-bears-what-is-imposed",
        ),
    ],
)
def test_parties_bear_the_names_that_the_text_gives_them(
    sentence: str, plover: str, actor: str, recipient: str
) -> None:
    (event,) = events_of(sentence, plover)
    assert actor in names(event, "actor")
    assert recipient in names(event, "recipient")


@pytest.mark.parametrize(
    ("sentence", "plover", "recipient"),
    [
        pytest.param("Kenya agreed to lend a million dollars to Somalia.", "AGREE", "Somalia", id="of-the-infinitive"),
        pytest.param("Peru rejected the new tariff.", "REJECT", "new tariff", id="a-thing-as-described"),
        pytest.param(
            "Police began an investigation into claims that two miners robbed a bank.",
            "ACCUSE",
            "two miners",
            id="of-what-is-claimed",
        ),
        pytest.param(
            "Chile returned nine clay masks that date back to the year 900 to Peru on Monday.",
            "RETREAT",
            "Peru",
            id="to-whom-behind-a-relative-clause",
        ),
        pytest.param(
            "Chad has rejected a Libyan proposal on a change to the truce.",
            "REJECT",
            "Libyan proposal on a change to the truce",
            id="whose-proposal-it-was",
        ),
    ],
)
def test_an_act_without_recipient_tells_what_it_is_about(sentence: str, plover: str, recipient: str) -> None:
    (event,) = events_of(sentence, plover)
    assert recipient in names(event, "recipient")


def test_who_issues_a_report_says_what_it_says() -> None:
    (event,) = events_of("The harbour guild issued a report accusing Chad of theft.", "ACCUSE")
    assert names(event, "recipient") == {"Chad"}
    (event,) = events_of("Libya issued a report accusing Chad of theft.", "ACCUSE")
    assert names(event, "actor") == {"Libya"}
    assert not events_of("Libya has no laws demanding visas of Chad.", "REQUEST")


def test_who_does_something_at_the_same_time_is_no_recipient() -> None:
    (event,) = events_of("Chad condemned the theft as Libya closed the port.", "ACCUSE")
    assert names(event, "recipient") == {"theft"}


def test_who_commences_an_assault_is_its_actor() -> None:
    (event,) = events_of("Chad commenced an assault on the rebels.", "ASSAULT")
    assert (names(event, "actor"), names(event, "recipient")) == ({"Chad"}, {"rebels"})


def test_offsets_of_a_party_hold_its_words() -> None:
    text = "A spokesman for the harbour guild accused Chile of theft."
    (event,) = events_of(text, "ACCUSE")
    assert {text[p.start_char : p.end_char] for p in event.parties} == {"spokesman for the harbour guild", "Chile"}


def test_what_an_actor_moves_is_no_recipient() -> None:
    (event,) = events_of("Chad withdrew its troops from Libya.", "RETREAT")
    assert names(event, "recipient") == {"Libya"}


def test_a_unit_that_is_called_by_its_army_is_moved_too() -> None:
    (event,) = events_of("Peru placed an Army brigade on alert to fly into Chile.", "MOBILIZE")
    assert names(event, "recipient") == {"Chile"}


def test_what_a_strike_hits_is_told_with_it() -> None:
    (event,) = events_of("Peruvian air strikes hit the rebel-held suburb of the capital.", "ASSAULT")
    assert names(event, "recipient") == {"rebel-held suburb of the capital"}


def test_what_is_boycotted_does_not_boycott() -> None:
    (event,) = events_of("The boycott of Chile began on Monday.", "PROTEST")
    assert (names(event, "actor"), names(event, "recipient")) == (set(), {"Chile"})


@pytest.mark.parametrize("people", ["musicians", "ranchers", "lobbyists", "firefighters"])
def test_people_of_a_trade_can_be_party(people: str) -> None:
    (event,) = events_of(f"Two {people} accused Chad of theft.", "ACCUSE")
    assert names(event, "actor") == {f"Two {people}"}


def test_who_stands_behind_the_place_that_opens_a_report_acts() -> None:
    (event,) = events_of(
        "THE HAGUE, Netherlands -- A museum lawyer has charged a former minister with theft.", "ACCUSE"
    )
    assert names(event, "actor") == {"museum lawyer"}


def test_initials_that_act_are_a_body() -> None:
    (event,) = events_of("ICE returned 1,200 clay masks to the government of Peru.", "RETREAT")
    assert names(event, "actor") == {"ICE"}


def test_who_is_set_free_is_a_recipient_though_a_soldier() -> None:
    (event,) = events_of("The rebels freed three soldiers.", "RETREAT")
    assert names(event, "recipient") == {"three soldiers"}


def test_where_nameless_people_suffer_an_act_is_told_with_them() -> None:
    (event,) = events_of("The militants killed ten people in two raids in Chad.", "ASSAULT")
    assert names(event, "recipient") == {"ten people", "Chad"}


def test_a_name_is_worded_as_the_document_does_where_it_gives_no_fuller_one() -> None:
    (event,) = events_of("The UN accused Chad of theft.", "ACCUSE")
    assert names(event, "actor") == {"UN"}
    (event,) = events_of("The UN accused Chad of theft. The United Nations is in New York.", "ACCUSE")
    assert names(event, "actor") == {"United Nations"}


def test_a_short_name_of_a_state_is_the_name_of_its_forces_too() -> None:
    (event,) = events_of("American troops attacked the rebels. The US said so.", "ASSAULT")
    assert names(event, "actor") == {"US"}


def test_forces_that_a_state_leads_are_not_that_state() -> None:
    (event,) = events_of("Peru-led forces attacked the rebels. Peru said so.", "ASSAULT")
    assert names(event, "actor") == {"Peru-led forces"}


def test_it_in_what_a_government_says_is_that_government() -> None:
    (event,) = events_of("The Peruvian army said it attacked the rebels.", "ASSAULT")
    assert names(event, "actor") == {"Peruvian army"}


def test_the_place_of_a_dateline_is_no_actor() -> None:
    (event,) = events_of("LIMA, Peru - Police have arrested a group of miners.", "COERCE")
    assert "Peru" not in names(event, "actor")


def test_a_party_ends_before_a_blank_that_does_not_break() -> None:
    text = "attacked the town of Gao 9/11\xa0on Monday"
    reading = read_page(Page("0" * 16, text, None, ((0, len(text), "headline"),)))
    words = [text[e.start_char : e.end_char] for e in reading[1]]
    assert words
    assert all(told == told.strip() for told in words)


@pytest.mark.parametrize(
    ("sentence", "plover", "sides"),
    [
        pytest.param("The Libya-Chad war began on May 7.", "ASSAULT", {"Libya", "Chad"}, id="two-states"),
        pytest.param(
            "The Libyan-Chadian conflict began on May 7.", "ASSAULT", {"Libya", "Chad"}, id="two-nationalities"
        ),
        pytest.param("The Israel-Gaza war began on May 7.", "ASSAULT", {"Israel", "Gaza"}, id="a-state-and-a-place"),
        pytest.param("The US-China talks ended on May 7.", "CONSULT", {"US", "China"}, id="talks"),
    ],
)
def test_a_hyphen_couples_two_sides(sentence: str, plover: str, sides: set[str]) -> None:
    (event,) = events_of(sentence, plover)
    assert names(event, "actor") == sides


def test_a_hyphen_between_two_towns_couples_no_sides() -> None:
    assert not events_of("The Berlin-Paris talks ended on May 7. They took nine days.", "CONSULT")


@pytest.mark.parametrize(
    ("sentence", "victim"),
    [
        pytest.param("A man was shot in a car park on Monday.", "man", id="passive"),
        pytest.param("A sailor shot one person on Monday.", "one person", id="active"),
        pytest.param("A 19-year-old was shot on Monday.", "19-year-old", id="by-age"),
        pytest.param("A man died on Monday after being shot in a car park.", "man", id="after-being-shot"),
        pytest.param(
            "Police found one person shot in the neck in a car park on Monday.", "person", id="as-the-count-has-it"
        ),
    ],
)
def test_who_was_shot_is_party_even_without_a_name(sentence, victim):
    assert [names(event, "recipient") for event in events_of(sentence, "ASSAULT")] == [{victim}]


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("A man shot himself in the hand on Monday.", id="verb"),
        pytest.param("The boy was hurt when he accidentally shot himself.", id="pronoun"),
    ],
)
def test_who_shot_himself_was_not_attacked(sentence):
    assert events_of(sentence, "ASSAULT") == []


def test_a_death_by_shooting_is_an_attack_on_the_dead():
    (event,) = events_of("Detectives look into the shooting death of a baker on Monday.", "ASSAULT")
    assert (event.trigger, names(event, "recipient")) == ("shooting death", {"baker"})


@pytest.mark.parametrize(
    ("sentence", "plover", "recipients"),
    [
        pytest.param("Rebels mounted a pair of offensives against the port.", "ASSAULT", {"port"}, id="counted"),
        pytest.param("The Red Front launched its insurgency in 1964.", "ASSAULT", set(), id="what-it-launched"),
        pytest.param("Chad and Sudan blamed each other for the shelling.", "ACCUSE", set(), id="each-other"),
        pytest.param("Chad blamed Sudan for the shelling.", "ACCUSE", {"Sudan"}, id="another"),
        pytest.param("Tom Hale apologised to his ex-wife.", "CONCEDE", {"wife"}, id="no-dash"),
    ],
)
def test_the_act_is_not_what_it_befalls(sentence, plover, recipients):
    (event,) = events_of(sentence, plover)
    assert names(event, "recipient") == recipients


@pytest.mark.parametrize(
    ("sentence", "plover", "actors", "recipients"),
    [
        pytest.param("Hale's arrest on Monday shocked them.", "COERCE", set(), {"Hale"}, id="an-arrest"),
        pytest.param(
            "Tom Hale's shooting by police shocked them.", "ASSAULT", {"police"}, {"Tom Hale"}, id="a-shooting"
        ),
        pytest.param("Peru's killing of the general shocked them.", "ASSAULT", {"Peru"}, {"general"}, id="with-of"),
        pytest.param("Chad's shelling on Monday shocked them.", "ASSAULT", {"Chad"}, set(), id="a-shelling"),
        pytest.param("The teenager arrested on Monday is a pupil.", "COERCE", set(), {"teenager"}, id="a-participle"),
    ],
)
def test_whose_arrest_it_is_suffers_it_and_whose_shelling_it_is_acts(sentence, plover, actors, recipients):
    (event,) = events_of(sentence, plover)
    assert names(event, "actor") == actors
    assert names(event, "recipient") == recipients


@pytest.mark.parametrize(
    ("sentence", "plover", "status"),
    [
        pytest.param("Peruvian police announced the arrest of Tom Hale.", "COERCE", "happened", id="an-arrest"),
        pytest.param("Peru and Chad announced talks.", "CONSULT", "planned", id="talks"),
    ],
)
def test_arrests_are_announced_when_they_are_made(sentence, plover, status):
    (event,) = events_of(sentence, plover)
    assert event.status == status
