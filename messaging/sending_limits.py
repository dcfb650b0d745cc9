"""What an employee may send in a month, if the owner has set a limit: in SMS parts or in grosze.

A campaign counts for the person who confirmed it, in the Warsaw calendar month of the confirmation, with what it costs:
what was confirmed, less what could not be written and was paid back at once (`Campaign.cost`). What the gateway refuses
later is refunded to the agency and yet counts: the limit is on what a person sets going, and does not change under
their hands weeks later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import BigIntegerField, ExpressionWrapper, F, Sum
from django.utils import timezone

from accounts.models import User
from messaging.models import Campaign


class Unit(StrEnum):
    PARTS = "parts"
    GROSZE = "grosze"


@dataclass(frozen=True, slots=True)
class Allowance:
    """A person's limit of this month and what is used of it, both in `unit`."""

    unit: Unit
    limit: int
    used: int

    @property
    def left(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def is_amount(self) -> bool:
        """Whether the numbers are grosze."""
        return self.unit is Unit.GROSZE

    def covers(self, *, parts: int, cost: int) -> bool:
        """Whether a campaign of so many parts and grosze may still go."""
        return (cost if self.is_amount else parts) <= self.left


class MonthlyLimitReached(Exception):
    """The campaign is more than the person may still send this month. Nothing was debited."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(f"limit {allowance.limit} {allowance.unit}, used {allowance.used}")
        self.allowance = allowance


def allowance_of(person: User) -> Allowance | None:
    """The person's limit of this month with what is used of it; None without a limit."""
    if person.monthly_limit_parts is not None:
        return Allowance(Unit.PARTS, person.monthly_limit_parts, _used(person, Unit.PARTS))
    if person.monthly_limit_amount is not None:
        return Allowance(Unit.GROSZE, person.monthly_limit_amount, _used(person, Unit.GROSZE))
    return None


def lock_allowance(person: User) -> Allowance | None:
    """As `allowance_of`, of the person as they are now, locked until the transaction ends.

    Their campaigns are confirmed in turn: two tabs that confirm at once would otherwise both see what was left before
    either.
    """
    return allowance_of(User.objects.select_for_update(no_key=True).get(pk=person.pk))


def _used(person: User, unit: Unit) -> int:
    mine = Campaign.objects.filter(confirmed_by=person, confirmed_at__gte=_start_of_month())
    # A campaign's cost is a whole number of parts at its price.
    parts = ExpressionWrapper(F("cost") / F("price"), BigIntegerField())
    counted = F("cost") if unit is Unit.GROSZE else parts
    return int(mine.aggregate(total=Sum(counted, default=0))["total"])


def _start_of_month() -> datetime:
    """Midnight in Warsaw."""
    return timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
