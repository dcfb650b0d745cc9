"""The CSV of any other bank: a table whose columns a person has named once.

Without balances a lost line would not show. So they come from a column of the table or from the person, who copies them
from the bank; and the account is named in the file, or the person vouches for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from billing.statements.account_numbers import normalise_account
from billing.statements.csv_columns import Column, guess_columns, layout_of
from billing.statements.csv_records import Record, records_of
from billing.statements.reading import Reading
from billing.statements.rows import (
    EntryKind,
    ParsedStatement,
    Refusal,
    StatementError,
    StatementRow,
    UnreadableLine,
    UnreadableReason,
)

FORMAT = "other_csv"
_SEPARATORS = ";,\t|"
# The headers stand within so many records; what is above them names the account and the days.
_RECORDS_ABOVE = 60
# Fewer columns hold no day, amount and title.
_MIN_COLUMNS = 3
_MAX_COLUMNS = 60

# A number with its sign before or behind it, perhaps with the currency.
_SIGNED = re.compile(
    r"(?P<sign>[+\-\u2212]?) ?(?P<number>[\d .,']*\d)(?: ?[A-Z]{3})?(?P<sign_behind>-?)", re.ASCII
)
_NUMBERS = (
    # 1 234,50, 1234.5 and 29.
    re.compile(r"(?P<whole>\d{1,3}(?: \d{3}){1,4}|\d{1,13})(?:[.,](?P<cents>\d{1,2}))?", re.ASCII),
    # 1.234,50 and 1,234.50: what parts the thousands does not part the grosze.
    re.compile(
        r"(?P<whole>\d{1,3}(?P<mark>[.,'])\d{3}(?:(?P=mark)\d{3}){0,3})(?!(?P=mark))[.,](?P<cents>\d\d)",
        re.ASCII,
    ),
)
_SPACES = re.compile(r"[\s\xa0\u2007\u202f]+")
_DAY = re.compile(
    r"(?P<year>\d{4})(?P<mark>[-./]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)"
    r"|(?P<d>\d\d?)(?P<point>[-./])(?P<m>\d\d?)(?P=point)(?P<y>\d{4})",
    re.ASCII,
)
_REVERSAL = re.compile("KOREKT|ZWROT|STORNO", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table begins in its file, and what it is called there."""

    separator: str
    above: str
    headers: tuple[str, ...]
    line_number: int

    @property
    def layout(self) -> str:
        return layout_of(self.headers)


def find_table(text: str) -> Table | None:
    """The table of a CSV file: its headers are those of which most are known. None if it holds none."""
    tables = (_table(text, separator) for separator in _SEPARATORS)
    found = [each for each in tables if each is not None]
    return max(
        found, key=lambda table: (_num_known(table.headers), len(table.headers)), default=None
    )


def first_rows(text: str, table: Table, count: int) -> list[list[str]]:
    """The cells of the first lines of a table, for the person who names its columns."""
    rows = islice(_rows(text, table), count)
    return [[row.cell(column) for column in range(len(table.headers))] for row in rows]


def names_account(table: Table, columns: Sequence[str], account: str) -> bool:
    """Whether the file itself says that it is of the account: above the table, or in a column."""
    if Column.OWN_ACCOUNT in columns:
        return True
    return account in re.sub(r"[\s\xa0-]", "", table.above)


