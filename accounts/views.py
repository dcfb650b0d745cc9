"""Pages of the accounts. Login, logout and reset are django-allauth's (accounts/urls.py)."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import events
from accounts.access import UserRequest, permission_required
from accounts.forms import FirstPasswordForm
from accounts.models import Agency, EventKind, User
from accounts.numbered_pages import numbered_page
from accounts.roles import Permission


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
            user.save(update_fields=User.PASSWORD_FIELDS)
            events.record(EventKind.PASSWORD_CHANGED, person=user)
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is set. Welcome!"))
        return redirect("dashboard")
    return render(request, "accounts/first_password.html", {"form": form})


@permission_required(Permission.SEE_AGENCIES)
def agencies(request: UserRequest) -> HttpResponse:
    """The operator's list of agencies."""
    found = Agency.objects.search(request.GET.get("q", "")).select_related("wallet")
    page = numbered_page(request, found)
    return render(
        request, "accounts/agencies.html", {"page_obj": page, "q": request.GET.get("q", "")}
    )
