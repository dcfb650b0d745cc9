"""SerwerSMS.pl's sender names: senders/add and senders/index. https://dev.serwersms.pl/https-api-v2/nazwy-nadawcy"""

from __future__ import annotations

import logging

import requests

from messaging.gateways.base import GatewayUnavailable, SenderStatus
from messaging.gateways.serwersms_http import SerwerSmsHttp, items_in

logger = logging.getLogger(__name__)

# Smaller codes are about the account and the request, not about what was asked for.
FIRST_OF_VALUES = 2000

_STATUSES = {
    "authorized": SenderStatus.ACTIVE,
    "pending_authorization": SenderStatus.PENDING,
    "rejected": SenderStatus.REJECTED,
    # Somebody has switched it off in the panel, where only they can switch it on again.
    "deactivated": SenderStatus.REJECTED,
}


def register(http: SerwerSmsHttp, name: str) -> SenderStatus:
    """Ask for a name. One that the account has is as it is. Raises GatewayUnavailable."""
    known = status(http, name)
    if known is not SenderStatus.UNKNOWN:
        return known
    try:
        answer = http.call("senders/add", {"name": name})
    except requests.RequestException as error:
        raise GatewayUnavailable(type(error).__name__) from error
    if (answer.error_code or 0) >= FIRST_OF_VALUES and answer.status_code < 500:
        return _after_error(http, name, answer.error_code)
    if answer.status_code != 200 or answer.body is None or answer.body.get("success") is not True:
        raise GatewayUnavailable(f"HTTP {answer.status_code}, error {answer.error_code}")
    # The answer does not say how far the name is; the list does, once it is there.
    found = status(http, name)
    return SenderStatus.PENDING if found is SenderStatus.UNKNOWN else found


def status(http: SerwerSmsHttp, name: str) -> SenderStatus:
    """How far the name is. Raises GatewayUnavailable, also for a list or a status that cannot be read."""
    items = items_in(http.ask("senders/index", {}))
    if items is None:
        raise GatewayUnavailable("no list")
    for item in items:
        if item.get("name") == name:
            word = item.get("status")
            if not isinstance(word, str) or word not in _STATUSES:
                raise GatewayUnavailable("no status")
            return _STATUSES[word]
    return SenderStatus.UNKNOWN


def remove(name: str) -> None:
    """The API cannot remove a name. No message carries it any more; somebody removes it in the panel."""
    logger.warning("the sender name %s is left over at SerwerSMS", name)


def _after_error(http: SerwerSmsHttp, name: str, code: int | None) -> SenderStatus:
    """It exists, or it is no name for SerwerSMS: only asking tells which."""
    known = status(http, name)
    logger.warning("SerwerSMS does not take a sender name: error %s", code)
    return SenderStatus.REJECTED if known is SenderStatus.UNKNOWN else known
