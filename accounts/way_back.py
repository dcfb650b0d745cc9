"""The way back to the page from which something was chosen."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.access import UserRequest


def way_back(request: UserRequest, fallback: str) -> HttpResponse:
    """To the address posted as `next`, if it is the portal's own; else to the view named `fallback`."""
    address = request.POST.get("next", "")
    # A path: `redirect` takes any other word for a view's name.
    is_own = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(address if is_own else fallback)
