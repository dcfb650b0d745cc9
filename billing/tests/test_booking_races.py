from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Agency, User
from accounts.tests.races import run_together
from billing import ledger
from billing.booking import LineNotWaiting, book_by_hand, credit_line
from billing.models import BankLine, Invoice, Payment
from billing.statement_import import AlreadyImported, ImportReport, import_statement
from billing.tests.books import check_books
from billing.tests.statement_files import LAYOUTS, sample, statement

pytestmark = pytest.mark.django_db(transaction=True)

# What the samples hold for agency A, when agency B has its own code there.
A_PAID = 56400


def test_a_file_imported_by_several_at_once_is_credited_once(
    agency: Agency, other_agency: Agency
) -> None:
    results = run_together(4, lambda _number: import_statement(sample(LAYOUTS[0]), "a.sta"))
    assert sum(isinstance(result, ImportReport) for result in results) == 1
    assert sum(isinstance(result, AlreadyImported) for result in results) == 3
    assert ledger.balance_of(agency) == A_PAID
    check_books()


def test_the_same_lines_in_several_files_at_once_are_credited_once(
    agency: Agency, other_agency: Agency
) -> None:
    reports = run_together(
        len(LAYOUTS), lambda number: import_statement(sample(LAYOUTS[number]), LAYOUTS[number])
    )
    assert sorted(report.num_repeated for report in reports) == [0, 14, 14, 14, 14]
    assert BankLine.objects.count() == 14
    assert ledger.balance_of(agency) == A_PAID
    check_books()


def test_a_line_assigned_by_several_clerks_at_once_is_credited_once(
    agency: Agency, other_agency: Agency
) -> None:
    file = statement(":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?20ZA SMS?32ANNA")
    import_statement(file.encode(), "a.sta")
    line = BankLine.objects.get()

    def assign(number: int) -> Payment:
        return credit_line(line, (agency, other_agency)[number % 2])

    results = run_together(8, assign)
    assert sum(isinstance(result, Payment) for result in results) == 1
    assert sum(isinstance(result, LineNotWaiting) for result in results) == 7
    assert ledger.balance_of(agency) + ledger.balance_of(other_agency) == 5800
    check_books()


def test_two_equal_lines_complete_two_manual_payments_at_once(
    agency: Agency, billing_clerk: User
) -> None:
    for _ in range(2):
        book_by_hand(
            agency=agency,
            amount=5800,
            received_on=date(2026, 3, 10),
            note="",
            booked_by=billing_clerk,
        )
    line = (":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?20ZA SMS?32ANNA")
    import_statement(statement(*line, *line, closing="C260310PLN216,00").encode(), "a.sta")
    lines = list(BankLine.objects.order_by("id"))

    payments = run_together(2, lambda number: credit_line(lines[number], agency))
    assert len({payment.pk for payment in payments}) == 2
    assert Payment.objects.count() == Invoice.objects.count() == 2
    assert ledger.balance_of(agency) == 2 * 5800
