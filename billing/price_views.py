"""Cennik: the dated price list, kept by the operator's administrators."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, permission_required, proof_required
from accounts.numbered_pages import numbered_page
from accounts.roles import Permission
from billing.forms import PriceForm
from billing.models import PartPrice
from billing.prices import PriceRefused, set_price, withdraw_price


@permission_required(Permission.SET_PRICES)
@proof_required
def prices(request: UserRequest) -> HttpResponse:
    """The general prices, the agencies' own, and the form that sets one more."""
    form = PriceForm(
        request.POST or None,
        initial={"scope": PriceForm.ALL, "valid_from": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        cleaned = {k: v for k, v in form.cleaned_data.items() if k != "scope"}
        try:
            set_price(set_by=request.user, **cleaned)
        except PriceRefused as error:
            form.add_error("valid_from", str(error))
        else:
            messages.success(request, _("The price is set."))
            return redirect("billing:prices")
    context = {
        "form": form,
        "today": timezone.localdate(),
        "general": _general(),
        "page_obj": numbered_page(request, _own()),
    }
    return render(request, "billing/prices.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required(Permission.SET_PRICES)
@proof_required
def withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """Take back a price that has not begun."""
    row = get_object_or_404(PartPrice.objects.select_related("agency"), pk=pk)
    try:
        withdraw_price(row, withdrawn_by=request.user)
    except PriceRefused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The price is withdrawn."))
    return redirect("billing:prices")


def _general() -> QuerySet[PartPrice]:
    """With `is_over` where a later price has begun."""
    rows = PartPrice.objects.filter(agency=None)
    return rows.annotate(is_over=Exists(_later().filter(agency=None))).order_by("-valid_from")


def _own() -> QuerySet[PartPrice]:
    """The same of the agencies, by agency."""
    rows = PartPrice.objects.exclude(agency=None).select_related("agency")
    rows = rows.annotate(is_over=Exists(_later().filter(agency=OuterRef("agency"))))
    return rows.order_by("agency__search_name", "agency_id", "-valid_from")


def _later() -> QuerySet[PartPrice]:
    return PartPrice.objects.filter(
        valid_from__gt=OuterRef("valid_from"), valid_from__lte=timezone.localdate()
    )
