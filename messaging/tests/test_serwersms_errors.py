from __future__ import annotations

import pytest

from messaging.gateways.base import ErrorClass
from messaging.gateways.serwersms_errors import STATES, class_of_unsent, classify, state_of
from messaging.models import Message

# SerwerSMS's documentation, "Komunikaty ogólne".
CODES = {
    "configuration": [*range(1000, 1009), 2000, 3001, 3003, 3100],
    "recipient": [2001],
    "funds": [3000, 3002],
    "message": [3101],
}
PAIRS = [(code, name) for name, codes in CODES.items() for code in codes]


@pytest.mark.parametrize(("code", "name"), PAIRS)
def test_each_documented_code_has_its_class(code: int, name: str) -> None:
    assert classify(code) == ErrorClass(name)
    assert class_of_unsent(code) == ErrorClass(name)


@pytest.mark.parametrize("code", [0, 1, 3102, 9999])
def test_an_unknown_code_of_a_request_proves_nothing(code: int) -> None:
    assert classify(code) is ErrorClass.UNCERTAIN


def test_what_was_surely_not_sent_for_an_unknown_reason_may_go_later() -> None:
    assert class_of_unsent(9999) is ErrorClass.RETRY
    assert class_of_unsent(reason="operator_error") is ErrorClass.RETRY
    assert class_of_unsent() is ErrorClass.RETRY


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("wrong_number", ErrorClass.RECIPIENT),
        ("number_is_blacklisted", ErrorClass.RECIPIENT),
        ("sending_to_foreign_networks_is_locked", ErrorClass.RECIPIENT),
        ("wrong_sender_name", ErrorClass.SENDER),
        ("wrong_message", ErrorClass.MESSAGE),
        ("limit_exhausted", ErrorClass.FUNDS),
        ("lock_send", ErrorClass.CONFIGURATION),
    ],
)
def test_a_reason_has_its_class(reason: str, error: ErrorClass) -> None:
    assert class_of_unsent(reason=reason) is error


@pytest.mark.parametrize("status", STATES)
def test_each_status_is_a_state_of_messages(status: str) -> None:
    assert state_of(status, "") in Message.State.values


def test_what_expired_is_told_by_its_reason() -> None:
    assert state_of("undelivered", "message_expired") == "expired"
    assert state_of("delivered", "message_expired") == "delivered"
    assert state_of("nonsense", "") is None
