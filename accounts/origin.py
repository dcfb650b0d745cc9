"""Who is at work and from where: known for the time of a request, so that events can tell it without being told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an action comes from. All empty: the portal itself, in a job or a command."""

    request: HttpRequest | None = None

    @property
    def person(self) -> User | None:
        """Who is logged in now, which a login or a logout changes in the middle of the request."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @property
    def ip(self) -> str | None:
        """The visitor's address; behind a proxy, the one that it added (ALLAUTH_TRUSTED_PROXY_COUNT)."""
        return get_client_ip(self.request) if self.request else None

    @property
    def user_agent(self) -> str:
        return self.request.META.get("HTTP_USER_AGENT", "")[:200] if self.request else ""


NOBODY = Origin()
_origin: ContextVar[Origin] = ContextVar("origin")


def current_origin() -> Origin:
    """The origin of what runs now."""
    return _origin.get(NOBODY)


@contextmanager
def acting_for(request: HttpRequest) -> Iterator[None]:
    """Everything inside comes from this request."""
    token = _origin.set(Origin(request))
    try:
        yield
    finally:
        _origin.reset(token)
