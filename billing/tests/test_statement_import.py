from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from accounts.models import Agency, User
from billing import ledger
from billing.models import BankLine, Invoice, LedgerEntry, Payment, StatementFile
from billing.statement_import import AlreadyImported, ImportRefused, import_statement
from billing.statements.rows import StatementError
from billing.tests.books import check_books, queued_deliveries, rows_in_the_books
from billing.tests.statement_files import ACCOUNT, CREDIT, EVERY_LAYOUT, LAYOUTS, sample, statement

pytestmark = pytest.mark.django_db

MBANK = LAYOUTS[0]
# The fourteen lines of the samples by position (test_statement_layouts.py has their content).
CREDITED = [1, 2, 3, 4, 5, 7, 10, 13]
WAITING = {12: "several_codes", 14: "no_code"}
NO_PAYMENTS = {8: "outgoing", 9: "outgoing", 11: "reversal"}
A_PAID, B_PAID, X_PAID = 5800 + 29000 + 10000 + 5800 + 5800, 12300 + 5800, 500
FOREIGN = "61109010140000071219812874"


@pytest.fixture(autouse=True)
def third_agency(agency: Agency, other_agency: Agency) -> Agency:
    """Agency X of the samples; the other fixtures are A and B."""
    return Agency.objects.create(
        name="Piotr Świętowzorcowy",
        street="os. Testowe 5",
        postal_code="61-001",
        city="Poznań",
        email="piotr@wzor.example",
        phone="+48601000003",
        registration_code="P5VD6NCH",
    )


def lines_by_position() -> dict[int, BankLine]:
    return dict(enumerate(BankLine.objects.order_by("line_number"), start=1))


def test_an_import_books_what_its_codes_name_and_reports_the_rest(
    agency: Agency, other_agency: Agency, third_agency: Agency, billing_clerk: User
) -> None:
    report = import_statement(sample(MBANK), "wyciag.sta", billing_clerk)
    assert (report.num_credited, report.num_waiting, report.num_other) == (8, 2, 4)
    assert (report.num_repeated, report.skipped_accounts) == (0, [])
    assert ledger.balance_of(agency) == A_PAID
    assert ledger.balance_of(other_agency) == B_PAID
    assert ledger.balance_of(third_agency) == X_PAID
    file = StatementFile.objects.get()
    assert (file.name, file.imported_by) == ("wyciag.sta", billing_clerk)
    assert bytes(file.content) == sample(MBANK)
    check_books()


@pytest.mark.parametrize("layout", EVERY_LAYOUT)
def test_each_line_ends_where_it_belongs_in_every_banks_layout(layout: str) -> None:
    import_statement(sample(layout), layout)
    lines = lines_by_position()
    reasons = {number: line.reason for number, line in lines.items() if line.reason}
    assert [n for n, line in lines.items() if line.state == "credited"] == CREDITED
    assert [n for n, line in lines.items() if line.state == "unmatched"] == list(WAITING)
    assert [n for n, line in lines.items() if line.state == "not_a_payment"] == list(NO_PAYMENTS)
    # The bank took 6 back by 11.
    assert [n for n, line in lines.items() if line.state == "set_aside"] == [6]
    assert lines[11].reverses == lines[6]
    assert reasons == {6: "no_code", **WAITING, **NO_PAYMENTS}


def test_each_credited_line_is_a_payment_with_invoice_and_a_queued_mail(agency: Agency) -> None:
    import_statement(sample(MBANK), "a.sta")
    lines = lines_by_position()
    for number in CREDITED:
        payment = Payment.objects.get(bank_line=lines[number])
        assert (payment.amount, payment.received_on) == (
            lines[number].amount,
            lines[number].booked_on,
        )
        assert payment.invoice.gross == payment.amount
        assert payment.booked_by is None
    assert Payment.objects.count() == Invoice.objects.count() == 8
    assert queued_deliveries() == list(Invoice.objects.order_by("id").values_list("id", flat=True))
    assert LedgerEntry.objects.filter(wallet__agency=agency).count() == 5


def test_the_same_file_again_is_refused_with_its_day(agency: Agency) -> None:
    import_statement(sample(MBANK), "a.sta")
    before = rows_in_the_books()
    with pytest.raises(AlreadyImported) as error:
        import_statement(sample(MBANK), "inna-nazwa.sta")
    assert error.value.file == StatementFile.objects.get()
    assert rows_in_the_books() == before
    assert ledger.balance_of(agency) == A_PAID


@pytest.mark.parametrize("second", LAYOUTS[1:])
def test_the_same_lines_from_another_program_are_not_credited_again(
    agency: Agency, other_agency: Agency, second: str
) -> None:
    import_statement(sample(MBANK), "a.sta")
    report = import_statement(sample(second), "b.sta")
    assert (report.num_repeated, report.num_credited, report.num_waiting) == (14, 0, 0)
    assert BankLine.objects.count() == 14
    assert (ledger.balance_of(agency), ledger.balance_of(other_agency)) == (A_PAID, B_PAID)
    check_books()


