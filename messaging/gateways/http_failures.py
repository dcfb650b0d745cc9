"""What a failed or refused HTTP request tells about the messages that it carried, whatever the provider."""

from __future__ import annotations

from collections.abc import Sequence

import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError

from messaging.gateways.base import ErrorClass, OutgoingSms, SendResult

# Seconds to connect and to answer: a worker that is being stopped waits for the answer, within 30 s in all.
TIMEOUT = (3, 15)


def new_session(token: str) -> requests.Session:
    """A connection to keep, for one thread."""
    session = requests.Session()
    # No look-ups of proxies and .netrc for each request.
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {token}"
    session.headers["User-Agent"] = "MPS"
    return session


def all_failed(
    messages: Sequence[OutgoingSms], error: ErrorClass, code: str, retry_after: int | None = None
) -> list[SendResult]:
    """One result for each of them."""
    return [
        SendResult(sms.idx, error=error, code=code, retry_after=retry_after) for sms in messages
    ]


def failed_request(messages: Sequence[OutgoingSms], error: Exception) -> list[SendResult]:
    """Of a request without an answer: only one that surely never reached the gateway may be made again."""
    if isinstance(error, requests.ConnectTimeout):
        return all_failed(messages, ErrorClass.RETRY, "connect")
    if isinstance(error, requests.ConnectionError):
        return all_failed(messages, _class_of_broken_connection(error), "connection")
    return all_failed(messages, ErrorClass.UNCERTAIN, "no answer")


def class_of_status(status_code: int) -> ErrorClass:
    """Of an answer without an error code: 3xx and 4xx are a wrong address or account, other answers prove nothing."""
    is_refusal = 300 <= status_code < 500 and status_code != 408
    return ErrorClass.CONFIGURATION if is_refusal else ErrorClass.UNCERTAIN


def too_many_requests(
    response: requests.Response, messages: Sequence[OutgoingSms]
) -> list[SendResult]:
    """Of HTTP 429, with the seconds that the gateway asks to wait."""
    wait = response.headers.get("Retry-After", "")
    seconds = int(wait) if wait.isascii() and wait.isdecimal() and len(wait) < 10 else None
    return all_failed(messages, ErrorClass.RETRY, "HTTP 429", seconds)


def _class_of_broken_connection(error: requests.ConnectionError) -> ErrorClass:
    """ "Connection refused" and failed look-ups never reached the gateway; a connection that broke did."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    never_connected = isinstance(reason, NewConnectionError | NameResolutionError)
    return ErrorClass.RETRY if never_connected else ErrorClass.UNCERTAIN
