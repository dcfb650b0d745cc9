"""Treść zgody: what the agency's clients agree to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import UserRequest, agency_of, permission_required
from accounts.roles import Permission
from messaging.consent_forms import WordingForm
from messaging.consent_wordings import newest_wording, suggestion_for, write_wording


@permission_required(Permission.MANAGE_AGENCY)
def consent_wording(request: UserRequest) -> HttpResponse:
    """The wording in use and the older ones; a new version is written over the newest, or over a suggestion."""
    agency = agency_of(request)
    newest = newest_wording(agency)
    form = WordingForm(request.POST or None, newest, suggestion_for(agency))
    if request.method == "POST" and form.is_valid():
        write_wording(agency=agency, text=form.cleaned_data["text"], written_by=request.user)
        messages.success(request, _("Saved. Consents recorded from now on can name this wording."))
        return redirect("messaging:consent_wording")
    wordings = agency.consent_wordings.select_related("created_by").order_by("-id")
    context = {"form": form, "newest": newest, "wordings": wordings}
    return render(request, "messaging/consent_wording.html", context)
