"""A statement's lines on their way into the database: what identifies each, and whether it can be a payment."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

from django.conf import settings

from accounts.bulk_sql import create_many
from accounts.registration_codes import fold
from billing.models import BankLine, Statement
from billing.statements.rows import EntryKind, StatementRow

State = BankLine.State
Reason = BankLine.Reason
# More rows in a statement only take memory.
LINES_AT_ONCE = 5_000
_WAITS = (Reason.NONE, Reason.POSSIBLE_TWIN)

# How often each content was met, by its hash: the counts tell genuine twins apart.
Occurrences = Counter[bytes]


@dataclass(slots=True)
class NewLine:
    """A row of a statement with the key that any file gives it, and why it is not credited by itself."""

    row: StatementRow
    key: str
    reason: Reason

    @property
    def is_waiting(self) -> bool:
        """Whether it can be a payment."""
        return self.reason in _WAITS


def new_line(
    row: StatementRow, account: str, occurrences: Occurrences, neighbours: Set[str]
) -> NewLine:
    """A row of a statement of `account`; `neighbours` are the keys of lines in statements that touch it."""
    reason = _reason_not_a_payment(row)
    key = _key(account, row, occurrences)
    while key in neighbours:
        # Not the same line: a statement that touches this one holds it. Whether both are payments, staff say.
        key = _key(account, row, occurrences)
        reason = reason or Reason.POSSIBLE_TWIN
    return NewLine(row, key, reason)


def store(lines: Sequence[NewLine], statement: Statement) -> None:
    """Insert the lines of a stored statement, in their order."""
    for start in range(0, len(lines), LINES_AT_ONCE):
        some = lines[start : start + LINES_AT_ONCE]
        create_many(BankLine, [_stored(line, statement) for line in some])


def _stored(line: NewLine, statement: Statement) -> dict[str, object]:
    row = line.row
    return {
        "statement_id": statement.pk,
        "key": line.key,
        "line_number": row.line_number,
        "booked_on": row.booked_on,
        "amount": row.amount_grosze,
        "currency": row.currency,
        "title": row.title[:500],
        "payer_name": row.payer_name[:300],
        "payer_account": row.payer_account[:34],
        "bank_reference": row.bank_reference[:64],
        "state": (State.UNMATCHED if line.is_waiting else State.NOT_A_PAYMENT).value,
        "reason": line.reason.value,
    }


def _key(account: str, row: StatementRow, occurrences: Occurrences) -> str:
    """What makes a booking the same in any file: its content, and which of its genuine twins of that day it is.

    Version 1 of the rule. A later rule must not recompute the keys of stored lines.
    """
    content = (
        "v1",
        account,
        row.booked_on,
        row.amount_grosze,
        row.currency,
        row.kind,
        row.payer_account,
        fold(row.title)[:60],
    )
    key = hashlib.sha256("".join(f"{part}|" for part in content).encode())
    digest = key.digest()
    occurrences[digest] += 1
    key.update(str(occurrences[digest]).encode())
    return key.hexdigest()


def _reason_not_a_payment(row: StatementRow) -> Reason:
    if row.kind in (EntryKind.REVERSAL_OF_CREDIT, EntryKind.REVERSAL_OF_DEBIT):
        return Reason.REVERSAL
    if row.kind != EntryKind.CREDIT:
        return Reason.OUTGOING
    if row.currency != "PLN":
        return Reason.OTHER_CURRENCY
    if row.amount_grosze <= 0:
        return Reason.ZERO
    if row.payer_account == settings.SELLER_ACCOUNT:
        return Reason.OWN_TRANSFER
    return Reason.NONE
