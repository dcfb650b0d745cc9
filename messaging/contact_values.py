"""Reading the single cells of a contact file."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Characters; more is a cell that slid into the wrong column. What the columns of the database hold.
MAX_TEXT_LENGTH = 100
MAX_EMAIL_LENGTH = 254
MAX_POLICY_NUMBER_LENGTH = 40
MAX_REGISTRATION_NUMBER_LENGTH = 12

_REASONS: dict[str, StrOrPromise] = {
    "bad_date": _("Write the date as 22.11.2026."),
    "bad_amount": _("Write the amount as 1 234,50."),
    "bad_email": _("This is not an e-mail address."),
    "too_long": _("This text is too long; at most {limit} characters."),
    "no_name": _("Give a name or a company."),
}
_DATE_FORMATS = ("%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%Y.%m.%d")
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_SERIAL = re.compile(r"(\d{5})([.,]0+)?")
_SERIAL_ORIGIN = date(1899, 12, 30)  # day 0 of Excel's calendar, its leap day of 1900 included
_YEARS = range(1990, 2101)
# Up to nine digits, with spaces between thousands, or dots if a decimal comma follows.
_AMOUNT = re.compile(
    r"(\d{1,9}|\d{1,3}(?: \d{3}){1,2}|\d{1,3}(?:\.\d{3}){1,2}(?=,))(?:[.,](\d{1,2}))?"
)
_CURRENCY = re.compile(r"\s*(zł|zl|pln)\.?$", re.IGNORECASE)
_FORCED_TEXT = re.compile(r'="(.*)"')


class CellError(ValueError):
    """A cell that cannot be read; `code` is a key of the reasons, `message` for people."""

    def __init__(self, code: str, limit: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = format_lazy(_REASONS[code], limit=limit)


def clean_cell(cell: str) -> str:
    """Composed letters, single spaces; ="0123", Excel's way of keeping zeros, gives 0123."""
    text = " ".join(unicodedata.normalize("NFC", cell).split())
    forced = _FORCED_TEXT.fullmatch(text)
    return forced[1] if forced else text


def read_text(cell: str, limit: int = MAX_TEXT_LENGTH) -> str:
    """Raises CellError if the text is longer than `limit` characters."""
    if len(cell) > limit:
        raise CellError("too_long", limit)
    return cell


def read_email(cell: str) -> str:
    """An address in lower case, or an empty string. Raises CellError."""
    if cell:
        try:
            validate_email(cell)
        except ValidationError:
            raise CellError("bad_email") from None
    return read_text(cell.lower(), MAX_EMAIL_LENGTH)


def read_policy_number(cell: str) -> str:
    """Raises CellError if it is too long."""
    return read_text(cell, MAX_POLICY_NUMBER_LENGTH)


def read_registration_number(cell: str) -> str:
    """In capitals and without spaces, as the contact form stores it. Raises CellError if it is too long."""
    return read_text("".join(cell.upper().split()), MAX_REGISTRATION_NUMBER_LENGTH)


def read_date(cell: str) -> date | None:
    """A date as people write it or as Excel stores it; None if empty. Raises CellError."""
    if not cell:
        return None
    text = _MIDNIGHT.sub("", cell.removesuffix("r.").rstrip())
    if serial := _SERIAL.fullmatch(text):
        found = _SERIAL_ORIGIN + timedelta(days=int(serial[1]))
    else:
        found = _parse_date(text)
    if found.year not in _YEARS:
        raise CellError("bad_date")
    return found


def _parse_date(text: str) -> date:
    for date_format in _DATE_FORMATS:
        try:
            return datetime.strptime(text, date_format).date()
        except ValueError:
            continue
    raise CellError("bad_date")


def read_grosze(cell: str) -> int | None:
    """An amount in złoty (`1 234,50`, `1234.5 zł`) as grosze; None if empty. Raises CellError.

    `1.234` is refused: it may mean either a thousand or one złoty.
    """
    if not cell:
        return None
    amount = _AMOUNT.fullmatch(_CURRENCY.sub("", cell))
    if not amount:
        raise CellError("bad_amount")
    zloty, grosze = re.sub(r"\D", "", amount[1]), amount[2] or ""
    return int(zloty) * 100 + int(grosze.ljust(2, "0"))
