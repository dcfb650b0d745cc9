"""SMSAPI.pl's numeric errors and statuses, by their meaning for us (SMSAPI documentation, error and status tables)."""

from __future__ import annotations

from messaging.gateways.base import ErrorClass

_CODES: dict[ErrorClass, tuple[int, ...]] = {
    # Too long or empty, too many parts, bad parameters, dates, characters, links, templates.
    ErrorClass.MESSAGE: (11, 12, 17, 25, 28, 30, 50, 54, 56, 74, 76, 94, 104, 106, 998),
    # No valid number, foreign or blocked country, blacklisted, opted out.
    ErrorClass.RECIPIENT: (13, 32, 33, 57, 59, 112),
    ErrorClass.SENDER: (14, 2031, 2061, 2110, 2111, 2112, 2115),
    # Login, IP filter, scope, account limits, HTTPS; and the shape of a batch, which is our own mistake.
    ErrorClass.CONFIGURATION: (
        18, 19, 20, 27, 93, 96, 98, 101, 102, 105, 110, 401, 997, 1000, 1001,
    ),
    ErrorClass.FUNDS: (103,),
    # Too often to one number, not accepted, too many at once, too many requests.
    ErrorClass.RETRY: (52, 200, 202, 203),
    ErrorClass.DUPLICATE: (53,),
    # Internal errors: the message may have been accepted.
    ErrorClass.UNCERTAIN: (8, 201, 666, 999),
}  # fmt: skip
_CLASS_BY_CODE = {code: error for error, codes in _CODES.items() for code in codes}


def classify(code: int) -> ErrorClass:
    """The class of an SMSAPI error code. A code that we do not know proves nothing, so it is UNCERTAIN."""
    return _CLASS_BY_CODE.get(code, ErrorClass.UNCERTAIN)


# Status names (in answers) and codes (in delivery reports) -> Message.State values.
STATES = {
    "NOT_FOUND": "unknown",
    "EXPIRED": "expired",
    "SENT": "sent",
    "DELIVERED": "delivered",
    "UNDELIVERED": "undelivered",
    "FAILED": "undelivered",
    "REJECTED": "undelivered",
    "UNKNOWN": "unknown",
    "QUEUE": "sent",
    "ACCEPTED": "sent",
    "RENEWAL": "sent",
    "STOP": "undelivered",
}
STATE_BY_CODE = {str(code): state for code, state in enumerate(STATES.values(), start=401)}
