"""mBank's "Lista operacji": a list that one can filter and edit. It has no balances and no booking days, so it proves
nothing; all it gives is a hint of what the statement will bring.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date

from accounts.text_encoding import decode
from billing.statements.archives import is_archive
from billing.statements.mbank_values import day, grosze

# The bank prints what it is within the first lines.
_TITLE = re.compile(r"^Lista operacji;", re.MULTILINE)
_HEAD_BYTES = 20_000
_HEADING = "#Data operacji"
_OWN_ACCOUNT = re.compile(r"- (\d{26});", re.ASCII)
_ACCOUNT_AT_END = re.compile(r"\b(\d{26})$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Operation:
    """Money that came: the day of the operation, grosze, all that the bank says of it, and the payer's account."""

    day: date
    amount: int
    description: str
    payer_account: str


@dataclass(frozen=True, slots=True)
class OperationsList:
    """Whose accounts the list is of, and what came into them, in the bank's order."""

    accounts: frozenset[str]
    received: tuple[Operation, ...]


def is_operations_list(data: bytes) -> bool:
    """Tell whether the file says of itself that it is one."""
    return not is_archive(data) and _TITLE.search(decode(data[:_HEAD_BYTES]).text) is not None


def parse_operations_list(data: bytes) -> OperationsList:
    """Read what came in. Rows that are not laid out as such are passed over: nothing is booked by them."""
    text = decode(data).text
    head, _heading, table = text.partition(_HEADING)
    rows = csv.reader(table.splitlines()[1:], delimiter=";")
    operations = (_operation(row) for row in rows)
    return OperationsList(
        accounts=frozenset(_OWN_ACCOUNT.findall(head)),
        received=tuple(each for each in operations if each and each.amount > 0),
    )


def _operation(row: list[str]) -> Operation | None:
    if len(row) < 5:
        return None
    happened_on, amount = day(row[0].strip()), grosze(row[4].strip())
    if happened_on is None or amount is None:
        return None
    description = " ".join(row[1].split())
    account = _ACCOUNT_AT_END.search(description)
    return Operation(
        day=happened_on,
        amount=amount,
        description=description.removesuffix(account[1]).rstrip() if account else description,
        payer_account=account[1] if account else "",
    )
