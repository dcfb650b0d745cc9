"""Reading the mails that people get."""

from __future__ import annotations

import re

from django.core import mail
from django.core.mail import EmailMessage

from accounts.models import OutgoingMail, User
from accounts.outbox import deliver
from accounts.tasks import send_one_time_password


def mailed_password(person: User) -> str:
    """Run the job that mails the one-time password, and read it off the mail."""
    send_one_time_password(person.pk)
    found = re.search(r"One-time password: (\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def deliver_mails() -> list[EmailMessage]:
    """Let the outbox send what is due. The mails sent by it, oldest first."""
    sent_before = len(mail.outbox)
    for pk in list(OutgoingMail.objects.order_by("pk").values_list("pk", flat=True)):
        deliver(pk)
    return list(mail.outbox[sent_before:])


def mailed_link() -> str:
    """The path of the first link of the newest mail, once the outbox has sent what is due."""
    deliver_mails()
    found = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]