def test_a_later_statement_of_the_same_day_credits_only_its_new_lines(agency: Agency) -> None:
    """The bank's file of an unfinished day, then that of the whole day, with a genuine twin."""
    whole_day = statement(*CREDIT, *CREDIT, closing="C260310PLN216,00")
    import_statement(statement().encode(), "rano.sta")
    report = import_statement(whole_day.encode(), "wieczor.sta")
    assert (report.num_repeated, report.num_credited) == (1, 1)
    assert ledger.balance_of(agency) == 2 * 5800


def test_a_statement_pasted_twice_into_one_file_is_credited_once(agency: Agency) -> None:
    report = import_statement((statement() * 2).encode(), "a.sta")
    assert (report.num_credited, report.num_repeated) == (1, 1)
    assert ledger.balance_of(agency) == 5800


def test_a_day_and_its_whole_month_in_one_file_are_credited_once(agency: Agency) -> None:
    later = (":61:2603120312CN29,00NTRFNONREF//A9", ":86:020?20KOD 7K3M-9QW3?32ANNA")
    month = statement(*CREDIT, *later, closing="C260331PLN187,00")
    report = import_statement((statement() + month).encode(), "a.sta")
    assert (report.num_credited, report.num_repeated) == (2, 1)
    assert ledger.balance_of(agency) == 5800 + 2900


def test_a_balanced_statement_pasted_twice_is_credited_once(agency: Agency) -> None:
    """Where it ends is where it began, so its copy seems to go on from it."""
    fee = (":61:2603100310DN58,00NCHGNONREF//A2", ":86:020?20OPLATA")
    balanced = statement(*CREDIT, *fee, closing="C260310PLN100,00")
    report = import_statement((balanced * 2).encode(), "a.sta")
    assert (report.num_credited, report.num_repeated) == (1, 2)
    assert ledger.balance_of(agency) == 5800


def test_equal_payments_on_two_pages_of_a_day_are_two(agency: Agency) -> None:
    next_page = statement(opening="C260310PLN158,00", closing="C260310PLN216,00")
    report = import_statement((statement() + next_page).encode(), "a.sta")
    assert (report.num_credited, report.num_repeated) == (2, 0)
    assert ledger.balance_of(agency) == 2 * 5800


def test_statements_of_other_accounts_in_the_file_are_skipped_by_name(agency: Agency) -> None:
    both = statement() + statement(account=f"/PL{FOREIGN}")
    report = import_statement(both.encode(), "a.sta")
    assert report.skipped_accounts == [FOREIGN]
    assert ledger.balance_of(agency) == 5800


REFUSED = {
    "of another account": statement(account=f"/PL{FOREIGN}"),
    "with a line missing": statement(closing="C260310PLN159,00"),
    "without closing balance": statement(closing=None),
    "in euro": statement(opening="C260310EUR100,00", closing="C260310EUR158,00"),
    "with an unreadable line": statement(":61:wczoraj", ":86:020?20KOD 7K3M-9QW3"),
    "cut off": sample(MBANK)[: len(sample(MBANK)) // 2],
    "empty": b"",
    "a PDF": b"%PDF-1.7\n",
    "a letter": "Dzień dobry, proszę o fakturę.",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_proves_nothing_leaves_nothing(name: str) -> None:
    data = REFUSED[name]
    with pytest.raises((ImportRefused, StatementError)):
        import_statement(data if isinstance(data, bytes) else data.encode(), "a.sta")
    assert rows_in_the_books() == 0


def test_a_refusal_names_the_unreadable_line() -> None:
    file = statement(":61:wczoraj", ":86:020?20KOD 7K3M-9QW3").encode()
    with translation.override("en"), pytest.raises(ImportRefused, match="Line 5 cannot be read"):
        import_statement(file, "a.sta")


def test_a_crash_in_the_middle_leaves_nothing_and_the_file_can_be_imported_after_it(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: Any) -> None:
        assert rows_in_the_books() > 0
        raise RuntimeError("the machine was switched off")

    with monkeypatch.context() as patch:
        # The last step: everything else is written by then.
        patch.setattr("billing.statement_import._record", die)
        with pytest.raises(RuntimeError, match="switched off"):
            import_statement(sample(MBANK), "a.sta")
    assert rows_in_the_books() == ledger.balance_of(agency) == 0

    assert import_statement(sample(MBANK), "a.sta").num_credited == 8
    assert ledger.balance_of(agency) == A_PAID


def test_a_transfer_from_our_own_account_is_no_payment(agency: Agency) -> None:
    own = (":61:2603100310CN58,00NTRFNONREF//A1", f":86:020?00PRZELEW?20KOD 7K3M-9QW3?31{ACCOUNT}")
    report = import_statement(statement(*own).encode(), "own.sta")
    assert (report.num_credited, report.num_waiting, report.num_other) == (0, 0, 1)
    line = BankLine.objects.get()
    assert (line.state, line.reason) == ("not_a_payment", "own_transfer")
    assert ledger.balance_of(agency) == 0
