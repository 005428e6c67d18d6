"""events: what states one, who took part, and whether it came about. All sentences are made up."""

import time
from dataclasses import replace
from datetime import date

import pytest

from flows.extract.casualty_events import event_of_each_casualty
from flows.extract.document import extract_page, read_page
from flows.extract.events import Event
from flows.extract.reading import Page
from schemas.codes import EVENT_STATUS, PLOVER_ROOTS

PUBLISHED = date(2019, 5, 16)


def read(*lines, labels=None):
    text = "\n".join(lines)
    segments, start = [], 0
    for at, line in enumerate(lines):
        segments.append((start, start + len(line), labels[at] if labels else "body"))
        start += len(line) + 1
    return read_page(Page("0" * 16, text, PUBLISHED, tuple(segments)))


def events_of(*lines, labels=None) -> list[Event]:
    return read(*lines, labels=labels)[1]


def names(event, role=None):
    return {party.name for party in event.parties if role in (None, party.role)}


@pytest.mark.parametrize(
    ("sentence", "plover"),
    [
        pytest.param("Chad accused Libya of arming the gang.", "ACCUSE", id="accusing-is-accuse"),
        pytest.param("Kenya urged Somalia to open its archives.", "REQUEST", id="urging-is-request"),
        pytest.param("Peru imposed sanctions on Bolivia.", "SANCTION", id="light-verb-and-noun-are-one-trigger"),
        pytest.param("Polish forces withdrew from the valley.", "RETREAT", id="withdrawing-is-retreat"),
        pytest.param("Chile deployed troops near the pass.", "MOBILIZE", id="deploying-is-mobilize"),
        pytest.param("Norway offered to mediate between the clans.", "SUPPORT", id="offered-mediation-is-support"),
        pytest.param("Iran said it will not release the sailors.", "REJECT", id="will-not-release-is-reject"),
        pytest.param("Sudan said Egypt must withdraw its troops.", "REQUEST", id="said-must-is-request"),
        pytest.param(
            "Thousands of students protested against the Greek government.", "PROTEST", id="protesting-is-protest"
        ),
    ],
)
def test_root_follows_the_words(sentence, plover):
    assert plover in {event.plover for event in events_of(sentence)}


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        pytest.param(
            "Brazil and Peru held long talks in Quito.", "lexicon: VERB hold talk -> CONSULT", id="the-line-that-fits"
        ),
        pytest.param(
            "Iran said it will not release the sailors.",
            "lexicon: VERB release -> RETREAT release; refused -> REJECT",
            id="a-refusal",
        ),
        pytest.param(
            "Sudan will bomb Egypt.",
            "lexicon: VERB bomb -> ASSAULT explosives; to come -> THREATEN violence",
            id="an-attack-to-come",
        ),
        pytest.param(
            "Sudan said Egypt must withdraw its troops.", "grammar: VERB say must -> REQUEST", id="no-line-but-grammar"
        ),
    ],
)
def test_an_event_names_the_rule_that_made_it(sentence, rule):
    assert rule in {event.rule for event in events_of(sentence)}


def test_the_trigger_lies_from_its_first_word_to_its_last():
    text = "Brazil and Peru held long talks in Quito."
    (event,) = (e for e in events_of(text) if e.plover == "CONSULT")
    assert event.trigger == "held talks"
    assert text[event.trigger_start_char : event.trigger_end_char] == "held long talks"


def test_a_date_says_whose_words_give_it():
    dated, undated = "Brazil attacked Peru on Monday.", "Brazil attacked Peru."
    assert [e.date_basis for e in events_of(dated)] == ["clause"]
    assert [e.date_basis for e in events_of(undated)] == ["report"]
    assert [e.date_basis for e in events_of(undated, dated)] == ["mention"]


def test_all_parties_of_a_meeting_are_actors():
    (event,) = [e for e in events_of("Brazil and Peru held talks in Quito on Monday.") if e.plover == "CONSULT"]
    assert names(event, "actor") == {"Brazil", "Peru"}
    assert not names(event, "recipient")


