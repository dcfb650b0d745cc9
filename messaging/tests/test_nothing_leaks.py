"""No phone number and no text of the book gets into logs, the queue's tables or events, whatever goes wrong."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from multiprocessing import Value
from queue import Queue
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ, Task
from django_q.monitor import save_task
from django_q.worker import worker
from pytest_django import Settings

from accounts.models import Event, OutgoingMail
from accounts.tests.jobs import queued_jobs
from messaging import preparing, settling, tasks
from messaging.gateways import gateway_called
from messaging.gateways.base import ErrorClass, OutgoingSms, SendResult
from messaging.models import Campaign, Contact, Message
from messaging.tests.odd_server import OddServer
from messaging.tests.sending_cases import Sender, UseGateway, phone, refused
from sandbox.testing import SandboxProcess

pytestmark = pytest.mark.django_db

SECRETS = [phone(n)[3:] for n in range(3)] + ["Prosze o kontakt", "Dzien dobry", "Imie0"]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that would be written to the console."""
    (console,) = [h for h in logging.root.handlers if h.get_name() == "console"]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(console.formatter)
    logging.root.addHandler(handler)
    yield written
    logging.root.removeHandler(handler)


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker would close the connection that holds the test's transaction."""
    for module in ("worker", "monitor"):
        monkeypatch.setattr(f"django_q.{module}.close_old_django_connections", lambda: None)


def work_off(func: str, *args: Any) -> dict[str, Any]:
    """Run a job as the queue's worker does, and store its result."""
    waiting: Queue[Any] = Queue()
    done: Queue[Any] = Queue()
    task = {"id": "1" * 32, "name": "job", "func": func, "args": args, "kwargs": {}}
    waiting.put(task | {"started": timezone.now(), "ack_failure": True})
    waiting.put("STOP")
    worker(waiting, done, Value("f", -1))
    result: dict[str, Any] = done.get()
    save_task(result, get_broker())
    if not result["success"]:
        logging.getLogger("django-q").error("Failed '%s' - %s", func, result["result"])
    return result


def everything_kept(log: io.StringIO) -> str:
    """Logs, jobs waiting and failed, mails waiting, events: as text."""
    rows = [
        *Task.objects.values(),
        *OrmQ.objects.values("payload"),
        *OutgoingMail.objects.values(),
        *Event.objects.values(),
        *Message.objects.values("error_class", "error_code"),
    ]
    return "\n".join([log.getvalue(), json.dumps(rows, default=str), str(queued_jobs())])


def assert_nothing_leaks(log: io.StringIO, caplog: pytest.LogCaptureFixture) -> None:
    kept = everything_kept(log)
    messages = "\n".join(record.getMessage() for record in caplog.records)
    found = [secret for secret in SECRETS if secret in kept or secret in messages]
    assert found == []


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "http_503"},
        {"mode": "half_answer"},
        {"mode": "drop_after_accept"},
        {"mode": "error_code", "error_code": 101},
        {"mode": "error_code", "error_code": 13},
        {"mode": "error_code", "error_code": 999},
    ],
    ids=lambda fault: str(fault.get("error_code", fault["mode"])),
)
def test_a_gateway_in_trouble(
    sender: Sender,
    sandbox: SandboxProcess,
    fault: dict[str, Any],
    log: io.StringIO,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sandbox.faults(**fault)
    sender.running(3)
    caplog.set_level(logging.DEBUG)
    work_off("messaging.tasks.send_due")
    work_off("messaging.tasks.sweep")
    assert_nothing_leaks(log, caplog)


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize(
    "body",
    [
        '{"error": "NUMBER", "message": "Dzien dobry"}',
        '{"error": "No credit for NUMBER", "message": "Dzien dobry"}',
        '{"list": [{"idx": "x", "error": "NUMBER", "number": "NUMBER"}]}',
        '{"list": [{"id": "NUMBER", "number": "NUMBER"}]}',
        '["NUMBER", "Prosze o kontakt"]',
        "NUMBER Prosze o kontakt",
        "",
    ],
)
def test_a_gateway_that_talks_nonsense(
    sender: Sender,
    settings: Settings,
    status: int,
    body: str,
    log: io.StringIO,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sender.running(3)
    with OddServer(status, body.replace("NUMBER", phone(0)[1:])) as url:
        settings.SMSAPI_URL = url
        gateway_called.cache_clear()
        caplog.set_level(logging.DEBUG)
        work_off("messaging.tasks.send_due")
        Message.objects.update(state="sent", gateway="smsapi", provider_id="")
        Message.objects.filter(phone=phone(1)).update(provider_id="A1")
        ids = list(Message.objects.values_list("pk", flat=True))
        work_off("messaging.tasks.refresh_statuses", ids)
    gateway_called.cache_clear()
    assert_nothing_leaks(log, caplog)


@pytest.mark.parametrize("error", ErrorClass)
def test_every_class_of_error(
    sender: Sender,
    scripted: UseGateway,
    error: ErrorClass,
    log: io.StringIO,
    caplog: pytest.LogCaptureFixture,
) -> None:
    scripted(refused(error))
    sender.running(3)
    caplog.set_level(logging.DEBUG)
    work_off("messaging.tasks.send_due")
    assert_nothing_leaks(log, caplog)


def test_an_exception_that_quotes_the_message(
    sender: Sender, scripted: UseGateway, log: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(sms: OutgoingSms) -> SendResult:
        raise RuntimeError(f"cannot send {sms.text} to {sms.phone}")

    scripted(fail)
    sender.running(3)
    result = work_off("messaging.tasks.send_due")
    assert not result["success"]
    assert "RuntimeError" in result["result"]
    assert "sending.py" in Task.objects.get().result
    assert_nothing_leaks(log, caplog)


@pytest.mark.parametrize("rule", ["parts", "number"])
def test_a_database_that_quotes_the_row(
    sender: Sender,
    rule: str,
    monkeypatch: pytest.MonkeyPatch,
    log: io.StringIO,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """PostgreSQL names the number that is there twice, and shows the whole row that breaks a rule."""
    campaign = sender.running(2)
    monkeypatch.setattr(preparing, "prepare", BROKEN_RULES[rule])
    result = work_off("messaging.tasks.prepare_campaign", campaign.pk)
    assert not result["success"]
    assert "IntegrityError" in result["result"]
    assert_nothing_leaks(log, caplog)


def _write_no_parts(campaign_id: int) -> None:
    with transaction.atomic():
        Message.objects.filter(campaign=campaign_id).update(parts=0)


def _write_a_number_twice(campaign_id: int) -> None:
    row = Message.objects.filter(campaign=campaign_id)[0]
    row.pk = None
    with transaction.atomic():
        row.save(force_insert=True)


BROKEN_RULES = {"parts": _write_no_parts, "number": _write_a_number_twice}


def test_the_whole_way_of_a_campaign(
    sender: Sender, sandbox: SandboxProcess, log: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sender.running(3)
    tasks.send_due()
    assert settling.uncertain_to_settle().count() == 0
    tasks.sweep()
    assert Campaign.objects.get().state == "finished"
    assert Contact.objects.count() == 3
    assert_nothing_leaks(log, caplog)
