"""The outbox: what must arrive is tried until the mail server takes it, and not twice at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail as mailbox
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from accounts.models import OutgoingMail
from accounts.outbox import GIVE_UP_AFTER, deliver, deliver_due, queue_mail
from accounts.tests.jobs import forget_jobs, queued_jobs

pytestmark = pytest.mark.django_db

HELLO = "accounts.tests.test_outbox.send_hello"
REFUSED = "accounts.tests.test_outbox.meet_a_dead_server"


def send_hello(number: int) -> None:
    EmailMessage("Hello", str(number), to=["anna@zolc.example"]).send()


def meet_a_dead_server(_number: int) -> None:
    get_connection("django.core.mail.backends.smtp.EmailBackend", port=1).open()


def queued(function: str) -> OutgoingMail:
    queue_mail(function, 7)
    return OutgoingMail.objects.get()


def test_a_queued_mail_is_sent_once() -> None:
    mail = queued(HELLO)
    assert [job.args for job in queued_jobs()] == [(mail.pk,)]
    assert deliver(mail.pk)
    assert not deliver(mail.pk)
    assert [message.body for message in mailbox.outbox] == ["7"]
    mail.refresh_from_db()
    assert mail.sent_at is not None


def test_nothing_is_queued_by_a_transaction_that_is_rolled_back() -> None:
    with transaction.atomic():
        queue_mail(HELLO, 7)
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()


def test_a_dead_server_means_another_try_later_with_growing_pauses() -> None:
    mail = queued(REFUSED)
    forget_jobs()
    pauses = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _attempt in range(3):
            assert not deliver(mail.pk)
            mail.refresh_from_db()
            pauses.append(mail.due_at - timezone.now())
            assert deliver_due() == 0
            clock.move_to(mail.due_at)
            assert deliver_due() == 1
    assert pauses == [timedelta(minutes=minutes) for minutes in (2, 4, 8)]
    assert "refused" in mail.last_error


def test_it_is_given_up_after_three_days() -> None:
    mail = queued(REFUSED)
    with time_machine.travel(timezone.now() + GIVE_UP_AFTER + timedelta(seconds=1)):
        assert deliver_due() == 0
        assert not deliver(mail.pk)
    mail.refresh_from_db()
    assert mail.given_up_at is not None


def test_a_worker_that_died_in_the_attempt_leaves_it_due_again() -> None:
    mail = queued("accounts.tests.test_outbox.no_such_function")
    with pytest.raises(ImportError):
        deliver(mail.pk)
    assert not deliver(mail.pk)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        forget_jobs()
        assert deliver_due() == 1


def test_sent_ones_are_forgotten_after_a_month() -> None:
    deliver(queued(HELLO).pk)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        deliver_due()
    assert not OutgoingMail.objects.exists()


def test_so_are_those_given_up() -> None:
    """Their arguments may be the address and the name of a stranger."""
    queued(REFUSED)
    with time_machine.travel(timezone.now() + GIVE_UP_AFTER + timedelta(seconds=1)) as clock:
        deliver_due()
        clock.shift(timedelta(days=29))
        deliver_due()
        assert OutgoingMail.objects.exists()
        clock.shift(timedelta(days=2))
        deliver_due()
    assert not OutgoingMail.objects.exists()


def test_pauses_stop_growing() -> None:
    mail = queued(REFUSED)
    OutgoingMail.objects.update(attempts=45)
    deliver(mail.pk)
    mail.refresh_from_db()
    assert mail.due_at - timezone.now() <= timedelta(hours=2)


def test_nobody_else_tries_while_a_job_may_still_be_sending() -> None:
    mail = queued(REFUSED)
    deliver(mail.pk)
    forget_jobs()
    longest_job = timedelta(seconds=settings.Q_CLUSTER["timeout"])
    with time_machine.travel(timezone.now() + longest_job):
        assert deliver_due() == 0
