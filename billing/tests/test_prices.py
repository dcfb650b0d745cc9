"""What a part costs, as every page shows it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Agency
from billing.models import PartPrice
from billing.prices import NoPrice, balance_and_price, price_per_part
from billing.tests.payments import pay


def test_what_every_page_shows_is_what_the_ledger_and_the_price_list_say(
    agency: Agency, other_agency: Agency
) -> None:
    assert balance_and_price(agency) == (0, price_per_part(agency))
    pay(agency, 12345)
    today = timezone.localdate()
    PartPrice.objects.create(agency=agency, price=25, valid_from=today)
    PartPrice.objects.create(agency=None, price=31, valid_from=today)
    PartPrice.objects.create(agency=None, price=99, valid_from=today + timedelta(days=1))
    assert balance_and_price(agency) == (12345, 25)
    assert balance_and_price(other_agency) == (0, 31)
    PartPrice.objects.all().delete()
    with pytest.raises(NoPrice):
        balance_and_price(agency)
