"""Laws of incidents, whatever the documents tell."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.link.told import PEOPLE, PLACES, claim, contexts, event, party, tables

DAYS = st.one_of(st.none(), st.integers(0, 6).map(lambda n: date(2021, 5, 1) + timedelta(n)))
DOCUMENTS = ["a", "b", "c", "d"]
FIGURES = st.sampled_from([1, 2, 3, 10, 16, 17, 2_000])


@st.composite
def told(draw):
    """Some documents with their events, parties and claims."""
    articles = contexts(*((name, draw(st.sampled_from("st")), draw(DAYS)) for name in DOCUMENTS))
    events, parties, claims = [], [], []
    for number in range(draw(st.integers(1, 8))):
        name, document, day = f"event {number}", draw(st.sampled_from(DOCUMENTS)), draw(DAYS)
        length = draw(st.sampled_from([0, 0, 6, 400, 3_000]))
        events.append(
            event(
                name,
                document,
                draw(st.sampled_from(["ASSAULT", "ASSAULT", "CONSULT", "REQUEST"])),
                day,
                end=day and day + timedelta(length),
                place=draw(st.sampled_from([None, *PLACES])),
                trigger=draw(st.sampled_from(["attack", "fighting"])),
                status=draw(st.sampled_from(["happened", "ongoing", "planned", "denied"])),
                is_background=draw(st.booleans()),
                date_basis=day and draw(st.sampled_from(["clause", "story", "report"])),
            )
        )
        names = st.lists(st.sampled_from([*PLACES, *PEOPLE]), unique=True, max_size=3)
        parties += [party(name, each, draw(st.sampled_from(["actor", "recipient"]))) for each in draw(names)]
        for at in range(draw(st.integers(0, 2))):
            figure = draw(FIGURES)
            qualifier = draw(st.sampled_from(["exact", "at_least", "about", "up_to", "feared", "more_than"]))
            claims.append(
                claim(
                    f"claim {number} {at}",
                    name,
                    document,
                    low=None if qualifier == "up_to" else figure,
                    high=None if qualifier in ("at_least", "more_than") else figure,
                    qualifier=qualifier,
                    kind=draw(st.sampled_from(["killed", "wounded"])),
                    victims=draw(st.sampled_from(["people", "soldiers", None])),
                    side=draw(st.sampled_from([None, "Armenia", "Azerbaijan", "Armenia and Azerbaijan"])),
                    attributed_to=draw(st.sampled_from([None, "police"])),
                )
            )
    return events, articles, parties, claims


@settings(max_examples=150, deadline=None)
@given(told(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows, random):
    events, articles, parties, claims = rows
    expected = tables(events, articles, parties, claims)
    for each in (events, parties, claims):
        random.shuffle(each)
    turned = dict(sorted(articles.items(), reverse=True))
    assert tables(events, turned, parties, claims) == expected


@settings(max_examples=150, deadline=None)
@given(told())
def test_an_unrelated_event_leaves_the_other_incidents_as_they_are(rows):
    events, articles, parties, claims = rows
    expected = tables(events, articles, parties, claims)
    apart = event("unrelated", "z", "PROTEST", date(2021, 5, 2), place="Oakmoor")
    added = tables([*events, apart], articles | contexts(("z", "z", date(2021, 5, 2))), parties, claims)
    assert len(added["incidents"]) == len(expected["incidents"]) + 1
    for table, before in expected.items():
        assert [row for row in added[table] if row in before] == before


@settings(max_examples=150, deadline=None)
@given(told())
def test_each_happening_is_in_one_incident_and_figures_are_in_order(rows):
    events, articles, parties, claims = rows
    found = tables(events, articles, parties, claims)
    placed = [row["event_id"] for row in found["incident_events"]]
    assert sorted(placed) == sorted(row["event_id"] for row in events if row["status"] != "denied")
    for row in found["incidents"]:
        for kind in ("killed", "wounded"):
            low, best, high = (row[f"{kind}_{bound}"] for bound in ("low", "best", "high"))
            assert low is None or (best is not None and low <= best)
            assert high is None or (best is not None and best <= high)


@settings(max_examples=150, deadline=None)
@given(told())
def test_claims_conflict_only_inside_an_incident_and_a_kind(rows):
    events, articles, parties, claims = rows
    found = tables(events, articles, parties, claims)
    incident_of = {row["event_id"]: row["incident_id"] for row in found["incident_events"]}
    by_id = {row["casualty_id"]: row for row in claims}
    for row in found["claim_conflicts"]:
        pair = by_id[row["casualty_id"]], by_id[row["other_id"]]
        assert row["casualty_id"] < row["other_id"]
        assert {incident_of[each["event_id"]] for each in pair} == {row["incident_id"]}
        assert {each["kind"] for each in pair} == {row["kind"]}
    disagreeing = {row["incident_id"] for row in found["incidents"] if row["sources_disagree"]}
    assert disagreeing == {row["incident_id"] for row in found["claim_conflicts"]}
