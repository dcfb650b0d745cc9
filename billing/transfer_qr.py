"""The QR code that fills in a transfer in Polish banking apps.

Follows "Rekomendacja Związku Banków Polskich dotycząca kodu dwuwymiarowego (2D)", v1.0, 2013:
recipient's NIP|country|account|amount|recipient's name|title|three reserved fields.
"""

from __future__ import annotations

import re

import segno
from stdnum import iban
from stdnum.pl import nip as polish_nip

MAX_NAME = 20
MAX_TITLE = 32


def payload(*, nip: str, account: str, amount_grosze: int | None, receiver: str, title: str) -> str:
    """Compose the text of the code, at most 160 characters.

    The account is a Polish one, with or without PL and spaces; NIP is empty for a person; without
    an amount (grosze) the payer types it. Name and title are cut to 20 and 32 characters. Raises
    ValueError for what banking apps refuse: wrong check digits, a negative amount.
    """
    fields = (
        _checked_nip(nip),
        "PL",
        _checked_account(account),
        _amount(amount_grosze),
        _cut(receiver, MAX_NAME),
        _cut(title, MAX_TITLE),
    )
    return "|".join(fields) + "|||"


def svg(text: str) -> str:
    """Draw the payload as an SVG element of class "qr", to be sized by a style sheet.

    It carries its own white quiet zone, so that it also scans on a dark page, and no style or
    script that a strict Content-Security-Policy would refuse.
    """
    code = segno.make(text, error="l", boost_error=False, micro=False, encoding="utf-8")
    return str(
        code.svg_inline(
            border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
        )
    )


def _checked_nip(nip: str) -> str:
    compact = str(polish_nip.compact(nip))
    if compact and not polish_nip.is_valid(compact):
        raise ValueError(f"not a NIP: {nip!r}")
    return compact


def _checked_account(account: str) -> str:
    digits = re.sub(r"\s", "", account).removeprefix("PL")
    if not re.fullmatch("[0-9]{26}", digits) or not iban.is_valid("PL" + digits):
        raise ValueError(f"not a Polish account number: {account!r}")
    return digits


def _amount(grosze: int | None) -> str:
    if grosze is not None and not 0 <= grosze < 10**12:
        raise ValueError(f"not an amount to transfer: {grosze}")
    return f"{grosze or 0:06}"


def _cut(text: str, length: int) -> str:
    """Cut by characters: a cut by bytes can split a Polish letter."""
    return " ".join(text.replace("|", " ").split())[:length].rstrip()
