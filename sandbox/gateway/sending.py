"""Accepting a request to send: all of it in one transaction, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from sandbox.gateway.errors import GatewayError, InvalidNumber
from sandbox.gateway.numbers import is_valid_number, normalise_number
from sandbox.gateway.parameters import SendParameters
from sandbox.gateway.reports import plan_reports
from sandbox.gateway.segments import count_parts, is_gsm, without_diacritics
from sandbox.models import DeliveryReport, Faults, SenderName, SmsMessage, Status

MAX_RECIPIENTS = 10_000
MAX_CHARACTERS = 2_000
IDX_LENGTH = 255
IDX_WINDOW = dt.timedelta(hours=24)

# The last digits of a number decide what becomes of its messages; the Gateway page says so.
FATES = {"000": Status.UNDELIVERED, "111": Status.EXPIRED}
NEVER_SETTLES = "222"


def accept(parameters: SendParameters, faults: Faults) -> list[SmsMessage]:
    """Check the request, store its messages with the reports they will cause, and return them.

    Nothing is stored for a test request. Raises GatewayError: then nothing was accepted.
    """
    _check_shape(parameters)
    messages = _build_messages(parameters, faults)
    if parameters.test:
        return messages
    with transaction.atomic():
        if parameters.check_idx:
            _refuse_known_idx([message.idx for message in messages if message.idx])
        SmsMessage.objects.bulk_create(messages)
        DeliveryReport.objects.bulk_create(
            report for message in messages for report in plan_reports(message, faults)
        )
    return messages


def _check_shape(parameters: SendParameters) -> None:
    if len(parameters.to) > MAX_RECIPIENTS:
        raise GatewayError(19)
    if any(len(idx) > IDX_LENGTH for idx in parameters.idx):
        raise GatewayError(20)
    if parameters.idx and len(parameters.idx) != len(parameters.to):
        raise GatewayError(27)
    if any(len(values) != len(parameters.to) for values in parameters.personal.values()):
        raise GatewayError(18)
    if not parameters.message or len(parameters.message) > MAX_CHARACTERS:
        raise GatewayError(11)
    active = SenderName.objects.filter(status=SenderName.Status.ACTIVE)
    if not active.filter(name=parameters.sender).exists():
        raise GatewayError(14)


def _build_messages(parameters: SendParameters, faults: Faults) -> list[SmsMessage]:
    now = timezone.now()
    messages = []
    for position, submitted, number in _recipients(parameters):
        text = _text_for(parameters, position)
        message = SmsMessage(
            submitted_number=submitted,
            number=number,
            sender=parameters.sender,
            text=text,
            parts=_checked_parts(text, parameters),
            idx=parameters.idx[position] if parameters.idx else "",
            accepted_at=now,
            settles_at=settles_at(number, now, faults),
            final_status=FATES.get(number[-3:], Status.DELIVERED),
        )
        messages.append(message)
    return messages


def _recipients(parameters: SendParameters) -> Iterator[tuple[int, str, str]]:
    """Yield position, submitted and normalised number of those who will get the message.

    Invalid numbers are left out, unless all are (error 13); so are repeated ones.
    """
    numbers = [normalise_number(submitted) for submitted in parameters.to]
    valid = [position for position, number in enumerate(numbers) if is_valid_number(number)]
    if not valid:
        pairs = zip(numbers, parameters.to, strict=True)
        raise GatewayError(13, [InvalidNumber(number, submitted) for number, submitted in pairs])
    seen: set[str] = set()
    for position in valid:
        if parameters.allow_duplicates or numbers[position] not in seen:
            seen.add(numbers[position])
            yield position, parameters.to[position], numbers[position]


def _text_for(parameters: SendParameters, position: int) -> str:
    text = parameters.message
    for number, values in parameters.personal.items():
        text = text.replace(f"[%{number}%]", values[position])
    return without_diacritics(text) if parameters.normalize else text


def _checked_parts(text: str, parameters: SendParameters) -> int:
    if parameters.nounicode and not is_gsm(text):
        raise GatewayError(11)
    parts = count_parts(text)
    if parts > parameters.max_parts:
        raise GatewayError(12)
    return parts


def settles_at(number: str, now: dt.datetime, faults: Faults) -> dt.datetime | None:
    """Return when the fate of a message to this number is known; None for never."""
    if number.endswith(NEVER_SETTLES):
        return None
    if faults.report_mode == Faults.ReportMode.BEFORE_ANSWER:
        return now
    return now + dt.timedelta(seconds=faults.report_delay_s)


def _refuse_known_idx(idx: list[str]) -> None:
    since = timezone.now() - IDX_WINDOW
    is_known = SmsMessage.objects.filter(idx__in=idx, accepted_at__gte=since).exists()
    if is_known or len(set(idx)) < len(idx):
        raise GatewayError(53)