def test_passive_turns_actor_and_recipient_round():
    (event,) = events_of("Mali was accused by Niger of theft.")
    assert names(event, "actor") == {"Niger"}
    assert names(event, "recipient") == {"Mali"}


@pytest.mark.parametrize(
    ("sentence", "actors"),
    [
        pytest.param("Mali was accused and condemned by Niger.", {"Niger"}, id="the-second-has-the-agent"),
        pytest.param("Mali was criticised and threatened by Niger.", {"Niger"}, id="of-two-roots"),
        pytest.param("Two envoys were shot and wounded.", set(), id="nobody-is-said-to-have-done-it"),
    ],
)
def test_what_is_joined_to_a_passive_is_passive(sentence, actors):
    found = events_of(sentence)
    assert found
    assert set().union(*(names(event, "actor") for event in found)) == actors


def test_possessor_of_a_noun_is_its_actor():
    (event,) = [e for e in events_of("Officials described Libya's attack on Chad.") if e.plover == "ASSAULT"]
    assert names(event, "actor") == {"Libya"}
    assert names(event, "recipient") == {"Chad"}


def test_seat_of_government_stands_for_its_state():
    (event,) = events_of("Ankara condemned Athens over the map.")
    assert names(event) == {"Turkey", "Greece"}


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        pytest.param("Brazil and Peru will hold talks on Friday.", "planned", id="will-is-planned"),
        pytest.param("Brazil and Peru are due to hold talks on Friday.", "planned", id="due-to-is-planned"),
        pytest.param("Brazil and Peru held talks on Monday.", "happened", id="past-is-happened"),
        pytest.param("Brazil and Peru are holding talks.", "ongoing", id="progressive-is-ongoing"),
        pytest.param("Brazil and Peru have continued to hold talks.", "ongoing", id="continued-is-ongoing"),
        pytest.param(
            "Nine ports have closed since the talks between Brazil and Peru began.",
            "ongoing",
            id="begun-since-is-ongoing",
        ),
    ],
)
def test_status_follows_the_verb(sentence, status):
    assert [event.status for event in events_of(sentence) if event.plover == "CONSULT"] == [status]


@pytest.mark.parametrize(
    "sentence",
    ["Peru does not want to lift the ban on trade with Chile.", "Peru does not want to negotiate with Chile."],
)
def test_not_to_want_to_yield_is_to_refuse(sentence):
    assert [event.plover for event in events_of(sentence)] == ["REJECT"]


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Peru does not want to lift the ban on trade with Chile.", "ongoing"),
        ("Peru did not want to lift the ban on trade with Chile.", "happened"),
        ("Peru will not lift the ban on trade with Chile.", "happened"),
    ],
)
def test_a_refusal_lasts_where_it_is_a_wish_of_today(sentence, status):
    assert [event.status for event in events_of(sentence) if event.plover == "REJECT"] == [status]


def test_not_to_want_another_to_yield_is_no_refusal():
    assert events_of("Peru does not want Chile to lift the ban.") == []


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("The minister had a heart attack in Lima.", id="heart-attack"),
        pytest.param("Peru did not attack Chile.", id="negated"),
        pytest.param("If Peru attacked Chile, trade would stop.", id="conditional"),
        pytest.param("Peru has long borders and old churches.", id="standing-state"),
        pytest.param("Peru voiced its sorrow over the flood.", id="expression-of-concern"),
        pytest.param("Two bakers were struck, according to the Peruvian police.", id="according-is-no-accord"),
        pytest.param("Ada Brandt took over the post of treasurer in Lima.", id="a-post-is-no-fort"),
        pytest.param("The mill launched a charm offensive in Lima.", id="charm-offensive"),
        pytest.param("Peru managed to arrest the decline of its herds.", id="arrested-decline"),
        pytest.param("Peru wants to lift the ban.", id="mere-wish"),
    ],
)
def test_no_event(sentence):
    assert events_of(sentence) == []


