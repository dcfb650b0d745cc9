"""Uploaded documents (PDF, JPEG, PNG), known by their content: what they call themselves and how they end says nothing.

Only the structure is read, nothing is decoded. A picture is kept without what follows its end: telephones append
videos and second pictures there, and attackers archives.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Bytes.
MAX_BYTES = 5 * 1024 * 1024


class DocumentRefused(ValueError):
    """This is no document that is taken. `code` names the reason, `message` is for people."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = REASONS[code]


REASONS: dict[str, StrOrPromise] = {
    "empty": _("The file is empty."),
    "too_big": _("The file is larger than 5 MB. Scan it in grey or with a lower resolution."),
    "type": _("This is no PDF, JPG or PNG file, whatever its name says. Choose another one."),
    "damaged": _(
        "The file is damaged or not whole. Open it, save it again as PDF, JPG or PNG, and try once more."
    ),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A document that passed: its content type, its ending and its bytes."""

    content_type: str
    ending: str
    content: bytes


def read_document(data: bytes) -> Document:
    """The document in an uploaded file. Raises DocumentRefused."""
    if not data:
        raise DocumentRefused("empty")
    if len(data) > MAX_BYTES:
        raise DocumentRefused("too_big")
    if data.startswith(_PNG):
        return Document("image/png", "png", data[: _png_end(data)])
    if data.startswith(_JPEG):
        return Document("image/jpeg", "jpg", data[: _jpeg_end(data)])
    if _PDF.match(data):
        _check_pdf(data)
        return Document("application/pdf", "pdf", data)
    raise DocumentRefused("type")


# --- PDF (ISO 32000-1, 7.5: header, body, cross-references, trailer) ------------------------------------------------

_PDF = re.compile(rb"%PDF-[12]\.\d")
_PDF_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF[\s\0]*\Z")
_CROSS_REFERENCES = re.compile(rb"\s*(?:xref\s|\d+\s+\d+\s+obj\b)")


def _check_pdf(data: bytes) -> None:
    """It ends as a PDF does and its last cross-references are where it says: no other file between the two lines."""
    end = _PDF_END.search(data, max(len(data) - 2048, 0))
    if end is None:
        raise DocumentRefused("damaged")
    start = int(end[1])
    if not 0 < start < end.start() or not _CROSS_REFERENCES.match(data, start):
        raise DocumentRefused("damaged")


# --- PNG (ISO/IEC 15948: chunks of length, type, data, CRC) ---------------------------------------------------------

_PNG = b"\x89PNG\r\n\x1a\n"


def _png_end(data: bytes) -> int:
    """The position after the last chunk."""
    kinds = []
    for kind, end in _png_chunks(data):
        kinds.append(kind)
        if kind == b"IEND":
            if kinds[0] != b"IHDR" or b"IDAT" not in kinds:
                break
            return end
    raise DocumentRefused("damaged")


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int]]:
    """The chunks' types and ends, as long as their checksums are right."""
    position = len(_PNG)
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4])
        end = position + 12 + length
        if end > len(data):
            return
        checksum = int.from_bytes(data[end - 4 : end])
        if zlib.crc32(memoryview(data)[position + 4 : end - 4]) != checksum:
            return
        yield data[position + 4 : position + 8], end
        position = end


# --- JPEG (ITU-T T.81, annex B: markers with segments, then entropy-coded scans) -------------------------------------

_JPEG = b"\xff\xd8\xff"
_END_OF_IMAGE = 0xD9
_START_OF_SCAN = 0xDA
# Start of frame, without the tables and the extension that stand between them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# In a scan a marker follows 0xFF unless it is a stuffed zero or a restart.
_MARKER_IN_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def _jpeg_end(data: bytes) -> int:
    """The position after the end-of-image marker."""
    seen = set()
    for marker, end in _jpeg_markers(data):
        seen.add(marker)
        if marker == _END_OF_IMAGE:
            if _START_OF_SCAN not in seen or not seen & _FRAMES:
                break
            return end
    raise DocumentRefused("damaged")


def _jpeg_markers(data: bytes) -> Iterator[tuple[int, int]]:
    """The markers after the start of the image, with the ends of what belongs to them."""
    position = 2
    while position + 2 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker == _END_OF_IMAGE:
            yield marker, position + 2
            return
        length = int.from_bytes(data[position + 2 : position + 4])
        position += 2 + length
        if length < 2 or position > len(data):
            return
        if marker == _START_OF_SCAN:
            found = _MARKER_IN_SCAN.search(data, position)
            if found is None:
                return
            position = found.end() - 2
        yield marker, position
