"""What gateways push to us."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from messaging import report_inbox
from messaging.gateways import gateway_called
from messaging.gateways.base import IncomingSms
from messaging.incoming import receive

logger = logging.getLogger(__name__)


@require_GET
def smsapi_report(request: HttpRequest, secret: str) -> HttpResponse:
    """Delivery reports of SMSAPI, which does not sign them: the secret in the address is the proof.

    Anything but 200 and "OK" would be pushed again for ever, so unknown ids and unreadable reports are answered OK.
    """
    _check_secret(secret, settings.SMSAPI_CALLBACK_SECRET)
    report_inbox.take("smsapi", gateway_called("smsapi").parse_reports(request))
    return _taken()


@csrf_exempt
@require_http_methods(["GET", "POST"])
def serwersms_report(request: HttpRequest, secret: str) -> HttpResponse:
    """A delivery report of SerwerSMS, which the secret in the address proves, answered as above."""
    _check_secret(secret, settings.SERWERSMS_CALLBACK_SECRET)
    report_inbox.take("serwersms", gateway_called("serwersms").parse_reports(request))
    return _taken()


@csrf_exempt
@require_POST
def smsapi_reply(request: HttpRequest, secret: str) -> HttpResponse:
    """A client's reply, from SMSAPI as above: answered OK once it is kept, and where it is no message at all."""
    _check_secret(secret, settings.SMSAPI_CALLBACK_SECRET)
    if sms := _read(request):
        receive(sms)
    return _taken()


def _check_secret(secret: str, ours: str) -> None:
    """An empty one of ours is nobody's."""
    if not ours or not constant_time_compare(secret, ours):
        raise Http404


def _read(request: HttpRequest) -> IncomingSms | None:
    try:
        return gateway_called("smsapi").parse_incoming(request)
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError) as error:
        # Too large, cut off, or no form.
        logger.warning("A pushed reply cannot be read: %s", type(error).__name__)
        return None


def _taken() -> HttpResponse:
    return HttpResponse("OK", content_type="text/plain")
