"""What became of an agency's messages, day by day and template by template: from kept sums, never from the messages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from django.db.models import Sum
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


class CampaignSum(NamedTuple):
    """How many messages of a campaign have a status; the campaign's template is None for a text of one's own."""

    campaign_id: int
    campaign: str
    template: str | None
    leaves_at: datetime
    state: str
    number: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Of the campaigns that began to leave on the days (Warsaw) from first to last: read once, told in several ways."""

    first: date
    last: date
    rows: Sequence[CampaignSum]

    def by_day(self) -> dict[date, Counts]:
        """For each of the days."""
        num_days = (self.last - self.first).days + 1
        days = {self.first + timedelta(days=n): Counts() for n in range(num_days)}
        # A campaign has a row for each status: its day is looked up once.
        day_of = cache(timezone.localdate)
        for row in self.rows:
            days[day_of(row.leaves_at)].add(row.state, row.number)
        return days

    def by_template(self) -> list[tuple[str, Counts]]:
        """Template names, most messages first; an empty one stands for texts of one's own and for gone templates."""
        found: defaultdict[str, Counts] = defaultdict(Counts)
        for row in self.rows:
            found[row.template or ""].add(row.state, row.number)
        used = ((name, counts) for name, counts in found.items() if counts.all)
        return sorted(used, key=lambda each: (-each[1].all, each[0]))

    def failed_on(self, day: date) -> list[tuple[int, str, int]]:
        """Campaigns that began to leave on one of the days with messages that failed: id, name, number; most first."""
        found: Counter[tuple[int, str]] = Counter()
        begin, end = _midnight(day), _midnight(day + timedelta(days=1))
        for row in self.rows:
            if row.state in FAILED and begin <= row.leaves_at < end:
                found[row.campaign_id, row.campaign] += row.number
        failed = [(pk, name, number) for (pk, name), number in found.items() if number]
        return sorted(failed, key=lambda each: (-each[2], each[0]))[:MAX_FAILED]


def sums_of(agency: Agency, first: date, last: date) -> Sums:
    """What became of what the agency sent on the days from first to last, in one query."""
    rows = CampaignTally.objects.filter(
        campaign__agency=agency,
        campaign__leaves_at__gte=_midnight(first),
        campaign__leaves_at__lt=_midnight(last + timedelta(days=1)),
    )
    found = rows.order_by().values_list(
        "campaign", "campaign__name", "campaign__template__name", "campaign__leaves_at", "state"
    )
    return Sums(first, last, [CampaignSum(*row) for row in found.annotate(Sum("number"))])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
