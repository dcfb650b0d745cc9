"""The price list."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Agency
from billing.models import PartPrice


class NoPrice(Exception):
    """The price list says nothing about that day."""


def price_per_part(agency: Agency, on: date | None = None) -> int:
    """What one SMS part costs the agency on a Warsaw day (default: today): gross grosze.

    The agency's own price, where it has one, goes before the general one. Raises NoPrice.
    """
    return _newest(Q(agency=agency) | Q(agency=None), on)


def general_price(on: date | None = None) -> int:
    """What one SMS part costs agencies without a price of their own: gross grosze. Raises NoPrice."""
    return _newest(Q(agency=None), on)


def _newest(whose: Q, on: date | None) -> int:
    valid = PartPrice.objects.filter(whose, valid_from__lte=on or timezone.localdate())
    newest = valid.order_by(F("agency").asc(nulls_last=True), "-valid_from").first()
    if newest is None:
        raise NoPrice
    return newest.price
