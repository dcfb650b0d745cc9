"""Statements as MT940 in the layout of mBank's retail accounts: cp1250, CRLF, `~` subfields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sandbox.bank.accounts import is_home_account
from sandbox.bank.statements import Statement
from sandbox.models import Transfer

CONTENT_TYPE = "application/octet-stream"
ENCODING = "cp1250"
WIDTH = 27  # characters in a subfield
TITLE_FIELDS = range(20, 29)
INCOMING, OUTGOING = "150", "152"


def write(statement: Statement) -> bytes:
    """Return the file; the same transfers always give the same bytes."""
    lines = [
        ":20:MT940",
        f":25:/PL{statement.account}",
        f":28C:{statement.day:%y%m%d}",
        f":60F:{_balance(statement.opening, statement.day)}",
    ]
    for transfer in statement.transfers:
        lines += _transfer_lines(transfer)
    lines += [f":62F:{_balance(statement.closing, statement.day)}", "-", ""]
    return "\r\n".join(lines).encode(ENCODING, errors="replace")


def _balance(grosze: int, day: dt.date) -> str:
    return f"{_mark(grosze)}{day:%y%m%d}PLN{_amount(grosze)}"


def _mark(grosze: int) -> str:
    return "D" if grosze < 0 else "C"


def _amount(grosze: int) -> str:
    whole, rest = divmod(abs(grosze), 100)
    return f"{whole},{rest:02d}"


def _transfer_lines(transfer: Transfer) -> Iterator[str]:
    code = OUTGOING if transfer.amount < 0 else INCOMING
    day = f"{transfer.booked_on:%y%m%d}{transfer.booked_on:%m%d}"
    yield f":61:{day}{_mark(transfer.amount)}{_amount(transfer.amount)}S{code}{transfer.pk:011d}"
    yield f":86:{code}"
    yield f":86:{code}~00B{code}{_kind(transfer)}"[: len(":86:150~00") + WIDTH]
    for field, value in _subfields(transfer, code):
        yield f"~{field}{value}"


def _kind(transfer: Transfer) -> str:
    where = "WEWNĘTRZNY" if is_home_account(transfer.party_account) else "ZEWNĘTRZNY"
    direction = "WYCHODZĄCY" if transfer.amount < 0 else "PRZYCHODZĄCY"
    return f"PRZELEW {where} {direction}"


def _subfields(transfer: Transfer, code: str) -> Iterator[tuple[int, str]]:
    party = f"{transfer.party_name} {transfer.party_address}".strip()
    account = transfer.party_account
    yield from _cut(transfer.title, TITLE_FIELDS)
    yield 29, account
    yield 30, account[2:10]
    yield 31, account[10:]
    yield from _cut(party, range(32, 34))
    yield 34, code
    yield 38, f"PL{account}"
    yield 62, ""
    yield 63, ""


def _cut(text: str, fields: range) -> Iterator[tuple[int, str]]:
    """Fill the fields one after another, cutting anywhere as the bank does; the rest is lost."""
    for index, field in enumerate(fields):
        yield field, text[index * WIDTH : (index + 1) * WIDTH]
