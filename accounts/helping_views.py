"""The operator's help for agencies: /operator/agencje/<id>/osoby/<id>/..."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import helping
from accounts.access import UserRequest, permission_required, proof_required
from accounts.forms import CorrectEmailForm
from accounts.models import User
from accounts.roles import Permission


@require_POST
@permission_required(Permission.HELP_AGENCIES)
def mail_password(request: UserRequest, agency_id: int, pk: int) -> HttpResponse:
    """Mail the one-time password again."""
    person = _person(agency_id, pk)
    try:
        helping.mail_password_again(person)
    except helping.NoHelpNeeded:
        messages.warning(request, _no_help_needed(person))
    else:
        messages.success(request, _mailed(person.email))
    return redirect("agency", pk=agency_id)


@permission_required(Permission.HELP_AGENCIES)
@proof_required
def correct_email(request: UserRequest, agency_id: int, pk: int) -> HttpResponse:
    """Correct the address of a person who never got in."""
    person = _person(agency_id, pk)
    form = CorrectEmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            helping.correct_email(person, form.cleaned_data["email"])
        except helping.EmailTaken:
            form.add_error("email", _("Somebody has this e-mail already."))
        except helping.NoHelpNeeded:
            messages.warning(request, _no_help_needed(person))
            return redirect("agency", pk=agency_id)
        else:
            messages.success(request, _mailed(form.cleaned_data["email"]))
            return redirect("agency", pk=agency_id)
    status = 422 if form.errors else 200
    return render(
        request, "accounts/correct_email.html", {"form": form, "person": person}, status=status
    )


def _person(agency_id: int, pk: int) -> User:
    people = User.objects.filter(agency__id=agency_id, removed_at=None).select_related("agency")
    return get_object_or_404(people, pk=pk)


def _mailed(email: str) -> str:
    return _("A one-time password is on its way to %(email)s.") % {"email": email}


def _no_help_needed(person: User) -> str:
    return _("%(name)s has got in already and changes this alone.") % {"name": person.full_name}
