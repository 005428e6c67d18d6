"""What counts as a casualty claim, with which bounds; what only looks like one."""

import time
from datetime import date

import pytest

from flows.extract.document import read_page
from flows.extract.reading import Page

PUBLISHED = date(2021, 5, 20)  # a Thursday


def read(text, published=PUBLISHED, label="body"):
    """The rows of a page of one paragraph a line."""
    segments, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            segments.append((at, at + len(line), label))
        at += len(line) + 1
    return read_page(Page("0" * 16, text, published, tuple(segments)))[0].casualties


def counts(text):
    return [(c.kind, c.low, c.high) for c in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The blast killed 12 and wounded 30.", [("killed", 12, 12), ("wounded", 30, 30)], id="elided-nouns"
        ),
        pytest.param("12 dead, 30 injured in market blast", [("killed", 12, 12), ("wounded", 30, 30)], id="a-headline"),
        pytest.param("The storm has claimed 30,000 lives.", [("killed", 30_000, 30_000)], id="claimed-lives"),
        pytest.param("The quake claimed a total of 17 lives.", [("killed", 17, 17)], id="a-total-of-lives"),
        pytest.param("The death toll rose to 35.", [("killed", 35, 35)], id="a-toll"),
        pytest.param("The death toll has risen from 12 to 35.", [("killed", 35, 35)], id="a-toll-supersedes"),
        pytest.param("The famine left 300,000 dead.", [("killed", 300_000, 300_000)], id="left-dead"),
        pytest.param("The fighting displaced some 400,000 people.", [("displaced", 400_000, 400_000)], id="displaced"),
        pytest.param(
            "The war forced 1 million from their homes.", [("displaced", 10**6, 10**6)], id="forced-from-homes"
        ),
        pytest.param("Rebels took 20 hostages.", [("captured", 20, 20)], id="hostages-taken"),
        pytest.param("Rescuers pulled 11 bodies from the rubble.", [("killed", 11, 11)], id="bodies"),
        pytest.param("The army lost 23 soldiers in the battle.", [("killed", 23, 23)], id="soldiers-lost"),
        pytest.param("Six fishermen are missing off the coast.", [("missing", 6, 6)], id="missing"),
        pytest.param("A policeman was shot dead in Lagos.", [("killed", 1, 1)], id="a-single-victim"),
        pytest.param("17 of the 30 hostages were killed.", [("killed", 17, 17)], id="a-part-of-a-group"),
        pytest.param("Both pilots died in the crash.", [("killed", 2, 2)], id="both-are-two"),
        pytest.param(
            "The bomb killed seven people, including three children.",
            [("killed", 7, 7), ("killed", 3, 3)],
            id="a-total-and-its-part",
        ),
        pytest.param(
            "At least 14 Chadian and 5 Libyan soldiers were killed.",
            [("killed", 14, None), ("killed", 5, None)],
            id="a-hedge-holds-for-both",
        ),
        pytest.param("Dozens of people were killed.", [("killed", None, None)], id="a-vague-word-has-no-bounds"),
    ],
)
def test_counts(text, expected):
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("words", "low", "high", "qualifier"),
    [
        ("Exactly 30", 30, 30, "exact"),
        ("At least 30", 30, None, "at_least"),
        ("More than 30", 30, None, "more_than"),
        ("Over 30", 30, None, "more_than"),
        ("Up to 30", None, 30, "up_to"),
        ("As many as 30", None, 30, "up_to"),
        ("Fewer than 30", None, 30, "up_to"),
        ("About 30", 30, 30, "about"),
        ("Nearly 30", 30, 30, "about"),
        ("Between 20 and 30", 20, 30, "range"),
        ("20 to 30", 20, 30, "range"),
        ("Hundreds of", None, None, "vague"),
    ],
)
def test_hedges_leave_bounds_open(words, low, high, qualifier):
    (row,) = read(f"{words} villagers were killed in the raid.")
    assert (row.low, row.high, row.qualifier) == (low, high, qualifier)


