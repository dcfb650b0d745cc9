"""Reading the single cells of a contact file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.folding import fold
from accounts.visible_text import visible

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Characters; more is a cell that slid into the wrong column. What the columns of the database hold.
MAX_TEXT_LENGTH = 100
MAX_COMPANY_LENGTH = 200
MAX_NOTES_LENGTH = 2000
MAX_EMAIL_LENGTH = 254
MAX_POLICY_NUMBER_LENGTH = 40
MAX_REGISTRATION_NUMBER_LENGTH = 12
MAX_GROUP_LENGTH = 60
MAX_INSTALMENT_NUMBER = 999

_REASONS: dict[str, StrOrPromise] = {
    "bad_date": _("Write the date as 22.11.2026."),
    "bad_birthday": _("A birthday lies in the past, after 1900; write it as 22.11.1976."),
    "bad_amount": _("Write the amount as 1 234,50."),
    "zero_amount": _("The amount must be more than zero."),
    "bad_number": _("Write the number of the instalment as 1, 2, 3 or 2/4."),
    "bad_paid": _("Write yes or no, or the day of the payment as 22.11.2026."),
    "bad_said": _("Write yes or no, or the day on which it was said as 22.11.2026."),
    "said_later": _("This day has not come yet."),
    "bad_email": _("This is not an e-mail address."),
    "bad_registration_number": _("Write the registration number in letters and digits."),
    "formula_error": _("The formula in this cell gives an error instead of a value."),
    "too_long": _("This text is too long; at most {limit} characters."),
    "no_name": _("Give a name or a company."),
}
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})([.-])(\d{1,2})\2(\d{1,2})")
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_SERIAL = re.compile(r"(\d{5})([.,]0+)?")
_SERIAL_ORIGIN = date(1899, 12, 30)  # day 0 of Excel's calendar, its leap day of 1900 included
_YEARS = range(1990, 2101)
_BIRTH_YEARS = range(1900, 2101)
# Up to nine digits, with spaces between thousands, or dots if a decimal comma follows.
_AMOUNT = re.compile(
    r"(\d{1,9}|\d{1,3}(?: \d{3}){1,2}|\d{1,3}(?:\.\d{3}){1,2}(?=,))(?:[.,](\d{1,2}))?"
)
_CURRENCY = re.compile(r"\s*(zł|zl|pln)\.?$", re.IGNORECASE)
_FORCED_TEXT = re.compile(r'="(.*)"')
# The apostrophe by which our own exports, and careful ones of others, keep a cell from running as a formula.
_DEFUSED = re.compile(r"'(?=\s*[=+\-@＝＋－＠])")
# #N/D!, #REF!, #DZIEL/0!, #NAZWA?
_FORMULA_ERROR = re.compile(r"#[A-ZĘ]+(/[A-Z0]+)?[!?]?")
_INSTALMENT_NUMBER = re.compile(r"(\d{1,3})(?:[.,]0+|\.)?(?:\s*(?:/|z|of)\s*\d{1,3})?")
_YES = frozenset(["tak", "t", "yes", "y", "true", "prawda", "1", "x"])
_NO = frozenset(["nie", "n", "no", "false", "falsz", "0", "brak"])
_PAID = _YES | frozenset(["paid", "oplacona", "zaplacona", "oplacono", "zaplacono", "wplacono"])
_UNPAID = _NO | frozenset(["unpaid", "nieoplacona", "niezaplacona", "nieoplacono", "niezaplacono"])
# Of plain addresses this is all there is to check; odd ones take the long way.
_PLAIN_EMAIL = re.compile(
    r"[a-z0-9_-]+(\.[a-z0-9_-]+)*@([a-z0-9][a-z0-9-]{0,20}[a-z0-9]\.)+[a-z]{2,10}"
)


class CellError(ValueError):
    """A cell that cannot be read; `code` is a key of the reasons, `message` for people."""

    def __init__(self, code: str, limit: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit
        self.message = reason(code, limit)


_PERHAPS_UNCLEAN = re.compile(r"  | \||\|[ ='.?/–—-]")
# What people write where they have nothing to write.
_NOTHING = re.compile(r"[ .?/–—-]+")


def reason(code: str, limit: int | None = None) -> StrOrPromise:
    """What a CellError of that code tells people. Raises KeyError for codes of others."""
    return format_lazy(_REASONS[code], limit=limit) if limit else _REASONS[code]


def are_clean(cells: Sequence[str]) -> bool:
    """Whether `clean_cell` would leave all of these cells as they are; told of most rows by one look at all of them."""
    # A cell that begins with a sign that Excel's way of keeping zeros begins with comes after a bar, like a space.
    together = f"|{'|'.join(cells)}|"
    return (
        together.isprintable()
        and not _PERHAPS_UNCLEAN.search(together)
        and (together.isascii() or unicodedata.is_normalized("NFC", together))
    )


def clean_cell(cell: str) -> str:
    """Composed letters, single spaces, no invisible characters; ="0123", Excel's way of keeping zeros, gives 0123.

    A dash, dots or a question mark alone mean that nothing is known.
    """
    text = cell.strip()
    if "  " in text or not text.isprintable():
        text = " ".join(text.split())
    if not text.isascii() and not unicodedata.is_normalized("NFC", text) or not text.isprintable():
        text = " ".join(visible(unicodedata.normalize("NFC", text)).split())
    if _NOTHING.fullmatch(text):
        return ""
    if text[:1] in ("=", "'"):
        text = _DEFUSED.sub("", text, count=1) if text[0] == "'" else text
        forced = _FORCED_TEXT.fullmatch(text)
        return forced[1] if forced else text
    return text


def clean_lines(cell: str) -> str:
    """Like clean_cell, but lines stay lines."""
    return "\n".join(map(clean_cell, cell.strip().splitlines()))


def read_text(cell: str, limit: int = MAX_TEXT_LENGTH) -> str:
    """Raises CellError if the text is longer than `limit` characters, or the error of a formula."""
    if len(cell) > limit:
        raise CellError("too_long", limit)
    if cell[0] == "#" and _FORMULA_ERROR.fullmatch(cell):
        raise CellError("formula_error")
    return cell


def read_notes(cell: str) -> str:
    """Several lines. Raises CellError if they are too long."""
    return read_text(cell, MAX_NOTES_LENGTH)


def read_groups(cell: str) -> tuple[str, ...]:
    """Names parted by semicolons, each once. Raises CellError if one is too long."""
    names = (name.strip() for name in cell.split(";"))
    return tuple(dict.fromkeys(read_text(name, MAX_GROUP_LENGTH) for name in names if name))


def read_email(cell: str) -> str:
    """An address in lower case. Raises CellError."""
    address = cell.lower()
    if not _PLAIN_EMAIL.fullmatch(address) or len(address) > MAX_EMAIL_LENGTH:
        try:
            validate_email(cell)
        except ValidationError:
            raise CellError("bad_email") from None
    return read_text(address, MAX_EMAIL_LENGTH)


def read_policy_number(cell: str) -> str:
    """Raises CellError if it is too long."""
    return read_text(cell, MAX_POLICY_NUMBER_LENGTH)


def read_registration_number(cell: str) -> str:
    """In capitals and without spaces. Raises CellError if there is no letter or digit in it, or if it is too long."""
    number = "".join(cell.upper().split())
    if not any(map(str.isalnum, number)):
        raise CellError("bad_registration_number")
    return read_text(number, MAX_REGISTRATION_NUMBER_LENGTH)


def read_date(cell: str) -> date:
    """A date as people write it or as Excel stores it. Raises CellError."""
    found = _find_date(cell)
    if found is None or found.year not in _YEARS:
        raise CellError("bad_date")
    return found


def read_birthday(cell: str) -> date:
    """A date in the past. Raises CellError."""
    found = _find_date(cell)
    if found is None or found.year not in _BIRTH_YEARS or found > timezone.localdate():
        raise CellError("bad_birthday")
    return found


# A file has few different dates, each many times.
@lru_cache(maxsize=4096)
def _find_date(cell: str) -> date | None:
    text = _MIDNIGHT.sub("", cell.removesuffix("r.").rstrip())
    if serial := _SERIAL.fullmatch(text):
        return _SERIAL_ORIGIN + timedelta(days=int(serial[1]))
    if found := _DAY_FIRST.fullmatch(text):
        day, _separator, month, year = found.groups()
    elif found := _YEAR_FIRST.fullmatch(text):
        year, _separator, month, day = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_grosze(cell: str) -> int:
    """An amount in złoty (`1 234,50`, `1234.5 zł`) as grosze. Raises CellError.

    `1.234` is refused: it may mean either a thousand or one złoty.
    """
    amount = _AMOUNT.fullmatch(_CURRENCY.sub("", cell))
    if not amount:
        raise CellError("bad_amount")
    zloty, grosze = re.sub(r"\D", "", amount[1]), amount[2] or ""
    return int(zloty) * 100 + int(grosze.ljust(2, "0"))


def read_instalment_amount(cell: str) -> int:
    """Like read_grosze, but never nothing. Raises CellError."""
    amount = read_grosze(cell)
    if not amount:
        raise CellError("zero_amount")
    return amount


def read_instalment_number(cell: str) -> int:
    """`2`, `2.`, `2/4`. Raises CellError."""
    number = _INSTALMENT_NUMBER.fullmatch(cell)
    if not number or not int(number[1]):
        raise CellError("bad_number")
    return int(number[1])


def read_paid(cell: str) -> date | bool:
    """The day of the payment, or only whether there was one. Raises CellError."""
    word = fold(cell).replace(" ", "")
    if word in _PAID:
        return True
    if word in _UNPAID:
        return False
    try:
        return read_date(cell)
    except CellError:
        raise CellError("bad_paid") from None


def read_said(cell: str) -> date | bool:
    """Whether a client said it, or the day on which they did. Raises CellError, also for a day to come."""
    word = fold(cell).replace(" ", "")
    if word in _YES:
        return True
    if word in _NO:
        return False
    try:
        day = read_date(cell)
    except CellError:
        raise CellError("bad_said") from None
    if day > timezone.localdate():
        raise CellError("said_later")
    return day
