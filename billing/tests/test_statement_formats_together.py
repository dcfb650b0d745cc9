"""The same bookings from several formats, in any order: no line twice, and what may be one line waits."""

from __future__ import annotations

import itertools

import pytest

from accounts.models import Agency
from billing import ledger
from billing.models import BankLine, Payment, UnreadLine
from billing.statement_import import import_statement
from billing.tests.books import check_books
from billing.tests.statement_files import EVERY_LAYOUT, sample, statement

pytestmark = pytest.mark.django_db

MBANK_CSV, CAMT = EVERY_LAYOUT[5], EVERY_LAYOUT[6]
A_PAID, B_PAID = 5800 + 29000 + 10000 + 5800 + 5800, 12300 + 5800
PAYER = "87109010560000000000001001"
CAMT_TEXT = sample("camt053_v08_utf8.xml").decode()


@pytest.mark.parametrize(("first", "second"), [*itertools.permutations(EVERY_LAYOUT, 2)])
def test_another_format_of_the_same_day_credits_nothing_again(
    agency: Agency, other_agency: Agency, first: str, second: str
) -> None:
    import_statement(sample(first), first)
    report = import_statement(sample(second), second)
    assert (report.num_credited, report.num_waiting) == (0, 0)
    # mBank's CSV calls its fee by another name; fees are nobody's payments.
    assert report.num_repeated >= 13
    assert (ledger.balance_of(agency), ledger.balance_of(other_agency)) == (A_PAID, B_PAID)
    check_books()


def one_camt_credit(title: str, account: str) -> bytes:
    start, end = CAMT_TEXT.index("<Ntry>"), CAMT_TEXT.rindex("</Ntry>") + len("</Ntry>")
    entry = CAMT_TEXT[start : CAMT_TEXT.index("</Ntry>") + len("</Ntry>")]
    entry = entry.replace("KOD REJESTRACYJNY 7K3M-9QW3", title).replace(PAYER, account)
    text = CAMT_TEXT[:start] + entry + CAMT_TEXT[end:]
    return text.replace("10000.00", "100.00").replace("10950.00", "158.00").encode()


def one_mt940_credit(title: str, account: str) -> bytes:
    subfields = f":86:020?00PRZELEW?20{title}?32ANNA" + (f"?38PL{account}" if account else "")
    return statement(":61:2603100310CN58,00NTRFNONREF//A1", subfields).encode()


@pytest.mark.parametrize(
    ("title", "account"),
    [
        pytest.param("KOD 7K3M-9QW3 I RESZTA", PAYER, id="longer title"),
        pytest.param("KOD 7K3M-9QW3", "", id="no account"),
        pytest.param("PRZELEW 7K3M-9QW3", PAYER, id="other words"),
    ],
)
def test_what_may_be_the_same_booking_waits_for_staff(
    agency: Agency, title: str, account: str
) -> None:
    import_statement(one_mt940_credit("KOD 7K3M-9QW3", PAYER), "a.sta")
    report = import_statement(one_camt_credit(title, account), "a.xml")
    assert (report.num_credited, report.num_waiting) == (0, 1)
    assert BankLine.objects.get(state="unmatched").reason == "possible_twin"
    assert ledger.balance_of(agency) == 5800


def test_another_payers_equal_amount_in_another_format_is_credited(agency: Agency) -> None:
    import_statement(one_mt940_credit("KOD 7K3M-9QW3", PAYER), "a.sta")
    other_payer = "32114020040000000000003003"
    report = import_statement(one_camt_credit("KOD 7K3M-9QW3", other_payer), "a.xml")
    assert (report.num_credited, report.num_waiting) == (1, 0)
    assert ledger.balance_of(agency) == 2 * 5800


def test_an_unreadable_line_is_kept_and_credits_nothing(agency: Agency) -> None:
    file = statement(
        ":61:2602300230CN58,00NTRFNONREF//A1",
        ":86:020?20KOD 7K3M-9QW3",
        ":61:2603100310CN29,00NTRFNONREF//A2",
        ":86:020?20KOD 7K3M-9QW3",
        closing="C260310PLN187,00",
    )
    report = import_statement(file.encode(), "a.sta")
    assert (report.num_credited, report.num_unreadable) == (1, 1)
    line = UnreadLine.objects.get()
    assert (line.line_number, line.amount, line.reason) == (5, 5800, "date")
    assert "KOD 7K3M-9QW3" in line.raw
    assert ledger.balance_of(agency) == 2900
    assert Payment.objects.count() == 1


def test_a_line_unread_in_one_file_is_credited_once_another_brings_it(
    agency: Agency, other_agency: Agency
) -> None:
    damaged = sample(MBANK_CSV).replace(b"2026-03-10;2026-03-10", b"2026-02-30;2026-03-10", 1)
    assert import_statement(damaged, "a.csv").num_unreadable == 1
    assert ledger.balance_of(agency) == A_PAID - 5800
    report = import_statement(sample(CAMT), "a.xml")
    assert (report.num_credited, report.num_repeated) == (1, 12)
    assert ledger.balance_of(agency) == A_PAID
    assert ledger.balance_of(other_agency) == B_PAID
