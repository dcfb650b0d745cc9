"""Reading Polish mobile numbers as people and programs write them; stored as E.164."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_REASONS: dict[str, StrOrPromise] = {
    "empty": _("There is no phone number."),
    "unreadable": _("This does not look like a phone number."),
    "wrong_length": _("A Polish number has nine digits."),
    "unassigned": _("No Polish operator has numbers of this range."),
    "landline": _("This is a landline number; SMS go to mobile numbers only."),
    "premium": _("This is a premium-rate or service number; SMS go to mobile numbers only."),
    "not_mobile": _("This is not a mobile number."),
    "foreign": _("Foreign numbers are not supported yet; give a Polish mobile number."),
}
_CODE_BY_TYPE = {
    PhoneNumberType.UNKNOWN: "unassigned",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "premium",
    PhoneNumberType.TOLL_FREE: "premium",
    PhoneNumberType.UAN: "premium",
}
# A number with the separators people put inside it; anything else parts two numbers.
_WRITTEN_NUMBER = re.compile(r"\(?[+\d][\d\s().\u2010-\u2015\u2212+-]*")
_SEPARATORS = re.compile(r"[^\d+]")
# Digits that several glued numbers may have: the next pattern tries every way to cut them, and the number of ways
# doubles with each twenty digits.
_MAX_GLUED = 60
_POLISH_NUMBERS = re.compile(r"(?:(?:(?:\+|00)?48)?0?[1-9]\d{8})+")
_POLISH_NUMBER = re.compile(r"(?:(?:\+|00)?48)?0?([1-9]\d{8})")
_POLISH_E164 = re.compile(r"\+48\d{9}")
# A spreadsheet that took a number for a quantity writes 600100200.0.
_SPREADSHEET_FRACTION = re.compile(r"(?<=\d{9})[.,]0+\b")
# Most cells of most files hold one national number. The library's own rule for Polish mobiles, which share no number
# with its other kinds, tells in a twentieth of the time.
_PLAIN_NUMBER = re.compile(r"(?:\+48 ?)?(\d{3})[ -]?(\d{3})[ -]?(\d{3})(?:\.0)?", re.ASCII)
_POLAND: Any = PhoneMetadata.metadata_for_region("PL")
_MOBILE = re.compile(_POLAND.mobile.national_number_pattern)


class PhoneError(ValueError):
    """A number that no SMS can be sent to; `code` is a key of the reasons, `message` for people."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = _REASONS[code]


def parse_mobile(text: str) -> str:
    """The first Polish mobile number in the text, as E.164 (`+48600100200`).

    Raises PhoneError with the reason for the first number found, if none of them is one.
    """
    if plain := plain_mobile(text):
        return plain
    if not text.strip():
        raise PhoneError("empty")
    first_error: PhoneError | None = None
    for number in _written_numbers(text):
        try:
            return _check_mobile(number)
        except PhoneError as error:
            first_error = first_error or error
    raise first_error or PhoneError("unreadable")


def parse_others(text: str) -> list[str]:
    """Every number in the text that somebody can be called at, as one dials it in Poland: `77 454 12 12`.

    Landlines and foreign ones too. What is no number is left out, and so is each repetition.
    """
    if plain := plain_mobile(text):
        return [format_phone(plain)]
    found = (_callable_number(number) for number in _written_numbers(text))
    return list(dict.fromkeys(number for number in found if number))


def reason(code: str) -> StrOrPromise:
    """What a PhoneError of that code tells people. Raises KeyError for codes of others."""
    return _REASONS[code]


def format_phone(e164: str) -> str:
    """`+48600100200` as Poles write it, `600 100 200`."""
    national = e164.removeprefix("+48")
    return " ".join((national[:3], national[3:6], national[6:]))


def mask_phone(e164: str) -> str:
    """`+48600100200` as `+48 60• ••• •00`, for those who may not know it; whatever else is not shown at all."""
    if not _POLISH_E164.fullmatch(e164):
        return "•••"
    return f"+48 {e164[3:5]}• ••• •{e164[-2:]}"


def _written_numbers(text: str) -> list[str]:
    """The numbers of a cell as digits, each with its + if it has one."""
    found = []
    for written in _WRITTEN_NUMBER.findall(_SPREADSHEET_FRACTION.sub("", text)):
        digits = _SEPARATORS.sub("", written)
        if len(digits) <= _MAX_GLUED and _POLISH_NUMBERS.fullmatch(digits):
            found += ["+48" + national for national in _POLISH_NUMBER.findall(digits)]
        else:
            found.append(digits)
    return found


def plain_mobile(text: str) -> str:
    """The Polish mobile number (E.164) that the text is and nothing else; empty if it is not that simple."""
    plain = _PLAIN_NUMBER.fullmatch(text)
    national = "".join(plain.groups()) if plain else ""
    return f"+48{national}" if _MOBILE.fullmatch(national) else ""


def _callable_number(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number, "PL")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    is_polish = parsed.country_code == 48
    spelling = PhoneNumberFormat.NATIONAL if is_polish else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, spelling)


def _check_mobile(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number, "PL")
    except phonenumbers.NumberParseException:
        raise PhoneError("unreadable") from None
    if parsed.country_code != 48:
        raise PhoneError("foreign")
    if len(str(parsed.national_number)) != 9:
        raise PhoneError("wrong_length")
    kind = phonenumbers.number_type(parsed)
    if kind != PhoneNumberType.MOBILE:
        raise PhoneError(_CODE_BY_TYPE.get(kind, "not_mobile"))
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
