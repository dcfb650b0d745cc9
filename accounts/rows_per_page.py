"""How many rows the pages of lists have: everybody's own choice, kept with the person."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.access import UserRequest
from accounts.models import ROWS_PER_PAGE, User


@require_POST
@login_required
def choose_rows(request: UserRequest) -> HttpResponse:
    """Keep the choice and go back to the list; a number that nobody is offered changes nothing."""
    asked = request.POST.get("rows")
    for number in ROWS_PER_PAGE:
        if asked == str(number):
            User.objects.filter(pk=request.user.pk).update(rows_per_page=number)
    address = request.POST.get("next", "")
    is_own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(address if is_own else "dashboard")
