"""Registering approved sender names at the gateway, asking until it has them, and removing revoked ones.

A name says itself when the gateway is asked next (`next_check_at`), with growing pauses. Whoever moves that time owns
the attempt; the gateway is asked outside any transaction, and its answer counts if the name still waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import EventKind
from messaging import sender_name_mails as mails
from messaging.gateways import current_gateway, gateway_called, route
from messaging.gateways.base import GatewayUnavailable, SenderStatus
from messaging.models import SenderName

logger = logging.getLogger(__name__)

State = SenderName.State
Registration = SenderName.Registration

# Doubled after each question: the networks take from minutes to a working day.
SHORTEST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=2)
# Names that one sweep queues.
SWEEP_SIZE = 500

_EXPECTED = (Registration.ASKED, Registration.PENDING)


def due() -> Sequence[int]:
    """The ids of the names that the gateway is to be asked about now."""
    names = SenderName.objects.filter(next_check_at__lte=timezone.now()).order_by("next_check_at")
    return list(names.values_list("pk", flat=True)[:SWEEP_SIZE])


def ask_gateway(sender_name_id: int) -> bool:
    """Do the next step about a name, if it is its time: register, ask, or remove. True if that settled it."""
    name = _claim(sender_name_id)
    if name is None:
        return False
    try:
        if name.registration == Registration.LEAVING:
            return _remove(name)
        return record_answer(name, _ask(name))
    except GatewayUnavailable as error:
        logger.warning("Sender name %s: the gateway is not available: %s", name.pk, error)
        return False


def _claim(sender_name_id: int) -> SenderName | None:
    """The name, if the gateway is to be asked about it now and nobody else does."""
    now = timezone.now()
    name = SenderName.objects.filter(pk=sender_name_id, next_check_at__lte=now).first()
    if name is None:
        return None
    pause = min(SHORTEST_PAUSE * (1 << min(name.num_checks, 10)), LONGEST_PAUSE)
    mine = SenderName.objects.filter(pk=name.pk, next_check_at=name.next_check_at).update(
        next_check_at=now + pause, num_checks=F("num_checks") + 1
    )
    return name if mine else None


def _ask(name: SenderName) -> SenderStatus:
    gateway = current_gateway()
    _offer_to_others(name)
    if name.registration == Registration.ASKED:
        return gateway.register_sender(name.name)
    return gateway.sender_status(name.name)


def _offer_to_others(name: SenderName) -> None:
    """Have the fallback gateway know the name as well. The first one alone decides; this one is asked as often."""
    for other in route()[1:]:
        try:
            gateway_called(other).register_sender(name.name)
        except GatewayUnavailable as error:
            logger.warning("Sender name %s is not offered to %s: %s", name.pk, other, error)


def _remove(name: SenderName) -> bool:
    """The gateway knows names, not agencies: it keeps one that somebody else still uses."""
    others = SenderName.objects.filter(
        name=name.name, registration__in=[*_EXPECTED, Registration.ACTIVE]
    )
    if name.name != settings.DEFAULT_SENDER and not others.exclude(pk=name.pk).exists():
        current_gateway().remove_sender(name.name)
        for other in route()[1:]:
            gateway_called(other).remove_sender(name.name)
    left = SenderName.objects.filter(pk=name.pk, registration=Registration.LEAVING)
    return bool(left.update(registration=Registration.NONE, next_check_at=None))


def record_answer(name: SenderName, status: SenderStatus) -> bool:
    """Write what the gateway said of a name that waits for it. True if that settled it."""
    if status is SenderStatus.ACTIVE:
        return _authorise(name.pk)
    if status is SenderStatus.REJECTED:
        return _refuse(name.pk)
    # A name that the gateway does not know any more is registered once more.
    found = Registration.PENDING if status is SenderStatus.PENDING else Registration.ASKED
    waiting = SenderName.objects.filter(pk=name.pk, registration__in=_EXPECTED)
    waiting.update(registration=found)
    return False


@transaction.atomic
def _authorise(sender_name_id: int) -> bool:
    """Both have said yes. False if the operator has taken theirs back meanwhile."""
    name = SenderName.objects.select_for_update().get(pk=sender_name_id)
    if name.approved_at is None or name.registration not in _EXPECTED:
        return False
    name.state, name.reason = State.AUTHORISED, ""
    name.registration, name.next_check_at = Registration.ACTIVE, None
    name.save()
    events.record(EventKind.NAME_AUTHORISED, name.name, agency=name.agency)
    mails.queue(name, State.AUTHORISED)
    return True


@transaction.atomic
def _refuse(sender_name_id: int) -> bool:
    """The gateway's no is the operator's: the reason is in the language of the agency that reads it."""
    name = SenderName.objects.select_for_update().get(pk=sender_name_id)
    if name.approved_at is None or name.registration not in _EXPECTED:
        return False
    language = name.agency.language if name.agency else settings.LANGUAGE_CODE
    with translation.override(language):
        name.reason = _("The mobile networks do not take this name. Try another one.")
    name.state = State.REJECTED if name.agency else State.REVOKED
    name.approved_at, name.decided_at = None, timezone.now()
    name.registration, name.next_check_at = Registration.REFUSED, None
    name.save()
    events.record(EventKind.NAME_REJECTED, name.name, agency=name.agency)
    mails.queue(name, State.REJECTED)
    return True
