"""Turning received money into a credited wallet and an issued invoice: one transaction, once per payment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.bulk_sql import create_many
from accounts.id_lists import among
from accounts.jobs import enqueue
from accounts.models import Agency, EventKind, User
from billing import corrections, invoicing, ledger
from billing.models import (
    BankLine,
    Invoice,
    LedgerEntry,
    LineSuggestion,
    PayerAccount,
    Payment,
)
from billing.money import format_amount

# A payment that staff entered by hand may be this many days away from the bank's booking of the same transfer.
MANUAL_BOOKING_TOLERANCE = timedelta(days=5)
# Invoices that get a job each at once.
FEW_INVOICES = 100


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
    waiting = BankLine.objects.filter(pk=line.pk, state=BankLine.State.UNMATCHED, amount__gt=0)
    claimed = waiting.update(state=BankLine.State.CREDITED, reason=BankLine.Reason.NONE)
    if not claimed:
        raise LineNotWaiting
    LineSuggestion.objects.filter(line=line).delete()
    _learn([(line, agency)])
    if booked_by is not None and _others_wait(line):
        # What was learned of the payer is a suggestion for them.
        enqueue("billing.tasks.match_waiting")
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


@transaction.atomic
def split(line: BankLine, shares: Sequence[tuple[Agency, int]], *, by: User) -> list[Payment]:
    """Credit one transfer to several agencies, each with its grosze and an invoice of its own.

    Raises BookingRefused unless the shares are positive, of different agencies and come to the line's amount;
    LineNotWaiting when somebody else was faster.
    """
    if len(shares) < 2 or len({agency.pk for agency, _amount in shares}) < len(shares):
        raise BookingRefused(_("Name at least two different agencies."))
    if any(amount <= 0 for _agency, amount in shares):
        raise BookingRefused(_("The amount must be more than 0,00 zł."))
    if sum(amount for _agency, amount in shares) != line.amount:
        raise BookingRefused(_("The parts do not come to the amount of the transfer."))
    waiting = BankLine.objects.filter(pk=line.pk, state=BankLine.State.UNMATCHED)
    if not waiting.update(state=BankLine.State.SPLIT, reason=BankLine.Reason.NONE):
        raise LineNotWaiting
    LineSuggestion.objects.filter(line=line).delete()
    return [
        credit_line(_portion(line, number, amount), agency, by)
        for number, (agency, amount) in enumerate(shares, start=1)
    ]


def _others_wait(line: BankLine) -> bool:
    waiting = BankLine.objects.filter(state=BankLine.State.UNMATCHED)
    return bool(line.payer_account) and waiting.filter(payer_account=line.payer_account).exists()


def _portion(line: BankLine, number: int, amount: int) -> BankLine:
    """A part of a line that is split: undone it waits alone."""
    return BankLine.objects.create(
        statement=line.statement,
        part_of=line,
        key=hashlib.sha256(f"{line.key}/{number}".encode()).hexdigest(),
        line_number=line.line_number,
        booked_on=line.booked_on,
        amount=amount,
        title=line.title,
        payer_name=line.payer_name,
        payer_account=line.payer_account,
        bank_reference=line.bank_reference,
        state=BankLine.State.UNMATCHED,
    )


@transaction.atomic
def set_aside(line: BankLine, note: str, *, by: User) -> None:
    """Take a waiting line out of the queue that is no payment for an agency. Raises LineNotWaiting."""
    waiting = BankLine.objects.filter(pk=line.pk, state=BankLine.State.UNMATCHED)
    if not waiting.update(state=BankLine.State.SET_ASIDE, set_aside_note=note):
        raise LineNotWaiting
    events.record(EventKind.LINE_SET_ASIDE, f"{format_amount(line.amount)}, {note}", person=by)


@transaction.atomic
def take_back(line: BankLine, *, by: User) -> None:
    """Let a line wait again that was set aside. Raises LineNotWaiting where it is not."""
    aside = BankLine.objects.filter(pk=line.pk, state=BankLine.State.SET_ASIDE)
    if not aside.update(state=BankLine.State.UNMATCHED, set_aside_note=""):
        raise LineNotWaiting
    events.record(EventKind.LINE_TAKEN_BACK, format_amount(line.amount), person=by)


@transaction.atomic
def undo(payment: Payment, *, by: User | None, reason: str) -> None:
    """Take a payment back that was booked by mistake: from the wallet, and its invoice to zero.

    `by` is None where the bank took it back. The line that it came by waits again. Raises BookingRefused where it was
    undone before, or where the agency has spent the money: what it sent stays paid for by somebody.
    """
    undone = Payment.objects.filter(pk=payment.pk, undone_at=None).update(
        undone_at=timezone.now(),
        undone_by=by,
        undo_reason=reason,
        undone_line=F("bank_line"),
        bank_line=None,
    )
    if not undone:
        raise BookingRefused(_("This payment was undone before."))
    try:
        ledger.debit(
            agency=payment.agency,
            amount=payment.amount,
            reference=f"payment:{payment.pk}",
            kind=LedgerEntry.Kind.UNDONE,
            actor=by,
        )
    except ledger.InsufficientBalance as error:
        raise BookingRefused(
            gettext("The account holds %(balance)s, so %(missing)s of this payment are spent.")
            % {
                "balance": format_amount(error.balance),
                "missing": format_amount(error.shortfall),
            }
        ) from error
    if payment.bank_line is not None:
        waiting = BankLine.objects.filter(pk=payment.bank_line.pk)
        waiting.update(state=BankLine.State.UNMATCHED)
        # What it taught was wrong.
        learned = PayerAccount.objects.filter(agency=payment.agency)
        learned.filter(account=payment.bank_line.payer_account).delete()
    _correct_to_zero(payment, by, reason)
    events.record(
        EventKind.PAYMENT_UNDONE, format_amount(payment.amount), agency=payment.agency, person=by
    )


def _correct_to_zero(payment: Payment, by: User | None, reason: str) -> None:
    """Its invoice, and what was issued in its place; those that were corrected to zero already are left."""
    invoice: Invoice | None = payment.invoice
    while invoice is not None:
        if corrections.standing(invoice).gross:
            corrections.correct_to_zero(invoice, by=by, reason=reason)
        invoice = getattr(invoice, "replacement", None)


@transaction.atomic
def credit_lines(pairs: Sequence[tuple[BankLine, Agency]]) -> int:
    """Credit many waiting lines to the agencies that their codes name. Returns how many were.

    As `credit_line` does one by one, in a fixed number of statements. Lines that somebody else has credited meanwhile
    are left out.
    """
    waiting = _still_waiting([line for line, _agency in pairs])
    pairs = [(line, agency) for line, agency in pairs if line.pk in waiting]
    by_hand = set(
        Payment.objects.filter(
            agency__in=among([agency.pk for _line, agency in pairs]),
            bank_line=None,
            undone_at=None,
        ).values_list("agency", flat=True)
    )
    for line, agency in pairs:
        if agency.pk in by_hand:
            # Perhaps the same transfer was entered by hand: looked at one by one.
            credit_line(line, agency)
    _credit_many([(line, agency) for line, agency in pairs if agency.pk not in by_hand])
    return len(pairs)


def _credit_many(pairs: Sequence[tuple[BankLine, Agency]]) -> None:
    lines = among([line.pk for line, _agency in pairs])
    BankLine.objects.filter(pk__in=lines).update(
        state=BankLine.State.CREDITED, reason=BankLine.Reason.NONE
    )
    LineSuggestion.objects.filter(line__in=lines).delete()
    payments = _pay_by_lines(pairs)
    ledger.credit_many(
        [ledger.Credit(p.agency.pk, p.amount, f"payment:{p.payment_id}") for p in payments]
    )
    issued = invoicing.issue_many(payments)
    _deliver_soon([invoice.invoice_id for invoice in issued])
    _learn(pairs)
    events.record_many(
        EventKind.PAYMENT_BOOKED,
        [
            (paid.agency, f"{format_amount(paid.amount)}, {invoice.number}")
            for paid, invoice in zip(payments, issued, strict=True)
        ],
    )


def _pay_by_lines(pairs: Sequence[tuple[BankLine, Agency]]) -> list[invoicing.Paid]:
    """Write the payments that lines are."""
    create_many(
        Payment,
        [
            {
                "agency_id": agency.pk,
                "amount": line.amount,
                "received_on": line.booked_on,
                "bank_line_id": line.pk,
            }
            for line, agency in pairs
        ],
    )
    written = Payment.objects.filter(bank_line__in=among([line.pk for line, _agency in pairs]))
    ids = dict(written.values_list("bank_line", "pk"))
    return [
        invoicing.Paid(ids[line.pk], agency, line.amount, line.booked_on) for line, agency in pairs
    ]


def _still_waiting(lines: Sequence[BankLine]) -> set[int]:
    """Those that nobody has decided about, locked in the order of their ids until the caller commits."""
    waiting = BankLine.objects.filter(
        pk__in=among([line.pk for line in lines]), state=BankLine.State.UNMATCHED
    )
    return set(waiting.select_for_update().order_by("pk").values_list("pk", flat=True))


def _deliver_soon(invoice_ids: Sequence[int]) -> None:
    """A job for each of a few; of many, the sweep takes up some hundred a minute."""
    if len(invoice_ids) > FEW_INVOICES:
        enqueue("billing.tasks.deliver_due_invoices")
        return
    for pk in invoice_ids:
        enqueue("billing.tasks.deliver_invoice", pk)


def _learn(pairs: Iterable[tuple[BankLine, Agency]]) -> None:
    """Remember from which account each agency was paid for."""
    paid_from = [
        {"account": line.payer_account, "agency_id": agency.pk}
        for line, agency in pairs
        if line.payer_account
    ]
    create_many(PayerAccount, paid_from, or_ignore=True)


def _booked_by_hand(agency: Agency, amount: int, booked_on: date) -> Payment | None:
    near = (booked_on - MANUAL_BOOKING_TOLERANCE, booked_on + MANUAL_BOOKING_TOLERANCE)
    waiting = Payment.objects.select_for_update().filter(
        agency=agency,
        amount=amount,
        bank_line=None,
        undone_at=None,
        received_on__range=near,
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
