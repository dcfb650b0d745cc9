"""Pages of the accounts. Login, logout and reset are django-allauth's (accounts/urls.py)."""

from __future__ import annotations

from typing import cast

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import events
from accounts.access import UserRequest, permission_required
from accounts.forms import FirstPasswordForm, RegistrationForm
from accounts.models import Agency, EventKind, User
from accounts.registration import AlreadyRegistered, register_agency
from accounts.roles import Permission

PAGE_SIZE = 50


@rate_limit(action="signup")  # type: ignore[untyped-decorator]  # allauth has no type hints.
def register(request: HttpRequest) -> HttpResponse:
    """The registration form (the manual's FORMULARZ REJESTRACYJNY)."""
    if request.user.is_authenticated:
        return redirect("dashboard")
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agency = register_agency(form.agency_data())
        except AlreadyRegistered:
            form.add_error(
                None, _("This NIP or e-mail was registered a moment ago. Try to log in.")
            )
        else:
            request.session["registered_agency"] = agency.pk
            return redirect("registered")
    return render(request, "accounts/register.html", {"form": form})


def registered(request: HttpRequest) -> HttpResponse:
    """What comes after the registration: the code, and the mail to read."""
    agency = get_object_or_404(Agency, pk=request.session.get("registered_agency"))
    return render(request, "accounts/registered.html", {"agency": agency})


@login_required
def first_password(request: HttpRequest) -> HttpResponse:
    """Replace the mailed one-time password by one's own."""
    user = cast(User, request.user)
    if not user.has_one_time_password:
        raise Http404
    form = FirstPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user.set_own_password(form.cleaned_data["new_password1"])
        with transaction.atomic():
            user.save()
            events.record(EventKind.PASSWORD_CHANGED, person=user)
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is set. Welcome!"))
        return redirect("dashboard")
    return render(request, "accounts/first_password.html", {"form": form})


@permission_required(Permission.SEE_AGENCIES)
def agencies(request: UserRequest) -> HttpResponse:
    """The operator's list of agencies."""
    found = Agency.objects.search(request.GET.get("q", "")).select_related("wallet")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "accounts/agencies.html", {"page_obj": page, "q": request.GET.get("q", "")}
    )
