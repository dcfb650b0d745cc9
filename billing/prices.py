"""The price list: what a part costs on which day. A price that has begun is history and stays as it is."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.bulk_sql import as_stored
from accounts.models import Agency, EventKind, User
from billing.models import PartPrice
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
    """Grosze in the wallet, and what a part costs today. Raises NoPrice.

    Every page shows them: in SQL, since Django takes ten times as long to write this as the databases to answer it.
    """
    today = as_stored(timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE_AND_PRICE, [agency.pk, agency.pk, today])
        balance, price = cursor.fetchone()
    if price is None:
        raise NoPrice
    return balance or 0, price


# What a part costs an agency on a day, as `price_per_part` finds it: parameters are these two.
PRICE_SQL = """(
    SELECT price FROM billing_partprice WHERE (agency_id = %s OR agency_id IS NULL) AND valid_from <= %s
    ORDER BY agency_id IS NULL, valid_from DESC LIMIT 1
)"""
_BALANCE_AND_PRICE = (
    f"SELECT (SELECT balance FROM billing_wallet WHERE agency_id = %s), {PRICE_SQL}"  # noqa: S608
)


def _newest(whose: Q, on: date | None) -> int:
    valid = PartPrice.objects.filter(whose, valid_from__lte=on or timezone.localdate())
    newest = valid.order_by(F("agency").asc(nulls_last=True), "-valid_from").first()
    if newest is None:
        raise NoPrice
    return newest.price
