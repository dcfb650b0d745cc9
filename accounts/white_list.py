"""The VAT white list of the Ministry of Finance: a company's name and address by NIP.

Contract: "API Rejestr WL" 1.6 (https://wl-test.mf.gov.pl). It allows few questions a day from one address, so what it
said is kept until Warsaw midnight in the cache that all processes share.
"""

from __future__ import annotations

import json
import logging
import re
import time
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import requests
from django.conf import settings
from django.core.cache import cache
from requests import Response
from stdnum.pl import regon as regon_number

from accounts.address_lines import in_sentence_case, split_address

# Seconds: to connect, for each piece of the answer, and for all of it.
CONNECT_TIMEOUT, READ_TIMEOUT, WHOLE_TIMEOUT = 2.0, 2.5, 5.0
MAX_ANSWER = 200_000  # bytes
# "Daily requests limit for this IP has been reached"
LIMIT_CODE = "WL-191"
# As long as the columns of Agency.
MAX_LENGTH = {"name": 200, "street": 200, "postal_code": 6, "city": 100}

log = logging.getLogger(__name__)


class Reason(Enum):
    """Why the register could not tell."""

    DOWN = "down"  # no answer in time, or none that makes sense
    LIMIT = "limit"  # asked too often today


class RegisterUnavailable(Exception):
    """The register cannot be asked now; the data are to be typed by hand."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Company:
    """What the register knows of a taxpayer. What it does not say, or says wrongly, is empty, except name and NIP."""

    name: str
    nip: str
    regon: str
    street: str
    postal_code: str
    city: str


def look_up(nip: str, on: date) -> Company | None:
    """The taxpayer with this valid NIP (ten digits) on a Warsaw day not after today, or None.

    Takes 5 seconds at most. Raises RegisterUnavailable.
    """
    key, limit_key = f"white_list:{on}:{nip}", f"white_list:{on}:limit"
    known = cache.get(key)
    if known is None:
        if cache.get(limit_key):
            raise RegisterUnavailable(Reason.LIMIT)
        try:
            known = {"company": _fields(_ask(nip, on))}
        except RegisterUnavailable as error:
            if error.reason is Reason.LIMIT:
                cache.set(limit_key, True, _seconds_until_midnight())
            raise
        cache.set(key, known, _seconds_until_midnight())
    return Company(**known["company"]) if known["company"] else None


def _fields(company: Company | None) -> dict[str, str] | None:
    """What is cached: plain, so that a new version of the class can read what an old one wrote."""
    return asdict(company) if company else None


def _ask(nip: str, on: date) -> Company | None:
    url = f"{settings.WHITE_LIST_URL}/api/search/nip/{nip}"
    try:
        with requests.get(
            url,
            params={"date": on.isoformat()},
            timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _read(response, time.monotonic() + WHOLE_TIMEOUT - CONNECT_TIMEOUT)
            return _company(nip, response.status_code, _json(body))
    except (requests.RequestException, OSError) as error:
        log.warning("The white list does not answer: %s", type(error).__name__)
        raise RegisterUnavailable(Reason.DOWN) from error


def _read(response: Response, deadline: float) -> bytes:
    """The body, unless it is too long or takes longer than until `deadline` (time.monotonic)."""
    body = bytearray()
    # Byte by byte: a longer read would wait for a server that trickles, beyond the deadline.
    for byte in response.iter_content(1):
        body += byte
        if len(body) > MAX_ANSWER or time.monotonic() > deadline:
            raise _nonsense("long or slow")
    return bytes(body)


def _json(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    return answer if isinstance(answer, dict) else {}


def _company(nip: str, status: int, answer: dict[str, Any]) -> Company | None:
    if answer.get("code") == LIMIT_CODE or status == requests.codes.too_many_requests:
        raise RegisterUnavailable(Reason.LIMIT)
    result = answer.get("result")
    if status != requests.codes.ok or not isinstance(result, dict) or "subject" not in result:
        raise _nonsense(f"HTTP {status}")
    subject = result["subject"]
    if subject is None:
        return None
    if not isinstance(subject, dict) or subject.get("nip") != nip or not _text(subject, "name"):
        raise _nonsense("another subject")
    return _read_subject(nip, subject)


def _read_subject(nip: str, subject: dict[str, Any]) -> Company:
    """A company is known by its working address, a sole trader by that of the residence."""
    residence = _text(subject, "residenceAddress")
    is_sole_trader = bool(residence) and not _text(subject, "krs")
    address = split_address(in_sentence_case(_text(subject, "workingAddress") or residence))
    name, regon = _text(subject, "name"), _text(subject, "regon")
    return Company(
        # The name of a firm is its own, capitals and all; that of a sole trader is a person's.
        name=_fit("name", in_sentence_case(name) if is_sole_trader else name),
        nip=nip,
        regon=regon if regon_number.is_valid(regon) else "",
        street=_fit("street", address.street),
        postal_code=address.postal_code,
        city=_fit("city", address.city),
    )


def _text(subject: dict[str, Any], key: str) -> str:
    """A string in one line without control characters; anything else is empty."""
    value = subject.get(key)
    if not isinstance(value, str):
        return ""
    visible = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in value)
    return re.sub(" +", " ", visible).strip()


def _fit(field: str, text: str) -> str:
    return text[: MAX_LENGTH[field]].rstrip()


def _nonsense(what: str) -> RegisterUnavailable:
    log.warning("The white list's answer makes no sense: %s", what)
    return RegisterUnavailable(Reason.DOWN)


def _seconds_until_midnight() -> float:
    now = datetime.now(ZoneInfo("Europe/Warsaw"))
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
    # In UTC: of the two days with a change of time one has 23 hours, the other 25.
    return midnight.timestamp() - now.timestamp()
