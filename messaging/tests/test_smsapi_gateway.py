"""SMSAPI's contract, against the sandbox's real process."""

from __future__ import annotations

from typing import Any

import pytest

from messaging.gateways import smsapi
from messaging.gateways.base import (
    ErrorClass,
    Gateway,
    GatewayUnavailable,
    OutgoingSms,
    SendResult,
    StatusReport,
)
from messaging.gateways.smsapi import SmsApiGateway
from messaging.tests.odd_server import OddServer
from messaging.tests.sending_cases import phone
from sandbox.testing import SandboxProcess, free_port

SENDER = "Bramka SMS"


def sms(number: int, text: str = "Dzien dobry.") -> OutgoingSms:
    return OutgoingSms(f"campaign-{number}", phone(number), text)


def errors(results: list[SendResult]) -> list[ErrorClass | None]:
    return [result.error for result in results]


def codes(results: list[SendResult]) -> set[str]:
    return {result.code for result in results}


# --- accepted -------------------------------------------------------------------------------------


def test_one_message_arrives(sandbox: SandboxProcess, gateway: Gateway) -> None:
    [result] = gateway.send(SENDER, [sms(1, "Zażółć gęślą jaźń: 1 & 2 + 3 = 100%")])

    assert result.error is None
    assert result.provider_id
    [arrived] = sandbox.phones()
    assert arrived["number"] == "48601000301"
    assert arrived["sender"] == SENDER
    assert arrived["text"] == "Zażółć gęślą jaźń: 1 & 2 + 3 = 100%"
    assert arrived["idx"] == "campaign-1"


def test_each_of_many_gets_their_own_text(sandbox: SandboxProcess, gateway: Gateway) -> None:
    # The | joins the texts of a request, so whoever has one gets a request alone.
    batch = [sms(n, f"Tekst {n}" + (" a|b" if n in (3, 4, 8) else "")) for n in range(10)]

    results = gateway.send(SENDER, batch)

    assert [result.idx for result in results] == [one.idx for one in batch]
    assert errors(results) == [None] * 10
    assert len({result.provider_id for result in results}) == 10
    arrived = {one["number"]: one["text"] for one in sandbox.phones()}
    assert arrived == {one.phone.removeprefix("+"): one.text for one in batch}


def test_a_text_may_look_like_a_placeholder(sandbox: SandboxProcess, gateway: Gateway) -> None:
    gateway.send(SENDER, [sms(1, "[%1%]"), sms(2, "100% [%2%] %s {imie}")])
    assert [one["text"] for one in sandbox.phones()] == ["[%1%]", "100% [%2%] %s {imie}"]


# --- refused --------------------------------------------------------------------------------------


def test_an_invalid_number_among_valid_ones_is_refused_alone(
    sandbox: SandboxProcess, gateway: Gateway
) -> None:
    results = gateway.send(SENDER, [sms(1), OutgoingSms("campaign-2", "+48220000000", "x"), sms(3)])

    assert errors(results) == [None, ErrorClass.RECIPIENT, None]
    assert len(sandbox.phones()) == 2


def test_only_invalid_numbers(sandbox: SandboxProcess, gateway: Gateway) -> None:
    bad = [OutgoingSms(f"campaign-{n}", f"+4822000000{n}", "x") for n in range(3)]
    assert errors(gateway.send(SENDER, bad)) == [ErrorClass.RECIPIENT] * 3


def test_one_bad_text_does_not_reject_the_others(sandbox: SandboxProcess, gateway: Gateway) -> None:
    batch = [sms(n, "x" * 1_600 if n == 5 else "Dzien dobry.") for n in range(20)]

    results = gateway.send(SENDER, batch)

    refused = {result.idx: result.error for result in results if result.error}
    assert refused == {"campaign-5": ErrorClass.MESSAGE}
    assert [result.idx for result in results] == [one.idx for one in batch]
    assert len(sandbox.phones()) == 19


def test_an_unknown_sender_name(sandbox: SandboxProcess, gateway: Gateway) -> None:
    assert errors(gateway.send("Nieznany", [sms(1), sms(2)])) == [ErrorClass.SENDER] * 2


