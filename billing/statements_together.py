"""What the statements of one file say together: a bank's file of a year holds one for each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.models import Statement


@dataclass(frozen=True, slots=True)
class Together:
    """Statements of one account, at least one; their days (Warsaw) are empty where none has a readable line."""

    account: str
    count: int
    numbers: str
    first_day: date | None
    last_day: date | None
    # Grosze, of the earliest and of the latest statement.
    opening_balance: int
    closing_balance: int | None
    # What their letters were read as, where the files do not declare it themselves.
    encodings: str
    # Lines that earlier statements had brought.
    num_repeated: int


def together(statements: Sequence[Statement]) -> Together:
    """Sum up statements in the order of their file; banks put the newest first or last."""
    in_time = sorted(statements, key=lambda each: (each.first_day or date.min, each.pk))
    first, last = in_time[0], in_time[-1]
    return Together(
        account=first.account,
        count=len(statements),
        numbers=" – ".join(dict.fromkeys(each.number for each in (first, last) if each.number)),
        first_day=min((each.first_day for each in statements if each.first_day), default=None),
        last_day=max((each.last_day for each in statements if each.last_day), default=None),
        opening_balance=first.opening_balance,
        closing_balance=last.closing_balance,
        encodings=", ".join(
            dict.fromkeys(each.encoding_name for each in statements if each.encoding)
        ),
        num_repeated=sum(each.num_repeated for each in statements),
    )