def test_two_mentions_of_one_event_are_one_row():
    found = events_of(
        "Peru accused Chile of theft on Monday.", "It was raining in Lima.", "On Monday Peru accused Chile of theft."
    )
    (event,) = [e for e in found if e.plover == "ACCUSE"]
    assert len(event.further_mentions) == 1


def test_accusations_the_other_way_stay_apart():
    found = events_of("Peru accused Chile of theft.", "Chile accused Peru of fraud.")
    assert len([e for e in found if e.plover == "ACCUSE"]) == 2


def test_headline_is_a_further_mention_of_what_the_body_tells():
    found = events_of(
        "Peru accuses Chile of theft", "Peru accused Chile of theft on Monday.", labels=["headline", "body"]
    )
    (event,) = [e for e in found if e.plover == "ACCUSE"]
    assert event.start_char > len("Peru accuses Chile of theft")


def test_an_attack_that_only_the_headline_names_leaves_the_body_its_own():
    found = events_of(
        "Gunman opens fire on car", "A girl was shot to death early on Wednesday.", labels=["headline", "body"]
    )
    (event,) = [e for e in found if e.plover == "ASSAULT"]
    assert event.date_start == date(2019, 5, 15)
    assert event.start_char > len("Gunman opens fire on car")


def test_whoever_opens_fire_hits_those_whom_the_report_counts():
    (event,) = events_of("Somebody opened fire at a bar on Wednesday.", "Three people died.")
    assert (event.plover, event.mode, event.date_start) == ("ASSAULT", "firearms", date(2019, 5, 15))
    assert "people" in names(event, "recipient")


def test_history_is_background_and_news_is_not():
    found = events_of("Peru attacked Chile on Wednesday.", "Peru also invaded Bolivia in 1991.")
    told = {event.trigger: event.is_background for event in found}
    assert told["attacked"] is False
    assert told["invaded"] is True


def test_killed_and_wounded_of_one_clause_share_their_event():
    reading, events = read("Rebels attacked a Kenyan base on Wednesday, killing five soldiers and wounding nine.")
    tied = event_of_each_casualty(reading, events)
    assert len(tied) == len(reading.casualties)
    assert len({id(event) for event in tied}) <= 1


@pytest.mark.parametrize("word", ["attack ", "Peru attacked Chile. ", "talks between Peru and Chile, "])
def test_much_of_the_same_stays_about_linear(word):
    def seconds(times):
        reading = read(word * times)[0]
        from flows.extract.events import find_events

        started = time.process_time()
        find_events(reading)
        return time.process_time() - started

    seconds(50)
    assert seconds(2000) < 40 * max(seconds(200), 0.02)


def test_rows_hold_only_declared_codes_and_evidence_in_bounds():
    reading, events = read("Peru and Chile clashed near Arica on Wednesday and agreed a truce on Thursday.")
    for event in events:
        assert event.status in EVENT_STATUS
        assert event.plover in PLOVER_ROOTS
        assert 0 <= event.start_char < event.end_char <= len(reading.page.text)
        assert 0 < event.confidence < 1


def test_meetings_with_each_of_several_guests_are_events_of_their_own() -> None:
    told = events_of("Anna Berg met separately with Carl Dorn and Emil Falk in Vienna on Monday.")
    assert [names(event) for event in told] == [{"Anna Berg", "Carl Dorn"}, {"Anna Berg", "Emil Falk"}]
    page = Page("0" * 16, "", PUBLISHED, ())
    text = "Anna Berg met separately with Carl Dorn and Emil Falk in Vienna on Monday."
    rows = extract_page(replace(page, text=text, segments=((0, len(text), "body"),)))["events"]
    assert len({row["event_id"] for row in rows}) == len(told)


