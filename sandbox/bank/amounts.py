"""Amounts: integer grosze inside, Polish złoty outside."""

from __future__ import annotations

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST = 100_000_000  # grosze: a million złoty


def parse_amount(value: str) -> int:
    """Return grosze for "1 234,50", "58" or "58.00 zł"; raises ValidationError."""
    plain = re.sub(r"\s|zł|PLN", "", value).replace(",", ".")
    if not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", plain):
        raise ValidationError(_("Give an amount in złoty, for example 58,00."))
    grosze = int(Decimal(plain) * 100)
    if not 0 < grosze <= LARGEST:
        raise ValidationError(_("The amount must be between 0,01 and 1 000 000,00 zł."))
    return grosze


def format_amount(grosze: int) -> str:
    """Return "1 234,50" (no-break space, as on screen), with a minus sign where needed."""
    whole, rest = divmod(abs(grosze), 100)
    thousands = f"{whole:,}".replace(",", "\u00a0")
    return f"{'−' if grosze < 0 else ''}{thousands},{rest:02d}"
