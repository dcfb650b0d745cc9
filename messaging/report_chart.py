"""When a campaign's messages reached their clients, or did not: counts by time, as a picture and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import CharField, Count
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from messaging.models import Campaign, Message

State = Message.State

# Minutes of a bar: the first that needs no more than MAX_BARS.
_WIDTHS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
MAX_BARS = 24
# What the operators told of a message that left; the rest never reached one.
_NOT_DELIVERED = (State.UNDELIVERED, State.EXPIRED, State.UNKNOWN)

# Of the picture, in its own units.
WIDTH, HEIGHT = 720, 240
_LEFT, _BOTTOM, _TOP = 84, 36, 16
_GAP = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """The reports of some minutes from `start` on, and where their bar stands: the others on top of the delivered."""

    start: datetime
    num_delivered: int
    num_others: int
    x: int
    width: int
    delivered_y: int
    delivered_height: int
    others_y: int
    others_height: int

    @property
    def centre(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in the order of time, at least one. `highest` is what the tallest one stands for."""

    bars: Sequence[Bar]
    minutes: int
    highest: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    top: int = _TOP

    @property
    def floor(self) -> int:
        return self.height - _BOTTOM

    @property
    def middle(self) -> int:
        return (self.floor + self.top) // 2

    @property
    def marked(self) -> list[Bar]:
        """The bars whose times are written below: four at most, so that they stay apart on phones."""
        step = -(-len(self.bars) // 4)
        return list(self.bars[::step])

    @property
    def is_of_days(self) -> bool:
        """Whether a time of day alone would not tell when."""
        first, last = self.bars[0].start, self.bars[-1].start
        return timezone.localdate(first) != timezone.localdate(last)


def chart_of(campaign: Campaign) -> Chart | None:
    """The chart of the campaign's final reports; None before the first one.

    Reads every message that has one: of 100,000 in some tenths of a second, so not with every look at a page.
    """
    counts = _counts_by_minute(campaign)
    if not counts:
        return None
    first, last = min(counts)[0], max(counts)[0]
    minutes = _minutes_of_bar(first, last)
    start = _start_of_bar(first, minutes)
    by_bar: Counter[tuple[int, bool]] = Counter()
    for (moment, is_delivered), count in counts.items():
        by_bar[(moment - start) // timedelta(minutes=minutes), is_delivered] += count
    num_bars = max(number for number, _is_delivered in by_bar) + 1
    highest = max(by_bar[n, True] + by_bar[n, False] for n in range(num_bars))
    return Chart(_bars(by_bar, num_bars, start, minutes, highest), minutes, highest)


def _counts_by_minute(campaign: Campaign) -> Mapping[tuple[datetime, bool], int]:
    """By minute and whether it is of delivered ones: cut as text, which is UTC on both databases and quick."""
    ended = campaign.messages.filter(
        state__in=(State.DELIVERED, *_NOT_DELIVERED), sent_at__isnull=False, final_at__isnull=False
    )
    minute = Substr(Cast("final_at", CharField()), 1, 16)
    rows = ended.order_by().annotate(minute=minute).values_list("minute", "state")
    counts: Counter[tuple[datetime, bool]] = Counter()
    for text, state, count in rows.annotate(Count("pk")):
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        counts[moment, state == State.DELIVERED] += count
    return counts


def _minutes_of_bar(first: datetime, last: datetime) -> int:
    for minutes in _WIDTHS:
        if last - _start_of_bar(first, minutes) < MAX_BARS * timedelta(minutes=minutes):
            return minutes
    # Reports come within days; whatever else a table may hold still makes a picture.
    days = (last - _start_of_bar(first, _WIDTHS[-1])).days // MAX_BARS + 1
    return days * _WIDTHS[-1]


def _start_of_bar(moment: datetime, minutes: int) -> datetime:
    """The last full step of so many minutes since midnight in Warsaw."""
    midnight = timezone.localtime(moment).replace(hour=0, minute=0)
    passed = (moment - midnight) // timedelta(minutes=1)
    return moment - timedelta(minutes=passed % min(minutes, 1440))


def _bars(
    counts: Mapping[tuple[int, bool], int],
    num_bars: int,
    start: datetime,
    minutes: int,
    highest: int,
) -> list[Bar]:
    step = (WIDTH - _LEFT) // max(num_bars, 8)
    floor, room = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP
    bars = []
    for number in range(num_bars):
        delivered, others = counts[number, True], counts[number, False]
        low, high = (_height(count, highest, room) for count in (delivered, others))
        bars.append(
            Bar(
                start=start + number * timedelta(minutes=minutes),
                num_delivered=delivered,
                num_others=others,
                x=_LEFT + number * step + _GAP // 2,
                width=step - _GAP,
                delivered_y=floor - low,
                delivered_height=low,
                others_y=floor - low - high,
                others_height=high,
            )
        )
    return bars


def _height(count: int, highest: int, room: int) -> int:
    """Of a bar; even one report is seen."""
    return max(room * count // highest, 2) if count else 0
