"""Odebrane: what clients answered."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, agency_of, permission_required
from accounts.folding import fold
from accounts.models import Agency
from accounts.newest_first import page_of
from accounts.roles import Permission
from messaging.models import IncomingMessage


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def replies(request: UserRequest) -> HttpResponse:
    """The list, newest first; `q` is part of a name, a number or a text."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    page = page_of(request, _found(agency_of(request), text))
    return render(request, "messaging/replies.html", {"page": page, "q": text})


def _found(agency: Agency, text: str) -> QuerySet[IncomingMessage]:
    own = agency.incoming_messages.select_related("contact", "answered")
    if not text:
        return own
    found = Q(text__icontains=text)
    if name := fold(text):
        found |= Q(contact__search_name__contains=name)
    digits = "".join(filter(str.isdecimal, text))
    if len(digits) >= 3:
        found |= Q(phone__contains=digits)
    return own.filter(found)
