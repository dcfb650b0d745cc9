"""Numery, które zrezygnowały: who wants no messages, whether they are in the book or not."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, agency_of, permission_required
from accounts.models import Agency
from accounts.newest_first import page_of
from accounts.roles import Permission
from messaging import consents
from messaging.consent_forms import LetInForm, OptOutsForm
from messaging.models import Contact, OptedOutNumber
from messaging.opt_outs import Said, numbers_like


@require_GET
@permission_required(Permission.USE_CONTACTS)
def opt_outs(request: UserRequest) -> HttpResponse:
    """The list, newest first, or what a number typed in part finds."""
    agency = agency_of(request)
    text = request.GET.get("q", "")[:40]
    page = page_of(request, numbers_like(agency, text))
    clients = _clients(agency, page.rows)
    context = {
        "page": page,
        "rows": [(number, clients.get(number.phone)) for number in page.rows],
        "q": text,
    }
    return render(request, "messaging/opt_outs.html", context)


@permission_required(Permission.USE_CONTACTS)
def add_opt_outs(request: UserRequest) -> HttpResponse:
    """One number or a whole list of them."""
    form = OptOutsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = Said(
            channel=form.cleaned_data["channel"],
            source=form.cleaned_data["source"],
            recorded_by=request.user,
        )
        added = consents.add_opt_outs(agency=agency_of(request), phones=form.phones, said=said)
        _tell(request, added, len(form.phones))
        return redirect("messaging:opt_outs")
    status = 422 if request.method == "POST" else 200
    return render(request, "messaging/add_opt_outs.html", {"form": form}, status=status)


@permission_required(Permission.USE_CONTACTS)
def let_in(request: UserRequest, pk: int) -> HttpResponse:
    """Ask why a number gets messages again, then take it off the list. Its history is shown beside."""
    agency = agency_of(request)
    number = get_object_or_404(agency.opted_out_numbers, pk=pk)
    form = LetInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if consents.let_in_number(number, reason=reason, recorded_by=request.user):
            messages.success(request, _("The number gets messages again."))
        return redirect("messaging:opt_outs")
    steps = agency.opt_out_steps.filter(phone=number.phone).select_related("recorded_by")
    context = {
        "form": form,
        "number": number,
        "client": _clients(agency, [number]).get(number.phone),
        "steps": steps.order_by("-id"),
    }
    return render(request, "messaging/let_in.html", context)


def _clients(agency: Agency, numbers: Sequence[OptedOutNumber]) -> dict[str, Contact]:
    """Who has these numbers by now."""
    phones = [number.phone for number in numbers]
    own = agency.contacts.filter(phone__in=phones).exclude(phone="")
    return {contact.phone: contact for contact in own}


def _tell(request: UserRequest, added: int, given: int) -> None:
    told = ngettext(
        "%(count)d number was put on the list.", "%(count)d numbers were put on the list.", added
    )
    known = ngettext("%(count)d was on it already.", "%(count)d were on it already.", given - added)
    text = told % {"count": added}
    if given > added:
        text += " " + known % {"count": given - added}
    messages.success(request, text)
