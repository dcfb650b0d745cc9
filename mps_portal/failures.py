"""What is told of failures: where and of which kind, never with which values.

Messages of exceptions hold what was worked on: PostgreSQL quotes the row that breaks a rule, with its number and text.
So logs, failed jobs and error mails carry the places of the code and the exception's type, and a number that looks
like a phone's is masked wherever it comes from.
"""

from __future__ import annotations

import logging
import re
import time
from typing import Any

from django.conf import settings
from django.core.mail import mail_admins

_HEAD = "Traceback (most recent call last):"
_PLACE = re.compile(r'\s+File "[^"]+", line \d+, in \S+$')
# Nine digits of a Polish number in any of the usual spellings, alone or after +48.
_PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)?48[ -]?)?[1-9]\d{2}[ -]?\d{3}[ -]?\d{3}(?!\d)")
# Seconds between two mails of one process about the same place.
MAIL_PAUSE = 60 * 60


def without_values(traceback: str) -> str:
    """A formatted traceback reduced to its places and the types of its exceptions."""
    return "\n".join(map(_places_and_kind, traceback.split(_HEAD)[1:])) or "no traceback"


def _places_and_kind(chain_link: str) -> str:
    kept = []
    for line in chain_link.splitlines():
        if _PLACE.match(line):
            kept.append(line.strip())
        elif line and not line[0].isspace():
            # The first line that is not indented names the exception; all that follows is its message.
            return "\n".join([*kept, line.partition(":")[0]])
    return "\n".join(kept)


def mask_phones(text: str) -> str:
    """The text with everything that may be a Polish phone number crossed out."""
    return _PHONE.sub("[phone]", text)


def strip_job_result(task: dict[str, Any], **_: object) -> None:
    """Take the values out of a failed job's result before the queue stores and logs it (django-q's signal)."""
    if not task["success"]:
        task["result"] = without_values(str(task["result"]))


class DiscreetFormatter(logging.Formatter):
    """Lines for logs and mails: exceptions without values, requests by their route, phone numbers masked."""

    def format(self, record: logging.LogRecord) -> str:
        # Another handler's formatter may have left its own, complete text of the exception.
        record.exc_text = None
        text = mask_phones(super().format(record))
        record.exc_text = None
        return text

    def formatException(self, ei: Any) -> str:
        return without_values(super().formatException(ei))

    def formatMessage(self, record: logging.LogRecord) -> str:
        # A path may hold a password's link or the gateway's secret.
        if route := _route(record):
            record.message = f"{getattr(record, 'status_code', '')} {route}"
        return super().formatMessage(record)


class ErrorMailHandler(logging.Handler):
    """Mails errors to ADMINS: one about each place in an hour, however often it fails."""

    def __init__(self, level: int = logging.ERROR) -> None:
        super().__init__(level)
        self._sent_at: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if not settings.ADMINS or not self._is_due(record):
            return
        try:
            mail_admins(f"{record.levelname} {record.name}", self.format(record))
        except Exception:
            # Logging must never break what it tells about; the same lines are on the console.
            self.handleError(record)

    def _is_due(self, record: logging.LogRecord) -> bool:
        place = f"{record.pathname}:{record.lineno} {_route(record)}"
        now = time.monotonic()
        if now - self._sent_at.get(place, -MAIL_PAUSE) < MAIL_PAUSE:
            return False
        self._sent_at[place] = now
        return True


def _route(record: logging.LogRecord) -> str:
    """The method and the address's pattern of the request that the record is about, if it is about one."""
    request = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    return f"{request.method} /{match.route}" if request is not None and match else ""
