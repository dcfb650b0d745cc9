"""The history of one message, from the campaign that was paid to the phone, as its page tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from billing import ledger
from billing.money import format_amount
from messaging.gateway_codes import error_meaning, report_meaning
from messaging.models import DeliveryReport, IncomingMessage, Message
from messaging.status_meanings import MEANINGS

State = Message.State

# States that a report or the gateway's answer may still change.
MOVING = (State.QUEUED, State.SENDING, State.UNCERTAIN, State.SENT)
# What surely did not reach the client.
_PAID_BACK = (State.REJECTED, State.EXPIRED, State.CANCELLED)
# Of a report that does not say when it happened.
_UNKNOWN_TIME = datetime(1971, 1, 1, tzinfo=UTC)
_GATEWAY_NAMES: dict[str, str] = {"smsapi": "SMSAPI"}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a message. `state` (of Message.State) gives it a badge instead of a title."""

    at: datetime
    title: str = ""
    details: tuple[str, ...] = ()
    state: str = ""


def is_moving(message: Message) -> bool:
    """Whether its state may still change."""
    return message.state in MOVING


def history_of(message: Message) -> list[Step]:
    """All that is known to have happened, in the order of its times."""
    reports = list(message.reports.order_by("received_at", "pk"))
    steps = [
        *_queued(message),
        *_handed_over(message),
        *_trouble(message),
        *map(_reported, reports),
        *_ended(message, reports),
        *_refunded(message),
        *map(_answered, message.replies.order_by("received_at")),
    ]
    return sorted(steps, key=lambda step: step.at)


def _queued(message: Message) -> Iterator[Step]:
    campaign = message.campaign
    if campaign.confirmed_at and campaign.confirmed_by:
        yield Step(
            campaign.confirmed_at,
            _("Paid and let go by %(name)s") % {"name": campaign.confirmed_by},
        )
    yield Step(message.created_at, state=State.QUEUED, details=(str(MEANINGS[State.QUEUED]),))


def _handed_over(message: Message) -> Iterator[Step]:
    if not message.sent_at:
        return
    gateway = _gateway_name(message)
    details = [_("Gateway: %(name)s") % {"name": gateway}] if gateway else []
    if message.attempts:
        details.append(_("Attempts: %(number)d") % {"number": message.attempts})
    if message.provider_id:
        details.append(_("The gateway's number: %(id)s") % {"id": message.provider_id})
    yield Step(message.sent_at, _("The gateway has it"), tuple(details))


def _trouble(message: Message) -> Iterator[Step]:
    """The last error of a message that still waits; what ended it is told with its end."""
    meaning = str(error_meaning(message.error_class, message.error_code))
    if message.state == State.UNCERTAIN and message.uncertain_since:
        details = (str(MEANINGS[State.UNCERTAIN]), *_error(meaning, message.error_code))
        yield Step(message.uncertain_since, state=State.UNCERTAIN, details=details)
    elif message.state == State.SENDING and message.claimed_at:
        yield Step(message.claimed_at, state=State.SENDING)
    elif message.state == State.QUEUED and message.error_class:
        details = (
            *_error(meaning, message.error_code),
            _("Attempts: %(number)d") % {"number": message.attempts},
        )
        yield Step(message.next_attempt_at, _("The next attempt"), details)


def _reported(report: DeliveryReport) -> Step:
    details = [str(report_meaning(report.code))] if report_meaning(report.code) else []
    if report.code:
        details.append(_("Code %(code)s") % {"code": report.code})
    if report.happened_at < _UNKNOWN_TIME:
        return Step(report.received_at, state=report.state, details=tuple(details))
    # The gateway's clock: the report itself comes later, or first for another one.
    details.append(_("The report came at %(time)s") % {"time": _time(report.received_at)})
    return Step(report.happened_at, state=report.state, details=tuple(details))


def _ended(message: Message, reports: list[DeliveryReport]) -> Iterator[Step]:
    """Its end, unless a report has told it."""
    if not message.final_at or any(report.state == message.state for report in reports):
        return
    meaning = str(error_meaning(message.error_class, message.error_code))
    details = (str(MEANINGS[message.state]), *_error(meaning, message.error_code))
    yield Step(message.final_at, state=message.state, details=details)


def _refunded(message: Message) -> Iterator[Step]:
    if message.state not in _PAID_BACK:
        return
    entry = ledger.refund_of(agency_id=message.agency_id, reference=f"message:{message.pk}")
    if entry:
        yield Step(entry.created_at, _("The money went back"), (format_amount(entry.amount),))


def _answered(reply: IncomingMessage) -> Step:
    text = _("The text was erased.") if reply.text_erased_at else reply.text
    title = _("The client opted out") if reply.is_opt_out else _("The client answered")
    return Step(reply.received_at, title, (text,))


def _error(meaning: str, code: str) -> tuple[str, ...]:
    """An error's meaning and code, of what there is."""
    said = (meaning, _("Code %(code)s") % {"code": code} if code else "")
    return tuple(text for text in said if text)


def _gateway_name(message: Message) -> str:
    return _GATEWAY_NAMES.get(message.gateway, message.gateway)


def _time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M:%S}"
