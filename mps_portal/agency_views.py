"""Ustawienia: the agency's own data, and closing its account. Here because they concern accounts and messages."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import closing as accounts_closing
from accounts.access import UserRequest, agency_of, permission_required, proof_required
from accounts.agency_data import change_agency
from accounts.agency_forms import AgencyDataForm, ClosingForm
from accounts.models import Agency
from accounts.roles import Permission
from billing.ledger import balance_of
from messaging.closing import MessagesUnderWay, close_account, is_sending
from messaging.erasure import old_texts


@permission_required(Permission.MANAGE_AGENCY)
def agency_data(request: UserRequest) -> HttpResponse:
    """What invoices and mails say of the agency, and how long texts of messages are kept."""
    agency = agency_of(request)
    # The form writes its values into the object it is given: the page shows the stored ones.
    form = AgencyDataForm(request.POST or None, instance=Agency.objects.get(pk=agency.pk))
    doomed = 0
    if request.method == "POST" and form.is_valid():
        doomed = _texts_doomed_by(agency, form.cleaned_data["message_text_months"])
        # Shown first, and agreed to by the number that was shown.
        if not doomed or request.POST.get("erase") == str(doomed):
            if change_agency(agency_id=agency.pk, values=form.cleaned_data):
                messages.success(request, _("The agency's data are saved."))
            return redirect("agency_data")
    context = {
        "agency": agency,
        "form": form,
        "doomed": doomed,
        "operator_email": settings.OPERATOR_EMAIL,
        "consents": agency.consents.select_related("person").order_by("given_at", "pk"),
    }
    status = 422 if form.errors or doomed else 200
    return render(request, "mps_portal/agency_data.html", context, status=status)


@permission_required(Permission.MANAGE_AGENCY)
@proof_required
def closing(request: UserRequest) -> HttpResponse:
    """Zamknięcie konta: what it means, and the one question; of a closed account, what becomes of it."""
    agency = agency_of(request)
    if agency.is_closed:
        return render(request, "mps_portal/closed.html", {"agency": agency})
    form = ClosingForm(agency, request.POST or None)
    if request.method == "POST" and form.is_valid() and _close(request, agency, form.is_at_once):
        return redirect("dashboard")
    context = {
        "form": form,
        "balance": balance_of(agency),
        "is_sending": is_sending(agency),
        "operator_email": settings.OPERATOR_EMAIL,
    }
    status = 422 if form.errors else 200
    return render(request, "mps_portal/closing.html", context, status=status)


@require_POST
@permission_required(Permission.MANAGE_AGENCY)
def reopen(request: UserRequest) -> HttpResponse:
    """Open the account again, while its data are still there."""
    try:
        accounts_closing.reopen(agency_id=agency_of(request).pk)
    except accounts_closing.CannotReopen:
        messages.error(request, _("The account cannot be opened again."))
    else:
        messages.success(request, _("The account is open again. Everything is where it was."))
    return redirect("dashboard")


def _close(request: UserRequest, agency: Agency, at_once: bool) -> bool:
    try:
        close_account(agency=agency, at_once=at_once)
    except MessagesUnderWay:
        # The page says why.
        return False
    except accounts_closing.AgencyClosed:
        return True
    messages.success(request, _("The account is closed."))
    return True


def _texts_doomed_by(agency: Agency, months: int) -> int:
    """How many texts a shorter time of keeping would erase."""
    return 0 if months >= agency.message_text_months else old_texts(agency, months).count()
