"""Changing one's e-mail address: confirmed by a link mailed to the old address and by one mailed to the new one."""

from __future__ import annotations

from enum import StrEnum

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import events
from accounts.models import EmailChange, EventKind, User
from accounts.outbox import queue_mail

_SALT = "accounts.email_changes"


class Side(StrEnum):
    """Whose mailbox a link was read in."""

    OLD = "old"
    NEW = "new"


class LinkDoesNotWork(Exception):
    """The link is made up, too old, or the change was done or withdrawn meanwhile."""


class AddressTaken(Exception):
    """Somebody else has had the address since the change was asked for."""


@transaction.atomic
def ask(user: User, new_email: str) -> EmailChange:
    """Begin a change, withdrawing an earlier one, and mail both addresses.

    An address that has an account gets no link but a notice: the page must not tell who has an account.
    """
    # One change at a time, also from two windows.
    User.objects.select_for_update().get(pk=user.pk)
    user.email_changes.open().update(withdrawn_at=timezone.now())
    change = EmailChange.objects.create(
        person=user, old_email=user.email, new_email=new_email.lower()
    )
    queue_mail("accounts.emails.send_email_change_to_old", change.pk)
    if User.objects.filter(email__iexact=new_email).exists():
        queue_mail("accounts.emails.send_address_has_account", change.new_email, user.language)
    else:
        queue_mail("accounts.emails.send_email_change_to_new", change.pk)
    events.record(EventKind.EMAIL_CHANGE_ASKED, change.new_email, person=user)
    return change


def link_token(change: EmailChange, side: Side) -> str:
    """What the mailed link ends with."""
    return signing.dumps([change.pk, side], salt=_SALT)


def find(token: str) -> tuple[EmailChange, Side]:
    """The open change that a mailed link belongs to. Raises LinkDoesNotWork."""
    try:
        pk, side = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise LinkDoesNotWork from error
    change = EmailChange.objects.open().filter(pk=pk, expires_at__gt=timezone.now()).first()
    if change is None:
        raise LinkDoesNotWork
    return change, Side(side)


def confirm(change: EmailChange, side: Side) -> bool:
    """Note that one side agrees; when both do, change the address. Returns whether it is changed now.

    Raises LinkDoesNotWork when it was withdrawn a moment ago, and AddressTaken, which withdraws it.
    """
    try:
        with transaction.atomic():
            return _confirm(change.pk, side)
    except IntegrityError as error:
        withdraw(change)
        raise AddressTaken from error


def withdraw(change: EmailChange) -> None:
    """Stop a change that was not done yet."""
    EmailChange.objects.open().filter(pk=change.pk).update(withdrawn_at=timezone.now())


def _confirm(change_id: int, side: Side) -> bool:
    change = EmailChange.objects.open().select_for_update().filter(pk=change_id).first()
    if change is None:
        raise LinkDoesNotWork
    now = timezone.now()
    if side is Side.OLD:
        change.old_confirmed_at = change.old_confirmed_at or now
    else:
        change.new_confirmed_at = change.new_confirmed_at or now
    is_done = bool(change.old_confirmed_at and change.new_confirmed_at)
    if is_done:
        change.done_at = now
        User.objects.filter(pk=change.person_id).update(email=change.new_email)
        about = f"{change.old_email} → {change.new_email}"
        events.record(EventKind.EMAIL_CHANGED, about, person=change.person)
    change.save()
    return is_done
