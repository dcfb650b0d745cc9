from __future__ import annotations

import re

from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from billing import ledger
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
