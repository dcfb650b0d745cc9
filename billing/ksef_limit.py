"""How much may still be invoiced outside KSeF, the national e-invoice system: art. 145m of the VAT Act.

Until 31 December 2026 a seller may issue invoices outside it while those of one month come to 10,000 zł gross at
most. The invoice that exceeds this and all later ones must be issued in KSeF (ust. 2), and from 1 January 2027 all
are, whatever their amount. Only invoices that belong into KSeF count: those to buyers with a NIP, by their day of
issue. Corrections are not taken off: the stricter reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.db.models.expressions import Combinable
from django.utils import timezone

from accounts.models import User
from accounts.outbox import queue_mail
from accounts.roles import OPERATOR_ROLES, Permission
from accounts.subqueries import Smallest, Total
from billing.models import Invoice, KsefNotice

# Grosze of gross invoices a month.
LIMIT = 10_000_00
# From here on there is little time left to prepare.
NEAR = 8_000_00
# Warsaw days: before the first nobody of our size had to, from the second on everybody has to.
LIMIT_BEGAN = date(2026, 4, 1)
LIMIT_ENDS = date(2027, 1, 1)


@dataclass(frozen=True, slots=True)
class KsefLimit:
    """What the operator's people see of it."""

    # Grosze: invoices of this month (Warsaw) outside KSeF.
    total: int
    # The invoice that exceeded the limit, and its day; empty and None if none did.
    passed_by: str
    passed_on: date | None
    # Whether the limit is over for everybody.
    is_over: bool
    limit: int = LIMIT

    @property
    def is_near(self) -> bool:
        """Whether little of this month's limit is left."""
        return self.total >= NEAR


def figures() -> dict[str, Combinable]:
    """What `limit_of` needs, as parts of a query of one row."""
    passed = KsefNotice.objects.filter(kind=KsefNotice.Kind.PASSED)
    today = timezone.localdate()
    return {
        "ksef_total": Total(_counted().filter(year=today.year, month=today.month), "gross"),
        "ksef_passed_by": Smallest(passed, "invoice__number"),
        "ksef_passed_on": Smallest(passed, "invoice__issued_on"),
    }


def limit_of(found: Mapping[str, Any]) -> KsefLimit:
    """What these figures say today."""
    return KsefLimit(
        total=found["ksef_total"] or 0,
        passed_by=found["ksef_passed_by"] or "",
        passed_on=found["ksef_passed_on"],
        is_over=timezone.localdate() >= LIMIT_ENDS,
    )


def watch() -> int:
    """Tell those of the operator who book payments that the limit is near or exceeded: once each.

    Returns how many notices that were. Periodic; any number may run at once.
    """
    today = timezone.localdate()
    passed = KsefNotice.objects.filter(kind=KsefNotice.Kind.PASSED)
    if today >= LIMIT_ENDS or passed.exists():
        return 0
    # Until the limit is exceeded once, there are few.
    months = _counted().filter(issued_on__gte=LIMIT_BEGAN).order_by("year", "month")
    totals = months.values_list("year", "month").annotate(total=Sum("gross"))
    for year, month, total in totals:
        if total > LIMIT:
            return _note(KsefNotice.Kind.PASSED, year, month, LIMIT)
        if total >= NEAR and (year, month) == (today.year, today.month):
            return _note(KsefNotice.Kind.NEAR, year, month, NEAR - 1)
    return 0


def _counted() -> QuerySet[Invoice]:
    return Invoice.objects.exclude(kind=Invoice.Kind.CORRECTION).exclude(buyer_nip="")


@transaction.atomic
def _note(kind: str, year: int, month: int, above: int) -> int:
    """Write the notice of the invoice with which the month came to more than `above` grosze, and its mails."""
    invoice_id = _first_above(year, month, above)
    notice, is_new = KsefNotice.objects.get_or_create(
        kind=kind, year=year, month=month, defaults={"invoice_id": invoice_id}
    )
    if not is_new:
        return 0
    for person in User.objects.filter(role__in=OPERATOR_ROLES, is_active=True):
        if person.may(Permission.BOOK_PAYMENTS):
            queue_mail("billing.emails.send_ksef_notice", notice.pk, person.pk)
    return 1


def _first_above(year: int, month: int, above: int) -> int:
    """The id of the invoice, in the order in which they were issued."""
    total = 0
    of_month = _counted().filter(year=year, month=month).order_by("pk")
    for pk, gross in of_month.values_list("pk", "gross"):
        total += gross
        if total > above:
            return int(pk)
    raise ValueError(f"{year}-{month:02}: {total} grosze are not more than {above}")
