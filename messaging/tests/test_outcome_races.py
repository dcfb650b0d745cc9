"""Answers and reports about the same messages at the same moment."""

from __future__ import annotations

import random

import pytest

from accounts.tests.races import run_together
from messaging import delivery_reports, outcomes
from messaging.claiming import Claimed
from messaging.gateways.base import SendResult, StatusReport
from messaging.models import Message
from messaging.tests.sending_cases import Sender, claim, states

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_answer_and_its_reports_do_not_lock_each_other_out(sender: Sender) -> None:
    """They come in different orders, and rows lie in a third one once they were changed."""
    campaign = sender.running(400)
    shuffle = random.Random(1)
    held = claim(campaign, 400)
    for sms in shuffle.sample(held, 200):
        Message.objects.filter(pk=sms.pk).update(attempts=2)

    def act(number: int) -> object:
        mine = random.Random(number).sample(held, 400)
        if number % 2:
            return outcomes.record_results(mine, [_accepted(sms) for sms in mine])
        return delivery_reports.move((sms.pk, _delivered(sms)) for sms in mine)

    for _round in range(10):
        campaign.messages.update(state="sending", provider_id="")
        raised = [one for one in run_together(8, act) if isinstance(one, Exception)]
        assert raised == []
        assert states(campaign) == {"delivered": 400}


def _accepted(sms: Claimed) -> SendResult:
    return SendResult(sms.idx, provider_id=f"ID{sms.pk}")


def _delivered(sms: Claimed) -> StatusReport:
    return StatusReport(f"ID{sms.pk}", "delivered", sms.idx)
