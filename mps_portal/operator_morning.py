"""What the operator's people look at first: what waits for them and what went wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models.expressions import Combinable
from django.utils import timezone
from django_q.models import Failure

from accounts.event_search import EventFilter, narrow
from accounts.models import Agency, Event, OutgoingMail, User
from accounts.roles import Permission
from accounts.subqueries import RowCount, Smallest, Total, figures_of
from billing import ksef_limit
from billing.models import BankLine, InvoiceEmail, UnreadLine
from messaging import sender_name_reviews
from messaging.gateway_queue import queue_figures
from messaging.gateways import route
from messaging.models import GatewayState, IncomingMessage

# What somebody has looked at by then or never will.
FAILURES_SHOWN = timedelta(days=1)
# The promise to agencies is a day after the bank's booking; before it is broken somebody should have looked.
LATE_AFTER = timedelta(hours=20)


def morning_of(person: User) -> dict[str, object]:
    """The figures of the operator's dashboard that this person may see; all but the gateways' in one query."""
    now = timezone.now()
    figures: dict[str, Combinable] = _money() | _failures(now - FAILURES_SHOWN)
    figures |= ksef_limit.figures()
    figures["num_agencies"] = RowCount(Agency.objects.all())
    figures["num_nobodys_replies"] = RowCount(IncomingMessage.objects.filter(agency=None))
    context: dict[str, object] = {"now": now, "late_before": now - LATE_AFTER}
    if person.may(Permission.SEE_SENDER_NAMES):
        figures |= _names()
    if person.may(Permission.SEE_GATEWAYS):
        figures |= queue_figures(now)
        states = GatewayState.objects.in_bulk(route())
        context["gateways"] = [(name, states.get(name)) for name in route()]
    if person.may(Permission.SEE_EVENTS):
        context["today"] = today = timezone.localdate()
        events = narrow(Event.objects.all(), EventFilter(since=today))
        figures["num_events_today"] = RowCount(events)
    found = figures_of(person, figures)
    return context | found | {"ksef": ksef_limit.limit_of(found)}


def _money() -> dict[str, Combinable]:
    waiting = BankLine.objects.filter(state=BankLine.State.UNMATCHED)
    unsent = InvoiceEmail.objects.exclude(state=InvoiceEmail.State.SENT)
    return {
        "num_waiting": RowCount(waiting),
        "waiting_total": Total(waiting, "amount"),
        "waiting_since": Smallest(waiting, "imported_at"),
        "num_unsent_invoices": RowCount(unsent),
    }


def _failures(since: datetime) -> dict[str, Combinable]:
    """What failed since then and will not mend itself: jobs, mails, invoices' mails, unreadable lines."""
    mails = OutgoingMail.objects.filter(given_up_at__gte=since)
    invoices = InvoiceEmail.objects.filter(state=InvoiceEmail.State.FAILED)
    lines = UnreadLine.objects.filter(statement__file__imported_at__gte=since)
    return {
        "num_failed_jobs": RowCount(Failure.objects.filter(stopped__gte=since)),
        "num_failed_mails": RowCount(mails),
        "num_failed_invoices": RowCount(invoices),
        "num_unread_lines": RowCount(lines),
    }


def _names() -> dict[str, Combinable]:
    names = sender_name_reviews.queue()
    return {"num_names": RowCount(names), "names_since": Smallest(names, "submitted_at")}
