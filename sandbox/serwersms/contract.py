"""The addresses that SerwerSMS.pl's clients call: POST of a JSON object, at the action's name with or without .json."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from functools import wraps

import requests
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sandbox.gateway import sender_names
from sandbox.gateway.answers import points_left
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.faults import with_faults
from sandbox.models import (
    POINTS_PER_PART,
    DeliveryReport,
    Faults,
    Panel,
    Provider,
    SenderName,
)
from sandbox.serwersms.errors import SerwerSmsError
from sandbox.serwersms.reports import page_of_reports, push
from sandbox.serwersms.sending import Taken, accept

Action = Callable[[Mapping[str, object]], dict[str, object]]
View = Callable[[HttpRequest], HttpResponseBase]

_SENDER_STATUSES = {
    SenderName.Status.ACTIVE: "authorized",
    SenderName.Status.PENDING: "pending_authorization",
    SenderName.Status.REJECTED: "rejected",
}


def _error_body(code: int) -> dict[str, object]:
    return SerwerSmsError(code).as_json()


def action(*, sends: bool = False) -> Callable[[Action], View]:
    """Authorise by the Bearer token, read the JSON object and answer one; an error, too, is HTTP 200."""

    def decorate(perform: Action) -> View:
        @csrf_exempt
        @require_POST
        @with_faults(lambda request: sends, Provider.SERWERSMS, _error_body)
        @wraps(perform)
        def view(request: HttpRequest) -> HttpResponse:
            try:
                _authorise(request)
                return JsonResponse(perform(_parameters(request)))
            except SerwerSmsError as error:
                return JsonResponse(error.as_json())

        return view

    return decorate


@action(sends=True)
def send_personalized(parameters: Mapping[str, object]) -> dict[str, object]:
    """messages/send_personalized: messages, sender, unique_id, utf, details."""
    faults = Faults.load()
    taken = accept(parameters, faults)
    if faults.report_mode == Faults.ReportMode.BEFORE_ANSWER:
        _push_reports_of(taken)
    num_queued = sum(one.message is not None for one in taken)
    body: dict[str, object] = {
        "success": num_queued > 0,
        "queued": num_queued,
        "unsent": len(taken) - num_queued,
    }
    if parameters.get("details") is True:
        body["items"] = [_item(one) for one in taken]
    return body


@action()
def reports(parameters: Mapping[str, object]) -> dict[str, object]:
    """messages/reports: by id or unique_id, in pages."""
    return page_of_reports(parameters)


@action()
def add_sender(parameters: Mapping[str, object]) -> dict[str, object]:
    """senders/add: the networks decide about the name."""
    try:
        sender_names.add(str(parameters.get("name", "")))
    except GatewayError as error:
        raise SerwerSmsError(2000) from error
    return {"success": True}


@action()
def senders(parameters: Mapping[str, object]) -> dict[str, object]:
    """senders/index: the names with their statuses."""
    rows = [
        {
            "name": name.name,
            "agreement": "not_required",
            "status": _SENDER_STATUSES[SenderName.Status(name.status)],
        }
        for name in SenderName.objects.order_by("pk")
    ]
    return {"items": rows}


@action()
def limits(parameters: Mapping[str, object]) -> dict[str, object]:
    """account/limits: what is paid for."""
    left = int(points_left() / float(POINTS_PER_PART))
    return {"items": [{"type": "full", "chars_limit": 1530, "value": left}]}


def _authorise(request: HttpRequest) -> None:
    given = request.headers.get("Authorization", "")
    expected = f"Bearer {settings.SERWERSMS_TOKEN}"
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise SerwerSmsError(1001)


def _parameters(request: HttpRequest) -> dict[str, object]:
    try:
        decoded = json.loads(request.body or b"{}")
    except ValueError as error:
        raise SerwerSmsError(1006) from error
    if not isinstance(decoded, dict):
        raise SerwerSmsError(1006)
    return decoded


def _item(taken: Taken) -> dict[str, object]:
    item: dict[str, object] = {"phone": taken.phone, "text": taken.text}
    if taken.message:
        return {
            **item,
            "id": taken.message.message_id,
            "status": "queued",
            "parts": taken.message.parts,
        }
    if taken.reason:
        return {**item, "status": "unsent", "reason": taken.reason}
    error = SerwerSmsError(taken.code or 1006)
    return {**item, "status": "unsent", "error_code": error.code, "error_message": error.text}


def _push_reports_of(taken: list[Taken]) -> None:
    accepted = [one.message.pk for one in taken if one.message]
    found = DeliveryReport.objects.filter(message_id__in=accepted).select_related("message")
    if Panel.load().serwersms_callback_url:
        with requests.Session() as session:
            push(list(found.order_by("pk")), session)


ACTIONS = {
    "messages/send_personalized": send_personalized,
    "messages/reports": reports,
    "senders/add": add_sender,
    "senders/index": senders,
    "account/limits": limits,
}
