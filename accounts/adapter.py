"""How django-allauth meets our rules: login, reset, limits and proving again who one is."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import security_events
from accounts.limits import seconds_until_free, try_again
from accounts.models import User
from accounts.outbox import queue_mail
from accounts.second_factor import has_second_factor

_BLOCKED = ("too_many_login_attempts", "rate_limited")
# The longest of the windows that failed logins are counted in, in seconds.
_LOGIN_WINDOW = 300


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "The e-mail (or registration code) or the password is not correct."
        ),
        "too_many_login_attempts": _("Too many failed attempts."),
        "rate_limited": _("Too many failed attempts."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Agencies register on our own page, which knows NIP and address."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check e-mail and password; a one-time password is used up by it. Raises ValidationError."""
        self._login_key = self._get_login_attempts_cache_key(request, **credentials)
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if isinstance(user, User) and user.has_one_time_password:
            _use_up_one_time_password(user)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep the failure in the audit trail."""
        security_events.login_failed(credentials.get("email", ""))

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """The error of that code; where attempts ran out, it says when to try again."""
        error: ValidationError = super().validation_error(code, *args)
        if code not in _BLOCKED:
            return error
        key = getattr(self, "_login_key", "")
        # Without one it is about codes of the second factor (accounts/second_factor_forms.py).
        if key:
            security_events.login_blocked(key)
        wait = seconds_until_free(self.request, "login_failed", key) or _LOGIN_WINDOW
        return ValidationError(f"{error.messages[0]} {try_again(wait)}", code=code)

    def set_password(self, user: User, password: str) -> None:
        """Store a password that the person chose by the mailed link or on the page that changes it."""
        user.set_own_password(password)
        user.save(update_fields=User.PASSWORD_FIELDS)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever logged in a moment ago, with the second factor if they have one, need not do it again."""
        user = self.request.user
        oldest = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        recent = [r for r in get_authentication_records(self.request, user) if r["at"] > oldest]
        if has_second_factor(user):
            recent = [record for record in recent if record["method"] == "mfa"]
        return not recent

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The ways to prove again who one is: with a second factor the password alone is not enough."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        by_second_factor = [method for method in methods if method["id"] != "reauthenticate"]
        return by_second_factor or methods

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Leave the mail to the outbox: a mail server that is down is no error of the page.

        Raises KeyError for a mail of allauth's that this portal does not use.
        """
        language = translation.get_language() or "pl"
        if template_prefix == "account/email/password_reset_key":
            queue_mail("accounts.emails.send_password_reset", context["user"].pk, language)
        elif template_prefix == "account/email/unknown_account":
            queue_mail("accounts.emails.send_unknown_account", email, language)
        else:
            raise KeyError(template_prefix)


def _use_up_one_time_password(user: User) -> None:
    unused = User.objects.filter(
        pk=user.pk,
        one_time_password_used_at=None,
        one_time_password_expires_at__gt=timezone.now(),
    )
    if unused.update(one_time_password_used_at=timezone.now()):
        return
    raise ValidationError(
        _(
            "This one-time password was used already or is more than 7 days old. "
            "Use “Forgotten password?” below: we will mail you a link to choose a new one."
        ),
        code="one_time_password_spent",
    )
