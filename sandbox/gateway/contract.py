"""The addresses that SMSAPI's clients call."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps

import requests
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from sandbox.gateway import answers
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.faults import with_faults
from sandbox.gateway.parameters import parse_send, read_values
from sandbox.gateway.reports import push
from sandbox.gateway.sending import accept
from sandbox.models import DeliveryReport, Faults, SmsMessage

JsonView = Callable[[HttpRequest], dict[str, object] | list[dict[str, object]]]


def answers_json(view: JsonView) -> Callable[[HttpRequest], HttpResponse]:
    """Authorise by the Bearer token and answer JSON; an error too is HTTP 200, as at SMSAPI."""

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse:
        try:
            authorise(request)
            return JsonResponse(view(request), safe=False)
        except GatewayError as error:
            return JsonResponse(error.as_json())

    return wrapper


def authorise(request: HttpRequest) -> None:
    """Raise GatewayError 101 unless the request carries the account's token."""
    given = request.headers.get("Authorization", "")
    expected = f"Bearer {settings.SMSAPI_TOKEN}"
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise GatewayError(101)


def _is_sending(request: HttpRequest) -> bool:
    return "status" not in request.GET and "status" not in request.POST


@csrf_exempt
@require_http_methods(["GET", "POST"])
@with_faults(_is_sending)
@answers_json
def sms_do(request: HttpRequest) -> dict[str, object]:
    """Send, or look up statuses when `status=id|id` is given."""
    values = read_values(request)
    if "status" in values:
        return answers.statuses([key for key in values["status"].split("|") if key])
    parameters = parse_send(values)
    faults = Faults.load()
    messages = accept(parameters, faults)
    if faults.report_mode == Faults.ReportMode.BEFORE_ANSWER:
        _push_reports_of(messages)
    return answers.sent(messages, details=parameters.details)


def _push_reports_of(messages: list[SmsMessage]) -> None:
    reports = DeliveryReport.objects.filter(message_id__in=[message.pk for message in messages])
    with requests.Session() as session:
        push(list(reports.select_related("message").order_by("pk")), session)


@require_safe
@with_faults(lambda request: False)
@answers_json
def profile(request: HttpRequest) -> dict[str, object]:
    """The account and its balance in points."""
    return {
        "name": "sandbox",
        "email": "sandbox@example.com",
        "username": "sandbox",
        "phone_number": "48500000000",
        "payment_type": "prepaid",
        "user_type": "native",
        "points": answers.points_left(),
    }


@require_safe
@answers_json
def user_do(request: HttpRequest) -> dict[str, object]:
    """The balance as the official Python client asks for it (`account.balance()`)."""
    points = answers.points_left()
    return {"points": points, "proCount": int(points / 0.16), "ecoCount": 0}


@require_safe
@answers_json
def ping(request: HttpRequest) -> dict[str, object]:
    """Whether the token is good."""
    return {"authorized": True, "unavailable": []}
