"""Every sentence here was written for the test."""

from datetime import date
from itertools import pairwise

import pytest

from flows.extract.reading import Page, Reading, parse_paragraphs
from flows.extract.timex_grammar import expressions_in, tokens_of
from flows.extract.timexes import find_timexes

TUESDAY = date(2021, 3, 9)
JUNE = date(2021, 6, 9)  # a Wednesday


def timexes_of(text, published=JUNE):
    spans, at = [], 0
    for line in text.split("\n"):
        spans.append((at, at + len(line), "body"))
        at += len(line) + 1
    page = Page("0" * 16, text, published, tuple(spans))
    return find_timexes(Reading(page, paragraphs=parse_paragraphs(page)))


def read(text, published=JUNE):
    """Words, type and value of each."""
    return [(text[t.start_char : t.end_char], t.timex_type, t.value) for t in timexes_of(text, published)]


def values(text, published=JUNE):
    return [value for _, _, value in read(text, published)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        pytest.param("Rebels took Tarsk on 4 May 2016.", "4 May 2016", "2016-05-04", id="day-month-year"),
        pytest.param("Rebels took Tarsk on May 4th, 2016.", "May 4th, 2016", "2016-05-04", id="month-day-year"),
        pytest.param("It opened on the 10th of June 2016.", "the 10th of June 2016", "2016-06-10", id="the-nth-of"),
        pytest.param(
            "It opened on the tenth of June 2016.", "the tenth of June 2016", "2016-06-10", id="the-day-in-words"
        ),
        pytest.param(
            "Shots fell on the Fourth of July, 2016.", "the Fourth of July, 2016", "2016-07-04", id="a-feast-in-words"
        ),
        pytest.param("Shots fell on July Fourth, 2016.", "July Fourth, 2016", "2016-07-04", id="a-feast-without-of"),
        pytest.param("In May 2016 first results came.", "May 2016", "2016-05", id="a-month-before-an-ordinal"),
        pytest.param("It shut on Wednesday, Oct. 5, 2016.", "Wednesday, Oct. 5, 2016", "2016-10-05", id="with-weekday"),
        pytest.param("It shut on 2022-10-31.", "2022-10-31", "2022-10-31", id="iso"),
        pytest.param("It shut on 31/10/2022.", "31/10/2022", "2022-10-31", id="numeric-day-first"),
        pytest.param("It shut on 10/31/2022.", "10/31/2022", "2022-10-31", id="numeric-month-first-where-only-that-is"),
        pytest.param("It shut on 05/06/2021.", "05/06/2021", "2021-06-05", id="numeric-nearer-to-publication"),
        pytest.param("It began in April 2016.", "April 2016", "2016-04", id="month-of-a-year"),
        pytest.param("It began in early April 2016.", "early April 2016", "2016-04", id="early-in-a-month"),
        pytest.param("It began at the end of April 2016.", "the end of April 2016", "2016-04", id="end-of-a-month"),
        pytest.param("It has held since 1994.", "1994", "1994", id="a-year"),
        pytest.param("The early 1990s saw a war.", "The early 1990s", "199", id="a-decade"),
        pytest.param("It is a relic of the 19th century.", "the 19th century", "18", id="a-century"),
        pytest.param("They fought in autumn 2020.", "autumn 2020", "2020-FA", id="a-season-of-a-year"),
        pytest.param(
            "Output rose in the second quarter of 2016.", "the second quarter of 2016", "2016-Q2", id="a-quarter"
        ),
        pytest.param("Prices fell in mid-May 2016.", "mid-May 2016", "2016-05", id="mid-month"),
        pytest.param(
            "He left in the final days of May 2016.", "the final days of May 2016", "2016-05", id="final-days"
        ),
        pytest.param("Many emigrated in the late 1800s.", "the late 1800s", "18", id="the-hundreds-are-a-century"),
        pytest.param("He sang in the '60s.", "the '60s", "196", id="a-decade-with-an-apostrophe"),
        pytest.param("He ruled in the 5th century BC.", "the 5th century BC", "BC04", id="a-century-before-christ"),
        pytest.param("It earned more in fiscal 2016.", "fiscal 2016", "2016", id="a-fiscal-year"),
        pytest.param(
            "It rose in the 2016 third quarter.", "the 2016 third quarter", "2016-Q3", id="quarter-after-its-year"
        ),
        pytest.param(
            "They dined on Thanksgiving 2013.", "Thanksgiving 2013", "2013-11-28", id="a-feast-by-its-weekday"
        ),
        pytest.param("He ruled in 490 BC.", "490 BC", "BC0490", id="before-christ"),
        pytest.param("It burnt down at Christmas 2019.", "Christmas 2019", "2019-12-25", id="a-feast"),
        pytest.param("Shells fell on Easter Sunday 2016.", "Easter Sunday 2016", "2016-03-27", id="a-movable-feast"),
        pytest.param("Nine died in the 9/11 attacks.", "9/11", "2001-09-11", id="nine-eleven"),
        pytest.param(
            "It hardened after the Sept. 11 attacks.", "Sept. 11", "2001-09-11", id="a-day-that-names-an-attack"
        ),
    ],
)
def test_a_date_with_its_year_needs_no_context(text, words, value):
    assert read(text) == [(words, "DATE", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("The envoy flew to Oslo on Thursday.", "2021-03-04", id="past-tense-looks-back"),
        pytest.param("The envoy will fly to Oslo on Thursday.", "2021-03-11", id="will-looks-ahead"),
        pytest.param("The envoy is due to fly to Oslo on Thursday.", "2021-03-11", id="due-to-looks-ahead"),
        pytest.param("Talks begin on Thursday.", "2021-03-11", id="a-timetable-looks-ahead"),
        pytest.param("The envoy flew to Oslo on Tuesday.", "2021-03-09", id="the-day-of-publication-counts"),
        pytest.param("The envoy flew to Oslo last Tuesday.", "2021-03-02", id="last-is-before-publication"),
        pytest.param("The envoy flies next Tuesday.", "2021-03-16", id="next-is-after-publication"),
        pytest.param("He said on Monday that nothing would change.", "2021-03-08", id="the-verb-of-saying-is-nearer"),
        pytest.param("The envoy has scheduled talks for Friday.", "2021-03-12", id="what-was-scheduled-is-ahead"),
        pytest.param("The vote is on Sunday.", "2021-03-14", id="is-looks-ahead"),
        pytest.param("The man arrested on Sunday will appear in court.", "2021-03-07", id="a-participle-looks-back"),
        pytest.param("He is recovering after being shot on Sunday.", "2021-03-07", id="what-one-recovers-from-is-past"),
        pytest.param("He will speak after meeting her on Sunday.", "2021-03-14", id="what-comes-after-is-ahead"),
        pytest.param("They will respond to Sunday's attack.", "2021-03-07", id="a-possessive-is-the-nearest-behind"),
        pytest.param("They will boycott Wednesday's vote.", "2021-03-10", id="a-possessive-is-the-nearest-ahead"),
        pytest.param("The rebels gave him until Friday to leave.", "2021-03-12", id="a-deadline-is-the-nearest"),
        pytest.param("By Monday the flood had gone.", "2021-03-08", id="a-deadline-that-has-passed"),
        pytest.param("He was shot on a Sunday.", "XXXX-WXX-7", id="a-sunday-is-any"),
        pytest.param("He spoke in a Sunday interview.", "2021-03-07", id="a-sunday-interview-is-on-a-certain-one"),
    ],
)
def test_a_weekday_is_the_nearest_one_that_the_tense_allows(text, value):
    assert values(text, TUESDAY) == [value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("He left yesterday and returns tomorrow.", ["2021-06-08", "2021-06-10"], id="days-beside-today"),
        pytest.param(
            "It fell this month, last month and last year.", ["2021-06", "2021-05", "2020"], id="months-and-years"
        ),
        pytest.param("It was shelled last week.", ["2021-W22"], id="last-week"),
        pytest.param("They meet later this week.", ["2021-W23"], id="this-week"),
        pytest.param("Two men died over the weekend.", ["2021-W22-WE"], id="the-weekend-past"),
        pytest.param("The army attacked in December.", ["2020-12"], id="a-month-behind"),
        pytest.param("The vote will be held in December.", ["2021-12"], id="a-month-ahead"),
        pytest.param("It was agreed last November.", ["2020-11"], id="last-november"),
        pytest.param("The siege ended on 12 January.", ["2021-01-12"], id="the-nearest-year"),
        pytest.param("Polls will open on November 8.", ["2021-11-08"], id="the-nearest-year-ahead"),
        pytest.param("He fled three years ago.", ["2018"], id="years-ago"),
        pytest.param("He fled two weeks ago.", ["2021-W21"], id="weeks-ago-as-fine-as-weeks"),
        pytest.param("He fled ten days ago.", ["2021-05-30"], id="days-ago"),
        pytest.param("He fled decades ago.", ["PAST_REF"], id="a-vague-past"),
        pytest.param("Shells fell last night.", ["2021-06-08TNI"], id="last-night"),
        pytest.param("Shells fell on Monday morning.", ["2021-06-07TMO"], id="part-of-a-weekday"),
        pytest.param("He died on the morning of 3 May 2016.", ["2016-05-03TMO"], id="part-of-a-date"),
        pytest.param("It now threatens the future.", ["PRESENT_REF", "FUTURE_REF"], id="references"),
        pytest.param("On 3 May 2016 he fled. The next day he died.", ["2016-05-03", "2016-05-04"], id="the-next-day"),
        pytest.param("On 3 May 2016 he fled. Two days later he died.", ["2016-05-03", "2016-05-05"], id="days-later"),
        pytest.param("In 2016 he fled. The next day he died.", ["2016", None], id="no-day-to-count-from"),
        pytest.param("He came the day before the vote.", [None], id="a-day-before-what-has-no-date"),
        pytest.param("The order took effect on the 2nd.", ["2021-06-02"], id="a-day-of-this-month"),
        pytest.param("It earned less in the third quarter.", ["2020-Q3"], id="the-quarter-past"),
        pytest.param("It was the best month of the latest quarter.", ["2021-Q1"], id="the-latest-quarter"),
        pytest.param(
            "First-quarter profit rose from a year earlier, and costs from the year-ago period.",
            ["2021-Q1", "2020-Q1", "2020-Q1"],
            id="a-year-before-a-quarter-is-a-quarter",
        ),
        pytest.param("The year-ago period was no better.", [None], id="no-quarter-to-count-from"),
        pytest.param(
            "It paid none since the third quarter of 2004. A year ago it lost money.",
            ["2004-Q3", "2020"],
            id="a-quarter-long-past-is-not-the-report-s",
        ),
        pytest.param(
            "Costs will rise by year-end. Sales for the full year fell.", ["2021", "2021"], id="the-year-s-end"
        ),
        pytest.param("He fled half a century ago.", ["197"], id="half-a-century-is-in-a-decade"),
        pytest.param("It fell before dawn Sunday.", ["2021-06-06TMO"], id="a-part-of-the-day-beside-it"),
        pytest.param("The current truce may fail.", ["PRESENT_REF"], id="current"),
        pytest.param("He blamed the recent raids.", ["PAST_REF"], id="recent"),
        pytest.param("The road will soon be open.", ["FUTURE_REF"], id="soon-where-the-clause-looks-ahead"),
        pytest.param("They left on Labor Day.", ["2020-09-07"], id="a-movable-feast-behind"),
        pytest.param("He sang in the summer of '69, and in '08.", ["1969-SU", "2008"], id="years-of-two-digits"),
        pytest.param("All is well for the time being.", ["PRESENT_REF"], id="the-time-being"),
        pytest.param(
            "It struck at 7:30 in the evening, not at 9 o'clock in the morning.",
            ["2021-06-09T19:30", "2021-06-09T09:00"],
            id="a-clock-and-its-part-of-the-day",
        ),
    ],
)
def test_a_report_counts_from_its_day_of_publication(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("They meet on August 8-9, 2016.", ["2016-08-08", "2016-08-09"], id="days-of-a-month"),
        pytest.param("They met from 3 to 5 May 2016.", ["2016-05-03", "2016-05-05"], id="days-before-their-month"),
        pytest.param("He ruled between 1988 and 1994.", ["1988", "1994"], id="between-years"),
        pytest.param("He ruled in 2014-2016.", ["2014", "2016"], id="years-with-a-dash"),
        pytest.param("He ruled in 1914-18.", ["1914", "1918"], id="the-second-year-short"),
        pytest.param("It raged from June to August 1990.", ["1990-06", "1990-08"], id="months-of-one-year"),
        pytest.param("On May 4 and 5 soldiers were killed.", ["2021-05-04"], id="a-count-is-no-second-day"),
        pytest.param("The crop of 1986/87 was small.", ["1986", "1987"], id="years-with-a-stroke"),
        pytest.param("They met between 8 and 10 May.", ["2021-05-08", "2021-05-10"], id="between-days"),
        pytest.param("The August 8-9 summit will be short.", ["2021-08-08", "2021-08-09"], id="days-before-a-noun"),
    ],
)
def test_each_end_of_a_range_is_one(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param("It lasted three days.", "DURATION", ["P3D"], id="days"),
        pytest.param("He held them for 36 hours.", "DURATION", ["PT36H"], id="hours"),
        pytest.param("It took two and a half years.", "DURATION", ["P2.5Y"], id="and-a-half"),
        pytest.param("It took half an hour.", "DURATION", ["PT30M"], id="half-an-hour"),
        pytest.param("It took 2 1/2 years.", "DURATION", ["P2.5Y"], id="a-fraction"),
        pytest.param("It took 3½ months.", "DURATION", ["P3.5M"], id="a-fraction-in-one-sign"),
        pytest.param("It had lasted for hundreds of years.", "DURATION", ["PXY"], id="hundreds-of"),
        pytest.param("He will need two years or so.", "DURATION", ["P2Y"], id="or-so"),
        pytest.param("It reported a loss for the year ended then.", "DURATION", ["P1Y"], id="the-year-ended"),
        pytest.param("They tired of the two-year-old war.", "DURATION", ["P2Y"], id="an-old-war"),
        pytest.param("In the years that followed they fled.", "DURATION", ["PXY"], id="the-years-that-followed"),
        pytest.param("They fought a six-week war.", "DURATION", ["P6W"], id="hyphenated"),
        pytest.param("It lasted several months.", "DURATION", ["PXM"], id="several"),
        pytest.param("In the past three weeks two men fled.", "DURATION", ["P3W"], id="the-past-three-weeks"),
        pytest.param("It struck 36 hours after the blast.", "DURATION", ["PT36H"], id="after-what-has-no-date"),
        pytest.param("Worshippers gather every Friday.", "SET", ["XXXX-WXX-5"], id="every-friday"),
        pytest.param("They march on Sundays.", "SET", ["XXXX-WXX-7"], id="sundays"),
        pytest.param("They march on Friday nights.", "SET", ["XXXX-WXX-5TNI"], id="friday-nights"),
        pytest.param("They march on Friday mornings.", "SET", ["XXXX-WXX-5TMO"], id="friday-mornings"),
        pytest.param("They march every other Friday.", "SET", ["XXXX-WXX-5"], id="every-other-friday"),
        pytest.param("They meet twice a week.", "SET", ["P1W"], id="twice-a-week"),
        pytest.param("It is shelled daily.", "SET", ["P1D"], id="daily"),
        pytest.param("The army counts 30 strikes a day.", "SET", ["P1D"], id="a-rate"),
    ],
)
def test_durations_and_sets_have_values_and_no_dates(text, kind, expected):
    found = timexes_of(text)
    assert [t.timex_type for t in found] == [kind] * len(expected)
    assert [t.value for t in found] == expected
    assert all(t.date_start is t.date_end is t.date_precision is None for t in found)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("They fired S-300 missiles.", id="a-weapon"),
        pytest.param("UN resolution 1559 was cited.", id="a-resolution"),
        pytest.param("Some 110,000 people fled.", id="a-count-with-a-comma"),
        pytest.param("At least 1500 people fled.", id="a-count-like-a-year"),
        pytest.param("Troops may march on the capital.", id="a-modal-and-a-verb"),
        pytest.param("Theresa May resigned.", id="a-surname"),
        pytest.param("They joined the Long March.", id="a-march"),
        pytest.param("The Sun rose over Sat village.", id="short-weekdays-alone"),
        pytest.param("A second attack followed.", id="an-ordinal"),
        pytest.param("Three quarters of the city lay in ruins.", id="a-share"),
        pytest.param("The Daily Herald said so.", id="a-newspaper"),
        pytest.param("He wrote on the Six-Day War.", id="a-war's-name"),
        pytest.param("Golden Dawn marched.", id="a-party"),
        pytest.param("The Prague Spring was crushed.", id="a-named-spring"),
        pytest.param("The fall of the city was swift.", id="a-fall"),
        pytest.param("On 30 February it was quiet.", id="a-day-that-does-not-exist"),
        pytest.param("A 34-year-old farmer and his six-year-old son fled.", id="ages"),
        pytest.param("He was 34 years old, or 34 years of age.", id="ages-after-the-noun"),
        pytest.param("A man in his 20s and a woman in her early 30s fled.", id="ages-by-decade"),
        pytest.param("It cut its quarterly dividend and hourly wages.", id="a-kind-of-payment"),
        pytest.param("A current swept the current account away.", id="a-stream-and-a-balance"),
        pytest.param("The first quarter-final was dull.", id="a-match"),
        pytest.param("It was lit on 16 Shawwal.", id="a-day-of-another-calendar"),
        pytest.param("It was the second raid in as many months.", id="as-many-repeats-a-number"),
        pytest.param("It was the most recent raid.", id="the-most-recent"),
        pytest.param("He soon left, and will write as soon as he can.", id="soon-where-nothing-is-to-come"),
        pytest.param("The yield of the 30-year Treasury bond fell.", id="a-kind-of-paper"),
    ],
)
def test_what_only_looks_like_a_time_is_left_alone(text):
    assert read(text) == []


