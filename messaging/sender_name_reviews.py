"""What the operator does with sender names: looks into them, says yes or no, takes a yes back, offers shared ones."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import closing, events
from accounts.jobs import enqueue
from accounts.models import Agency, EventKind, User
from messaging import sender_name_mails as mails
from messaging.lookalikes import Reach, looks_like
from messaging.models import SenderName, SenderNameFile
from messaging.taken import Taken

State = SenderName.State
Registration = SenderName.Registration

_WAITING = (State.SUBMITTED, State.IN_REVIEW)
# The gateway has it, or may have it.
_AT_GATEWAY = (Registration.ASKED, Registration.PENDING, Registration.ACTIVE)


class DecidedAlready(Exception):
    """Somebody else was quicker, or it is not the time for this. Nothing was written."""


def queue() -> QuerySet[SenderName]:
    """The names that wait for the operator, oldest first. Closed agencies need none any more."""
    waiting = SenderName.objects.filter(
        state__in=_WAITING, approved_at=None, agency__closed_at=None
    )
    return waiting.select_related("agency", "reviewed_by").order_by("submitted_at", "pk")


def others_alike(sender_name: SenderName) -> list[SenderName]:
    """Names of other agencies that clients could take for this one: it is for a person to say whose it is."""
    others = SenderName.objects.exclude(agency=None).exclude(agency=sender_name.agency_id)
    others = others.exclude(state=State.DRAFT).select_related("agency").order_by("pk")
    return [other for other in others if looks_like(sender_name.name, other.name, Reach.NAME)]


@transaction.atomic
def take(*, sender_name_id: int, reviewer: User) -> bool:
    """Take a submitted name into review. False if somebody has it, or it was decided."""
    taken = SenderName.objects.filter(pk=sender_name_id, state=State.SUBMITTED).update(
        state=State.IN_REVIEW, reviewed_by=reviewer
    )
    if taken:
        _tell(EventKind.NAME_TAKEN, SenderName.objects.get(pk=sender_name_id), reviewer)
    return bool(taken)


@transaction.atomic
def approve(*, sender_name_id: int, decided_by: User) -> None:
    """Say yes: from now on the gateway is asked for the name, and authorised it is once the gateway has it.

    Raises DecidedAlready, and AgencyClosed.
    """
    closing.lock_open(Agency.objects.get(sender_names=sender_name_id).pk)
    name = _lock(sender_name_id)
    if not name.can_be_decided:
        raise DecidedAlready
    name.reviewed_by = decided_by
    name.decided_at = timezone.now()
    _ask_gateway_for(name)
    _tell(EventKind.NAME_APPROVED, name, decided_by)


@transaction.atomic
def reject(*, sender_name_id: int, reason: str, decided_by: User) -> None:
    """Say no, with a reason that the agency reads; it may mend the name and submit it again. Raises DecidedAlready."""
    name = _lock(sender_name_id)
    if not name.can_be_decided:
        raise DecidedAlready
    name.state, name.reason = State.REJECTED, reason
    name.reviewed_by = decided_by
    name.decided_at = timezone.now()
    name.save()
    _tell(EventKind.NAME_REJECTED, name, decided_by)
    mails.queue(name, State.REJECTED)


@transaction.atomic
def revoke(*, sender_name_id: int, reason: str, revoked_by: User) -> None:
    """Take a yes back: nothing more leaves under the name, and the gateway forgets it. Raises DecidedAlready.

    What is queued goes out as settings.DEFAULT_SENDER (messaging/sender_names.py: sender_of_paid).
    """
    name = _lock(sender_name_id)
    if not name.can_be_revoked:
        raise DecidedAlready
    name.state, name.reason, name.approved_at = State.REVOKED, reason, None
    name.decided_at = timezone.now()
    name.registration = Registration.LEAVING
    name.next_check_at, name.num_checks = timezone.now(), 0
    name.save()
    _tell(EventKind.NAME_REVOKED, name, revoked_by)
    mails.queue(name, State.REVOKED)
    enqueue("messaging.tasks.ask_gateway_about_name", name.pk)


def offer_shared(*, name: str, offered_by: User) -> SenderName:
    """Offer a name to all agencies, as soon as the gateway has it. Raises Taken if it is in the list."""
    try:
        with transaction.atomic():
            shared = SenderName.objects.create(name=name, state=State.REVOKED)
            _offer(shared, offered_by)
    except IntegrityError:
        raise Taken("name", _("This name is in the list already.")) from None
    return shared


@transaction.atomic
def offer_again(*, sender_name_id: int, offered_by: User) -> None:
    """Offer a shared name that was taken back. Raises DecidedAlready."""
    shared = _lock(sender_name_id)
    if shared.agency_id is not None or shared.approved_at is not None:
        raise DecidedAlready
    _offer(shared, offered_by)


def _offer(shared: SenderName, offered_by: User) -> None:
    shared.reason = ""
    shared.reviewed_by = offered_by
    shared.decided_at = timezone.now()
    _ask_gateway_for(shared)
    _tell(EventKind.NAME_APPROVED, shared, offered_by)


@transaction.atomic
def permit(*, agency: Agency, name: str, permitted_by: User) -> SenderName:
    """Let an agency ask for a name although it looks like a reserved word, since it showed its right to it.

    The name stands in the agency's list as a draft; the document and the statement are asked for as with any other.
    Raises Taken where it is under way or decided for the agency.
    """
    own, _is_new = SenderName.objects.select_for_update().get_or_create(agency=agency, name=name)
    if not own.can_be_changed:
        raise Taken("name", _("The agency has this name, and it is not in its hands now."))
    own.permitted_by, own.permitted_at = permitted_by, timezone.now()
    own.save(update_fields=["permitted_by", "permitted_at"])
    _tell(EventKind.NAME_PERMITTED, own, permitted_by)
    return own


@transaction.atomic
def let_go(sender_name_ids: Sequence[int]) -> None:
    """Of a closed agency: forget the documents and give the names back to the gateway. For the erasure."""
    SenderNameFile.objects.filter(sender_name__in=sender_name_ids).delete()
    own = SenderName.objects.filter(pk__in=sender_name_ids)
    own.filter(state__in=[*_WAITING, State.AUTHORISED]).update(
        state=State.REVOKED, approved_at=None, decided_at=timezone.now()
    )
    own.filter(registration__in=_AT_GATEWAY).update(
        registration=Registration.LEAVING, next_check_at=timezone.now(), num_checks=0
    )


def _lock(sender_name_id: int) -> SenderName:
    return SenderName.objects.select_for_update().get(pk=sender_name_id)


def _ask_gateway_for(name: SenderName) -> None:
    name.approved_at = timezone.now()
    name.registration = Registration.ASKED
    name.next_check_at, name.num_checks = timezone.now(), 0
    name.save()
    enqueue("messaging.tasks.ask_gateway_about_name", name.pk)


def _tell(kind: EventKind, name: SenderName, person: User) -> None:
    events.record(kind, name.name, agency=name.agency, person=person)
