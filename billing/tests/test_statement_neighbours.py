"""Two equal payments of one day on two statements that follow each other: neither lost nor credited unseen."""

from __future__ import annotations

import pytest

from accounts.models import Agency
from billing import ledger
from billing.models import BankLine
from billing.statement_import import ImportReport, import_statement
from billing.tests.books import check_books
from billing.tests.statement_files import CREDIT, statement

pytestmark = pytest.mark.django_db

MORNING = statement(opening="C260310PLN100,00", closing="C260310PLN158,00")
AFTERNOON = statement(opening="C260310PLN158,00", closing="C260310PLN216,00")
EVENING = statement(opening="C260310PLN216,00", closing="C260310PLN274,00")
WHOLE_DAY = statement(
    *CREDIT, *CREDIT, *CREDIT, opening="C260310PLN100,00", closing="C260310PLN274,00"
)


def import_text(text: str) -> ImportReport:
    return import_statement(text.encode(), "wyciag.sta")


ORDERS = [
    (MORNING, AFTERNOON, EVENING),
    (EVENING, AFTERNOON, MORNING),
    (AFTERNOON, MORNING, EVENING),
    (AFTERNOON, EVENING, MORNING),
]


@pytest.mark.parametrize("order", ORDERS)
def test_twins_on_statements_that_touch_wait_for_staff(
    agency: Agency, order: tuple[str, ...]
) -> None:
    reports = [import_text(text) for text in order]
    assert [report.num_credited for report in reports] == [1, 0, 0]
    assert [report.num_waiting for report in reports] == [0, 1, 1]
    waiting = BankLine.objects.filter(state="unmatched")
    assert set(waiting.values_list("reason", flat=True)) == {"possible_twin"}
    check_books()


def test_the_second_of_two_pages_waits_and_is_credited_by_staff_once(agency: Agency) -> None:
    assert import_text(MORNING).num_credited == 1
    report = import_text(AFTERNOON)
    assert (report.num_credited, report.num_waiting, report.num_repeated) == (0, 1, 0)
    assert ledger.balance_of(agency) == 5800


def test_a_page_imported_again_adds_nothing(agency: Agency) -> None:
    import_text(MORNING)
    import_text(AFTERNOON)
    for text in (MORNING, AFTERNOON):
        # Other bytes, the same bookings.
        report = import_text(text.replace(":28C:49", ":28C:50"))
        assert (report.num_credited, report.num_waiting, report.num_repeated) == (0, 0, 1)
    assert BankLine.objects.count() == 2


def test_the_whole_day_after_its_pages_adds_nothing(agency: Agency) -> None:
    for text in (MORNING, AFTERNOON, EVENING):
        import_text(text)
    report = import_text(WHOLE_DAY)
    assert (report.num_credited, report.num_waiting, report.num_repeated) == (0, 0, 3)
    assert ledger.balance_of(agency) == 5800


def test_a_longer_export_of_the_same_day_is_no_neighbour(agency: Agency) -> None:
    import_text(MORNING)
    report = import_text(WHOLE_DAY)
    assert (report.num_credited, report.num_waiting, report.num_repeated) == (2, 0, 1)
    assert ledger.balance_of(agency) == 3 * 5800