def test_what_one_event_adds_to_its_parties_is_not_added_to_the_next() -> None:
    told = events_of("Anna Berg met Carl Dorn and later condemned the attack on Chad.")
    assert [names(event, "actor") for event in told if event.plover == "ACCUSE"] == [{"Anna Berg"}]


def test_a_state_s_meeting_is_its_president_s() -> None:
    told = events_of(
        "President Anna Berg is to meet the leaders of Norway and Finland on Monday. The summit with Norwegian "
        "Prime Minister Karl Lund and Finnish President Matti Virtanen will be held in Sochi."
    )
    assert [names(e) for e in told if e.plover == "CONSULT"] == [{"Anna Berg", "Karl Lund", "Matti Virtanen"}]


def test_different_acts_of_one_side_are_different_events() -> None:
    told = events_of(
        "Chad shelled Kufra. Later Chad bombed Kufra.", "Kenya criticised Somalia. Peru criticised Bolivia."
    )
    assert [e.plover for e in told] == ["ASSAULT", "ASSAULT", "ACCUSE", "ACCUSE"]


def test_an_attack_is_a_part_of_its_war_and_no_further_mention_of_it() -> None:
    told = events_of("The war between Chad and Libya goes on.", "Chadian soldiers shelled Libyan soldiers near Faya.")
    assert [event.trigger for event in told if event.plover == "ASSAULT"] == ["war", "shelled"]


def test_ground_that_is_taken_is_told_apart_from_the_fighting() -> None:
    told = events_of(
        "Chadian soldiers fought Libyan soldiers near Faya.", "Chadian soldiers captured Libyan posts at Kufra."
    )
    assert [event.trigger for event in told if event.plover == "ASSAULT"] == ["fought", "captured"]


def test_what_unknown_attackers_do_at_one_place_is_one_attack() -> None:
    told = events_of("Gunmen stormed a hotel in Mopti on Monday.", "The attackers shot tourists who sat at the bar.")
    assert [event.trigger for event in told if event.plover == "ASSAULT"] == ["stormed"]
    apart = events_of("Gunmen stormed a hotel in Mopti on Monday.", "Gunmen shot tourists in Gao on Monday.")
    assert [event.trigger for event in apart if event.plover == "ASSAULT"] == ["stormed", "shot"]


@pytest.mark.parametrize(
    ("sentence", "plover", "parties"),
    [
        pytest.param(
            "Fierce clashes erupted in Faya between Chadian soldiers and Libyan rebels.",
            "ASSAULT",
            {"Chadian soldiers", "Libyan rebels"},
            id="between-behind-the-verb",
        ),
        pytest.param(
            "An explosion that occurred near the Greek embassy in Lima broke windows.",
            "ASSAULT",
            {"Greek embassy in Lima"},
            id="what-an-explosion-is-near",
        ),
        pytest.param(
            "Ombudsman Ana Ruiz said the deaths were caused by shots and called on Peru to withdraw its troops.",
            "REQUEST",
            {"Ana Ruiz", "Peru"},
            id="who-said-one-thing-calls-for-another",
        ),
    ],
)
def test_parties_that_a_parse_ties_elsewhere(sentence, plover, parties) -> None:
    assert [names(event) for event in events_of(sentence) if event.plover == plover] == [parties]


def test_what_someone_else_saw_is_not_said_by_the_sayer() -> None:
    told = events_of("Relatives say the clerk saw the smoke and urged people in Chad to leave.")
    assert all("Relatives" not in names(event) for event in told)


def test_a_refusal_is_not_read_as_an_agreement() -> None:
    told = events_of("The rebels said they were not willing to talk to Kenya.")
    assert [(event.plover, names(event, "actor")) for event in told] == [("REJECT", {"rebels"})]


