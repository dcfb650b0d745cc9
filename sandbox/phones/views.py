"""The phones: what arrived on each number's screen, and answering it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from sandbox.gateway.forms import ReplyForm
from sandbox.gateway.numbers import normalise_number
from sandbox.json_posts import bad_request, csrf_unless_json, posted_values
from sandbox.models import Reply, SmsMessage, Status

SHOWN_PHONES = 50
SHOWN_BUBBLES = 100


def arrived_messages() -> QuerySet[SmsMessage]:
    """Return what the phones have received: all but what is expired or undelivered."""
    return SmsMessage.objects.filter(final_status=Status.DELIVERED)


@require_safe
def phones(request: HttpRequest) -> HttpResponse:
    """List numbers, the latest message first; `q` is part of a number. htmx gets the list."""
    template = "_phone_list.html" if request.headers.get("HX-Request") else "phones.html"
    query = request.GET.get("q", "").strip()
    digits = "".join(filter(str.isdigit, query))
    context = {"phones": _latest_by_number(digits), "query": query, "limit": SHOWN_PHONES}
    return render(request, f"sandbox/{template}", context)


def _latest_by_number(digits: str) -> list[dict[str, Any]]:
    numbers = (
        arrived_messages()
        .filter(number__contains=digits)
        .values("number")
        .annotate(latest=Max("pk"), num_messages=Count("pk"))
        .order_by("-latest")[:SHOWN_PHONES]
    )
    latest = SmsMessage.objects.in_bulk([row["latest"] for row in numbers])
    return [{**row, "message": latest[row["latest"]]} for row in numbers]


@require_safe
def phone(request: HttpRequest, number: str) -> HttpResponse:
    """Draw one phone; htmx gets its bubbles alone."""
    template = "_bubbles.html" if request.headers.get("HX-Request") else "phone.html"
    return render(request, f"sandbox/{template}", _phone(number, ReplyForm()))


@csrf_unless_json
@require_POST
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the newest message that can be answered; the pusher takes it from there."""
    is_json = request.content_type == "application/json"
    try:
        form = ReplyForm(posted_values(request) if is_json else request.POST)
    except ValueError as error:
        return bad_request({"__all__": [str(error)]})
    answered = _answerable(number)
    if form.is_valid() and answered:
        Reply.objects.create(answered=answered, text=form.cleaned_data["text"])
        return HttpResponse(status=204) if is_json else redirect("phone", number=number)
    if is_json:
        return bad_request(form.errors)
    return render(request, "sandbox/phone.html", _phone(number, form), status=422)


def _phone(number: str, form: ReplyForm) -> dict[str, Any]:
    latest = arrived_messages().filter(number=number).order_by("-pk")[:SHOWN_BUBBLES]
    messages = list(reversed(latest.prefetch_related("replies")))
    return {
        "number": number,
        "messages": messages,
        "now": timezone.now(),
        "form": form,
        "answered": _answerable(number),
    }


def _answerable(number: str) -> SmsMessage | None:
    latest = arrived_messages().filter(number=number).order_by("-pk")[:SHOWN_BUBBLES]
    return next((message for message in latest if message.can_be_answered), None)


@require_safe
def phones_json(request: HttpRequest) -> JsonResponse:
    """Return what arrived, oldest first; `number` narrows it to one phone."""
    messages = arrived_messages().order_by("pk")
    if number := request.GET.get("number"):
        messages = messages.filter(number=normalise_number(number))
    return JsonResponse([_as_json(message) for message in messages], safe=False)


def _as_json(message: SmsMessage) -> dict[str, object]:
    return {
        "provider": message.provider,
        "number": message.number,
        "sender": message.sender,
        "text": message.text,
        "parts": message.parts,
        "idx": message.idx,
        "received_at": message.accepted_at.isoformat(),
    }