def test_what_is_only_feared_says_so():
    assert [(c.low, c.qualifier) for c in read("Some 40 miners are feared dead.")] == [(40, "feared")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The regiment sent 300 soldiers to the front.", id="troops-sent"),
        pytest.param("No one was killed, but two trucks were destroyed.", id="no-one"),
        pytest.param("The strike could kill 500 people.", id="what-could-happen"),
        pytest.param("He threatened to kill 20 hostages.", id="a-threat"),
        pytest.param("If 100 people die, the mayor will resign.", id="a-condition"),
        pytest.param("The troops captured three towns and 12 tanks.", id="towns-and-tanks"),
        pytest.param("The blast killed 30 cows.", id="animals"),
        pytest.param("Every day 15 people are killed there.", id="a-rate"),
        pytest.param("The deal is worth $30 million.", id="money"),
        pytest.param("The group reported a loss of 2.99 billion francs for the year.", id="money-named-after-it"),
        pytest.param("State firms registered losses of 350 million yuan ($42.2 million).", id="money-of-another-land"),
        pytest.param("The bank posted a loss of almost 59 mln dlrs.", id="money-in-a-wire's-spelling"),
        pytest.param("Its losses of 80 million Swiss francs frightened the market.", id="money-with-its-country"),
        pytest.param("The mill reported a loss of 4,000 bushels.", id="measures"),
        pytest.param("The plague killed 7 billion people.", id="more-people-than-any-happening-took"),
        pytest.param("More than 101 million people were displaced.", id="just-above-the-most"),
        pytest.param("Some 250 people were killed or injured.", id="two-kinds-in-one-figure"),
        pytest.param("The former mayor died of cancer.", id="a-natural-death"),
        pytest.param("Villagers were killed in the raid.", id="a-plural-without-number"),
        pytest.param("He's lost his savings, he has nothing left after the raid.", id="what-he-has-lost"),
        pytest.param("Constant patrols have left many feeling suffocated after the raids.", id="a-feeling"),
    ],
)
def test_no_count(text):
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The war killed 80 million people.", [("killed", 80_000_000, 80_000_000)], id="the-most-of-a-war"),
        pytest.param("The bomb killed 12 on the pound.", [("killed", 12, 12)], id="a-unit-further-on"),
        pytest.param("Shells wounded 30 Euronews staff.", [("wounded", 30, 30)], id="a-name-that-begins-as-a-unit"),
    ],
)
def test_a_count_of_people_stays_one(text, expected):
    assert counts(text) == expected


def test_evidence_is_tight_and_says_it_all():
    text = "Officials say that 17 of the 30 hostages were killed when troops stormed the school."
    (row,) = read(text)
    assert text[row.start_char : row.end_char] == "17 of the 30 hostages were killed"


def test_victims_and_their_side():
    (row,) = read("The blast killed 34 Turkish soldiers in Idlib.")
    assert (row.victims, row.side) == ("Turkish soldiers", "Turkey")


def test_the_side_of_both_sides_is_the_pair_told_before():
    rows = read("Chad and Niger fought for a week.\nThe clashes killed 40 soldiers from both sides.")
    assert rows[0].side == "Chad and Niger"


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("The raid killed four men, the defence ministry said.", "defence ministry"),
        ("According to local doctors, 20 people were killed.", "local doctors"),
        ("Police said that three men were wounded.", "Police"),
        ("The raid killed four men.", None),
        ("The army said it had sealed the town where 20 people were killed.", None),
    ],
)
def test_the_claimant(text, claimant):
    assert read(text)[0].attributed_to == claimant


def test_the_statement_day_is_no_day_of_the_deed_when_the_deed_has_its_own():
    (row,) = read("The army said on Wednesday that it killed five men on Monday.")
    assert (row.date_start, row.date_end) == (date(2021, 5, 17), date(2021, 5, 17))


def test_since_runs_to_publication():
    (row,) = read("Some 900 people have been killed since March 2021.")
    assert (row.date_start, row.date_end) == (date(2021, 3, 1), PUBLISHED)


def test_what_is_new_without_a_date_is_of_the_day_of_publication_or_the_one_before():
    (row,) = read("A bomb killed four people at a market.")
    assert (row.date_start, row.date_end) == (date(2021, 5, 19), PUBLISHED)


def test_history_without_a_date_has_none():
    (row,) = read("The war claimed 30,000 lives.")
    assert row.date_start is None


def test_without_a_day_of_publication_nothing_is_guessed():
    (row,) = read("A bomb killed four people at a market.", published=None)
    assert row.date_start is None


