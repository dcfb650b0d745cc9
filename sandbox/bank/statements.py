"""A day's statement of an account, whatever format it is written in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from sandbox.models import Transfer

STARTING_BALANCE = 1_000_000  # grosze


@dataclass(frozen=True)
class Statement:
    """Balances are in grosze; `closing` is `opening` plus the transfers of the day."""

    account: str
    day: dt.date
    opening: int
    transfers: list[Transfer]

    @property
    def closing(self) -> int:
        """The balance at the end of the day, in grosze."""
        return self.opening + sum(transfer.amount for transfer in self.transfers)


def statement_of(account: str, day: dt.date) -> Statement:
    """Return the statement of one Warsaw day; its opening is the closing of the day before."""
    booked = Transfer.objects.filter(account=account)
    transfers = list(booked.filter(booked_on=day).order_by("pk"))
    before = booked.filter(booked_on__lt=day).aggregate(total=Sum("amount"))["total"] or 0
    return Statement(account, day, STARTING_BALANCE + before, transfers)
