"""Turning received money into a credited wallet and an issued invoice: one transaction, once per payment."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.jobs import enqueue
from accounts.models import Agency, EventKind, User
from billing import invoicing, ledger
from billing.models import BankLine, Payment
from billing.money import format_amount

# A payment that staff entered by hand may be this many days away from the bank's booking of the same transfer.
MANUAL_BOOKING_TOLERANCE = timedelta(days=5)


class LineNotWaiting(Exception):
    """The bank line was credited already, or is no payment at all."""


class BookingRefused(Exception):
    """The payment cannot be booked; `str()` says why in the user's language."""


@transaction.atomic
def book_by_hand(
    *, agency: Agency, amount: int, received_on: date, note: str, booked_by: User
) -> Payment:
    """Credit and invoice a payment of `amount` grosze that no statement has brought yet.

    Raises BookingRefused for an amount that is not positive or a day that has not come.
    """
    if amount <= 0:
        raise BookingRefused(_("The amount must be more than 0,00 zł."))
    if received_on > timezone.localdate():
        raise BookingRefused(_("The money cannot have come after today."))
    payment = Payment.objects.create(
        agency=agency, amount=amount, received_on=received_on, note=note, booked_by=booked_by
    )
    _credit_and_invoice(payment)
    _record(EventKind.PAYMENT_BOOKED, payment, booked_by)
    return payment


@transaction.atomic
def credit_line(line: BankLine, agency: Agency, booked_by: User | None = None) -> Payment:
    """Credit a waiting bank line to an agency and invoice it.

    A payment that staff entered by hand for the same transfer is completed with the line instead: the money came
    once. Raises LineNotWaiting when somebody else was faster.
    """
    claimed = BankLine.objects.filter(pk=line.pk, state=BankLine.State.UNMATCHED).update(
        state=BankLine.State.CREDITED, reason=BankLine.Reason.NONE
    )
    if not claimed:
        raise LineNotWaiting
    known = _booked_by_hand(agency, line.amount, line.booked_on)
    if known is not None:
        known.bank_line = line
        known.save(update_fields=["bank_line"])
        _record(EventKind.LINE_ASSIGNED, known, booked_by)
        return known
    payment = Payment.objects.create(
        agency=agency,
        amount=line.amount,
        received_on=line.booked_on,
        bank_line=line,
        booked_by=booked_by,
    )
    _credit_and_invoice(payment)
    kind = EventKind.LINE_ASSIGNED if booked_by else EventKind.PAYMENT_BOOKED
    _record(kind, payment, booked_by)
    return payment


def _booked_by_hand(agency: Agency, amount: int, booked_on: date) -> Payment | None:
    near = (booked_on - MANUAL_BOOKING_TOLERANCE, booked_on + MANUAL_BOOKING_TOLERANCE)
    waiting = Payment.objects.select_for_update().filter(
        agency=agency, amount=amount, bank_line=None, received_on__range=near
    )
    return waiting.order_by("received_on", "id").first()


def _credit_and_invoice(payment: Payment) -> None:
    ledger.credit(
        agency=payment.agency,
        amount=payment.amount,
        reference=f"payment:{payment.pk}",
        actor=payment.booked_by,
    )
    invoice = invoicing.issue(payment)
    enqueue("billing.tasks.deliver_invoice", invoice.pk)


def _record(kind: EventKind, payment: Payment, person: User | None) -> None:
    """Without a person it is the act of whoever is logged in and imports the statement, or of nobody."""
    subject = f"{format_amount(payment.amount)}, {payment.invoice.number}"
    events.record(kind, subject, agency=payment.agency, person=person)
