"""The front page, the dashboard and the health check: what composes several apps."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.db.models import Min, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, agency_of
from accounts.event_search import EventFilter, narrow
from accounts.models import Agency, Event
from accounts.roles import Permission
from billing.models import BankLine, InvoiceEmail
from billing.prices import price_per_part
from messaging import sender_name_reviews
from messaging.models import IncomingMessage, Message
from messaging.sending_limits import allowance_of


@require_GET
def front_page(request: HttpRequest) -> HttpResponse:
    """What MPS is, for those who are not logged in."""
    if request.user.is_authenticated:
        return redirect("dashboard")
    return render(request, "accounts/landing.html")


@require_GET
@login_required
def dashboard(request: UserRequest) -> HttpResponse:
    """Pulpit, by role."""
    if request.user.is_operator:
        context = _operator_context()
        if request.user.may(Permission.SEE_SENDER_NAMES):
            context["names_waiting"] = sender_name_reviews.waiting()
        if request.user.may(Permission.SEE_EVENTS):
            context |= _events_context()
        return render(request, "mps_portal/operator_dashboard.html", context)
    agency = agency_of(request)
    context = {
        "agency": agency,
        "price": price_per_part(agency),
    }
    if request.user.may(Permission.SEE_BOOKS):
        context["invoices"] = agency.invoices.order_by("-id")[:3]
    if request.user.may(Permission.SEND_MESSAGES):
        context |= _agent_context(agency) | {"allowance": allowance_of(request.user)}
    return render(request, "mps_portal/dashboard.html", context)


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 when the portal can serve: it reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def _agent_context(agency: Agency) -> dict[str, object]:
    return {
        "num_contacts": agency.contacts.count(),
        "num_templates": agency.templates.count(),
        "has_paid": agency.payments.exists(),
        "campaigns": agency.campaigns.order_by("-id")[:5],
        "num_uncertain": agency.messages.filter(state=Message.State.UNCERTAIN).count(),
    }


def _operator_context() -> dict[str, object]:
    waiting = BankLine.objects.filter(state=BankLine.State.UNMATCHED)
    return {
        "num_waiting": waiting.count(),
        "waiting": waiting.aggregate(oldest=Min("booked_on"), total=Sum("amount")),
        "num_agencies": Agency.objects.count(),
        "num_nobodys_replies": IncomingMessage.objects.filter(agency=None).count(),
        "num_unsent_invoices": InvoiceEmail.objects.exclude(state=InvoiceEmail.State.SENT).count(),
    }


def _events_context() -> dict[str, object]:
    today = timezone.localdate()
    events = narrow(Event.objects.all(), EventFilter(since=today))
    return {"today": today, "num_events_today": events.count()}
