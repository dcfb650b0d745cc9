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

    person: User | None = None
    ip: str | None = None
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class _RequestOrigin:
    """The origin of what a request does, looked up when it is asked for."""

    request: HttpRequest

    def now(self) -> Origin:
        """A login or a logout changes who it is in the middle of the request.

        The address is the visitor's; behind a proxy, the one that it added (ALLAUTH_TRUSTED_PROXY_COUNT).
        """
        user = getattr(self.request, "user", None)
        return Origin(
            person=user if isinstance(user, User) else None,
            ip=get_client_ip(self.request),
            user_agent=self.request.META.get("HTTP_USER_AGENT", "")[:200],
        )


NOBODY = Origin()
_origin: ContextVar[Origin | _RequestOrigin] = ContextVar("origin")


def current_origin() -> Origin:
    """The origin of what runs now."""
    origin = _origin.get(NOBODY)
    return origin.now() if isinstance(origin, _RequestOrigin) else origin


@contextmanager
def acting_for(request: HttpRequest) -> Iterator[None]:
    """Everything inside comes from this request."""
    with _coming_from(_RequestOrigin(request)):
        yield


@contextmanager
def carrying_on(origin: Origin) -> Iterator[None]:
    """Everything inside, in a job, is what a person asked for at that origin."""
    with _coming_from(origin):
        yield


@contextmanager
def _coming_from(origin: Origin | _RequestOrigin) -> Iterator[None]:
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)
