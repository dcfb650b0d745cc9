"""SMSAPI.pl over HTTP: https://www.smsapi.pl/docs (sms.do, format=json)."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain, groupby
from time import monotonic
from typing import Any
from urllib.parse import urljoin

import requests
from django.http import HttpRequest

from messaging.gateways.base import (
    NOT_NOW,
    ErrorClass,
    GatewayUnavailable,
    IncomingSms,
    OutgoingSms,
    SenderStatus,
    SendResult,
    StatusReport,
    settle_by_repeat,
)
from messaging.gateways.form_encoding import FORM, encode_form
from messaging.gateways.http_failures import (
    all_failed,
    class_of_status,
    failed_request,
    new_session,
    too_many_requests,
)
from messaging.gateways.smsapi_errors import STATE_BY_CODE, STATES, classify
from messaging.gateways.smsapi_incoming import read_incoming
from messaging.gateways.smsapi_senders import SmsApiSenders

# Joins the per-recipient values of a personalised batch, so no value may contain it.
SEPARATOR = "|"
# Seconds to connect.
CONNECT_TIMEOUT = 3
# Seconds after which a batch that takes several requests begins no further one: with the last answer it ends before
# messages count as left behind, and before a worker that is being stopped is killed (30 s).
BATCH_BUDGET = 10
LOOK_UP_SIZE = 100
MAX_CODE_DIGITS = 5
MAX_TIME_DIGITS = 11
ALL_INVALID = "13"  # no number of the request is valid
NO_SUCH_MESSAGES = frozenset({"301", "400"})  # of a look-up: all of its ids are unknown
_NOT_WORKING = NOT_NOW | {ErrorClass.UNCERTAIN}


class SmsApiGateway:
    """SMSAPI's classic API. Thread-safe: each thread keeps its own HTTP connection.

    `timeout` is how many seconds an answer is waited for.
    """

    settles_by_sending = True

    def __init__(self, url: str, token: str, timeout: float = 15) -> None:
        self._sms_url = urljoin(url, "sms.do")
        self._senders = SmsApiSenders(url)
        self._token = token
        self._timeout = (CONNECT_TIMEOUT, timeout)
        self._local = threading.local()

    # --- sending ----------------------------------------------------------------------------------

    def send(self, sender: str, messages: Sequence[OutgoingSms]) -> list[SendResult]:
        results: list[SendResult] = []
        waiting = deque(_requests(messages))
        ends = monotonic() + BATCH_BUDGET
        while waiting and monotonic() < ends:
            request = waiting.popleft()
            answers = self._send_request(sender, request)
            if _blames_all(answers):
                middle = len(request) // 2
                waiting.extendleft((request[middle:], request[:middle]))
                continue
            results += answers
            if any(answer.error in _NOT_WORKING for answer in answers):
                # The gateway is in trouble: more requests would only keep this worker past its lease.
                break
        untried = list(chain.from_iterable(waiting))
        return results + all_failed(untried, ErrorClass.RETRY, "not tried")

    def _send_request(self, sender: str, messages: Sequence[OutgoingSms]) -> list[SendResult]:
        form = _form(sender, messages)
        try:
            # A redirected POST would arrive as a GET without its texts.
            response = self._session.post(
                self._sms_url,
                data=encode_form(form),
                headers=FORM,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return failed_request(messages, error)
        return _read_answer(response, messages)

    def settle(self, sender: str, sms: OutgoingSms, lost_at: datetime) -> SendResult:
        return settle_by_repeat(self, sender, sms)

    # --- statuses ---------------------------------------------------------------------------------

    def look_up(self, provider_ids: Collection[str]) -> list[StatusReport]:
        ids = list(provider_ids)
        chunks = [ids[i : i + LOOK_UP_SIZE] for i in range(0, len(ids), LOOK_UP_SIZE)]
        return [report for chunk in chunks for report in self._look_up_chunk(chunk)]

    def _look_up_chunk(self, provider_ids: Sequence[str]) -> list[StatusReport]:
        form = {"status": SEPARATOR.join(provider_ids), "format": "json"}
        try:
            response = self._session.post(self._sms_url, data=form, timeout=self._timeout)
            answer = response.json()
        except requests.RequestException as error:
            raise GatewayUnavailable(type(error).__name__) from error
        if isinstance(answer, dict) and str(answer.get("error")) in NO_SUCH_MESSAGES:
            return []
        if not isinstance(answer, dict) or "error" in answer:
            raise GatewayUnavailable(_error_code(answer))
        return [
            StatusReport(
                str(item["id"]),
                STATES[item["status"]],
                str(item.get("idx") or ""),
                str(item["status"]),
            )
            for item in _items(answer)
            if item.get("id") and item.get("status") in STATES
        ]

    # --- delivery reports -------------------------------------------------------------------------

    def parse_reports(self, request: HttpRequest) -> list[StatusReport]:
        """Several reports a call: each parameter comma-joined in one order; lists but MsgId may be short."""
        columns = {name: request.GET.get(name, "").split(",") for name in _REPORT_FIELDS}
        reports = (_report(columns, row) for row in range(len(columns["MsgId"])))
        return [report for report in reports if report is not None]

    # --- sender names -----------------------------------------------------------------------------

    def register_sender(self, name: str) -> SenderStatus:
        return self._senders.register(self._session, name)

    def sender_status(self, name: str) -> SenderStatus:
        return self._senders.status(self._session, name)

    def remove_sender(self, name: str) -> None:
        self._senders.remove(self._session, name)

    # --- replies ----------------------------------------------------------------------------------

    def parse_incoming(self, request: HttpRequest) -> IncomingSms | None:
        """A form: sms_to, sms_from, sms_text, sms_date, username, MsgId (of the message answered, or empty)."""
        return read_incoming(request.POST)

    @property
    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = new_session(self._token)
        return session


_REPORT_FIELDS = ("MsgId", "idx", "status", "status_name", "donedate", "mcc", "mnc")
_NETWORK = re.compile(r"\d{3}-\d{1,3}", re.ASCII)


def _requests(messages: Sequence[OutgoingSms]) -> Iterator[Sequence[OutgoingSms]]:
    """Split a batch into requests: together what can be joined, alone what contains the separator."""
    for alone, group in groupby(messages, key=lambda sms: SEPARATOR in sms.text):
        together = list(group)
        if alone:
            yield from ([sms] for sms in together)
        else:
            yield together


def _form(sender: str, messages: Sequence[OutgoingSms]) -> dict[str, str]:
    form = {
        "from": sender,
        "to": ",".join(sms.phone.removeprefix("+") for sms in messages),
        "idx": SEPARATOR.join(sms.idx for sms in messages),
        "check_idx": "1",
        "encoding": "utf-8",
        "allow_duplicates": "1",
        "format": "json",
    }
    if len(messages) == 1:
        form["message"] = messages[0].text
    else:
        form["message"] = "[%1%]"
        form["param1"] = SEPARATOR.join(sms.text for sms in messages)
    return form


def _read_answer(response: requests.Response, messages: Sequence[OutgoingSms]) -> list[SendResult]:
    if response.status_code == 429:
        return too_many_requests(response, messages)
    try:
        answer = response.json()
    except requests.JSONDecodeError:
        answer = None
    if isinstance(answer, dict) and str(answer.get("error")).isdecimal():
        return _read_error(_error_code(answer), response.status_code, messages)
    if response.status_code == 200 and isinstance(answer, dict) and "list" in answer:
        return _read_accepted(answer, messages)
    return all_failed(
        messages, class_of_status(response.status_code), f"HTTP {response.status_code}"
    )


def _read_error(code: str, status_code: int, messages: Sequence[OutgoingSms]) -> list[SendResult]:
    error = _classify(code)
    if status_code >= 500 or (error is ErrorClass.DUPLICATE and len(messages) > 1):
        error = ErrorClass.UNCERTAIN
    return all_failed(messages, error, code)


def _read_accepted(answer: Mapping[str, Any], messages: Sequence[OutgoingSms]) -> list[SendResult]:
    """SMSAPI lists what it accepted; a recipient that is missing from the list was refused.

    Only a list of nothing but our own ids proves that: from any other a missing one is uncertain.
    """
    by_idx = {str(item.get("idx")): item for item in _items(answer)}
    is_ours = bool(by_idx) and by_idx.keys() <= {sms.idx for sms in messages}
    missing = ErrorClass.RECIPIENT if is_ours else ErrorClass.UNCERTAIN
    return [
        _read_item(sms.idx, by_idx[sms.idx])
        if sms.idx in by_idx
        else SendResult(sms.idx, error=missing, code="not listed")
        for sms in messages
    ]


def _read_item(idx: str, item: Mapping[str, Any]) -> SendResult:
    if item.get("error"):
        code = _error_code(item)
        return SendResult(idx, error=_classify(code), code=code)
    return SendResult(idx, provider_id=str(item.get("id") or "")[:40])


def _error_code(answer: object) -> str:
    """The answer's error as a number of SMSAPI's; what is none may hold anything, and is neither kept nor logged."""
    code = str(answer.get("error")) if isinstance(answer, dict) else ""
    return code if code.isdecimal() and len(code) <= MAX_CODE_DIGITS else "no code"


def _classify(code: str) -> ErrorClass:
    return classify(int(code)) if code.isdecimal() else ErrorClass.UNCERTAIN


def _blames_all(answers: Sequence[SendResult]) -> bool:
    """Whether a refusal hits a whole request that one bad text or number may have spoilt. Code 13 means all numbers."""
    return len(answers) > 1 and all(
        answer.error in (ErrorClass.MESSAGE, ErrorClass.RECIPIENT) and answer.code != ALL_INVALID
        for answer in answers
    )


def _items(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    listed = answer.get("list")
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _report(columns: Mapping[str, list[str]], row: int) -> StatusReport | None:
    values = {name: _cell(column, row) for name, column in columns.items()}
    code = values["status"] or values["status_name"]
    state = STATE_BY_CODE.get(code) or STATES.get(code) or STATES.get(values["status_name"])
    # Ids are hexadecimal; whatever else comes is not theirs, and some of it no database takes.
    if not (values["MsgId"].isascii() and values["MsgId"].isalnum()) or state is None:
        return None
    return StatusReport(
        values["MsgId"][:40],
        state,
        values["idx"],
        code[:20],
        _moment(values["donedate"]),
        _network(values["mcc"], values["mnc"]),
    )


def _network(country: str, network: str) -> str:
    """The codes as one, "" where they are none: SMSAPI sends an MNC without its leading zero."""
    is_known = _NETWORK.fullmatch(f"{country}-{network}")
    return f"{country}{network.zfill(2)}" if is_known else ""


def _moment(seconds: str) -> datetime | None:
    """Unix time; None where there is none, or one that no calendar has."""
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= MAX_TIME_DIGITS):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def _cell(column: list[str], row: int) -> str:
    return column[row].strip() if row < len(column) else ""
