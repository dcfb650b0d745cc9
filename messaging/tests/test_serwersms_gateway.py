"""SerwerSMS's contract, against the sandbox's real process and against servers that say odd things."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from messaging.gateways import http_failures, serwersms, serwersms_http
from messaging.gateways.base import (
    ErrorClass,
    GatewayUnavailable,
    OutgoingSms,
    SendResult,
    StatusReport,
)
from messaging.gateways.serwersms import ABSENCE_PROVES_AFTER, SerwerSmsGateway
from messaging.tests.odd_server import OddServer
from messaging.tests.sending_cases import phone
from sandbox.testing import SandboxProcess, free_port

SENDER = "Bramka SMS"
LONG_AGO = timedelta(hours=1)


@pytest.fixture
def account(sandbox: SandboxProcess) -> SerwerSmsGateway:
    return SerwerSmsGateway(sandbox.serwersms_url, sandbox.token)


def sms(number: int, text: str = "Dzien dobry.") -> OutgoingSms:
    return OutgoingSms(f"0123456789abcdef-{number}", phone(number), text)


def errors(results: list[SendResult]) -> list[ErrorClass | None]:
    """Their errors, in the order of their idx."""
    return [r.error for r in sorted(results, key=lambda r: int(r.idx.partition("-")[2]))]


def settle(account: SerwerSmsGateway, age: timedelta = LONG_AGO) -> SendResult:
    return account.settle(SENDER, sms(1), timezone.now() - age)


# --- accepted -------------------------------------------------------------------------------------


def test_a_batch_arrives_with_its_own_texts(
    sandbox: SandboxProcess, account: SerwerSmsGateway
) -> None:
    results = account.send(SENDER, [sms(n, f"Tekst {n}, 100% [%1%] {{x}} |:]|[") for n in range(3)])

    assert errors(results) == [None] * 3
    assert len({result.provider_id for result in results}) == 3
    assert [(one["number"], one["text"], one["idx"]) for one in sandbox.phones()] == [
        (phone(n)[1:], f"Tekst {n}, 100% [%1%] {{x}} |:]|[", f"0123456789abcdefx{n}")
        for n in range(3)
    ]


def test_only_texts_that_need_it_travel_as_unicode(
    sandbox: SandboxProcess, account: SerwerSmsGateway
) -> None:
    texts = ["Dzien dobry.", "Dzień dobry. 😀", "a" * 160]

    results = account.send(SENDER, [sms(n, text) for n, text in enumerate(texts)])

    assert errors(results) == [None] * 3
    arrived = {one["number"]: (one["text"], one["parts"]) for one in sandbox.phones()}
    assert arrived == {phone(n)[1:]: (text, 1) for n, text in enumerate(texts)}


def test_two_messages_to_one_number_are_told_apart(
    sandbox: SandboxProcess, account: SerwerSmsGateway
) -> None:
    twice = [OutgoingSms(f"0123456789abcdef-{n}", phone(1), f"Tekst {n}") for n in (1, 2)]

    results = account.send(SENDER, twice)

    assert errors(results) == [None, None]
    ids = {result.idx: result.provider_id for result in results}
    found = {report.provider_id: report.idx for report in account.look_up(list(ids.values()))}
    assert found == {provider_id: idx for idx, provider_id in ids.items()}


def test_an_idx_is_no_protection_against_a_repeat(
    sandbox: SandboxProcess, account: SerwerSmsGateway
) -> None:
    """Why nothing uncertain may ever be sent again here."""
    account.send(SENDER, [sms(1)])
    assert errors(account.send(SENDER, [sms(1)])) == [None]
    assert len(sandbox.phones()) == 2


def test_parts_left(sandbox: SandboxProcess, account: SerwerSmsGateway) -> None:
    before = account.parts_left()
    account.send(SENDER, [sms(1, "a" * 161)])
    assert before - account.parts_left() == 2


# --- refused --------------------------------------------------------------------------------------


def test_an_invalid_number_among_valid_ones_is_refused_alone(
    sandbox: SandboxProcess, account: SerwerSmsGateway
) -> None:
    bad = OutgoingSms("0123456789abcdef-2", "+48220000000", "x")
    results = account.send(SENDER, [sms(1), bad, sms(3)])

    assert errors(results) == [None, ErrorClass.RECIPIENT, None]
    assert results[1].code == "unsent 2001"
    assert len(sandbox.phones()) == 2


def test_only_invalid_numbers_are_not_asked_about_again(account: SerwerSmsGateway) -> None:
    bad = [OutgoingSms(f"0123456789abcdef-{n}", f"+4822000000{n}", "x") for n in range(3)]
    assert errors(account.send(SENDER, bad)) == [ErrorClass.RECIPIENT] * 3


def test_an_empty_text(account: SerwerSmsGateway) -> None:
    assert errors(account.send(SENDER, [sms(1, " "), sms(2)])) == [ErrorClass.MESSAGE, None]


def test_an_unknown_sender_name(sandbox: SandboxProcess, account: SerwerSmsGateway) -> None:
    assert errors(account.send("Nieznany", [sms(1), sms(2)])) == [ErrorClass.SENDER] * 2
    assert sandbox.phones() == []


def test_a_wrong_token(sandbox: SandboxProcess) -> None:
    stranger = SerwerSmsGateway(sandbox.serwersms_url, "wrong")
    assert errors(stranger.send(SENDER, [sms(1), sms(2)])) == [ErrorClass.CONFIGURATION] * 2


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (3101, ErrorClass.MESSAGE),
        (2001, ErrorClass.RECIPIENT),
        (1003, ErrorClass.CONFIGURATION),
        (3100, ErrorClass.CONFIGURATION),
        (3002, ErrorClass.FUNDS),
        (77777, ErrorClass.UNCERTAIN),
    ],
)
def test_an_error_code_answers_for_the_whole_request(
    sandbox: SandboxProcess, account: SerwerSmsGateway, code: int, error: ErrorClass
) -> None:
    sandbox.faults(mode="error_code", error_code=code)

    results = account.send(SENDER, [sms(1), sms(2)])

    assert errors(results) == [error] * 2
    assert {result.code for result in results} == {str(code)}
    assert sandbox.phones() == []


# --- in trouble -----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["http_500", "http_503"])
def test_a_server_error_proves_nothing(
    sandbox: SandboxProcess, account: SerwerSmsGateway, mode: str
) -> None:
    sandbox.faults(mode=mode)
    assert errors(account.send(SENDER, [sms(1), sms(2)])) == [ErrorClass.UNCERTAIN] * 2


def test_too_many_requests_say_when_to_come_back(
    sandbox: SandboxProcess, account: SerwerSmsGateway
) -> None:
    sandbox.faults(mode="rate_limited")

    [result] = account.send(SENDER, [sms(1)])

    assert (result.error, result.retry_after) == (ErrorClass.RETRY, 2)


@pytest.mark.parametrize("mode", ["drop_after_accept", "half_answer", "answer_after_timeout"])
def test_a_lost_answer_is_uncertain_though_the_sms_arrives(
    sandbox: SandboxProcess, account: SerwerSmsGateway, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(serwersms_http, "TIMEOUT", (5, 1))
    sandbox.faults(mode=mode, delay_ms=2_000 if mode == "answer_after_timeout" else 0, remaining=1)

    assert errors(account.send(SENDER, [sms(1), sms(2)])) == [ErrorClass.UNCERTAIN] * 2
    assert len(sandbox.phones()) == 2


def test_nobody_listens() -> None:
    account = SerwerSmsGateway(f"http://127.0.0.1:{free_port()}/", "token")
    assert errors(account.send(SENDER, [sms(1), sms(2)])) == [ErrorClass.RETRY] * 2


def test_an_unknown_host() -> None:
    account = SerwerSmsGateway("http://gateway.invalid/", "token")
    assert errors(account.send(SENDER, [sms(1)])) == [ErrorClass.RETRY]


def test_after_a_lost_answer_the_rest_of_the_batch_is_not_tried(
    sandbox: SandboxProcess, account: SerwerSmsGateway
) -> None:
    sandbox.faults(mode="drop_after_accept", remaining=1)

    results = account.send(SENDER, [sms(1), sms(2, "Żółć"), sms(3)])

    assert errors(results) == [ErrorClass.UNCERTAIN, ErrorClass.RETRY, ErrorClass.UNCERTAIN]
    assert len(sandbox.phones()) == 2


def listed(number: int = 1, **changes: Any) -> dict[str, Any]:
    item = {"id": f"a{number}", "phone": phone(number), "status": "queued"}
    return {**item, **changes}


def answer(*items: object, **more: object) -> str:
    return json.dumps({"success": True, "items": items, **more})


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (301, "", ErrorClass.CONFIGURATION),
        (401, "<h1>Unauthorized</h1>", ErrorClass.CONFIGURATION),
        (404, "Not Found", ErrorClass.CONFIGURATION),
        (408, "", ErrorClass.UNCERTAIN),
        (400, '{"error": {"code": 3002}}', ErrorClass.FUNDS),
        (400, '{"error": {"code": "3002"}}', ErrorClass.FUNDS),
        (500, '{"error": {"code": 2001}}', ErrorClass.UNCERTAIN),
        (200, "", ErrorClass.UNCERTAIN),
        (200, "<html>przerwa techniczna</html>", ErrorClass.UNCERTAIN),
        (200, "[]", ErrorClass.UNCERTAIN),
        (200, "{}", ErrorClass.UNCERTAIN),
        (200, "[" * 100_000, ErrorClass.UNCERTAIN),
        (200, '{"error": "awaria"}', ErrorClass.UNCERTAIN),
        (200, '{"error": {"code": [3002]}}', ErrorClass.UNCERTAIN),
        (200, '{"error": {"code": true}}', ErrorClass.UNCERTAIN),
        (200, '{"items": {}}', ErrorClass.UNCERTAIN),
        (200, '{"items": []}', ErrorClass.UNCERTAIN),
        (200, '{"items": [null, 1]}', ErrorClass.UNCERTAIN),
        (200, '{"success": true, "queued": 2, "unsent": 0}', ErrorClass.UNCERTAIN),
        (200, answer(listed(7), listed(8)), ErrorClass.UNCERTAIN),
        (200, answer(listed(1), listed(1), listed(2), listed(2)), ErrorClass.UNCERTAIN),
        (200, answer(listed(1, id="a\0"), listed(2, id="")), ErrorClass.UNCERTAIN),
        (200, answer(listed(1, id={}), listed(2, id="x" * 41)), ErrorClass.UNCERTAIN),
        (200, answer(listed(1, status=1), listed(2, status="sent?")), ErrorClass.UNCERTAIN),
        (200, answer(listed(1, phone=1), listed(2, phone=None)), ErrorClass.UNCERTAIN),
        (502, answer(listed(1), listed(2)), ErrorClass.UNCERTAIN),
        (
            200,
            answer(listed(1, status="unsent"), listed(2, status="unsent", error_code="x" * 99)),
            ErrorClass.RETRY,
        ),
    ],
)
def test_odd_answers(status: int, body: str, error: ErrorClass) -> None:
    with OddServer(status, body, {"Location": "/elsewhere"}) as url:
        results = SerwerSmsGateway(url, "token").send(SENDER, [sms(1), sms(2)])
    assert errors(results) == [error] * 2
    assert all(len(result.code) <= 20 for result in results)


def test_an_answer_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serwersms_http, "MAX_ANSWER", 10_000)
    with OddServer(200, answer(listed(1, text="x" * 1_000_000))) as url:
        results = SerwerSmsGateway(url, "token").send(SENDER, [sms(1)])
    assert errors(results) == [ErrorClass.UNCERTAIN]


def test_a_bad_message_of_a_refused_request_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    account = SerwerSmsGateway("http://gateway.invalid/", "token")
    asked = []

    def refuse(sender: str, messages: list[OutgoingSms]) -> list[SendResult]:
        asked.append(len(messages))
        if any(one.idx.endswith("-5") for one in messages):
            return http_failures.all_failed(messages, ErrorClass.MESSAGE, "3101")
        return [SendResult(one.idx, provider_id="a1") for one in messages]

    monkeypatch.setattr(account, "_send_request", refuse)
    results = account.send(SENDER, [sms(n) for n in range(8)])
    assert {result.idx for result in results if result.error} == {"0123456789abcdef-5"}
    assert asked == [8, 4, 4, 2, 1, 1, 2]


# --- settled by a look-up -------------------------------------------------------------------------


def test_what_was_accepted_is_found_by_our_own_id(
    sandbox: SandboxProcess, account: SerwerSmsGateway
) -> None:
    [sent] = account.send(SENDER, [sms(1)])
    account.send(SENDER, [sms(2)])

    assert settle(account, timedelta(minutes=2)) == sent
    assert len(sandbox.phones()) == 2


def test_what_is_not_listed_is_proven_by_its_age_alone(
    sandbox: SandboxProcess, account: SerwerSmsGateway
) -> None:
    fresh = settle(account, ABSENCE_PROVES_AFTER - timedelta(seconds=10))
    assert (fresh.error, fresh.code) == (ErrorClass.UNCERTAIN, "not listed yet")
    assert settle(account, ABSENCE_PROVES_AFTER).error is ErrorClass.RETRY
    assert sandbox.phones() == []


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ([listed(1, status="delivered")], None),
        ([listed(1, status="in_progress", phone=phone(1)[1:])], None),
        # An earlier request of the same message was refused, a later one arrived.
        ([listed(1, id="a0", status="unsent"), listed(1, status="sent")], None),
        ([listed(1, status="unsent", reason="wrong_number")], ErrorClass.RECIPIENT),
        ([listed(1, status="unsent", reason="wrong_sender_name")], ErrorClass.SENDER),
        ([listed(1, status="unsent", reason="limit_exhausted")], ErrorClass.FUNDS),
        ([listed(1, status="unsent", reason="operator_error")], ErrorClass.RETRY),
        ([listed(1, status="unsent", reason=["x"])], ErrorClass.RETRY),
        # Another's message, or nobody's, answers nothing.
        ([listed(2, status="delivered")], ErrorClass.UNCERTAIN),
        ([listed(1, status="delivered", unique_id="abcx1")], ErrorClass.UNCERTAIN),
        ([listed(1, status="unsent"), listed(2, status="unsent")], ErrorClass.UNCERTAIN),
        ([listed(1, status="nonsense")], ErrorClass.UNCERTAIN),
        ([listed(1, status=7)], ErrorClass.UNCERTAIN),
        ([listed(1, status="delivered", id="")], ErrorClass.UNCERTAIN),
        ([None], ErrorClass.UNCERTAIN),
    ],
)
def test_what_a_look_up_says(items: list[object], error: ErrorClass | None) -> None:
    with OddServer(200, answer(*items, paging={"page": 1, "count": 1})) as url:
        result = settle(SerwerSmsGateway(url, "token"))
    assert result.error is error
    assert result.provider_id == ("" if error else "a1")
    assert len(result.code) <= 20


def test_unsent_is_no_proof_while_the_request_is_fresh() -> None:
    """It may be what an earlier request of the same message left."""
    with OddServer(200, answer(listed(1, status="unsent", reason="wrong_number"))) as url:
        result = settle(SerwerSmsGateway(url, "token"), timedelta(minutes=3))
    assert result.error is ErrorClass.UNCERTAIN


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, ""),
        (200, "<html>"),
        (200, "[]"),
        (200, "{}"),
        (200, '{"items": null}'),
        (200, '{"items": {}}'),
        (200, '{"items": [], "error": {"code": 1001}}'),
        (200, '{"items": [], "error": true}'),
        (200, '{"items": [], "paging": {"page": 1, "count": 3}}'),
        (500, '{"items": []}'),
        (404, '{"items": []}'),
        (302, '{"items": []}'),
        (429, '{"items": []}'),
    ],
)
def test_no_answer_to_a_look_up_is_taken_for_an_empty_list(status: int, body: str) -> None:
    with OddServer(status, body, {"Location": "/"}) as url:
        assert settle(SerwerSmsGateway(url, "token")).error is ErrorClass.UNCERTAIN


def test_pages_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serwersms, "MAX_PAGES", 3)
    with OddServer(200, answer(listed(1), paging={"page": 1, "count": 99999})) as url:
        assert settle(SerwerSmsGateway(url, "token")).error is ErrorClass.UNCERTAIN


# --- look-ups -------------------------------------------------------------------------------------


def test_look_up_of_known_and_unknown_ids(
    sandbox: SandboxProcess, account: SerwerSmsGateway
) -> None:
    sandbox.faults(report_delay_s=0)
    [result] = account.send(SENDER, [sms(1)])

    [report] = account.look_up([result.provider_id, "f" * 10])

    assert (report.provider_id, report.state) == (result.provider_id, "delivered")
    assert (report.idx, report.code) == ("0123456789abcdef-1", "delivered")
    assert report.happened_at is not None


def test_look_up_of_more_than_one_request_takes(
    sandbox: SandboxProcess, account: SerwerSmsGateway
) -> None:
    sandbox.faults(report_delay_s=60)
    results = account.send(SENDER, [sms(n) for n in range(650)])

    reports = account.look_up([result.provider_id for result in results])

    assert {report.provider_id for report in reports} == {r.provider_id for r in results}
    assert {report.state for report in reports} == {"sent"}


def test_look_up_in_pages(
    sandbox: SandboxProcess, account: SerwerSmsGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serwersms, "PAGE_SIZE", 20)
    results = account.send(SENDER, [sms(n) for n in range(50)])
    assert len(account.look_up([result.provider_id for result in results])) == 50


def test_look_up_leaves_out_what_was_not_asked_for() -> None:
    theirs = listed(2, status="delivered")
    with OddServer(200, answer(listed(1, status="delivered"), theirs)) as url:
        reports = SerwerSmsGateway(url, "token").look_up(["a1"])
    assert reports == [StatusReport("a1", "delivered", "", "delivered")]


@pytest.mark.parametrize(
    "fault", [{"mode": "http_503"}, {"mode": "error_code", "error_code": 1001}]
)
def test_look_up_of_a_gateway_in_trouble(
    sandbox: SandboxProcess, account: SerwerSmsGateway, fault: dict[str, Any]
) -> None:
    sandbox.faults(**fault)
    with pytest.raises(GatewayUnavailable):
        account.look_up(["a1"])
