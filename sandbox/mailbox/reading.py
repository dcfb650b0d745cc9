"""Reading a stored e-mail: text, HTML and attachments."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property

from sandbox.models import Mail


@dataclass(frozen=True)
class Attachment:
    """One attached file; `position` counts from 0 in the order of the message."""

    position: int
    name: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        """Size in bytes."""
        return len(self.content)


class Letter:
    """A parsed e-mail."""

    def __init__(self, mail: Mail) -> None:
        self.mail = mail
        self.parsed = parse(bytes(mail.source))

    @property
    def headers(self) -> list[tuple[str, str]]:
        """All headers in their order, decoded."""
        return [(name, str(value)) for name, value in self.parsed.items()]

    @cached_property
    def text(self) -> str:
        """The plain text, or nothing."""
        return self._body("plain")

    @cached_property
    def html(self) -> str:
        """The HTML, or nothing."""
        return self._body("html")

    @cached_property
    def attachments(self) -> list[Attachment]:
        """The attached files."""
        parts = enumerate(self.parsed.iter_attachments())
        return [_attachment(position, part) for position, part in parts]

    def _body(self, subtype: str) -> str:
        part = self.parsed.get_body(preferencelist=(subtype,))
        return str(part.get_content()) if part else ""


def parse(source: bytes) -> EmailMessage:
    """Parse the bytes of an e-mail; broken ones still give a message."""
    return message_from_bytes(source, policy=policy.default)


def _attachment(position: int, part: EmailMessage) -> Attachment:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else part.as_bytes()
    name = part.get_filename() or f"attachment-{position + 1}"
    return Attachment(position, name, part.get_content_type(), content)
