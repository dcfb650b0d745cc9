"""Faktury of an agency: its list, the documents, all of a month at once."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, agency_of, permission_required
from accounts.numbered_pages import numbered_page
from accounts.roles import Permission
from billing.accountant_exports import of_month, zip_of_pdfs
from billing.invoice_search import InvoiceFilterForm
from billing.models import Invoice, InvoicePdf


@require_GET
@permission_required(Permission.SEE_BOOKS)
def invoices(request: UserRequest) -> HttpResponse:
    """The agency's invoices and corrections, newest first."""
    form = InvoiceFilterForm(request.GET, agency_of(request).invoices.all())
    page = page_of_invoices(request, form.narrowed())
    return render(request, "billing/invoices.html", {"page_obj": page, "form": form})


@require_GET
@permission_required(Permission.SEE_BOOKS)
def invoice_pdf(request: UserRequest, pk: int) -> HttpResponse:
    """The stored PDF of one of the agency's own invoices; 404 for any other."""
    own = InvoicePdf.objects.filter(invoice__agency=agency_of(request))
    return pdf_response(own, pk)


@require_GET
@permission_required(Permission.SEE_BOOKS)
def invoices_of_month(request: UserRequest, year: int, month: int) -> StreamingHttpResponse:
    """The PDFs of a month's own invoices as a ZIP; 404 for a month without any."""
    return zip_response(of_month(year, month, agency_of(request)), f"faktury-{year}-{month:02}")


def page_of_invoices(request: UserRequest, found: QuerySet[Invoice]) -> object:
    """A page of a list, with what its rows show. Lists need to know that a PDF exists, not its bytes."""
    rows = found.select_related("pdf", "first_email", "corrects").defer("pdf__content")
    return numbered_page(request, rows)


def pdf_response(pdfs: QuerySet[InvoicePdf], invoice_id: int) -> HttpResponse:
    """One of the documents as a download under the invoice's number. Raises Http404."""
    # Not by `pk`: Django lets ids that are too big for the database pass only if the column is no reference.
    pdf = get_object_or_404(pdfs.select_related("invoice"), invoice__id=invoice_id)
    return HttpResponse(
        bytes(pdf.content),
        content_type="application/pdf",
        headers=download_headers(pdf.invoice.file_name),
    )


def zip_response(documents: QuerySet[Invoice], name: str) -> StreamingHttpResponse:
    """The PDFs of the documents as a ZIP, made while it is sent. Raises Http404 where there are none."""
    if not documents.exists():
        raise Http404
    return StreamingHttpResponse(
        zip_of_pdfs(documents),
        content_type="application/zip",
        headers=download_headers(f"{name}.zip"),
    )


def download_headers(file_name: str) -> dict[str, str]:
    """Of a file that only this person may have. `file_name` in ASCII."""
    return {
        "Content-Disposition": f'attachment; filename="{file_name}"',
        "Cache-Control": "private, no-store",
    }
