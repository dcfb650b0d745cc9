"""Bank statements: from a file's bytes to plain rows. Nothing here knows the database."""

from __future__ import annotations

from billing.statements.archives import is_archive, unpack
from billing.statements.camt053 import looks_like_camt053, parse_camt053
from billing.statements.encoding import decode
from billing.statements.mbank_csv import looks_like_mbank_csv, parse_mbank_csv
from billing.statements.mt940 import parse_mt940
from billing.statements.mt940_fields import looks_like_mt940
from billing.statements.recognition import refusal_of_bytes, refusal_of_text
from billing.statements.rows import ParsedStatement, StatementError


def read_statement(data: bytes) -> list[ParsedStatement]:
    """Read a bank's file, or a ZIP archive of them, recognised by content: statements of any account.

    Raises StatementError, whose `message` is for the person who chose the file, when it is not a
    statement, not in a known format, or cut off. Whether balances close is for `checks` to say.
    """
    if is_archive(data):
        return [statement for each in unpack(data) for statement in _read(each)]
    return _read(data)


def _read(data: bytes) -> list[ParsedStatement]:
    if refusal := refusal_of_bytes(data):
        raise StatementError(refusal)
    if looks_like_camt053(data):
        return parse_camt053(data)
    text = decode(data)
    if looks_like_mbank_csv(text):
        return parse_mbank_csv(text)
    if looks_like_mt940(text):
        return parse_mt940(text)
    raise StatementError(refusal_of_text(text))
