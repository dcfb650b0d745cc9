"""Wiadomości: every message and its status."""

from __future__ import annotations

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, agency_of, permission_required
from accounts.jobs import enqueue
from accounts.roles import Permission
from messaging.models import Message
from messaging.views.partials import render_page_or_part
from messaging.views.selection import posted_numbers

PAGE_SIZE = 50
# States that a report or the gateway's answer may still change.
MOVING = (
    Message.State.QUEUED,
    Message.State.SENDING,
    Message.State.UNCERTAIN,
    Message.State.SENT,
)


@require_GET
@permission_required(Permission.SEND_MESSAGES)
def messages(request: UserRequest) -> HttpResponse:
    """The list, newest first, of one status or of all; its rows follow the statuses by themselves."""
    own = (
        agency_of(request).messages.select_related("contact", "campaign", "consent").order_by("-id")
    )
    state = request.GET.get("state", "")
    if state in Message.State.values:
        own = own.filter(state=state)
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "state": state,
        "states": Message.State.choices,
        "is_moving": any(message.state in MOVING for message in page),
    }
    return render_page_or_part(
        request, "messaging/messages.html", "messaging/_messages_table.html", context
    )


@require_POST
@permission_required(Permission.SEND_MESSAGES)
def refresh(request: UserRequest) -> HttpResponse:
    """Odśwież status: ask the gateway about the chosen messages, in the background."""
    chosen = agency_of(request).messages.filter(pk__in=posted_numbers(request, "message"))
    own = list(chosen.values_list("pk", flat=True))
    if own:
        enqueue("messaging.tasks.refresh_statuses", own)
        asked = ngettext(
            "Asking about %(count)d message; its status will change here.",
            "Asking about %(count)d messages; their statuses will change here.",
            len(own),
        )
        notices.info(request, asked % {"count": len(own)})
    else:
        notices.warning(request, _("Choose at least one message."))
    return redirect("messaging:messages")
