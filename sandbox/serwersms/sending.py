"""messages/send_personalized: a number and a text of its own for each message, as one JSON object."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from sandbox.gateway.numbers import is_valid_number, normalise_number
from sandbox.gateway.reports import plan_reports
from sandbox.gateway.segments import count_parts, is_gsm, without_diacritics
from sandbox.gateway.sending import FATES, MAX_RECIPIENTS, settles_at
from sandbox.models import DeliveryReport, Faults, Provider, SenderName, SmsMessage, Status
from sandbox.serwersms.errors import SerwerSmsError

_UNIQUE_ID = re.compile(r"[0-9a-zA-Z]{3,50}")


@dataclass(frozen=True)
class Taken:
    """What became of one message: `message` is None where it was refused, for the code or the reason."""

    phone: str
    text: str
    message: SmsMessage | None = None
    code: int | None = None
    reason: str = ""


def accept(parameters: Mapping[str, object], faults: Faults) -> list[Taken]:
    """Store the messages with the reports that they will cause. Each may be refused by itself.

    An id of the customer's is no protection: a repeated one is accepted again. Raises SerwerSmsError.
    """
    pairs = _pairs(parameters.get("messages"))
    ids = _unique_ids(parameters.get("unique_id"), len(pairs))
    sender = parameters.get("sender")
    if not isinstance(sender, str) or not sender:
        # It would be an SMS ECO+, which this account does not have.
        raise SerwerSmsError(3001)
    active = SenderName.objects.filter(status=SenderName.Status.ACTIVE)
    if not active.filter(name=sender).exists():
        return [Taken(phone, text, reason="wrong_sender_name") for phone, text in pairs]
    utf = parameters.get("utf") is True
    taken = [
        _take(phone, text if utf else _stripped(text), sender, own_id, faults)
        for (phone, text), own_id in zip(pairs, ids, strict=True)
    ]
    messages = [one.message for one in taken if one.message]
    with transaction.atomic():
        SmsMessage.objects.bulk_create(messages)
        DeliveryReport.objects.bulk_create(
            report for message in messages for report in plan_reports(message, faults)
        )
    return taken


def _take(phone: str, text: str, sender: str, own_id: str, faults: Faults) -> Taken:
    number = normalise_number(phone)
    if not is_valid_number(number):
        return Taken(phone, text, code=2001)
    if not text.strip():
        return Taken(phone, text, code=3101)
    now = timezone.now()
    message = SmsMessage(
        provider=Provider.SERWERSMS,
        message_id=secrets.token_hex(5),
        submitted_number=phone,
        number=number,
        sender=sender,
        text=text,
        parts=count_parts(text),
        idx=own_id,
        accepted_at=now,
        settles_at=settles_at(number, now, faults),
        final_status=FATES.get(number[-3:], Status.DELIVERED),
    )
    return Taken(phone, text, message)


def _pairs(messages: object) -> list[tuple[str, str]]:
    if not isinstance(messages, list) or not messages:
        raise SerwerSmsError(2000)
    if len(messages) > MAX_RECIPIENTS or not all(isinstance(one, dict) for one in messages):
        raise SerwerSmsError(1006)
    return [(str(one.get("phone", ""))[:32], str(one.get("text", ""))) for one in messages]


def _unique_ids(given: object, count: int) -> list[str]:
    """As many as messages, of letters and digits: else none of the messages is taken."""
    if given is None:
        return [""] * count
    values = given if isinstance(given, list) else [given]
    ids = [one for one in values if isinstance(one, str) and _UNIQUE_ID.fullmatch(one)]
    if len(ids) < len(values) or len(ids) != count:
        raise SerwerSmsError(1006)
    return ids


def _stripped(text: str) -> str:
    """Without `utf`, letters lose their marks and what is still not GSM is left out."""
    return "".join(character for character in without_diacritics(text) if is_gsm(character))
