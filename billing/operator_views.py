"""Pages of the operator's people who book what the bank received."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, permission_required
from accounts.models import Agency
from accounts.newest_first import page_of
from accounts.numbered_pages import numbered_page
from accounts.roles import Permission
from billing import booking, matching, reversals
from billing.forms import (
    AssignLineForm,
    ManualPaymentForm,
    SetAsideForm,
    SplitFormSet,
)
from billing.invoice_forms import ReasonForm
from billing.models import BankLine, LineSuggestion, PayerAccount, Payment
from billing.money import format_amount

# Lines that the queue shows at once; the next ones come up as these are decided.
MAX_WAITING = 100
# Lines set aside that it shows, the newest ones.
NEWEST_ASIDE = 50
# Agencies that a search offers.
MAX_FOUND = 8


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def payments(request: UserRequest) -> HttpResponse:
    """Wpłaty: what waits for a decision, oldest first, what was set aside, and what was booked."""
    lines = BankLine.objects.order_by("booked_on", "id")
    waiting = lines.filter(state=BankLine.State.UNMATCHED)
    suggestions = LineSuggestion.objects.select_related("agency")
    shown = list(waiting.prefetch_related(Prefetch("suggestions", suggestions))[:MAX_WAITING])
    booked = Payment.objects.select_related("agency", "bank_line", "booked_by", "invoice")
    context = {
        "waiting": shown,
        "num_waiting": waiting.count() if len(shown) == MAX_WAITING else len(shown),
        # The promise is a day; before it is broken somebody should have looked.
        "late_before": timezone.now() - timedelta(hours=20),
        "aside": lines.filter(state=BankLine.State.SET_ASIDE).reverse()[:NEWEST_ASIDE],
        "page": page_of(request, booked),
    }
    return render(request, "billing/payments.html", context)


@permission_required(Permission.BOOK_PAYMENTS)
def book_payment(request: UserRequest) -> HttpResponse:
    """Enter a payment that no statement has brought."""
    initial = {"received_on": timezone.localdate(), **request.GET.dict()}
    form = ManualPaymentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        payment = booking.book_by_hand(booked_by=request.user, **form.cleaned_data)
        messages.success(request, _booked_message(payment))
        return redirect("billing:payments")
    return render(request, "billing/book_payment.html", {"form": form})


@permission_required(Permission.BOOK_PAYMENTS)
def assign_line(request: UserRequest, pk: int) -> HttpResponse:
    """Say whose payment a bank line is: an agency that was suggested, found, or named by its code."""
    line = _line(pk)
    form = AssignLineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            payment = booking.credit_line(line, form.cleaned_data["agency"], request.user)
        except booking.LineNotWaiting:
            messages.warning(
                request, _("This payment was booked already. Nothing was credited again.")
            )
        else:
            messages.success(request, _booked_message(payment))
        return redirect("billing:payments")
    context = {"line": line, "form": form, "aside_form": SetAsideForm()}
    return render(request, "billing/assign_line.html", context)


@require_GET
@permission_required(Permission.BOOK_PAYMENTS)
def agencies_for_line(request: UserRequest, pk: int) -> HttpResponse:
    """A part of the page: agencies by what is typed, each with a button that credits the line to it."""
    text = request.GET.get("q", "").strip()
    found = Agency.objects.search(text)[:MAX_FOUND] if text else []
    context = {"line": _line(pk), "found": found, "text": text}
    return render(request, "billing/_agencies_for_line.html", context)


@permission_required(Permission.BOOK_PAYMENTS)
def split_line(request: UserRequest, pk: int) -> HttpResponse:
    """Share one transfer between several agencies."""
    line = _line(pk)
    forms = SplitFormSet(request.POST or None, total=line.amount)
    if request.method == "POST" and forms.is_valid():
        try:
            payments = booking.split(line, forms.shares(), by=request.user)
        except booking.LineNotWaiting:
            messages.warning(request, _("Somebody else has decided about this transfer meanwhile."))
        else:
            for payment in payments:
                messages.success(request, _booked_message(payment))
        return redirect("billing:payments")
    status = 422 if forms.is_bound else 200
    context = {"line": line, "forms": forms}
    return render(request, "billing/split_line.html", context, status=status)


@require_POST
@permission_required(Permission.BOOK_PAYMENTS)
def settle_reversal(request: UserRequest, pk: int) -> HttpResponse:
    """Try again to take back what the bank has reversed."""
    waiting = BankLine.objects.filter(state=BankLine.State.UNMATCHED, amount__lt=0)
    fate = reversals.settle(get_object_or_404(waiting, pk=pk))
    if fate is reversals.Fate.TAKEN_BACK:
        messages.success(request, _("The payment is taken back and its invoice corrected to zero."))
        return redirect("billing:payments")
    messages.warning(
        request, _("The agency still has too little, or it is not sure whose payment it was.")
    )
    return redirect("billing:assign_line", pk=pk)


@require_POST
@permission_required(Permission.BOOK_PAYMENTS)
def set_aside(request: UserRequest, pk: int) -> HttpResponse:
    """Take a line out of the queue that is no payment for an agency."""
    line = _line(pk)
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        context = {"line": line, "form": AssignLineForm(), "aside_form": form}
        return render(request, "billing/assign_line.html", context, status=422)
    try:
        booking.set_aside(line, form.cleaned_data["note"], by=request.user)
    except booking.LineNotWaiting:
        messages.warning(request, _("Somebody else has decided about this transfer meanwhile."))
    else:
        messages.success(request, _("The transfer is set aside."))
    return redirect("billing:payments")


@require_POST
@permission_required(Permission.BOOK_PAYMENTS)
def take_back(request: UserRequest, pk: int) -> HttpResponse:
    """Let a line wait again that was set aside."""
    try:
        booking.take_back(_line(pk), by=request.user)
    except booking.LineNotWaiting:
        messages.warning(request, _("Somebody else has decided about this transfer meanwhile."))
    return redirect("billing:payments")


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def payer_accounts(request: UserRequest) -> HttpResponse:
    """From which bank accounts agencies were paid for: what suggestions rest on."""
    learned = PayerAccount.objects.select_related("agency").order_by("-id")
    page = numbered_page(request, learned)
    return render(request, "billing/payer_accounts.html", {"page_obj": page})


@require_POST
@permission_required(Permission.BOOK_PAYMENTS)
def forget_payer(request: UserRequest, pk: int) -> HttpResponse:
    """Forget one of them."""
    payer = get_object_or_404(PayerAccount.objects.select_related("agency"), pk=pk)
    matching.forget(payer, by=request.user)
    return redirect("billing:payer_accounts")


@permission_required(Permission.BOOK_PAYMENTS)
def undo_payment(request: UserRequest, pk: int) -> HttpResponse:
    """Take back a payment that was booked by mistake."""
    payment = get_object_or_404(
        Payment.objects.select_related("agency", "bank_line", "invoice"), pk=pk, undone_at=None
    )
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            booking.undo(payment, by=request.user, reason=form.cleaned_data["reason"])
        except booking.BookingRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The payment is undone and its invoice corrected to zero."))
            return redirect("billing:payments")
    context = {"payment": payment, "form": form}
    status = 422 if form.errors else 200
    return render(request, "billing/undo_payment.html", context, status=status)


def _line(pk: int) -> BankLine:
    known = BankLine.objects.select_related("statement__file")
    return get_object_or_404(known.prefetch_related("suggestions__agency"), pk=pk)


def _booked_message(payment: Payment) -> str:
    return _("%(amount)s credited to %(agency)s, invoice %(number)s.") % {
        "amount": format_amount(payment.amount),
        "agency": payment.agency.name,
        "number": payment.invoice.number,
    }
