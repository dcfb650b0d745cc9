"""What waits to be sent is stopped when its client says no, however that races with the sending, and is paid back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Agency
from accounts.tests.races import run_together
from billing.ledger import find_differences
from messaging import preparing, sending, settling, tasks
from messaging.consents import Kind, opt_out_numbers, record_consent
from messaging.gateways.base import ErrorClass, OutgoingSms, SendResult
from messaging.models import Campaign, Contact, Message, OptedOutNumber
from messaging.opt_outs import Said
from messaging.stopping import stop_queued, stop_unwanted
from messaging.tests.sending_cases import (
    PRICE,
    START,
    Sender,
    UseGateway,
    accepted,
    add_contacts,
    make_uncertain,
    phone,
    refused,
    reload,
    states,
)

pytestmark = pytest.mark.django_db

BY_SMS = Said(channel="sms", source="STOP")


def stop(agency: Agency, *numbers: int) -> None:
    phones = [phone(number) for number in numbers]
    opt_out_numbers(agency=agency, phones=phones, said=BY_SMS)


def marketing(sender: Sender, count: int) -> Campaign:
    """A paid marketing campaign to new clients who consented, whose messages are queued."""
    ids = add_contacts(sender.agency, count)
    for contact in Contact.objects.filter(pk__in=ids):
        record_consent(
            contact=contact, kind=Kind.MARKETING, is_given=True, source="umowa", recorded_by=None
        )
    draft = sender.draft(ids)
    Campaign.objects.filter(pk=draft.pk).update(category="marketing")
    draft.refresh_from_db()
    sender.confirm(draft)
    preparing.prepare(draft.pk)
    return reload(draft)


def test_a_queued_message_is_cancelled_and_paid_back(sender: Sender) -> None:
    campaign = sender.running(3)
    stop(sender.agency, 1)
    assert states(campaign) == {"queued": 2, "cancelled": 1}
    assert campaign.messages.get(state="cancelled").phone == phone(1)
    assert campaign.messages.get(state="cancelled").final_at is not None
    assert sender.balance == START - 2 * PRICE
    assert find_differences() == []


def test_what_has_left_stays_as_it_is(sender: Sender) -> None:
    campaign = sender.running(3)
    for state, number in (("sending", 0), ("sent", 1), ("delivered", 2)):
        Message.objects.filter(phone=phone(number)).update(state=state)
    stop(sender.agency, 0, 1, 2)
    assert states(campaign) == {"sending": 1, "sent": 1, "delivered": 1}
    assert sender.balance == START - 3 * PRICE


def test_what_the_contract_needs_goes_on(sender: Sender, scripted: UseGateway) -> None:
    gateway = scripted(accepted)
    campaign = sender.running(2)
    Campaign.objects.update(is_contractual=True)
    stop(sender.agency, 0)
    assert states(campaign) == {"queued": 2}
    tasks.send_due()
    assert [len(request) for request in gateway.requests] == [2]


def test_others_are_not_stopped(sender: Sender, other_agency: Agency) -> None:
    campaign = sender.running(1)
    stop(other_agency, 0)
    assert stop_queued(agency_id=other_agency.pk, phones=[phone(0)]) == 0
    assert states(campaign) == {"queued": 1}


def test_a_withdrawn_consent_stops_marketing_and_nothing_else(sender: Sender) -> None:
    offers = marketing(sender, 2)
    contact = Contact.objects.get(phone=phone(0))
    sender.template.body = "Dzien dobry. Prosze o kontakt w sprawie szkody."
    reminders = sender.draft([contact.pk])
    sender.confirm(reminders)
    preparing.prepare(reminders.pk)
    record_consent(
        contact=contact, kind=Kind.MARKETING, is_given=False, source="telefon", recorded_by=None
    )
    assert states(offers) == {"queued": 1, "cancelled": 1}
    assert states(reminders) == {"queued": 1}
    assert sender.balance == START - 2 * PRICE


def test_what_slipped_into_the_queue_is_not_taken_by_a_worker(
    sender: Sender, scripted: UseGateway
) -> None:
    """As if the message had been written in the same moment as the opt-out: neither saw the other."""
    gateway = scripted(accepted)
    campaign = sender.running(2)
    sender.agency.opted_out_numbers.create(phone=phone(0), channel="sms")
    tasks.send_due()
    assert states(campaign) == {"sent": 1, "cancelled": 1}
    assert len(gateway.requests) == 1
    assert reload(campaign).state == "finished"
    assert sender.balance == START - PRICE


def test_marketing_to_somebody_whose_consent_is_gone_is_not_taken(
    sender: Sender, scripted: UseGateway
) -> None:
    scripted(accepted)
    campaign = marketing(sender, 3)
    Contact.objects.filter(phone=phone(0)).update(marketing_consent_at=None)
    Contact.objects.filter(phone=phone(1)).delete()
    tasks.send_due()
    assert states(campaign) == {"sent": 1, "cancelled": 2}


def test_a_message_that_comes_back_to_the_queue_does_not_leave_again(
    sender: Sender, scripted: UseGateway
) -> None:
    campaign = sender.running(1)

    def opts_out_meanwhile(sms: OutgoingSms) -> SendResult:
        stop(sender.agency, 0)
        return refused(ErrorClass.RETRY)(sms)

    scripted(opts_out_meanwhile)
    sending.send_next()
    Message.objects.update(next_attempt_at=campaign.created_at)
    gateway = scripted(accepted)
    tasks.sweep()
    tasks.send_due()
    assert states(campaign) == {"cancelled": 1}
    assert gateway.requests == []


def test_an_uncertain_message_is_not_repeated_to_who_said_no(
    sender: Sender, scripted: UseGateway
) -> None:
    gateway = scripted(accepted)
    campaign = sender.running(1)
    message = campaign.messages.get()
    make_uncertain(message, timedelta(hours=1))
    stop(sender.agency, 0)
    assert not settling.settle(message.pk)
    assert gateway.requests == []
    assert states(campaign) == {"uncertain": 1}


def test_stopping_again_changes_nothing(sender: Sender) -> None:
    campaign = sender.running(2)
    stop(sender.agency, 0)
    assert stop_queued(agency_id=sender.agency.pk, phones=[phone(0), ""]) == 0
    assert stop_unwanted(campaign) == 0
    assert sender.balance == START - PRICE


@pytest.mark.django_db(transaction=True)
def test_stop_while_the_campaign_is_prepared(sender: Sender, scripted: UseGateway) -> None:
    gateway = scripted(accepted)
    ids = add_contacts(sender.agency, 40)
    draft = sender.draft(ids)
    sender.confirm(draft)

    def act(number: int) -> None:
        if number:
            stop(Agency.objects.get(pk=sender.agency.pk), *range((number - 1) * 5, number * 5))
        else:
            preparing.prepare(draft.pk)

    assert run_together(4, act) == [None] * 4
    tasks.send_due()
    assert OptedOutNumber.objects.count() == 15
    sent = set(Message.objects.filter(state="sent").values_list("phone", flat=True))
    assert sent == {phone(number) for number in range(15, 40)}
    assert sum(map(len, gateway.requests)) == 25
    assert sender.balance == START - 25 * PRICE
    assert find_differences() == []


@pytest.mark.django_db(transaction=True)
def test_the_same_number_stopped_at_once_is_paid_back_once(sender: Sender) -> None:
    campaign = sender.running(3)

    def act(number: int) -> None:
        stop(Agency.objects.get(pk=sender.agency.pk), 0, 1)

    assert run_together(4, act) == [None] * 4
    assert states(campaign) == {"queued": 1, "cancelled": 2}
    assert sender.balance == START - PRICE
    assert find_differences() == []
