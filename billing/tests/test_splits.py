"""One transfer for several agencies."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Agency, User
from accounts.tests.pages import text_of
from accounts.tests.races import run_together
from billing import booking, ledger, matching
from billing.models import BankLine, Payment
from billing.statement_import import import_statement
from billing.tests.books import check_books
from billing.tests.statement_files import statement

pytestmark = pytest.mark.django_db

WITHOUT_CODE = (":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?20ZA SMS?32ANNA?31" + "9" * 26)


@pytest.fixture
def line(db: None) -> BankLine:
    """A payment of 58,00 zł that waits."""
    import_statement(statement(*WITHOUT_CODE).encode(), "a.sta")
    return BankLine.objects.get()


def post(browser: Client, line: BankLine, *rows: tuple[str, str]) -> str:
    data = {"form-TOTAL_FORMS": "5", "form-INITIAL_FORMS": "0"}
    for number, (agency, amount) in enumerate(rows):
        data |= {f"form-{number}-agency": agency, f"form-{number}-amount": amount}
    return text_of(browser.post(f"/operator/wplaty/{line.pk}/podziel/", data, follow=True))


def test_each_agency_gets_its_share_and_an_invoice(
    line: BankLine, agency: Agency, other_agency: Agency, as_clerk: Client
) -> None:
    text = post(as_clerk, line, ("7K3M9QW3", "40,00"), ("4H2T08RG", "18"))
    assert "40,00 zł credited to Ubezpieczenia Anna Żółć" in text
    assert "18,00 zł credited to Jan Łęcki" in text
    assert (ledger.balance_of(agency), ledger.balance_of(other_agency)) == (4000, 1800)
    line.refresh_from_db()
    assert line.state == "split"
    assert sorted(part.amount for part in line.portions.all()) == [1800, 4000]
    assert sorted(Payment.objects.values_list("invoice__gross", flat=True)) == [1800, 4000]
    check_books()


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([("7K3M9QW3", "40,00"), ("4H2T08RG", "17,99")], "left to share: 0,01 zł"),
        ([("7K3M9QW3", "40,00"), ("4H2T08RG", "19")], "left to share: -1,00 zł"),
        ([("7K3M9QW3", "58,00")], "Name at least two different agencies."),
        ([("7K3M9QW3", "40,00"), ("7K3M9QW3", "18,00")], "An agency is named twice."),
        ([("XXXXXXXX", "40,00"), ("4H2T08RG", "18,00")], "No agency has this"),
        ([("7K3M9QW3", "x"), ("4H2T08RG", "18,00")], "Write the amount as"),
        ([("7K3M9QW3", "60"), ("4H2T08RG", "-2")], "must be more than"),
        ([("7K3M9QW3", ""), ("4H2T08RG", "18,00")], "This field is required."),
        ([], "Name at least two different agencies."),
    ],
)
def test_what_does_not_add_up_is_refused_and_nothing_is_booked(
    line: BankLine,
    agency: Agency,
    other_agency: Agency,
    as_clerk: Client,
    rows: list[tuple[str, str]],
    error: str,
) -> None:
    assert error in post(as_clerk, line, *rows)
    line.refresh_from_db()
    assert line.state == "unmatched"
    assert not Payment.objects.exists()


def test_an_undone_share_waits_alone_and_the_line_is_not_credited_again(
    line: BankLine, agency: Agency, other_agency: Agency, billing_clerk: User
) -> None:
    first, _second = booking.split(line, [(agency, 4000), (other_agency, 1800)], by=billing_clerk)
    booking.undo(first, by=billing_clerk, reason="pomyłka")
    waiting = BankLine.objects.get(state="unmatched")
    assert (waiting.amount, waiting.part_of) == (4000, line)
    assert matching.match_waiting() == matching.MatchCounts()
    booking.credit_line(waiting, other_agency, billing_clerk)
    assert (ledger.balance_of(agency), ledger.balance_of(other_agency)) == (0, 5800)
    check_books()


def test_the_same_file_and_an_overlapping_one_bring_nothing_again(
    line: BankLine, agency: Agency, other_agency: Agency, billing_clerk: User
) -> None:
    booking.split(line, [(agency, 4000), (other_agency, 1800)], by=billing_clerk)
    again = statement(*WITHOUT_CODE).replace("MT940", "MT941").encode()
    report = import_statement(again, "b.sta")
    assert (report.num_repeated, report.num_waiting, report.num_credited) == (1, 0, 0)
    assert Payment.objects.count() == 2


def test_it_is_shown_on_the_statement(
    line: BankLine, agency: Agency, other_agency: Agency, billing_clerk: User, as_clerk: Client
) -> None:
    booking.split(line, [(agency, 4000), (other_agency, 1800)], by=billing_clerk)
    file = line.statement.file
    text = text_of(as_clerk.get(f"/operator/wyciagi/{file.pk}/"))
    assert "58,00 zł Split" in text
    assert text.count("part of a split transfer") == 2
    assert "a.sta" in text_of(as_clerk.get("/operator/wyciagi/"))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_split_at_once_one_does(
    agency: Agency, other_agency: Agency, billing_clerk: User
) -> None:
    import_statement(statement(*WITHOUT_CODE).encode(), "a.sta")
    line = BankLine.objects.get()
    shares = [(agency, 4000), (other_agency, 1800)]
    results = run_together(3, lambda _n: booking.split(line, shares, by=billing_clerk))
    assert sum(isinstance(result, list) for result in results) == 1
    assert sum(isinstance(result, booking.LineNotWaiting) for result in results) == 2
    assert ledger.balance_of(agency) == 4000
    check_books()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(-10, 5800), min_size=0, max_size=4))
def test_only_shares_that_come_to_the_amount_are_booked(
    line: BankLine, agency: Agency, other_agency: Agency, billing_clerk: User, amounts: list[int]
) -> None:
    agencies = [agency, other_agency, agency, other_agency]
    shares = list(zip(agencies, amounts, strict=False))
    is_right = len(shares) == 2 and sum(amounts) == 5800 and min(amounts) > 0
    if is_right:
        return
    with pytest.raises(booking.BookingRefused):
        booking.split(line, shares, by=billing_clerk)
    assert not Payment.objects.exists()
