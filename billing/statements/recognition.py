"""Say what a file is that is not a statement we read, so that the person can mend it."""

from __future__ import annotations

import codecs
import re

from billing.statements.rows import Refusal

_SIGNATURES = (
    (b"%PDF", Refusal.PDF),
    (b"\xd0\xcf\x11\xe0", Refusal.ARCHIVE),
    (b"Rar!", Refusal.ARCHIVE),
    (b"7z\xbc\xaf", Refusal.ARCHIVE),
    (b"\x1f\x8b", Refusal.ARCHIVE),
)
# mBank prints on it that it is no document: it has neither booking days nor balances.
_OPERATIONS_LIST = re.compile(r"^Lista operacji;", re.MULTILINE)
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def refusal_of_bytes(data: bytes) -> Refusal | None:
    """Recognise what cannot be text at all."""
    if not data.strip():
        return Refusal.EMPTY
    for signature, refusal in _SIGNATURES:
        if data.startswith(signature):
            return refusal
    if b"\0" in data and not data.startswith(_UTF16_MARKS):
        return Refusal.BINARY
    return None


def refusal_of_text(text: str) -> Refusal:
    """Name the kind of a text that is no statement."""
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        return Refusal.EMPTY
    if re.match(r"<(?:\?xml|\w*:?Document\b)", start):
        return Refusal.XML
    if _OPERATIONS_LIST.search(start):
        return Refusal.OPERATIONS_LIST
    return Refusal.OTHER_TEXT
