"""Messages per day as bars: delivered at the bottom, those that failed above, those on their way on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy, pgettext_lazy

from messaging.days import Counts

# Of the picture, in its own units.
WIDTH, HEIGHT = 720, 200
_LEFT, _BOTTOM, _TOP = 64, 32, 16
_GAP = 4
_FLOOR = HEIGHT - _BOTTOM
# Days written below the bars at most, so that they stay apart on phones.
_MAX_MARKS = 5
_WORDS = (
    pgettext_lazy("messages", "Delivered"),
    pgettext_lazy("messages", "Not delivered"),
    gettext_lazy("On their way"),
)


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

    def rect(self, part: Part, look: str) -> str:
        """A piece of the bar as SVG; nothing of a piece without height."""
        if not part.height:
            return ""
        return (
            f'<rect {look} x="{self.x}" y="{part.y}" width="{self.width}" height="{part.height}" />'
        )


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

    # Formatted here: for three months of bars a template takes as long as ten pages. There is nobody's text in it.

    def drawn_bars(self) -> SafeString:
        """The bars as SVG, each with what it stands for."""
        words = [escape(str(word)) for word in _WORDS]
        return mark_safe("\n".join(self._drawn(bar, words) for bar in self.bars))  # noqa: S308

    def _drawn(self, bar: Bar, words: list[str]) -> str:
        counts = bar.counts
        numbers = zip(words, (counts.delivered, counts.failed, counts.waiting), strict=True)
        told = ", ".join(f"{word} {number}" for word, number in numbers)
        mark = (
            f'<text class="chart-text" x="{bar.centre}" y="{self.height - 8}" text-anchor="middle">'
            f"{bar.day:%d.%m}</text>"
            if bar.is_marked
            else ""
        )
        return (
            f"<g><title>{bar.day:%d.%m.%Y}: {told}</title>"
            + bar.rect(bar.delivered, 'class="chart-delivered"')
            + bar.rect(bar.failed, 'class="chart-others"')
            + bar.rect(bar.failed, 'fill="url(#chart-hatch)"')
            + bar.rect(bar.waiting, 'class="chart-waiting"')
            + f"</g>{mark}"
        )

    def table_rows(self) -> SafeString:
        """The same as rows of a table."""
        rows = (
            f'<tr><th scope="row">{bar.day:%d.%m.%Y}</th>'
            f'<td class="number">{localize(bar.counts.delivered)}</td>'
            f'<td class="number">{localize(bar.counts.failed)}</td>'
            f'<td class="number">{localize(bar.counts.waiting)}</td></tr>'
            for bar in self.bars
        )
        return mark_safe("\n".join(rows))  # noqa: S308


def chart_of(days: Mapping[date, Counts]) -> DayChart | None:
    """The chart of these days, in their order; None when nothing was sent on any."""
    highest = max((counts.all for counts in days.values()), default=0)
    if not highest:
        return None
    step = (WIDTH - _LEFT) // max(len(days), 7)
    every = -(-len(days) // _MAX_MARKS)
    bars = [
        _bar(day, counts, highest, number, step, is_marked=(len(days) - 1 - number) % every == 0)
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
