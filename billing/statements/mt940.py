"""SWIFT MT940 statements as Polish banks write them, which is seldom as SWIFT does."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator, Sequence
from datetime import date

from billing.statements.mt940_details import read_details
from billing.statements.mt940_fields import Block, Field, split_statements
from billing.statements.rows import (
    EntryKind,
    ParsedStatement,
    Refusal,
    StatementError,
    StatementRow,
    UnreadableLine,
    UnreadableReason,
)

_AMOUNT = r"(?P<amount>(?=[,.]?\d)\d{0,15}[,.]\d{0,2})"
_BALANCE = re.compile(rf"(?P<mark>[CD])\d{{6}}(?P<currency>[A-Z]{{3}}){_AMOUNT}", re.ASCII)
# Value date, booking day, mark, third letter of the currency, amount, type, references. The letter
# makes CD a credit in USD and CR one in EUR; RC and RD are reversals.
_ENTRY = re.compile(
    r"(?P<value>\d{6})(?P<booked>\d{4})?(?P<mark>RC|RD|C|D)[A-Z]?"
    rf"{_AMOUNT}(?P<type>[A-Z][A-Z0-9]{{3}})(?P<references>.*)",
    re.ASCII,
)
_KINDS = {
    "C": EntryKind.CREDIT,
    "D": EntryKind.DEBIT,
    "RC": EntryKind.REVERSAL_OF_CREDIT,
    "RD": EntryKind.REVERSAL_OF_DEBIT,
}


def parse_mt940(text: str) -> list[ParsedStatement]:
    """Read every statement of a file, of any number of accounts.

    Lines that cannot be read are kept apart. Raises StatementError when the file is cut off, or
    when a statement lacks its account or its opening balance.
    """
    blocks = split_statements(text)
    if blocks and not blocks[-1].ended and blocks[-1].only("62F", "62M") is None:
        raise StatementError(Refusal.TRUNCATED)
    return [_statement(block) for block in blocks]


def _statement(block: Block) -> ParsedStatement:
    currency, opening = _balance(block.only("60F", "60M") or "")
    closing = block.only("62F", "62M")
    entries = [_entry(group, currency) for group in _entry_groups(block)]
    return ParsedStatement(
        format="mt940",
        account=_own_account(block.only("25") or ""),
        currency=currency,
        number=block.only("28C", "28") or "",
        opening_grosze=opening,
        closing_grosze=None if closing is None else _closing(closing, currency),
        rows=tuple(entry for entry in entries if isinstance(entry, StatementRow)),
        unreadable=tuple(entry for entry in entries if isinstance(entry, UnreadableLine)),
    )


def _own_account(text: str) -> str:
    """Banks put "PL", "/PL" or nothing before the 26 digits, and some a currency behind."""
    digits = re.search(r"(?<!\d)\d{26}(?!\d)", text.replace(" ", ""), re.ASCII)
    if digits is None:
        raise StatementError(Refusal.FOREIGN_ACCOUNT)
    return digits[0]


def _balance(text: str) -> tuple[str, int]:
    match = _BALANCE.fullmatch(text)
    if match is None:
        raise StatementError(Refusal.DAMAGED)
    return match["currency"], _KINDS[match["mark"]].sign * _grosze(match["amount"])


def _closing(text: str, currency: str) -> int:
    closing_currency, grosze = _balance(text)
    if closing_currency != currency:
        raise StatementError(Refusal.DAMAGED)
    return grosze


def _grosze(amount: str) -> int:
    """Read an amount as SWIFT writes it: "1000," and ",5" are complete, zeros may lead."""
    whole, grosze = re.split("[,.]", amount)
    return int(whole or "0") * 100 + int(grosze.ljust(2, "0"))


def _entry_groups(block: Block) -> Iterator[list[Field]]:
    """Yield each :61: with its :86: fields; an :86: behind the closing balance belongs to none."""
    group: list[Field] = []
    for each in block.fields:
        if each.tag == "86" and group:
            group.append(each)
            continue
        if group:
            yield group
        group = [each] if each.tag == "61" else []
    if group:
        yield group


def _entry(group: Sequence[Field], currency: str) -> StatementRow | UnreadableLine:
    entry = group[0]
    match = _ENTRY.match(entry.lines[0].strip())
    if match is None:
        return UnreadableLine(entry.line_number, _raw(group), UnreadableReason.LAYOUT)
    kind = _KINDS[match["mark"]]
    amount = kind.sign * _grosze(match["amount"])
    try:
        booked_on = _booking_date(match["value"], match["booked"])
    except ValueError:
        return UnreadableLine(entry.line_number, _raw(group), UnreadableReason.DATE, amount)
    details = read_details(group[1:])
    return StatementRow(
        booked_on=booked_on,
        amount_grosze=amount,
        currency=currency,
        kind=kind,
        title=details.title,
        payer_name=details.name,
        payer_account=details.account,
        bank_reference=details.reference or _reference(match["type"], match["references"]),
        line_number=entry.line_number,
    )


def _raw(group: Sequence[Field]) -> str:
    return "\n".join(each.raw for each in group)


def _booking_date(value: str, booked: str | None) -> date:
    """Give the booking day (MMDD) the year nearest to the value date (YYMMDD).

    Money valued on 2 January may have been booked on 31 December. Raises ValueError for days that
    do not exist.
    """
    value_date = _day(2000 + int(value[:2]), value[2:])
    if booked is None:
        return value_date
    candidates = [
        _day(year, booked)
        for year in range(value_date.year - 1, value_date.year + 2)
        if booked != "0229" or isleap(year)
    ]
    return min(candidates, key=lambda day: abs(day - value_date))


def _day(year: int, month_and_day: str) -> date:
    return date(year, int(month_and_day[:2]), int(month_and_day[2:]))


def _reference(kind: str, references: str) -> str:
    """Return the bank's reference behind "//", or mBank retail's and ING's type and sequence.

    The reference before "//" is the customer's own and identifies nothing.
    """
    _, separator, banks_own = references.partition("//")
    if separator:
        return banks_own.strip()
    return kind + references if kind.startswith("S") and references.isdigit() else ""
