from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from accounts.tests.pages import text_of
from billing.models import StatementFile
from billing.statement_gaps import missing_before
from billing.statement_import import ImportRefused, import_statement
from billing.tests.statement_files import statement

pytestmark = pytest.mark.django_db


def day(number: int, opening: int, amount: int) -> bytes:
    """A statement of one credit on a day of March 2026, in whole złoty."""
    return statement(
        f":61:2603{number:02}03{number:02}CN{amount},00NTRFNONREF//A{number}",
        ":86:020?20ZA SMS?32ANNA",
        opening=f"C2603{number:02}PLN{opening},00",
        closing=f"C2603{number:02}PLN{opening + amount},00",
    ).encode()


def test_statements_that_follow_each_other_have_no_gap() -> None:
    assert import_statement(day(9, 100, 10), "a").gaps == []
    assert import_statement(day(12, 110, 20), "b").gaps == []


def test_a_missing_statement_is_told_with_its_days() -> None:
    import_statement(day(9, 100, 10), "a")
    (gap,) = import_statement(day(12, 130, 30), "c").gaps
    assert (gap.last_day_before, gap.first_day_after) == (date(2026, 3, 9), date(2026, 3, 12))
    assert (gap.closed_with, gap.opened_with) == (11000, 13000)


def test_a_day_of_a_month_that_is_known_is_no_gap() -> None:
    month = statement(
        ":61:2603090309CN10,00NTRFNONREF//A1",
        ":86:020?20ZA SMS",
        ":61:2603120312CN20,00NTRFNONREF//A2",
        ":86:020?20ZA SMS 2",
        opening="C260301PLN100,00",
        closing="C260331PLN130,00",
    )
    import_statement(month.encode(), "miesiac")
    assert import_statement(day(12, 110, 20), "dzien").gaps == []


def test_the_page_warns_until_the_missing_statement_is_in(as_clerk: Client) -> None:
    import_statement(day(9, 100, 10), "a")
    import_statement(day(12, 130, 30), "c")
    path = f"/operator/wyciagi/{StatementFile.objects.get(name='c').pk}/"
    page = as_clerk.get(path).content.decode()
    assert "A statement is missing" in page
    assert "09.03.2026" in page
    assert "12.03.2026" in page
    import_statement(day(10, 110, 20), "b")
    assert "A statement is missing" not in as_clerk.get(path).content.decode()


def test_the_page_shows_unreadable_lines_as_text(as_clerk: Client) -> None:
    hostile = statement(
        ":61:2602300230CN58,00NTRFNONREF//A1", ":86:020?20<script>alert(1)</script>"
    )
    import_statement(hostile.encode(), "a")
    path = f"/operator/wyciagi/{StatementFile.objects.get().pk}/"
    page = as_clerk.get(path).content.decode()
    assert "Lines that cannot be read" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def numbered(number: str, content: bytes) -> bytes:
    return content.replace(b":28C:49", f":28C:{number}".encode())


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        (("49", "50"), ""),
        (("49", "51"), "Statement number 50 has not been imported."),
        (("00049/001", "00053/001"), "Statements number 50 to 52 have not been imported."),
        # A page of the same, and a bank that writes the day.
        (("49/1", "49/2"), ""),
        (("20260309", "20260312"), ""),
    ],
)
def test_numbers_that_lack_are_told_even_where_the_balance_goes_on(
    as_clerk: Client, numbers: tuple[str, str], told: str
) -> None:
    import_statement(numbered(numbers[0], day(9, 100, 10)), "a")
    report = import_statement(numbered(numbers[1], day(12, 110, 20)), "b")
    assert report.gaps == []
    text = text_of(as_clerk.get(f"/operator/wyciagi/{report.file.pk}/"))
    assert ("not been imported" in text) == bool(told)
    assert told in text


def test_numbers_begin_again_with_the_year() -> None:
    import_statement(numbered("12", day(9, 100, 10)), "a")
    january = numbered("12", day(9, 100, 10)).replace(b"2603", b"2501").replace(b"0309C", b"0109C")
    older = import_statement(numbered("40", january), "c").file.statements.get()
    (missing,) = missing_before([older])
    assert missing.numbers is None


def month_of(days: Iterable[int]) -> bytes:
    """One file with a statement for each of these days of March 2026, each of 10 zł more."""
    return b"".join(numbered(str(n), day(n, 100 + 10 * n, 10)) for n in days)


def test_a_file_with_a_statement_for_each_day_is_told_together(
    as_clerk: Client, django_assert_max_num_queries: Any
) -> None:
    # The newest first, as some banks write them.
    file = import_statement(
        month_of(sorted({*range(1, 31)} - {12, 20, 21}, reverse=True)), "a"
    ).file
    path = f"/operator/wyciagi/{file.pk}/"
    as_clerk.get(path)
    with django_assert_max_num_queries(8):
        text = text_of(as_clerk.get(path))
    assert "Statements 27" in text
    assert "Statement number 1 – 30" in text
    assert "Period 01.03.2026 – 30.03.2026" in text
    assert "Opening balance 110,00 zł" in text.replace("\xa0", " ")
    assert "Closing balance 410,00 zł" in text.replace("\xa0", " ")
    assert "Statement number 12 has not been imported." in text
    assert "Statements number 20 to 21 have not been imported." in text
    assert text.count("A statement is missing") == 2


def test_what_is_told_of_a_file_stands_before_its_first_lines(as_clerk: Client) -> None:
    file = import_statement(month_of(range(1, 29)), "a").file
    User.objects.update(rows_per_page=25)
    path = f"/operator/wyciagi/{file.pk}/"
    assert "Opening balance" in text_of(as_clerk.get(path))
    later = text_of(as_clerk.get(f"{path}?page=2"))
    assert "28.03.2026" in later
    assert "Opening balance" not in later


def test_a_day_that_has_not_come_is_refused() -> None:
    with time_machine.travel(datetime(2026, 3, 8, 22, 59, tzinfo=UTC), tick=False):
        with pytest.raises(ImportRefused, match=r"Wiersz 5 ma datę księgowania 09\.03\.2026"):
            import_statement(day(9, 100, 10), "a")
        assert not StatementFile.objects.exists()
    with time_machine.travel(datetime(2026, 3, 8, 23, 0, tzinfo=UTC), tick=False):
        import_statement(day(9, 100, 10), "a")
