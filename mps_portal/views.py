"""The front page, the dashboard and the health check: what composes several apps."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, agency_of
from accounts.models import Agency
from accounts.roles import Permission
from billing.prices import figures_of
from billing.spending import pace_of
from messaging.day_chart import chart_of
from messaging.days import by_day, failed_on
from messaging.morning import DUE_DAYS, morning_of
from messaging.sending_limits import allowance_of
from mps_portal import operator_morning

# Days that the dashboard's chart shows, today included.
CHART_DAYS = 14


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
        context = operator_morning.morning_of(request.user)
        return render(request, "mps_portal/operator_dashboard.html", context)
    agency = agency_of(request)
    figures = figures_of(agency)
    context = {"agency": agency, **figures, "pace": pace_of(agency, figures["wallet_balance"])}
    if request.user.may(Permission.SEE_BOOKS):
        context["invoices"] = agency.invoices.order_by("-id")[:3]
        context["latest_payment"] = agency.payments.filter(undone_at=None).order_by("-id").first()
    if request.user.may(Permission.SEND_MESSAGES):
        context |= _agent_context(agency) | {"allowance": allowance_of(request.user)}
        context["has_paid"] = bool(context.get("latest_payment")) or agency.payments.exists()
    return render(request, "mps_portal/dashboard.html", context)


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 when the portal can serve: it reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def _agent_context(agency: Agency) -> dict[str, object]:
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    days = by_day(agency, today - timedelta(days=CHART_DAYS - 1), today)
    return {
        "morning": morning_of(agency),
        "due_days": DUE_DAYS,
        "counts": days[yesterday],
        "failed": failed_on(agency, yesterday) if days[yesterday].failed else [],
        "chart": chart_of(days),
        "campaigns": agency.campaigns.order_by("-id")[:5],
    }
