"""What gateways push to us."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET

from messaging import report_inbox
from messaging.gateways import gateway_called


@require_GET
def smsapi_report(request: HttpRequest, secret: str) -> HttpResponse:
    """Delivery reports of SMSAPI, which does not sign them: the secret in the address is the proof.

    Anything but 200 and "OK" would be pushed again for ever, so unknown ids and unreadable reports are answered OK.
    """
    if not constant_time_compare(secret, settings.SMSAPI_CALLBACK_SECRET):
        raise Http404
    report_inbox.take("smsapi", gateway_called("smsapi").parse_reports(request))
    return HttpResponse("OK", content_type="text/plain")
