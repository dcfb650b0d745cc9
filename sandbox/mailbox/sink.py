"""The SMTP server that keeps every message and delivers none."""

from __future__ import annotations

import asyncio

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from sandbox.mailbox.reading import parse
from sandbox.models import Faults, Mail

MAX_SIZE = 32 * 1024 * 1024  # bytes


class MailSink:
    """aiosmtpd's handler. The database is used in threads: Django forbids it in an event loop."""

    async def handle_MAIL(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse the message when the mail server is to be down."""
        if await asyncio.to_thread(_is_smtp_down):
            return "451 4.3.2 The mail server is down on purpose (sandbox)"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message."""
        await asyncio.to_thread(_store, envelope)
        return "250 Message accepted"


def _is_smtp_down() -> bool:
    try:
        return Faults.load().smtp_down
    finally:
        connection.close()


def _store(envelope: Envelope) -> None:
    source = envelope.original_content or b""
    try:
        Mail.objects.create(
            sender=envelope.mail_from or "",
            recipients=", ".join(envelope.rcpt_tos),
            # A long subject begins on the header's second line.
            subject=str(parse(source).get("Subject", "")).strip(),
            source=source,
        )
    finally:
        connection.close()


def smtp_server(host: str, port: int) -> Controller:
    """Return the server; its `start()` raises OSError when the port is taken."""
    return Controller(MailSink(), hostname=host, port=port, data_size_limit=MAX_SIZE)
