"""The portal's addresses, and the list of messages as it is ordinarily and as it is naively written."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils import timezone

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


def report(request: HttpRequest) -> HttpResponse:
    """What a delivery report needs at least: the message is updated, and nothing is kept."""
    told = Message.objects.filter(gateway="smsapi", provider_id=request.GET["MsgId"])
    told.exclude(provider_id="").update(state="delivered", final_at=timezone.now())
    return HttpResponse("OK")


urlpatterns = [
    path("bench/ordinary/", ordinary),
    path("bench/naive/", naive),
    path("bench/report/", report),
    path("", include("mps_portal.urls")),
]
