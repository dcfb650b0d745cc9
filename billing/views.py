"""Pages of the agency's money: balance and invoices."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, agency_of, permission_required
from accounts.roles import Permission
from billing import transfer_qr
from billing.models import InvoicePdf
from billing.prices import price_per_part

PAGE_SIZE = 50


@require_GET
@permission_required(Permission.SEE_BOOKS)
def balance(request: UserRequest) -> HttpResponse:
    """Stan konta: what is left, how to pay in, and every movement."""
    agency = agency_of(request)
    # A new agency has no wallet row until its first payment.
    wallet = getattr(agency, "wallet", None)
    entries = wallet.entries.order_by("-id") if wallet else []
    title = _("KOD %(code)s") % {"code": agency.formatted_code}
    return render(
        request,
        "billing/balance.html",
        {
            "agency": agency,
            "price": price_per_part(agency),
            "page_obj": Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page")),
            "receiver": settings.SELLER_NAME,
            "receiver_address": (
                f"{settings.SELLER_STREET}, {settings.SELLER_POSTAL_CODE} {settings.SELLER_CITY}"
            ),
            "account": settings.SELLER_ACCOUNT,
            "transfer_title": title,
            "qr": transfer_qr.svg(
                transfer_qr.payload(
                    nip=settings.SELLER_NIP,
                    account=settings.SELLER_ACCOUNT,
                    amount_grosze=None,
                    receiver=settings.SELLER_NAME,
                    title=title,
                )
            ),
        },
    )


@require_GET
@permission_required(Permission.SEE_BOOKS)
def invoices(request: UserRequest) -> HttpResponse:
    """Faktury: the agency's invoices, newest first."""
    issued = agency_of(request).invoices.select_related("pdf", "first_email").order_by("-id")
    # The list needs to know that a PDF exists, not its bytes.
    issued = issued.defer("pdf__content")
    page = Paginator(issued, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "billing/invoices.html", {"page_obj": page})


@require_GET
@permission_required(Permission.SEE_BOOKS)
def invoice_pdf(request: UserRequest, pk: int) -> HttpResponse:
    """The stored PDF of one of the agency's own invoices; 404 for any other."""
    own = InvoicePdf.objects.filter(invoice__agency=agency_of(request))
    return pdf_response(own, pk)


def pdf_response(pdfs: QuerySet[InvoicePdf], invoice_id: int) -> HttpResponse:
    """One of the documents as a download under the invoice's number. Raises Http404."""
    # Not by `pk`: Django lets ids that are too big for the database pass only if the column is no reference.
    pdf = get_object_or_404(pdfs.select_related("invoice"), invoice__id=invoice_id)
    return HttpResponse(
        bytes(pdf.content),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{pdf.invoice.file_name}"',
            "Cache-Control": "private, no-store",
        },
    )
