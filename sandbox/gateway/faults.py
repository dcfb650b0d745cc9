"""Faults: making the gateway slow, silent or wrong on purpose."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from sandbox.connection_cut import cut_response
from sandbox.gateway.errors import GatewayError
from sandbox.models import Faults, Provider

Mode = Faults.Mode
AFTER_ACCEPTING = {Mode.DROP_AFTER_ACCEPT, Mode.ANSWER_AFTER_TIMEOUT, Mode.HALF_ANSWER}
TOO_LATE_MS = 35_000  # the official client waits 30 s
RETRY_AFTER = "2"  # seconds
TOO_MANY = 203

Answer = Callable[[HttpRequest], HttpResponse]
SpoiltAnswer = Callable[[HttpRequest], HttpResponseBase]


def _smsapi_error(code: int) -> dict[str, object]:
    return GatewayError(code).as_json()


def with_faults(
    is_sending: Callable[[HttpRequest], bool],
    provider: Provider = Provider.SMSAPI,
    error_body: Callable[[int], dict[str, object]] = _smsapi_error,
) -> Callable[[Answer], SpoiltAnswer]:
    """Let the current faults come between a view of the provider's and its caller.

    Faults "after accepting" wait for a request that sends; the others hit every request.
    """

    def decorate(view: Answer) -> SpoiltAnswer:
        @wraps(view)
        def wrapper(request: HttpRequest) -> HttpResponseBase:
            fault = claim_fault(provider, is_sending=is_sending(request))
            if fault.mode in AFTER_ACCEPTING:
                return _spoil(request, view(request), fault)
            time.sleep(fault.delay_ms / 1000)
            return _refusal(fault, error_body) or view(request)

        return wrapper

    return decorate


@transaction.atomic
def claim_fault(provider: Provider, *, is_sending: bool) -> Faults:
    """Return the fault that applies to this request; the last one counted switches faults off."""
    faults = Faults.load()
    if faults.provider not in ("", provider):
        return Faults()
    if faults.mode in AFTER_ACCEPTING and not is_sending:
        return Faults()
    if faults.remaining is not None:
        _count_down(faults)
    return faults


def _count_down(faults: Faults) -> None:
    left = (faults.remaining or 1) - 1
    changes = {"remaining": left} if left else {"remaining": None, "mode": Mode.NONE, "delay_ms": 0}
    Faults.objects.filter(pk=faults.pk).update(**changes)


def _refusal(fault: Faults, error_body: Callable[[int], dict[str, object]]) -> HttpResponse | None:
    """Return what is answered instead of doing the work, if anything."""
    if fault.mode == Mode.HTTP_503:
        return HttpResponse("Service Unavailable", status=503)
    if fault.mode == Mode.HTTP_500:
        return HttpResponse("Internal Server Error", status=500)
    if fault.mode == Mode.RATE_LIMITED:
        body = error_body(TOO_MANY)
        return JsonResponse(body, status=429, headers={"Retry-After": RETRY_AFTER})
    if fault.mode == Mode.ERROR_CODE:
        return JsonResponse(error_body(fault.error_code or 201))
    return None


def _spoil(request: HttpRequest, answer: HttpResponse, fault: Faults) -> HttpResponseBase:
    """The work is done: lose, cut or hold back the answer."""
    if fault.mode == Mode.ANSWER_AFTER_TIMEOUT:
        time.sleep((fault.delay_ms or TOO_LATE_MS) / 1000)
        return answer
    time.sleep(fault.delay_ms / 1000)
    keep = len(answer.content) // 2 if fault.mode == Mode.HALF_ANSWER else 0
    return cut_response(request, answer.content, keep=keep)
