"""The price list: what a part costs on which day. A price that has begun is history and stays as it is."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import Agency, EventKind, User
from billing.models import PartPrice, Wallet
from billing.money import format_amount


class NoPrice(Exception):
    """The price list says nothing about that day."""


class PriceRefused(Exception):
    """The price list stays as it is; `str()` says why in the user's language."""


def price_per_part(agency: Agency, on: date | None = None) -> int:
    """What one SMS part costs the agency on a Warsaw day (default: today): gross grosze.

    The agency's own price, where it has one, goes before the general one. Raises NoPrice.
    """
    return _newest(Q(agency=agency) | Q(agency=None), on)


def general_price(on: date | None = None) -> int:
    """What one SMS part costs agencies without a price of their own: gross grosze. Raises NoPrice."""
    return _newest(Q(agency=None), on)


@transaction.atomic
def set_price(*, agency: Agency | None, price: int, valid_from: date, set_by: User) -> PartPrice:
    """Make a part cost `price` gross grosze from a Warsaw day on: for one agency, or for all that have no own price.

    Raises PriceRefused for a price that is not positive, a day that is over, or one that has a price already.
    """
    if price <= 0:
        raise PriceRefused(_("The price must be more than 0,00 zł."))
    if valid_from < timezone.localdate():
        raise PriceRefused(_("A price begins today or later: what was sold stays sold."))
    try:
        with transaction.atomic():
            row = PartPrice.objects.create(agency=agency, price=price, valid_from=valid_from)
    except IntegrityError as error:
        raise PriceRefused(_("There is a price from this day on already.")) from error
    events.record(EventKind.PRICE_SET, _told(row), agency=agency, person=set_by)
    return row


@transaction.atomic
def withdraw_price(row: PartPrice, *, withdrawn_by: User) -> None:
    """Take back a price whose first day has not come. Raises PriceRefused for any other."""
    withdrawn, _rows = PartPrice.objects.filter(
        pk=row.pk, valid_from__gt=timezone.localdate()
    ).delete()
    if not withdrawn:
        raise PriceRefused(_("This price has begun: it stays. Set a new one instead."))
    events.record(EventKind.PRICE_WITHDRAWN, _told(row), agency=row.agency, person=withdrawn_by)


def _told(row: PartPrice) -> str:
    return f"{format_amount(row.price)}, {row.valid_from:%d.%m.%Y}"


def balance_and_price(agency: Agency) -> tuple[int, int]:
    """Grosze in the wallet, and what a part costs today: what every page shows, in one query. Raises NoPrice."""
    balance = Wallet.objects.filter(agency=OuterRef("pk")).values("balance")
    price = _valid(Q(agency=OuterRef("pk")) | Q(agency=None), timezone.localdate())
    found = Agency.objects.filter(pk=agency.pk).values_list(
        Subquery(balance), Subquery(price.values("price")[:1])
    )
    kept, cost = found.get()
    if cost is None:
        raise NoPrice
    return kept or 0, cost


def _newest(whose: Q, on: date | None) -> int:
    newest = _valid(whose, on or timezone.localdate()).first()
    if newest is None:
        raise NoPrice
    return newest.price


def _valid(whose: Q, on: date) -> QuerySet[PartPrice]:
    """Prices that have begun, the one that counts first."""
    begun = PartPrice.objects.filter(whose, valid_from__lte=on)
    return begun.order_by(F("agency").asc(nulls_last=True), "-valid_from")
