"""Statements that are missing between those that were imported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

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


def gap_before(statement: Statement) -> Gap | None:
    """Say what is missing before a statement, None where nothing is or nothing can be known.

    Days without a statement are no gap by themselves: some banks write none for days without operations. The opening
    balance must be the closing balance of some statement that began earlier, or be inside one.
    """
    if statement.first_day is None:
        return None
    others = Statement.objects.filter(account=statement.account).exclude(pk=statement.pk)
    begun = others.filter(first_day__lte=statement.first_day)
    if begun.filter(closing_balance=statement.opening_balance).exists():
        return None
    if begun.filter(first_day__lt=statement.first_day, last_day__gte=statement.first_day).exists():
        return None
    before = others.filter(last_day__lt=statement.first_day).order_by("last_day", "id").last()
    if before is None or before.last_day is None:
        return None
    return Gap(
        before.last_day, statement.first_day, before.closing_balance, statement.opening_balance
    )


def missing_numbers(statement: Statement) -> tuple[int, int] | None:
    """The first and the last number that lacks between a statement and the one before it in its year; None where none
    does, or where the bank does not number them so.

    Tells also of statements in which as much went out as came in: their balances show no gap.
    """
    number = _number(statement.number)
    if number is None or statement.first_day is None:
        return None
    of_year = Q(first_day__year=statement.first_day.year) | Q(first_day=None)
    others = Statement.objects.filter(of_year, account=statement.account, format=statement.format)
    numbers = map(_number, others.exclude(pk=statement.pk).values_list("number", flat=True))
    before = max((each for each in numbers if each is not None and each < number), default=None)
    return None if before is None or before == number - 1 else (before + 1, number - 1)


def _number(text: str) -> int | None:
    match = _NUMBER.fullmatch(text.strip())
    return int(match[1]) if match else None
