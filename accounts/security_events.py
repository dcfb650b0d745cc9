"""What concerns somebody's login: kept in the audit trail, and told to them by mail where they should know."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.core.cache import cache
from django.http import HttpRequest

from accounts import events
from accounts.models import EventKind, User
from accounts.outbox import queue_mail

# One event for a series of blocked attempts; in seconds.
_BLOCKED_ONCE_IN = 300


def record_and_tell(kind: EventKind, user: User, subject: str = "") -> None:
    """Keep the event and mail its person a notice, so that they notice a stranger in their account."""
    event = events.record(kind, subject, person=user)
    queue_mail("accounts.emails.send_security_notice", event.pk)


def login_failed(email: str) -> None:
    """A wrong password. What was typed for an unknown account is not kept: people type passwords there."""
    user = User.objects.filter(email__iexact=email).first()
    events.record(EventKind.LOGIN_FAILED, person=user)


def login_blocked(key: str) -> None:
    """Too many wrong passwords for an account, or from an address."""
    if cache.add(f"login-blocked:{sha256(key.encode()).hexdigest()}", True, _BLOCKED_ONCE_IN):
        email = key.rpartition(":")[2]
        events.record(
            EventKind.LOGIN_BLOCKED, person=User.objects.filter(email__iexact=email).first()
        )


def second_factor_blocked(user: User) -> None:
    """Too many wrong codes. Told by mail: whoever gets that far knows the password."""
    if cache.add(f"second-factor-blocked:{user.pk}", True, _BLOCKED_ONCE_IN):
        record_and_tell(EventKind.LOGIN_BLOCKED, user)


def connect() -> None:
    """Listen to django-allauth. Called once, when the app is ready."""
    account_signals.user_logged_in.connect(_logged_in)
    user_logged_out.connect(_logged_out)
    account_signals.password_changed.connect(_password_changed)
    account_signals.password_reset.connect(_password_reset)
    mfa_signals.authenticator_added.connect(_second_factor_added)
    mfa_signals.authenticator_removed.connect(_second_factor_removed)
    mfa_signals.authenticator_reset.connect(_recovery_codes_made)
    mfa_signals.authenticator_used.connect(_second_factor_used)
    mfa_signals.authentication_failed.connect(_second_factor_failed)


def _logged_in(user: User, **kwargs: Any) -> None:
    events.record(EventKind.LOGGED_IN, person=user)


def _logged_out(user: User | None, request: HttpRequest, **kwargs: Any) -> None:
    if user is not None:
        events.record(EventKind.LOGGED_OUT, person=user)


def _password_changed(user: User, **kwargs: Any) -> None:
    record_and_tell(EventKind.PASSWORD_CHANGED, user)


def _password_reset(user: User, request: HttpRequest, **kwargs: Any) -> None:
    record_and_tell(EventKind.PASSWORD_RESET, user)
    # Whoever forgot the password has tried some: the new one must work at once. allauth does this for
    # addresses in a table of its own, which is empty here.
    get_adapter(request)._delete_login_attempts_cached_email(request, email=user.email)


def _second_factor_added(
    user: User, authenticator: Authenticator, request: HttpRequest, **kwargs: Any
) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        events.record(EventKind.RECOVERY_CODES_MADE, person=user)
    else:
        # It was used to set it up: nobody is asked for it again to see the recovery codes.
        record_authentication(request, user, method="mfa", reauthenticated=True)
        record_and_tell(EventKind.SECOND_FACTOR_ADDED, user, _name_of(authenticator))


def _second_factor_removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_and_tell(EventKind.SECOND_FACTOR_REMOVED, user, _name_of(authenticator))


def _recovery_codes_made(user: User, **kwargs: Any) -> None:
    record_and_tell(EventKind.RECOVERY_CODES_MADE, user)


def _second_factor_used(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record_and_tell(EventKind.RECOVERY_CODE_USED, user)


def _second_factor_failed(user: User, **kwargs: Any) -> None:
    events.record(EventKind.SECOND_FACTOR_FAILED, person=user)


def _name_of(authenticator: Authenticator) -> str:
    if authenticator.type == Authenticator.Type.TOTP:
        return "TOTP"
    return str(authenticator.wrap().name)
