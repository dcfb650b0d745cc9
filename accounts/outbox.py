"""Mail that must arrive: queued with the data it tells about, retried until the mail server takes it."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.jobs import enqueue
from accounts.models import OutgoingMail

GIVE_UP_AFTER = timedelta(days=3)
# Of what was sent or given up: arguments may be addresses and names of people who never became customers.
KEEP_DONE = timedelta(days=30)
# Above the queue's timeout (Q_CLUSTER): whoever claimed the mail longer ago is not sending it any more.
SHORTEST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=2)

log = logging.getLogger(__name__)


def queue_mail(function: str, *arguments: int | str) -> None:
    """Have the function at the dotted path compose and send a mail, if and only if the data are committed.

    It gets the arguments (ids, no secrets), raises when the mail server does not take the mail, and is then called
    again later. Passwords and links are made in it. It must do nothing when there is nothing to tell any more.
    """
    mail = OutgoingMail.objects.create(function=function, arguments=list(arguments))
    enqueue("accounts.tasks.deliver_mail", mail.pk)


def deliver(mail_id: int) -> bool:
    """Send a mail that is due. False when it was not, or the attempt failed and will be repeated."""
    now = timezone.now()
    mail = _waiting().filter(pk=mail_id, due_at__lte=now).first()
    if mail is None:
        return False
    # Whoever moves `due_at` owns the attempt; a worker that dies in it leaves the mail due again after the pause.
    pause = _pause_after(mail.attempts)
    claimed = _waiting().filter(pk=mail_id, due_at=mail.due_at)
    if not claimed.update(due_at=now + pause, attempts=F("attempts") + 1):
        return False
    try:
        import_string(mail.function)(*mail.arguments)
    except OSError as error:  # SMTP errors are OSErrors too.
        log.warning("Mail %s could not be sent: %s", mail_id, type(error).__name__)
        OutgoingMail.objects.filter(pk=mail_id).update(last_error=str(error)[:300])
        return False
    OutgoingMail.objects.filter(pk=mail_id).update(sent_at=timezone.now(), last_error="")
    return True


def deliver_due() -> int:
    """Queue every mail that is due again, give up on old ones, forget done ones. Returns the number queued."""
    now = timezone.now()
    long_ago = now - KEEP_DONE
    OutgoingMail.objects.filter(Q(sent_at__lt=long_ago) | Q(given_up_at__lt=long_ago)).delete()
    _waiting().filter(created_at__lt=now - GIVE_UP_AFTER).update(given_up_at=now)
    due = list(
        _waiting().filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:500]
    )
    for mail_id in due:
        enqueue("accounts.tasks.deliver_mail", mail_id)
    return len(due)


def _pause_after(attempts: int) -> timedelta:
    """Doubled each time, as far as it goes: a timedelta of 40 doublings overflows."""
    return min(SHORTEST_PAUSE * (1 << min(attempts, 10)), LONGEST_PAUSE)


def _waiting() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(sent_at=None, given_up_at=None)
