"""The sessions in which one is logged in."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from accounts import events
from accounts.models import EventKind, User


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    def end_sessions(self, sessions: Sequence[UserSession]) -> None:
        """Log the others out, and keep it in the audit trail."""
        super().end_sessions(sessions)
        if sessions:
            events.record(EventKind.SESSIONS_ENDED, str(len(sessions)))


def forget_expired() -> int:
    """Delete the rows of sessions that ended by themselves. Periodic. Returns the number of those of people."""
    SessionStore.clear_expired()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    deleted, _by_model = UserSession.objects.filter(~Exists(alive)).delete()
    return deleted


def end_all_sessions(user: User) -> None:
    """Log the person out everywhere, at once."""
    for session in UserSession.objects.filter(user=user):
        session.end()
