"""What the operator's people look at first: what waits for them and what went wrong."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Min, Sum
from django.utils import timezone
from django_q.models import Failure

from accounts.event_search import EventFilter, narrow
from accounts.models import Agency, Event, OutgoingMail, User
from accounts.roles import Permission
from billing.models import BankLine, InvoiceEmail, UnreadLine
from messaging import sender_name_reviews
from messaging.gateways import route
from messaging.models import GatewayState, IncomingMessage, Message

# What somebody has looked at by then or never will.
FAILURES_SHOWN = timedelta(days=1)
# The promise to agencies is a day after the bank's booking; before it is broken somebody should have looked.
LATE_AFTER = timedelta(hours=20)


def morning_of(person: User) -> dict[str, object]:
    """The figures of the operator's dashboard that this person may see."""
    context = _money() | {"num_agencies": Agency.objects.count(), "failures": failures()}
    context["num_nobodys_replies"] = IncomingMessage.objects.filter(agency=None).count()
    if person.may(Permission.SEE_SENDER_NAMES):
        context["names_waiting"] = sender_name_reviews.waiting()
    if person.may(Permission.SEE_GATEWAYS):
        context |= _gateways()
    if person.may(Permission.SEE_EVENTS):
        today = timezone.localdate()
        events = narrow(Event.objects.all(), EventFilter(since=today))
        context |= {"today": today, "num_events_today": events.count()}
    return context


def failures() -> dict[str, int]:
    """What failed within FAILURES_SHOWN and will not mend itself: jobs, mails, invoices' mails, unreadable lines."""
    since = timezone.now() - FAILURES_SHOWN
    return {
        "jobs": Failure.objects.filter(stopped__gte=since).count(),
        "mails": OutgoingMail.objects.filter(given_up_at__gte=since).count(),
        "invoices": InvoiceEmail.objects.filter(state=InvoiceEmail.State.FAILED).count(),
        "lines": UnreadLine.objects.filter(statement__file__imported_at__gte=since).count(),
    }


def _money() -> dict[str, object]:
    waiting = BankLine.objects.filter(state=BankLine.State.UNMATCHED)
    unsent = InvoiceEmail.objects.exclude(state=InvoiceEmail.State.SENT)
    return {
        "num_waiting": waiting.count(),
        "waiting": waiting.aggregate(oldest=Min("imported_at"), total=Sum("amount")),
        "late_before": timezone.now() - LATE_AFTER,
        "num_unsent_invoices": unsent.count(),
    }


def _gateways() -> dict[str, object]:
    now = timezone.now()
    due = Message.objects.filter(state=Message.State.QUEUED, next_attempt_at__lte=now)
    states = GatewayState.objects.in_bulk(route())
    return {
        "gateways": [(name, states.get(name)) for name in route()],
        "now": now,
        "num_due": due.count(),
        "num_uncertain": Message.objects.filter(state=Message.State.UNCERTAIN).count(),
    }
