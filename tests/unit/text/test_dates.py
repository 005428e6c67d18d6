from datetime import date

import pytest

from flows.text.dates import easter, interval_of, months_from, shift_month, week_value, weekday_after, weekday_before


@pytest.mark.parametrize(
    ("value", "first", "last", "precision"),
    [
        pytest.param("2021", "2021-01-01", "2021-12-31", "year", id="a-year"),
        pytest.param("2020-02", "2020-02-01", "2020-02-29", "month", id="a-leap-february"),
        pytest.param("2020-02-29", "2020-02-29", "2020-02-29", "day", id="a-day"),
        pytest.param("2020-W53", "2020-12-28", "2021-01-03", "week", id="a-week-over-new-year"),
        pytest.param("2021-W10-WE", "2021-03-13", "2021-03-14", "day", id="a-weekend-is-two-days"),
        pytest.param("2021-W10-3", "2021-03-10", "2021-03-10", "day", id="a-day-of-a-week"),
        pytest.param("2021-SU", "2021-06-01", "2021-08-31", "season", id="a-summer"),
        pytest.param("2019-WI", "2019-12-01", "2020-02-29", "season", id="a-winter-runs-into-the-next-year"),
        pytest.param("2021-Q4", "2021-10-01", "2021-12-31", "quarter", id="a-quarter"),
        pytest.param("2021-H1", "2021-01-01", "2021-06-30", "season", id="a-half-is-no-finer-than-a-season"),
        pytest.param("198", "1980-01-01", "1989-12-31", "decade", id="a-decade"),
        pytest.param("2021-03-09T10:35", "2021-03-09", "2021-03-09", "day", id="a-clock-time-is-its-day"),
        pytest.param("2021-03-09TNI", "2021-03-09", "2021-03-09", "day", id="a-night-is-its-day"),
        pytest.param("2021-03-XX", "2021-03-01", "2021-03-31", "month", id="an-open-day-is-its-month"),
    ],
)
def test_a_calendar_value_is_an_interval(value, first, last, precision):
    assert interval_of(value) == (date.fromisoformat(first), date.fromisoformat(last), precision)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="no-value"),
        pytest.param("", id="empty"),
        pytest.param("P3D", id="a-duration"),
        pytest.param("XXXX-07-12", id="an-open-year"),
        pytest.param("XXXX-WXX-1", id="an-open-weekday"),
        pytest.param("PRESENT_REF", id="a-reference"),
        pytest.param("19", id="a-century"),
        pytest.param("BC0490", id="before-christ"),
        pytest.param("2021-02-29", id="a-day-that-does-not-exist"),
        pytest.param("2021-13", id="a-month-that-does-not-exist"),
        pytest.param("2021-W60", id="a-week-that-does-not-exist"),
        pytest.param("0000", id="the-year-nought"),
        pytest.param("2021-03-09\n", id="something-behind-it"),
    ],
)
def test_other_values_name_no_days(value):
    assert interval_of(value) is None


def test_the_last_year_that_a_date_holds_has_an_end():
    assert months_from(9999, 12, 1) == (date(9999, 12, 1), date(9999, 12, 31))


def test_months_are_shifted_over_the_turn_of_the_year():
    assert shift_month(2021, 1, -13) == (2019, 12)


def test_a_weekday_may_be_the_day_itself():
    tuesday = date(2021, 3, 9)
    assert weekday_before(tuesday, 2) == weekday_after(tuesday, 2) == tuesday


def test_the_first_days_of_january_may_be_of_the_year_before():
    assert week_value(date(2021, 1, 3)) == "2020-W53"


def test_easter_falls_on_a_sunday_of_march_or_april():
    for year in range(1900, 2100):
        day = easter(year)
        assert day.isoweekday() == 7
        assert date(year, 3, 22) <= day <= date(year, 4, 25)
