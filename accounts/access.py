"""Access to pages: who may open one, and whose data it works on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.models import Agency, User
from accounts.roles import Permission

P = ParamSpec("P")


class UserRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User
    # Whether the page itself asks for a part of it (django_htmx's middleware).
    htmx: HtmxDetails


View = Callable[Concatenate[UserRequest, P], HttpResponseBase]


def permission_required(
    permission: Permission,
) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Let in who has the permission; send the anonymous to the login page and answer 403 to all others."""

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_login(cast(UserRequest, request))
            if not request.user.may(permission):
                raise PermissionDenied
            return view(cast(UserRequest, request), *args, **kwargs)

        return checked

    return decorate


def proof_required(view: View[P]) -> View[P]:
    """Before anything is posted, have the person prove again who they are, unless they did a moment ago.

    By the second factor, or by the password where there is none (accounts/adapter.py). What was posted is done after
    it. Stands below permission_required.
    """
    wrapped: View[P] = reauthentication_required(view, allow_get=True)
    return wrapped


def proof_required_to_see(view: View[P]) -> View[P]:
    """The same before the page is shown at all."""
    wrapped: View[P] = reauthentication_required(view)
    return wrapped


def _to_login(request: UserRequest) -> HttpResponseBase:
    """The whole window goes to the login page and comes back, also where a part of a page asked for itself."""
    if request.htmx:
        page = urlsplit(request.htmx.current_url or "").path
        return HttpResponseClientRedirect(
            f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}"
        )
    return redirect_to_login(request.get_full_path())


def agency_of(request: UserRequest) -> Agency:
    """The agency whose data the request works on. Every query of an agency's page starts from it.

    Raises PermissionDenied for the operator's people, who have none.
    """
    if request.user.agency is None:
        raise PermissionDenied
    return request.user.agency


def operator_only(request: UserRequest) -> None:
    """For pages of the operator whose permission agencies have for their own. Raises PermissionDenied for theirs."""
    if not request.user.is_operator:
        raise PermissionDenied
