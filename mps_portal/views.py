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
from accounts.models import Agency, User
from accounts.roles import Permission
from billing.account_figures import context_of, figures_of
from messaging.day_chart import chart_of
from messaging.days import sums_of
from messaging.morning import DUE_DAYS, morning_of
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
    context = {"agency": agency, **context_of(figures_of(agency))}
    if request.user.may(Permission.SEND_MESSAGES):
        context |= _agent_context(request.user, agency)
    elif request.user.may(Permission.SEE_BOOKS):
        newest = agency.invoices.order_by("-id").select_related("pdf", "corrects")
        context["invoices"] = newest.defer("pdf__content")[:3]
    return render(request, "mps_portal/dashboard.html", context)


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 when the portal can serve: it reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def _agent_context(person: User, agency: Agency) -> dict[str, object]:
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    sums = sums_of(agency, today - timedelta(days=CHART_DAYS - 1), today)
    days = sums.by_day()
    return {
        "morning": morning_of(person, agency),
        "due_days": DUE_DAYS,
        "counts": days[yesterday],
        "failed": sums.failed_on(yesterday),
        "chart": chart_of(days),
        "campaigns": agency.campaigns.order_by("-id")[:5],
    }