def test_a_page_without_date_leaves_years_and_weekdays_open():
    text = "The presidents will meet on August 8. Fighting broke out on July 12, last November and on Monday."
    found = timexes_of(text, None)
    assert [t.value for t in found] == ["XXXX-08-08", "XXXX-07-12", "XXXX-11", "XXXX-WXX-1"]
    assert all(t.date_start is None for t in found)


def test_a_narrative_counts_from_what_it_told_last():
    text = (
        "On 5 May 1931 the Voralian army crossed the Tarn.\n"
        "In June it took Lesk, and on 2 July 1931 the port. The next day the fleet sailed.\n"
        "In the following year the front was quiet. In March 1933 it broke, and peace came in January 1934.\n"
        "By February the prisoners were home."
    )
    assert values(text) == [
        "1931-05-05",
        "1931-06",
        "1931-07-02",
        "1931-07-03",
        "1932",
        "1933-03",
        "1934-01",
        "1934-02",
    ]


def test_a_report_with_much_history_is_a_report():
    history = "The truce of May 1994 failed in June 1995, as did those of March 1998, April 2003 and May 2009. "
    today = "Today a truce was signed; shelling stopped on Monday, and on Tuesday the road was open."
    assert values(history + today)[-3:] == ["2021-06-09", "2021-06-07", "2021-06-08"]


