"""What is paid and has not left."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Agency
from accounts.tests.pages import text_of
from messaging import campaign_control
from messaging.tests.own_worker import work_off
from messaging.tests.sending_cases import PRICE, Sender, add_contacts
from messaging.waiting import Waiting, waiting_of
from sandbox.testing import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_what_the_messages_cost_that_have_not_left(
    sender: Sender, other_agency: Agency, as_owner: Client
) -> None:
    assert waiting_of(sender.agency) == Waiting(0, 0)
    campaign = sender.running(3)
    assert waiting_of(sender.agency) == Waiting(1, 3 * PRICE)
    assert waiting_of(other_agency) == Waiting(0, 0)
    text = text_of(as_owner.get("/stan-konta/"))
    assert "1 campaign is under way; 0,87 zł are paid for messages that have not left" in text
    campaign_control.cancel(campaign, cancelled_by=sender.person)
    assert waiting_of(sender.agency) == Waiting(0, 0)


def test_a_campaign_that_is_being_prepared_counts_whole(sender: Sender) -> None:
    campaign = sender.draft(add_contacts(sender.agency, 2))
    sender.confirm(campaign)
    assert waiting_of(sender.agency) == Waiting(1, 2 * PRICE)


def test_what_has_left_waits_no_more(sender: Sender, sandbox: SandboxProcess) -> None:
    sender.running(2)
    work_off()
    assert waiting_of(sender.agency) == Waiting(0, 0)