def test_a_list_hands_its_kind_to_its_lines():
    rows = read("Killed: at least 400, including at least:\n80 children\n60 women\nWounded: more than 900")
    assert [(c.kind, c.low, c.high) for c in rows] == [
        ("killed", 400, None),
        ("killed", 80, None),
        ("killed", 60, None),
        ("wounded", 900, None),
    ]


def test_a_headline_that_repeats_the_body_adds_no_row():
    text = "Bomb kills four in Gao\nA bomb killed four people in Gao."
    first = text.index("\n")
    segments = ((0, first, "headline"), (first + 1, len(text), "body"))
    rows = read_page(Page("0" * 16, text, PUBLISHED, segments))[0].casualties
    assert [c.start_char > first for c in rows] == [True]


@pytest.mark.parametrize("unit", ["killed 12 ", "12, ", "and 5 soldiers ", "said ", "dead "])
def test_repetition_is_read_in_time(unit):
    began = time.process_time()
    read(unit * 4000)
    assert time.process_time() - began < 60


@pytest.mark.parametrize(
    ("text", "number", "hedge", "trigger", "rule"),
    [
        ("A bomb killed at least another 12 people.", "12", "at least", "killed", "active_verb"),
        ("Some 30 people were wounded.", "30", "Some", "wounded", "passive_verb"),
        ("Two dozen miners died.", "Two dozen", None, "died", "suffering_verb"),
        ("The quake claimed 30 or more lives.", "30", "or more", "claimed", "loss"),
        ("Six fishermen remain missing.", "Six", None, "missing", "state"),
        ("There were three fatalities.", "three", None, "fatalities", "casualty_noun"),
        ("The paper told of the killing of 12 monks.", "12", None, "killing", "nominal"),
        ("The death toll rose to 35.", "35", None, "toll", "toll"),
        ("12 dead in market blast", "12", None, "dead", "fate_behind"),
        ("The raid, killing 19 on the spot, ended at dawn.", "19", None, "killing", "active_verb"),
        ("Between 20 and 30 villagers were killed.", "Between 20 and 30", None, "killed", "passive_verb"),
        ("Dozens of people were killed.", "Dozens", None, "killed", "passive_verb"),
        ("A policeman was shot dead in Lagos.", None, None, "shot", "passive_verb"),
        ("Some 40 miners are feared dead.", "40", "feared", "dead", "state"),
    ],
)
def test_each_part_of_a_claim_is_pointed_at_and_its_rule_is_named(text, number, hedge, trigger, rule):
    (row,) = read(text)
    words = [
        None if start is None else text[start:end]
        for start, end in (
            (row.count_start_char, row.count_end_char),
            (row.hedge_start_char, row.hedge_end_char),
            (row.trigger_start_char, row.trigger_end_char),
        )
    ]
    assert (*words, row.rule) == (number, hedge, trigger, rule)


def test_a_count_that_shares_a_hedge_points_at_it():
    text = "At least 14 Chadian and 5 Libyan soldiers were killed."
    assert [text[c.hedge_start_char : c.hedge_end_char] for c in read(text)] == ["At least"] * 2


def test_a_line_of_a_list_points_at_the_words_of_its_head():
    text = "Killed: at least 400, including at least:\n80 children"
    row = read(text)[1]
    assert row.rule == "list"
    assert text[row.trigger_start_char : row.trigger_end_char] == "Killed"
    assert (row.hedge_start_char, row.hedge_end_char) == (text.rindex("at least"), text.rindex(":"))


