"""Statements of one day that follow each other, e.g. its morning's and its afternoon's, imported as separate files."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import F

from billing.models import BankLine, Statement
from billing.statements.rows import ParsedStatement


def keys_of_neighbours(parsed: ParsedStatement) -> set[str]:
    """Keys of stored lines in statements that touch this one, directly or through others, on its days.

    They touch where one opens with the balance that the other closed with. A line of theirs is another booking than
    an equal line here: a statement never repeats what the one before it holds. A statement that ends where it began
    touches everything and proves nothing, so it has no neighbours.
    """
    if parsed.opening_grosze == parsed.closing_grosze:
        return set()
    same_days = list(_of_same_days(parsed))
    before = _chain(same_days, parsed.opening_grosze, _closing, _opening)
    after = _chain(same_days, parsed.closing_grosze, _opening, _closing)
    lines = BankLine.objects.filter(statement__in=before | after)
    return set(lines.values_list("key", flat=True))


def _of_same_days(parsed: ParsedStatement) -> Iterable[Statement]:
    moved = Statement.objects.exclude(opening_balance=F("closing_balance"))
    days = {row.booked_on for row in parsed.rows}
    return moved.filter(account=parsed.account, lines__booked_on__in=days).distinct()


def _chain(
    statements: Iterable[Statement],
    balance: int | None,
    near_end: Callable[[Statement], int | None],
    far_end: Callable[[Statement], int | None],
) -> set[int]:
    """Ids of the statements met when walking from a balance, each beginning where the last one ended."""
    balances, met = {balance}, set[int]()
    while found := {s for s in statements if s.pk not in met and near_end(s) in balances}:
        met |= {statement.pk for statement in found}
        balances |= {far_end(statement) for statement in found}
    return met


def _opening(statement: Statement) -> int:
    return statement.opening_balance


def _closing(statement: Statement) -> int | None:
    return statement.closing_balance
