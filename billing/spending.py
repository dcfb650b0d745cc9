"""What an agency spends and pays, month by month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.models import Agency
from billing.models import LedgerEntry

Kind = LedgerEntry.Kind
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """What a calendar month (Warsaw) cost and brought, in grosze; `day` is its first day."""

    day: date
    spent: int
    paid: int


def by_month(agency: Agency, today: date) -> list[Month]:
    """The last MONTHS months, the newest first; empty for who never moved any money."""
    first = _months_before(today.replace(day=1), MONTHS - 1)
    moved = LedgerEntry.objects.filter(
        wallet=agency.pk, created_at__gte=timezone.make_aware(datetime.combine(first, time.min))
    )
    months = moved.annotate(month=TruncMonth("created_at")).order_by().values_list("month", "kind")
    spent, paid = Counter[date](), Counter[date]()
    for moment, kind, total in months.annotate(Sum("amount")):
        day = timezone.localdate(moment)
        if kind in (Kind.CAMPAIGN, Kind.REFUND):
            spent[day] -= total
        else:
            paid[day] += total
    days = [_months_before(today.replace(day=1), number) for number in range(MONTHS)]
    found = [Month(day, max(0, spent[day]), paid[day]) for day in days]
    while found and not (found[-1].spent or found[-1].paid):
        found.pop()
    return found


def _months_before(day: date, number: int) -> date:
    """The first day of the month so many months before."""
    months = day.year * 12 + day.month - 1 - number
    return date(months // 12, months % 12 + 1, 1)
