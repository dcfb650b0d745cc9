"""The mailed one-time password: random, sent by the outbox, stored as a hash only once the mail server took it."""

from __future__ import annotations

import secrets

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.emails import send_welcome
from accounts.events import record
from accounts.models import EventKind, User
from accounts.outbox import queue_mail

# Read off a mail and typed once: no letters or digits that look alike.
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 12


def queue_one_time_password(person: User) -> None:
    """Mail a new one-time password; the one before is void as soon as the mail is out. Not to who has their own."""
    queue_mail("accounts.one_time_passwords.mail_one_time_password", person.pk)


def answer_plea_for_password(email: str) -> None:
    """Mail a new one-time password to who has not chosen their own yet, and to others that they have an account."""
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        return
    if without_own_password().filter(pk=person.pk).exists():
        queue_one_time_password(person)
    else:
        queue_mail("accounts.registration_mails.send_you_have_an_account", person.pk)


def without_own_password() -> QuerySet[User]:
    """People who can log in with a mailed password at most, which may be used or expired."""
    has_none = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return User.objects.filter(
        has_none | Q(one_time_password_expires_at__isnull=False), is_active=True
    )


def mail_one_time_password(user_id: int) -> None:
    """Make a password, mail it and store its hash. Called by the outbox; raises when the mail is not taken.

    The seven days count from the moment the mail server took it.
    """
    person = without_own_password().select_related("agency").filter(pk=user_id).first()
    if person is None:
        return
    password = new_password()
    send_welcome(person, password)
    person.set_one_time_password(password)
    with transaction.atomic():
        # Whoever chose a password by a mailed link in the meantime keeps it; and if the address was corrected, the
        # one that this mail went to opens nothing.
        without_own_password().filter(pk=user_id, email=person.email).update(
            password=person.password,
            one_time_password_expires_at=person.one_time_password_expires_at,
            one_time_password_used_at=None,
        )
        record(EventKind.PASSWORD_MAILED, person.email, agency=person.agency)


def new_password() -> str:
    """A random one-time password of 12 characters (about 69 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
