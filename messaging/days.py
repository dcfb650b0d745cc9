"""What became of an agency's messages, day by day and template by template: from kept sums, never from the messages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from django.db.models import QuerySet, Sum
from django.utils import timezone

from accounts.models import Agency
from messaging.models import CampaignTally, Message

State = Message.State

# What the operators told, or what never left. Cancelled messages are no messages.
FAILED = (State.UNDELIVERED, State.EXPIRED, State.UNKNOWN, State.REJECTED)
ON_THEIR_WAY = (State.QUEUED, State.SENDING, State.UNCERTAIN, State.SENT)
# Campaigns that are named; more are found in their list.
MAX_FAILED = 5


@dataclass(slots=True)
class Counts:
    """Numbers of messages: at the phone, surely or probably not, and not known yet."""

    delivered: int = 0
    failed: int = 0
    waiting: int = 0

    @property
    def all(self) -> int:
        return self.delivered + self.failed + self.waiting

    @property
    def rate(self) -> int | None:
        """Delivered of those whose end is known, in whole percent; None while none is."""
        known = self.delivered + self.failed
        return 100 * self.delivered // known if known else None

    def add(self, state: str, number: int) -> None:
        """Count messages in a status."""
        if state == State.DELIVERED:
            self.delivered += number
        elif state in FAILED:
            self.failed += number
        elif state in ON_THEIR_WAY:
            self.waiting += number


def by_day(agency: Agency, first: date, last: date) -> dict[date, Counts]:
    """For each day (Warsaw) from first to last: the messages of the campaigns that began to leave on it."""
    days = {first + timedelta(days=n): Counts() for n in range((last - first).days + 1)}
    rows = _tallies(agency, first, last).values_list("campaign__leaves_at", "state")
    # A campaign has a row for each status: its day is looked up once.
    day_of = cache(timezone.localdate)
    for leaves_at, state, number in rows.annotate(Sum("number")):
        days[day_of(leaves_at)].add(state, number)
    return days


def by_template(agency: Agency, first: date, last: date) -> list[tuple[str, Counts]]:
    """Template names with the messages of their campaigns that began to leave on these days, most first.

    An empty name stands for texts of one's own and for templates that are gone.
    """
    found: defaultdict[str, Counts] = defaultdict(Counts)
    rows = _tallies(agency, first, last).values_list("campaign__template__name", "state")
    for name, state, number in rows.annotate(Sum("number")):
        found[name or ""].add(state, number)
    used = ((name, counts) for name, counts in found.items() if counts.all)
    return sorted(used, key=lambda each: (-each[1].all, each[0]))


def failed_on(agency: Agency, day: date) -> list[tuple[int, str, int]]:
    """Campaigns that began to leave on a day (Warsaw) with messages that failed: id, name, number; most first."""
    rows = _tallies(agency, day, day).filter(state__in=FAILED)
    found = rows.values_list("campaign", "campaign__name").annotate(total=Sum("number"))
    return list(found.filter(total__gt=0).order_by("-total", "campaign")[:MAX_FAILED])


def _tallies(agency: Agency, first: date, last: date) -> QuerySet[CampaignTally]:
    days = (_midnight(first), _midnight(last + timedelta(days=1)))
    return CampaignTally.objects.filter(
        campaign__agency=agency, campaign__leaves_at__gte=days[0], campaign__leaves_at__lt=days[1]
    ).order_by()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
