"""Background jobs of accounts. The queue holds these dotted names: a renamed function must keep its old name too."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import QuerySet
from django.utils import timezone

from accounts import outbox, sessions
from accounts.emails import send_welcome
from accounts.jobs import enqueue
from accounts.models import User
from accounts.registration import new_password

GIVE_UP_AFTER = timedelta(days=3)


def send_one_time_password(user_id: int) -> str:
    """Mail the new person a one-time password, made here so that it is never stored in the queue.

    It counts from the moment the mail server took it; until then the person has none and the sweep below tries
    again. Harmless once they have one.
    """
    user = User.objects.select_related("agency").get(pk=user_id)
    if user.has_usable_password():
        return "has a password"
    password = new_password()
    send_welcome(user, password)
    user.set_one_time_password(password)
    # Whoever chose a password by the mailed link in the meantime keeps it.
    _without_password().filter(pk=user_id).update(
        password=user.password, one_time_password_expires_at=user.one_time_password_expires_at
    )
    return "sent"


def send_due_passwords() -> int:
    """Queue the mail again for people whom it has not reached, e.g. because the mail server was down. Periodic.

    Given up after GIVE_UP_AFTER: by then the address is at fault, not the server.
    """
    now = timezone.now()
    waiting = _without_password().filter(
        is_active=True,
        created_at__range=(now - GIVE_UP_AFTER, now - timedelta(minutes=2)),
    )
    due = list(waiting.values_list("pk", flat=True)[:500])
    for user_id in due:
        enqueue("accounts.tasks.send_one_time_password", user_id)
    return len(due)


def deliver_mail(mail_id: int) -> bool:
    """Try a mail of the outbox that is due."""
    return outbox.deliver(mail_id)


def deliver_due_mails() -> int:
    """Queue the mails that are due again. Periodic."""
    return outbox.deliver_due()


def forget_expired_sessions() -> int:
    """Delete the rows of sessions that ended by themselves. Periodic."""
    return sessions.forget_expired()


def _without_password() -> QuerySet[User]:
    return User.objects.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
