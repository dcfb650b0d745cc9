"""Polish account numbers (NRB): 26 digits, the IBAN without its PL."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import iban

HOME_BANK = "1140"  # mBank's number: its transfers between own customers are internal


def clean_nrb(value: str) -> str:
    """Return the 26 digits; raises ValidationError when the check digits are wrong."""
    digits = re.sub(r"\s", "", value).upper().removeprefix("PL")
    if not re.fullmatch(r"\d{26}", digits) or not iban.is_valid(f"PL{digits}"):
        raise ValidationError(_("This is not a valid account number: check its 26 digits."))
    return digits


def is_home_account(nrb: str) -> bool:
    """Tell whether the account is kept in the same bank as ours."""
    return nrb[2:6] == HOME_BANK


def grouped(nrb: str) -> str:
    """Return the number as people write it: 12 3456 7890 ..."""
    return " ".join([nrb[:2], *re.findall(".{1,4}", nrb[2:])])
