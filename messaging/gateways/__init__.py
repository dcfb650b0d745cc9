"""SMS gateways: one class per provider, chosen by the settings SMS_GATEWAY and SMS_FALLBACK_GATEWAY."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from messaging.gateways.base import Gateway
from messaging.gateways.serwersms import SerwerSmsGateway
from messaging.gateways.smsapi import SmsApiGateway


def route() -> list[str]:
    """The names of the gateways that messages may leave by, the preferred one first."""
    names = (settings.SMS_GATEWAY, settings.SMS_FALLBACK_GATEWAY)
    return [name for name in dict.fromkeys(names) if name]


def current_gateway() -> Gateway:
    """The preferred gateway: it decides about sender names."""
    return gateway_called(settings.SMS_GATEWAY)


@cache
def gateway_called(name: str) -> Gateway:
    """The provider of this name. Raises ValueError for an unknown one."""
    if name == "smsapi":
        return SmsApiGateway(settings.SMSAPI_URL, settings.SMSAPI_TOKEN, settings.GATEWAY_TIMEOUT)
    if name == "serwersms":
        return SerwerSmsGateway(settings.SERWERSMS_URL, settings.SERWERSMS_TOKEN)
    raise ValueError(f"unknown SMS gateway {name!r}")


def settled_by_look_up() -> list[str]:
    """The names of the providers that can be asked about a message without sending it again."""
    by_sending = {
        "smsapi": SmsApiGateway.settles_by_sending,
        "serwersms": SerwerSmsGateway.settles_by_sending,
    }
    return [name for name, is_sent_again in by_sending.items() if not is_sent_again]
