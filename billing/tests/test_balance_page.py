from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agency, Event, User
from accounts.tests.pages import text_of
from billing import ledger
from billing.account_figures import figures_of
from billing.models import LedgerEntry, ReturnTransfer
from billing.tests.payments import pay


def test_a_new_agency_sees_no_money_and_how_to_pay_in(as_owner: Client) -> None:
    response = as_owner.get("/stan-konta/")
    assert response.status_code == 200
    text = text_of(response)
    assert "You have 0,00 zł" in text
    assert "m6 Soft Plus" in text
    assert "76 1140 2004 0000 3502 4346 5646" in text
    assert "KOD 7K3M-9QW3" in text
    assert "No movements yet" in text


def test_the_transfer_can_be_scanned(as_owner: Client) -> None:
    page = as_owner.get("/stan-konta/").content.decode()
    assert re.search(r'<svg [^>]*class="qr"[^>]*>.*<path [^>]*d="M.*</svg>', page, re.DOTALL)


def test_thousands_are_grouped_as_people_write_them(agency: Agency, as_owner: Client) -> None:
    pay(agency, 302_18)
    text = text_of(as_owner.get("/stan-konta/"))
    assert "302,18 zł 1,042 SMS" in text
    assert "Enough for 1,042 SMS parts" in text
    assert "enough for 1,042 SMS parts" in text_of(as_owner.get("/pulpit/"))
    as_owner.cookies["django_language"] = "pl"
    assert "Wystarczy na 1\u00a0042 części SMS" in as_owner.get("/stan-konta/").content.decode()


def test_every_movement_is_listed_newest_first(agency: Agency, as_owner: Client) -> None:
    pay(agency, 10000)
    ledger.debit(agency=agency, amount=348, reference="campaign:1", note="Badania")
    text = text_of(as_owner.get("/stan-konta/"))
    assert "You have 96,52 zł" in text
    assert "Enough for 332 SMS parts; a part costs 0,29 zł with VAT." in text
    assert "Campaign Badania -3,48 zł" in text
    assert "Payment +100,00 zł" in text
    assert text.index("Campaign Badania") < text.index("Payment +")


def test_the_top_bar_has_the_balance_as_money_and_as_messages(
    agency: Agency, as_owner: Client
) -> None:
    pay(agency, 10000)
    assert "100,00 zł 344 SMS" in text_of(as_owner.get("/klienci/"))


def test_the_accountant_sees_the_balance(agency: Agency, as_accountant: Client) -> None:
    pay(agency, 10000)
    assert "You have 100,00 zł" in text_of(as_accountant.get("/stan-konta/"))


def test_nobody_sees_the_money_of_others(agency: Agency, as_stranger: Client) -> None:
    pay(agency, 10000)
    text = text_of(as_stranger.get("/stan-konta/"))
    assert "You have 0,00 zł" in text
    assert "100,00 zł" not in text
    assert "7K3M-9QW3" not in text


def spend_daily(agency: Agency, days: int) -> None:
    """29,00 on each of the last days."""
    for day in range(days):
        entry = ledger.debit(
            agency=agency, amount=2900, reference=f"campaign:{day}", note=f"W{day}"
        )
        at = timezone.now() - timedelta(days=day, minutes=1)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE billing_ledgerentry SET created_at = %s WHERE id = %s", [at, entry.pk]
            )


def test_the_page_says_how_long_the_balance_lasts(agency: Agency, as_owner: Client) -> None:
    pay(agency, 200000)
    spend_daily(agency, 40)
    # 30 days in the window: 870,00 spent, 840,00 left.
    figures = figures_of(agency)
    assert (figures.balance, figures.spent, figures.days_left) == (84000, 87000, 28)
    assert "it lasts 28 days" in text_of(as_owner.get("/stan-konta/"))


def test_who_has_spent_nothing_is_told_no_pace(agency: Agency, as_owner: Client) -> None:
    pay(agency, 10000)
    ledger.debit(agency=agency, amount=2900, reference="campaign:1")
    ledger.refund(agency_id=agency.pk, amounts={"campaign:1": 2900})
    figures = figures_of(agency)
    assert (figures.balance, figures.spent, figures.days_left) == (10000, 0, None)
    assert "it lasts" not in text_of(as_owner.get("/stan-konta/"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=top_up", {"Payment"}),
        ("kind=campaign&q=bada", {"Badania"}),
        ("q=oc", {"OC"}),
        ("q=nothing", set()),
        ("since=2999-01-01", set()),
        ("until=2001-01-01", set()),
    ],
)
def test_movements_are_narrowed(
    agency: Agency, as_owner: Client, query: str, found: set[str]
) -> None:
    pay(agency, 10000)
    ledger.debit(agency=agency, amount=348, reference="campaign:1", note="Badania")
    ledger.debit(agency=agency, amount=29, reference="campaign:2", note="OC")
    table = as_owner.get(f"/stan-konta/?{query}").content.decode().partition("Movements")[2]
    rows = {name for name in ("Payment", "Badania", "OC") if f">{name}</td>" in table}
    assert rows == found


def test_a_filter_that_makes_no_sense_is_told_and_finds_nothing(
    agency: Agency, as_owner: Client
) -> None:
    pay(agency, 10000)
    text = text_of(as_owner.get("/stan-konta/?since=2026-11-02&until=2026-11-01"))
    assert "This is before the first day." in text
    assert "No movement passes these filters." in text


def test_the_movements_as_csv_are_those_of_the_filter_and_no_formula(
    agency: Agency, as_owner: Client, owner: User
) -> None:
    pay(agency, 10000)
    ledger.debit(agency=agency, amount=348, reference="campaign:1", note="=1+1")
    lines = (
        b"".join(as_owner.get("/stan-konta/ruchy.csv?kind=campaign").streaming_content)
        .decode()
        .splitlines()
    )
    assert lines[0].endswith("When;What;Note;Amount in złoty")
    assert len(lines) == 2
    assert lines[1].endswith(";Campaign;'=1+1;-3,48")
    assert Event.objects.filter(kind="list_exported", agency=agency).exists()


def test_the_movements_as_a_workbook_are_numbers_and_times(
    agency: Agency, as_owner: Client
) -> None:
    pay(agency, 10000)
    response = as_owner.get("/stan-konta/ruchy.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]
    header, (when, what, _note, amount) = sheet.iter_rows(values_only=True)
    assert header == ("When", "What", "Note", "Amount in złoty")
    assert abs(timezone.localtime().replace(tzinfo=None) - when) < timedelta(minutes=5)
    assert (what, amount) == ("Payment", 100)


def test_the_hundredth_page_costs_what_the_first_does(agency: Agency, as_owner: Client) -> None:
    pay(agency, 10000)
    for number in range(120):
        ledger.debit(agency=agency, amount=1, reference=f"campaign:{number}")

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert as_owner.get(address).status_code == 200
        return len(asked)

    middle = LedgerEntry.objects.order_by("pk")[60].pk
    assert queries("/stan-konta/") == queries(f"/stan-konta/?before={middle}")


def test_money_that_goes_back_is_on_its_way(
    agency: Agency, as_owner: Client, billing_clerk: User
) -> None:
    ReturnTransfer.objects.create(
        agency=agency, amount=5000, account="1" * 26, reason="x", asked_by=billing_clerk
    )
    text = text_of(as_owner.get("/stan-konta/"))
    assert "50,00 zł will be transferred to your account 11 1111" in text
