"""Corrections of invoices (faktury korygujące, art. 106j of the VAT Act). The original never changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.jobs import enqueue
from accounts.models import Agency, EventKind, User
from billing import invoicing, ledger
from billing.invoice_numbers import take_numbers
from billing.models import Invoice, LedgerEntry, ReturnTransfer
from billing.money import format_amount, vat_from_gross

Kind = Invoice.Kind

_BUYER = ("buyer_name", "buyer_street", "buyer_postal_code", "buyer_city", "buyer_nip")


class CorrectionRefused(Exception):
    """Nothing was written; `str()` says why in the user's language."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an invoice says together with its `corrections`, oldest first: the buyer's fields, and grosze."""

    corrections: list[Invoice]
    buyer: dict[str, str]
    net: int
    vat: int
    gross: int


def standing(invoice: Invoice) -> Standing:
    """The invoice as it counts now."""
    corrections = list(invoice.corrections.order_by("id"))
    documents = [invoice, *corrections]
    return Standing(
        corrections,
        {field: getattr(documents[-1], field) for field in _BUYER},
        net=sum(document.net for document in documents),
        vat=sum(document.vat for document in documents),
        gross=sum(document.gross for document in documents),
    )


@transaction.atomic
def correct_to_zero(invoice: Invoice, *, by: User | None, reason: str) -> Invoice:
    """Take back all that is left of an invoice, e.g. since its payment is undone. Raises CorrectionRefused."""
    before = _locked(invoice)
    return _issue(invoice, before, 0, before.buyer, by, reason)


@transaction.atomic
def correct_buyer(invoice: Invoice, *, by: User, reason: str) -> Invoice:
    """Put the agency's name and address of today in place of those on the invoice.

    Raises CorrectionRefused where nothing differs, or where the NIP does: an invoice to somebody else is corrected to
    zero and issued anew (`replace`), never given another NIP.
    """
    before = _locked(invoice)
    after = _buyer_of(invoice.agency)
    if after["buyer_nip"] != before.buyer["buyer_nip"]:
        raise CorrectionRefused(
            _("The NIP differs: correct the invoice to zero and issue a new one.")
        )
    if after == before.buyer:
        raise CorrectionRefused(_("The buyer's data on the invoice are those of the agency."))
    return _issue(invoice, before, before.gross, after, by, reason)


@transaction.atomic
def replace(invoice: Invoice, *, by: User, reason: str) -> Invoice:
    """Correct an invoice with a wrong NIP to zero and issue a new one to the agency as it is. Returns the new one.

    Raises CorrectionRefused where nothing is left of the invoice.
    """
    left = _locked(invoice).gross
    correct_to_zero(invoice, by=by, reason=reason)
    issued_on = timezone.localdate()
    series = invoicing.SERIES[Kind(invoice.kind)]
    (sequence,) = take_numbers(series, issued_on)
    new = Invoice(
        kind=invoice.kind,
        replaces=invoice,
        issued_by=by,
        paid_on=invoice.paid_on,
        **invoicing.numbered(series, issued_on, sequence),
        **invoicing.seller(),
        **invoicing.buyer(invoice.agency),
        **invoicing.taxed(left),
    )
    return _finish(new)


@transaction.atomic
def pay_back(agency: Agency, amount: int, account: str, *, by: User, reason: str) -> ReturnTransfer:
    """Take `amount` grosze of unused money from the wallet, to be transferred to the customer's account.

    The newest invoices are corrected by it, as many as it takes. Raises CorrectionRefused where the wallet or the
    invoices hold less.
    """
    transfer = ReturnTransfer.objects.create(
        agency=agency, amount=amount, account=account, reason=reason, asked_by=by
    )
    try:
        ledger.debit(
            agency=agency,
            amount=amount,
            reference=f"return:{transfer.pk}",
            kind=LedgerEntry.Kind.PAYOUT,
            actor=by,
        )
    except ledger.InsufficientBalance as error:
        raise CorrectionRefused(
            _("The account holds %(balance)s.") % {"balance": format_amount(error.balance)}
        ) from error
    left = amount
    for invoice in _with_something_left(agency):
        before = _locked(invoice)
        taken = min(left, before.gross)
        if taken:
            _issue(invoice, before, before.gross - taken, before.buyer, by, reason)
            left -= taken
        if not left:
            break
    else:
        raise CorrectionRefused(
            _("The invoices come to %(sum)s.") % {"sum": format_amount(amount - left)}
        )
    subject = f"{format_amount(amount)}, {account[-4:]}"
    events.record(EventKind.MONEY_PAID_BACK, subject, agency=agency, person=by)
    return transfer


@transaction.atomic
def mark_transferred(transfer: ReturnTransfer, *, by: User) -> bool:
    """Note that the bank was told to send the money. False if somebody noted it before."""
    noted = ReturnTransfer.objects.filter(pk=transfer.pk, transferred_at=None).update(
        transferred_at=timezone.now(), transferred_by=by
    )
    if noted:
        subject = format_amount(transfer.amount)
        events.record(EventKind.RETURN_TRANSFERRED, subject, agency=transfer.agency, person=by)
    return bool(noted)


def _with_something_left(agency: Agency) -> list[Invoice]:
    """The agency's invoices that were not corrected to zero, newest first."""
    taken = Coalesce(Sum("corrections__gross"), 0)
    issued = Invoice.objects.filter(agency=agency).exclude(kind=Kind.CORRECTION)
    return list(issued.annotate(left=F("gross") + taken).filter(left__gt=0).order_by("-id"))


def _locked(invoice: Invoice) -> Standing:
    """Two who correct the same invoice come one after the other. Raises CorrectionRefused for what is no invoice."""
    Invoice.objects.select_for_update().get(pk=invoice.pk)
    if invoice.is_correction:
        raise CorrectionRefused(_("A correction is corrected by correcting its invoice."))
    return standing(invoice)


def _issue(
    invoice: Invoice,
    before: Standing,
    gross: int,
    buyer: dict[str, str],
    by: User | None,
    reason: str,
) -> Invoice:
    """The correction that makes the invoice come to `gross` grosze for this buyer."""
    if not before.gross:
        raise CorrectionRefused(_("This invoice was corrected to zero before."))
    net, vat = vat_from_gross(gross, invoice.vat_rate)
    issued_on = timezone.localdate()
    series = invoicing.SERIES[Kind.CORRECTION]
    (sequence,) = take_numbers(series, issued_on)
    correction = Invoice(
        kind=Kind.CORRECTION,
        corrects=invoice,
        reason=reason,
        issued_by=by,
        paid_on=invoice.paid_on,
        service=invoice.service,
        vat_rate=invoice.vat_rate,
        exemption=invoice.exemption,
        net=net - before.net,
        vat=vat - before.vat,
        gross=gross - before.gross,
        net_before=before.net,
        vat_before=before.vat,
        gross_before=before.gross,
        agency=invoice.agency,
        buyer_code=invoice.buyer_code,
        **buyer,
        **invoicing.numbered(series, issued_on, sequence),
        **invoicing.seller(),
    )
    subject = f"{correction.number}, {invoice.number}, {format_amount(correction.gross)}"
    events.record(EventKind.INVOICE_CORRECTED, subject, agency=invoice.agency, person=by)
    return _finish(correction)


def _finish(document: Invoice) -> Invoice:
    document.save(force_insert=True)
    invoicing.send_later([(document.pk, document.agency)])
    enqueue("billing.tasks.deliver_invoice", document.pk)
    return document


def _buyer_of(agency: Agency) -> dict[str, Any]:
    fields = invoicing.buyer(agency)
    return {field: fields[field] for field in _BUYER}
