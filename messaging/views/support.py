"""An agency's messages for the operator's support: whole texts, masked numbers, and the agency learns of it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access import UserRequest, permission_required
from accounts.events import record_once_an_hour
from accounts.models import Agency, EventKind
from accounts.newest_first import page_of
from accounts.roles import Permission
from messaging.forms import NumberSearchForm
from messaging.message_search import MessageCriteria, matching, order_of
from messaging.models import Message
from messaging.phones import mask_phone
from messaging.status_meanings import MEANINGS

# Messages to one number that a search shows, newest first; a client of ten years gets fewer.
MAX_TO_ONE_NUMBER = 200


@permission_required(Permission.SEE_MESSAGES)
def agency_messages(request: UserRequest, pk: int) -> HttpResponse:
    """The list, of one status or of all; a number to search for is posted, so that no address or log holds it."""
    agency = get_object_or_404(Agency, pk=pk)
    record_once_an_hour(EventKind.MESSAGES_SEEN, agency=agency, person=request.user)
    if request.method == "POST":
        return _search(request, agency)
    state = request.GET.get("state", "")
    criteria = MessageCriteria(state=state if state in Message.State.values else "")
    page = page_of(request, matching(agency, criteria), order_of(criteria))
    return _page(request, agency, NumberSearchForm(), page.rows, {"page": page, "state": state})


def _search(request: UserRequest, agency: Agency) -> HttpResponse:
    form = NumberSearchForm(request.POST)
    if not form.is_valid():
        return _page(request, agency, form, [], {})
    phone = form.cleaned_data["phone"]
    found = list(_to(agency, phone)[:MAX_TO_ONE_NUMBER])
    return _page(request, agency, form, found, {"searched": mask_phone(phone)})


def _to(agency: Agency, phone: str) -> QuerySet[Message]:
    """Through the campaigns: their unique key with the phone is the index that finds one number's messages."""
    campaigns = agency.campaigns.values("pk")
    return Message.objects.filter(campaign__in=campaigns, phone=phone).order_by("-pk")


def _page(
    request: UserRequest,
    agency: Agency,
    form: NumberSearchForm,
    rows: list[Message],
    more: dict[str, object],
) -> HttpResponse:
    context = {
        "agency": agency,
        "form": form,
        "rows": [(message, MEANINGS[message.state]) for message in rows],
        "states": Message.State.choices,
        **more,
    }
    status = 422 if form.errors else 200
    return render(request, "messaging/agency_messages.html", context, status=status)
