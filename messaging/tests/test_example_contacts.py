from __future__ import annotations

from datetime import date, timedelta

import pytest

from messaging.contact_rows import ContactRow
from messaging.example_contacts import example_csv
from messaging.tests.import_files import read_file

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def rows() -> list[ContactRow]:
    contact_file = read_file(example_csv(TODAY))
    assert contact_file.problems == []
    assert contact_file.skipped == []
    return contact_file.rows


def test_the_example_is_read_back_whole(rows: list[ContactRow]) -> None:
    assert len(rows) == 200


def test_it_is_the_same_on_the_same_day() -> None:
    assert example_csv(TODAY) == example_csv(TODAY)
    assert example_csv(TODAY) != example_csv(TODAY + timedelta(days=1))


def test_everything_falls_due_within_the_coming_year(rows: list[ContactRow]) -> None:
    for row in rows:
        assert row.policy_ends_on is not None
        assert row.inspection_due is not None
        assert TODAY < row.policy_ends_on <= TODAY + timedelta(days=365)
        assert TODAY < row.inspection_due <= TODAY + timedelta(days=365)


def test_persons_and_companies_are_told_apart(rows: list[ContactRow]) -> None:
    companies = [row for row in rows if row.company]
    assert 5 < len(companies) < 50
    assert not any(row.first_name or row.last_name for row in companies)
    assert all(row.first_name and row.last_name for row in rows if not row.company)


def test_no_number_ends_as_those_the_sandbox_keeps_for_itself(rows: list[ContactRow]) -> None:
    assert not [row.phone for row in rows if row.phone.endswith(("000", "111", "222"))]


def test_premiums_are_ordinary(rows: list[ContactRow]) -> None:
    assert all(row.premium is not None and 380_00 <= row.premium < 3200_00 for row in rows)