@pytest.mark.parametrize(
    ("text", "side"),
    [
        pytest.param("Chad lost 12 soldiers in the battle.", "Chad", id="who-lost-them"),
        pytest.param("Chad said 16 of its soldiers were killed.", "Chad", id="whose-they-are"),
        pytest.param("Two Libyan and three Turkish soldiers were killed.", "Turkey", id="the-nearest-adjective"),
        pytest.param("A Boston man was killed.", None, id="a-town-is-no-side"),
        pytest.param("A Western hostage was killed.", None, id="nor-a-part-of-the-world"),
        pytest.param("Some 900 people were killed in Syria's war, 400 of them in Aleppo.", "Syria", id="war-at-home"),
        pytest.param("The fighting displaced 40,000 people in northern Uganda.", "Uganda", id="driven-out-at-home"),
        pytest.param("Clashes killed 12 people in Gaza.", "Palestinians", id="a-territory-of-one-people"),
        pytest.param("Clashes killed 12 people in Nagorno-Karabakh.", None, id="a-contested-region"),
        pytest.param("A car crash killed 12 people in Uganda.", None, id="no-side-in-an-accident"),
        pytest.param("Clashes killed 12 people in Uganda, including nine tourists.", None, id="foreigners-among-them"),
        pytest.param("Clashes killed 12 soldiers in Uganda.", None, id="soldiers-may-be-anyone's"),
        pytest.param("Clashes killed 12 people in Aleppo.", None, id="a-town-whose-country-the-page-does-not-name"),
        pytest.param("Syrian clashes killed 12 people in Aleppo.", "Syria", id="a-town-whose-country-it-names"),
        pytest.param("The war killed 12 people near Syria.", None, id="near-is-not-in"),
    ],
)
def test_a_side_is_told_or_null(text, side):
    assert read(text)[-1].side == side


def test_another_30_are_of_the_side_of_those_before():
    rows = read("Three people died in protests in Bolivia.\nThe mayor said another 30 people were wounded.")
    assert [row.side for row in rows] == ["Bolivia", "Bolivia"]


