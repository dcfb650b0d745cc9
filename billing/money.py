"""Amounts of Polish złoty: integer grosze inside, Decimal złoty and text at the edges.

The only module that rounds money.
"""

from __future__ import annotations

import re
from decimal import Decimal

from slownie import slownie_zl100gr

from billing.english_numbers import spell

GROSZE = 100
NBSP = "\N{NO-BREAK SPACE}"

_AMOUNT = re.compile(
    r"""(?P<sign>[+\-\N{MINUS SIGN}])?
        (?P<zloty>[0-9]{1,3}(?:[ ][0-9]{3})+|[0-9]{1,13})
        (?:[.,](?P<grosze>[0-9]{1,2}))?
        (?:[ ]?(?:zł|zl|PLN))?""",
    re.VERBOSE | re.IGNORECASE,
)
_SPACES = str.maketrans({NBSP: " ", "\N{NARROW NO-BREAK SPACE}": " ", "\N{THIN SPACE}": " "})
# "jeden tysiąc" is what slownie writes; the invoice says "tysiąc".
_SUPERFLUOUS_ONE = re.compile(r"\bjeden (?=(?:tysiąc|milion|miliard)\b)")


def to_grosze(zloty: Decimal) -> int:
    """Turn złoty into grosze; raises ValueError for a fraction of a grosz, NaN or infinity."""
    if not zloty.is_finite() or zloty * GROSZE % 1:
        raise ValueError(f"not a whole number of grosze: {zloty}")
    return int(zloty * GROSZE)


def to_zloty(grosze: int) -> Decimal:
    """Turn grosze into złoty with two decimal places."""
    return Decimal(grosze).scaleb(-2)


def parse_amount(text: str) -> int:
    """Read an amount of złoty as a person or a Polish bank writes it, and return grosze.

    "1 234,50", "1234.5", "-20" and "58,00 zł" are amounts. A single separator before three digits
    ("1.234", "1,234") has two meanings and raises ValueError, as does everything else.
    """
    match = _AMOUNT.fullmatch(text.translate(_SPACES).strip())
    if match is None:
        raise ValueError(f"not an amount: {text!r}")
    zloty = int(match["zloty"].replace(" ", ""))
    grosze = zloty * GROSZE + int((match["grosze"] or "").ljust(2, "0"))
    return grosze if match["sign"] in (None, "+") else -grosze


def format_decimal(grosze: int) -> str:
    """Write grosze as złoty for people, without the currency: 123450 as "1 234,50" (hard space)."""
    zloty, rest = divmod(abs(grosze), GROSZE)
    sign = "-" if grosze < 0 else ""
    return f"{sign}{zloty:,}".replace(",", NBSP) + f",{rest:02}"


def format_amount(grosze: int) -> str:
    """Write grosze as złoty for people: 123450 as "1 234,50 zł" (hard spaces)."""
    return f"{format_decimal(grosze)}{NBSP}zł"


def vat_from_gross(gross_grosze: int, rate_percent: int) -> tuple[int, int]:
    """Split a gross amount into (net, VAT), all in grosze.

    Art. 106e ust. 7-8 ustawy o VAT: VAT = gross * rate / (100 + rate), rounded half up; net is what
    remains. A correction (negative gross) is the exact mirror, so that it cancels what it corrects.
    """
    if rate_percent < 0:
        raise ValueError(f"not a VAT rate: {rate_percent}")
    divisor = 100 + rate_percent
    vat = (2 * abs(gross_grosze) * rate_percent + divisor) // (2 * divisor)
    if gross_grosze < 0:
        vat = -vat
    return gross_grosze - vat, vat


def in_words(grosze: int, language: str = "pl") -> str:
    """Spell an amount for an invoice: "sto złotych 00/100"; other languages than pl get English."""
    zloty, rest = divmod(abs(grosze), GROSZE)
    sign = "minus " if grosze < 0 else ""
    if language == "pl":
        words = _SUPERFLUOUS_ONE.sub("", slownie_zl100gr(to_zloty(abs(grosze))))
        return f"{sign}{words}"
    return f"{sign}{spell(zloty)} {'zloty' if zloty == 1 else 'zlotys'} {rest:02}/100"