def test_today_in_a_narrative_is_the_reader_s():
    text = "On 5 May 1931, 6 June 1932, 7 July 1933 and 8 August 1934 the army fought. Today the fort is a museum."
    assert values(text)[-1] == "PRESENT_REF"


def test_history_in_a_report_does_not_move_its_present():
    text = "The truce of 1994 ended a war. On Monday shelling resumed, as it had in April."
    assert values(text) == ["1994", "2021-06-07", "2021-04"]


def test_a_clock_time_takes_the_day_beside_it():
    text = "A blast hit the depot at about 10:35 a.m. (0735 GMT) Friday."
    assert values(text) == ["2021-06-04T10:35", "2021-06-04T07:35Z", "2021-06-04"]


def test_a_clock_time_and_a_day_side_by_side_are_one():
    text = "It fell at about 10 a.m. Saturday, and rose at 6 p.m. on Sunday."
    assert read(text) == [
        ("about 10 a.m. Saturday", "TIME", "2021-06-05T10:00"),
        ("6 p.m.", "TIME", "2021-06-06T18:00"),
        ("Sunday", "DATE", "2021-06-06"),
    ]


def test_noon_and_midnight_are_of_the_day_beside_them():
    text = "At 12 noon on Monday bells rang, and the truce began at midnight on Tuesday."
    assert values(text) == ["2021-06-07T12:00", "2021-06-08T24:00"]


