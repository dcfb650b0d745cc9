"""What the tests of sending have in common: clients, campaigns of theirs, and a gateway that answers as told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Agency, User
from accounts.tests.jobs import queued_jobs
from billing import ledger
from messaging import campaigns, claiming, preparing
from messaging.claiming import Claimed
from messaging.gateways.base import NOT_NOW, ErrorClass, OutgoingSms, SendResult, StatusReport
from messaging.models import Campaign, Contact, Message, MessageTemplate

PRICE = 29  # grosze, the first price of the list
START = 100_000  # grosze that the fixture `sender` brings


def phone(number: int) -> str:
    """A Polish mobile number for each number, none of which ends in a fate of the sandbox."""
    return f"+48601{number // 600:03}{300 + number % 600}"


def add_contacts(agency: Agency, count: int, start: int = 0) -> list[int]:
    """Clients with consecutive numbers; returns their ids."""
    contacts = Contact.objects.bulk_create(
        Contact(
            agency=agency,
            first_name=f"Imie{number}",
            last_name=f"Nazwisko{number}",
            phone=phone(number),
            search_name=f"nazwisko{number}",
        )
        for number in range(start, start + count)
    )
    return [contact.pk for contact in contacts]


@dataclass(frozen=True)
class Sender:
    """An agency, its person and its template, sending campaigns through the real functions."""

    agency: Agency
    person: User
    template: MessageTemplate

    @property
    def balance(self) -> int:
        return ledger.balance_of(self.agency)

    def draft(self, contact_ids: Sequence[int]) -> Campaign:
        return campaigns.draft(
            agency=self.agency,
            template=self.template,
            contact_ids=contact_ids,
            created_by=self.person,
        )

    def confirm(self, campaign: Campaign, cost: int | None = None) -> bool:
        """Agree to the cost shown, or to another one."""
        shown = campaigns.quote(campaign).cost if cost is None else cost
        return campaigns.confirm(campaign, expected_cost=shown, confirmed_by=self.person)

    def running(self, count: int, start: int = 0) -> Campaign:
        """A paid campaign to new clients, whose messages are queued."""
        campaign = self.draft(add_contacts(self.agency, count, start))
        assert self.confirm(campaign)
        preparing.prepare(campaign.pk)
        campaign.refresh_from_db()
        return campaign


Answer = Callable[[OutgoingSms], SendResult]


class ScriptedGateway:
    """Answers each SMS as told and remembers what it was sent."""

    settles_by_sending = True

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[list[str]] = []

    def send(self, sender: str, messages: Sequence[OutgoingSms]) -> list[SendResult]:
        self.requests.append([sms.idx for sms in messages])
        return [self.answer(sms) for sms in messages]

    def settle(self, sender: str, sms: OutgoingSms, lost_at: datetime) -> SendResult:
        result = self.send(sender, [sms])[0]
        return replace(result, error=ErrorClass.UNCERTAIN) if result.error in NOT_NOW else result

    def look_up(self, provider_ids: Collection[str]) -> list[StatusReport]:
        return []


UseGateway = Callable[[Answer], ScriptedGateway]


def accepted(sms: OutgoingSms) -> SendResult:
    return SendResult(sms.idx, provider_id=f"ID{sms.idx.partition('-')[2]}")


def refused(error: ErrorClass, retry_after: int | None = None) -> Answer:
    return lambda sms: SendResult(sms.idx, error=error, code="1", retry_after=retry_after)


def claim(campaign: Campaign, size: int = 100) -> list[Claimed]:
    """What a worker does before it talks to the gateway. Nothing else may be due."""
    batch = claiming.claim_next("smsapi", size)
    assert batch is None or batch.campaign_id == campaign.pk
    return batch.messages if batch else []


def one_message(campaign: Campaign) -> Message:
    return campaign.messages.get()


def jobs() -> list[str]:
    """The queued jobs, oldest first."""
    return [job.func for job in queued_jobs()]


def reload(campaign: Campaign) -> Campaign:
    """The campaign as it is in the database now."""
    campaign.refresh_from_db()
    return campaign


def states(campaign: Campaign) -> dict[str, int]:
    """How many messages of the campaign are in each state."""
    found = list(campaign.messages.values_list("state", flat=True))
    return {state: found.count(state) for state in set(found)}


def make_uncertain(message: Message, age: timedelta) -> None:
    """As if the answer to its only request had been lost so long ago."""
    then = timezone.now() - age
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.UNCERTAIN, claimed_at=then, uncertain_since=then, attempts=1
    )


def idx(message: Message) -> str:
    """Our id of the message at the gateway."""
    return claiming.idx_of(message.campaign, message.pk)


def outgoing(message: Message) -> OutgoingSms:
    """The message as the engine hands it to the gateway."""
    return OutgoingSms(claiming.idx_of(message.campaign, message.pk), message.phone, message.text)
