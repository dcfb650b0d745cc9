"""Pages of one's own account: name, e-mail. Password, second factor and sessions are django-allauth's."""

from __future__ import annotations

from typing import cast

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import email_changes, people
from accounts.access import UserRequest, proof_required_to_see
from accounts.account_forms import EmailChangeForm, NameForm
from accounts.email_changes import AddressTaken, LinkDoesNotWork, Side
from accounts.models import User
from accounts.second_factor import has_second_factor


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, and the ways to change it."""
    user = cast(User, request.user)
    form = NameForm(request.POST or None, initial={"full_name": user.full_name})
    if request.method == "POST" and form.is_valid():
        people.rename(user, form.cleaned_data["full_name"])
        messages.success(request, _("Your name is saved."))
        return redirect("account")
    context = {
        "form": form,
        "has_second_factor": has_second_factor(user),
        "email_change": user.email_changes.open().first(),
    }
    return render(request, "accounts/account.html", context)


@login_required
@proof_required_to_see
@rate_limit(action="manage_email")  # type: ignore[untyped-decorator]  # allauth has no type hints.
def change_email(request: UserRequest) -> HttpResponse:
    """Ask for another e-mail address to log in with."""
    form = EmailChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        email_changes.ask(request.user, form.cleaned_data["email"])
        messages.success(
            request, _("We mailed a link to the old address and one to the new one. Open both.")
        )
        return redirect("account")
    return render(request, "accounts/change_email.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def confirm_email_change(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed links lead: agree, or (from the old mailbox) stop it. Works without a login."""
    context: dict[str, object] = {"state": "ask"}
    try:
        change, side = email_changes.find(token)
        context |= {"change": change, "is_old": side is Side.OLD}
        if request.method == "POST":
            if "stop" in request.POST and side is Side.OLD:
                email_changes.withdraw(change)
                context["state"] = "stopped"
            else:
                context["state"] = "done" if email_changes.confirm(change, side) else "half"
    except LinkDoesNotWork:
        context["state"] = "dead"
    except AddressTaken:
        context["state"] = "taken"
    return render(request, "accounts/confirm_email_change.html", context)
