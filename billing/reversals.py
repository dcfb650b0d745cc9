"""Reversals: the bank takes back a transfer that it had booked, and so do we."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum, auto

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import events
from accounts.models import EventKind
from accounts.registration_codes import fold
from billing import booking
from billing.models import BankLine, Payment
from billing.money import format_amount

State = BankLine.State

# Banks reverse what they booked by mistake, and payers recall what they sent by mistake, within weeks.
LONGEST = timedelta(days=60)


class Fate(Enum):
    """What became of a reversal."""

    TAKEN_BACK = auto()  # the payment is undone, or will never be credited
    WAITS = auto()  # the money is spent, or it is not sure whose it was: staff decide
    NOTHING_TO_DO = auto()  # nothing of ours was reversed


@transaction.atomic
def settle(line: BankLine) -> Fate:
    """Take back the payment that a reversal (a line with a negative amount) reverses, if it is sure which.

    Idempotent: what was settled has its line. Where the agency has spent the money, the reversal waits for staff, who
    settle it again once the balance has grown, or set it aside.
    """
    line = (
        BankLine.objects.select_for_update(of=("self",)).select_related("statement").get(pk=line.pk)
    )
    if line.reverses_id is not None or line.state == State.SET_ASIDE:
        return Fate.NOTHING_TO_DO
    found = _candidates(line)
    if not found:
        return Fate.NOTHING_TO_DO
    if len({_whose(each) for each in found}) > 1:
        return _let_wait(line)
    original = found[-1]
    try:
        with transaction.atomic():
            _take_back(line, original)
    except booking.BookingRefused:
        return _let_wait(line)
    return Fate.TAKEN_BACK


def _candidates(line: BankLine) -> list[BankLine]:
    """Lines that it can be the reversal of, oldest first: the same amount and payer, or where a bank leaves the payer's
    account out, the same title."""
    days = (line.booked_on - LONGEST, line.booked_on)
    same = BankLine.objects.filter(
        statement__account=line.statement.account,
        amount=-line.amount,
        booked_on__range=days,
        state__in=(State.CREDITED, State.UNMATCHED),
        reversals=None,
    )
    title = fold(line.title)
    return [
        each
        for each in same.select_related("payment__agency").order_by("booked_on", "id")
        if each.payer_account == line.payer_account != "" or fold(each.title) == title
    ]


def _whose(line: BankLine) -> int | None:
    """The agency that a line is credited to; equal payments of one agency are each other's like."""
    payment: Payment | None = getattr(line, "payment", None)
    return payment.agency_id if payment else None


def _take_back(line: BankLine, original: BankLine) -> None:
    with override("pl"):
        reason = _("The bank took the transfer back on %(day)s.") % {
            "day": f"{line.booked_on:%d.%m.%Y}"
        }
    if original.state == State.CREDITED:
        booking.undo(original.payment, by=None, reason=reason)
    waiting = BankLine.objects.filter(pk=original.pk, state=State.UNMATCHED)
    waiting.update(state=State.SET_ASIDE, set_aside_note=reason)
    BankLine.objects.filter(pk=line.pk).update(state=State.NOT_A_PAYMENT, reverses=original)
    events.record(EventKind.LINE_SET_ASIDE, f"{format_amount(original.amount)}, {reason}")


def _let_wait(line: BankLine) -> Fate:
    BankLine.objects.filter(pk=line.pk).update(state=State.UNMATCHED)
    return Fate.WAITS
