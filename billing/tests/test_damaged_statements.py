"""Damage to a file is never money: it is refused, shown by the balance, or harmless."""

from __future__ import annotations

import random

import pytest

from billing.statements import read_statement
from billing.statements.checks import balance_problem
from billing.statements.rows import StatementError
from billing.tests.statement_files import LAYOUTS, sample

FILES_PER_LAYOUT = 60


def amounts(data: bytes) -> list[int]:
    return [row.amount_grosze for parsed in read_statement(data) for row in parsed.rows]


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


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("damage", [flip, cut, swap_lines])
def test_damage_is_refused_or_told_or_leaves_every_amount(damage, name: str) -> None:
    whole = sample(name)
    expected = sorted(amounts(whole))
    chance = random.Random(f"{damage.__name__} {name}")
    for _ in range(FILES_PER_LAYOUT):
        damaged = damage(whole, chance)
        try:
            statements = read_statement(damaged)
        except StatementError:
            continue
        if not any(balance_problem(parsed) for parsed in statements):
            assert sorted(amounts(damaged)) == expected, damaged


@pytest.mark.parametrize("name", LAYOUTS)
def test_some_damage_is_noticed_and_some_is_harmless(name: str) -> None:
    whole = sample(name)
    digit = whole.replace(b"290,00", b"299,00", 1)
    letter = whole.replace(b"ANNA", b"HANNA", 1)
    assert [balance_problem(parsed) is None for parsed in read_statement(digit)] == [False]
    assert [balance_problem(parsed) is None for parsed in read_statement(letter)] == [True]
