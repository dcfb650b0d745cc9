"""SMSAPI's sender names, against the sandbox's real process and against servers that say odd things."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from messaging.gateways.base import Gateway, GatewayUnavailable, SenderStatus
from messaging.gateways.smsapi import SmsApiGateway
from messaging.gateways.smsapi_senders import SmsApiSenders
from messaging.tests.odd_server import OddServer
from sandbox.testing import SandboxProcess, free_port

NAME = "A.B-C 24"


@pytest.fixture
def new_name(gateway: Gateway, sandbox: SandboxProcess) -> str:
    gateway.remove_sender(NAME)
    sandbox.networks(activate_names=True)
    return NAME


def test_a_name_is_registered_known_and_removed(
    sandbox: SandboxProcess, gateway: Gateway, new_name: str
) -> None:
    assert gateway.sender_status(new_name) is SenderStatus.UNKNOWN
    assert gateway.register_sender(new_name) is SenderStatus.ACTIVE
    assert sandbox.sender_names()[new_name] == "ACTIVE"
    assert gateway.sender_status(new_name) is SenderStatus.ACTIVE
    gateway.remove_sender(new_name)
    gateway.remove_sender(new_name)
    assert gateway.sender_status(new_name) is SenderStatus.UNKNOWN


def test_registering_again_tells_how_it_is(
    sandbox: SandboxProcess, gateway: Gateway, new_name: str
) -> None:
    sandbox.networks(activate_names=False)
    assert gateway.register_sender(new_name) is SenderStatus.PENDING
    assert gateway.register_sender(new_name) is SenderStatus.PENDING
    sandbox.set_sender_status(new_name, "REJECTED")
    assert gateway.register_sender(new_name) is SenderStatus.REJECTED


def test_what_is_no_name_is_rejected(gateway: Gateway) -> None:
    assert gateway.register_sender("Żółć") is SenderStatus.REJECTED


@pytest.mark.parametrize("mode", ["http_503", "http_500", "rate_limited"])
def test_a_gateway_in_trouble_says_nothing_about_names(
    mode: str, sandbox: SandboxProcess, gateway: Gateway
) -> None:
    sandbox.faults(mode=mode)
    _all_unavailable(gateway)


def test_a_wrong_token_says_nothing_about_names(sandbox: SandboxProcess) -> None:
    _all_unavailable(SmsApiGateway(sandbox.gateway_url, "wrong"))


def test_nobody_there_says_nothing_about_names() -> None:
    _all_unavailable(SmsApiGateway(f"http://127.0.0.1:{free_port()}/", "token"))


def _all_unavailable(gateway: Gateway) -> None:
    calls: tuple[Callable[[str], object], ...] = (
        gateway.register_sender,
        gateway.sender_status,
        gateway.remove_sender,
    )
    for call in calls:
        with pytest.raises(GatewayUnavailable):
            call(NAME)


@pytest.mark.parametrize(
    "body",
    ["", "<html>", "[]", "null", "{}", '{"status": 7}', '{"status": ["ACTIVE"]}', '{"status": "x"}']
    + ['{"error": 201, "message": "Internal system error"}'],
)
def test_an_answer_that_cannot_be_read_proves_nothing(body: str) -> None:
    with OddServer(200, body) as url, pytest.raises(GatewayUnavailable):
        SmsApiSenders(url).register(requests.Session(), NAME)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [("ACTIVE", "active"), ("INACTIVE", "pending"), ("PENDING", "pending"), ("DELETED", "unknown")],
)
def test_smsapis_statuses_have_a_meaning(status: str, meaning: str) -> None:
    with OddServer(201, f'{{"sender": "A", "status": "{status}"}}') as url:
        assert SmsApiSenders(url).register(requests.Session(), NAME) == meaning


def test_a_redirect_is_not_followed() -> None:
    with (
        OddServer(302, "", {"Location": "http://127.0.0.1:1/"}) as url,
        pytest.raises(GatewayUnavailable, match="HTTP 302"),
    ):
        SmsApiSenders(url).register(requests.Session(), NAME)
