"""Dates of a country, Unix times and amounts: what they are read as, and that they are written back as they were."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_profiles import infer, table

from outgrow.schema import moments, money
from outgrow.schema.coerce import coerce_column
from outgrow.schema.habit import learn
from outgrow.schema.model import Column, ColumnType, Plan
from outgrow.schema.rebuild import rebuild_batch
from outgrow.schema.restore import restore_column
from outgrow.schema.shape import Extras, compile_shape, shape_batch

NOW = 1_700_000_000


def column_of(values, name="what", **options):
    return table([{"id": number, name: value} for number, value in enumerate(values)], **options).columns[1]


def there_and_back(values, name="what"):
    records = [{"id": number, name: value} for number, value in enumerate(values)]
    made = table(records)
    shape = compile_shape(Plan((made,)), made)
    done = shape_batch(shape, records, Extras(), str)
    assert not done.unfit
    rows = [row[1] for row in done.rows[made.name]]
    back = rebuild_batch(shape, learn(shape, records), done.rows)
    assert [repr(each[name]) for each in back] == [repr(value) for value in values]
    return rows


@pytest.mark.parametrize(
    ("values", "kind", "form"),
    [
        (["31.12.1980", "01.02.1990"], "date", "%d.%m.%Y"),
        (["3.2.1980", "1.12.1990"], "date", "%d.%m.%Y"),
        (["12/31/1980", "02/01/1990"], "date", "%m/%d/%Y"),
        (["31/12/1980", "02/01/1990"], "date", "%d/%m/%Y"),
        (["2024/01/02", "2024/12/31"], "date", "%Y/%m/%d"),
        (["March 5, 2024", "December 31, 2023"], "date", "%B %d, %Y"),
        (["5 Mar 2024", "31 Dec 2023"], "date", "%d %b %Y"),
        (["31.12.1980 23:59", "01.02.1990 00:00"], "datetime", "%d.%m.%Y %H:%M"),
        (["12/31/2024 1:05 PM", "02/01/2024 12:00 AM"], "datetime", "%m/%d/%Y %I:%M %p"),
        ([f"Tue, 05 Mar 2024 {hour}:00:00 +0200" for hour in (10, 11)], "datetime", "%a, %d %b %Y %H:%M:%S %z"),
    ],
)
def test_dates_of_one_reading_are_dates_and_come_back(values, kind, form):
    made = column_of(values)
    assert (made.type.name, made.format) == (kind, form)
    there_and_back(values)


def test_a_date_is_stored_as_the_day_it_means():
    assert there_and_back(["31.12.1980", "01.02.1990"]) == ["1980-12-31", "1990-02-01"]
    zoned = ["Tue, 05 Mar 2024 10:00:00 +0200", "Wed, 06 Mar 2024 01:00:00 +0200"]
    assert there_and_back(zoned) == ["2024-03-05 08:00:00.000000", "2024-03-05 23:00:00.000000"]


def test_dates_of_two_readings_stay_texts_and_that_is_said():
    made = infer(things=[{"id": n, "day": f"0{n}/03/2024"} for n in range(1, 9)])
    assert made.plan.tables[0].by_name["day"].type.name == "string"
    assert any("%d/%m/%Y" in each.message and "%m/%d/%Y" in each.message for each in made.findings)
    assert any("format" in note for note in made.plan.tables[0].notes)


def test_versions_by_their_day_are_no_dates():
    assert column_of(["2024.01.02", "2024.12.31"], "version").type.name == "string"
    assert column_of(["2024.01.02", "2024.12.31"], "day").type.name == "date"


@pytest.mark.parametrize("values", [["30.02.2024", "01.02.2024"], ["31/12/80", "01/02/90"], ["1.2.3", "10.0.4"]])
def test_what_is_no_day_stays_a_text(values):
    assert column_of(values).type.name == "string"


@pytest.mark.parametrize("name", ["created", "time", "updatedAt", "last_login", "expires", "date"])
def test_unix_times_are_times_by_their_name(name):
    made = column_of([NOW, NOW + 5], name)
    assert (str(made.type), made.format) == ("datetime", "unix")
    assert there_and_back([NOW, NOW + 5], name)[0] == "2023-11-14 22:13:20.000000"
    assert column_of([NOW * 1000, NOW * 1000 + 7], name).format == "unix-ms"
    assert there_and_back([NOW * 1000 + 7, NOW * 1000], name)[0] == "2023-11-14 22:13:20.007000"
    assert there_and_back([str(NOW), str(NOW + 1)], name)[1] == "2023-11-14 22:13:21.000000"


OTHERS = [("time", [90, 120]), ("views", [NOW]), ("time", [NOW, 12]), ("last_id", [NOW])]


@pytest.mark.parametrize(("name", "values"), OTHERS)
def test_other_numbers_are_no_times(name, values):
    assert column_of(values, name).type.name == "integer"


def test_numbers_of_the_size_of_times_that_lie_close_together_are_times():
    made = infer(things=[{"id": n, "zeit": NOW + n * 777_777} for n in range(20)])
    assert made.plan.tables[0].by_name["zeit"].format == "unix"


@pytest.mark.parametrize(("name", "step"), [("size", 7_777), ("telegram", 25_000_000), ("phone", 7)])
def test_other_numbers_of_the_size_of_times_are_pointed_out(name, step):
    made = infer(things=[{"id": n, name: 1_600_000_000 + n * step} for n in range(20)])
    assert made.plan.tables[0].by_name[name].type.name == "integer"
    assert any("Unix times" in each.message for each in made.findings)


def test_ids_that_were_made_from_the_time_are_no_times():
    made = infer(
        posts=[{"id": NOW + n * 999, "title": f"t{n}"} for n in range(20)],
        votes=[{"id": n, "post": NOW + n % 20 * 999} for n in range(50)],
    )
    assert str(made.plan.by_name["posts"].by_name["id"].type) == "integer"
    assert [each.table for each in made.plan.by_name["votes"].references] == ["posts"]


def test_floats_of_two_places_beside_a_currency_are_money():
    made = table([{"id": n, "currency": "EUR", "opening": n * 1.25, "rate": 0.25 * n} for n in range(1, 9)])
    assert [made.by_name[name].type.name for name in ("opening", "rate")] == ["decimal", "float"]


def test_time_zero_is_none_and_comes_back_as_zero():
    made = column_of([NOW, 0], "last_login")
    assert made.nullable
    assert there_and_back([NOW, 0, NOW], "last_login")[1] is None


@pytest.mark.parametrize(
    ("values", "kind", "form"),
    [
        (["$12.50", "$1,299.00"], "decimal(10,2)", "$0,000.00"),
        (["12,50 €", "1.299,00 €"], "decimal(10,2)", "0.000,00 €"),
        (["12,50", "3,00"], "decimal(10,2)", "0,00"),
        (["1 299 грн", "12 500 грн"], "decimal(10,0)", "0 000 грн"),
        (["-$3.20", "$4.00"], "decimal(10,2)", "$0.00"),
    ],
)
def test_amounts_are_decimals_and_come_back(values, kind, form):
    made = column_of(values)
    assert (str(made.type), made.format) == (kind, form)
    there_and_back(values)


@pytest.mark.parametrize("values", [["$12.50", "12,50 €"], ["1,200", "3,400"], ["1,2", "3,4"], ["12,50", "12.50"]])
def test_amounts_of_two_kinds_or_readings_stay_texts(values):
    assert column_of(values).type.name == "string"


def test_decimals_with_a_comma_are_numbers_in_a_spreadsheet_s_file():
    assert str(column_of(["12,5", "3,0", "-0,4"], "temperature", textual=True).type) == "decimal(10,1)"
    assert column_of(["1,2", "3,4"], "tags", textual=True).type.name == "string"


@pytest.mark.parametrize("name", ["accession_no", "shelf_code", "part_number"])
def test_what_is_called_a_number_or_code_stays_the_text_it_is(name):
    values = ["1987.12", "1987.10", "2001.05"]
    assert column_of(values, name).type.name == "string"
    there_and_back(values, name)


def test_prices_as_texts_and_floats_are_decimals_and_come_back():
    assert str(column_of(["12.50", "3.00"], "price").type) == "decimal(10,2)"
    assert there_and_back(["12.50", "3.00"], "price") == ["12.50", "3.00"]
    assert there_and_back([9.5, 12, 7.25], "price") == ["9.50", "12.00", "7.25"]
    assert there_and_back([9.5, 12.0, 7.25], "total") == ["9.50", "12.00", "7.25"]
    assert column_of([9.5, 12.25], "lat").type.name == "float"
    assert column_of(["1.10", "1.12"], "version").type.name == "string"


def test_money_that_is_no_decimal_is_pointed_out():
    made = infer(things=[{"id": n, "total": n / 7} for n in range(1, 20)])
    assert made.plan.tables[0].by_name["total"].type.name == "float"
    assert any("money" in each.message for each in made.findings)


FORMATS = [*moments.DATE_FORMATS, *moments.DATETIME_FORMATS]


@given(st.sampled_from(FORMATS), st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.booleans(), st.booleans())
def test_what_is_written_in_a_format_is_read_as_what_it_was(form, moment, bare_days, bare_hours):
    manner = ("-" if bare_days else "") + ("h" if bare_hours else "") + ("-0330" if form.endswith("%z") else "")
    moment = moment.replace(microsecond=0, second=0)
    text = moments.writer(form, manner)(moment.isoformat(" "))
    read = moments.read_moment(text, form)
    assert read == (moment if "%M" in form else moment.replace(hour=0, minute=0))
    assert moments.writer(form, manner)(read.isoformat(" ")) == text


AMOUNTS = ["$0,000.00", "0.000,00 €", "0,00", "0 000,00 zł"]


@given(st.decimals("0.01", 10**9, places=2), st.sampled_from(AMOUNTS), st.booleans())
def test_what_is_written_as_an_amount_is_read_as_it_was(number, form, negative):
    value = f"{-number if negative else number:.2f}"
    text = money.writer(form)(value)
    column = Column("what", ColumnType("decimal", precision=20, scale=2), format=form)
    assert coerce_column([text], column, str) == ([value], {})
    assert list(restore_column([value], column, "")) == [text]


def test_a_unix_time_and_its_moment_are_one():
    moment = datetime.fromtimestamp(NOW, UTC).replace(tzinfo=None)
    assert moments.read_moment(NOW, "unix") == moment
    assert moments.read_moment(NOW * 1000 + 3, "unix-ms") == moment + timedelta(milliseconds=3)


def test_amounts_that_may_be_thousands_stay_text_and_that_is_said():
    made = table([{"id": str(n), "betrag": f"{n}.000"} for n in range(1, 5)], textual=True)
    assert made.by_name["betrag"].type.name == "string"
    assert "may be thousands or decimals" in " ".join(made.notes)
    assert str(column_of(["1.500", "0.250"], "weight", textual=True).type) == "decimal(10,3)"


@pytest.mark.parametrize("values", [["0", "0.1", "0.15", "12"], ["1.50", "2.00", "0.25"]])
def test_decimals_of_texts_come_back_with_the_places_that_they_had(values):
    records = [{"id": str(number), "rebate": value} for number, value in enumerate(values)]
    made = table(records, textual=True)
    shape = compile_shape(Plan((made,)), made)
    done = shape_batch(shape, records, Extras(), str)
    back = rebuild_batch(shape, learn(shape, records), done.rows)
    assert [each["rebate"] for each in back] == values
