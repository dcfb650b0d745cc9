"""Pages of the registration. None of them tells whether an account exists: only the mails do."""

from __future__ import annotations

from http import HTTPStatus

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.limits import seconds_until_free, try_again
from accounts.nip_look_up import fill_in
from accounts.one_time_passwords import answer_plea_for_password
from accounts.registration import CodeTaken, answer_registration
from accounts.registration_form import RegistrationForm, SendAgainForm, code_taken

# The address that the visitor's mail goes to.
EMAIL_KEY = "registered_email"


def register(request: HttpRequest) -> HttpResponse:
    """The registration form (the manual's FORMULARZ REJESTRACYJNY)."""
    if request.user.is_authenticated:
        return redirect("dashboard")
    if "look_up" in request.POST:
        return _looked_up(request)
    form = RegistrationForm(_posted(request))
    status = HTTPStatus.OK
    if request.method == "POST":
        if not ratelimit.consume(request, action="signup"):
            form.add_error(None, _too_many(request, "signup"))
            status = HTTPStatus.TOO_MANY_REQUESTS
        elif form.is_valid() and _is_accepted(request, form):
            return redirect("registered")
    return render(request, "accounts/register.html", {"form": form}, status=status)


def registered(request: HttpRequest) -> HttpResponse:
    """What comes after the registration: mail to read, the same for everybody."""
    email = request.session.get(EMAIL_KEY)
    if email is None:
        raise Http404
    return render(request, "accounts/registered.html", {"email": email})


def send_again(request: HttpRequest) -> HttpResponse:
    """Have the first password mailed again."""
    form = SendAgainForm(_posted(request), initial={"email": request.session.get(EMAIL_KEY, "")})
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if ratelimit.consume(request, action="send_again", key=email):
            return _sent_again(request, email)
        form.add_error(None, _too_many(request, "send_again", email))
        status = HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "accounts/send_again.html", {"form": form}, status=status)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, even if it is nothing at all."""
    return request.POST if request.method == "POST" else None


def _too_many(request: HttpRequest, action: str, key: str = "") -> str:
    return f"{_('Too many attempts.')} {try_again(seconds_until_free(request, action, key))}"


def _looked_up(request: HttpRequest) -> HttpResponse:
    """The form as it was typed, completed by the register; to htmx the form alone."""
    values, note = fill_in(request)
    part = getattr(request, "htmx", False)
    template = "accounts/_registration_form.html" if part else "accounts/register.html"
    return render(request, template, {"form": RegistrationForm(initial=values), "note": note})


def _is_accepted(request: HttpRequest, form: RegistrationForm) -> bool:
    data = form.agency_data()
    # Beyond the limit nobody is mailed, and the page is the same.
    if ratelimit.consume(request, action="registration_mail", key=data.email):
        try:
            answer_registration(data)
        except CodeTaken:
            form.add_error("registration_code", code_taken())
            return False
    request.session[EMAIL_KEY] = data.email
    return True


def _sent_again(request: HttpRequest, email: str) -> HttpResponse:
    answer_plea_for_password(email)
    request.session[EMAIL_KEY] = email
    messages.success(
        request, _("If a password is still to be chosen at this address, a new one is on its way.")
    )
    return redirect("registered")
