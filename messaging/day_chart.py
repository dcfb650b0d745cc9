"""Messages per day as bars: delivered at the bottom, those that failed above, those on their way on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from messaging.days import Counts

# Of the picture, in its own units.
WIDTH, HEIGHT = 720, 200
_LEFT, _BOTTOM, _TOP = 64, 32, 16
_GAP = 4
_FLOOR = HEIGHT - _BOTTOM
# Days written below the bars at most, so that they stay apart on phones.
_MAX_MARKS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar."""

    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's messages and where its bar stands."""

    day: date
    counts: Counts
    x: int
    width: int
    delivered: Part
    failed: Part
    waiting: Part
    is_marked: bool

    @property
    def centre(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class DayChart:
    """At least one bar; `highest` is what the tallest one stands for."""

    bars: list[Bar]
    highest: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    top: int = _TOP
    floor: int = _FLOOR
    middle: int = (_FLOOR + _TOP) // 2


def chart_of(days: Mapping[date, Counts]) -> DayChart | None:
    """The chart of these days, in their order; None when nothing was sent on any."""
    highest = max((counts.all for counts in days.values()), default=0)
    if not highest:
        return None
    step = (WIDTH - _LEFT) // max(len(days), 7)
    every = -(-len(days) // _MAX_MARKS)
    bars = [
        _bar(day, counts, highest, number, step, is_marked=number % every == 0)
        for number, (day, counts) in enumerate(days.items())
    ]
    return DayChart(bars, highest)


def _bar(
    day: date, counts: Counts, highest: int, number: int, step: int, *, is_marked: bool
) -> Bar:
    delivered = _part(_FLOOR, counts.delivered, highest)
    failed = _part(delivered.y, counts.failed, highest)
    return Bar(
        day=day,
        counts=counts,
        x=_LEFT + number * step + _GAP // 2,
        width=step - _GAP,
        delivered=delivered,
        failed=failed,
        waiting=_part(failed.y, counts.waiting, highest),
        is_marked=is_marked,
    )


def _part(bottom: int, count: int, highest: int) -> Part:
    """Even one message is seen."""
    height = max((_FLOOR - _TOP) * count // highest, 2) if count else 0
    return Part(bottom - height, height)