def test_rebels_do_not_speak_for_the_state_that_they_are_named_after() -> None:
    told = events_of("The Malian rebels said they had met the envoys of Niger.")
    assert all("Mali" not in names(event) for event in told)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        pytest.param(
            "Rebels tried to storm the palace in Juba.", [("ASSAULT", "happened")], id="an-attack-that-is-tried"
        ),
        pytest.param(
            "Protesters have tried to block a road in Lima over the last five days.",
            [("PROTEST", "ongoing")],
            id="tried-over-days",
        ),
        pytest.param("Rebels have not tried to storm the palace in Juba.", [], id="not-tried"),
        pytest.param("An attempt by Kenyan forces to free him failed.", [], id="an-attempt-at-something-else"),
        pytest.param("Peru tried to meet Chile.", [], id="a-meeting-that-is-tried"),
        pytest.param("Peru is trying to strike a deal with Chile.", [], id="a-deal-that-is-tried"),
    ],
)
def test_what_is_tried_is_told_of_force_only(sentence, told) -> None:
    assert [(event.plover, event.status) for event in events_of(sentence)] == told


def test_the_parties_are_the_two_of_which_the_report_tells() -> None:
    told = events_of(
        "Fighting between Chad and Libya began on Monday.", "Norway is working with the parties to end it."
    )
    assert [names(event) for event in told if event.plover == "CONSULT"] == [{"Norway", "Chad", "Libya"}]


def test_whoever_brings_others_to_talks_takes_part() -> None:
    told = events_of("Norway brought both delegates to long talks on Monday.")
    assert [(event.plover, names(event)) for event in told] == [("CONSULT", {"Norway", "delegates"})]


def test_a_call_that_was_made_is_none_of_the_talks_that_go_on() -> None:
    told = events_of("Norway telephoned Chad and Libya on Monday.", "Norway is working with Chad and Libya.")
    assert [(event.trigger, event.status) for event in told] == [
        ("telephoned", "happened"),
        ("working with", "ongoing"),
    ]


@pytest.mark.parametrize(
    ("sentence", "plover", "actors"),
    [
        pytest.param("“We urge Chad to release the men,” Ana Berg said.", "REQUEST", {"Ana Berg"}, id="we-who-urge"),
        pytest.param(
            "“We will attack them again,” the Malian envoy said.", "THREATEN", {"Malian envoy"}, id="we-who-threaten"
        ),
    ],
)
def test_who_says_we_does_what_is_done_by_saying_it(sentence, plover, actors) -> None:
    assert [(event.plover, names(event, "actor")) for event in events_of(sentence)] == [(plover, actors)]


def test_whom_one_meets_then_is_met_apart() -> None:
    told = events_of("Norway will hold separate meetings in Oslo with Mali and then with Niger.")
    assert [names(event) for event in told] == [{"Norway", "Mali"}, {"Norway", "Niger"}]


def test_whoever_urges_is_not_taken_for_someone_else_who_urges_the_same() -> None:
    told = events_of("The statement urged Chad and Libya to disarm. Kenya and Peru urged Chad and Libya to talk.")
    assert {"Kenya", "Peru"} in [names(e, "actor") for e in told if e.plover == "REQUEST"]


def test_fighting_that_broke_out_is_between_the_document_s_two_sides() -> None:
    told = events_of("Talks between Chad and Libya failed. He deplored the fighting that broke out there.")
    assert {"Chad", "Libya"} in [names(e) for e in told if e.plover == "ASSAULT"]


def test_a_death_far_from_the_only_attack_of_the_page_is_not_of_it():
    far = "The council met and spoke about the new road, the school and the price of bread for most of the day. " * 4
    text = f"Rebels attacked a checkpoint in Gao.\n{far}\nTwo miners died in a landslide."
    segments, at = [], 0
    for line in text.split("\n"):
        segments.append((at, at + len(line), "body"))
        at += len(line) + 1
    reading, events = read_page(Page("0" * 16, text, None, tuple(segments)))
    assert [event.plover for event in events if event.plover == "ASSAULT"] == ["ASSAULT"]
    assert event_of_each_casualty(reading, events) == [None]
