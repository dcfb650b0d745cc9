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
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.bulk_sql import as_stored
from accounts.models import User


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
    unit = unit_of(person)
    if unit is None:
        return None
    sql, parameters = used_in(unit, person)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return allowance(person, unit, cursor.fetchone()[0])


def unit_of(person: User) -> Unit | None:
    """What the person's limit is counted in; None without a limit."""
    if person.monthly_limit_parts is not None:
        return Unit.PARTS
    return Unit.GROSZE if person.monthly_limit_amount is not None else None


def used_in(unit: Unit, person: User) -> tuple[str, list[Any]]:
    """The statement that tells what is used of this month's limit, and its parameters; other statements may hold it."""
    return _USED[unit], [person.pk, as_stored(_start_of_month())]


def allowance(person: User, unit: Unit, used: int) -> Allowance:
    """What a person with a limit in that unit has left, of whom that much was used."""
    limit = person.monthly_limit_parts if unit is Unit.PARTS else person.monthly_limit_amount
    return Allowance(unit, limit or 0, int(used))


def lock_allowance(person: User) -> Allowance | None:
    """As `allowance_of`, of the person as they are now, locked until the transaction ends.

    Their campaigns are confirmed in turn: two tabs that confirm at once would otherwise both see what was left before
    either.
    """
    return allowance_of(User.objects.select_for_update(no_key=True).get(pk=person.pk))


# A campaign's cost is a whole number of parts at its price.
_USED = {
    unit: (
        f"SELECT COALESCE(SUM({counted}), 0) FROM messaging_campaign"  # noqa: S608  (of the two below)
        " WHERE confirmed_by_id = %s AND confirmed_at >= %s"
    )
    for unit, counted in ((Unit.PARTS, "cost / price"), (Unit.GROSZE, "cost"))
}


def _start_of_month() -> datetime:
    """Midnight in Warsaw."""
    return timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
