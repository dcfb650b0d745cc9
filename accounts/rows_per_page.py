"""How many rows the pages of lists have: everybody's own choice, kept with the person."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.access import UserRequest
from accounts.models import ROWS_PER_PAGE, User
from accounts.way_back import way_back


@require_POST
@login_required
def choose_rows(request: UserRequest) -> HttpResponse:
    """Keep the choice and go back to the list; a number that nobody is offered changes nothing."""
    offered = {str(number): number for number in ROWS_PER_PAGE}
    if number := offered.get(request.POST.get("rows", "")):
        User.objects.filter(pk=request.user.pk).update(rows_per_page=number)
    return way_back(request, "dashboard")
