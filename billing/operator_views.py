"""Pages of the operator's people who book what the bank received."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, permission_required
from accounts.roles import Permission
from billing import booking
from billing.forms import AssignLineForm, ManualPaymentForm, StatementForm
from billing.models import BankLine, Invoice, InvoicePdf, Payment, StatementFile
from billing.money import format_amount
from billing.statement_import import AlreadyImported, ImportRefused, ImportReport, import_statement
from billing.statements.rows import StatementError
from billing.views import PAGE_SIZE, pdf_response


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def payments(request: UserRequest) -> HttpResponse:
    """Wpłaty: what waits for a decision, oldest first, and what was booked."""
    waiting = BankLine.objects.filter(state=BankLine.State.UNMATCHED).order_by("booked_on", "id")
    booked = Payment.objects.select_related("agency", "bank_line", "booked_by", "invoice__pdf")
    booked = booked.defer("invoice__pdf__content")
    page = Paginator(booked.order_by("-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "billing/payments.html", {"waiting": waiting, "page_obj": page})


@permission_required(Permission.BOOK_PAYMENTS)
def book_payment(request: UserRequest) -> HttpResponse:
    """Enter a payment that no statement has brought."""
    form = ManualPaymentForm(request.POST or None, initial={"received_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        payment = booking.book_by_hand(booked_by=request.user, **form.cleaned_data)
        messages.success(request, _booked_message(payment))
        return redirect("billing:payments")
    return render(request, "billing/book_payment.html", {"form": form})


@permission_required(Permission.BOOK_PAYMENTS)
def assign_line(request: UserRequest, pk: int) -> HttpResponse:
    """Say whose payment a waiting bank line is."""
    line = get_object_or_404(BankLine.objects.select_related("statement__file"), pk=pk)
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
    return render(request, "billing/assign_line.html", {"line": line, "form": form})


@permission_required(Permission.SEE_PAYMENTS)
def statements(request: UserRequest) -> HttpResponseBase:
    """Wyciągi: the imported files, and the form that imports one more."""
    if request.method == "POST":
        return _import(request)
    return _statements_page(request, StatementForm())


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def statement(request: UserRequest, pk: int) -> HttpResponse:
    """One imported file with all its lines and what became of them."""
    file = get_object_or_404(StatementFile.objects.defer("content"), pk=pk)
    lines = BankLine.objects.filter(statement__file=file).select_related(
        "statement", "payment__agency", "payment__invoice"
    )
    page = Paginator(lines.order_by("id"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "billing/statement.html",
        {"file": file, "statements": file.statements.order_by("id"), "page_obj": page},
    )


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def all_invoices(request: UserRequest) -> HttpResponse:
    """Every agency's invoices with the state of their mail."""
    issued = Invoice.objects.select_related("agency", "pdf", "first_email").defer("pdf__content")
    page = Paginator(issued.order_by("-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "billing/all_invoices.html", {"page_obj": page})


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def any_invoice_pdf(request: UserRequest, pk: int) -> HttpResponse:
    """The stored PDF of any agency's invoice."""
    return pdf_response(InvoicePdf.objects.all(), pk)


@permission_required(Permission.BOOK_PAYMENTS)
def _import(request: UserRequest) -> HttpResponse:
    form = StatementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _statements_page(request, form)
    file = form.cleaned_data["file"]
    try:
        report = import_statement(file.read(), file.name, request.user)
    except AlreadyImported as error:
        messages.warning(request, str(error))
        return redirect("billing:statement", pk=error.file.pk)
    except ImportRefused as error:
        form.add_error("file", str(error))
    except StatementError as error:
        form.add_error("file", str(error.message))
    else:
        _tell(request, report)
        return redirect("billing:statement", pk=report.file.pk)
    return _statements_page(request, form)


def _statements_page(request: UserRequest, form: StatementForm) -> HttpResponse:
    credited = Count("statements__lines", filter=Q(statements__lines__state="credited"))
    files = StatementFile.objects.defer("content").select_related("imported_by")
    files = files.annotate(num_lines=Count("statements__lines"), num_credited=credited)
    page = Paginator(files.order_by("-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "billing/statements.html",
        {"form": form, "page_obj": page},
        status=422 if form.errors else 200,
    )


def _tell(request: UserRequest, report: ImportReport) -> None:
    credited = ngettext(
        "%(count)d payment credited and invoiced.",
        "%(count)d payments credited and invoiced.",
        report.num_credited,
    ) % {"count": report.num_credited}
    messages.success(request, _("The statement is imported.") + " " + credited)
    if report.num_waiting:
        waiting = ngettext(
            "%(count)d payment waits for your decision under Payments.",
            "%(count)d payments wait for your decision under Payments.",
            report.num_waiting,
        )
        messages.warning(request, waiting % {"count": report.num_waiting})
    if report.num_repeated:
        repeated = ngettext(
            "%(count)d line was known from an earlier statement and was not credited again.",
            "%(count)d lines were known from earlier statements and were not credited again.",
            report.num_repeated,
        )
        messages.info(request, repeated % {"count": report.num_repeated})
    if report.skipped_accounts:
        accounts = ", ".join(report.skipped_accounts)
        messages.info(request, _("Not our accounts, passed over: %s.") % accounts)


def _booked_message(payment: Payment) -> str:
    return _("%(amount)s credited to %(agency)s, invoice %(number)s.") % {
        "amount": format_amount(payment.amount),
        "agency": payment.agency.name,
        "number": payment.invoice.number,
    }
