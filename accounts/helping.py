"""What the operator does for somebody who cannot get in: for the first time, or without the second factor."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import events
from accounts.event_rows import OPERATOR
from accounts.models import Agency, EventKind, User
from accounts.one_time_passwords import queue_one_time_password, without_own_password
from accounts.security_events import record_and_tell
from accounts.sessions import end_all_sessions


class NoHelpNeeded(Exception):
    """The person has chosen a password or has logged in: only they change it now. Nothing was written."""


class EmailTaken(Exception):
    """Somebody has this e-mail already. Nothing was written."""


def never_seen() -> QuerySet[User]:
    """People who never logged in: their address may have been mistyped at the registration."""
    return without_own_password().filter(last_login=None, one_time_password_used_at=None)


@transaction.atomic
def mail_password_again(person: User) -> None:
    """Make the mailed password void and mail a new one. Raises NoHelpNeeded."""
    if not without_own_password().filter(pk=person.pk).update(**_no_password()):
        raise NoHelpNeeded
    events.record(EventKind.PASSWORD_ASKED, person.email, agency=person.agency)
    queue_one_time_password(person)


@transaction.atomic
def correct_email(person: User, email: str) -> None:
    """Replace the address of somebody who never logged in, and mail a new password there.

    The agency's invoices go there too, if they went to the old one. Raises NoHelpNeeded and EmailTaken.
    """
    old, new = person.email, email.lower()
    try:
        with transaction.atomic():
            corrected = never_seen().filter(pk=person.pk).update(email=new, **_no_password())
    except IntegrityError as error:
        raise EmailTaken from error
    if not corrected:
        raise NoHelpNeeded
    Agency.objects.filter(people=person, email__iexact=old).update(email=new)
    events.record(EventKind.EMAIL_CHANGED, f"{old} → {new}", agency=person.agency)
    queue_one_time_password(person)


def remove_second_factor(person: User) -> int:
    """Let somebody in by the password alone who lost telephone, passkeys and recovery codes. Returns how many it took.

    Ends their sessions and tells them by mail. Whoever calls it has made sure that it is them who ask.
    """
    with transaction.atomic():
        removed: int = Authenticator.objects.filter(user=person).delete()[0]
        if removed:
            record_and_tell(EventKind.SECOND_FACTOR_REMOVED, person, OPERATOR)
    end_all_sessions(person)
    return removed


def _no_password() -> dict[str, str | None]:
    """Until the job has mailed one, nobody can log in, not even by a link that the old address got."""
    return {
        "password": make_password(None),
        "one_time_password_expires_at": None,
        "one_time_password_used_at": None,
    }
