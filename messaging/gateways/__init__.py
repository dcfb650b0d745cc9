"""SMS gateways: one class per provider, chosen by the setting SMS_GATEWAY."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from messaging.gateways.base import Gateway
from messaging.gateways.smsapi import SmsApiGateway


@cache
def current_gateway() -> Gateway:
    """The gateway that messages leave by. Raises ValueError for an unknown SMS_GATEWAY."""
    if settings.SMS_GATEWAY == "smsapi":
        return SmsApiGateway(settings.SMSAPI_URL, settings.SMSAPI_TOKEN)
    raise ValueError(f"unknown SMS_GATEWAY {settings.SMS_GATEWAY!r}")
