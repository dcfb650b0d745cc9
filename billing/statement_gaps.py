"""Statements that are missing between those that were imported."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from billing.models import Statement

# A number of the year, perhaps with its page: 49, 00049/001. Longer ones are dates.
_NUMBER = re.compile(r"0*(\d{1,4})(?:/\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Gap:
    """Between these days (Warsaw) money moved that no statement tells of; balances in grosze."""

    last_day_before: date
    first_day_after: date
    closed_with: int | None
    opened_with: int


@dataclass(frozen=True, slots=True)
class Missing:
    """What lacks right before a statement. `numbers` are the first and the last that lack."""

    gap: Gap | None
    numbers: tuple[int, int] | None


def missing_before(statements: Sequence[Statement]) -> list[Missing]:
    """What lacks before each of these statements, in their order, of all that were imported of their accounts.

    One question to the database, for a file may hold a statement for each day of a year.
    """
    imported: defaultdict[str, list[Statement]] = defaultdict(list)
    accounts = {statement.account for statement in statements}
    for statement in Statement.objects.filter(account__in=accounts).order_by("id"):
        imported[statement.account].append(statement)
    known = {account: _Known(of_account) for account, of_account in imported.items()}
    return [
        Missing(
            known[statement.account].gap_before(statement),
            known[statement.account].missing_numbers(statement),
        )
        for statement in statements
    ]


class _Known:
    """All statements of an account, in the orders in which one looks for what came before another."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._closed: defaultdict[int | None, list[Statement]] = defaultdict(list)
        self._numbers: defaultdict[tuple[str, int | None], set[int]] = defaultdict(set)
        days: list[tuple[date, date]] = []
        ended: list[tuple[date, Statement]] = []
        for statement in statements:
            self._closed[statement.closing_balance].append(statement)
            if (number := _number(statement.number)) is not None:
                self._numbers[statement.format, _year(statement)].add(number)
            if statement.first_day is not None and statement.last_day is not None:
                days.append((statement.first_day, statement.last_day))
                ended.append((statement.last_day, statement))
        days.sort()
        self._first_days = [first for first, _last in days]
        # The latest day that any of those has which began as early.
        self._reached = list(accumulate((last for _first, last in days), max))
        ended.sort(key=lambda pair: (pair[0], pair[1].pk))
        self._last_days = [last for last, _statement in ended]
        self._ended = [statement for _last, statement in ended]

    def gap_before(self, statement: Statement) -> Gap | None:
        """Say what is missing before a statement, None where nothing is or nothing can be known.

        Days without a statement are no gap by themselves: some banks write none for days without operations. The
        opening balance must be the closing balance of some statement that began earlier, or be inside one.
        """
        day = statement.first_day
        if day is None:
            return None
        for other in self._closed[statement.opening_balance]:
            if other.pk != statement.pk and other.first_day and other.first_day <= day:
                return None
        num_begun = bisect_left(self._first_days, day)
        if num_begun and self._reached[num_begun - 1] >= day:
            return None
        num_ended = bisect_left(self._last_days, day)
        if not num_ended:
            return None
        before = self._ended[num_ended - 1]
        return Gap(
            self._last_days[num_ended - 1], day, before.closing_balance, statement.opening_balance
        )

    def missing_numbers(self, statement: Statement) -> tuple[int, int] | None:
        """The first and the last number that lacks between a statement and the one before it in its year.

        None where none does, or where the bank does not number them so. Tells also of statements in which as much went
        out as came in: their balances show no gap.
        """
        number = _number(statement.number)
        if number is None or statement.first_day is None:
            return None
        of_year = self._numbers[statement.format, statement.first_day.year]
        numbers = of_year | self._numbers[statement.format, None]
        before = max((each for each in numbers if each < number), default=None)
        return None if before is None or before == number - 1 else (before + 1, number - 1)


def _year(statement: Statement) -> int | None:
    return statement.first_day.year if statement.first_day else None


def _number(text: str) -> int | None:
    match = _NUMBER.fullmatch(text.strip())
    return int(match[1]) if match else None
