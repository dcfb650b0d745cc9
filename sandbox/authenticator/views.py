"""An authenticator app, so that a second factor can be tried without a phone."""

from __future__ import annotations

import time
from typing import Any

import pyotp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandbox.authenticator.forms import PERIOD, AccountForm
from sandbox.models import AuthenticatorAccount


@require_http_methods(["GET", "POST"])
def authenticator(request: HttpRequest) -> HttpResponse:
    """Show the codes, or add an account; `?add=` fills the form with a secret or link."""
    form = AccountForm(request.POST or None, initial={"secret": request.GET.get("add", "")})
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("authenticator")
    return render(request, "sandbox/authenticator.html", {"form": form, **_codes()})


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """The codes alone, for refreshing in place."""
    return render(request, "sandbox/_codes.html", _codes())


@require_POST
def remove_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one account."""
    get_object_or_404(AuthenticatorAccount, pk=pk).delete()
    return redirect("authenticator")


def _codes() -> dict[str, Any]:
    now = int(time.time())
    rows = [
        {"account": account, "code": pyotp.TOTP(account.secret).at(now)}
        for account in AuthenticatorAccount.objects.order_by("label", "pk")
    ]
    return {"rows": rows, "seconds_left": PERIOD - now % PERIOD, "period": PERIOD}
