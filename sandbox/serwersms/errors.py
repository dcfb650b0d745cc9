"""SerwerSMS.pl's errors: of a whole request as an object, of one message as a code in its row."""

from __future__ import annotations

from dataclasses import dataclass

_TEXTS = {
    1000: ("InvalidAction", "Not specified action to execute"),
    1001: ("InvalidUser", "Incorrect login or password"),
    1006: ("InvalidData", "Invalid data format"),
    2000: ("ValidationRequiredError", "Missing required parameters"),
    2001: ("ValidationPhoneError", "Invalid phone number"),
    3001: ("SendError", "No permission to send messages SMS ECO+"),
    3002: ("SendError", "Exhausted the limit of available SMS FULL"),
    3003: ("SendError", "No permission to send messages SMS FULL"),
    3100: ("SendError", "Sending is blocked"),
    3101: ("SendError", "The message is empty"),
}


@dataclass
class SerwerSmsError(Exception):
    """The whole request is refused; nothing of it was accepted."""

    code: int

    @property
    def text(self) -> str:
        """What the code means."""
        return _TEXTS.get(self.code, ("Error", f"Error {self.code}"))[1]

    def as_json(self) -> dict[str, object]:
        """Return the body of the answer."""
        kind = _TEXTS.get(self.code, ("Error", ""))[0]
        return {"error": {"code": self.code, "type": kind, "message": self.text}}
