"""One agency as the operator's people see it: what all the apps know of it, each part for who may see it."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, permission_required
from accounts.event_rows import rows_for_operator
from accounts.helping import never_seen
from accounts.models import Agency
from accounts.one_time_passwords import without_own_password
from accounts.roles import Permission
from billing.prices import balance_and_price
from messaging.models import Message
from messaging.tallies import counts_of_agency

# Rows of each kind: the rest is on the pages that the sections lead to.
NEWEST = 5


@require_GET
@permission_required(Permission.SEE_AGENCIES)
def agency(request: UserRequest, pk: int) -> HttpResponse:
    """Data, people, money, messages by status and newest events."""
    shown = get_object_or_404(Agency, pk=pk)
    context: dict[str, object] = {
        "agency": shown,
        "consents": shown.consents.select_related("person").order_by("-given_at", "document"),
        "message_counts": _message_counts(shown),
        **_people(shown),
    }
    if request.user.may(Permission.SEE_PAYMENTS):
        context |= _money(shown)
    if request.user.may(Permission.SEE_EVENTS):
        newest = shown.events.select_related("person", "agency").order_by("-id")[:NEWEST]
        context["rows"] = list(rows_for_operator(newest))
    return render(request, "mps_portal/agency.html", context)


def _people(agency: Agency) -> dict[str, object]:
    """All of them, and the ids of those whom support can help."""
    people = agency.people.order_by(F("removed_at").asc(nulls_first=True), "full_name", "id")
    people = people.prefetch_related("authenticator_set")
    return {
        "people": people,
        "without_own_password": set(
            without_own_password().filter(agency=agency).values_list("pk", flat=True)
        ),
        "never_seen": set(never_seen().filter(agency=agency).values_list("pk", flat=True)),
    }


def _money(agency: Agency) -> dict[str, object]:
    payments = agency.payments.select_related("invoice")
    balance, price = balance_and_price(agency)
    return {
        "balance": balance,
        "price": price,
        "payments": payments.order_by("-id")[:NEWEST],
    }


def _message_counts(agency: Agency) -> list[tuple[str, int]]:
    """Statuses that any message has, in the order of a message's life, with the number of messages."""
    found = counts_of_agency(agency)
    return [(state, found[state]) for state in Message.State.values if state in found]
