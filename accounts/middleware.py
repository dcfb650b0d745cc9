"""Middleware of the accounts."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve

from accounts.models import User
from accounts.origin import acting_for
from accounts.second_factor import works_with_second_factor

# Where the operator's people can go before they have a second factor.
_OPEN_WITHOUT_SECOND_FACTOR = {
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_index",
    "set_language",
}
_OPEN_TO_THE_NEW = {"first_password", "account_logout", "set_language"} | {
    f"document_{name}" for name in ("terms", "privacy", "data_processing", "electronic_invoices")
}


class OriginMiddleware:
    """Events that a request causes say whose it is and where it comes from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting_for(request):
            return self.get_response(request)


class FirstPasswordMiddleware:
    """Whoever logged in with the mailed one-time password chooses their own before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        is_new = isinstance(user, User) and user.has_one_time_password
        if is_new and resolve(request.path_info).url_name not in _OPEN_TO_THE_NEW:
            return redirect("first_password")
        return self.get_response(request)


class SecondFactorMiddleware:
    """The operator's people see all agencies: they work with a second factor or not at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        is_staff = isinstance(user, User) and user.is_operator and not user.has_one_time_password
        if is_staff and not self._is_open(request) and not works_with_second_factor(request):
            return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def _is_open(request: HttpRequest) -> bool:
        return resolve(request.path_info).url_name in _OPEN_WITHOUT_SECOND_FACTOR
