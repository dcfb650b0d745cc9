"""Zdarzenia: the audit trail, for an agency's owners and for the operator's administrators."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, agency_of, operator_only, permission_required
from accounts.csv_export import csv_response
from accounts.event_forms import EventFilterForm, OperatorEventFilterForm
from accounts.event_rows import csv_header, csv_rows, rows_for_agency, rows_for_operator
from accounts.event_search import narrow, only_agency
from accounts.events import record
from accounts.models import Event, EventKind, User
from accounts.newest_first import page_of
from accounts.roles import Permission

# Rows of an export that are in memory at a time.
CHUNK = 2000


@require_GET
@permission_required(Permission.SEE_EVENTS)
def events(request: UserRequest) -> HttpResponse:
    """What the agency's people, the operator and the portal did to the agency's data."""
    form = _agency_form(request)
    page = page_of(request, _found(agency_of(request).events.all(), form))
    context = {"form": form, "page": page, "rows": rows_for_agency(page.rows)}
    return render(request, "accounts/events.html", context)


@require_GET
@permission_required(Permission.SEE_EVENTS)
def export_events(request: UserRequest) -> HttpResponseBase:
    """The same list, all of it, as CSV."""
    form = _agency_form(request)
    if not form.is_valid():
        return redirect(f"{reverse('events')}?{request.GET.urlencode()}")
    found = _found(agency_of(request).events.all(), form)
    name = _file_name()
    record(EventKind.LIST_EXPORTED, name)
    rows = csv_rows(rows_for_agency(_all(found)), with_agency=False)
    return csv_response(name, csv_header(with_agency=False), rows)


@require_GET
@permission_required(Permission.SEE_EVENTS)
def all_events(request: UserRequest) -> HttpResponse:
    """What happened in all agencies and at the operator's."""
    operator_only(request)
    form = _operator_form(request)
    page = page_of(request, _found(Event.objects.all(), form))
    context = {"form": form, "page": page, "rows": rows_for_operator(page.rows)}
    return render(request, "accounts/all_events.html", context)


@require_GET
@permission_required(Permission.SEE_EVENTS)
def export_all_events(request: UserRequest) -> HttpResponseBase:
    """The same list, all of it, as CSV. An agency whose events alone were asked for finds that among its own."""
    operator_only(request)
    form = _operator_form(request)
    if not form.is_valid():
        return redirect(f"{reverse('all_events')}?{request.GET.urlencode()}")
    found = _found(Event.objects.all(), form)
    name = _file_name()
    record(EventKind.LIST_EXPORTED, name, agency=only_agency(form.cleaned_data["agency"]))
    rows = csv_rows(rows_for_operator(_all(found)), with_agency=True)
    return csv_response(name, csv_header(with_agency=True), rows)


def _agency_form(request: UserRequest) -> EventFilterForm:
    return EventFilterForm(request.GET, agency_of(request).people.order_by("full_name", "id"))


def _operator_form(request: UserRequest) -> EventFilterForm:
    """It offers the operator's team and, once the list is narrowed to one agency, that agency's people."""
    offered = Q(agency=None)
    # Before the form has looked at it: no database searches for a text of any length.
    if agency := only_agency(request.GET.get("agency", "")[:100]):
        offered |= Q(agency=agency)
    people = User.objects.filter(offered).order_by("full_name", "id")
    return OperatorEventFilterForm(request.GET, people)


def _found(events: QuerySet[Event], form: EventFilterForm) -> QuerySet[Event]:
    """The events asked for; none while the filter makes no sense, lest it be taken for an answer."""
    if not form.is_valid():
        return events.none()
    return narrow(events, form.event_filter()).select_related("person", "agency")


def _all(events: QuerySet[Event]) -> Iterator[Event]:
    return events.order_by("-pk").iterator(CHUNK)


def _file_name() -> str:
    return f"zdarzenia-{timezone.localdate():%Y-%m-%d}.csv"
