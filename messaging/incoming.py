"""What clients answer: kept, shown to the agency, and taken as an opt-out where it is one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from messaging import consents
from messaging.gateways.base import IncomingSms
from messaging.models import Channel, Contact, IncomingMessage, Message, SenderName
from messaging.opt_out_words import is_opt_out
from messaging.opt_outs import Said

State = Message.State

# How long after a message its number may still be answering it.
ANSWER_WITHIN = timedelta(days=90)
# A time outside of these is a wrong clock: the moment of the arrival stands for it.
_LATE = timedelta(days=7)
_EARLY = timedelta(minutes=5)
# Those that have, or may have, reached a phone.
_LEFT = (
    State.SENDING,
    State.UNCERTAIN,
    State.SENT,
    State.DELIVERED,
    State.UNDELIVERED,
    State.UNKNOWN,
)


def receive(sms: IncomingSms) -> IncomingMessage | None:
    """Keep a reply, once however often it is pushed, and opt its number out if it says so.

    None if it was received before. Nothing is sent back: a confirmation would be an SMS that nobody pays for, to
    somebody who wants none.
    """
    answered = _answered(sms)
    try:
        with transaction.atomic():
            return _keep(sms, answered)
    except IntegrityError:
        if IncomingMessage.objects.filter(digest=sms.digest).exists():
            return None
        raise


def _answered(sms: IncomingSms) -> Message | None:
    """The message that the reply belongs to.

    The gateway names it, unless the number is not one of those that it lends for a reply; else it is the newest
    message to this number from a sender that can be answered. Several agencies may share such a sender: a client who
    answers it answers what they read last, so the opt-out is of that agency and of no other, who may well have the
    client's consent.
    """
    if sms.provider_id:
        named = Message.objects.filter(provider_id=sms.provider_id).exclude(provider_id="")
        message = named.select_related("agency").first()
        # The number of an erased message is gone; any other must be the one that answers.
        if message and message.phone in (sms.phone, ""):
            return message
    to_number = Message.objects.filter(
        phone=sms.phone,
        sender__in=_senders(sms.to),
        state__in=_LEFT,
        created_at__gt=timezone.now() - ANSWER_WITHIN,
    )
    return to_number.select_related("agency").order_by("-id").first()


def _senders(to: str) -> list[str]:
    """The names that can be answered: the one that is the number itself, else all."""
    names = SenderName.objects.filter(agency=None, is_replyable=True)
    known = list(names.values_list("name", flat=True))
    return [to] if to in known else known


def _keep(sms: IncomingSms, answered: Message | None) -> IncomingMessage:
    agency = answered.agency if answered else None
    wants_out = is_opt_out(sms.text)
    kept = IncomingMessage.objects.create(
        agency=agency,
        contact=_client(sms.phone, answered),
        answered=answered,
        phone=sms.phone,
        to=sms.to,
        text=sms.text,
        is_opt_out=wants_out and agency is not None,
        received_at=_received_at(sms.sent_at),
        digest=sms.digest,
    )
    if wants_out and agency is not None:
        said = Said(Channel.SMS, source=sms.text[:60], said_on=timezone.localdate(kept.received_at))
        consents.opt_out_numbers(agency=agency, phones=[sms.phone], said=said)
    return kept


def _client(phone: str, answered: Message | None) -> Contact | None:
    """Whose number it is by now, else who got the message."""
    if answered is None:
        return None
    own = Contact.objects.filter(agency=answered.agency_id, phone=phone).exclude(phone="").first()
    return own or answered.contact


def _received_at(sent_at: datetime | None) -> datetime:
    now = timezone.now()
    is_likely = sent_at is not None and now - _LATE <= sent_at <= now + _EARLY
    return sent_at if sent_at is not None and is_likely else now
