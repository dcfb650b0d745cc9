"""SMSAPI's sender names (REST: /sms/sendernames), as the classic API's neighbour knows them."""

from __future__ import annotations

from urllib.parse import quote, urljoin

import requests

from messaging.gateways.base import GatewayUnavailable, SenderStatus

# Seconds to connect and to answer.
TIMEOUT = (5, 30)

# INACTIVE is a name that still waits for the networks.
_STATUSES = {
    "ACTIVE": SenderStatus.ACTIVE,
    "INACTIVE": SenderStatus.PENDING,
    "PENDING": SenderStatus.PENDING,
    "REJECTED": SenderStatus.REJECTED,
    "DELETED": SenderStatus.UNKNOWN,
}


class SmsApiSenders:
    """Sender names of one SMSAPI account. `url` is the account's base address, such as https://api.smsapi.pl/."""

    def __init__(self, url: str) -> None:
        self._url = urljoin(url, "sms/sendernames")

    def register(self, session: requests.Session, name: str) -> SenderStatus:
        """Ask for a name. One that the account has already is as it is. Raises GatewayUnavailable."""
        response = self._call(session, "POST", self._url, {"sender": name})
        if response.status_code in (200, 201):
            return _status_in(response)
        if response.status_code in (400, 409, 422):
            # It exists, or it is no name for SMSAPI: only asking tells which.
            known = self.status(session, name)
            return SenderStatus.REJECTED if known is SenderStatus.UNKNOWN else known
        raise GatewayUnavailable(f"HTTP {response.status_code}")

    def status(self, session: requests.Session, name: str) -> SenderStatus:
        """How far the name is. Raises GatewayUnavailable."""
        response = self._call(session, "GET", self._address_of(name))
        if response.status_code == 404:
            return SenderStatus.UNKNOWN
        if response.status_code == 200:
            return _status_in(response)
        raise GatewayUnavailable(f"HTTP {response.status_code}")

    def remove(self, session: requests.Session, name: str) -> None:
        """Forget the name; one that is not there is forgotten. Raises GatewayUnavailable."""
        response = self._call(session, "DELETE", self._address_of(name))
        if response.status_code not in (200, 204, 404):
            raise GatewayUnavailable(f"HTTP {response.status_code}")

    def _address_of(self, name: str) -> str:
        return f"{self._url}/{quote(name, safe='')}"

    def _call(
        self, session: requests.Session, method: str, url: str, data: dict[str, str] | None = None
    ) -> requests.Response:
        try:
            return session.request(method, url, data=data, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            raise GatewayUnavailable(type(error).__name__) from error


def _status_in(response: requests.Response) -> SenderStatus:
    """Of one name's description. What cannot be read proves nothing: raises GatewayUnavailable."""
    try:
        answer = response.json()
    except requests.JSONDecodeError as error:
        raise GatewayUnavailable("no JSON") from error
    status = answer.get("status") if isinstance(answer, dict) else None
    if not isinstance(status, str) or status not in _STATUSES:
        raise GatewayUnavailable("no status")
    return _STATUSES[status]
