"""Stan konta: the balance, its movements, and how to pay in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import events
from accounts.access import UserRequest, agency_of, permission_required
from accounts.csv_export import csv_response
from accounts.exporting import Row
from accounts.models import Agency, EventKind
from accounts.newest_first import page_of
from accounts.roles import Permission
from accounts.workbook_writing import workbook_response
from billing import balance_warnings, transfer_qr
from billing.account_figures import context_of, figures_of
from billing.ledger_search import LedgerFilterForm
from billing.models import LedgerEntry
from billing.money import format_decimal, to_zloty
from billing.prices import price_per_part
from billing.top_up import TopUpForm, WarningForm, packages

# Rows of an export that are in memory at a time.
CHUNK = 2000


@require_GET
@permission_required(Permission.SEE_BOOKS)
def balance(request: UserRequest) -> HttpResponse:
    """What is left and how long it lasts, what is on its way, and every movement."""
    return _balance_page(request)


@require_POST
@permission_required(Permission.SEE_BOOKS)
def set_warning(request: UserRequest) -> HttpResponse:
    """Choose below which balance the agency is warned by mail."""
    form = WarningForm(request.POST)
    if not form.is_valid():
        return _balance_page(request, form)
    balance_warnings.set_threshold(agency_of(request), form.cleaned_data["below"])
    messages.success(request, _("Saved."))
    return redirect("billing:balance")


@require_GET
@permission_required(Permission.SEE_BOOKS)
def export_movements(request: UserRequest, ending: str) -> HttpResponseBase:
    """The same movements, all that pass the filter, as CSV or XLSX."""
    form = LedgerFilterForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('billing:balance')}?{request.GET.urlencode()}")
    name = f"stan-konta-{timezone.localdate():%Y-%m-%d}.{ending}"
    events.record(EventKind.LIST_EXPORTED, name)
    found = form.narrowed(_entries(agency_of(request))).order_by("-pk").iterator(CHUNK)
    header = [_("When"), _("What"), _("Note"), _("Amount in złoty")]
    respond = workbook_response if ending == "xlsx" else csv_response
    return respond(name, header, _rows(found))


@require_GET
@permission_required(Permission.SEE_BOOKS)
def top_up(request: UserRequest) -> HttpResponse:
    """Doładuj: the transfer for a number of SMS or an amount, to scan, to copy or to print."""
    agency = agency_of(request)
    if agency.is_closed:
        return redirect("billing:balance")
    price = price_per_part(agency)
    form = TopUpForm(request.GET or None)
    offer = form.offer(price)
    context = {
        "agency": agency,
        "form": form,
        "offer": offer,
        "packages": packages(price),
        "price": price,
        **_transfer(agency, offer.amount if offer else None),
    }
    return render(request, "billing/top_up.html", context)


def _balance_page(request: UserRequest, refused: WarningForm | None = None) -> HttpResponse:
    agency = agency_of(request)
    form = LedgerFilterForm(request.GET)
    figures = figures_of(agency)
    context = {
        "agency": agency,
        **context_of(figures),
        "returns": agency.return_transfers.filter(transferred_at=None).order_by("id"),
        "form": form,
        "warning_form": refused or _warning_form(figures.warn_below),
        "page": page_of(request, form.narrowed(_entries(agency))),
        **_transfer(agency, None),
    }
    status = 422 if refused else 200
    return render(request, "billing/balance.html", context, status=status)


def _entries(agency: Agency) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(wallet=agency.pk)


def _rows(entries: Iterator[LedgerEntry]) -> Iterator[Row]:
    for entry in entries:
        yield (
            entry.created_at,
            entry.get_kind_display(),
            entry.note,
            to_zloty(entry.amount),
        )


def _warning_form(below: int | None) -> WarningForm:
    return WarningForm(initial={"below": "" if below is None else format_decimal(below)})


def _transfer(agency: Agency, amount: int | None) -> dict[str, Any]:
    """What a transfer needs: of `amount` grosze, or of as many as the payer types."""
    title = _("KOD %(code)s") % {"code": agency.formatted_code}
    code = transfer_qr.payload(
        nip=settings.SELLER_NIP,
        account=settings.SELLER_ACCOUNT,
        amount_grosze=amount,
        receiver=settings.SELLER_NAME,
        title=title,
    )
    return {
        "receiver": settings.SELLER_NAME,
        "receiver_address": (
            f"{settings.SELLER_STREET}, {settings.SELLER_POSTAL_CODE} {settings.SELLER_CITY}"
        ),
        "account": settings.SELLER_ACCOUNT,
        "transfer_title": title,
        "amount": amount,
        "qr": transfer_qr.svg(code),
    }
