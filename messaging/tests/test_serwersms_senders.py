"""SerwerSMS's sender names, against the sandbox's real process and against servers that say odd things."""

from __future__ import annotations

import pytest

from messaging.gateways.base import Gateway, GatewayUnavailable, SenderStatus
from messaging.gateways.serwersms import SerwerSmsGateway
from messaging.tests.odd_server import OddServer
from sandbox.testing import SandboxProcess, free_port

NAME = "Serwer 24"


@pytest.fixture
def new_name(sandbox: SandboxProcess, gateway: Gateway) -> str:
    # SMSAPI's contract can remove names.
    gateway.remove_sender(NAME)
    sandbox.networks(activate_names=True)
    return NAME


@pytest.fixture
def account(sandbox: SandboxProcess) -> SerwerSmsGateway:
    return SerwerSmsGateway(sandbox.serwersms_url, sandbox.token)


def test_a_name_is_registered_and_known(account: SerwerSmsGateway, new_name: str) -> None:
    assert account.sender_status(new_name) is SenderStatus.UNKNOWN
    assert account.register_sender(new_name) is SenderStatus.ACTIVE
    assert account.sender_status(new_name) is SenderStatus.ACTIVE


def test_registering_again_tells_how_it_is(
    sandbox: SandboxProcess, account: SerwerSmsGateway, new_name: str
) -> None:
    sandbox.networks(activate_names=False)
    assert account.register_sender(new_name) is SenderStatus.PENDING
    assert account.register_sender(new_name) is SenderStatus.PENDING
    sandbox.set_sender_status(new_name, "REJECTED")
    assert account.register_sender(new_name) is SenderStatus.REJECTED


def test_what_is_no_name_is_rejected(account: SerwerSmsGateway) -> None:
    assert account.register_sender("Żółć") is SenderStatus.REJECTED


def test_a_name_given_up_is_left_to_the_panel(account: SerwerSmsGateway, new_name: str) -> None:
    account.register_sender(new_name)
    account.remove_sender(new_name)
    assert account.sender_status(new_name) is SenderStatus.ACTIVE


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "http_503"},
        {"mode": "http_500"},
        {"mode": "rate_limited"},
        {"mode": "error_code", "error_code": 1001},
    ],
)
def test_a_gateway_in_trouble_says_nothing_about_names(
    sandbox: SandboxProcess, account: SerwerSmsGateway, fault: dict[str, object]
) -> None:
    sandbox.faults(**fault)
    _all_unavailable(account)


def test_a_wrong_token_says_nothing_about_names(sandbox: SandboxProcess) -> None:
    _all_unavailable(SerwerSmsGateway(sandbox.serwersms_url, "wrong"))


def test_nobody_there_says_nothing_about_names() -> None:
    _all_unavailable(SerwerSmsGateway(f"http://127.0.0.1:{free_port()}/", "token"))


def _all_unavailable(account: SerwerSmsGateway) -> None:
    for call in (account.register_sender, account.sender_status):
        with pytest.raises(GatewayUnavailable):
            call(NAME)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "[]",
        "null",
        "{}",
        '{"items": {}}',
        '{"items": [1]}',
        '{"items": [{"name": "Serwer 24"}]}',
        '{"items": [{"name": "Serwer 24", "status": 7}]}',
        '{"items": [{"name": "Serwer 24", "status": ["authorized"]}]}',
        '{"error": "nonsense"}',
        '{"items": [], "error": {"code": "x"}}',
    ],
)
def test_an_answer_that_cannot_be_read_proves_nothing(body: str) -> None:
    with OddServer(200, body) as url:
        _all_unavailable(SerwerSmsGateway(url, "token"))


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        ("authorized", SenderStatus.ACTIVE),
        ("pending_authorization", SenderStatus.PENDING),
        ("rejected", SenderStatus.REJECTED),
        ("deactivated", SenderStatus.REJECTED),
    ],
)
def test_their_statuses_have_a_meaning(status: str, meaning: SenderStatus) -> None:
    body = (
        f'{{"items": [{{"name": "Serwer", "status": "x"}}, {{"name": "A", "status": "{status}"}}]}}'
    )
    with OddServer(200, body) as url:
        assert SerwerSmsGateway(url, "token").register_sender("A") is meaning
