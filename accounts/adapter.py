"""How django-allauth meets our rules: no sign-up by itself, one-time passwords that expire and work once."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Agencies register on our own page, which knows NIP and address."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check e-mail and password; a one-time password is used up by it. Raises ValidationError."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if isinstance(user, User) and user.has_one_time_password:
            _use_up_one_time_password(user)
        return user

    def set_password(self, user: User, password: str) -> None:
        """Store a password that the person chose by the mailed link or on the page that changes it."""
        user.set_own_password(password)
        user.save()


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
