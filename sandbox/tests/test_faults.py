from __future__ import annotations

import time
from typing import Any

import pytest
import requests
from smsapi.client import Client
from smsapi.exception import EndpointException, SendException

from sandbox.testing import SandboxProcess, wait_for

NUMBER = "600100200"


def send(client: Client, **parameters: Any) -> Any:
    return client.sms.send(to=NUMBER, message="Hej", **parameters)


@pytest.mark.parametrize(("mode", "status"), [("http_503", 503), ("http_500", 500)])
def test_a_server_error_accepts_nothing(
    sandbox: SandboxProcess, client: Client, mode: str, status: int
) -> None:
    sandbox.faults(mode=mode)
    with pytest.raises(EndpointException) as caught:
        send(client)
    assert caught.value.code == status
    assert sandbox.phones() == []


def test_a_rate_limit_says_when_to_come_back(sandbox: SandboxProcess) -> None:
    sandbox.faults(mode="rate_limited")
    response = requests.post(f"{sandbox.gateway_url}sms.do", timeout=10)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "2")


def test_an_error_code_comes_inside_http_200(sandbox: SandboxProcess, client: Client) -> None:
    sandbox.faults(mode="error_code", error_code=103)
    with pytest.raises(SendException) as caught:
        send(client)
    assert caught.value.code == 103
    assert sandbox.phones() == []


@pytest.mark.parametrize("mode", ["drop_after_accept", "half_answer"])
def test_a_lost_answer_leaves_the_message_accepted(
    sandbox: SandboxProcess, client: Client, mode: str
) -> None:
    sandbox.faults(mode=mode)
    started = time.monotonic()
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        send(client, idx="a", check_idx="1")
    assert time.monotonic() - started < 5  # the connection was closed, not left to time out
    assert [arrived["idx"] for arrived in sandbox.phones(NUMBER)] == ["a"]


def test_an_answer_after_the_timeout_leaves_the_message_accepted(
    sandbox: SandboxProcess, client: Client
) -> None:
    sandbox.faults(mode="answer_after_timeout", delay_ms=1500)
    with pytest.raises(requests.exceptions.ReadTimeout):
        send(client, timeout=0.5)
    assert len(sandbox.phones(NUMBER)) == 1


def test_a_delayed_answer_is_complete(sandbox: SandboxProcess, client: Client) -> None:
    sandbox.faults(delay_ms=300)
    started = time.monotonic()
    assert send(client).count == 1
    assert time.monotonic() - started >= 0.3


def test_a_fault_ends_after_its_number_of_requests(sandbox: SandboxProcess, client: Client) -> None:
    sandbox.faults(mode="http_503", remaining=2)
    for _ in range(2):
        with pytest.raises(EndpointException):
            send(client)
    assert send(client).count == 1


def test_a_lost_answer_waits_for_a_request_that_sends(
    sandbox: SandboxProcess, client: Client
) -> None:
    sandbox.faults(mode="drop_after_accept", remaining=1)
    profile = requests.get(
        f"{sandbox.gateway_url}profile",
        headers={"Authorization": f"Bearer {sandbox.token}"},
        timeout=10,
    )
    assert profile.json()["payment_type"] == "prepaid"
    with pytest.raises(requests.ConnectionError):
        send(client)


def test_posting_faults_replaces_them_all(sandbox: SandboxProcess) -> None:
    sandbox.faults(mode="http_500", delay_ms=10, smtp_down=True)
    assert sandbox.faults(report_mode="twice") == {
        "mode": "none",
        "provider": "",
        "error_code": None,
        "remaining": None,
        "delay_ms": 0,
        "report_mode": "twice",
        "report_delay_s": 2.0,
        "smtp_down": False,
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"mode": "explode"}, "mode"),
        ({"mode": "error_code"}, "error_code"),
        ({"delay_ms": -1}, "delay_ms"),
        ({"dleay_ms": 5}, "dleay_ms"),
    ],
)
def test_wrong_faults_are_refused_with_the_field(
    sandbox: SandboxProcess, values: dict[str, Any], field: str
) -> None:
    response = requests.post(f"{sandbox.url}/smsapi/faults/", json=values, timeout=10)
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]


def test_a_form_post_without_csrf_token_is_forbidden(sandbox: SandboxProcess) -> None:
    data = {"mode": "http_500"}
    assert requests.post(f"{sandbox.url}/smsapi/faults/", data=data, timeout=10).status_code == 403


def test_reset_forgets_messages_and_faults(sandbox: SandboxProcess, client: Client) -> None:
    send(client)
    sandbox.faults(mode="http_503")
    sandbox.clear()
    assert sandbox.phones() == []
    assert send(client).count == 1
    wait_for(lambda: sandbox.phones(NUMBER))
