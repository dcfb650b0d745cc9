"""Wiadomości: every message and its status."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notices
from django.db import connection
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.bulk_sql import as_stored
from accounts.newest_first import Page, page_of
from accounts.partials import render_page_or_part
from accounts.roles import Permission
from messaging import status_refreshing
from messaging.message_exports import export_messages
from messaging.message_filter_form import MessageFilterForm
from messaging.message_history import history_of, is_moving
from messaging.message_rows import for_rows, list_rows
from messaging.message_search import MessageCriteria, count_up_to_many, matching, order_of
from messaging.models import Message, StatusRefresh
from messaging.segments import split_parts
from messaging.status_meanings import MEANINGS
from messaging.views.chosen_messages import chosen_messages

# How long the result of a refresh stands above the list.
RESULT_SHOWN = timedelta(minutes=2)


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def messages(request: UserRequest) -> HttpResponse:
    """The list, newest first, narrowed as the address says; its rows follow the statuses by themselves."""
    agency = agency_of(request)
    form = MessageFilterForm(request.GET, agency)
    page: Page[Any] = Page([])
    context: dict[str, object] = {}
    if form.is_valid():
        criteria = form.criteria()
        found = matching(agency, criteria)
        page = page_of(request, for_rows(found), order_of(criteria))
        if page.before or page.after:
            context["total"], context["has_more_than_total"] = count_up_to_many(found)
        context["searched_from"] = _searched_from(criteria)
    context |= {
        "form": form,
        "page": page,
        "rows": list_rows(page.rows),
        "state": form.cleaned_data.get("state", ""),
        "states": Message.State.choices,
        "other_filters": _without_state(request.GET),
        "refresh": _refresh_shown(request),
        "is_moving": any(map(is_moving, page.rows)),
    }
    return render_page_or_part(
        request, "messaging/messages.html", "messaging/_messages_table.html", context
    )


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def message_filters(request: UserRequest) -> HttpResponse:
    """A part of the list's page: the fields of its filter, for who opens it."""
    form = MessageFilterForm(request.GET, agency_of(request))
    return render(request, "messaging/_message_filter_fields.html", {"form": form})


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def message(request: UserRequest, pk: int) -> HttpResponse:
    """One message: what the client saw, and its whole history."""
    own = agency_of(request).messages.select_related("contact", "consent", "campaign__confirmed_by")
    shown = get_object_or_404(own, pk=pk)
    context = {
        "message": shown,
        "steps": history_of(shown),
        "meaning": MEANINGS[shown.state],
        "parts": split_parts(shown.text),
        "is_moving": is_moving(shown),
    }
    return render_page_or_part(
        request, "messaging/message.html", "messaging/_message_history.html", context
    )


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def refresh(request: UserRequest) -> HttpResponse:
    """Odśwież status: ask the gateway about the chosen messages, in the background."""
    chosen = chosen_messages(request)
    if not chosen.messages.exists():
        notices.warning(request, _("Choose at least one message."))
        return _back(chosen.given)
    try:
        status_refreshing.start(agency=agency_of(request), asked_by=request.user, chosen=chosen.by)
    except status_refreshing.NothingToAsk:
        notices.info(
            request,
            _("None of these can be asked about: they are final, or have not left yet."),
        )
    except status_refreshing.AnotherRuns:
        notices.warning(
            request, _("The gateway is being asked already. Wait until it is done, or cancel that.")
        )
    return _back(chosen.given)


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def status_refresh(request: UserRequest, pk: int) -> HttpResponse:
    """How far a refresh is: a part of the list's page, which asks for it until it is done."""
    own = get_object_or_404(agency_of(request).status_refreshes, pk=pk)
    if not request.htmx:
        return redirect("messaging:messages")
    return render(request, "messaging/_status_refresh.html", {"refresh": own})


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def cancel_refresh(request: UserRequest, pk: int) -> HttpResponse:
    """Anuluj: ask the gateway no further."""
    own = get_object_or_404(agency_of(request).status_refreshes, pk=pk)
    status_refreshing.cancel(own)
    return redirect("messaging:messages")


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def export_chosen(request: UserRequest) -> HttpResponseBase:
    """The chosen messages as a file for a spreadsheet."""
    chosen = chosen_messages(request)
    if not chosen.messages.exists():
        notices.warning(request, _("Choose at least one message."))
        return _back(chosen.given)
    is_workbook = request.POST.get("format") == "xlsx"
    return export_messages(chosen.messages, "xlsx" if is_workbook else "csv")


def _back(given: dict[str, str]) -> HttpResponse:
    """To the list as it was narrowed."""
    address = reverse("messaging:messages")
    return redirect(f"{address}?{urlencode(given)}" if given else address)


def _without_state(given: QueryDict) -> str:
    """The address's filters, on the first page, but for the status: each status has a link with them."""
    others = given.copy()
    for name in ("state", "before", "after"):
        others.pop(name, None)
    return others.urlencode()


def _searched_from(criteria: MessageCriteria) -> object:
    """The day from which on was searched, if it is later than the person said."""
    first = criteria.within_days().first_day
    return first if first != criteria.first_day else None


def _refresh_shown(request: UserRequest) -> StatusRefresh | None:
    """The one under way, else one's own that has just ended."""
    agency, since = agency_of(request), timezone.now() - RESULT_SHOWN
    with connection.cursor() as cursor:
        cursor.execute(_HAS_REFRESH, [agency.pk, as_stored(since)])
        if cursor.fetchone() is None:
            return None
    recent = Q(finished_at__gte=since, asked_by=request.user)
    running = Q(state=StatusRefresh.State.RUNNING)
    return agency.status_refreshes.filter(running | recent).order_by("-pk").first()


# Mostly there is none, and Django takes ten times as long to write a question as the database to answer it.
_HAS_REFRESH = """
SELECT 1 FROM messaging_statusrefresh
WHERE agency_id = %s AND (state = 'running' OR finished_at >= %s) LIMIT 1
"""
