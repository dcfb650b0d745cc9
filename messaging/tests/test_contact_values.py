from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Field, Model
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging import contact_values
from messaging.models import Contact, Policy, Vehicle


@pytest.mark.parametrize(
    ("model", "name", "limit"),
    [
        (Contact, "email", contact_values.MAX_EMAIL_LENGTH),
        (Policy, "number", contact_values.MAX_POLICY_NUMBER_LENGTH),
        (Policy, "insurer", contact_values.MAX_TEXT_LENGTH),
        (Vehicle, "registration_number", contact_values.MAX_REGISTRATION_NUMBER_LENGTH),
        (Vehicle, "make_model", contact_values.MAX_TEXT_LENGTH),
    ],
)
def test_what_is_read_fits_the_column_of_the_database(
    model: type[Model], name: str, limit: int
) -> None:
    """PostgreSQL refuses what is longer; SQLite would keep it."""
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    assert field.max_length == limit


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_is_the_same_however_it_is_written(day: date) -> None:
    serial = str((day - date(1899, 12, 30)).days)
    for written in (f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}", f"{day}", serial):
        assert contact_values.read_date(written) == day
    assert contact_values.read_date(f"{day} 00:00:00") == day


@given(st.integers(0, 10**11 - 1))
def test_an_amount_is_the_same_however_it_is_written(grosze: int) -> None:
    zloty, rest = divmod(grosze, 100)
    spaced = f"{zloty:,}".replace(",", " ")
    for written in (f"{spaced},{rest:02} zł", f"{zloty},{rest:02}", f"{zloty}.{rest:02}"):
        assert contact_values.read_grosze(written) == grosze


@given(st.text())
def test_a_cell_is_cleaned_once(text: str) -> None:
    """Twice cleaned is once cleaned, but for a cell that was made to look like text twice over."""
    cleaned = contact_values.clean_cell(text)
    if not cleaned.startswith(("'", '="')):
        assert contact_values.clean_cell(cleaned) == cleaned


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("'=1+1", "=1+1"),
        ("'+48 600 100 200", "+48 600 100 200"),
        ("'nazwa", "'nazwa"),
        ('="0123"', "0123"),
        ("a\u00adb\u200b\x00", "ab"),
    ],
)
def test_what_spreadsheets_put_before_a_text_is_taken_off(cell: str, clean: str) -> None:
    assert contact_values.clean_cell(cell) == clean


@settings(max_examples=500)
@given(
    st.lists(
        st.text(alphabet=" a|='\t\n\u00a0\u00ad\u0301ółe1\x00-–.?/", max_size=6),
        min_size=1,
        max_size=4,
    )
)
def test_cells_that_are_clean_at_a_look_need_no_cleaning(cells: list[str]) -> None:
    if contact_values.are_clean(cells):
        assert [contact_values.clean_cell(cell) for cell in cells] == cells


def test_usual_cells_are_clean_at_a_look() -> None:
    assert contact_values.are_clean(["Żółć Anna", "600 100 200", "", "POL/00000001", "1 234,50"])
    assert not contact_values.are_clean(["Kowalski", " Jan"])
    assert not contact_values.are_clean(['="0123"'])


@pytest.mark.parametrize("cell", ["-", "–", " — ", "---", "...", "?", "-/-", "\u200b-"])
def test_a_dash_says_that_nothing_is_known(cell: str) -> None:
    assert contact_values.clean_cell(cell) == ""


@pytest.mark.parametrize("cell", ["-5", "?!", "A-1", "1/2", "=-", "0"])
def test_a_cell_with_more_than_a_dash_says_something(cell: str) -> None:
    assert contact_values.clean_cell(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("op 4521k", "OP4521K"), ("b-ab 123", "B-AB123"), ("ŁÓ 1", "ŁÓ1")],
)
def test_a_registration_number_is_the_same_however_it_is_written(cell: str, number: str) -> None:
    assert contact_values.read_registration_number(cell) == number


@pytest.mark.parametrize("cell", ["@", "- -", "??"])
def test_signs_alone_are_no_registration_number(cell: str) -> None:
    with pytest.raises(contact_values.CellError, match="bad_registration_number"):
        contact_values.read_registration_number(cell)
