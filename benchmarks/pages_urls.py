"""The portal's addresses, and the list of messages as it is ordinarily and as it is naively written."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from accounts.access import agency_of
from messaging.models import CampaignTally, Message

PAGE_SIZE = 50
# Everything is formatted by filters and tags, as templates mostly are.
TEMPLATE = "ordinary/messages.html"


def ordinary(request: HttpRequest) -> HttpResponse:
    """One query with joins, a count that is kept, a template that formats."""
    agency = agency_of(request)  # type: ignore[arg-type]
    rows = Message.objects.filter(agency=agency).select_related("contact", "campaign", "consent")
    kept = CampaignTally.objects.filter(campaign__agency=agency).aggregate(all=Sum("number"))
    context = {"rows": rows.order_by("-pk")[:PAGE_SIZE], "total": kept["all"]}
    return render(request, TEMPLATE, context)


def naive(request: HttpRequest) -> HttpResponse:
    """A query for each row's client and campaign, and a count of all."""
    agency = agency_of(request)  # type: ignore[arg-type]
    pages = Paginator(Message.objects.filter(agency=agency).order_by("-pk"), PAGE_SIZE)
    context = {"rows": pages.get_page(request.GET.get("page")), "total": pages.count}
    return render(request, TEMPLATE, context)


urlpatterns = [
    path("bench/ordinary/", ordinary),
    path("bench/naive/", naive),
    path("", include("mps_portal.urls")),
]