def test_lines_of_figures_take_place_and_side_of_the_place_above_them():
    text = "War goes on for a second month\nIsrael\nKilled: 12\nWounded: 40\nThe ministry in Jerusalem gave these figures to the press on Monday and more are to come.\nKilled: 9"
    rows = read(text)
    assert [(c.low, c.place, c.side) for c in rows] == [
        (12, "Israel", "Israel"),
        (40, "Israel", "Israel"),
        (9, None, None),
    ]
    assert {text[c.place_start_char : c.place_end_char] for c in rows[:2]} == {"Israel"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A man was shot on Monday.", [("wounded", 1)], id="shot-and-no-word-of-death"),
        pytest.param("A man was shot on Monday. He died in the night.", [("killed", 1)], id="shot-and-dead"),
        pytest.param("Police shot a man on Monday.\nThe killing shocked the town.", [], id="shot-and-who-knows"),
        pytest.param(
            "A man was shot in the leg.\nPolice came.\nHis friend was killed.",
            [("wounded", 1), ("killed", 1)],
            id="in-a-limb",
        ),
        pytest.param("A boy shot himself in the knee.", [("wounded", 1)], id="by-himself"),
        pytest.param("The gunman killed himself.", [], id="a-suicide"),
        pytest.param("He killed himself and four others.", [("killed", 4)], id="others-of-a-suicide"),
        pytest.param("Rebels shot at 12 soldiers.", [], id="shot-at"),
        pytest.param("Four men were shot at a party.", [("wounded", 4)], id="shot-at-a-party"),
        pytest.param("Five people were shot, one fatally.", [("killed", 1)], id="a-total-of-dead-and-hurt"),
        pytest.param("A teenager suffered a gunshot wound.", [("wounded", 1)], id="wounds-borne"),
        pytest.param("Two girls were struck by stray bullets.", [("wounded", 2)], id="struck-by-bullets"),
        pytest.param("Two girls were struck by a car.", [], id="struck-by-a-car"),
        pytest.param("The shelling sent four men to hospital.", [("wounded", 4)], id="sent-to-hospital"),
        pytest.param("Seven pilgrims were taken to hospital with fever.", [], id="in-hospital-with-a-fever"),
        pytest.param(
            "The raid is over. Two men are in critical condition.", [("wounded", 2)], id="in-critical-condition"
        ),
        pytest.param("The shelling left a 3-year-old boy wounded.", [("wounded", 1)], id="left-wounded"),
        pytest.param("He planned the assassination of a general.", [], id="a-plan"),
        pytest.param(
            "The raid left one rebel killed and two rebels detained.",
            [("killed", 1), ("captured", 2)],
            id="fates-apart",
        ),
        pytest.param("The army confirmed a double murder.", [("killed", 2)], id="a-double-murder"),
        pytest.param("The fatal shooting of a baker shocked them.", [("killed", 1)], id="a-fatal-shooting"),
        pytest.param("Ada Brandt, 41, was killed in the raid.", [("killed", 1)], id="an-age-between-commas"),
        pytest.param("The firm reported a loss of 72.8 million after the fire.", [], id="a-loss-of-money"),
        pytest.param("The firm reported a loss of 14,937,000 dlrs.", [], id="a-loss-of-dollars"),
        pytest.param("They mourned the loss of nearly 400 lives.", [("killed", 400)], id="a-loss-of-lives"),
        pytest.param("The army admitted the loss of 14 of its men.", [("killed", 14)], id="a-loss-of-men"),
        pytest.param("Over 70 million sharks were killed.", [], id="sharks"),
        pytest.param("A crowd of some 3,000 men killed nearly 40 shepherds.", [("killed", 40)], id="who-killed"),
        pytest.param("12 killed at least 3 miles away", [("killed", 12)], id="a-distance-behind"),
        pytest.param("A 16-year-old was wounded in the raid.", [("wounded", 1)], id="an-age-for-a-person"),
        pytest.param("Two 15-month-olds were hurt in the raid.", [("wounded", 2)], id="ages-for-persons"),
        pytest.param("A tradition a century old was hurt by the raid.", [], id="an-age-of-no-one"),
        pytest.param("They found a nurse suffering from a knife wound.", [("wounded", 1)], id="suffering-from-a-wound"),
        pytest.param("An officer found two girls with stab wounds.", [("wounded", 2)], id="found-with-wounds"),
        pytest.param(
            "They found a man with gunshot wounds. He was pronounced dead.", [("killed", 1)], id="wounds-that-killed"
        ),
        pytest.param("Three are at a clinic with gunshot wounds.", [("wounded", 3)], id="in-a-clinic-with-wounds"),
        pytest.param("After the raid ten were treated for injuries.", [("wounded", 10)], id="treated-for-injuries"),
        pytest.param("After the raid four are recovering in hospital.", [("wounded", 4)], id="recovering-in-hospital"),
        pytest.param("After the raid the bank recovered from its wounds.", [], id="a-bank-that-recovers"),
        pytest.param("The keeper is still treated for an injury of the knee.", [], id="treated-without-violence"),
        pytest.param("Another baker was grazed by a bullet.", [("wounded", 1)], id="grazed"),
        pytest.param("One of the bullets hit a nurse.", [("wounded", 1)], id="one-of-the-bullets"),
        pytest.param(
            "Five men were shot and a girl was injured.", [("wounded", 5), ("wounded", 1)], id="shot-and-another-hurt"
        ),
        pytest.param("Five men were shot and injured.", [("wounded", 5)], id="shot-and-so-hurt"),
        pytest.param("A rebel was fatally wounded.", [("killed", 1)], id="fatally-wounded"),
        pytest.param("12 mortally wounded in raid", [("killed", 12)], id="mortally-wounded-in-a-headline"),
        pytest.param("Neither the driver nor a passenger was hurt in the raid.", [], id="neither"),
        pytest.param("He died from multiple injuries in the raid.", [("killed", 1)], id="injuries-that-one-has"),
        pytest.param("The driver suffered three injuries in the raid.", [("wounded", 1)], id="injuries-of-one"),
        pytest.param("The raid caused 12 injuries.", [("wounded", 12)], id="injuries-for-the-hurt"),
        pytest.param("Four people were wounded at 32-14 106th Street.", [("wounded", 4)], id="a-house"),
        pytest.param(
            "He chased the baker and killed him on the 4800 block of Mill Road.", [("killed", 1)], id="a-block"
        ),
    ],
)
def test_who_is_hurt_and_who_is_dead(text, expected):
    assert [(c.kind, c.low) for c in read(text)] == expected


def test_a_report_of_sport_has_no_wounded_players():
    text = (
        "The striker suffered a knee injury in the second half of the cup final, and the coach said that his team would miss him "
        "in the league match against the champions. The defender scored the late goal that won the game."
    )
    assert read(text) == ()


def test_what_makes_a_wound_deadly_is_part_of_the_evidence():
    text = "A gunman opened fire, fatally wounding a guard."
    (claim,) = read(text)
    assert text[claim.start_char : claim.end_char] == "fatally wounding a guard"


def test_a_quote_mark_claims_nothing():
    text = "Two people were killed and one was taken to a clinic with “an apparent gunshot wound,” said Tom Hale."
    assert {claim.attributed_to for claim in read(text)} == {None}
