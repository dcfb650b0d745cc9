"""The people of a team: an agency's, or the operator's (a team without an agency)."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from accounts import events
from accounts.models import Agency, EventKind, Invitation, User
from accounts.models.invitations import VALID_FOR
from accounts.outbox import queue_mail
from accounts.roles import AGENCY_ROLES, OPERATOR_ROLES, Role
from accounts.sessions import end_all_sessions

_SALT = "accounts.people.invitation"


class LastHead(Exception):
    """Every agency keeps an owner, and the operator an administrator."""


class AlreadyInvited(Exception):
    """The address has an open invitation to this team, or is one of its people."""


class InvitationDoesNotWork(Exception):
    """The link is made up or too old, or the invitation was accepted or withdrawn."""


class AddressTaken(Exception):
    """A person has one account, in one team: the invited address has one."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What an employee may send in a Warsaw calendar month: SMS parts or grosze, or nothing set."""

    parts: int | None = None
    amount: int | None = None


def people_of(agency: Agency | None) -> QuerySet[User]:
    """The team's people who were not removed, by name."""
    return User.objects.filter(agency=agency, removed_at=None).order_by("full_name", "id")


def roles_of(agency: Agency | None) -> tuple[Role, ...]:
    """The roles of a team, the head's among them."""
    return OPERATOR_ROLES if agency is None else AGENCY_ROLES


@transaction.atomic
def invite(*, agency: Agency | None, email: str, role: Role, invited_by: User) -> Invitation:
    """Offer a place in the team and mail the link. Raises AlreadyInvited.

    Whether the address has an account elsewhere is not told here: then the mail says so to its reader.
    """
    if people_of(agency).filter(email__iexact=email).exists():
        raise AlreadyInvited
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                agency=agency, email=email.lower(), role=role, invited_by=invited_by
            )
    except IntegrityError as error:
        raise AlreadyInvited from error
    queue_mail("accounts.emails.send_invitation", invitation.pk)
    events.record(EventKind.PERSON_INVITED, f"{email} ({_polish(role)})", person=invited_by)
    return invitation


@transaction.atomic
def invite_again(invitation: Invitation) -> None:
    """Mail an open invitation once more, valid for another week."""
    open_one = Invitation.objects.open().filter(pk=invitation.pk)
    if open_one.update(expires_at=timezone.now() + VALID_FOR):
        queue_mail("accounts.emails.send_invitation", invitation.pk)
        events.record(EventKind.PERSON_INVITED, invitation.email, agency=invitation.agency)


@transaction.atomic
def withdraw(invitation: Invitation) -> None:
    """Make the mailed link worthless."""
    if Invitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=timezone.now()):
        events.record(EventKind.INVITATION_WITHDRAWN, invitation.email, agency=invitation.agency)


def link_token(invitation: Invitation) -> str:
    """What the mailed link ends with."""
    return signing.dumps(invitation.pk, salt=_SALT)


def find_invitation(token: str) -> Invitation:
    """The open invitation of a mailed link. Raises InvitationDoesNotWork."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise InvitationDoesNotWork from error
    found = Invitation.objects.open().filter(pk=pk, expires_at__gt=timezone.now())
    invitation = found.select_related("agency", "invited_by").first()
    if invitation is None or (invitation.agency is not None and invitation.agency.is_closed):
        raise InvitationDoesNotWork
    return invitation


def accept(invitation: Invitation, *, full_name: str, password: str) -> User:
    """Make the person's account. Raises InvitationDoesNotWork when used a moment ago, and AddressTaken."""
    try:
        with transaction.atomic():
            accepted = Invitation.objects.open().filter(pk=invitation.pk)
            if not accepted.update(accepted_at=timezone.now()):
                raise InvitationDoesNotWork
            user = User.objects.create_user(
                invitation.email,
                password,
                full_name=full_name,
                role=invitation.role,
                agency=invitation.agency,
            )
            about = f"{full_name} ({_polish(Role(invitation.role))})"
            events.record(EventKind.PERSON_JOINED, about, person=user)
            return user
    except IntegrityError as error:
        raise AddressTaken from error


@transaction.atomic
def rename(user: User, full_name: str) -> None:
    """Change a person's name. The audit trail names people as they are called now, so it tells of the change."""
    if user.full_name == full_name:
        return
    about = f"{user.full_name} → {full_name}"
    user.full_name = full_name
    user.save(update_fields=["full_name"])
    events.record(EventKind.PERSON_RENAMED, about, agency=user.agency, person=user)


@transaction.atomic
def change_role(user: User, role: Role) -> None:
    """Give the person another role of their team, from their next request on. Raises LastHead.

    Whom they invited and who has not joined yet is to be invited again: a head on the way out leaves no door open.
    """
    if user.role == role:
        return
    _keep_a_head(user)
    _withdraw_invitations_of(user)
    user.role = role
    # Only employees have one.
    user.monthly_limit_parts = user.monthly_limit_amount = None
    user.save(update_fields=["role", "monthly_limit_parts", "monthly_limit_amount"])
    events.record(EventKind.ROLE_CHANGED, f"{user.full_name}: {_polish(role)}", agency=user.agency)


@transaction.atomic
def set_limit(user: User, limit: Limit) -> None:
    """Limit what an employee may send in a month, or lift the limit."""
    before = Limit(user.monthly_limit_parts, user.monthly_limit_amount)
    if limit == before:
        return
    user.monthly_limit_parts = limit.parts
    user.monthly_limit_amount = limit.amount
    user.save(update_fields=["monthly_limit_parts", "monthly_limit_amount"])
    about = f"{user.full_name}: {_described(limit)}"
    events.record(EventKind.LIMIT_CHANGED, about, agency=user.agency)


def remove(user: User) -> None:
    """Take the person out of the team, logged out everywhere at once, with their open invitations. Raises LastHead.

    Their row stays for what they did; their address is free, so that they can join another agency.
    """
    with transaction.atomic():
        _keep_a_head(user)
        _withdraw_invitations_of(user)
        events.record(
            EventKind.PERSON_REMOVED, f"{user.full_name} ({user.email})", agency=user.agency
        )
        user.email = f"removed-{user.pk}@mps.invalid"
        user.is_active = False
        user.removed_at = timezone.now()
        user.set_unusable_password()
        user.one_time_password_expires_at = None
        user.monthly_limit_parts = user.monthly_limit_amount = None
        user.save()
        Authenticator.objects.filter(user=user).delete()
        user.email_changes.open().update(withdrawn_at=timezone.now())
    end_all_sessions(user)


def _withdraw_invitations_of(user: User) -> None:
    for invitation in Invitation.objects.open().filter(invited_by=user).order_by("pk"):
        withdraw(invitation)


def _keep_a_head(user: User) -> None:
    """Lock the team's heads, so that two of them cannot take each other's role at once."""
    head = Role.ADMIN if user.agency is None else Role.OWNER
    heads = people_of(user.agency).filter(role=head, is_active=True).order_by("id")
    locked = set(heads.select_for_update(of=("self",)).values_list("pk", flat=True))
    if locked == {user.pk}:
        raise LastHead


def _polish(role: Role) -> str:
    with translation.override("pl"):
        return str(role.label)


def _described(limit: Limit) -> str:
    if limit.parts is not None:
        return f"{limit.parts} SMS"
    if limit.amount is not None:
        return f"{limit.amount // 100},{limit.amount % 100:02} zł"
    return "-"
