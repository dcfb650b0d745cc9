"""SerwerSMS.pl over HTTP: https://dev.serwersms.pl/https-api-v2 (JSON, Bearer token)."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from time import monotonic
from typing import Any

import requests
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone

from messaging.gateways import serwersms_senders
from messaging.gateways.base import (
    NOT_NOW,
    ErrorClass,
    GatewayUnavailable,
    IncomingSms,
    OutgoingSms,
    SenderStatus,
    SendResult,
    StatusReport,
)
from messaging.gateways.http_failures import (
    all_failed,
    class_of_status,
    failed_request,
    too_many_requests,
)
from messaging.gateways.serwersms_errors import UNSENT, class_of_unsent, classify
from messaging.gateways.serwersms_http import Answer, SerwerSmsHttp, items_in, number_in
from messaging.gateways.serwersms_ids import idx_in, provider_id_in, unique_id_of
from messaging.gateways.serwersms_reports import pushed_report, report_in, word_in
from messaging.segments import is_gsm

# Ids of one look-up, and messages of one page of its answer.
LOOK_UP_SIZE = 500
PAGE_SIZE = 500
# Of one look-up: more would be an answer about messages that were not asked for.
MAX_PAGES = 50
# Seconds for all pages of one look-up.
LOOK_UP_WITHIN = 30
# How long after its request a message that the gateway does not list was surely never accepted. An answer takes seconds
# at most (http_failures.TIMEOUT); the rest is for a gateway that writes its list late.
ABSENCE_PROVES_AFTER = timedelta(minutes=30)
_NOT_WORKING = NOT_NOW | {ErrorClass.UNCERTAIN}


class SerwerSmsGateway:
    """SerwerSMS.pl's API v2.

    It does not promise to refuse a `unique_id` that it has accepted before, so nothing uncertain is ever sent again:
    it is looked up.
    """

    settles_by_sending = False

    def __init__(self, url: str, token: str) -> None:
        self._http = SerwerSmsHttp(url, token)

    # --- sending ----------------------------------------------------------------------------------

    def send(self, sender: str, messages: Sequence[OutgoingSms]) -> list[SendResult]:
        """As Gateway.send, but an idx that was accepted before is accepted again: DUPLICATE never comes."""
        results: list[SendResult] = []
        waiting = deque(_requests(messages))
        while waiting:
            request = waiting.popleft()
            answers = self._send_request(sender, request)
            if _blames_all(answers):
                middle = len(request) // 2
                waiting.extendleft((request[middle:], request[:middle]))
                continue
            results += answers
            if any(answer.error in _NOT_WORKING for answer in answers):
                # The gateway is in trouble: more requests would only keep this worker past its lease.
                untried = list(chain.from_iterable(waiting))
                return results + all_failed(untried, ErrorClass.RETRY, "not tried")
        return results

    def _send_request(self, sender: str, messages: Sequence[OutgoingSms]) -> list[SendResult]:
        parameters = {
            "messages": [{"phone": sms.phone, "text": sms.text} for sms in messages],
            "unique_id": [unique_id_of(sms.idx) for sms in messages],
            "sender": sender,
            "details": True,
            # Of 70 characters instead of 160 for each part, so only where the text needs it.
            "utf": not is_gsm(messages[0].text),
        }
        try:
            answer = self._http.call("messages/send_personalized", parameters)
        except requests.RequestException as error:
            return failed_request(messages, error)
        return _read_answer(answer, messages)

    # --- statuses ---------------------------------------------------------------------------------

    def settle(self, sender: str, sms: OutgoingSms, lost_at: datetime) -> SendResult:
        """Look the message up by its own id.

        An empty list proves that it was never accepted, and "unsent" that it never left, but only once the request is
        so old that nothing can come of it any more. A message that an earlier request left unsent is listed, too.
        """
        try:
            items = self._all_items({"unique_id": [unique_id_of(sms.idx)]})
        except GatewayUnavailable as error:
            return SendResult(sms.idx, error=ErrorClass.UNCERTAIN, code=str(error)[:20])
        if not all(_is_about(item, sms) for item in items):
            return SendResult(sms.idx, error=ErrorClass.UNCERTAIN, code="not ours")
        taken = [item for item in items if word_in(item, "status") != UNSENT]
        if taken:
            return _taken(sms, taken[0])
        if timezone.now() - lost_at < ABSENCE_PROVES_AFTER:
            return SendResult(sms.idx, error=ErrorClass.UNCERTAIN, code="not listed yet")
        reason = word_in(items[-1], "reason") if items else ""
        return SendResult(sms.idx, error=class_of_unsent(reason=reason), code=reason[:20])

    def look_up(self, provider_ids: Collection[str]) -> list[StatusReport]:
        ids = list(provider_ids)
        chunks = [ids[i : i + LOOK_UP_SIZE] for i in range(0, len(ids), LOOK_UP_SIZE)]
        found = (report_in(item) for chunk in chunks for item in self._all_items({"id": chunk}))
        asked = frozenset(ids)
        return [report for report in found if report and report.provider_id in asked]

    def _all_items(self, question: dict[str, object]) -> list[dict[str, Any]]:
        """All pages of messages/reports. Raises GatewayUnavailable, also if one of them cannot be read."""
        found: list[dict[str, Any]] = []
        ends_at = monotonic() + LOOK_UP_WITHIN
        for page in range(1, MAX_PAGES + 1):
            limits = {"page": page, "limit": PAGE_SIZE}
            body = self._http.ask("messages/reports", {**question, **limits})
            items = items_in(body)
            if items is None:
                raise GatewayUnavailable("no list")
            found += items
            if page >= _num_pages(body):
                return found
            if not items or monotonic() > ends_at:
                break
        raise GatewayUnavailable("pages without end")

    # --- delivery reports -------------------------------------------------------------------------

    def parse_reports(self, request: HttpRequest) -> list[StatusReport]:
        """One report a call, in the address or as a form."""
        try:
            posted = request.POST.dict()
        except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
            # Too large, cut off, or no form.
            posted = {}
        form = {**request.GET.dict(), **posted}
        report = pushed_report({name: str(value) for name, value in form.items()})
        return [report] if report else []

    # --- the account ------------------------------------------------------------------------------

    def register_sender(self, name: str) -> SenderStatus:
        return serwersms_senders.register(self._http, name)

    def sender_status(self, name: str) -> SenderStatus:
        return serwersms_senders.status(self._http, name)

    def remove_sender(self, name: str) -> None:
        serwersms_senders.remove(name)

    def parts_left(self) -> int:
        """How many parts of SMS FULL the account has paid for. Raises GatewayUnavailable."""
        for item in items_in(self._http.ask("account/limits", {})) or []:
            if item.get("type") == "full" and isinstance(left := item.get("value"), int | str):
                text = str(left)
                if text.isascii() and text.isdecimal():
                    return int(text[:10])
        raise GatewayUnavailable("no limit of SMS FULL")

    def parse_incoming(self, request: HttpRequest) -> IncomingSms | None:
        """None: messages leave under names in letters, which no phone can answer."""
        return None


def _requests(messages: Sequence[OutgoingSms]) -> Iterator[Sequence[OutgoingSms]]:
    """Together what needs the same alphabet, a number once in each request: the answer tells messages by number."""
    waiting: dict[tuple[bool, int], list[OutgoingSms]] = {}
    seen: dict[str, int] = {}
    for sms in messages:
        seen[sms.phone] = seen.get(sms.phone, 0) + 1
        waiting.setdefault((is_gsm(sms.text), seen[sms.phone]), []).append(sms)
    yield from waiting.values()


def _read_answer(answer: Answer, messages: Sequence[OutgoingSms]) -> list[SendResult]:
    if answer.status_code == 429:
        return too_many_requests(answer.response, messages)
    code = answer.error_code
    if code is not None and code >= 0:
        error = classify(code) if answer.status_code < 500 else ErrorClass.UNCERTAIN
        return all_failed(messages, error, str(code))
    items = items_in(answer.body) if answer.body is not None else None
    if answer.status_code == 200 and items is not None and code is None:
        return _read_items(items, messages)
    return all_failed(messages, class_of_status(answer.status_code), f"HTTP {answer.status_code}")


def _read_items(
    items: Sequence[dict[str, Any]], messages: Sequence[OutgoingSms]
) -> list[SendResult]:
    """What is not listed, or listed twice, is uncertain."""
    by_phone: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        by_phone.setdefault(_digits(item.get("phone")), []).append(item)
    return [_read_item(sms, by_phone.get(_digits(sms.phone), [])) for sms in messages]


def _read_item(sms: OutgoingSms, listed: Sequence[dict[str, Any]]) -> SendResult:
    if len(listed) != 1:
        return SendResult(sms.idx, error=ErrorClass.UNCERTAIN, code="not listed")
    [item] = listed
    if item.get("status") == UNSENT:
        code, reason = number_in(item.get("error_code")), word_in(item, "reason")
        told = f"{UNSENT} {code or reason}".strip()[:20]
        return SendResult(sms.idx, error=class_of_unsent(code, reason), code=told)
    if item.get("status") == "queued":
        return _accepted(sms, item)
    return SendResult(sms.idx, error=ErrorClass.UNCERTAIN, code="no status")


def _accepted(sms: OutgoingSms, item: dict[str, Any]) -> SendResult:
    """Only with an id by which it can be found again."""
    provider_id = provider_id_in(item.get("id"))
    if not provider_id:
        return SendResult(sms.idx, error=ErrorClass.UNCERTAIN, code="no id")
    return SendResult(sms.idx, provider_id=provider_id)


def _taken(sms: OutgoingSms, item: dict[str, Any]) -> SendResult:
    """Of a look-up: only with a state that we know."""
    if report_in(item) is None:
        return SendResult(sms.idx, error=ErrorClass.UNCERTAIN, code="no status")
    return _accepted(sms, item)


def _is_about(item: dict[str, Any], sms: OutgoingSms) -> bool:
    """Whether an item of a look-up can be this message: a gateway that lists another's answers no question of ours."""
    own_id = item.get("unique_id")
    is_named = own_id is None or idx_in(own_id) == sms.idx
    return is_named and _digits(item.get("phone")) == _digits(sms.phone)


def _digits(phone: object) -> str:
    """A number as the gateway may write it: +48601000300 or 48601000300."""
    return phone.strip().removeprefix("+") if isinstance(phone, str) else ""


def _num_pages(body: dict[str, Any]) -> int:
    paging = body.get("paging")
    count = number_in(paging.get("count")) if isinstance(paging, dict) else None
    return count or 1


def _blames_all(answers: Sequence[SendResult]) -> bool:
    """Whether a refusal hits a whole request that one bad text or number may have spoilt."""
    return len(answers) > 1 and all(
        answer.error in (ErrorClass.MESSAGE, ErrorClass.RECIPIENT)
        and not answer.code.startswith(UNSENT)
        for answer in answers
    )
