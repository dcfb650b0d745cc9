"""Faktury of all agencies for the operator's people: failures, corrections, money back, files for the accountant."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, permission_required
from accounts.csv_export import csv_response
from accounts.roles import Permission
from accounts.subqueries import RowCount, figures_of
from billing import accountant_exports, corrections, invoice_delivery, jpk, ksef_limit
from billing.corrections import CorrectionRefused
from billing.invoice_forms import CorrectForm, ReturnForm, SendAgainForm
from billing.invoice_search import AllInvoicesFilterForm
from billing.invoice_views import download_headers, page_of_invoices, pdf_response, zip_response
from billing.models import Invoice, InvoiceEmail, InvoicePdf, ReturnTransfer


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def all_invoices(request: UserRequest) -> HttpResponse:
    """The invoices of all agencies, newest first, and whether they reached their customers."""
    form = AllInvoicesFilterForm(request.GET, Invoice.objects.all())
    page = page_of_invoices(request, form.narrowed())
    failed = InvoiceEmail.objects.filter(state=InvoiceEmail.State.FAILED)
    figures = figures_of(request.user, {"num_failed": RowCount(failed), **ksef_limit.figures()})
    context = {
        "page_obj": page,
        "form": form,
        "num_failed": figures["num_failed"],
        "ksef": ksef_limit.limit_of(figures),
    }
    if form.month_chosen:
        year, month = form.month_chosen
        of_month = accountant_exports.of_month(year, month)
        context |= {"year": year, "month": month, "totals": accountant_exports.totals(of_month)}
    return render(request, "billing/all_invoices.html", context)


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def any_invoice(request: UserRequest, pk: int) -> HttpResponse:
    """One document: what it says, its corrections, each try to mail it, and what can be done."""
    return _invoice_page(request, _invoice(pk), SendAgainForm(), CorrectForm())


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def any_invoice_pdf(request: UserRequest, pk: int) -> HttpResponse:
    """The stored PDF of any agency's invoice."""
    return pdf_response(InvoicePdf.objects.all(), pk)


@require_POST
@permission_required(Permission.BOOK_PAYMENTS)
def send_again(request: UserRequest, pk: int) -> HttpResponse:
    """Mail a document once more."""
    invoice = _invoice(pk)
    form = SendAgainForm(request.POST)
    if not form.is_valid():
        return _invoice_page(request, invoice, form, CorrectForm(), status=422)
    if invoice_delivery.send_again(invoice, by=request.user, **form.cleaned_data):
        messages.success(request, _("The document is on its way to %s.") % form.cleaned_data["to"])
    else:
        messages.warning(request, _("Its mail is being sent or waits to be; nothing was changed."))
    return redirect("billing:any_invoice", pk=pk)


@require_POST
@permission_required(Permission.BOOK_PAYMENTS)
def correct(request: UserRequest, pk: int) -> HttpResponse:
    """Issue a correction."""
    invoice = _invoice(pk)
    form = CorrectForm(request.POST)
    if form.is_valid():
        is_new = form.cleaned_data["what"] == CorrectForm.What.REPLACE
        act = corrections.replace if is_new else corrections.correct_buyer
        try:
            issued = act(invoice, by=request.user, reason=form.cleaned_data["reason"])
        except CorrectionRefused as error:
            form.add_error("what", str(error))
        else:
            messages.success(request, _("%s is issued.") % issued.number)
            return redirect("billing:any_invoice", pk=issued.pk)
    return _invoice_page(request, invoice, SendAgainForm(), form, status=422)


@permission_required(Permission.SEE_PAYMENTS)
def return_transfers(request: UserRequest) -> HttpResponseBase:
    """Zwroty: unused money that goes back, and the form that takes it from a wallet."""
    if request.method == "POST":
        return _pay_back(request)
    return _returns_page(request, ReturnForm())


@require_POST
@permission_required(Permission.BOOK_PAYMENTS)
def mark_transferred(request: UserRequest, pk: int) -> HttpResponse:
    """Note that the bank was told to send the money."""
    transfer = get_object_or_404(ReturnTransfer.objects.select_related("agency"), pk=pk)
    corrections.mark_transferred(transfer, by=request.user)
    return redirect("billing:return_transfers")


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def month_csv(request: UserRequest, year: int, month: int) -> StreamingHttpResponse:
    """A month's register for the accountant: by the days of issue, or with ?by=payment by those of payment."""
    is_by_payment = request.GET.get("by") == "payment"
    chosen = accountant_exports.paid_in_month if is_by_payment else accountant_exports.of_month
    name = f"faktury-{'zaplacone-' if is_by_payment else ''}{year}-{month:02}.csv"
    rows = accountant_exports.csv_rows(chosen(year, month))
    return csv_response(name, accountant_exports.CSV_HEADER, rows)


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def month_zip(request: UserRequest, year: int, month: int) -> StreamingHttpResponse:
    """A month's PDFs; 404 for a month without any."""
    return zip_response(accountant_exports.of_month(year, month), f"faktury-{year}-{month:02}")


@require_GET
@permission_required(Permission.SEE_PAYMENTS)
def month_jpk(request: UserRequest, year: int, month: int) -> HttpResponseBase:
    """A month's sales rows of JPK_V7M."""
    try:
        written = jpk.sales_file(accountant_exports.of_month(year, month), year, month)
    except jpk.TaxOfficeUnknown:
        messages.error(
            request, _("The file must name the tax office: set SELLER_TAX_OFFICE, its four digits.")
        )
        return redirect("billing:all_invoices")
    return StreamingHttpResponse(
        written,
        content_type="application/xml; charset=utf-8",
        headers=download_headers(f"jpk-v7m-{year}-{month:02}-sprzedaz.xml"),
    )


def _invoice(pk: int) -> Invoice:
    known: QuerySet[Invoice] = Invoice.objects.select_related(
        "agency", "corrects", "replaces", "replacement", "first_email", "pdf", "issued_by"
    )
    return get_object_or_404(known.defer("pdf__content"), pk=pk)


def _invoice_page(
    request: UserRequest,
    invoice: Invoice,
    send_form: SendAgainForm,
    correct_form: CorrectForm,
    status: int = 200,
) -> HttpResponse:
    if not send_form.is_bound:
        send_form.initial = {"to": invoice.agency.email}
    context = {
        "invoice": invoice,
        "standing": corrections.standing(invoice),
        "replacement": getattr(invoice, "replacement", None),
        "attempts": invoice.email_attempts.order_by("-id")[:50],
        "send_form": send_form,
        "correct_form": correct_form,
    }
    return render(request, "billing/any_invoice.html", context, status=status)


@permission_required(Permission.BOOK_PAYMENTS)
def _pay_back(request: UserRequest) -> HttpResponse:
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            corrections.pay_back(by=request.user, **form.cleaned_data)
        except CorrectionRefused as error:
            form.add_error("amount", str(error))
        else:
            messages.success(
                request, _("The money is taken from the account. Now transfer it at the bank.")
            )
            return redirect("billing:return_transfers")
    return _returns_page(request, form)


def _returns_page(request: UserRequest, form: ReturnForm) -> HttpResponse:
    transfers = ReturnTransfer.objects.select_related("agency", "asked_by", "transferred_by")
    context = {
        "form": form,
        "waiting": transfers.filter(transferred_at=None).order_by("id"),
        "done": transfers.exclude(transferred_at=None).order_by("-id")[:50],
    }
    return render(
        request, "billing/return_transfers.html", context, status=422 if form.errors else 200
    )
