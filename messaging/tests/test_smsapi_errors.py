from __future__ import annotations

import pytest

from messaging.gateways.base import ErrorClass
from messaging.gateways.smsapi_errors import STATE_BY_CODE, STATES, classify
from messaging.models import Message

# SMSAPI's documentation, table of errors.
CODES = {
    "message": [11, 12, 17, 25, 28, 30, 50, 54, 56, 74, 76, 94, 104, 106, 998],
    "recipient": [13, 33, 57, 59, 112, 32],
    "sender": [14, 2110, 2111, 2112, 2115, 2031, 2061],
    "configuration": [101, 102, 105, 110, 401, 98, 96, 997, 1000, 1001, 18, 19, 20, 27, 93],
    "funds": [103],
    "retry": [52, 200, 202, 203],
    "duplicate": [53],
    "uncertain": [8, 201, 666, 999],
}
PAIRS = [(code, name) for name, codes in CODES.items() for code in codes]


@pytest.mark.parametrize(("code", "name"), PAIRS)
def test_each_documented_code_has_its_class(code: int, name: str) -> None:
    assert classify(code) == ErrorClass(name)


@pytest.mark.parametrize("code", [0, 1, 54321])
def test_an_unknown_code_proves_nothing(code: int) -> None:
    assert classify(code) is ErrorClass.UNCERTAIN


# SMSAPI's documentation, table of delivery statuses.
STATUSES = [
    ("401", "NOT_FOUND", "unknown"),
    ("402", "EXPIRED", "expired"),
    ("403", "SENT", "sent"),
    ("404", "DELIVERED", "delivered"),
    ("405", "UNDELIVERED", "undelivered"),
    ("406", "FAILED", "undelivered"),
    ("407", "REJECTED", "undelivered"),
    ("408", "UNKNOWN", "unknown"),
    ("409", "QUEUE", "sent"),
    ("410", "ACCEPTED", "sent"),
    ("411", "RENEWAL", "sent"),
    ("412", "STOP", "undelivered"),
]


@pytest.mark.parametrize(("code", "name", "state"), STATUSES)
def test_each_status_means_one_state_by_code_and_by_name(code: str, name: str, state: str) -> None:
    assert STATE_BY_CODE[code] == STATES[name] == Message.State(state)


def test_no_other_status_is_known() -> None:
    assert len(STATES) == len(STATE_BY_CODE) == len(STATUSES)
