"""Sender names in any state, documents for them, and a gateway that answers about them as told."""

from __future__ import annotations

import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Agency
from messaging.document_files import read_document
from messaging.gateways.base import GatewayUnavailable, SenderStatus
from messaging.models import DefaultSender, SenderName
from messaging.sender_name_requests import attach_file

_BODY = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
PDF = _BODY + (
    b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 >>\nstartxref\n%d\n%%%%EOF\n" % len(_BODY)
)
# SOI, a frame, a scan with a stuffed zero and a restart marker in it, EOI.
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x05abc\xff\xda\x00\x04xy"
    b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd9"
)


def png_chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + png_chunk(b"IDAT", zlib.compress(b"\0\0"))
    + png_chunk(b"IEND")
)

State = SenderName.State


def own_name(
    agency: Agency, state: str = "draft", name: str = "Nowak OC", **changes: Any
) -> SenderName:
    """A name of the agency's, with a document and whatever its state brings along."""
    values: dict[str, Any] = {"agency": agency, "name": name, "state": state}
    if state != "draft":
        values |= {
            "submitted_at": timezone.now(),
            "statement_version": "2026-11-01",
            "statement_accepted_at": timezone.now(),
            "statement_accepted_by": agency.people.filter(role="owner").first(),
        }
    if state == "authorised":
        values |= {"approved_at": timezone.now(), "registration": "active"}
    own = SenderName.objects.create(**values | changes)
    if own.can_be_changed:
        attach_file(sender_name_id=own.pk, document=read_document(PDF))
    return own


def shared_name(name: str = "Polisa Info") -> SenderName:
    """A name that all agencies may sign with."""
    return SenderName.objects.create(
        name=name, state="authorised", approved_at=timezone.now(), registration="active"
    )


def choose(agency: Agency, name: SenderName) -> None:
    DefaultSender.objects.update_or_create(agency=agency, defaults={"sender_name": name})


def upload(content: bytes = PDF, name: str = "krs.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class NamesGateway:
    """Answers about names with what `answers` says next; "down" is no answer at all."""

    def __init__(self, *answers: SenderStatus | str) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    def _answer(self, verb: str, name: str) -> SenderStatus:
        self.asked.append((verb, name))
        answer = self.answers.pop(0) if self.answers else SenderStatus.PENDING
        if answer == "down":
            raise GatewayUnavailable("down")
        return SenderStatus(answer)

    def register_sender(self, name: str) -> SenderStatus:
        return self._answer("register", name)

    def sender_status(self, name: str) -> SenderStatus:
        return self._answer("status", name)

    def remove_sender(self, name: str) -> None:
        self._answer("remove", name)
