"""Reports are kept at once, whatever the database is doing, and applied in batches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.tests.jobs import forget_jobs
from messaging import report_inbox, tasks
from messaging.gateways.base import StatusReport
from messaging.models import DeliveryReport, Message
from messaging.tests.sending_cases import Sender, claim, idx, jobs, one_message, states

pytestmark = pytest.mark.django_db

URL = "/dlr/smsapi/demo-callback/"
JOB = "messaging.tasks.apply_delivery_reports"


@pytest.fixture
def sent(sender: Sender) -> Message:
    campaign = sender.running(1)
    campaign.messages.update(state="sent", gateway="smsapi", provider_id="A1")
    forget_jobs()
    return one_message(campaign)


def push(client: Client, **columns: str) -> None:
    response = client.get(URL, columns)
    assert (response.status_code, response.content) == (200, b"OK")


def test_many_reports_ask_for_one_job(client: Client, sent: Message) -> None:
    for number in range(5):
        push(client, MsgId=f"B{number},A1", status="404,404", donedate="1795650000,1795650000")
    assert jobs() == [JOB]
    tasks.apply_delivery_reports()
    sent.refresh_from_db()
    assert sent.state == "delivered"
    push(client, MsgId="B9", status="404")
    assert jobs() == [JOB, JOB]


def test_the_same_report_is_kept_once(client: Client, sent: Message) -> None:
    for _again in range(3):
        push(client, MsgId="A1", status="404", donedate="1795650000")
    assert DeliveryReport.objects.count() == 1
    tasks.apply_delivery_reports()
    report = DeliveryReport.objects.get()
    assert (report.message, report.code, report.next_try_at) == (sent, "404", None)


def test_a_report_of_an_id_that_is_not_known_yet_waits_for_it(
    client: Client, sender: Sender
) -> None:
    campaign = sender.running(1)
    claim(campaign)
    push(client, MsgId="A7", status="404")
    tasks.apply_delivery_reports()
    assert states(campaign) == {"sending": 1}
    campaign.messages.update(state="sent", provider_id="A7")
    with time_machine.travel(timezone.now() + timedelta(seconds=6)):
        tasks.sweep()
        assert JOB in jobs()
        tasks.apply_delivery_reports()
    assert states(campaign) == {"delivered": 1}


def test_unknown_reports_are_tried_ever_less_and_then_forgotten(client: Client, db: None) -> None:
    push(client, MsgId="FFF", status="404")
    tries = 0
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for _hour in range(24 * 8):
            due = DeliveryReport.objects.filter(next_try_at__lte=timezone.now()).exists()
            tries += due
            tasks.apply_delivery_reports()
            report_inbox.sweep()
            clock.shift(timedelta(hours=1))
    assert 20 < tries < 80
    assert not DeliveryReport.objects.exists()


def test_a_lost_job_is_asked_for_again(client: Client, sent: Message) -> None:
    push(client, MsgId="A1", status="404")
    forget_jobs()
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        report_inbox.sweep()
    assert JOB in jobs()


def test_a_busy_database_is_answered_ok_and_the_report_kept_with_the_next(
    client: Client, sent: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: Any, **_options: Any) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(report_inbox, "create_many", locked)
        push(client, MsgId="A1", status="404")
    assert not DeliveryReport.objects.exists()
    push(client, MsgId="B1", status="404")
    assert set(DeliveryReport.objects.values_list("provider_id", flat=True)) == {"A1", "B1"}


def test_a_job_with_much_to_do_hands_over(sent: Message) -> None:
    report_inbox.take("smsapi", [StatusReport("A1", "delivered")])
    forget_jobs()
    assert report_inbox.apply_waiting(end=0) == 0
    assert jobs() == [JOB]


def test_the_look_up_covers_what_no_report_told(
    sender: Sender, sent: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    class Answering:
        def look_up(self, provider_ids: list[str]) -> list[StatusReport]:
            asked.append(list(provider_ids))
            return [StatusReport(one, "delivered") for one in provider_ids]

    monkeypatch.setattr("messaging.delivery_reports.gateway_called", lambda _name: Answering())
    Message.objects.update(sent_at=timezone.now(), next_look_up_at=timezone.now())
    tasks.sweep()
    tasks.sweep()
    assert asked == [["A1"]]
    sent.refresh_from_db()
    assert sent.state == "delivered"


def test_idx_reaches_the_message_whose_answer_was_lost(client: Client, sender: Sender) -> None:
    campaign = sender.running(1)
    claim(campaign)
    push(client, MsgId="A1", idx=idx(one_message(campaign)), status="404")
    tasks.apply_delivery_reports()
    assert states(campaign) == {"delivered": 1}
