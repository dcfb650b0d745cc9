"""Bank statements: from a file's bytes to plain rows. Nothing here knows the database."""

from __future__ import annotations

from dataclasses import replace

from accounts.text_encoding import decode
from billing.statements.archives import is_archive, unpack
from billing.statements.camt053 import looks_like_camt053, parse_camt053
from billing.statements.mbank_csv import looks_like_mbank_csv, parse_mbank_csv
from billing.statements.mt940 import parse_mt940
from billing.statements.mt940_fields import looks_like_mt940
from billing.statements.other_csv import find_table, parse_other_csv
from billing.statements.reading import Reading
from billing.statements.recognition import refusal_of_bytes, refusal_of_text
from billing.statements.rows import ParsedStatement, Refusal, StatementError


def read_statement(data: bytes, reading: Reading = Reading()) -> list[ParsedStatement]:  # noqa: B008 (frozen)
    """Read a bank's file, or a ZIP archive of them, recognised by content: statements of any account.

    Raises StatementError, whose `message` is for the person who chose the file, when it is not a
    statement, not in a known format, or cut off. Whether balances close is for `checks` to say.
    """
    if is_archive(data):
        return [statement for each in unpack(data) for statement in _read(each, reading)]
    return _read(data, reading)


def is_encoding_in_doubt(data: bytes) -> bool:
    """Whether a person should look at the letters before anything is booked."""
    if is_archive(data) or refusal_of_bytes(data) or looks_like_camt053(data):
        return False
    return not decode(data).is_certain


def _read(data: bytes, reading: Reading) -> list[ParsedStatement]:
    if refusal := refusal_of_bytes(data):
        raise StatementError(refusal)
    if looks_like_camt053(data):
        return parse_camt053(data)
    decoded = decode(data, reading.encoding)
    statements = _read_text(decoded.text, reading)
    return [replace(statement, encoding=decoded.encoding) for statement in statements]


def _read_text(text: str, reading: Reading) -> list[ParsedStatement]:
    if looks_like_mbank_csv(text):
        return parse_mbank_csv(text)
    if looks_like_mt940(text):
        return parse_mt940(text)
    refusal = refusal_of_text(text)
    table = find_table(text) if refusal is Refusal.OTHER_TEXT else None
    if table is None:
        raise StatementError(refusal)
    return parse_other_csv(text, table, reading)
