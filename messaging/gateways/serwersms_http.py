"""Calls of SerwerSMS.pl's HTTPS API v2: POST of a JSON object, answered by a JSON object."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urljoin

import requests

from messaging.gateways.base import GatewayUnavailable
from messaging.gateways.http_failures import TIMEOUT, new_session

# Bytes of an answer: details of 10,000 messages are less.
MAX_ANSWER = 8 * 1024 * 1024
_CHUNK = 64 * 1024
MAX_CODE_DIGITS = 5


class AnswerTooLong(requests.RequestException):
    """The gateway goes on talking: too much, or for too long."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. `body` is None where it is no JSON object."""

    response: requests.Response
    body: dict[str, Any] | None

    @property
    def status_code(self) -> int:
        return self.response.status_code

    @property
    def error_code(self) -> int | None:
        """Of an answer that is an error as a whole: its code, -1 for one that is no number; None for any other answer.

        What stands there instead of a number may hold anything, and is neither kept nor logged.
        """
        if self.body is None or not self.body.get("error"):
            return None
        error = self.body["error"]
        code = number_in(error.get("code")) if isinstance(error, dict) else None
        return -1 if code is None else code


class SerwerSmsHttp:
    """The account's address and token. Thread-safe: each thread keeps its own connection."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        self._local = threading.local()

    def call(self, action: str, parameters: Mapping[str, object]) -> Answer:
        """Raises requests.RequestException where no whole answer came."""
        address = urljoin(self._url, f"{action}.json")
        # Timeouts hold between two pieces: a gateway that sends a byte now and then must not keep a worker for ever.
        ends_at = monotonic() + sum(TIMEOUT)
        # A redirected POST would arrive as a GET without its texts.
        with self._session.post(
            address,
            data=json.dumps(parameters).encode(),
            headers={"Content-Type": "application/json"},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            return Answer(response, _json_object(_read(response, ends_at)))

    def ask(self, action: str, parameters: Mapping[str, object]) -> dict[str, Any]:
        """The answer to a question. Raises GatewayUnavailable where there is none, or an error."""
        try:
            answer = self.call(action, parameters)
        except requests.RequestException as error:
            raise GatewayUnavailable(type(error).__name__) from error
        if answer.error_code is not None:
            raise GatewayUnavailable(f"error {answer.error_code}")
        if answer.status_code != 200 or answer.body is None:
            raise GatewayUnavailable(f"HTTP {answer.status_code}")
        return answer.body

    @property
    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = new_session(self._token)
        return session


def items_in(body: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The answer's list of objects; None if it has no such list."""
    listed = body.get("items")
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        return None
    return listed


def number_in(value: object) -> int | None:
    """A small number that is not negative, as JSON number or string."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    is_number = text.isascii() and text.isdecimal() and len(text) <= MAX_CODE_DIGITS
    return int(text) if is_number else None


def _read(response: requests.Response, ends_at: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > MAX_ANSWER or monotonic() > ends_at:
            raise AnswerTooLong
    return bytes(body)


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        decoded = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return decoded if isinstance(decoded, dict) else None
