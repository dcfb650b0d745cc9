"""mBank's CSV "Elektroniczne zestawienie operacji": the statement that its customers get for nothing.

It has no identifiers of transactions, but a balance behind every line, so that a lost line shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from billing.statements.account_numbers import normalise_account
from billing.statements.csv_records import Record, lines_of, records_of
from billing.statements.mbank_values import day, grosze
from billing.statements.rows import (
    EntryKind,
    ParsedStatement,
    Refusal,
    StatementError,
    StatementRow,
    UnreadableLine,
    UnreadableReason,
)

_BOOKED, _KIND, _TITLE, _PARTY, _ACCOUNT, _AMOUNT, _BALANCE = (
    "#Data księgowania",
    "#Opis operacji",
    "#Tytuł",
    "#Nadawca/Odbiorca",
    "#Numer konta",
    "#Kwota",
    "#Saldo po operacji",
)
_COLUMNS = (_BOOKED, _KIND, _TITLE, _PARTY, _ACCOUNT, _AMOUNT, _BALANCE)
_OPENING, _CLOSING = "#Saldo początkowe", "#Saldo końcowe"
_OWN_ACCOUNT, _CURRENCY, _PERIOD = "#Numer rachunku", "#Waluta", "#Za okres:"


def looks_like_mbank_csv(text: str) -> bool:
    """Tell whether a line heads the columns of such a statement."""
    likely = (line for line in lines_of(text) if _BALANCE in line)
    return any(_is_heading(line.split(";")) for line in likely)


def parse_mbank_csv(text: str) -> list[ParsedStatement]:
    """Read the one statement of the file.

    Raises StatementError when it is cut off, lacks its account or opening balance, or when the balance behind a
    line does not follow from the line before.
    """
    records = records_of(text, ";")
    above, heading = _until(records, _is_heading)
    head = _head(above)
    columns = {name: heading.cells.index(name) for name in _COLUMNS}
    currency = head.get(_CURRENCY, "")
    opening = _required_grosze(head.get(_OPENING, ""))
    reached: int | None = opening
    entries: list[StatementRow | UnreadableLine] = []
    closing = None
    for record in records:
        if _CLOSING in record.cells:
            closing = _closing(record)
            break
        if not record.is_blank():
            reached = _balance_after(record, reached, columns)
            entries.append(_entry(record, columns, currency))
    if closing is None:
        raise StatementError(Refusal.TRUNCATED)
    return [
        ParsedStatement(
            format="mbank_csv",
            account=_own_account(head),
            currency=currency,
            number=head.get(_PERIOD, ""),
            opening_grosze=opening,
            closing_grosze=closing,
            rows=tuple(entry for entry in entries if isinstance(entry, StatementRow)),
            unreadable=tuple(entry for entry in entries if isinstance(entry, UnreadableLine)),
        )
    ]


def _until(
    records: Iterable[Record], is_wanted: Callable[[Sequence[str]], bool]
) -> tuple[list[Record], Record]:
    before: list[Record] = []
    for record in records:
        if is_wanted(record.cells):
            return before, record
        before.append(record)
    raise StatementError(Refusal.TRUNCATED)


def _is_heading(cells: Sequence[str]) -> bool:
    return {cell.strip() for cell in cells} >= set(_COLUMNS)


def _head(records: Sequence[Record]) -> dict[str, str]:
    """What stands above the columns: values behind their label or, mostly, in the line below it.

    The first of equal labels counts.
    """
    found: dict[str, str] = {}
    for record, below in zip(records, [*records[1:], Record(0, [], "")], strict=True):
        label, *values = record.cells or [""]
        if label.startswith("#"):
            inline = next(filter(None, values), "")
            value = inline if label == _OPENING else "-".join(filter(None, below.cells))
            found.setdefault(label, value)
    return found


def _own_account(head: Mapping[str, str]) -> str:
    account = normalise_account(head.get(_OWN_ACCOUNT, ""))
    if not re.fullmatch(r"\d{26}", account):
        raise StatementError(Refusal.FOREIGN_ACCOUNT)
    return account


def _closing(record: Record) -> int:
    behind = record.cells[record.cells.index(_CLOSING) + 1 :]
    return _required_grosze(next(filter(None, behind), ""))


def _required_grosze(text: str) -> int:
    amount = grosze(text)
    if amount is None:
        raise StatementError(Refusal.DAMAGED)
    return amount


def _balance_after(line: Record, before: int | None, columns: Mapping[str, int]) -> int | None:
    """The balance behind a line, which must follow from the one before it; None where it cannot be known.

    A line whose amount or balance cannot be read is passed over: the closing balance judges it.
    """
    amount = grosze(line.cell(columns[_AMOUNT]))
    balance = grosze(line.cell(columns[_BALANCE]))
    if before is None or amount is None or balance is None:
        return balance
    if before + amount != balance:
        raise StatementError(Refusal.DAMAGED)
    return balance


def _entry(
    line: Record, columns: Mapping[str, int], currency: str
) -> StatementRow | UnreadableLine:
    cells = {name: line.cell(column) for name, column in columns.items()}
    amount = grosze(cells[_AMOUNT])
    if len(line.cells) <= columns[_BALANCE]:
        return UnreadableLine(line.line_number, line.raw, UnreadableReason.LAYOUT, amount)
    if amount is None:
        return UnreadableLine(line.line_number, line.raw, UnreadableReason.AMOUNT)
    booked_on = day(cells[_BOOKED])
    if booked_on is None:
        return UnreadableLine(line.line_number, line.raw, UnreadableReason.DATE, amount)
    return StatementRow(
        booked_on=booked_on,
        amount_grosze=amount,
        currency=currency,
        kind=_kind(cells[_KIND], amount),
        title=" ".join((cells[_TITLE] or cells[_KIND]).split()),
        payer_name=" ".join(cells[_PARTY].split()),
        payer_account=normalise_account(cells[_ACCOUNT]),
        bank_reference="",
        line_number=line.line_number,
    )


def _kind(description: str, amount: int) -> EntryKind:
    """mBank marks reversals (korekta) by a word only; money back from an outgoing transfer is one, too."""
    words = description.upper()
    is_reversal = "KOREKTA" in words or "ZWROT" in words
    if amount < 0:
        return EntryKind.REVERSAL_OF_CREDIT if is_reversal else EntryKind.DEBIT
    is_reversal = is_reversal or "WYCHODZĄCY" in words
    return EntryKind.REVERSAL_OF_DEBIT if is_reversal else EntryKind.CREDIT
