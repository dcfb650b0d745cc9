"""At which hours and in which networks an agency's messages end: sums kept with the reports that end them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from accounts.bulk_sql import as_stored
from accounts.models import Agency
from messaging.days import Counts
from messaging.gateways.base import StatusReport
from messaging.models import Message
from messaging.networks import network_name

HOURS = range(24)


def add(ended: Iterable[tuple[int, StatusReport]], now: datetime) -> None:
    """Count messages that reports have just ended: agency ids and the reports, in the same transaction.

    Where the gateway does not say when it happened, it is now.
    """
    sums: Counter[tuple[int, date, int, str, str]] = Counter()
    for agency_id, report in ended:
        hour = (report.happened_at or now).replace(minute=0, second=0, microsecond=0)
        sums[agency_id, *_in_warsaw(hour), report.network, str(report.state)] += 1
    if not sums:
        return
    values = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(sums))
    # In the order of the key: two who add to the same sums wait for each other and do not lock each other out.
    parameters = [
        value
        for (agency_id, day, hour, network, state), number in sorted(sums.items())
        for value in (agency_id, as_stored(day), hour, network, state, number)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(values=values), parameters)


# Reports that come together happened within few hours.
@lru_cache(maxsize=256)
def _in_warsaw(hour: datetime) -> tuple[date, int]:
    local = timezone.localtime(hour)
    return local.date(), local.hour


_ADD = """
INSERT INTO messaging_deliverysum (agency_id, day, hour, network, state, number) VALUES {values}
ON CONFLICT (agency_id, day, hour, network, state)
DO UPDATE SET number = messaging_deliverysum.number + excluded.number
"""


class HourSum(NamedTuple):
    """How many messages ended in a state at an hour of the day (Warsaw), in the network with that code."""

    hour: int
    network: str
    state: str
    number: int


def sums_of(agency: Agency, first: date, last: date) -> list[HourSum]:
    """Of the messages that ended on these days (Warsaw), in one query."""
    rows = agency.delivery_sums.filter(day__range=(first, last)).order_by()
    found = rows.values_list("hour", "network", "state").annotate(Sum("number"))
    return [HourSum(*row) for row in found]


def by_network(sums: Iterable[HourSum]) -> list[tuple[str, Counts]]:
    """Names of operators with their messages, most first."""
    found: defaultdict[str, Counts] = defaultdict(Counts)
    for row in sums:
        found[network_name(row.network)].add(row.state, row.number)
    return sorted(found.items(), key=lambda each: (-each[1].all, each[0]))


def delivered_by_hour(sums: Iterable[HourSum]) -> list[int]:
    """Messages delivered at each hour of the day, 0 to 23, on all days together."""
    found: Counter[int] = Counter()
    for row in sums:
        if row.state == Message.State.DELIVERED:
            found[row.hour] += row.number
    return [found[hour] for hour in HOURS]
