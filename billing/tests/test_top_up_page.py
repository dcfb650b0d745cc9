"""Doładuj: what to transfer for so many SMS."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Agency
from accounts.tests.pages import text_of
from billing.models import PartPrice
from billing.top_up import TopUpForm, packages
from billing.transfer_qr import payload, svg


def test_packages_are_priced_at_the_agencys_own_price(agency: Agency, as_owner: Client) -> None:
    PartPrice.objects.create(agency=agency, valid_from=date(2026, 2, 1), price=25)
    text = text_of(as_owner.get("/stan-konta/doladuj/"))
    assert "100 SMS 25,00 zł" in text
    assert "2,000 SMS 500,00 zł" in text


def test_a_number_of_sms_fills_in_the_whole_transfer(as_owner: Client) -> None:
    response = as_owner.get("/stan-konta/doladuj/?sms=500")
    text = text_of(response)
    assert "145,00 zł buys 500 SMS parts" in text
    assert "76 1140 2004 0000 3502 4346 5646" in text
    page = response.content.decode()
    assert 'data-copy="145,00"' in page
    expected = payload(
        nip="9999999999",
        account="76114020040000350243465646",
        amount_grosze=14500,
        receiver="m6 Soft Plus",
        title="KOD 7K3M-9QW3",
    )
    assert svg(expected) in page


def test_an_amount_tells_what_it_buys_and_what_stays(as_accountant: Client) -> None:
    text = text_of(as_accountant.get("/stan-konta/doladuj/?amount=100,00"))
    assert "100,00 zł buys 344 SMS parts; 0,24 zł stay in the account" in text


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("sms=0", "At least one SMS."),
        ("sms=9999999", "At most a million at once."),
        ("sms=x", "Enter a whole number."),
        ("amount=-5", "The amount must be more than 0,00 zł."),
        ("amount=1.234", "Write the amount as 1 234,50."),
        ("amount=1000001", "At most 1 000 000,00 zł at once."),
        ("sms=5&amount=5", "Give a number of SMS or an amount, not both."),
    ],
)
def test_wrong_input_is_told_beside_its_field(as_owner: Client, query: str, error: str) -> None:
    text = text_of(as_owner.get(f"/stan-konta/doladuj/?{query}"))
    assert error in text
    # The transfer is there all the same, without an amount.
    assert "type only the amount" in text


@given(price=st.integers(1, 1000), grosze=st.integers(1, 100_000_000))
def test_what_an_amount_buys_and_leaves_is_the_amount(price: int, grosze: int) -> None:
    form = TopUpForm({"amount": f"{grosze // 100},{grosze % 100:02}"})
    offer = form.offer(price)
    assert offer is not None
    assert offer.parts * price + offer.rest == offer.amount == grosze
    assert 0 <= offer.rest < price


@given(price=st.integers(1, 1000))
def test_packages_leave_nothing(price: int) -> None:
    assert all(each.amount == each.parts * price and not each.rest for each in packages(price))
