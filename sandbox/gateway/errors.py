"""The gateway's error codes, answered inside HTTP 200 as SMSAPI does."""

from __future__ import annotations

from dataclasses import dataclass, field

TEXTS = {
    11: (
        "Message too long or there is no message or parameter nounicode is set"
        " and special characters are used"
    ),
    12: "Message has more parts than defined in &max_parts parameter",
    13: "No correct phone numbers",
    14: "Wrong sender name",
    18: "Number of values of parameters param1..param4 differs from the number of phone numbers",
    19: "Too many messages in one request",
    20: "Length of &idx parameter is more than 255 characters",
    27: "Number of idx values differs from the number of phone numbers",
    53: "Message with this idx was sent already",
    101: "Authorization failed",
    103: "Not enough points",
    110: "Service is not available on selected account",
    201: "Internal system error",
    203: "Too many requests",
    301: "Message not found",
    997: "This connection is not supported",
    2031: "No such sender name",
    2110: "Sender name already exists",
    2112: "Invalid sender name",
}


@dataclass(frozen=True)
class InvalidNumber:
    number: str
    submitted_number: str

    def as_json(self) -> dict[str, str]:
        """Return the item of `invalid_numbers`."""
        return {
            "number": self.number,
            "submitted_number": self.submitted_number,
            "message": "Invalid phone number",
        }


@dataclass
class GatewayError(Exception):
    """The whole request is refused; nothing of it was accepted."""

    code: int
    invalid_numbers: list[InvalidNumber] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Return the body of the answer."""
        body: dict[str, object] = {
            "error": self.code,
            "message": TEXTS.get(self.code, f"Error {self.code}"),
        }
        if self.invalid_numbers:
            body["invalid_numbers"] = [invalid.as_json() for invalid in self.invalid_numbers]
        return body
