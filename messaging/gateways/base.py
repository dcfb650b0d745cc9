"""What the engine asks of an SMS gateway, whatever the provider."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.http import HttpRequest


class ErrorClass(StrEnum):
    """What a gateway's error means for the message, and so what the engine does next."""

    MESSAGE = "message"  # this text will never go: rejected
    RECIPIENT = "recipient"  # this number will never get it: rejected
    SENDER = "sender"  # this sender name is not allowed: rejected
    CONFIGURATION = (
        "configuration"  # our account or request is wrong: kept, tried again after a while
    )
    FUNDS = "funds"  # our account at the provider is empty: kept, tried again after a while
    RETRY = "retry"  # surely not accepted, may work later
    DUPLICATE = "duplicate"  # this idx was accepted before: it is sent
    UNCERTAIN = "uncertain"  # nobody knows whether it was accepted


# The message itself is refused, for ever.
PERMANENT = frozenset({ErrorClass.MESSAGE, ErrorClass.RECIPIENT, ErrorClass.SENDER})
# Surely not accepted, but not the message's fault.
NOT_NOW = frozenset({ErrorClass.CONFIGURATION, ErrorClass.FUNDS, ErrorClass.RETRY})
# Only people can mend it: no message leaves until they did.
HALTING = frozenset({ErrorClass.CONFIGURATION, ErrorClass.FUNDS})


class SenderStatus(StrEnum):
    """How far a sender name is at the gateway."""

    ACTIVE = "active"  # messages may carry it
    PENDING = "pending"  # the networks have not answered yet
    REJECTED = "rejected"  # they will not have it
    UNKNOWN = "unknown"  # the account has no such name


@dataclass(frozen=True, slots=True)
class OutgoingSms:
    """One SMS to hand over. `idx` is our own id of it, the same in every attempt."""

    idx: str
    phone: str  # E.164
    text: str


@dataclass(frozen=True, slots=True)
class SendResult:
    """What became of one SMS: accepted when `error` is None."""

    idx: str
    provider_id: str = ""
    error: ErrorClass | None = None
    code: str = ""
    # Seconds that the gateway asked to wait before the next attempt.
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A message's state at the operator. `state` is a value of Message.State."""

    provider_id: str
    state: str
    idx: str = ""
    # The provider's own word for the state.
    code: str = ""
    happened_at: datetime | None = None
    # MCC and MNC of the phone's operator, e.g. "26002".
    network: str = ""


@dataclass(frozen=True, slots=True)
class IncomingSms:
    """A message that a phone sent to a number of ours. What is unknown is empty."""

    phone: (
        str  # E.164 where it is a Polish mobile, else what the provider says, cut to 16 characters
    )
    to: str
    text: str
    # Of the message that it answers.
    provider_id: str
    sent_at: datetime | None
    # SHA-256 of all that the provider said: the same for each repetition.
    digest: str


class GatewayUnavailable(Exception):
    """A look-up did not work; nothing is known and nothing changed."""


class Gateway(Protocol):
    """A provider. Calls are blocking HTTP with a timeout: never make one inside a transaction."""

    # Whether `settle` may deliver the message: then nothing may have changed about it that forbids it to leave.
    settles_by_sending: bool

    def send(self, sender: str, messages: Sequence[OutgoingSms]) -> list[SendResult]:
        """Hand over a batch; one result for each, in any order. Raises nothing: failures are results.

        An idx that the provider has accepted before is refused: DUPLICATE for a message sent alone, UNCERTAIN for
        all of a batch, since the answer does not say whose idx it was.
        """

    def settle(self, sender: str, sms: OutgoingSms, lost_at: datetime) -> SendResult:
        """Find out about a message whose answer was lost; the request that it belonged to left at `lost_at`.

        Raises nothing. Never delivers a second SMS. "Not now" means that the provider surely never accepted it, so it
        may be sent as if it had never been tried; what is still not known is UNCERTAIN.
        """

    def look_up(self, provider_ids: Collection[str]) -> list[StatusReport]:
        """The present states; unknown ids are missing from the answer. Raises GatewayUnavailable."""

    def parse_reports(self, request: HttpRequest) -> list[StatusReport]:
        """The delivery reports that the provider pushed in this request; what cannot be read is left out."""

    def register_sender(self, name: str) -> SenderStatus:
        """Ask the networks for a sender name; harmless for one that the account has. Raises GatewayUnavailable."""

    def sender_status(self, name: str) -> SenderStatus:
        """How far a sender name is. Raises GatewayUnavailable."""

    def remove_sender(self, name: str) -> None:
        """Give a sender name up; harmless for one that the account has not. Raises GatewayUnavailable."""

    def parse_incoming(self, request: HttpRequest) -> IncomingSms | None:
        """The message of a client that the provider pushed in this request; None if it cannot be one."""


def settle_by_repeat(gateway: Gateway, sender: str, sms: OutgoingSms) -> SendResult:
    """Settle by sending again, at a provider that refuses an idx that it has accepted before."""
    result = gateway.send(sender, [sms])[0]
    # Refusing the second request for now says nothing about the first.
    return replace(result, error=ErrorClass.UNCERTAIN) if result.error in NOT_NOW else result
