"""Pages of the registration."""

from __future__ import annotations

from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.registration import AlreadyRegistered, register_agency
from accounts.registration_form import RegistrationForm


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