def parse_other_csv(text: str, table: Table, reading: Reading) -> list[ParsedStatement]:
    """Read the table as the person has said.

    Raises StatementError where something must be asked: the columns, whose account it is, its balances; and when the
    balances in the table contradict its amounts.
    """
    columns = reading.layouts.get(table.layout)
    if columns is None or len(columns) != len(table.headers):
        raise StatementError(Refusal.CSV_COLUMNS)
    if not names_account(table, columns, reading.account) and not reading.is_vouched:
        raise StatementError(Refusal.CSV_ACCOUNT)
    lines = _by_account(text, table, columns, reading.account)
    return [
        _statement(account, of_account, reading, Column.BALANCE in columns)
        for account, of_account in lines.items()
    ]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table with the balance behind it, in grosze, where there is one."""

    entry: StatementRow | UnreadableLine
    balance: int | None

    @property
    def amount(self) -> int | None:
        return self.entry.amount_grosze


def _table(text: str, separator: str) -> Table | None:
    start = list(islice(records_of(text, separator), _RECORDS_ABOVE))
    wide = [record for record in start if _MIN_COLUMNS <= _width(record) <= _MAX_COLUMNS]
    if len(wide) < 2:
        return None
    head = max(wide, key=lambda record: (_num_known(record.cells), -record.line_number))
    above = "\n".join(record.raw for record in start if record.line_number < head.line_number)
    return Table(separator, above, tuple(head.cells[: _width(head)]), head.line_number)


def _width(record: Record) -> int:
    """Cells up to the last that is filled: some banks end each line with a separator."""
    return max((place for place, cell in enumerate(record.cells, start=1) if cell), default=0)


def _num_known(headers: Sequence[str]) -> int:
    return sum(1 for column in guess_columns(headers) if column)


def _rows(text: str, table: Table) -> Iterator[Record]:
    for record in records_of(text, table.separator):
        if record.line_number > table.line_number and not record.is_blank():
            yield record


def _by_account(
    text: str, table: Table, columns: Sequence[str], account: str
) -> Mapping[str, list[_Line]]:
    found: dict[str, list[_Line]] = {}
    for record in _rows(text, table):
        cells = _cells(record, columns)
        own = cells.get(Column.OWN_ACCOUNT, "")
        # What names no account at all is ours: the balances must prove it.
        named = normalise_account(own) if own else account
        balance = grosze(cells.get(Column.BALANCE, ""))
        found.setdefault(named, []).append(_Line(_entry(record, cells), balance))
    return found


def _cells(record: Record, columns: Sequence[str]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for place, column in enumerate(columns):
        cell = record.cell(place)
        cells[column] = f"{cells[column]} {cell}".strip() if column in cells else cell
    return cells


def _entry(record: Record, cells: Mapping[str, str]) -> StatementRow | UnreadableLine:
    day_text = cells.get(Column.BOOKED_ON, "")
    if not day_text:
        # A total below the table, or nothing that was booked: it moves no money, as the balances must prove.
        return UnreadableLine(record.line_number, record.raw, UnreadableReason.LAYOUT)
    amount = _amount(cells)
    if amount is None:
        return UnreadableLine(record.line_number, record.raw, UnreadableReason.AMOUNT)
    booked_on = day(day_text)
    if booked_on is None:
        return UnreadableLine(record.line_number, record.raw, UnreadableReason.DATE, amount)
    return StatementRow(
        booked_on=booked_on,
        amount_grosze=amount,
        currency=cells.get(Column.CURRENCY, "").upper() or _currency(cells) or "PLN",
        kind=_kind(cells.get(Column.KIND, ""), amount),
        title=" ".join((cells.get(Column.TITLE) or cells.get(Column.KIND, "")).split()),
        payer_name=" ".join(cells.get(Column.PAYER_NAME, "").split()),
        payer_account=normalise_account(cells.get(Column.PAYER_ACCOUNT, "")),
        bank_reference=cells.get(Column.REFERENCE, ""),
        line_number=record.line_number,
    )


def _amount(cells: Mapping[str, str]) -> int | None:
    if Column.AMOUNT in cells:
        return grosze(cells[Column.AMOUNT])
    received, paid = cells.get(Column.CREDIT, ""), cells.get(Column.DEBIT, "")
    amounts = [grosze(text) if text else 0 for text in (received, paid)]
    if not (received or paid) or None in amounts:
        return None
    credit, debit = (abs(amount or 0) for amount in amounts)
    return credit - debit


def _currency(cells: Mapping[str, str]) -> str:
    """The one that stands behind the amount."""
    text = cells.get(Column.AMOUNT) or cells.get(Column.CREDIT) or cells.get(Column.DEBIT, "")
    found = re.search(r"[A-Z]{3}$", text)
    return found[0] if found else ""


def _kind(description: str, amount: int) -> EntryKind:
    is_reversal = _REVERSAL.search(description) is not None
    if amount < 0:
        return EntryKind.REVERSAL_OF_CREDIT if is_reversal else EntryKind.DEBIT
    return EntryKind.REVERSAL_OF_DEBIT if is_reversal else EntryKind.CREDIT


def _statement(
    account: str, lines: list[_Line], reading: Reading, has_balances: bool
) -> ParsedStatement:
    opening, closing = reading.opening_grosze, reading.closing_grosze
    if has_balances:
        opening, closing = _chain(lines)
    if opening is None or closing is None:
        raise StatementError(Refusal.CSV_BALANCES)
    entries = [line.entry for line in lines]
    rows = tuple(entry for entry in entries if isinstance(entry, StatementRow))
    return ParsedStatement(
        format=FORMAT,
        account=account,
        currency=rows[0].currency if rows else "PLN",
        number="",
        opening_grosze=opening,
        closing_grosze=closing,
        rows=rows,
        unreadable=tuple(entry for entry in entries if isinstance(entry, UnreadableLine)),
    )


def _chain(lines: Sequence[_Line]) -> tuple[int, int]:
    """Opening and closing balance of lines that a bank lists from the oldest on, or from the newest."""
    booked = [line for line in lines if line.balance is not None and line.amount is not None]
    for ordered in (booked, booked[::-1]):
        steps = zip(ordered, ordered[1:], strict=False)
        if ordered and all(
            (before.balance or 0) + (line.amount or 0) == line.balance for before, line in steps
        ):
            first, last = ordered[0], ordered[-1]
            return (first.balance or 0) - (first.amount or 0), last.balance or 0
    raise StatementError(Refusal.CSV_CHAIN)


def grosze(text: str) -> int | None:
    """Signed grosze of "-1 234,50", "1.234,50", "1234.5 PLN", "29" or "29,00-"; None for anything else.

    "1.234" is none: nobody can tell a thousand from a bit more than one.
    """
    signed = _SIGNED.fullmatch(_SPACES.sub(" ", text).strip())
    number = signed and next(
        filter(None, (each.fullmatch(signed["number"]) for each in _NUMBERS)), None
    )
    if not signed or not number:
        return None
    amount = int(re.sub(r"\D", "", number["whole"])) * 100
    amount += int((number["cents"] or "0").ljust(2, "0"))
    is_negative = signed["sign"] in ("-", "\u2212") or signed["sign_behind"]
    return -amount if is_negative else amount


# A statement has few different days, each many times.
@lru_cache(maxsize=1024)
def day(text: str) -> date | None:
    """The day of "2026-11-22", "22.11.2026", "22/11/2026" or "20261122", with or without a time behind it."""
    match = _DAY.fullmatch(text.split()[0].split("T")[0]) if text.strip() else None
    if match is None:
        return None
    found = match.groupdict()
    try:
        return date(
            int(found["year"] or found["y"]),
            int(found["month"] or found["m"]),
            int(found["day"] or found["d"]),
        )
    except ValueError:
        return None
