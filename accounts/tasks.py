"""Background jobs of accounts. The queue holds these dotted names: a renamed function must keep its old name too."""

from __future__ import annotations

from accounts import outbox, sessions


def deliver_mail(mail_id: int) -> bool:
    """Try a mail of the outbox that is due."""
    return outbox.deliver(mail_id)


def deliver_due_mails() -> int:
    """Queue the mails that are due again. Periodic."""
    return outbox.deliver_due()


def forget_expired_sessions() -> int:
    """Delete the rows of sessions that ended by themselves. Periodic."""
    return sessions.forget_expired()
