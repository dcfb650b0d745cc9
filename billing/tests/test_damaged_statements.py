"""Damage to a file is never money: it is refused, shown by the balance, or harmless."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from django.db import transaction

from accounts.models import Agency
from billing.models import BankLine, Payment, UnreadLine
from billing.statement_import import ImportRefused, import_statement
from billing.statements import read_statement
from billing.statements.checks import balance_problem
from billing.statements.rows import StatementError
from billing.tests.books import rows_in_the_books
from billing.tests.statement_files import EVERY_LAYOUT, LAYOUTS, sample

# With eight layouts and three kinds of damage: 2,016 files read, and as many imported, in full or not at all.
FILES_PER_LAYOUT = 84


def amounts(data: bytes) -> list[int]:
    """The amounts of the lines, of those kept unread too, in order."""
    lines = [each for parsed in read_statement(data) for each in (*parsed.rows, *parsed.unreadable)]
    return sorted(line.amount_grosze for line in lines if line.amount_grosze is not None)


def flip(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def cut(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.choice([1, 30, 500, len(data)]) :]


def swap_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    one, other = chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


@pytest.mark.parametrize("name", EVERY_LAYOUT)
@pytest.mark.parametrize("damage", [flip, cut, swap_lines])
def test_damage_is_refused_or_told_or_leaves_every_amount(damage, name: str) -> None:
    whole = sample(name)
    expected = amounts(whole)
    chance = random.Random(f"{damage.__name__} {name}")
    for _ in range(FILES_PER_LAYOUT):
        damaged = damage(whole, chance)
        try:
            statements = read_statement(damaged)
        except StatementError:
            continue
        if not any(balance_problem(parsed) for parsed in statements):
            assert amounts(damaged) == expected, damaged


@pytest.mark.parametrize("name", LAYOUTS)
def test_some_damage_is_noticed_and_some_is_harmless(name: str) -> None:
    whole = sample(name)
    digit = whole.replace(b"290,00", b"299,00", 1)
    letter = whole.replace(b"ANNA", b"HANNA", 1)
    assert [balance_problem(parsed) is None for parsed in read_statement(digit)] == [False]
    assert [balance_problem(parsed) is None for parsed in read_statement(letter)] == [True]


@pytest.mark.django_db
@pytest.mark.parametrize("name", EVERY_LAYOUT)
def test_importing_damaged_files_credits_no_wrong_amount_and_never_half_a_file(
    agency: Agency, name: str
) -> None:
    whole = sample(name)
    due = Counter(amount for amount in amounts(whole) if amount > 0)
    chance = random.Random(name)
    for damage in (flip, cut, swap_lines) * FILES_PER_LAYOUT:
        damaged = damage(whole, chance)
        with transaction.atomic():
            try:
                import_statement(damaged, name)
            except (ImportRefused, StatementError):
                assert rows_in_the_books() == 0, damaged
            else:
                # A line of the head that strayed among them is told as unreadable, too.
                assert BankLine.objects.count() + UnreadLine.objects.count() >= 14, damaged
                assert BankLine.objects.count() <= 14, damaged
                credited = Payment.objects.values_list("amount", flat=True)
                assert Counter(credited) <= due, damaged
            transaction.set_rollback(True)
