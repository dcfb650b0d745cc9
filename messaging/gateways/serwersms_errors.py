"""SerwerSMS.pl's numeric errors, and its words for states and reasons, by their meaning for us.

Sources: https://dev.serwersms.pl/https-api-v2/komunikaty-ogolne (codes), the official clients (states and reasons).
"""

from __future__ import annotations

from messaging.gateways.base import ErrorClass

_CODES: dict[ErrorClass, tuple[int, ...]] = {
    # Empty text.
    ErrorClass.MESSAGE: (3101,),
    ErrorClass.RECIPIENT: (2001,),
    # Action, login, rights, address, an account that is blocked; and the shape of a request, our own mistake.
    ErrorClass.CONFIGURATION: (
        1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 2000, 3001, 3003, 3100,
    ),
    # No SMS ECO+ or FULL is left.
    ErrorClass.FUNDS: (3000, 3002),
}  # fmt: skip
_CLASS_BY_CODE = {code: error for error, codes in _CODES.items() for code in codes}

_REASONS: dict[ErrorClass, tuple[str, ...]] = {
    ErrorClass.MESSAGE: ("wrong_message", "message_rejected"),
    ErrorClass.RECIPIENT: (
        "wrong_number",
        "unsupported_number",
        "number_is_blacklisted",
        "sending_to_foreign_networks_is_locked",
    ),
    ErrorClass.SENDER: ("wrong_sender_name",),
    ErrorClass.CONFIGURATION: ("lock_send", "no_permission_to_send_messages"),
    ErrorClass.FUNDS: ("limit_exhausted",),
}
_CLASS_BY_REASON = {reason: error for error, reasons in _REASONS.items() for reason in reasons}

UNSENT = "unsent"
# "Unsent" is one that was never sent to the operator, whether it was refused at once or taken first.
STATES = {
    "delivered": "delivered",
    "undelivered": "undelivered",
    "pending": "sent",
    "sent": "sent",
    "in_progress": "sent",
    "saved": "sent",
    UNSENT: "rejected",
}
_EXPIRED = "message_expired"


def classify(code: int) -> ErrorClass:
    """The class of an error that answers for a whole request. A code that we do not know proves nothing: UNCERTAIN."""
    return _CLASS_BY_CODE.get(code, ErrorClass.UNCERTAIN)


def class_of_unsent(code: int | None = None, reason: str = "") -> ErrorClass:
    """The class of one message that was surely not sent: where code and reason say nothing, it may go later."""
    by_code = _CLASS_BY_CODE.get(code) if code is not None else None
    return by_code or _CLASS_BY_REASON.get(reason, ErrorClass.RETRY)


def state_of(status: str, reason: str) -> str | None:
    """A value of Message.State; None for a word that we do not know."""
    state = STATES.get(status)
    return "expired" if state == "undelivered" and reason == _EXPIRED else state
