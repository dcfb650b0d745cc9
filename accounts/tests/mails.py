"""Reading the mails that people get."""

from __future__ import annotations

import re

from django.core import mail

from accounts.models import User
from accounts.tasks import send_one_time_password


def mailed_password(person: User) -> str:
    """Run the job that mails the one-time password, and read it off the mail."""
    send_one_time_password(person.pk)
    found = re.search(r"One-time password: (\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def mailed_link() -> str:
    """The path of the first link of the newest mail."""
    found = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]
