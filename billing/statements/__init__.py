"""Bank statements: from a file's bytes to plain rows. Nothing here knows the database."""

from __future__ import annotations

from billing.statements.encoding import decode
from billing.statements.mt940 import parse_mt940
from billing.statements.mt940_fields import looks_like_mt940
from billing.statements.recognition import refusal_of_bytes, refusal_of_text
from billing.statements.rows import ParsedStatement, StatementError


def read_statement(data: bytes) -> list[ParsedStatement]:
    """Read a bank's file, recognised by its content: one or more statements, of any account.

    Raises StatementError, whose `message` is for the person who chose the file, when it is not a
    statement, not in a known format, or cut off. Whether balances close is for `checks` to say.
    """
    if refusal := refusal_of_bytes(data):
        raise StatementError(refusal)
    text = decode(data)
    if not looks_like_mt940(text):
        raise StatementError(refusal_of_text(text))
    return parse_mt940(text)