def test_a_wrong_token(sandbox: SandboxProcess) -> None:
    stranger = SmsApiGateway(sandbox.gateway_url, "wrong")
    assert errors(stranger.send(SENDER, [sms(1), sms(2)])) == [ErrorClass.CONFIGURATION] * 2


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (94, ErrorClass.MESSAGE),
        (57, ErrorClass.RECIPIENT),
        (14, ErrorClass.SENDER),
        (105, ErrorClass.CONFIGURATION),
        (103, ErrorClass.FUNDS),
        (202, ErrorClass.RETRY),
        (201, ErrorClass.UNCERTAIN),
        (77777, ErrorClass.UNCERTAIN),
    ],
)
def test_an_error_code_answers_for_the_whole_request(
    sandbox: SandboxProcess, gateway: Gateway, code: int, error: ErrorClass
) -> None:
    sandbox.faults(mode="error_code", error_code=code)

    results = gateway.send(SENDER, [sms(1), sms(2)])

    assert errors(results) == [error] * 2
    assert codes(results) == {str(code)}
    assert sandbox.phones() == []


def test_a_repeated_idx_alone_is_a_duplicate(sandbox: SandboxProcess, gateway: Gateway) -> None:
    gateway.send(SENDER, [sms(1)])

    assert errors(gateway.send(SENDER, [sms(1)])) == [ErrorClass.DUPLICATE]
    assert len(sandbox.phones()) == 1


def test_a_repeated_idx_in_a_batch_does_not_say_whose(
    sandbox: SandboxProcess, gateway: Gateway
) -> None:
    gateway.send(SENDER, [sms(1)])

    assert errors(gateway.send(SENDER, [sms(1), sms(2)])) == [ErrorClass.UNCERTAIN] * 2
    assert len(sandbox.phones()) == 1


# --- in trouble -----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["http_500", "http_503"])
def test_a_server_error_proves_nothing(
    sandbox: SandboxProcess, gateway: Gateway, mode: str
) -> None:
    sandbox.faults(mode=mode)
    assert errors(gateway.send(SENDER, [sms(1), sms(2)])) == [ErrorClass.UNCERTAIN] * 2


def test_too_many_requests_say_when_to_come_back(sandbox: SandboxProcess, gateway: Gateway) -> None:
    sandbox.faults(mode="rate_limited")

    [result] = gateway.send(SENDER, [sms(1)])

    assert result.error is ErrorClass.RETRY
    assert result.retry_after == 2


@pytest.mark.parametrize("mode", ["drop_after_accept", "half_answer", "answer_after_timeout"])
def test_a_lost_answer_is_uncertain_though_the_sms_arrives(
    sandbox: SandboxProcess, mode: str
) -> None:
    gateway = SmsApiGateway(sandbox.gateway_url, sandbox.token, timeout=1)
    sandbox.faults(mode=mode, delay_ms=2_000 if mode == "answer_after_timeout" else 0, remaining=1)

    assert errors(gateway.send(SENDER, [sms(1), sms(2)])) == [ErrorClass.UNCERTAIN] * 2
    assert len(sandbox.phones()) == 2