def test_a_caption_tells_in_the_present_what_was():
    text = "The envoy arrives in Oslo on Thursday."
    page = Page("0" * 16, text, TUESDAY, ((0, len(text), "caption"),))
    [found] = find_timexes(Reading(page, paragraphs=parse_paragraphs(page)))
    assert found.value == "2021-03-04"
    assert values(text, TUESDAY) == ["2021-03-11"]


def test_the_article_before_a_hyphen_is_the_noun_s():
    assert [words for words, _, _ in read("It ran over a three-year period, until around 7 May.")] == [
        "a three-year period",
        "around 7 May",
    ]
    assert [words for words, _, _ in read("He signed a five-year deal after a few weeks.")] == [
        "five-year",
        "a few weeks",
    ]


def test_no_expression_overlaps_another():
    found = timexes_of(
        "He wept in the final days of May, over the past decade, and at noon Tuesday, 1 June, 10 a.m. Tuesday."
    )
    assert all(one.end_char <= other.start_char for one, other in pairwise(found))


def test_overnight_is_two_days_without_a_value():
    [found] = timexes_of("Shelling resumed overnight.")
    assert (found.timex_type, found.value) == ("TIME", None)
    assert (found.date_start, found.date_end) == (date(2021, 6, 8), date(2021, 6, 9))


def test_the_dates_of_a_row_are_those_of_its_value():
    [found] = timexes_of("It was shelled last week.")
    assert (found.date_start, found.date_end, found.date_precision) == (date(2021, 5, 31), date(2021, 6, 6), "week")


def test_a_sentence_s_dot_belongs_to_no_expression_but_a_short_form_s_does():
    assert [words for words, _, _ in read("It fell in August. It rose on Oct. 5.")] == ["August", "Oct. 5"]


def test_a_full_stop_parts_expressions():
    kinds = [e.kind for e in expressions_in(tokens_of("It fell on 10 August. 2016 was quiet."))]
    assert kinds == ["calendar", "year"]


@pytest.mark.parametrize("published", [date.min, date.max])
def test_a_day_of_publication_that_stands_for_none_is_none(published):
    assert values("He leaves tomorrow and returned last Friday, at the weekend.", published) == [
        "XXXX-XX-XX",
        "XXXX-WXX-5",
        "XXXX-WXX-WE",
    ]


def test_years_beyond_the_calendar_have_no_value():
    text = "On 3 May 2016 it rained, 99999999 weeks later it did not, and 99999999 years ago it did."
    assert values(text) == ["2016-05-03", None, None]
