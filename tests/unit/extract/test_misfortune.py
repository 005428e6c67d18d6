"""misfortune: what nobody did is no event of force, though people died of it. All sentences are made up."""

import pytest

from tests.unit.extract.test_events import read


def forced(sentence: str) -> list[str]:
    return [event.trigger for event in read(sentence)[1] if event.plover == "ASSAULT"]


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("The floods killed 500 people in Peru on Tuesday.", id="as-subject"),
        pytest.param("More than 500 people were killed by the July floods in Peru alone.", id="as-agent"),
        pytest.param("Typhoon Orla killed 47 people in Peru.", id="by-name"),
        pytest.param("Two people were killed in a car crash near Lima.", id="as-circumstance"),
        pytest.param("More than 500 people were killed following a quake in Peru.", id="as-what-came-before"),
        pytest.param("Twelve people were killed when a bus plunged into a ravine in Peru.", id="in-a-clause"),
        pytest.param("A boat capsized off Peru, killing 30 sailors.", id="as-a-consequence"),
        pytest.param("Three soldiers were killed in a fire at the base.", id="a-fire"),
    ],
)
def test_what_nobody_did_is_no_event_of_force_but_its_dead_are_counted(sentence):
    assert forced(sentence) == []
    assert [casualty.kind for casualty in read(sentence)[0].casualties] == ["killed"]


@pytest.mark.parametrize(
    ("sentence", "trigger"),
    [
        pytest.param("Rebels killed twelve soldiers during the storm.", "killed", id="it-only-rained-meanwhile"),
        pytest.param("A wave of bombings killed 40 people in Peru.", "killed", id="a-wave-of-bombings"),
        pytest.param("An outbreak of violence killed 40 people in Peru.", "killed", id="an-outbreak-of-violence"),
        pytest.param("Peruvian fire killed two Chilean soldiers.", "killed", id="gunfire"),
        pytest.param("A shell collapsed a wall in Lima, killing twelve soldiers.", "killing", id="a-wall-is-collapsed"),
        pytest.param("Flood victims attacked the officials in Lima.", "attacked", id="victims-of-floods"),
    ],
)
def test_what_somebody_did_stays_one(sentence, trigger):
    assert forced(sentence) == [trigger]