def test_a_slow_gateway_is_not_asked_for_the_rest_of_a_long_batch(
    sandbox: SandboxProcess, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts with the separator take a request each: a hundred of them must not outlast the lease of their worker."""
    monkeypatch.setattr(smsapi, "BATCH_BUDGET", 0.3)
    sandbox.faults(delay_ms=200)

    results = gateway.send(SENDER, [sms(n, f"Tekst {n} a|b") for n in range(10)])

    done = len(sandbox.phones())
    assert 1 <= done <= 2
    assert errors(results) == [None] * done + [ErrorClass.RETRY] * (10 - done)
    assert codes(results[done:]) == {"not tried"}


def test_nobody_listens() -> None:
    gateway = SmsApiGateway(f"http://127.0.0.1:{free_port()}/", "token")
    assert errors(gateway.send(SENDER, [sms(1), sms(2)])) == [ErrorClass.RETRY] * 2


def test_an_unknown_host() -> None:
    gateway = SmsApiGateway("http://gateway.invalid/", "token")
    assert errors(gateway.send(SENDER, [sms(1)])) == [ErrorClass.RETRY]


def test_after_a_lost_answer_the_rest_of_the_batch_is_not_tried(
    sandbox: SandboxProcess, gateway: Gateway
) -> None:
    sandbox.faults(mode="drop_after_accept", remaining=1)

    results = gateway.send(SENDER, [sms(1, "a|b"), sms(2), sms(3, "c|d")])

    assert errors(results) == [ErrorClass.UNCERTAIN, ErrorClass.RETRY, ErrorClass.RETRY]
    assert len(sandbox.phones()) == 1


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (301, "", ErrorClass.CONFIGURATION),
        (401, '{"error": "authorization_failed"}', ErrorClass.CONFIGURATION),
        (403, "<h1>Forbidden</h1>", ErrorClass.CONFIGURATION),
        (404, "Not Found", ErrorClass.CONFIGURATION),
        (408, "", ErrorClass.UNCERTAIN),
        (400, '{"error": 103}', ErrorClass.FUNDS),
        (500, '{"error": 13}', ErrorClass.UNCERTAIN),
        (200, "", ErrorClass.UNCERTAIN),
        (200, "OK:1:0.16:48601000301", ErrorClass.UNCERTAIN),
        (200, "[]", ErrorClass.UNCERTAIN),
        (200, "{}", ErrorClass.UNCERTAIN),
        (200, '{"list": {}}', ErrorClass.UNCERTAIN),
        (200, '{"count": 0, "list": []}', ErrorClass.UNCERTAIN),
        (200, '{"count": 2, "list": [{"id": "A1"}, {"id": "A2"}]}', ErrorClass.UNCERTAIN),
        (502, '{"count": 1, "list": [{"id": "A1", "idx": "campaign-1"}]}', ErrorClass.UNCERTAIN),
    ],
)
def test_odd_answers(status: int, body: str, error: ErrorClass) -> None:
    with OddServer(status, body, {"Location": "/elsewhere"}) as url:
        assert errors(SmsApiGateway(url, "token").send(SENDER, [sms(1), sms(2)])) == [error] * 2


def test_an_error_of_one_recipient_is_theirs() -> None:
    listed = (
        '{"list": [{"id": "A1", "idx": "campaign-1", "error": null},'
        ' {"idx": "campaign-2", "error": 57}]}'
    )
    with OddServer(200, listed) as url:
        results = SmsApiGateway(url, "token").send(SENDER, [sms(1), sms(2), sms(3)])
    assert errors(results) == [None, ErrorClass.RECIPIENT, ErrorClass.RECIPIENT]


# --- look-ups -------------------------------------------------------------------------------------


def test_look_up_of_known_and_unknown_ids(sandbox: SandboxProcess, gateway: Gateway) -> None:
    sandbox.faults(report_delay_s=0)
    [result] = gateway.send(SENDER, [sms(1)])

    reports = gateway.look_up([result.provider_id, "F" * 24])

    assert reports == [StatusReport(result.provider_id, "delivered", "campaign-1", "DELIVERED")]


def test_look_up_of_more_than_one_request_takes(sandbox: SandboxProcess, gateway: Gateway) -> None:
    sandbox.faults(report_delay_s=60)
    results = gateway.send(SENDER, [sms(n) for n in range(150)])

    reports = gateway.look_up([result.provider_id for result in results])

    assert {report.provider_id for report in reports} == {r.provider_id for r in results}
    assert {report.state for report in reports} == {"sent"}


def test_look_up_of_only_unknown_ids_finds_nothing(
    sandbox: SandboxProcess, gateway: Gateway
) -> None:
    assert gateway.look_up(["F" * 24]) == []


@pytest.mark.parametrize("fault", [{"mode": "http_503"}, {"mode": "error_code", "error_code": 101}])
def test_look_up_of_a_gateway_in_trouble(
    sandbox: SandboxProcess, gateway: Gateway, fault: dict[str, Any]
) -> None:
    sandbox.faults(**fault)
    with pytest.raises(GatewayUnavailable):
        gateway.look_up(["A1"])
