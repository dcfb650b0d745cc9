"""Who is logged in, for each request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class WithAgency(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, which brings the agency along: every page needs it."""

    def get_user(self, user_id: Any) -> User | None:
        person = User.objects.select_related("agency").filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
